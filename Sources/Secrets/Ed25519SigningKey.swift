// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// An Ed25519 secret key (RFC 8032): its 32-byte seed in a wiped cell.
public struct Ed25519SigningKey: ~Copyable, Sendable {
    private let seed: SecretBytes
    /// The public key, 32 bytes.
    public let publicKey: [UInt8]

    /// A fresh key from the system's randomness.
    public init() throws(SecretsError) {
        try self.init(seed: SecretBytes.random(count: Ed25519.seedByteCount))
    }

    /// The key of a stored seed of 32 bytes.
    ///
    /// - Throws: ``SecretsError/length`` for another number of bytes.
    public init(seed: consuming SecretBytes) throws(SecretsError) {
        guard seed.count == Ed25519.seedByteCount else { throw .length }
        do {
            var key = try seed.withSpan { (bytes) throws(PrimitivesError) in try Ed25519.publicKey(seed: bytes) }
            declassify(&key, as: .publicKey)
            publicKey = key
        } catch {
            throw .backend
        }
        self.seed = seed
    }

    /// The signature of `message`: 64 bytes.
    public borrowing func sign(_ message: Span<UInt8>) throws(SecretsError) -> [UInt8] {
        do {
            var signature = try seed.withSpan { (bytes) throws(PrimitivesError) in try Ed25519.sign(seed: bytes, message: message) }
            declassify(&signature, as: .signature)
            return signature
        } catch {
            throw .backend
        }
    }

    /// The signature of `message`: 64 bytes.
    public borrowing func sign(_ message: [UInt8]) throws(SecretsError) -> [UInt8] {
        try sign(message.span)
    }

    /// The seed, to be sealed into a file.
    public borrowing func withSeed<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try seed.withSpan(body)
    }
}
