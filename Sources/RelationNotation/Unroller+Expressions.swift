// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel

extension Unroller {
    /// What an expression comes to.
    enum Value {
        /// A sum of nothing: fits everywhere.
        case empty
        /// Public scalars only: one coefficient.
        case scalar(PublicValue)
        /// Witness scalars with coefficients, without elements.
        case linear([(scalar: Int, coefficient: PublicValue)])
        /// Terms.
        case elements([UnrolledRelation.Term])

        /// In a message.
        var words: String {
            switch self {
            case .empty: "nothing"
            case .scalar: "a public scalar"
            case .linear: "a witness scalar"
            case .elements: "a group element"
            }
        }

        var count: Int {
            switch self {
            case .empty: 0
            case .scalar: 1
            case .linear(let terms): terms.count
            case .elements(let terms): terms.count
            }
        }
    }

    mutating func evaluate(_ node: Node) throws(ModelError) -> Value {
        try step(node.place)
        switch node.kind {
        case .integer(let value): return .scalar(.integer(value))
        case .big(let text): return .scalar(.big(text))
        case .name(let name, let indices): return try value(name, try indexValues(indices), node.place)
        case .sum(let summands):
            var sum = Summation()
            for summand in summands {
                try add(evaluate(summand.node), negated: summand.isNegative, to: &sum, summand.node.place)
            }
            return sum.value
        case .product(let factors):
            var product = Value.scalar(.one)
            for factor in factors { product = try multiply(product, evaluate(factor), factor.place) }
            return product
        case .power(let base, let exponent):
            guard case .scalar(let value) = try evaluate(base) else {
                throw .relation("linear", "only public scalars have powers", base.place)
            }
            let power = try integer(exponent)
            guard (0...limits.integer).contains(power) else {
                throw .relation("limit", "the exponent \(power) is not from 0 to \(limits.integer)", exponent.place)
            }
            return .scalar(value.raised(to: power))
        case .repeated(let body, let loop):
            var sum = Summation()
            try forEach(loop) { (unroller) throws(ModelError) in
                try unroller.add(unroller.evaluate(body), negated: false, to: &sum, body.place)
            }
            return sum.value
        }
    }

    // MARK: Names

    /// What a name with its indices stands for; notes that it is used.
    private mutating func value(_ base: String, _ indices: [Int], _ place: Place) throws(ModelError) -> Value {
        let name = Self.name(base, indices)
        guard let meaning = meanings[name] else { throw unknown(base, indices, place) }
        usedNames.insert(name)
        return switch meaning {
        case .integer(let value): .scalar(.integer(value))
        case .constant(let index): .scalar(.constant(index))
        case .parameter(let index): .scalar(.parameter(index))
        case .witness(let index): .linear([(index, .one)])
        case .element(let index): .elements([.init(scalar: nil, element: index, coefficient: .one)])
        }
    }

    private func unknown(_ base: String, _ indices: [Int], _ place: Place) -> ModelError {
        let name = Self.name(base, indices)
        guard let known = bases[base] else {
            return .relation("name", "\(name) is not declared", place, hint: Nearest.hint(base, among: bases.keys.sorted() + ["G"]))
        }
        if known.isFixed { return .relation("name", "\(name) is not declared, though \(base) is with other indices", place) }
        guard !known.ranges.isEmpty else {
            return .relation("name", "\(base) is one name and takes no index", place, hint: "declare it as \(base)[0..n-1]")
        }
        if indices.isEmpty { return .relation("name", "\(base) is a vector and needs an index (\(known.ranges))", place) }
        return .relation("name", "\(name) is not declared; the indices of \(base) are \(known.ranges)", place)
    }

    // MARK: Integers: indices, bounds, exponents

    mutating func indexValues(_ nodes: [Node]) throws(ModelError) -> [Int] {
        var values: [Int] = []
        for node in nodes {
            let value = try integer(node)
            guard (0...limits.integer).contains(value) else {
                throw .relation("size", "the index \(value) is not from 0 to \(limits.integer)", node.place)
            }
            values.append(value)
        }
        return values
    }

    /// The indices of a range; empty if its last is one below its first.
    mutating func values(_ range: IndexRange) throws(ModelError) -> Range<Int> {
        let first = try integer(range.first)
        let last = try integer(range.last)
        guard first >= 0, last <= limits.integer, last >= first - 1 else {
            throw .relation("size", "\(first)..\(last) is no range of indices from 0 to \(limits.integer)", range.place)
        }
        return first..<last + 1
    }

    /// An expression of integers, sizes, integer constants and loop indices.
    mutating func integer(_ node: Node) throws(ModelError) -> Int {
        try step(node.place)
        switch node.kind {
        case .integer(let value): return value
        case .name(let name, let indices):
            if indices.isEmpty, case .integer(let value) = meanings[name] { return value }
            guard indices.isEmpty, meanings[name] == nil, bases[name] == nil else {
                throw .relation(
                    "name", "\(name) is no integer here", node.place, hint: "indices are made of numbers, sizes and loop indices")
            }
            throw .relation(
                "name", "the size or index \(name) is not declared", node.place,
                hint: Nearest.hint(name, among: integerNames) ?? "declare it under Sizes:")
        case .sum(let summands):
            var sum = 0
            for summand in summands {
                let value = try integer(summand.node)
                let (next, overflow) =
                    summand.isNegative ? sum.subtractingReportingOverflow(value) : sum.addingReportingOverflow(value)
                guard !overflow else { throw tooLarge(node) }
                sum = next
            }
            return sum
        case .product(let factors):
            var product = 1
            for factor in factors {
                let (next, overflow) = product.multipliedReportingOverflow(by: try integer(factor))
                guard !overflow else { throw tooLarge(node) }
                product = next
            }
            return product
        case .power(let base, let exponent):
            let power = try integer(exponent)
            guard (0...limits.integer).contains(power), case .integer(let value) = PublicValue.integer(try integer(base)).raised(to: power)
            else { throw tooLarge(node) }
            return value
        case .big: throw tooLarge(node)
        case .repeated: throw .relation("syntax", "a sum cannot stand in an index", node.place)
        }
    }

    private var integerNames: [String] {
        meanings.compactMap { name, meaning in if case .integer = meaning { name } else { nil } }.sorted()
    }

    private func tooLarge(_ node: Node) -> ModelError {
        .relation("limit", "this integer is too large for an index or an exponent", node.place)
    }

    /// Runs `body` with the loop's variable at each of its values.
    mutating func forEach(
        _ loop: Loop, _ body: (inout Unroller) throws(ModelError) -> Void
    ) throws(ModelError) {
        if loop.variable == "G" || meanings[loop.variable] != nil || bases[loop.variable] != nil {
            throw .relation("name", "\(loop.variable) has a meaning already and cannot be an index", loop.place)
        }
        guard loop.variable.first?.isLowercase == true else {
            throw .relation("name", "an index begins with a lower-case letter", loop.place)
        }
        for value in try values(loop.range) {
            try step(loop.place)
            meanings[loop.variable] = .integer(value)
            try body(&self)
        }
        meanings[loop.variable] = nil
    }
}
