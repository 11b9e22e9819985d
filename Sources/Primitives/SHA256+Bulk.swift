// SPDX-License-Identifier: Apache-2.0
private import CKernels
internal import COpenSSL
internal import Cores

// Many short messages of equal length: sixteen at a time with AVX-512, otherwise OpenSSL's compression function on a padded block; one
// chunk of records per core. The tests hold both to the EVP interface, for every record length around a block boundary.

extension SHA256 {
    /// The hashes of consecutive records of equal length, concatenated: `bytes.count / recordByteCount` times 32 bytes.
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
        return hashes(Records(prefix: prefix, byteCount: recordByteCount, count: bytes.count / recordByteCount), bytes)
    }

    /// The hashes of consecutive records of equal length; see the version over a span.
    public static func hashEach(prefix: UInt8?, recordByteCount: Int, _ bytes: [UInt8]) throws(PrimitivesError) -> [UInt8] {
        try hashEach(prefix: prefix, recordByteCount: recordByteCount, bytes.span)
    }

    /// The hashes of the complete pairs of 32-byte hashes, each with the prefix byte before it, concatenated.
    ///
    /// An RFC 6962 tree level from the one below, with prefix 1. Bytes after the last complete pair are not read.
    public static func hashPairs(prefix: UInt8, _ hashes: Span<UInt8>) -> [UInt8] {
        self.hashes(Records(prefix: prefix, byteCount: 64, count: hashes.count / 64), hashes)
    }

    /// The hashes of the complete pairs of 32-byte hashes; see the version over a span.
    public static func hashPairs(prefix: UInt8, _ hashes: [UInt8]) -> [UInt8] {
        hashPairs(prefix: prefix, hashes.span)
    }

    /// The shape of a column of records.
    private struct Records {
        let prefix: UInt8?
        let byteCount: Int
        let count: Int

        /// The length of a padded message: the record, its prefix, a one bit, zeros and the length in 8 bytes, in whole blocks.
        var paddedByteCount: Int { ((prefix == nil ? 0 : 1) + byteCount + 9 + 63) / 64 * 64 }
    }

    /// Where the records are and where their hashes go; chunks write disjoint ranges.
    private struct Column: @unchecked Sendable {
        let input: UnsafePointer<UInt8>?
        let output: UnsafeMutablePointer<UInt8>?
    }

    private static func hashes(_ records: Records, _ bytes: Span<UInt8>) -> [UInt8] {
        bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: records.count * byteCount) { output, initialized in
                hashes(records, input, into: output.baseAddress)
                initialized = records.count * byteCount
            }
        }
    }

    private static func hashes(_ records: Records, _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<UInt8>?) {
        let column = Column(input: input.baseAddress, output: output)
        // Chunks are of whole groups; below some thousand blocks the dispatch costs more than it gains.
        let blocksPerGroup = records.paddedByteCount / 64 * 16
        Parallel.chunks((records.count + 15) / 16, minimum: 2_048 / blocksPerGroup) { groups in
            hash(records, column, 16 * groups.lowerBound..<min(16 * groups.upperBound, records.count))
        }
    }

    /// The hashes of consecutive records of equal length, written to `hashes`, which has room for 32 bytes for each.
    ///
    /// - Precondition: the records fill `bytes` exactly.
    package static func hashEach(
        prefix: UInt8?, recordByteCount: Int, _ bytes: UnsafeRawBufferPointer, into hashes: UnsafeMutableRawPointer?
    ) {
        precondition(recordByteCount > 0 && bytes.count % recordByteCount == 0, "whole records")
        let records = Records(prefix: prefix, byteCount: recordByteCount, count: bytes.count / recordByteCount)
        self.hashes(records, bytes.assumingMemoryBound(to: UInt8.self), into: hashes?.assumingMemoryBound(to: UInt8.self))
    }

    private static func hash(_ records: Records, _ column: Column, _ range: Range<Int>) {
        guard !range.isEmpty, let input = column.input, let output = column.output else { return }
        // A group of sixteen costs as much as about five single records.
        let grouped = range.count % 16 < 6 ? range.count / 16 * 16 : range.count
        let isGrouped = zk_sha256_x16(
            input + range.lowerBound * records.byteCount, records.byteCount, grouped, records.prefix ?? 0,
            records.prefix == nil ? 0 : 1, output + range.lowerBound * byteCount)
        hashSingly(records, column, (isGrouped == 0 ? range.lowerBound : range.lowerBound + grouped)..<range.upperBound)
    }

    private static func hashSingly(_ records: Records, _ column: Column, _ range: Range<Int>) {
        guard !range.isEmpty, let input = column.input, let output = column.output else { return }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: records.paddedByteCount) { block in
            zk_sha256_each(
                input + range.lowerBound * records.byteCount, records.byteCount, range.count, records.prefix ?? 0,
                records.prefix == nil ? 0 : 1, block.baseAddress, block.count, output + range.lowerBound * byteCount)
        }
    }
}
