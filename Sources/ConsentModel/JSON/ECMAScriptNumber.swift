// SPDX-License-Identifier: Apache-2.0

/// Number to text as ECMAScript does it (ECMA-262 section 6.1.6.1.20 `Number::toString`), which RFC 8785 section 3.2.2.3 prescribes.
enum ECMAScriptNumber {
    /// The text of a finite number. Minus zero is `0`.
    static func format(_ value: Double) -> String {
        if value == 0 { return "0" }
        // Swift prints the shortest digits that read back as the same number, and of those the closest; only the layout differs.
        let (digits, pointPosition) = shortestDigits(value.magnitude)
        let sign = value < 0 ? "-" : ""
        let count = digits.count
        let point = pointPosition
        if count <= point, point <= 21 {
            return sign + digits + String(repeating: "0", count: point - count)
        }
        if 0 < point, point <= 21 {
            return sign + digits.prefix(point) + "." + digits.dropFirst(point)
        }
        if -6 < point, point <= 0 {
            return sign + "0." + String(repeating: "0", count: -point) + digits
        }
        let exponent = point - 1
        let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst(1)
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + String(exponent.magnitude)
    }

    /// Digits `d` without leading or trailing zeros and `n` such that the number is `0.d * 10^n`.
    private static func shortestDigits(_ value: Double) -> (digits: String, pointPosition: Int) {
        var digits: [Character] = []
        var pointPosition = 0
        var exponent = 0
        var isFraction = false
        let text = value.description
        for (index, character) in zip(text.indices, text) {
            if character == "e" {
                exponent = Int(text[text.index(after: index)...]) ?? 0
                break
            } else if character == "." {
                isFraction = true
            } else {
                digits.append(character)
                if !isFraction { pointPosition += 1 }
            }
        }
        let leadingZeros = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leadingZeros)
        while digits.last == "0" { digits.removeLast() }
        return (String(digits), pointPosition - leadingZeros + exponent)
    }
}
