// SPDX-License-Identifier: Apache-2.0

/// Text in XML and HTML. Whoever makes a bundle chooses its names: everything that could end a text or an attribute is escaped, and characters that XML
/// does not have are replaced.
enum Markup {
    /// Text between tags.
    static func text(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{fffd}")
            }
        }
        return result
    }

    /// An attribute's value with its quotes; line breaks and tabs are written as references, so that readers keep them.
    static func attribute(_ text: String) -> String {
        "\"" + Self.text(text).replacing("\n", with: "&#10;").replacing("\t", with: "&#9;") + "\""
    }

    /// Whether XML 1.0 has the character, and it neither controls a terminal nor turns the direction of text.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0xfffe, 0xffff, 0x202a...0x202e, 0x2066...0x2069, 0x200e, 0x200f, 0x061c: false
        case 0x2028, 0x2029: false
        default: true
        }
    }
}
