// SPDX-License-Identifier: Apache-2.0

public import ConsentModel

extension RelationDeclaration {
    /// Unrolls vectors and families, gives every name its index and every equation its terms.
    ///
    /// - Parameter sizes: The values of sizes; one that has a default may be left out.
    /// - Throws: `relation-size`, `relation-name`, `relation-unused`, `relation-linear`, `relation-limit`, with line and column.
    public func unrolled(sizes: [String: Int] = [:]) throws(ModelError) -> UnrolledRelation {
        var unroller = Unroller(self)
        try unroller.define(sizes: sizes)
        for parameter in parameters { try unroller.declare(parameter, isWitness: false) }
        for scalar in witness { try unroller.declare(scalar, isWitness: true) }
        for statement in statements { try unroller.unroll(statement) }
        try unroller.refuseUnused(equationsPlace)
        return unroller.relation
    }
}

/// The state of unrolling one relation.
struct Unroller {
    /// What a name stands for.
    enum Meaning {
        case integer(Int)
        case constant(Int)
        case element(Int)
        case parameter(Int)
        case witness(Int)
    }

    /// A declared name without its indices.
    struct Base {
        let kind: String
        /// `1..3` of each dimension, for messages; empty for a single name.
        let ranges: String
        /// Whether it was declared by single indices, of which there may be several.
        let isFixed: Bool
    }

    let declaration: RelationDeclaration
    let limits: RelationLimits
    var relation: UnrolledRelation
    var meanings: [String: Meaning] = [:]
    var bases: [String: Base] = [:]
    /// Where each name was declared.
    var places: [String: Place] = [:]
    var usedNames: Set<String> = []
    private var steps = 0
    private var termCount = 0

    init(_ declaration: RelationDeclaration) {
        self.declaration = declaration
        limits = declaration.limits
        relation = UnrolledRelation(name: declaration.name)
        meanings["G"] = .element(0)
    }

    /// Counts work, so that no small file costs much time.
    mutating func step(_ place: Place, count: Int = 1) throws(ModelError) {
        steps += count
        guard steps <= limits.steps else {
            throw .relation("limit", "this relation takes more than \(limits.steps) steps to unroll", place)
        }
    }

    // MARK: Sizes and constants

    mutating func define(sizes given: [String: Int]) throws(ModelError) {
        for size in declaration.sizes {
            try checkNew(size.name, size.place, isElement: false)
            let value: Int
            if let given = given[size.name] {
                value = given
            } else if let node = size.value {
                value = try integer(node)
            } else {
                throw .relation(
                    "size", "the size \(size.name) is not given", size.place, hint: "give it in the values file: {\"\(size.name)\": 4}")
            }
            guard (0...limits.integer).contains(value) else {
                throw .relation("size", "the size \(size.name) is \(value), not 0 to \(limits.integer)", size.place)
            }
            meanings[size.name] = .integer(value)
            bases[size.name] = Base(kind: "size", ranges: "", isFixed: false)
            relation.sizes[size.name] = value
        }
        if let unknown = given.keys.sorted().first(where: { name in !declaration.sizes.contains { $0.name == name } }) {
            throw ModelError(
                "relation-size", "the relation has no size \(unknown.printable)",
                hint: Nearest.hint(unknown, among: declaration.sizes.map(\.name)))
        }
        for constant in declaration.constants {
            try checkNew(constant.name, constant.place, isElement: false)
            guard let node = constant.value, case .scalar(let value) = try evaluate(node) else {
                throw .relation("name", "the constant \(constant.name) is no number", constant.place)
            }
            if case .integer(let integer) = value {
                meanings[constant.name] = .integer(integer)
            } else {
                meanings[constant.name] = .constant(relation.constants.count)
                relation.constants.append((constant.name, value))
            }
            bases[constant.name] = Base(kind: "constant", ranges: "", isFixed: false)
        }
    }

    // MARK: Names

    /// Refuses a name that means something already.
    private func checkNew(_ name: String, _ place: Place, isElement: Bool) throws(ModelError) {
        guard name != "G" else {
            throw .relation("name", "G is the generator and cannot be declared", place, hint: "it is element 0 of every relation")
        }
        if let base = bases[name] { throw .relation("name", "\(name) is declared already, as \(base.kind)", place) }
        guard isElement || name.first?.isLowercase == true else {
            throw .relation("name", "\(name) begins with an upper-case letter, as only elements do", place)
        }
    }

    mutating func declare(_ item: Declaration, isWitness: Bool) throws(ModelError) {
        let isElement = item.name.first?.isUppercase == true
        if isWitness, isElement {
            throw .relation("name", "\(item.name) begins with an upper-case letter: elements are no witnesses", item.place)
        }
        let kind: UnrolledRelation.Slot.Kind = isWitness ? .witness : isElement ? .element : .scalar
        let words = isWitness ? "a witness scalar" : isElement ? "an element" : "a public scalar"
        var names: [String]
        var shape: [Int] = []
        switch item.indices {
        case .fixed(let nodes):
            let indices = try indexValues(nodes)
            names = [Self.name(item.name, indices)]
            if indices.isEmpty || bases[item.name]?.isFixed != true {
                try checkNew(item.name, item.place, isElement: isElement)
                bases[item.name] = Base(kind: words, ranges: "", isFixed: !indices.isEmpty)
            } else if meanings[names[0]] != nil {
                throw .relation("name", "\(names[0]) is declared already", item.place)
            } else if let base = bases[item.name], base.kind != words {
                throw .relation("name", "\(item.name) is declared already, as \(base.kind)", item.place)
            }
        case .ranges(let ranges):
            try checkNew(item.name, item.place, isElement: isElement)
            names = [item.name]
            var bounds: [String] = []
            for range in ranges {
                let values = try self.values(range)
                bounds.append(values.isEmpty ? "none" : "\(values.lowerBound)..\(values.upperBound - 1)")
                shape.append(values.count)
                let (count, overflow) = names.count.multipliedReportingOverflow(by: values.count)
                guard !overflow, count <= limits.names else {
                    throw .relation("limit", "\(item.name) has more than \(limits.names) names", item.place)
                }
                names = names.flatMap { name in values.map { "\(name)[\($0)]" } }
            }
            bases[item.name] = Base(kind: "a vector", ranges: bounds.joined(separator: " and "), isFixed: false)
        }
        try assign(names, kind, item)
        let key = shape.isEmpty ? names[0] : item.name
        relation.slots.append(UnrolledRelation.Slot(kind: kind, key: key, shape: shape, names: names))
    }

    private mutating func assign(_ names: [String], _ kind: UnrolledRelation.Slot.Kind, _ item: Declaration) throws(ModelError) {
        try step(item.place, count: names.count)
        let total = relation.elementNames.count + relation.scalarNames.count + relation.witnessNames.count + names.count
        guard total <= limits.names else { throw .relation("limit", "more than \(limits.names) names", item.place) }
        for name in names {
            places[name] = item.place
            switch kind {
            case .element:
                meanings[name] = .element(relation.elementNames.count)
                relation.elementNames.append(name)
            case .scalar:
                meanings[name] = .parameter(relation.scalarNames.count)
                relation.scalarNames.append(name)
            case .witness:
                meanings[name] = .witness(relation.witnessNames.count)
                relation.witnessNames.append(name)
            }
        }
    }

    /// `X[1][2]`.
    static func name(_ base: String, _ indices: [Int]) -> String {
        base + indices.map { "[\($0)]" }.joined()
    }

    /// Refuses names that no equation uses: they would look as if the proof depended on them.
    func refuseUnused(_ place: Place) throws(ModelError) {
        guard !relation.equations.isEmpty else { throw .relation("unused", "the relation has no equation", place) }
        for name in relation.elementNames.dropFirst() + relation.scalarNames + relation.witnessNames where !usedNames.contains(name) {
            throw .relation("unused", "\(name) is used in no equation", places[name] ?? place, hint: "the proof would say nothing about it")
        }
    }

    // MARK: Equations

    mutating func unroll(_ statement: Statement) throws(ModelError) {
        switch statement {
        case .equation(let left, let right, let place):
            try append(left, right, place)
        case .family(let loop, let body):
            try forEach(loop) { (unroller) throws(ModelError) in
                for statement in body { try unroller.unroll(statement) }
            }
        }
    }

    private mutating func append(_ left: Node, _ right: Node, _ place: Place) throws(ModelError) {
        guard relation.equations.count < limits.equations else {
            throw .relation("limit", "more than \(limits.equations) equations", place)
        }
        try step(place)
        var equation = UnrolledRelation.Equation(image: [], terms: [], line: place.line)
        for (node, isLeft) in [(left, true), (right, false)] {
            for var term in try side(node) {
                // A term with a witness belongs on the right, one without on the left.
                try step(place, count: term.coefficient.weight)
                if (term.scalar == nil) != isLeft { term.coefficient = term.coefficient.negated }
                if term.scalar == nil { equation.image.append(term) } else { equation.terms.append(term) }
            }
        }
        termCount += equation.image.count + equation.terms.count
        guard termCount <= limits.terms else { throw .relation("limit", "more than \(limits.terms) terms", place) }
        guard !equation.terms.isEmpty else {
            throw .relation("linear", "this equation has no term with a witness scalar: it proves nothing", place)
        }
        guard !equation.image.isEmpty else {
            throw .relation(
                "linear", "this equation has no term without a witness scalar", place, hint: "zeros would satisfy it: it proves nothing")
        }
        relation.equations.append(equation)
    }

    private mutating func side(_ node: Node) throws(ModelError) -> [UnrolledRelation.Term] {
        switch try evaluate(node) {
        case .elements(let terms): return terms
        case .empty: return []
        case .scalar, .linear:
            throw .relation(
                "linear", "each side of an equation is a sum of group elements; this one has a scalar without an element", node.place,
                hint: "write x * G, with the element's name in upper case")
        }
    }
}
