// SPDX-License-Identifier: Apache-2.0
internal import COpenSSL
private import Dispatch

/// A digest of OpenSSL, fetched once, and the loops that `SHA256` and `SHA512` share.
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

    /// The hashes of `count` consecutive records, each with the optional prefix byte before it, one context per core.
    func hashEach(prefix: UInt8?, recordByteCount: Int, count: Int, _ bytes: Span<UInt8>) -> [UInt8] {
        let hashByteCount = byteCount
        return bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: count * hashByteCount) { output, initialized in
                let records = Records(
                    input: UnsafeRawBufferPointer(input), output: output.baseAddress, recordByteCount: recordByteCount, prefix: prefix)
                // Below some hundred records the dispatch costs more than it gains.
                let chunks = count < 512 ? 1 : Self.coreCount
                let perChunk = (count + chunks - 1) / chunks
                if chunks == 1 {
                    hash(records, 0..<count)
                } else {
                    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
                        hash(records, min(chunk * perChunk, count)..<min((chunk + 1) * perChunk, count))
                    }
                }
                initialized = count * hashByteCount
            }
        }
    }

    /// Where the records are and where their hashes go; chunks write disjoint ranges.
    private struct Records: @unchecked Sendable {
        let input: UnsafeRawBufferPointer
        let output: UnsafeMutablePointer<UInt8>?
        let recordByteCount: Int
        let prefix: UInt8?
    }

    private func hash(_ records: Records, _ range: Range<Int>) {
        guard !range.isEmpty, let output = records.output else { return }
        let context = makeContext()
        defer { EVP_MD_CTX_free(context) }
        let prefixCount = records.prefix == nil ? 0 : 1
        // Prefix and record are hashed in one update: a second one costs as much as copying the record.
        withUnsafeTemporaryAllocation(byteCount: records.recordByteCount + 1, alignment: 16) { buffer in
            buffer[0] = records.prefix ?? 0
            for index in range {
                let record = UnsafeRawBufferPointer(
                    rebasing: records.input[index * records.recordByteCount..<(index + 1) * records.recordByteCount])
                var source = record
                if prefixCount == 1 {
                    UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: record)
                    source = UnsafeRawBufferPointer(buffer)
                }
                guard EVP_DigestInit_ex2(context, nil, nil) == 1,
                    EVP_DigestUpdate(context, source.baseAddress, source.count) == 1,
                    EVP_DigestFinal_ex(context, output + index * byteCount, nil) == 1
                else { fatalError("OpenSSL digest failed") }
            }
        }
    }

    /// One chunk of work per core.
    private static let coreCount = max(1, ProcessCores.count)
}
