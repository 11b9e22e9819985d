// SPDX-License-Identifier: Apache-2.0
public import MerkleLog
internal import Primitives

/// The rows that a holder opens in a spot check: records as they were committed, with what opens their data points (docs/formats.md, Spot check openings).
///
/// Personal data, and the blindings of these rows. Invariant: rows are strictly ascending and below N; every record has the shape that ``columns`` and
/// ``format`` say, and has its key and subject. Whether anything opens is the verifier's matter.
public struct SpotCheckOpenings: Sendable {
    /// How the table was written.
    public enum Format: String, Sendable {
        /// Cells under named columns.
        case csv
        /// A JSON object for each row.
        case jsonl
    }

    /// A row that is opened.
    public struct Opening: Sendable, Hashable {
        /// The row in the manifest and in bundles, from 0.
        public let index: UInt64
        /// The number of the row in the file that was committed, from 1.
        public let rowNumber: UInt64
        /// The cells of a CSV row, or the RFC 8785 form of an object alone.
        public let record: [String]
        /// `s`: 32 bytes little-endian.
        public let blinding: [UInt8]

        /// An opening of these parts.
        public init(index: UInt64, rowNumber: UInt64, record: [String], blinding: [UInt8]) {
            self.index = index
            self.rowNumber = rowNumber
            self.record = record
            self.blinding = blinding
        }
    }

    /// In the JSON.
    static let version = FormatVersion(1, of: "a file of spot check openings")
    /// The longest file in bytes.
    public static let byteCountLimit = 1 << 26
    /// The most bytes of column names in all records together: 4 GiB.
    static let nameByteCountLimit = 1 << 32
    /// The most columns of a table.
    public static let columnLimit = 65_536

    /// The name of the dataset.
    public let dataset: String
    /// N.
    public let dataPoints: UInt64
    /// The root of the manifest.
    public let root: NodeHash
    /// How the table was written.
    public let format: Format
    /// The columns of a CSV table in file order; empty otherwise.
    public let columns: [String]
    /// The columns of the row key; empty when the row number is the key.
    public let keyColumns: [String]
    /// The column of the data subject, if one was declared.
    public let subjectColumn: String?
    /// The rows.
    public let openings: [Opening]
    /// Where each column is.
    private let places: [[UInt8]: Int]

    /// Openings of these parts.
    ///
    /// - Throws: `spot-check-columns`, `spot-check-rows`, `spot-check-record`.
    public init(
        manifest: Manifest, format: Format, columns: [String], keyColumns: [String], subjectColumn: String?, openings: [Opening]
    ) throws(ModelError) {
        try self.init(
            dataset: manifest.dataset, dataPoints: manifest.dataPointCount, root: manifest.root, format: format, columns: columns,
            keyColumns: keyColumns, subjectColumn: subjectColumn, openings: openings)
    }

    init(
        dataset: String, dataPoints: UInt64, root: NodeHash, format: Format, columns: [String], keyColumns: [String],
        subjectColumn: String?, openings: [Opening]
    ) throws(ModelError) {
        self.dataset = dataset
        self.dataPoints = dataPoints
        self.root = root
        self.format = format
        self.columns = columns
        self.keyColumns = keyColumns
        self.subjectColumn = subjectColumn
        self.openings = openings
        places = Dictionary(columns.enumerated().map { (Array($1.utf8), $0) }) { first, _ in first }
        try check()
    }

    private func check() throws(ModelError) {
        func areDistinct(_ names: [String]) -> Bool { Set(names.map { Array($0.utf8) }).count == names.count }
        guard areDistinct(columns), areDistinct(keyColumns), columns.count <= Self.columnLimit, keyColumns.count <= Self.columnLimit,
            columns.isEmpty == (format == .jsonl)
        else { throw ModelError("spot-check-columns", "the columns are not distinct, too many, or not those of the format") }
        guard (columns + keyColumns + [dataset, subjectColumn ?? ""]).allSatisfy(\.hasBoundedCombining) else { throw Self.combining() }
        // Every record is hashed with the names of its columns.
        let (names, isTooMuch) = columns.reduce(0) { $0 + $1.utf8.count }.multipliedReportingOverflow(by: openings.count)
        guard !isTooMuch, names <= Self.nameByteCountLimit else {
            throw ModelError("spot-check-columns", "the names of the columns are too long for so many rows", hint: "draw fewer rows")
        }
        guard (1...SpotCheckDraw.countLimit).contains(openings.count) else {
            throw ModelError("spot-check-rows", "1 to \(SpotCheckDraw.countLimit) rows can be opened, not \(openings.count)")
        }
        for position in openings.indices {
            let opening = openings[position]
            guard opening.index < dataPoints, position == 0 || openings[position - 1].index < opening.index else {
                throw ModelError("spot-check-rows", "the rows are not strictly ascending and below \(dataPoints)")
            }
            guard opening.rowNumber >= 1, opening.blinding.count == 32 else {
                throw ModelError("spot-check-record", "row \(opening.index) has no row number or blinding")
            }
            _ = try Row(opening, of: self)
        }
    }
}

// MARK: What was committed

extension SpotCheckOpenings {
    /// The record digest of an opening under the name of a dataset: 32 bytes (docs/protocol.md section 1.2).
    public func digest(of opening: Opening, dataset: String) throws(ModelError) -> [UInt8] {
        let row = try Row(opening, of: self)
        return Identifier.recordDigest(datasetID: dataset, rowKey: row.key, row: row.canonical)
    }

    /// The canonical bytes of the data subject in an opened record; `nil` if the dataset declares no subject column.
    public func subject(of opening: Opening) throws(ModelError) -> [UInt8]? { try Row(opening, of: self).subject }

    /// A record in canonical form.
    private struct Row {
        let canonical: [UInt8]
        let key: [UInt8]
        let subject: [UInt8]?

        init(_ opening: Opening, of file: SpotCheckOpenings) throws(ModelError) {
            let cell: (String) throws(ModelError) -> [UInt8]
            switch file.format {
            case .csv:
                guard opening.record.count == file.columns.count else {
                    throw ModelError(
                        "spot-check-record",
                        "row \(opening.index) has \(opening.record.count) cells; there are \(file.columns.count) columns")
                }
                var row: [UInt8] = []
                for column in file.columns.indices {
                    row.append(contentsOf: lengthPrefixed(file.columns[column]))
                    row.append(contentsOf: lengthPrefixed(opening.record[column]))
                }
                canonical = row
                cell = { (name) throws(ModelError) in
                    guard let column = file.places[Array(name.utf8)] else {
                        throw ModelError("spot-check-columns", "there is no column \(name)", hint: Nearest.hint(name, among: file.columns))
                    }
                    return Array(opening.record[column].utf8)
                }
            case .jsonl:
                let text = opening.record.count == 1 ? Array(opening.record[0].utf8) : []
                let json = try JSONValue(parsing: text, limits: .init(boundsCombining: false))
                guard json.object != nil, json.canonical == text else {
                    throw ModelError("spot-check-record", "row \(opening.index) is not a JSON object in RFC 8785 form")
                }
                canonical = text
                cell = { (name) throws(ModelError) in
                    switch json[name] {
                    case .string(let text): return Array(text.utf8)
                    case .some(let value) where value != .null && value.object == nil && value.array == nil: return value.canonical
                    default: throw ModelError("spot-check-record", "row \(opening.index) has no text, number, true or false in \(name)")
                    }
                }
            }
            var key: [UInt8] = []
            for column in file.keyColumns { key.appendLengthPrefixed(try cell(column)) }
            self.key = file.keyColumns.isEmpty ? Array(String(opening.rowNumber).utf8) : key
            if let column = file.subjectColumn { subject = try cell(column) } else { subject = nil }
        }
    }
}
