// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// One row of a table of data: what a data point commits to (docs/protocol.md section 1.2).
public struct Record: Hashable, Sendable {
    /// The number of the row, the first data row being 1.
    public let number: Int
    /// The row key: `LP(cell)` for each declared key column, or without any the decimal ``number``.
    public let key: [UInt8]
    /// The canonical row: `LP(column name) LP(cell)` for each CSV column, or the RFC 8785 form of a JSON object.
    public let canonicalRow: [UInt8]
    /// The cell of the declared subject column.
    public let subject: [UInt8]?
    /// The record digest, 32 bytes.
    public let digest: [UInt8]
}

/// What a table of records is called and which of its columns mean something.
public struct RecordTable: Hashable, Sendable {
    /// The name of the dataset; it is part of every record digest.
    public let dataset: String
    /// The columns (CSV) or members (JSON) whose cells together tell rows apart. Without any, the row number does.
    public let keyColumns: [String]
    /// The column or member that names the data subject of a row.
    public let subjectColumn: String?

    /// A table of this name and columns.
    public init(dataset: String, keyColumns: [String] = [], subjectColumn: String? = nil) {
        self.dataset = dataset
        self.keyColumns = keyColumns
        self.subjectColumn = subjectColumn
    }
}

/// How a table of records is written.
public enum RecordFormat: String, Hashable, Sendable, CaseIterable {
    /// RFC 4180 with a header; see ``CSVReader``.
    case csv
    /// One JSON object a line.
    case jsonl

    /// The format of a table that begins with `prefix`: JSON Lines if the first character is `{`, else CSV.
    public static func detect(_ prefix: [UInt8]) -> RecordFormat {
        firstCharacter(of: prefix) == UInt8(ascii: "{") ? .jsonl : .csv
    }
}

/// The first byte of a text that is neither part of a byte order mark nor white space.
func firstCharacter(of text: [UInt8]) -> UInt8? {
    let start = text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    return text[start...].first { $0 != 0x20 && $0 != 0x09 && $0 != newline && $0 != carriageReturn }
}
