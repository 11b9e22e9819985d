// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// Ed25519 (RFC 8032 section 5.1, pure) with the ledger's verification rule.
///
/// A signature (R, S) of a message M under a key A is valid if and only if
/// 1. A is 32 bytes whose y coordinate is below p = 2^255 - 19, with no sign bit on x = 0 (canonical), and decodes to a point;
/// 2. A is not one of the 8 points of small order: under such a key one signature verifies for many messages;
/// 3. S < L, the group order (otherwise signatures are malleable);
/// 4. the canonical encoding of [S]B - [SHA-512(R || A || M)]A equals the bytes R. The equation is the one without the cofactor, so a
///    non-canonical R never passes and batch and single verification could differ: this ledger never batches them.
///
/// OpenSSL 3 checks 3 and 4 and that A decodes; it reduces y and ignores the sign of x = 0. This file adds 1 and 2.
public enum Ed25519 {
    /// The length of a public key in bytes.
    public static let publicKeyByteCount = 32
    /// The length of a secret seed in bytes.
    public static let seedByteCount = 32
    /// The length of a signature in bytes.
    public static let signatureByteCount = 64

    /// Whether `signature` is valid; false for wrong lengths too. Variable time in public data.
    public static func verify(signature: Span<UInt8>, message: Span<UInt8>, publicKey: Span<UInt8>) -> Bool {
        guard signature.count == signatureByteCount, isAcceptable(publicKey: publicKey) else { return false }
        return publicKey.withUnsafeBufferPointer { keyBytes -> Bool in
            guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, keyBytes.baseAddress, keyBytes.count) else { return false }
            defer { EVP_PKEY_free(key) }
            guard let context = EVP_MD_CTX_new() else { return false }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
            return signature.withUnsafeBufferPointer { signature in
                message.withUnsafeBufferPointer { message in
                    withNonNull(message) { EVP_DigestVerify(context, signature.baseAddress, signature.count, $0, message.count) == 1 }
                }
            }
        }
    }

    /// Whether `signature` is valid; false for wrong lengths too. Variable time in public data.
    public static func verify(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
        verify(signature: signature.span, message: message.span, publicKey: publicKey.span)
    }

    /// The signature of `message`: 64 bytes. Constant time in the seed (OpenSSL's promise).
    ///
    /// - Parameter seed: The 32-byte RFC 8032 secret key.
    /// - Throws: ``PrimitivesError/invalidLength(_:)`` or ``PrimitivesError/backend(_:)``.
    public static func sign(seed: Span<UInt8>, message: Span<UInt8>) throws(PrimitivesError) -> [UInt8] {
        let key = try secretKey(seed)
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { throw .backend("EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1 else { throw .backend("EVP_DigestSignInit") }
        var count = signatureByteCount
        var signature = [UInt8](repeating: 0, count: count)
        let done = message.withUnsafeBufferPointer { message in
            withNonNull(message) { EVP_DigestSign(context, &signature, &count, $0, message.count) == 1 }
        }
        guard done, count == signatureByteCount else { throw .backend("EVP_DigestSign") }
        return signature
    }

    /// The signature of `message`: 64 bytes; see the version over spans.
    public static func sign(seed: Span<UInt8>, message: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        try sign(seed: seed, message: message.span)
    }

    /// The public key of a 32-byte seed: 32 bytes.
    ///
    /// - Throws: ``PrimitivesError/invalidLength(_:)`` or ``PrimitivesError/backend(_:)``.
    public static func publicKey(seed: Span<UInt8>) throws(PrimitivesError) -> [UInt8] {
        let key = try secretKey(seed)
        defer { EVP_PKEY_free(key) }
        var count = publicKeyByteCount
        var bytes = [UInt8](repeating: 0, count: count)
        guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1, count == publicKeyByteCount else {
            throw .backend("EVP_PKEY_get_raw_public_key")
        }
        return bytes
    }

    /// Rules 1 and 2 except that the point decodes: y < p, and y is not that of a point of small order.
    ///
    /// x = 0 only for y = 1 and y = -1, which are of small order, so the sign of zero needs no further check.
    public static func isAcceptable(publicKey: Span<UInt8>) -> Bool {
        guard publicKey.count == publicKeyByteCount else { return false }
        var y = [UInt8](repeating: 0, count: 32)
        for index in 0..<32 { y[index] = publicKey[index] }
        y[31] &= 0x7f
        let isReduced = !(y[31] == 0x7f && y[1..<31].allSatisfy { $0 == 0xff } && y[0] >= 0xed)
        return isReduced && !smallOrderY.contains(y)
    }

    private static func secretKey(_ seed: Span<UInt8>) throws(PrimitivesError) -> OpaquePointer {
        guard seed.count == seedByteCount else { throw .invalidLength("seed") }
        let key = seed.withUnsafeBufferPointer { EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count) }
        guard let key else { throw .backend("EVP_PKEY_new_raw_private_key") }
        return key
    }

    /// OpenSSL refuses a null message even when it is empty.
    private static func withNonNull(_ buffer: UnsafeBufferPointer<UInt8>, _ body: (UnsafePointer<UInt8>) -> Bool) -> Bool {
        if let base = buffer.baseAddress { return body(base) }
        var empty: UInt8 = 0
        return body(&empty)
    }

    /// The y coordinates of the points of order 1, 2, 4 and 8, little-endian: 1, p - 1, 0 and the two of order 8
    /// (roots of d y^4 + 2 y^2 - 1, up to sign).
    private static let smallOrderY: [[UInt8]] = [
        [1] + [UInt8](repeating: 0, count: 31),
        [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        [UInt8](repeating: 0, count: 32),
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
            0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
            0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
    ]
}
