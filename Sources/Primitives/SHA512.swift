// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// SHA-512 (FIPS 180-4) on OpenSSL.
///
/// Timing: depends on the length of the input only.
public enum SHA512 {
    /// The length of a hash in bytes.
    public static let byteCount = 64

    static let digest = DigestAlgorithm("SHA512", byteCount: 64)

    /// The hash of `bytes`: 64 bytes.
    public static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        digest.hash(bytes)
    }

    /// The hash of `bytes`: 64 bytes.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        digest.hash(bytes.span)
    }

    /// Hashes a message that arrives in pieces.
    public struct Hasher: ~Copyable {
        private let context: OpaquePointer

        /// A hasher that has seen nothing.
        public init() {
            context = SHA512.digest.makeContext()
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

        /// Ends the message: its hash, 64 bytes.
        public consuming func finalize() -> [UInt8] {
            SHA512.digest.finalize(context)
        }
    }

    /// Hashes many short messages with one context: making one takes as long as hashing a block.
    package struct ManyHasher: ~Copyable {
        private let context: OpaquePointer

        /// A hasher.
        package init() {
            context = SHA512.digest.makeContext()
        }

        deinit {
            EVP_MD_CTX_free(context)
        }

        /// The hash of `prefix || bytes`, into 64 bytes of the caller.
        package mutating func hash(_ prefix: [UInt8], _ bytes: [UInt8], into output: inout MutableSpan<UInt8>) {
            precondition(output.count == byteCount, "64 bytes")
            guard EVP_DigestInit_ex2(context, nil, nil) == 1 else { fatalError("OpenSSL digest failed") }
            prefix.withUnsafeBytes { DigestAlgorithm.update(context, $0) }
            bytes.withUnsafeBytes { DigestAlgorithm.update(context, $0) }
            let done = output.withUnsafeMutableBufferPointer { EVP_DigestFinal_ex(context, $0.baseAddress, nil) }
            guard done == 1 else { fatalError("OpenSSL digest failed") }
        }
    }
}
