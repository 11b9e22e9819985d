// SPDX-License-Identifier: Apache-2.0

extension UnrolledRelation {
    /// The relation in notation again, unrolled: parsing it gives the same indices, terms and coefficients.
    public var notation: String {
        var lines = ["Relation \(name)(\(parameterNames.joined(separator: ", "))):"]
        if !constants.isEmpty {
            lines.append("  Constants: " + constants.map { "\($0.name) = \(text($0.value, in: .sum))" }.joined(separator: ", "))
        }
        lines.append("  Witness: " + witnessNames.joined(separator: ", "))
        lines.append("  Equations:")
        lines += equations.map { "    \(side($0.image)) = \(side($0.terms))" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The equations as the draft writes compiled instances: indices and coefficients.
    public var indexNotation: [String] {
        equations.map { equation in
            let image = equation.image.map { "(\($0.element), \(text($0.coefficient, in: .sum)))" }
            let terms = equation.terms.map { "(\($0.scalar ?? 0), \($0.element), \(text($0.coefficient, in: .sum)))" }
            return "Equation(image=[\(image.joined(separator: ", "))], terms=[\(terms.joined(separator: ", "))])"
        }
    }

    /// Elements and public scalars in the order declared.
    private var parameterNames: [String] {
        slots.filter { $0.kind != .witness }.flatMap(\.names)
    }

    private func side(_ terms: [Term]) -> String {
        var text = ""
        for term in terms {
            let (isNegative, coefficient) = term.coefficient.signAndMagnitude
            text += text.isEmpty ? (isNegative ? "-" : "") : isNegative ? " - " : " + "
            var factors = coefficient == .one ? [] : [self.text(coefficient, in: .product)]
            if let scalar = term.scalar { factors.append(witnessNames[scalar]) }
            text += (factors + [elementNames[term.element]]).joined(separator: " * ")
        }
        return text
    }

    private enum Context { case sum, product, power }

    private func text(_ value: PublicValue, in context: Context) -> String {
        switch value {
        case .integer(let integer): return integer < 0 && context != .sum ? "(\(integer))" : "\(integer)"
        case .big(let text): return text
        case .parameter(let index): return scalarNames[index]
        case .constant(let index): return constants[index].name
        case .sum(let values):
            var text = ""
            for value in values {
                let (isNegative, magnitude) = value.signAndMagnitude
                text += text.isEmpty ? (isNegative ? "-" : "") : isNegative ? " - " : " + "
                text += self.text(magnitude, in: .product)
            }
            return context == .sum ? text : "(\(text))"
        case .product(let values):
            let text = values.map { self.text($0, in: .power) }.joined(separator: " * ")
            return context == .power ? "(\(text))" : text
        case .negative(let inner):
            let text = "-" + self.text(inner, in: .product)
            return context == .sum ? text : "(\(text))"
        case .power(let base, let exponent):
            // The notation has no a^b^c: a power of a power stands in parentheses.
            let text = "\(self.text(base, in: .power))^\(exponent)"
            return context == .power ? "(\(text))" : text
        }
    }
}

extension PublicValue {
    /// The value without a leading minus, and whether there was one.
    fileprivate var signAndMagnitude: (isNegative: Bool, magnitude: PublicValue) {
        switch self {
        case .integer(let value) where value < 0 && value != .min: (true, .integer(-value))
        case .negative(let inner): (true, inner)
        default: (false, self)
        }
    }
}
