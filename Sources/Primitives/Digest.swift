// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL

/// A digest of OpenSSL, fetched once.
///
/// Security: a failure of a digest function (no provider, out of memory) is a broken environment, never a consequence of input, and
/// stops the process: a hash that could fail silently would be worse.
struct DigestAlgorithm: @unchecked Sendable {
    /// The fetched `EVP_MD`, alive for the whole process and immutable.
    let algorithm: OpaquePointer
    /// The length of the hash in bytes.
    let byteCount: Int

    init(_ name: String, byteCount: Int) {
        guard let algorithm = EVP_MD_fetch(nil, name, nil), EVP_MD_get_size(algorithm) == Int32(byteCount) else {
            fatalError("OpenSSL offers no \(name)")
        }
        self.algorithm = algorithm
        self.byteCount = byteCount
    }

    /// A new context, initialised.
    func makeContext() -> OpaquePointer {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, algorithm, nil) == 1 else {
            fatalError("OpenSSL cannot make a digest context")
        }
        return context
    }

    func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
                let done = EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, algorithm, nil)
                guard done == 1 else { fatalError("OpenSSL digest failed") }
                count = byteCount
            }
        }
    }

    static func update(_ context: OpaquePointer, _ bytes: UnsafeRawBufferPointer) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else { fatalError("OpenSSL digest failed") }
    }

    func finalize(_ context: OpaquePointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            guard EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1 else { fatalError("OpenSSL digest failed") }
            count = byteCount
        }
    }
}
