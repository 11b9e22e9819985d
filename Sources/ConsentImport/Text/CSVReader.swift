// SPDX-License-Identifier: Apache-2.0

public import ConsentModel
internal import Primitives

/// One row of a table: its cells, one after another.
public struct CSVRow: Sendable {
    /// The cells' bytes without the quotes, end to end.
    public internal(set) var bytes: [UInt8] = []
    /// Where each cell ends in ``bytes``.
    public internal(set) var ends: [Int] = []
    /// The line on which the row begins, from 1.
    public internal(set) var line = 1

    /// The number of cells.
    public var count: Int { ends.count }

    /// The cell `index` in `0..<count`, UTF-8.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// The length of the cell `index`.
    func byteCount(_ index: Int) -> Int { ends[index] - (index == 0 ? 0 : ends[index - 1]) }

    /// The cell `index` as text.
    public func text(_ index: Int) -> String {
        String(decoding: self[index], as: UTF8.self)
    }

    mutating func clear(line: Int) {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        self.line = line
    }
}

/// Bounds on a table.
public struct CSVLimits: Hashable, Sendable {
    /// The longest cell in bytes.
    public var cellBytes: Int
    /// The longest row in bytes.
    public var rowBytes: Int
    /// The largest number of columns.
    public var columns: Int
    /// Whether cells have at most 30 combining characters in a row, as names of columns always have: see ``JSONValue/Limits/boundsCombining``.
    public var boundsCombining: Bool

    /// These bounds; by default 1 MB, 16 MB and 10,000, and cells may have any text.
    public init(cellBytes: Int = 1 << 20, rowBytes: Int = 16 << 20, columns: Int = 10_000, boundsCombining: Bool = false) {
        self.cellBytes = cellBytes
        self.rowBytes = rowBytes
        self.columns = columns
        self.boundsCombining = boundsCombining
    }
}

/// A table in CSV (RFC 4180) in UTF-8 with a header row, read row by row.
///
/// Lines end in CR LF or LF; cells may be quoted, and then hold commas, line ends and doubled quotes; a byte order mark is skipped. More
/// strictly than many programs: a quote within an unquoted cell, text after a closing quote, a bare CR, a row with more or fewer
/// cells than the header, and two columns of one name are refused. One column (any one) may have the empty name, as in R exports.
public struct CSVReader {
    /// The column names.
    public private(set) var columns: [String] = []
    /// The row that ``next()`` read last.
    public private(set) var row = CSVRow()

    private var source: TextSource
    private let limits: CSVLimits
    private var piece: [UInt8] = []
    private var position = 0
    private var line = 1

    private enum State {
        case cellStart, unquoted, quoted, quoteInQuoted, afterCR
    }

    /// Reads the header.
    ///
    /// - Throws: `csv-no-header`, `csv-duplicate-column`, `csv-combining`, and what ``next()`` throws.
    public init(_ source: ByteSource, limits: CSVLimits = CSVLimits()) throws(ModelError) {
        self.source = TextSource(source)
        self.limits = limits
        guard try readRow(), !row.bytes.isEmpty || row.count > 1 else {
            throw lineError("csv-no-header", "the table has no header row", line: 1, hint: "the first line names the columns")
        }
        var columns: [String] = []
        var seen: [String: Int] = [:]
        for index in 0..<row.count {
            let name = row.text(index)
            guard name.hasBoundedCombining else { throw combining(index) }
            if let other = seen.updateValue(index, forKey: name) {
                throw lineError(
                    "csv-duplicate-column", "columns \(other + 1) and \(index + 1) have the same name \"\(name)\"", line: row.line,
                    hint: "give every column its own name")
            }
            columns.append(name)
        }
        self.columns = columns
    }

    /// Reads the next row into ``row``; `false` at the end.
    ///
    /// - Throws: `csv-ragged-row`, `csv-combining`, `csv-stray-quote`, `csv-text-after-quote`, `csv-unclosed-quote`, `csv-bare-cr`, `csv-cell-too-long`,
    ///   `csv-row-too-long`, `csv-too-many-columns`, `utf8`, each with the line.
    public mutating func next() throws(ModelError) -> Bool {
        guard try readRow() else { return false }
        guard row.count == columns.count else {
            let isBlank = row.count == 1 && row.bytes.isEmpty
            let what = isBlank ? "a blank line" : "\(row.count) cells"
            throw lineError(
                "csv-ragged-row", "line \(row.line) has \(what), the header has \(columns.count) columns", line: row.line,
                hint: isBlank ? "remove the blank line" : "quote cells that contain commas")
        }
        if limits.boundsCombining, let index = (0..<row.count).first(where: { !row.text($0).hasBoundedCombining }) {
            throw combining(index)
        }
        return true
    }

    private func combining(_ index: Int) -> ModelError {
        lineError(
            "csv-combining", "column \(index + 1) of line \(row.line) has more than \(String.combiningLimit) combining characters in a row",
            line: row.line)
    }

    private mutating func readRow() throws(ModelError) -> Bool {
        row.clear(line: line)
        var state = State.cellStart
        var isBegun = false
        while true {
            if position == piece.count {
                guard let more = try source.next() else { return try endOfInput(state, isBegun: isBegun) }
                piece = more
                position = 0
            }
            isBegun = true
            if try scan(&state) { return true }
        }
    }

    /// Scans the piece to the end of the row (`true`) or of the piece.
    private mutating func scan(_ state: inout State) throws(ModelError) -> Bool {
        let piece = self.piece
        let bytes = piece.span
        var index = position
        defer { position = index }
        while index < bytes.count {
            let byte = bytes[index]
            switch state {
            case .cellStart where byte == UInt8(ascii: "\""):
                state = .quoted
                index += 1
            case .cellStart, .unquoted:
                let start = index
                while index < bytes.count, !Self.isSpecial(bytes[index]) { index += 1 }
                if start < index {
                    bytes.extracting(start..<index).withUnsafeBufferPointer { row.bytes.append(contentsOf: $0) }
                    try checkLength()
                    state = .unquoted
                    continue
                }
                index += 1
                if byte == UInt8(ascii: "\"") {
                    throw lineError(
                        "csv-stray-quote", "line \(line) has a quote in a cell that does not begin with one", line: line,
                        hint: "write the cell in quotes and double the quotes in it")
                }
                if try endCell(byte, &state) { return true }
            case .quoted:
                let start = index
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                    if bytes[index] == newline { line += 1 }
                    index += 1
                }
                row.bytes.append(contentsOf: piece[start..<index])
                try checkLength()
                if index < bytes.count {
                    index += 1
                    state = .quoteInQuoted
                }
            case .quoteInQuoted:
                index += 1
                if byte == UInt8(ascii: "\"") {
                    row.bytes.append(byte)
                    state = .quoted
                } else if Self.isSpecial(byte) {
                    if try endCell(byte, &state) { return true }
                } else {
                    throw lineError("csv-text-after-quote", "line \(line) has text after a closing quote", line: line)
                }
            case .afterCR:
                guard byte == newline else { throw bareCR() }
                index += 1
                line += 1
                return true
            }
        }
        return false
    }

    /// Ends a cell at `byte`: a comma, LF (`true`: the row has ended) or CR.
    private mutating func endCell(_ byte: UInt8, _ state: inout State) throws(ModelError) -> Bool {
        guard row.count < limits.columns else {
            throw lineError("csv-too-many-columns", "line \(line) has more than \(limits.columns) cells", line: line)
        }
        row.ends.append(row.bytes.count)
        state = byte == carriageReturn ? .afterCR : .cellStart
        guard byte == newline else { return false }
        line += 1
        return true
    }

    private mutating func endOfInput(_ state: State, isBegun: Bool) throws(ModelError) -> Bool {
        guard isBegun else { return false }
        switch state {
        case .quoted:
            throw lineError("csv-unclosed-quote", "the row that begins on line \(row.line) has a quote that never ends", line: row.line)
        case .afterCR: throw bareCR()
        case .cellStart, .unquoted, .quoteInQuoted:
            var state = state
            return try endCell(newline, &state)
        }
    }

    private func checkLength() throws(ModelError) {
        let cellStart = row.ends.last ?? 0
        guard row.bytes.count - cellStart <= limits.cellBytes else {
            throw lineError("csv-cell-too-long", "line \(row.line) has a cell of more than \(limits.cellBytes) bytes", line: row.line)
        }
        guard row.bytes.count <= limits.rowBytes else {
            throw lineError("csv-row-too-long", "line \(row.line) has more than \(limits.rowBytes) bytes", line: row.line)
        }
    }

    private func bareCR() -> ModelError {
        lineError(
            "csv-bare-cr", "line \(line) has a carriage return that no line feed follows", line: line,
            hint: "end lines with LF or CR LF, and quote cells with line ends")
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == newline || byte == carriageReturn || byte == UInt8(ascii: "\"")
    }
}
