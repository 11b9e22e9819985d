// SPDX-License-Identifier: Apache-2.0

extension VectorValue {
    /// The deepest nesting of arrays and objects that is read.
    static let maximumDepth = 64

    /// The value of one JSON text (RFC 8259), strictly: nothing after it, no duplicate names but of
    /// comments (`_comment`), valid UTF-8, bounded depth.
    package init?(parsing bytes: [UInt8]) {
        guard (try? UTF8Span(validating: bytes.span)) != nil else { return nil }
        var parser = VectorParser(bytes: bytes)
        guard let value = parser.document() else { return nil }
        self = value
    }
}

/// A recursive descent parser; the recursion is bounded.
private struct VectorParser {
    let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() -> VectorValue? {
        guard let value = value(depth: 0) else { return nil }
        skipSpace()
        return offset == bytes.count ? value : nil
    }

    private mutating func value(depth: Int) -> VectorValue? {
        skipSpace()
        guard depth <= VectorValue.maximumDepth, offset < bytes.count else { return nil }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return literal("true", .bool(true))
        case UInt8(ascii: "f"): return literal("false", .bool(false))
        case UInt8(ascii: "n"): return literal("null", .null)
        default: return number()
        }
    }

    private mutating func literal(_ word: String, _ value: VectorValue) -> VectorValue? {
        let end = offset + word.utf8.count
        guard end <= bytes.count, bytes[offset..<end].elementsEqual(word.utf8) else { return nil }
        offset = end
        return value
    }

    private mutating func array(depth: Int) -> VectorValue? {
        offset += 1
        var elements: [VectorValue] = []
        if take("]") { return .array(elements) }
        repeat {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    private mutating func object(depth: Int) -> VectorValue? {
        offset += 1
        var members: [String: VectorValue] = [:]
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\""), let name = string() else { return nil }
            guard take(":"), let value = value(depth: depth + 1) else { return nil }
            guard members.updateValue(value, forKey: name) == nil || name.hasPrefix("_comment") else { return nil }
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func string() -> String? {
        offset += 1
        var text: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(into: &text) else { return nil }
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard offset < bytes.count else { return false }
        let kind = bytes[offset]
        offset += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            guard var code = hexDigits() else { return false }
            if (0xd800...0xdbff).contains(code) {
                guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u") else {
                    return false
                }
                offset += 2
                guard let low = hexDigits(), (0xdc00...0xdfff).contains(low) else { return false }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code), let encoded = UTF8.encode(scalar) else { return false }
            text.append(contentsOf: encoded)
        default: return false
        }
        return true
    }

    private mutating func hexDigits() -> UInt32? {
        guard offset + 4 <= bytes.count else { return nil }
        var code: UInt32 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            code = code << 4 | UInt32(digit)
        }
        offset += 4
        return code
    }

    private mutating func number() -> VectorValue? {
        let start = offset
        _ = takeByte("-")
        guard digits() > 0 else { return nil }
        if bytes[start..<offset].count > 1, bytes[start] == UInt8(ascii: "0") { return nil }
        if takeByte("."), digits() == 0 { return nil }
        if takeByte("e") || takeByte("E") {
            if !takeByte("+") { _ = takeByte("-") }
            guard digits() > 0 else { return nil }
        }
        return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private mutating func digits() -> Int {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) { offset += 1 }
        return offset - start
    }

    /// Skips white space, then the character if it is there.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        return takeByte(character)
    }

    private mutating func takeByte(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[offset]) { offset += 1 }
    }
}
