// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with control characters written out, so that a name from a file can neither break a line nor steer a terminal.
    package var printable: String { printable(keeping: []) }

    /// The text with control characters written out but for its line ends and tabs.
    package var printableLines: String { printable(keeping: ["\n", "\t"]) }

    private func printable(keeping kept: [Unicode.Scalar]) -> String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isControl, !kept.contains(scalar) {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether it ends a line, controls a terminal, or turns the direction of text.
    package var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: true
        case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
