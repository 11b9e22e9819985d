// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// Ciphers with a 192-bit nonce, for test vectors of protocols that use them: keys and plaintexts are public here. A 256-bit key, a
/// 128-bit tag after the ciphertext, no associated data.
package enum ExtendedNonceCipher: Sendable {
    /// C2SP XAES-256-GCM.
    case xaes256GCM
    /// draft-irtf-cfrg-xchacha-03.
    case xchaCha20Poly1305

    /// The length of a key in bytes.
    package static let keyByteCount = 32
    /// The length of a nonce in bytes.
    package static let nonceByteCount = 24

    /// Checks the tag and decrypts. Both ciphers are deterministic: no other box of this key and nonce has the same plaintext.
    ///
    /// - Throws: ``PrimitivesError/authenticationFailed``, or ``PrimitivesError/invalidLength(_:)`` for a wrong key or nonce length.
    package func open(_ box: [UInt8], key: [UInt8], nonce: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        guard key.count == Self.keyByteCount else { throw .invalidLength("key") }
        guard nonce.count == Self.nonceByteCount else { throw .invalidLength("nonce") }
        switch self {
        case .xaes256GCM:
            let derived = try Self.deriveAES(key: key, nonce: Array(nonce[..<12]))
            return try AESGCM.open(box.span, key: derived.span, nonce: Array(nonce[12...]), authenticating: [])
        case .xchaCha20Poly1305:
            let derived = try Self.deriveChaCha(key: key, nonce: Array(nonce[..<16]))
            return try Self.openChaCha(box, key: derived, nonce: [0, 0, 0, 0] + nonce[16...])
        }
    }

    // MARK: Subkeys

    /// The subkey of XAES-256-GCM: CMAC of two blocks with a counter, the label `X` and half the nonce.
    private static func deriveAES(key: [UInt8], nonce: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        let zero = [UInt8](repeating: 0, count: 16)
        let l = try crypt(EVP_aes_256_ecb(), key: key, iv: zero, zero)
        var mask = [UInt8](repeating: 0, count: 16)
        for index in 0..<16 { mask[index] = l[index] << 1 | (index < 15 ? l[index + 1] >> 7 : 0) }
        if l[0] >> 7 == 1 { mask[15] ^= 0x87 }
        var blocks: [UInt8] = []
        for counter in [UInt8(1), 2] {
            let block = [0, counter, 0x58, 0] + nonce
            for index in 0..<16 { blocks.append(block[index] ^ mask[index]) }
        }
        return try crypt(EVP_aes_256_ecb(), key: key, iv: zero, blocks)
    }

    /// HChaCha20: the ChaCha20 block of `nonce` as counter and nonce, without the final addition of the constants and the nonce.
    private static func deriveChaCha(key: [UInt8], nonce: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        let stream = try crypt(EVP_chacha20(), key: key, iv: nonce, [UInt8](repeating: 0, count: 64))
        let added = Array("expand 32-byte k".utf8) + nonce
        var derived: [UInt8] = []
        for (place, offset) in [0, 4, 8, 12, 48, 52, 56, 60].enumerated() {
            let word = Self.word(stream, offset) &- Self.word(added, 4 * place)
            for shift in [UInt32(0), 8, 16, 24] { derived.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return derived
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    // MARK: OpenSSL

    /// Whole blocks, or bytes of a stream cipher, encrypted.
    private static func crypt(
        _ cipher: OpaquePointer?, key: [UInt8], iv: [UInt8], _ input: [UInt8]
    ) throws(PrimitivesError) -> [UInt8] {
        guard let context = EVP_CIPHER_CTX_new() else { throw .backend("EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: input.count + 32)
        var written: Int32 = 0
        guard EVP_EncryptInit_ex(context, cipher, nil, key, iv) == 1, EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_EncryptUpdate(context, &output, &written, input, Int32(input.count)) == 1, written == input.count
        else { throw .backend("EVP_EncryptUpdate") }
        return Array(output[..<input.count])
    }

    /// ChaCha20-Poly1305 (RFC 8439).
    private static func openChaCha(_ box: [UInt8], key: [UInt8], nonce: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        let count = box.count - 16
        guard count >= 0 else { throw .authenticationFailed }
        guard count < 1 << 30 else { throw .invalidLength("box") }
        guard let context = EVP_CIPHER_CTX_new() else { throw .backend("EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: count + 16)
        var tag = Array(box[count...])
        var written: Int32 = 0
        guard EVP_DecryptInit_ex(context, EVP_chacha20_poly1305(), nil, key, nonce) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag) == 1,
            count == 0 || EVP_DecryptUpdate(context, &output, &written, box, Int32(count)) == 1
        else { throw .backend("EVP_DecryptUpdate") }
        var rest = [UInt8](repeating: 0, count: 16)
        guard EVP_DecryptFinal_ex(context, &rest, &written) == 1 else { throw .authenticationFailed }
        return Array(output[..<count])
    }
}
