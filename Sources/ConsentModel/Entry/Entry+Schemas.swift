// SPDX-License-Identifier: Apache-2.0
private import FaultInjection

/// Which of a policy's schemas each entry of a bundle has.
///
/// The entry says it, and nothing else: it is in the ledger, and the proof is bound to its bytes.
public struct SchemaAssignment: Sendable {
    /// For each entry the number of its schema; empty if there is one schema. An entry of a schema that is not in the list has 0: it is refused elsewhere.
    public let numbers: [UInt8]

    /// The assignment of given numbers.
    package init(numbers: [UInt8]) {
        self.numbers = numbers
    }

    /// Reads the schema ids of entries, 118 bytes each.
    ///
    /// - Parameter schemas: at most 255, whose ids differ.
    public init(_ entries: BytesColumn, schemas: [Schema]) {
        guard schemas.count > 1, entries.rowByteCount == Entry.byteCount, !Fault.isRemoved(.schemaOfEntry) else {
            numbers = schemas.count > 1 ? [UInt8](repeating: 0, count: entries.count) : []
            return
        }
        let ids = SchemaIDs(schemas)
        numbers = entries.withSpan { bytes in
            bytes.withUnsafeBytes { bytes in (0..<entries.count).map { UInt8(ids.number(ofEntry: $0, in: bytes) ?? 0) } }
        }
    }

    /// The number of the schema of an entry.
    public func callAsFunction(_ entry: Int) -> Int { numbers.isEmpty ? 0 : Int(numbers[entry]) }
}

extension Entry {
    /// The rows of a column that are no entries, and those that are entries of none of some schemas; both ascending.
    package static func faults(in column: BytesColumn, schemas: [Schema]) -> (malformed: [Int], foreign: [Int]) {
        let (malformed, foreign) = faults(in: column, schemaID: schemas[0].id)
        guard schemas.count > 1, column.rowByteCount == byteCount else { return (malformed, foreign) }
        let ids = SchemaIDs(schemas)
        let unknown = column.withSpan { bytes in
            bytes.withUnsafeBytes { bytes in foreign.filter { ids.number(ofEntry: $0, in: bytes) == nil } }
        }
        return (malformed, unknown)
    }
}

/// The ids of some schemas as words.
private struct SchemaIDs {
    private let words: [(low: UInt64, high: UInt64)]

    init(_ schemas: [Schema]) {
        words = schemas.map { schema in
            schema.id.withUnsafeBytes {
                ($0.loadUnaligned(fromByteOffset: 0, as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
        }
    }

    /// The schema of an entry of a column; `nil` if it is none of these.
    func number(ofEntry entry: Int, in column: UnsafeRawBufferPointer) -> Int? {
        let start = entry * Entry.byteCount + Entry.schemaIDRange.lowerBound
        let low = column.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        let high = column.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
        return words.firstIndex { $0.low == low && $0.high == high }
    }
}
