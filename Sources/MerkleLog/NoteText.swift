// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The decimal number below 2^63 without sign or leading zeros, or nil.
    static func canonicalDecimal(_ text: Substring) -> UInt64? {
        let digits = Array(text.utf8)
        let decimal = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard (1...19).contains(digits.count), digits.allSatisfy(decimal.contains) else { return nil }
        guard digits.count == 1 || digits[0] != UInt8(ascii: "0") else { return nil }
        guard let value = UInt64(text), value <= TreeSize.maximum else { return nil }
        return value
    }

    /// The lines of a text that ends in a newline, without their newlines; nil when it does not.
    func newlineTerminatedLines() -> [Substring]? {
        guard utf8.last == UInt8(ascii: "\n") else { return nil }
        return unicodeScalars.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
    }
}
