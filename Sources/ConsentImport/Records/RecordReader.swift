// SPDX-License-Identifier: Apache-2.0

public import ConsentModel
internal import Primitives

/// Reads a table of records row by row, in constant memory but for the set of keys.
///
/// A key or subject cell of a JSON object is a string, or the RFC 8785 form of a number or of `true` and `false`.
public struct RecordReader {
    private let table: RecordTable
    private var csv: CSVRecords?
    private var lines: JSONLineReader?
    private var number = 0
    /// Row and line of each key; only kept where key columns are declared.
    private var rowOfKey: [[UInt8]: (number: Int, line: Int)] = [:]

    /// Opens a table; a CSV header is read.
    ///
    /// - Throws: `invalid-value` (the dataset's name), `record-columns` (a column declared twice), `unknown-column`, and what ``CSVReader`` throws.
    public init(_ source: ByteSource, format: RecordFormat, table: RecordTable) throws(ModelError) {
        self.table = table
        guard (1...1_024).contains(table.dataset.utf8.count) else {
            throw ModelError("invalid-value", "a dataset id has 1 to 1024 bytes")
        }
        guard Set(table.keyColumns.map { Array($0.utf8) }).count == table.keyColumns.count else {
            throw ModelError("record-columns", "a key column is named twice", hint: "name each key column once")
        }
        switch format {
        case .csv: csv = try CSVRecords(CSVReader(source), table: table)
        case .jsonl: lines = JSONLineReader(source, limits: .init(boundsCombining: false))
        }
    }

    /// The next record; `nil` at the end.
    ///
    /// - Throws: `duplicate-key` naming both rows, `empty-subject`, `record-cell` and `record-not-object` (JSON), and what the format
    ///   throws.
    public mutating func next() throws(ModelError) -> Record? {
        guard let row = try nextRow() else { return nil }
        number += 1
        if let subject = row.subject, subject.isEmpty { throw emptySubject(row.line) }
        if !table.keyColumns.isEmpty, let other = rowOfKey.updateValue((number, row.line), forKey: row.key) {
            throw lineError(
                "duplicate-key",
                "rows \(other.number) (line \(other.line)) and \(number) (line \(row.line)) have the same key in "
                    + table.keyColumns.joined(separator: ", "),
                line: row.line, hint: "declare more key columns, or none to tell rows apart by their number")
        }
        let key = table.keyColumns.isEmpty ? Array(String(number).utf8) : row.key
        return Record(
            number: number, key: key, canonicalRow: row.canonical, subject: row.subject,
            digest: Identifier.recordDigest(datasetID: table.dataset, rowKey: key, row: row.canonical))
    }

    /// The digests of the next records, 32 bytes each, without a look at earlier keys: for tables that are compared with one that was read by ``next()``.
    ///
    /// - Returns: up to `count` digests; none at the end.
    /// - Throws: what ``next()`` throws, but `duplicate-key`.
    public mutating func nextDigests(_ count: Int) throws(ModelError) -> [UInt8] {
        var messages = RecordMessages(datasetID: table.dataset)
        while messages.count < count {
            if csv != nil {
                guard let line = try csv?.append(to: &messages, number: number + 1) else { break }
                number += 1
                if line.hasEmptySubject { throw emptySubject(line.line) }
            } else {
                guard let row = try nextRow() else { break }
                number += 1
                if let subject = row.subject, subject.isEmpty { throw emptySubject(row.line) }
                messages.append(key: table.keyColumns.isEmpty ? Array(String(number).utf8) : row.key, row: row.canonical)
            }
        }
        return messages.digests()
    }

    private func emptySubject(_ line: Int) -> ModelError {
        lineError(
            "empty-subject", "row \(number) (line \(line)) names no data subject", line: line,
            hint: "every row needs a value in the subject column")
    }

    /// All records that are left.
    public mutating func readAll() throws(ModelError) -> [Record] {
        var records: [Record] = []
        while let record = try next() { records.append(record) }
        return records
    }

    private mutating func nextRow() throws(ModelError) -> RecordRow? {
        if csv != nil { return try csv?.next() }
        guard let result = try lines?.next() else { return nil }
        let line = lines?.line ?? 0
        guard case .object(let members) = try result.get() else {
            throw lineError("record-not-object", "line \(line) is not a JSON object", line: line)
        }
        var row = RecordRow(line: line, canonical: JSONValue.object(members).canonical)
        for column in table.keyColumns {
            RecordKey.append(try cell(column, of: members, line: line), to: &row.key)
        }
        if let column = table.subjectColumn { row.subject = try cell(column, of: members, line: line) }
        return row
    }

    private func cell(_ name: String, of members: [String: JSONValue], line: Int) throws(ModelError) -> [UInt8] {
        switch members[name] {
        case .string(let text): return Array(text.utf8)
        case let value? where value == .bool(true) || value == .bool(false): return value.canonical
        case .integer(let value): return JSONValue.integer(value).canonical
        case .number(let value): return JSONValue.number(value).canonical
        default:
            throw lineError(
                "record-cell", "line \(line) has no text, number, true or false in \"\(name)\"", line: line,
                hint: "key and subject members must be present in every object")
        }
    }
}

/// A row of either format.
struct RecordRow {
    let line: Int
    var canonical: [UInt8]
    var key: [UInt8] = []
    var subject: [UInt8]?
}

/// The rows of a CSV table in canonical form.
private struct CSVRecords {
    private var reader: CSVReader
    private let prefixedNames: [[UInt8]]
    private let namesByteCount: Int
    private let keyIndices: [Int]
    private let subjectIndex: Int?

    init(_ reader: CSVReader, table: RecordTable) throws(ModelError) {
        self.reader = reader
        func index(_ name: String) throws(ModelError) -> Int {
            guard let index = reader.columns.firstIndex(where: { $0.hasSameBytes(as: name) }) else {
                throw lineError(
                    "unknown-column", "the table has no column \"\(name)\"", line: 1,
                    hint: "its columns are \(reader.columns.prefix(30).joined(separator: ", "))")
            }
            return index
        }
        var keyIndices: [Int] = []
        for name in table.keyColumns { keyIndices.append(try index(name)) }
        self.keyIndices = keyIndices
        var subjectIndex: Int?
        if let name = table.subjectColumn { subjectIndex = try index(name) }
        self.subjectIndex = subjectIndex
        prefixedNames = reader.columns.map { name in
            var bytes: [UInt8] = []
            RecordKey.append(Array(name.utf8), to: &bytes)
            return bytes
        }
        namesByteCount = prefixedNames.reduce(0) { $0 + $1.count }
    }

    /// Appends what the digest of the next row is a hash of; `nil` at the end.
    mutating func append(
        to messages: inout RecordMessages, number: Int
    ) throws(ModelError) -> (line: Int, hasEmptySubject: Bool)? {
        guard try reader.next() else { return nil }
        let row = reader.row
        let digits = keyIndices.isEmpty ? Array(String(number).utf8) : []
        messages.append(
            keyByteCount: keyIndices.reduce(digits.count) { $0 + 4 + row.byteCount($1) },
            rowByteCount: row.bytes.count + 4 * row.count + namesByteCount
        ) { out in
            row.bytes.withUnsafeBytes { cells in
                func append(_ index: Int) {
                    let start = index == 0 ? 0 : row.ends[index - 1]
                    out.append(UInt32(truncatingIfNeeded: row.ends[index] - start))
                    out.append(UnsafeRawBufferPointer(rebasing: cells[start..<row.ends[index]]))
                }
                out.append(digits)
                for index in keyIndices { append(index) }
                out.append(UInt32(truncatingIfNeeded: row.bytes.count + 4 * row.count + namesByteCount))
                for index in prefixedNames.indices {
                    out.append(prefixedNames[index])
                    append(index)
                }
            }
        }
        return (row.line, subjectIndex.map { row.byteCount($0) == 0 } ?? false)
    }

    mutating func next() throws(ModelError) -> RecordRow? {
        guard try reader.next() else { return nil }
        var canonical: [UInt8] = []
        canonical.reserveCapacity(reader.row.bytes.count + prefixedNames.count * 16)
        for (index, name) in prefixedNames.enumerated() {
            canonical.append(contentsOf: name)
            RecordKey.append(reader.row[index], to: &canonical)
        }
        var row = RecordRow(line: reader.row.line, canonical: canonical)
        for index in keyIndices { RecordKey.append(reader.row[index], to: &row.key) }
        if let subjectIndex { row.subject = Array(reader.row[subjectIndex]) }
        return row
    }
}

/// Row keys and canonical rows: sequences of length-prefixed cells.
enum RecordKey {
    /// Appends `LP(cell)`: the length as four little-endian bytes, then the cell.
    static func append(_ cell: some Collection<UInt8>, to bytes: inout [UInt8]) {
        let count = UInt32(truncatingIfNeeded: cell.count)
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
        bytes.append(contentsOf: cell)
    }
}
