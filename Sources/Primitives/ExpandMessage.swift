// SPDX-License-Identifier: Apache-2.0

/// The hash function of `expandMessageXMD`.
public enum ExpandHash: Sendable {
    /// SHA-256: 32-byte hashes, 64-byte blocks, at most 8,160 bytes of output.
    case sha256
    /// SHA-512: 64-byte hashes, 128-byte blocks, at most 16,320 bytes of output.
    case sha512

    /// `b_in_bytes` of RFC 9380.
    fileprivate var hashByteCount: Int { self == .sha256 ? SHA256.byteCount : SHA512.byteCount }
    /// `s_in_bytes` of RFC 9380.
    fileprivate var blockByteCount: Int { self == .sha256 ? 64 : 128 }

    /// The hash of the concatenated parts.
    fileprivate func hash(_ parts: [[UInt8]]) -> [UInt8] {
        switch self {
        case .sha256:
            var hasher = SHA256.Hasher()
            for part in parts { hasher.update(part) }
            return hasher.finalize()
        case .sha512:
            var hasher = SHA512.Hasher()
            for part in parts { hasher.update(part) }
            return hasher.finalize()
        }
    }
}

/// `expand_message_xmd` (RFC 9380 section 5.3.1): `count` uniform bytes from a message and a domain separation tag.
///
/// Timing: depends on lengths only.
///
/// - Parameters:
///   - hash: The hash function.
///   - dst: Domain separation tag, at least one byte; longer than 255 bytes is hashed first (section 5.3.3).
///   - count: 1...8160 for SHA-256, 1...16320 for SHA-512 (255 hashes).
/// - Throws: ``PrimitivesError/invalidLength(_:)`` when `dst` is empty or `count` is out of range.
public func expandMessageXMD(
    _ hash: ExpandHash = .sha512, message: [UInt8], dst: [UInt8], count: Int
) throws(PrimitivesError) -> [UInt8] {
    guard !dst.isEmpty else { throw .invalidLength("dst") }
    guard count > 0, count <= 255 * hash.hashByteCount else { throw .invalidLength("count") }
    var tag = dst.count > 255 ? hash.hash([Array("H2C-OVERSIZE-DST-".utf8), dst]) : dst
    tag.append(UInt8(tag.count))

    let padding = [UInt8](repeating: 0, count: hash.blockByteCount)
    let first = hash.hash([padding, message, [UInt8(count >> 8), UInt8(count & 0xff), 0], tag])
    var block = hash.hash([first, [1], tag])
    var output = block
    var index: UInt8 = 1
    while output.count < count {
        index += 1
        for position in block.indices { block[position] ^= first[position] }
        block = hash.hash([block, [index], tag])
        output += block
    }
    output.removeLast(output.count - count)
    return output
}

/// `expand_message_xmd` over spans; see the version over arrays.
public func expandMessageXMD(
    _ hash: ExpandHash = .sha512, message: Span<UInt8>, dst: Span<UInt8>, count: Int
) throws(PrimitivesError) -> [UInt8] {
    var messageBytes: [UInt8] = []
    messageBytes.append(message)
    var tag: [UInt8] = []
    tag.append(dst)
    return try expandMessageXMD(hash, message: messageBytes, dst: tag, count: count)
}
