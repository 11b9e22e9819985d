// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// A 256-bit key that encrypts many small records of a store: AES-256-GCM with a random 96-bit nonce each.
///
/// A sealed record is nonce (12) || ciphertext || tag (16). The context (kind of record, row id) is authenticated, so that a record cannot
/// be moved to another row.
/// Security: with random nonces one key serves up to 2^32 records (NIST SP 800-38D, section 8.3).
public struct DataKey: ~Copyable, Sendable {
    private let key: SecretBytes

    /// A fresh key.
    public init() {
        key = SecretBytes.random(count: AESGCM.keyByteCount)
    }

    /// A stored key of 32 bytes.
    ///
    /// - Throws: ``SecretsError/length`` for another number of bytes.
    public init(_ key: consuming SecretBytes) throws(SecretsError) {
        guard key.count == AESGCM.keyByteCount else { throw .length }
        self.key = key
    }

    /// How much longer a sealed record is than its plaintext.
    public static var overhead: Int { AESGCM.nonceByteCount + AESGCM.tagByteCount }

    /// Encrypts one record.
    public borrowing func seal(_ record: Span<UInt8>, context: [UInt8]) throws(SecretsError) -> [UInt8] {
        let nonce = SystemRandom.bytes(AESGCM.nonceByteCount)
        return nonce + (try encrypt(record, key: key, nonce: nonce, authenticating: context))
    }

    /// Encrypts the contents of a cell.
    public borrowing func seal(_ record: borrowing SecretBytes, context: [UInt8]) throws(SecretsError) -> [UInt8] {
        let nonce = SystemRandom.bytes(AESGCM.nonceByteCount)
        let box = try record.withSpan { (bytes) throws(SecretsError) in
            try encrypt(bytes, key: key, nonce: nonce, authenticating: context)
        }
        return nonce + box
    }

    /// Decrypts one record.
    ///
    /// - Throws: ``SecretsError/authentication`` for a wrong key, another context or altered bytes.
    public borrowing func open(_ sealed: [UInt8], context: [UInt8]) throws(SecretsError) -> SecretBytes {
        guard sealed.count >= Self.overhead else { throw .authentication }
        return try decrypt(
            sealed.span.extracting(AESGCM.nonceByteCount..<sealed.count), key: key, nonce: Array(sealed.prefix(AESGCM.nonceByteCount)),
            authenticating: context)
    }

    /// Decrypts a record into a cell of limbs: the same memory order as ``SecretCell/withBytes(_:)``. On failure the cell is wiped.
    ///
    /// - Parameter record: has exactly the length of the record, a multiple of 8 bytes.
    /// - Throws: ``SecretsError/authentication`` for a wrong key, another context, another length or altered bytes.
    public borrowing func open(_ sealed: [UInt8], context: [UInt8], into record: inout SecretLimbs) throws(SecretsError) {
        guard sealed.count == 8 * record.count + Self.overhead else { throw .authentication }
        let nonce = Array(sealed.prefix(AESGCM.nonceByteCount))
        do {
            try key.withSpan { (key) throws(PrimitivesError) in
                try record.withMutableBytes { (bytes) throws(PrimitivesError) in
                    try AESGCM.open(
                        sealed.span.extracting(AESGCM.nonceByteCount..<sealed.count), key: key, nonce: nonce, authenticating: context,
                        into: &bytes)
                }
            }
        } catch .authenticationFailed {
            throw .authentication
        } catch {
            throw .backend
        }
    }

    /// The key, to be sealed under a passphrase.
    public borrowing func withKey<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try key.withSpan(body)
    }
}
