// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

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
            // Neither XML 1.0 nor a reader has a use for these.
            case _ where scalar.isControl || scalar.value == 0xfffe || scalar.value == 0xffff: result.unicodeScalars.append("\u{fffd}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// An attribute's value with its quotes; line breaks and tabs are written as references, so that readers keep them.
    static func attribute(_ text: String) -> String {
        "\"" + Self.text(text).replacing("\n", with: "&#10;").replacing("\t", with: "&#9;") + "\""
    }
}
