// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Numbers for people.
enum Format {
    /// Three significant digits, without an exponent.
    static func figure(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "-" }
        let digits = value == 0 ? 0 : max(0, 2 - Int(log10(value.magnitude).rounded(.down)))
        return String(format: "%.\(min(digits, 6))f", value)
    }

    /// A time per item in the unit that suits it.
    static func time(_ nanoseconds: Double?) -> String {
        guard let nanoseconds, nanoseconds.isFinite else { return "-" }
        switch nanoseconds {
        case ..<10_000: return figure(nanoseconds) + " ns"
        case ..<10_000_000: return figure(nanoseconds / 1e3) + " us"
        case ..<10_000_000_000: return figure(nanoseconds / 1e6) + " ms"
        default: return figure(nanoseconds / 1e9) + " s"
        }
    }

    /// `median (min-max)`.
    static func spread(_ spread: Spread?, _ text: (Double?) -> String = figure) -> String {
        guard let spread else { return "-" }
        return "\(text(spread.median)) (\(text(spread.min)) to \(text(spread.max)))"
    }

    /// A whole number with separators.
    static func count(_ value: Int?) -> String {
        guard let value else { return "-" }
        var digits = Array(String(value))
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: position)
            position -= 3
        }
        return String(digits)
    }
}
