// SPDX-License-Identifier: Apache-2.0

/// Proofs of equal length that lie end to end, where they already are: part of an array that is shared, not copied.
///
/// Invariant: `storage` has `count * byteCount` bytes from `start` on.
public struct ProofRecords: Sendable {
    private let storage: [UInt8]
    private let start: Int
    /// The number of proofs.
    public let count: Int
    /// The length of each in bytes, at least 1.
    public let byteCount: Int

    /// The proofs in a part of `storage`; `nil` when it does not have so many bytes, or `byteCount` is not positive.
    public init?(storage: [UInt8], start: Int, count: Int, byteCount: Int) {
        guard (0...storage.count).contains(start), count >= 0, byteCount > 0, (storage.count - start) / byteCount >= count else {
            return nil
        }
        self.storage = storage
        self.start = start
        self.count = count
        self.byteCount = byteCount
    }

    /// A copy of whole proofs; `nil` when the last is not whole.
    init?(copying bytes: Span<UInt8>, byteCount: Int) {
        guard byteCount > 0, bytes.count % byteCount == 0 else { return nil }
        self.init(
            storage: bytes.withUnsafeBufferPointer { Array($0) }, start: 0, count: bytes.count / byteCount, byteCount: byteCount)
    }

    /// Calls `body` with the proofs of a range, end to end. Traps unless `records` lies in `0..<count`.
    func withSpan<Value>(of records: Range<Int>, _ body: (Span<UInt8>) -> Value) -> Value {
        precondition(records.lowerBound >= 0 && records.upperBound <= count)
        return body(storage.span.extracting(start + records.lowerBound * byteCount..<start + records.upperBound * byteCount))
    }

    /// Calls `body` with all proofs, end to end.
    func withSpan<Value>(_ body: (Span<UInt8>) -> Value) -> Value { withSpan(of: 0..<count, body) }
}
