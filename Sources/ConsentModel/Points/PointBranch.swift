// SPDX-License-Identifier: Apache-2.0
public import Groups
public import SigmaProofs

/// The linear relation of a point proof under one set of constraints: all of a policy, or those of one of its alternatives
/// (docs/protocol.md section 12.2).
public struct PointBranch: Sendable {
    /// The attributes in the tail: ascending indices in the schema.
    public let attributes: [Int]
    /// The flags in the tail: ascending indices in the schema's flags.
    public let flags: [Int]
    /// The relation with each row's own elements `D`, `K''`, `V_1 ... V_r`.
    public let family: RelationFamily<Suite>
    /// The slots of the data point, `rec, subj, s`, that the links of equation 1 take their scalars from.
    public let linkSlots: [Int]

    /// The scalars of the data point: `rec`, `subj`, `s`.
    public static let dataScalarCount = 3
    /// The length of the tail, `H` included.
    public var tailCount: Int { attributes.count + flags.count + 1 }
    /// The position of attribute `index` of the schema among the secret scalars, if it is in the tail.
    public func scalar(ofAttribute index: Int) -> Int? {
        attributes.firstIndex(of: index).map { Self.dataScalarCount + $0 }
    }

    /// The relation.
    ///
    /// - Parameters:
    ///   - constants: attributes with a fixed value, by index in the schema.
    ///   - valueBase: `B`, where there are range clauses.
    ///   - ranges: the attributes under range clauses, in the order of the clauses.
    init(
        _ statement: Statement, _ table: GeneratorTable, required: [Int], forbidden: [Int], constants: [Int: ConsentValue],
        ranges: [Int], valueBase: Suite.Point?
    ) throws(ModelError) {
        let schema = statement.schema
        var linked: [Int] = []
        for link in statement.links { linked.append(try schema.requireAttribute(link.rawValue)) }
        let constrained = Set(constants.keys).union(statement.revealed).union(linked)
        let constrainedFlags = Set(required).union(forbidden)
        attributes = schema.attributes.indices.filter { !constrained.contains($0) }
        flags = schema.flags.indices.filter { !constrainedFlags.contains($0) }
        let linkSlots = statement.links.map(\.slot)
        self.linkSlots = linkSlots

        var elements = [Suite.generator, table.recordData, table.subjectData, table.blinding]
        typealias Relation = LinearRelation<Suite>
        func add(_ point: Suite.Point) -> UInt32 {
            elements.append(point)
            return UInt32(elements.count - 1)
        }
        // Terms of the right-hand side of equation 1; elements in the order of the document.
        var consentTerms = linked.indices.map { link in
            Relation.Term(scalar: UInt32(linkSlots[link]), element: add(table.attributes[linked[link]]))
        }
        var scalar = UInt32(Self.dataScalarCount)
        for base in attributes.map({ table.attributes[$0] }) + flags.map({ table.flags[$0] }) {
            consentTerms.append(.init(scalar: scalar, element: add(base)))
            scalar += 1
        }
        consentTerms.append(.init(scalar: scalar, element: 3))
        scalar += 1
        var known: [Relation.ImageTerm] = []
        for (index, value) in constants.sorted(by: { $0.key < $1.key }) {
            guard let constant = schema.attributes[index].scalar(of: value) else {
                throw ModelError("invalid-value", "the constant \(schema.attributes[index].name) has the wrong type")
            }
            known.append(.init(element: add(table.attributes[index]), coefficient: -constant))
        }
        for index in required.sorted() { known.append(.init(element: add(table.flags[index]), coefficient: -Suite.Scalar.one)) }
        let valueElement = valueBase.map(add)
        let own = UInt32(elements.count)
        // Any elements that are not the identity stand for each row's own.
        for _ in 0..<2 + ranges.count { _ = add(Suite.generator) }

        var equations = [
            Relation.Equation(
                image: [.init(element: own)],
                terms: [.init(scalar: 0, element: 1), .init(scalar: 1, element: 2), .init(scalar: 2, element: 3)]),
            Relation.Equation(image: [.init(element: own + 1)] + known, terms: consentTerms),
        ]
        for (number, attribute) in ranges.enumerated() {
            guard let valueElement, let place = attributes.firstIndex(of: attribute) else {
                throw ModelError("statement-relation", "a range clause is about an attribute that is under another clause")
            }
            equations.append(
                Relation.Equation(
                    image: [.init(element: own + 2 + UInt32(number))],
                    terms: [
                        .init(scalar: UInt32(Self.dataScalarCount + place), element: valueElement), .init(scalar: scalar, element: 3),
                    ]))
            scalar += 1
        }
        do {
            family = try RelationFamily(
                template: LinearRelation(elements: elements, equations: equations), ownElements: Array(Int(own)..<elements.count))
        } catch {
            throw ModelError("statement-relation", "the statement has no relation: \(error)")
        }
    }
}
