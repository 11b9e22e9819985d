// SPDX-License-Identifier: Apache-2.0
internal import Primitives

extension JSONValue {
    /// Parses one JSON text (RFC 8259) strictly.
    ///
    /// Refused: more than the limits, invalid UTF-8, a byte order mark, anything after the value, duplicate member names (also those
    /// that differ only in Unicode normalisation), lone surrogates, numbers that are not finite, integers that RFC 8785 would round, and more than 30
    /// combining characters in a row: in names always, elsewhere unless the limits say otherwise.
    ///
    /// - Throws: ``ModelError`` with the byte offset.
    public init(parsing bytes: [UInt8], limits: Limits = Limits(), file: String? = nil) throws(ModelError) {
        var parser = JSONParser(bytes: bytes, limits: limits)
        do {
            self = try parser.parse()
        } catch {
            throw error.inFile(file)
        }
    }

    /// Parses one JSON text strictly; see ``init(parsing:limits:file:)-([UInt8],_,_)``.
    public init(parsing bytes: Span<UInt8>, limits: Limits = Limits(), file: String? = nil) throws(ModelError) {
        let copy = bytes.withUnsafeBufferPointer { Array($0) }
        try self.init(parsing: copy, limits: limits, file: file)
    }
}

/// A recursive descent parser; the recursion is bounded by the depth limit.
private struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONValue.Limits
    private var offset = 0
    private var nodeCount = 0

    init(bytes: [UInt8], limits: JSONValue.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parse() throws(ModelError) -> JSONValue {
        guard bytes.count <= limits.byteCount else {
            throw ModelError("json-too-large", "the text has \(bytes.count) bytes; the limit is \(limits.byteCount)")
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw fail("json-utf8", "the text is not valid UTF-8", at: error.byteOffsets.lowerBound)
        }
        skipSpace()
        let value = try parseValue(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw fail("json-syntax", "unexpected text after the value", at: offset) }
        return value
    }

    // MARK: Values

    private mutating func parseValue(depth: Int) throws(ModelError) -> JSONValue {
        nodeCount += 1
        guard nodeCount <= limits.nodeCount else {
            throw fail("json-too-large", "more than \(limits.nodeCount) values", at: offset)
        }
        guard let byte = peek() else { throw fail("json-syntax", "the text ends where a value is needed", at: offset) }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try parseString(isBounded: limits.boundsCombining))
        case UInt8(ascii: "t"): return try parseLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw fail("json-syntax", "a value cannot begin with this character", at: offset)
        }
    }

    private mutating func parseLiteral(_ literal: String, _ value: JSONValue) throws(ModelError) -> JSONValue {
        let start = offset
        for byte in literal.utf8 {
            guard peek() == byte else { throw fail("json-syntax", "expected \(literal)", at: start) }
            offset += 1
        }
        return value
    }

    private mutating func parseArray(depth: Int) throws(ModelError) -> JSONValue {
        try checkDepth(depth)
        offset += 1
        skipSpace()
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try parseValue(depth: depth))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw fail("json-syntax", "expected , or ] in an array", at: offset) }
        }
    }

    private mutating func parseObject(depth: Int) throws(ModelError) -> JSONValue {
        try checkDepth(depth)
        offset += 1
        skipSpace()
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            let start = offset
            guard peek() == UInt8(ascii: "\"") else { throw fail("json-syntax", "expected a member name in quotes", at: offset) }
            let name = try parseString(isBounded: true)
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fail("json-syntax", "expected : after a member name", at: offset) }
            skipSpace()
            let value = try parseValue(depth: depth)
            guard members.updateValue(value, forKey: name) == nil else {
                throw fail("json-duplicate-member", "this member name occurs twice", at: start)
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fail("json-syntax", "expected , or } in an object", at: offset) }
        }
    }

    private func checkDepth(_ depth: Int) throws(ModelError) {
        guard depth <= limits.depth else { throw fail("json-too-deep", "nested deeper than \(limits.depth) levels", at: offset) }
    }

    // MARK: Strings

    private mutating func parseString(isBounded: Bool) throws(ModelError) -> String {
        let start = offset
        offset += 1
        var text: [UInt8] = []
        var plainStart = offset
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                text.append(contentsOf: bytes[plainStart..<offset])
                offset += 1
                let string = String(decoding: text, as: UTF8.self)
                guard !isBounded || string.hasBoundedCombining else {
                    throw fail("json-combining", "more than \(String.combiningLimit) combining characters in a row", at: start)
                }
                return string
            case UInt8(ascii: "\\"):
                text.append(contentsOf: bytes[plainStart..<offset])
                try parseEscape(into: &text)
                plainStart = offset
            case 0..<0x20:
                throw fail("json-syntax", "a control character in a string must be escaped", at: offset)
            default:
                offset += 1
            }
        }
        throw fail("json-syntax", "this string has no end", at: start)
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(ModelError) {
        let start = offset
        offset += 1
        guard let kind = peek() else { throw fail("json-syntax", "the text ends within an escape", at: start) }
        offset += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "u"):
            var code = try parseHex4(escapeAt: start)
            if (0xd800...0xdbff).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = try parseHex4(escapeAt: start)
                guard (0xdc00...0xdfff).contains(low) else { throw fail("json-surrogate", "a lone surrogate", at: start) }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fail("json-surrogate", "a lone surrogate", at: start) }
            text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        default: throw fail("json-syntax", "an unknown escape", at: start)
        }
    }

    private mutating func parseHex4(escapeAt start: Int) throws(ModelError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fail("json-syntax", "expected four hex digits", at: start)
            }
            code = code << 4 | UInt32(digit)
            offset += 1
        }
        return code
    }

    // MARK: Numbers

    private mutating func parseNumber() throws(ModelError) -> JSONValue {
        let start = offset
        var isInteger = true
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if isDigit(peek()) { throw fail("json-syntax", "a number with a leading zero", at: start) }
        } else {
            try parseDigits()
        }
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try parseDigits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try parseDigits()
        }
        let literal = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isInteger, literal != "-0", let value = Int64(literal), value.magnitude <= UInt64(JSONValue.largestInteger) {
            return .integer(value)
        }
        guard let value = Double(literal), value.isFinite else {
            throw fail("json-number-range", "the number is too large", at: start)
        }
        if isInteger, literal != "-0", ECMAScriptNumber.format(value) != literal {
            var error = fail("json-number-range", "the integer cannot be represented exactly (2^53 or more)", at: start)
            error.hint = "write it as a string"
            throw error
        }
        return .number(value)
    }

    private mutating func parseDigits() throws(ModelError) {
        guard isDigit(peek()) else { throw fail("json-syntax", "expected a digit", at: offset) }
        while isDigit(peek()) { offset += 1 }
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    // MARK: Cursor

    private func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    }

    private func fail(_ code: String, _ message: String, at offset: Int) -> ModelError {
        ModelError(code, message, position: .byte(offset))
    }
}
