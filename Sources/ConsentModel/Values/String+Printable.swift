// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with control characters written out, so that a name from a file can neither break a line nor steer a terminal.
    package var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            let value = scalar.value
            if value < 0x20 || (0x7f...0x9f).contains(value) || (0x202a...0x202e).contains(value) || (0x2066...0x2069).contains(value) {
                text += "\\u{" + String(value, radix: 16) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
