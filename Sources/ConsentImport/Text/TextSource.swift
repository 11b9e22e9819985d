// SPDX-License-Identifier: Apache-2.0

import ConsentModel

/// The bytes of a text: a UTF-8 byte order mark is taken off, and all else is checked to be UTF-8 before anybody sees it.
///
/// Invariant: the pieces handed out, one after another, are valid UTF-8 (a scalar may lie across two pieces).
struct TextSource {
    private let source: ByteSource
    private var checker = UTF8Checker()
    private var isStarted = false
    /// The lines that ended in the pieces handed out so far.
    private var lineCount = 0
    /// The bytes of the file handed out so far, the mark included.
    private var byteCount = 0

    init(_ source: ByteSource) {
        self.source = source
    }

    /// The next piece, not empty; `nil` at the end.
    ///
    /// - Throws: `utf8` with the line and the offset of the first byte that cannot be, or what the source throws.
    mutating func next() throws(ModelError) -> [UInt8]? {
        guard var piece = try nextNonEmpty() else {
            guard checker.isComplete else { throw invalid(offset: byteCount, line: lineCount + 1) }
            return nil
        }
        if !isStarted {
            isStarted = true
            let mark: [UInt8] = [0xef, 0xbb, 0xbf]
            while piece.count < mark.count, let more = try nextNonEmpty() { piece += more }
            if piece.starts(with: mark) {
                piece.removeFirst(mark.count)
                byteCount = mark.count
                if piece.isEmpty { return try next() }
            }
        }
        if let position = checker.firstInvalid(in: piece) {
            let lines = piece[..<position].count { $0 == newline }
            throw invalid(offset: byteCount + position, line: lineCount + lines + 1)
        }
        byteCount += piece.count
        lineCount += piece.count { $0 == newline }
        return piece
    }

    private func nextNonEmpty() throws(ModelError) -> [UInt8]? {
        while let piece = try source.next() {
            if !piece.isEmpty { return piece }
        }
        return nil
    }

    private func invalid(offset: Int, line: Int) -> ModelError {
        ModelError(
            "utf8", "line \(line), byte \(offset) of the file: the text is not valid UTF-8", position: .byte(offset),
            hint: "convert the file to UTF-8, for example with iconv")
    }
}

/// A state machine over the well-formed byte sequences of Unicode 16, table 3-7.
struct UTF8Checker {
    /// How many continuation bytes are due.
    private var due = 0
    /// The range of the next continuation byte.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xbf

    /// Whether no scalar has been begun and not ended.
    var isComplete: Bool { due == 0 }

    /// Reads on through `piece`; the index of the first byte that cannot be, or `nil`.
    mutating func firstInvalid(in piece: [UInt8]) -> Int? {
        let bytes = piece.span
        for index in bytes.indices {
            let byte = bytes[index]
            if due == 0 {
                if byte < 0x80 { continue }
                guard begin(byte) else { return index }
            } else {
                guard lowest <= byte, byte <= highest else { return index }
                due -= 1
                lowest = 0x80
                highest = 0xbf
            }
        }
        return nil
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xc2...0xdf: due = 1
        case 0xe0...0xef: due = 2
        case 0xf0...0xf4: due = 3
        default: return false
        }
        if byte == 0xe0 { lowest = 0xa0 }
        if byte == 0xed { highest = 0x9f }
        if byte == 0xf0 { lowest = 0x90 }
        if byte == 0xf4 { highest = 0x8f }
        return true
    }
}

/// LF.
let newline = UInt8(ascii: "\n")
/// CR.
let carriageReturn = UInt8(ascii: "\r")

/// An error said of a whole line.
func lineError(_ code: String, _ message: String, line: Int, hint: String? = nil) -> ModelError {
    ModelError(code, message, position: .line(line, column: 1), hint: hint)
}
