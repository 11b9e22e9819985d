// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether two names are the same bytes. `==` of strings compares up to Unicode normalisation, which names and origins must not.
    package func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8)
    }

    /// The most combining characters in a row that a bounded text has: the number of UAX #15, section 13, Stream-Safe Text Format.
    package static let combiningLimit = 30

    /// Whether there are nowhere more than ``combiningLimit`` combining characters in a row.
    ///
    /// The standard library takes time in the square of the length of such a row to compare, hash or order a text. Texts from files are bounded before
    /// any of that. Linear time.
    package var hasBoundedCombining: Bool {
        // Below U+0300, of which the first byte is 0xcc, nothing combines.
        guard utf8.contains(where: { $0 >= 0xcc }) else { return true }
        var run = 0
        for scalar in unicodeScalars {
            run = scalar.combines ? run + 1 : 0
            if run > Self.combiningLimit { return false }
        }
        return true
    }
}

extension Unicode.Scalar {
    /// Whether its canonical decomposition may begin with a character that canonical order moves: every mark, and what has a combining class.
    fileprivate var combines: Bool {
        guard value >= 0x300 else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return properties.canonicalCombiningClass != .notReordered
        }
    }
}
