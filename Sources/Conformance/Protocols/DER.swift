// SPDX-License-Identifier: Apache-2.0

/// What signatures and keys need of DER (X.690): lengths and integers in their shortest form, nothing after the end.
struct DERReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// The content of the next value; nil unless it has this tag and a length in shortest form.
    mutating func content(tag: UInt8) -> [UInt8]? {
        guard offset + 2 <= bytes.count, bytes[offset] == tag else { return nil }
        var length = Int(bytes[offset + 1])
        var start = offset + 2
        if length >= 0x80 {
            let count = length - 0x80
            guard (1...3).contains(count), start + count <= bytes.count, bytes[start] != 0 else { return nil }
            length = bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80 else { return nil }
            start += count
        }
        guard length <= bytes.count - start else { return nil }
        offset = start + length
        return Array(bytes[start..<offset])
    }

    /// The big-endian magnitude of the next value, a non-negative integer in shortest form.
    mutating func unsigned() -> [UInt8]? {
        guard let content = content(tag: 0x02), let first = content.first, first < 0x80 else { return nil }
        if first == 0, content.count > 1, content[1] < 0x80 { return nil }
        return content
    }

    /// r and s of an ECDSA signature.
    static func signature(_ bytes: [UInt8]) -> (r: [UInt8], s: [UInt8])? {
        var outer = DERReader(bytes)
        guard let body = outer.content(tag: 0x30), outer.isAtEnd else { return nil }
        var inner = DERReader(body)
        guard let r = inner.unsigned(), let s = inner.unsigned(), inner.isAtEnd else { return nil }
        return (r, s)
    }

    /// The bytes of a public key, if it is one of this algorithm and named curve (RFC 5280 SubjectPublicKeyInfo).
    ///
    /// - Parameter algorithm: The DER of the algorithm identifier's content.
    static func publicKey(_ bytes: [UInt8], algorithm: [UInt8]) -> [UInt8]? {
        var outer = DERReader(bytes)
        guard let body = outer.content(tag: 0x30), outer.isAtEnd else { return nil }
        var inner = DERReader(body)
        guard inner.content(tag: 0x30) == algorithm, let key = inner.content(tag: 0x03), inner.isAtEnd, key.first == 0 else { return nil }
        return Array(key.dropFirst())
    }

    /// id-ecPublicKey with the curve secp256r1.
    static let p256: [UInt8] = ecPublicKey + [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
    /// id-ecPublicKey with the curve secp256k1.
    static let secp256k1: [UInt8] = ecPublicKey + [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a]
    /// Ed25519.
    static let ed25519: [UInt8] = [0x06, 0x03, 0x2b, 0x65, 0x70]
    private static let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
}
