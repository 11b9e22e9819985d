// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// A hash function by its parameters, as RFC 9380, RFC 2104 and RFC 9497 use one.
struct HashFunction: Sendable {
    /// The length of a hash in bytes.
    let byteCount: Int
    /// The length of an input block in bytes.
    let blockByteCount: Int
    /// The hash of a message.
    let hash: @Sendable ([UInt8]) -> [UInt8]

    static let sha256 = HashFunction(byteCount: 32, blockByteCount: 64) { SHA256.hash($0) }
    static let sha512 = HashFunction(byteCount: 64, blockByteCount: 128) { SHA512.hash($0) }

    /// HMAC (RFC 2104).
    func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > blockByteCount ? hash(key) : key
        block += [UInt8](repeating: 0, count: blockByteCount - block.count)
        let inner = hash(block.map { $0 ^ 0x36 } + message)
        return hash(block.map { $0 ^ 0x5c } + inner)
    }

    /// HKDF (RFC 5869); nil for more than 255 hashes of output.
    func derive(_ count: Int, from material: [UInt8], salt: [UInt8], info: [UInt8]) -> [UInt8]? {
        guard count <= 255 * byteCount else { return nil }
        let key = authenticate(material, key: salt.isEmpty ? [UInt8](repeating: 0, count: byteCount) : salt)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var index: UInt8 = 0
        while output.count < count {
            index += 1
            block = authenticate(block + info + [index], key: key)
            output += block
        }
        return Array(output.prefix(count))
    }

    // MARK: expand_message_xmd, RFC 9380 section 5.3.1

    /// DST_prime: the tag, hashed if it is longer than 255 bytes (section 5.3.3), with its length.
    func tag(_ dst: [UInt8]) -> [UInt8] {
        let short = dst.count > 255 ? hash(Array("H2C-OVERSIZE-DST-".utf8) + dst) : dst
        return short + [UInt8(short.count)]
    }

    /// msg_prime: what the first hash is taken of.
    func expansionInput(_ message: [UInt8], tag: [UInt8], count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: blockByteCount) + message + bigEndian16(count) + [0] + tag
    }

    /// `count` uniform bytes, `count` in 1...65535 and at most 255 hashes.
    func expand(_ message: [UInt8], dst: [UInt8], count: Int) -> [UInt8] {
        let tag = tag(dst)
        let first = hash(expansionInput(message, tag: tag, count: count))
        var block = hash(first + [1] + tag)
        var output = block
        var index = 1
        while output.count < count {
            index += 1
            for position in block.indices { block[position] ^= first[position] }
            block = hash(block + [UInt8(truncatingIfNeeded: index)] + tag)
            output += block
        }
        return Array(output.prefix(count))
    }
}

/// I2OSP(value, 2).
func bigEndian16(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
}

/// I2OSP(count, 2) and the bytes.
func prefixed16(_ bytes: [UInt8]) -> [UInt8] {
    bigEndian16(bytes.count) + bytes
}
