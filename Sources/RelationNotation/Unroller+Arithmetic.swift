// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel

extension Unroller {
    /// A sum in progress; all summands are of one kind.
    struct Summation {
        var scalars: [PublicValue] = []
        var linear: [(scalar: Int, coefficient: PublicValue)] = []
        var elements: [UnrolledRelation.Term] = []

        var value: Value {
            if !elements.isEmpty { return .elements(elements) }
            if !linear.isEmpty { return .linear(linear) }
            return scalars.isEmpty ? .empty : .scalar(.total(scalars))
        }

        /// The kind so far, in a message; `nil` at the beginning.
        var words: String? {
            if !elements.isEmpty { return Value.elements(elements).words }
            if !linear.isEmpty { return Value.linear(linear).words }
            return scalars.isEmpty ? nil : Value.scalar(.one).words
        }
    }

    mutating func add(_ value: Value, negated: Bool, to sum: inout Summation, _ place: Place) throws(ModelError) {
        try step(place, count: value.count)
        if case .empty = value { return }
        if let words = sum.words, words != value.words {
            throw .relation("linear", "\(value.words) is added to \(words)", place, hint: "every term of a sum needs an element: x * G")
        }
        switch value {
        case .empty: break
        case .scalar(let scalar): sum.scalars.append(negated ? scalar.negated : scalar)
        case .linear(let terms):
            sum.linear += negated ? terms.map { ($0.scalar, $0.coefficient.negated) } : terms
        case .elements(let terms):
            sum.elements +=
                negated ? terms.map { .init(scalar: $0.scalar, element: $0.element, coefficient: $0.coefficient.negated) } : terms
        }
    }

    /// Distributes, the left operand's terms slowest.
    mutating func multiply(_ left: Value, _ right: Value, _ place: Place) throws(ModelError) -> Value {
        let (count, overflow) = left.count.multipliedReportingOverflow(by: right.count)
        guard !overflow, count <= limits.terms else { throw .relation("limit", "more than \(limits.terms) terms", place) }
        try step(place, count: count)
        switch (left, right) {
        case (.empty, _), (_, .empty):
            return .empty
        case (.scalar(let a), .scalar(let b)):
            return .scalar(try coefficient(a, b, place))
        case (.scalar(let factor), .linear(let terms)), (.linear(let terms), .scalar(let factor)):
            var out: [(scalar: Int, coefficient: PublicValue)] = []
            for term in terms { out.append((term.scalar, try coefficient(factor, term.coefficient, place))) }
            return .linear(out)
        case (.scalar(let factor), .elements(let terms)), (.elements(let terms), .scalar(let factor)):
            var out: [UnrolledRelation.Term] = []
            for var term in terms {
                term.coefficient = try coefficient(factor, term.coefficient, place)
                out.append(term)
            }
            return .elements(out)
        case (.linear(let scalars), .elements(let terms)):
            return .elements(try distribute(scalars.count, terms.count, place) { (scalars[$0], terms[$1]) })
        case (.elements(let terms), .linear(let scalars)):
            return .elements(try distribute(terms.count, scalars.count, place) { (scalars[$1], terms[$0]) })
        case (.linear, .linear):
            throw .relation(
                "linear", "two witness scalars are multiplied", place,
                hint: "an equation is linear in the witness: commit to the product instead")
        case (.elements, .elements):
            throw .relation("linear", "two group elements are multiplied", place)
        }
    }

    private func distribute(
        _ outer: Int, _ inner: Int, _ place: Place,
        _ pair: (Int, Int) -> ((scalar: Int, coefficient: PublicValue), UnrolledRelation.Term)
    ) throws(ModelError) -> [UnrolledRelation.Term] {
        var out: [UnrolledRelation.Term] = []
        for i in 0..<outer {
            for j in 0..<inner {
                let (scalar, term) = pair(i, j)
                guard term.scalar == nil else {
                    throw .relation(
                        "linear", "two witness scalars are multiplied", place,
                        hint: "an equation is linear in the witness: commit to the product instead")
                }
                out.append(
                    .init(
                        scalar: scalar.scalar, element: term.element,
                        coefficient: try coefficient(scalar.coefficient, term.coefficient, place))
                )
            }
        }
        return out
    }

    private func coefficient(_ a: PublicValue, _ b: PublicValue, _ place: Place) throws(ModelError) -> PublicValue {
        guard let product = a.times(b, limit: limits.factors) else {
            throw .relation("limit", "a product of more than \(limits.factors) factors", place)
        }
        return product
    }
}
