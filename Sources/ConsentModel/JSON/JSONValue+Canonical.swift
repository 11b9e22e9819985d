// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// A finite number, as ``integer(_:)`` where its magnitude is an integer below 2^53.
    ///
    /// Not finite: `null`, as ECMAScript serialises it; parsers never make one.
    public init(finite value: Double) {
        if let integer = Int64(exactly: value), integer.magnitude <= UInt64(Self.largestInteger) {
            self = .integer(integer)
        } else {
            self = value.isFinite ? .number(value) : .null
        }
    }

    /// The RFC 8785 (JCS) form: no white space, members in the order of their UTF-16 code units, shortest numbers and escapes.
    public var canonical: [UInt8] {
        var output: [UInt8] = []
        appendCanonical(to: &output)
        return output
    }

    /// The RFC 8785 form as text.
    public var canonicalText: String {
        String(decoding: canonical, as: UTF8.self)
    }

    private func appendCanonical(to output: inout [UInt8]) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value):
            let isExact = value.magnitude <= UInt64(Self.largestInteger)
            output.append(contentsOf: (isExact ? String(value) : ECMAScriptNumber.format(Double(value))).utf8)
        case .number(let value): output.append(contentsOf: (value.isFinite ? ECMAScriptNumber.format(value) : "null").utf8)
        case .string(let text): Self.appendQuoted(text, to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.appendCanonical(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.appendQuoted(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.appendCanonical(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// RFC 8785 section 3.2.2.2: two-character escapes where they exist, `\u00xx` for other control characters, all else as it is.
    private static func appendQuoted(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x08: output.append(contentsOf: "\\b".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0x0a: output.append(contentsOf: "\\n".utf8)
            case 0x0c: output.append(contentsOf: "\\f".utf8)
            case 0x0d: output.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                output.append(contentsOf: "\\u00".utf8)
                output.append(contentsOf: (byte < 16 ? "0" : "").utf8)
                output.append(contentsOf: String(byte, radix: 16).utf8)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
