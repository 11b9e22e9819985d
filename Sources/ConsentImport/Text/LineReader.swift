// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// The lines of a UTF-8 text, ended by LF or CR LF; the last may have no end.
struct LineReader {
    /// The line that ``next()`` read last, without its end.
    private(set) var bytes: [UInt8] = []
    /// Its number, from 1.
    private(set) var number = 0

    private var source: TextSource
    private let limit: Int
    private var piece: [UInt8] = []
    private var position = 0

    /// - Parameter limit: the longest line in bytes.
    init(_ source: ByteSource, limit: Int = 16 << 20) {
        self.source = TextSource(source)
        self.limit = limit
    }

    /// Reads the next line into ``bytes``; `false` at the end.
    ///
    /// - Throws: `line-too-long`, `utf8`, or what the source throws.
    mutating func next() throws(ModelError) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        number += 1
        var isBegun = false
        while true {
            if position == piece.count {
                guard let more = try source.next() else { return isBegun }
                piece = more
                position = 0
            }
            isBegun = true
            let end = piece[position...].firstIndex(of: newline)
            bytes.append(contentsOf: piece[position..<(end ?? piece.count)])
            guard bytes.count <= limit else {
                throw lineError("line-too-long", "line \(number) has more than \(limit) bytes", line: number)
            }
            position = end.map { $0 + 1 } ?? piece.count
            if end != nil {
                if bytes.last == carriageReturn { bytes.removeLast() }
                return true
            }
        }
    }
}

/// JSON, one value a line (JSON Lines, NDJSON). Blank lines are refused except at the end.
struct JSONLineReader {
    /// The number of the line read last, from 1.
    var line: Int { lines.number }

    private var lines: LineReader
    private let limits: JSONValue.Limits

    init(_ source: ByteSource, limits: JSONValue.Limits = JSONValue.Limits()) {
        lines = LineReader(source, limit: limits.byteCount)
        self.limits = limits
    }

    /// The next line, parsed; `nil` at the end. A line that is not JSON does not stop the reading: the next call goes on after it.
    ///
    /// - Throws: what cannot be read on from: ``LineReader/next()``.
    mutating func next() throws(ModelError) -> Result<JSONValue, ModelError>? {
        guard try lines.next() else { return nil }
        if isBlank(lines.bytes) {
            let blank = lines.number
            while try lines.next() {
                guard isBlank(lines.bytes) else {
                    throw lineError(
                        "jsonl-blank-line", "line \(blank) is blank", line: blank, hint: "remove blank lines between the objects")
                }
            }
            return nil
        }
        do {
            return .success(try JSONValue(parsing: lines.bytes, limits: limits))
        } catch {
            var column = 1
            if case .byte(let offset) = error.position { column = offset + 1 }
            let message = "line \(line): \(error.message)"
            return .failure(ModelError(error.code, message, position: .line(line, column: column), hint: error.hint))
        }
    }

    private func isBlank(_ line: [UInt8]) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == carriageReturn }
    }
}
