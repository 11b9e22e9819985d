// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// Turns the rows of one dataset, in order, into record digests (docs/protocol.md section 1.2).
///
/// Equal rows stay distinct data points: without key columns by their number, with key columns because a duplicate key is refused.
public struct RecordCanonicaliser: Sendable {
    /// The name of the dataset.
    public let datasetID: String
    /// The columns (or members) that identify a row; empty when rows are identified by their number.
    public let keyColumns: [String]
    /// The number of rows so far; the first data row is 1.
    public private(set) var rowCount: UInt64 = 0

    private var seenKeys = Set<[UInt8]>()
    private var columns: (names: [String], keyIndices: [Int])?

    /// A dataset of this name. A key column named twice is refused.
    public init(datasetID: String, keyColumns: [String] = []) throws(ModelError) {
        guard !datasetID.isEmpty, datasetID.utf8.count <= 1_024 else {
            throw ModelError("invalid-value", "a dataset id has 1 to 1024 bytes")
        }
        guard Set(keyColumns.map { Array($0.utf8) }).count == keyColumns.count else {
            throw ModelError("duplicate-name", "a key column is named twice")
        }
        self.datasetID = datasetID
        self.keyColumns = keyColumns
    }

    /// Declares the columns of a CSV file, in file order; names must be distinct and contain the key columns.
    public mutating func setColumns(_ names: [String]) throws(ModelError) {
        let bytes = names.map { Array($0.utf8) }
        guard Set(bytes).count == names.count else { throw ModelError("duplicate-name", "two columns have the same name") }
        var indices: [Int] = []
        for key in keyColumns {
            guard let index = bytes.firstIndex(of: Array(key.utf8)) else {
                throw ModelError("unknown-column", "there is no column \(key)", hint: Nearest.hint(key, among: names))
            }
            indices.append(index)
        }
        columns = (names, indices)
    }

    /// The digest of the next CSV row: 32 bytes.
    ///
    /// - Parameter cells: One cell for each column, unquoted.
    public mutating func digest(cells: [String]) throws(ModelError) -> [UInt8] {
        guard let columns else { throw ModelError("missing-columns", "the columns have not been declared") }
        guard cells.count == columns.names.count else {
            throw ModelError("row-length", "row \(rowCount + 1) has \(cells.count) cells; there are \(columns.names.count) columns")
        }
        var row: [UInt8] = []
        for index in cells.indices {
            row.append(contentsOf: lengthPrefixed(columns.names[index]))
            row.append(contentsOf: lengthPrefixed(cells[index]))
        }
        return try digest(row: row, key: columns.keyIndices.flatMap { lengthPrefixed(cells[$0]) })
    }

    /// The digest of the next JSONL row: 32 bytes. A key member is its text if it is a string, else its RFC 8785 form.
    public mutating func digest(json: JSONValue) throws(ModelError) -> [UInt8] {
        var key: [UInt8] = []
        for name in keyColumns {
            guard let member = json[name] else { throw ModelError("unknown-column", "row \(rowCount + 1) has no member \(name)") }
            key.appendLengthPrefixed(member.string.map { Array($0.utf8) } ?? member.canonical)
        }
        return try digest(row: json.canonical, key: key)
    }

    private mutating func digest(row: [UInt8], key: [UInt8]) throws(ModelError) -> [UInt8] {
        let number = rowCount + 1
        if !keyColumns.isEmpty {
            guard seenKeys.insert(SHA256.hash(key)).inserted else {
                throw ModelError(
                    "duplicate-key", "row \(number) has the key of an earlier row", hint: "declare key columns that identify a row")
            }
        }
        rowCount = number
        let rowKey = keyColumns.isEmpty ? Array(String(number).utf8) : key
        return Identifier.recordDigest(datasetID: datasetID, rowKey: rowKey, row: row)
    }
}
