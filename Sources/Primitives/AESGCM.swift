// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag appended to the ciphertext.
///
/// Security: a nonce must never be used twice under one key.
public enum AESGCM {
    /// The length of a key in bytes.
    public static let keyByteCount = 32
    /// The length of a nonce in bytes.
    public static let nonceByteCount = 12
    /// The length of the tag in bytes.
    public static let tagByteCount = 16

    /// Encrypts and authenticates: ciphertext || tag, 16 bytes longer than `plaintext`.
    ///
    /// - Throws: ``PrimitivesError/invalidLength(_:)`` for a wrong key or nonce length or an input of 2^31 bytes or more.
    public static func seal(
        _ plaintext: Span<UInt8>, key: Span<UInt8>, nonce: [UInt8], authenticating associatedData: [UInt8]
    ) throws(PrimitivesError) -> [UInt8] {
        let context = try makeContext(key: key, nonce: nonce, isEncrypting: true)
        defer { EVP_CIPHER_CTX_free(context) }
        try absorb(associatedData, in: context)
        guard let count = Int32(exactly: plaintext.count) else { throw .invalidLength("plaintext") }
        var output = [UInt8](repeating: 0, count: plaintext.count + tagByteCount)
        let done = output.withUnsafeMutableBytes { output -> Bool in
            let start = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            var written: Int32 = 0
            let encrypted = plaintext.withUnsafeBufferPointer { input in
                input.isEmpty || (EVP_EncryptUpdate(context, start, &written, input.baseAddress, count) == 1 && written == count)
            }
            guard encrypted, EVP_EncryptFinal_ex(context, start.map { $0 + Int(count) }, &written) == 1 else { return false }
            return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount), start.map { $0 + Int(count) }) == 1
        }
        guard done else { throw .backend("EVP_EncryptUpdate") }
        return output
    }

    /// Checks the tag and decrypts `box` = ciphertext || tag. The plaintext is released only if the tag matches.
    ///
    /// - Throws: ``PrimitivesError/authenticationFailed``, or ``PrimitivesError/invalidLength(_:)`` for a wrong key or nonce length.
    public static func open(
        _ box: Span<UInt8>, key: Span<UInt8>, nonce: [UInt8], authenticating associatedData: [UInt8]
    ) throws(PrimitivesError) -> [UInt8] {
        guard box.count >= tagByteCount else { throw .authenticationFailed }
        var output = [UInt8](repeating: 0, count: box.count - tagByteCount)
        var span = output.mutableSpan
        try open(box, key: key, nonce: nonce, authenticating: associatedData, into: &span)
        return output
    }

    /// Checks the tag and decrypts `box` = ciphertext || tag into memory of the caller, which is wiped if the tag does not match.
    ///
    /// - Parameter output: 16 bytes less than `box`.
    /// - Throws: ``PrimitivesError/authenticationFailed``, or ``PrimitivesError/invalidLength(_:)`` for a wrong key, nonce or output length.
    public static func open(
        _ box: Span<UInt8>, key: Span<UInt8>, nonce: [UInt8], authenticating associatedData: [UInt8], into output: inout MutableSpan<UInt8>
    ) throws(PrimitivesError) {
        guard box.count >= tagByteCount else { throw .authenticationFailed }
        guard output.count == box.count - tagByteCount else { throw .invalidLength("output") }
        guard let count = Int32(exactly: output.count) else { throw .invalidLength("box") }
        let context = try makeContext(key: key, nonce: nonce, isEncrypting: false)
        defer { EVP_CIPHER_CTX_free(context) }
        try absorb(associatedData, in: context)
        var tag = [UInt8](repeating: 0, count: tagByteCount)
        for index in 0..<tagByteCount { tag[index] = box[Int(count) + index] }
        let failure = output.withUnsafeMutableBufferPointer { output -> PrimitivesError? in
            var written: Int32 = 0
            let decrypted = box.withUnsafeBufferPointer { input in
                count == 0
                    || (EVP_DecryptUpdate(context, output.baseAddress, &written, input.baseAddress, count) == 1 && written == count)
            }
            var last: UInt8 = 0
            guard decrypted, EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag) == 1 else {
                OPENSSL_cleanse(output.baseAddress, output.count)
                return .backend("EVP_DecryptUpdate")
            }
            guard EVP_DecryptFinal_ex(context, &last, &written) == 1 else {
                OPENSSL_cleanse(output.baseAddress, output.count)
                return .authenticationFailed
            }
            return nil
        }
        if let failure { throw failure }
    }

    private static func makeContext(
        key: Span<UInt8>, nonce: [UInt8], isEncrypting: Bool
    ) throws(PrimitivesError) -> OpaquePointer {
        guard key.count == keyByteCount else { throw .invalidLength("key") }
        guard nonce.count == nonceByteCount else { throw .invalidLength("nonce") }
        guard let context = EVP_CIPHER_CTX_new() else { throw .backend("EVP_CIPHER_CTX_new") }
        let done = key.withUnsafeBufferPointer { key in
            nonce.withUnsafeBufferPointer { nonce in
                // The nonce length of EVP_aes_256_gcm is 12 unless changed.
                EVP_CipherInit_ex2(context, EVP_aes_256_gcm(), key.baseAddress, nonce.baseAddress, isEncrypting ? 1 : 0, nil) == 1
            }
        }
        guard done else {
            EVP_CIPHER_CTX_free(context)
            throw .backend("EVP_CipherInit_ex2")
        }
        return context
    }

    private static func absorb(_ associatedData: [UInt8], in context: OpaquePointer) throws(PrimitivesError) {
        guard let count = Int32(exactly: associatedData.count) else { throw .invalidLength("associated data") }
        guard count > 0 else { return }
        var written: Int32 = 0
        let done = associatedData.withUnsafeBufferPointer { EVP_CipherUpdate(context, nil, &written, $0.baseAddress, count) == 1 }
        guard done else { throw .backend("EVP_CipherUpdate") }
    }
}
