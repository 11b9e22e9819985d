// SPDX-License-Identifier: Apache-2.0

internal import Groups

/// A coefficient: a public constant of the statement, before a group is chosen.
///
/// Invariant: small integers are folded; the depth is bounded by that of the parentheses, for sums and products are flat.
indirect enum PublicValue: Sendable, Hashable {
    case integer(Int)
    /// An integer as it was written, decimal or `0x`.
    case big(String)
    /// The scalar parameter of this index.
    case parameter(Int)
    /// The constant of this index, which does not fit an `Int`.
    case constant(Int)
    case sum([PublicValue])
    case product([PublicValue])
    case negative(PublicValue)
    case power(PublicValue, Int)

    static var one: PublicValue { .integer(1) }

    /// The number of parts: what evaluating it costs.
    var weight: Int {
        switch self {
        case .integer, .big, .parameter, .constant: 1
        case .sum(let values), .product(let values): values.reduce(1) { $0 + $1.weight }
        case .negative(let value): 1 + value.weight
        case .power(let value, _): 32 + value.weight
        }
    }

    var negated: PublicValue {
        switch self {
        case .integer(let value) where value != .min: .integer(-value)
        case .negative(let value): value
        default: .negative(self)
        }
    }

    /// The product, as a flat list; `nil` if it would have more than `limit` factors.
    func times(_ other: PublicValue, limit: Int) -> PublicValue? {
        if case .integer(1) = self { return other }
        if case .integer(1) = other { return self }
        if case .integer(let a) = self, case .integer(let b) = other {
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            if !overflow { return .integer(product) }
        }
        let factors = self.factors + other.factors
        return factors.count <= limit ? .product(factors) : nil
    }

    private var factors: [PublicValue] {
        guard case .product(let factors) = self else { return [self] }
        return factors
    }

    /// The sum, folded where integers allow it.
    static func total(_ values: [PublicValue]) -> PublicValue {
        var integer = 0
        var rest: [PublicValue] = []
        for value in values {
            if case .integer(let next) = value {
                let (sum, overflow) = integer.addingReportingOverflow(next)
                if !overflow {
                    integer = sum
                    continue
                }
            }
            rest.append(value)
        }
        if rest.isEmpty { return .integer(integer) }
        if integer != 0 { rest.append(.integer(integer)) }
        return rest.count == 1 ? rest[0] : .sum(rest)
    }

    func raised(to exponent: Int) -> PublicValue {
        guard exponent != 1 else { return self }
        if case .integer(let base) = self {
            var power = 1
            for _ in 0..<min(exponent, 64) {
                let (next, overflow) = power.multipliedReportingOverflow(by: base)
                guard !overflow else { return .power(self, exponent) }
                power = next
            }
            // Beyond 64 factors only 0, 1 and -1 have not overflowed.
            if exponent <= 64 { return .integer(power) }
            if base == 0 || base == 1 { return .integer(base) }
        }
        return .power(self, exponent)
    }
}

// MARK: Evaluation

/// The scalars behind the names of coefficients.
struct PublicScalars<G: Group> {
    var parameters: [G.Scalar]
    var constants: [G.Scalar] = []

    /// The value in the scalar field. Every index is below the counts, by construction of the unrolled relation.
    func value(_ value: PublicValue) -> G.Scalar {
        switch value {
        case .integer(let integer): Self.scalar(integer)
        case .big(let text): Self.scalar(text)
        case .parameter(let index): parameters[index]
        case .constant(let index): constants[index]
        case .sum(let values): values.reduce(.zero) { $0 + self.value($1) }
        case .product(let values): values.reduce(.one) { $0 * self.value($1) }
        case .negative(let inner): -self.value(inner)
        case .power(let base, let exponent): Self.power(self.value(base), exponent)
        }
    }

    static func scalar(_ integer: Int) -> G.Scalar {
        let magnitude = G.Scalar(UInt64(integer.magnitude))
        return integer < 0 ? -magnitude : magnitude
    }

    private static func scalar(_ text: String) -> G.Scalar {
        let isHex = text.hasPrefix("0x")
        let radix = G.Scalar(UInt64(isHex ? 16 : 10))
        return text.dropFirst(isHex ? 2 : 0).reduce(.zero) { sum, digit in
            sum * radix + G.Scalar(UInt64(digit.hexDigitValue ?? 0))
        }
    }

    private static func power(_ base: G.Scalar, _ exponent: Int) -> G.Scalar {
        var result = G.Scalar.one
        var square = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = result * square }
            square = square * square
            rest >>= 1
        }
        return result
    }
}
