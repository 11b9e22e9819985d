// SPDX-License-Identifier: Apache-2.0
public import SigmaProofs

#if _endian(big)
    #error("columns are little-endian in files and in memory")
#endif

/// Rows of equal length, a view of part of a file or of an array; no row is copied.
///
/// Invariant: `storage` holds `count * rowByteCount` bytes from `start`.
public struct BytesColumn: Sendable {
    private let storage: [UInt8]
    private let start: Int
    /// The number of rows.
    public let count: Int
    /// The length of each row in bytes, at least 1.
    public let rowByteCount: Int

    /// The rows in `bytes`; `nil` when they do not fill it exactly or `rowByteCount` is not positive.
    public init?(_ bytes: [UInt8], rowByteCount: Int) {
        guard rowByteCount > 0, bytes.count % rowByteCount == 0 else { return nil }
        self.init(storage: bytes, start: 0, count: bytes.count / rowByteCount, rowByteCount: rowByteCount)
    }

    /// A column of single bytes: a text or a proof.
    public init(bytes: [UInt8]) {
        self.init(storage: bytes, start: 0, count: bytes.count, rowByteCount: 1)
    }

    /// The view of `count * rowByteCount` bytes from `start`, which the caller has checked to lie in `storage`.
    init(storage: [UInt8], start: Int, count: Int, rowByteCount: Int) {
        self.storage = storage
        self.start = start
        self.count = count
        self.rowByteCount = rowByteCount
    }

    /// The rows as proofs of a batch; they are not copied.
    public var proofRecords: ProofRecords? { ProofRecords(storage: storage, start: start, count: count, byteCount: rowByteCount) }

    /// The length of the column in bytes.
    public var byteCount: Int { count * rowByteCount }

    /// Calls `body` with all rows, end to end.
    public func withSpan<Value, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Value) throws(Failure) -> Value {
        try body(storage.span.extracting(start..<start + byteCount))
    }

    /// Calls `body` with the rows of a range, end to end. Traps unless `rows` lies in `0..<count`.
    public func withSpan<Value, Failure: Error>(
        of rows: Range<Int>, _ body: (Span<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count)
        return try body(storage.span.extracting(start + rows.lowerBound * rowByteCount..<start + rows.upperBound * rowByteCount))
    }

    /// Whether `other` begins with these rows.
    public func isPrefix(of other: BytesColumn) -> Bool {
        guard rowByteCount == other.rowByteCount, count <= other.count else { return false }
        return withSpan { rows in
            other.withSpan(of: 0..<count) { others in
                for byte in rows.indices where rows[byte] != others[byte] { return false }
                return true
            }
        }
    }

    /// The view of a range of rows. Traps unless `range` lies in `0..<count`.
    public func rows(_ range: Range<Int>) -> BytesColumn {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return BytesColumn(storage: storage, start: start + range.lowerBound * rowByteCount, count: range.count, rowByteCount: rowByteCount)
    }

    /// A copy of one row. Traps unless `row` is in `0..<count`.
    public subscript(row: Int) -> [UInt8] {
        precondition(row >= 0 && row < count)
        let first = start + row * rowByteCount
        return Array(storage[first..<first + rowByteCount])
    }

    /// A copy of all rows, end to end.
    public var bytes: [UInt8] {
        start == 0 && storage.count == byteCount ? storage : Array(storage[start..<start + byteCount])
    }
}

/// Unsigned 64-bit integers, little-endian, a view of part of a file or of an array.
///
/// Invariant: `storage` holds `8 * count` bytes from `start`, a multiple of 8; the memory of an array begins at a multiple of 8.
public struct U64Column: Sendable {
    private let storage: [UInt8]
    private let start: Int
    /// The number of integers.
    public let count: Int

    /// A column of these integers.
    public init(_ values: [UInt64]) {
        storage = values.withUnsafeBytes { Array($0) }
        start = 0
        count = values.count
    }

    /// The view of `8 * count` bytes from `start`, which the caller has checked to lie in `storage`; a copy where they are not aligned.
    init(storage: [UInt8], start: Int, count: Int) {
        let isAligned = start % 8 == 0
        self.storage = isAligned ? storage : Array(storage[start..<start + 8 * count])
        self.start = isAligned ? start : 0
        self.count = count
    }

    /// One integer. Traps unless `index` is in `0..<count`.
    public subscript(index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return storage.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start + 8 * index, as: UInt64.self) }
    }

    /// Calls `body` with all integers.
    public func withSpan<Value, Failure: Error>(_ body: (Span<UInt64>) throws(Failure) -> Value) throws(Failure) -> Value {
        try storage.span.extracting(start..<start + 8 * count).withUnsafeBytes { (bytes) throws(Failure) -> Value in
            try body(Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt64.self)))
        }
    }

    /// Calls `body` with the little-endian bytes of all integers.
    public func withBytes<Value, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Value) throws(Failure) -> Value {
        try body(storage.span.extracting(start..<start + 8 * count))
    }

    /// A copy of all integers.
    public var values: [UInt64] {
        withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
    }
}
