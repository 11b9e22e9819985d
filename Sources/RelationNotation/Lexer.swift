// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel

/// Cuts a relation file into tokens. Comments run from `#` to the end of the line.
struct Lexer {
    private let bytes: [UInt8]
    private let limits: RelationLimits
    private var offset = 0
    private var place = Place(line: 1, column: 1)
    private var startsLine = true

    init(_ bytes: [UInt8], limits: RelationLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// All tokens; the last is `end`.
    ///
    /// - Throws: `relation-limit`, `relation-syntax`.
    static func tokens(_ bytes: [UInt8], limits: RelationLimits) throws(ModelError) -> [Token] {
        guard bytes.count <= limits.byteCount else {
            throw .relation(
                "limit", "the file has \(bytes.count) bytes, more than the limit of \(limits.byteCount)", Place(line: 1, column: 1))
        }
        var lexer = Lexer(bytes, limits: limits)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(ModelError) -> Token {
        try skipSpace()
        let start = place
        let first = startsLine
        startsLine = false
        guard let byte = peek() else { return Token(kind: .end, place: start, startsLine: true) }
        if Self.isLetter(byte) {
            let text = take { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
            guard text.utf8.count <= limits.nameLength else {
                throw .relation("limit", "this name is longer than \(limits.nameLength) characters", start)
            }
            return Token(kind: .name(text), place: start, startsLine: first)
        }
        if Self.isDigit(byte) { return Token(kind: try integer(start), place: start, startsLine: first) }
        advance()
        switch byte {
        case UInt8(ascii: "."):
            guard peek() == byte else {
                throw .relation("syntax", "a single \".\" means nothing here", start, hint: "a range is written 0..n-1")
            }
            advance()
            return Token(kind: .dots, place: start, startsLine: first)
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: ","),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "^"), UInt8(ascii: "="):
            return Token(kind: .symbol(byte), place: start, startsLine: first)
        default:
            throw Self.stray(byte, start)
        }
    }

    private mutating func integer(_ start: Place) throws(ModelError) -> Token.Kind {
        let text = take { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") }
        guard text.utf8.count <= limits.digits else {
            throw .relation("limit", "this number has more than \(limits.digits) digits", start)
        }
        let isHex = text.hasPrefix("0x")
        let digits = isHex ? String(text.dropFirst(2)) : text
        guard !digits.isEmpty, digits.utf8.allSatisfy({ isHex ? Self.isHexDigit($0) : Self.isDigit($0) }) else {
            throw .relation(
                "syntax", "\"\(text)\" is neither a number nor a name", start,
                hint: "names begin with a letter, products are written with *, hexadecimal numbers begin with 0x")
        }
        return Int(digits, radix: isHex ? 16 : 10).map { .integer($0) } ?? .big(text)
    }

    private static func stray(_ byte: UInt8, _ place: Place) -> ModelError {
        guard (0x20..<0x7f).contains(byte) else {
            let hint = byte == 0x09 ? "indent with spaces" : "the notation is ASCII, also in comments"
            return .relation("syntax", "the byte 0x\(String(byte, radix: 16)) has no place in a relation", place, hint: hint)
        }
        let character = String(decoding: [byte], as: UTF8.self)
        return .relation(
            "syntax", "\"\(character)\" means nothing here", place,
            hint: byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") ? "indices are written X[i]" : nil)
    }

    // MARK: Cursor

    private func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func advance() {
        offset += 1
        place.column += 1
    }

    private mutating func take(while accepts: (UInt8) -> Bool) -> String {
        let start = offset
        while let byte = peek(), accepts(byte) { advance() }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func skipSpace() throws(ModelError) {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "):
                advance()
            case UInt8(ascii: "\r") where offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\n"):
                advance()
            case UInt8(ascii: "\n"):
                offset += 1
                place = Place(line: place.line + 1, column: 1)
                startsLine = true
            case UInt8(ascii: "#"):
                try skipComment()
            default:
                return
            }
        }
    }

    private mutating func skipComment() throws(ModelError) {
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            guard (0x20..<0x7f).contains(byte) || byte == UInt8(ascii: "\r") else { throw Self.stray(byte, place) }
            advance()
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
    }
}
