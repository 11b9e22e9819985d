// SPDX-License-Identifier: Apache-2.0

public import ConsentModel

/// Finds the digest of a record by its row key, and the records of a data subject: what consents that name records by key are joined to.
public struct RecordIndex: Sendable {
    /// The key columns of the table; empty where rows are told apart by their number.
    public let keyColumns: [String]

    private var digestOfKey: [[UInt8]: [UInt8]] = [:]
    private var digestsOfSubject: [[UInt8]: [[UInt8]]] = [:]

    /// An index without records.
    public init(keyColumns: [String] = []) {
        self.keyColumns = keyColumns
    }

    /// The index of a whole table.
    ///
    /// - Throws: what ``RecordReader`` throws.
    public init(_ source: ByteSource, format: RecordFormat, table: RecordTable) throws(ModelError) {
        self.init(keyColumns: table.keyColumns)
        var reader = try RecordReader(source, format: format, table: table)
        while let record = try reader.next() { insert(record) }
    }

    /// The number of records.
    public var count: Int { digestOfKey.count }

    /// Whether a record has a data subject.
    var hasSubjects: Bool { !digestsOfSubject.isEmpty }

    /// Adds a record.
    public mutating func insert(_ record: Record) {
        digestOfKey[record.key] = record.digest
        if let subject = record.subject { digestsOfSubject[subject, default: []].append(record.digest) }
    }

    /// The digest of the record with these cells in the key columns, in their order; without key columns, of the row with the decimal
    /// number that is the only cell.
    public func digest(cells: [String]) -> [UInt8]? {
        guard !keyColumns.isEmpty else { return cells.count == 1 ? digestOfKey[Array(cells[0].utf8)] : nil }
        guard cells.count == keyColumns.count else { return nil }
        var key: [UInt8] = []
        for cell in cells { RecordKey.append(cell.utf8, to: &key) }
        return digestOfKey[key]
    }

    /// The digests of the records of `subject`, in the order of the table; none if the table has no subject column.
    public func digests(subject: String) -> [[UInt8]] {
        digestsOfSubject[Array(subject.utf8)] ?? []
    }
}
