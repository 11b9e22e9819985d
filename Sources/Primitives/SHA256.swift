// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// SHA-256 (FIPS 180-4) on OpenSSL.
///
/// Timing: depends on the length of the input only.
public enum SHA256 {
    /// The length of a hash in bytes.
    public static let byteCount = 32

    static let digest = DigestAlgorithm("SHA256", byteCount: 32)

    /// The hash of `bytes`: 32 bytes.
    public static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        digest.hash(bytes)
    }

    /// The hash of `bytes`: 32 bytes.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        digest.hash(bytes.span)
    }

    /// The hashes of consecutive records of equal length, concatenated: `count / recordByteCount` times 32 bytes.
    ///
    /// - Parameters:
    ///   - prefix: A byte hashed before each record (0 for RFC 6962 leaves), or none.
    ///   - recordByteCount: The length of a record, at least 1.
    ///   - bytes: The records; a multiple of `recordByteCount` bytes.
    /// - Throws: ``PrimitivesError/invalidLength(_:)`` when the records do not fill `bytes` exactly.
    public static func hashEach(
        prefix: UInt8?, recordByteCount: Int, _ bytes: Span<UInt8>
    ) throws(PrimitivesError) -> [UInt8] {
        guard recordByteCount > 0, bytes.count % recordByteCount == 0 else { throw .invalidLength("records") }
        return digest.hashEach(prefix: prefix, recordByteCount: recordByteCount, count: bytes.count / recordByteCount, bytes)
    }

    /// The hashes of consecutive records of equal length; see the version over a span.
    public static func hashEach(prefix: UInt8?, recordByteCount: Int, _ bytes: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        try hashEach(prefix: prefix, recordByteCount: recordByteCount, bytes.span)
    }

    /// The hashes of the complete pairs of 32-byte hashes, each with the prefix byte before it, concatenated.
    ///
    /// An RFC 6962 tree level from the one below, with prefix 1. Bytes after the last complete pair are not read.
    public static func hashPairs(prefix: UInt8, _ hashes: Span<UInt8>) -> [UInt8] {
        digest.hashEach(prefix: prefix, recordByteCount: 64, count: hashes.count / 64, hashes)
    }

    /// The hashes of the complete pairs of 32-byte hashes; see the version over a span.
    public static func hashPairs(prefix: UInt8, _ hashes: [UInt8]) -> [UInt8] {
        hashPairs(prefix: prefix, hashes.span)
    }

    /// Hashes a message that arrives in pieces.
    public struct Hasher: ~Copyable {
        private let context: OpaquePointer

        /// A hasher that has seen nothing.
        public init() {
            context = SHA256.digest.makeContext()
        }

        deinit {
            EVP_MD_CTX_free(context)
        }

        /// Appends `bytes` to the message.
        public mutating func update(_ bytes: Span<UInt8>) {
            bytes.withUnsafeBufferPointer { DigestAlgorithm.update(context, UnsafeRawBufferPointer($0)) }
        }

        /// Appends `bytes` to the message.
        public mutating func update(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes { DigestAlgorithm.update(context, $0) }
        }

        /// Appends the bytes of memory outside Swift's ownership, for example a mapped file.
        public mutating func update(_ bytes: RawSpan) {
            bytes.withUnsafeBytes { DigestAlgorithm.update(context, $0) }
        }

        /// Ends the message: its hash, 32 bytes.
        public consuming func finalize() -> [UInt8] {
            SHA256.digest.finalize(context)
        }
    }
}
