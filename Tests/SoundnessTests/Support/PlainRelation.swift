// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Groups
import SigmaProofs
import Testing

/// The relation of docs/protocol.md section 12.2 under one set of constraints with a row's own elements, written from the clauses: `PointBranch`,
/// of which prover and verifier make theirs, has no part in it.
struct PlainRelation {
    typealias Scalar = Suite.Scalar

    /// Attributes of the tail, in schema order.
    let attributes: [Int]
    /// Flags of the tail, in schema order.
    let flags: [Int]
    /// In the drafts' form, for the transcript.
    let draft: LinearRelation<Suite>

    /// - Parameter own: the encodings of `D`, `K''`, `V_1 ... V_r`.
    init(_ world: TestWorld, _ statement: Statement, _ choice: Statement.Alternative?, own: [[UInt8]]) throws {
        let (schema, generators) = (world.kit.schema, world.kit.generators)
        let constants = statement.constants.merging(choice?.constants ?? [:]) { common, _ in common }
        let required = (statement.requiredFlags + (choice?.requiredFlags ?? [])).sorted()
        let constrained = Set(required + statement.forbiddenFlags + (choice?.forbiddenFlags ?? []))
        let links = try statement.links.map { try #require(schema.attributeIndex(named: $0.rawValue)) }
        attributes = schema.attributes.indices.filter { constants[$0] == nil && !(statement.revealed + links).contains($0) }
        flags = schema.flags.indices.filter { !constrained.contains($0) }

        var elements = [Suite.generator, generators.recordData, generators.subjectData, generators.blinding]
        func add(_ point: Suite.Point) -> UInt32 {
            elements.append(point)
            return UInt32(elements.count - 1)
        }
        typealias Term = LinearRelation<Suite>.Term
        var terms = links.indices.map {
            Term(scalar: statement.links[$0] == .record ? 0 : 1, element: add(generators.attributes[links[$0]]))
        }
        let tail = attributes.map { generators.attributes[$0] } + flags.map { generators.flags[$0] }
        terms += tail.indices.map { Term(scalar: UInt32(3 + $0), element: add(tail[$0])) }
        terms.append(Term(scalar: UInt32(3 + tail.count), element: 3))
        let known =
            try constants.sorted { $0.key < $1.key }.map {
                (add(generators.attributes[$0.key]), -(try #require(schema.attributes[$0.key].scalar(of: $0.value))))
            } + required.map { (add(generators.flags[$0]), -Scalar.one) }
        let ranges = try Self.rangeAttributes(statement)
        let valueBase = ranges.isEmpty ? 0 : add(Generators.derive([[Array("range".utf8), Array("value".utf8)]])[0])
        let first = UInt32(elements.count)
        elements += try decoded(own.flatMap { $0 })

        var equations = [
            LinearRelation<Suite>.Equation(
                image: [.init(element: first)],
                terms: [.init(scalar: 0, element: 1), .init(scalar: 1, element: 2), .init(scalar: 2, element: 3)]),
            .init(image: [.init(element: first + 1)] + known.map { .init(element: $0.0, coefficient: $0.1) }, terms: terms),
        ]
        for (j, attribute) in ranges.enumerated() {
            let value = UInt32(3 + (try #require(attributes.firstIndex(of: attribute))))
            equations.append(
                .init(
                    image: [.init(element: first + 2 + UInt32(j))],
                    terms: [.init(scalar: value, element: valueBase), .init(scalar: UInt32(4 + tail.count + j), element: 3)]))
        }
        draft = try LinearRelation(elements: elements, equations: equations)
    }

    /// The attributes under range clauses, the policy's and those of `in_force`, in schema order.
    private static func rangeAttributes(_ statement: Statement) throws -> [Int] {
        var attributes = Set(statement.ranges.map(\.attribute))
        for name in statement.inForce == nil ? [] : ["not_before", "expires"] {
            attributes.insert(try #require(statement.schema.attributeIndex(named: name)))
        }
        return attributes.sorted()
    }

    /// For each equation whether `sum z terms = t + c sum image`, one term at a time. There are no more `t` than equations.
    func holds(_ z: [Scalar], _ t: [ReferenceSum], _ c: Scalar) throws -> [Bool] {
        let elements = draft.elements.map { Suite.encode([$0]) }
        return try t.indices.map { number in
            let equation = draft.equations[number]
            let left = try ReferenceSum(equation.terms.map { (z[Int($0.scalar)], elements[Int($0.element)]) })
            let right = try ReferenceSum(
                [(.one, t[number].bytes)] + equation.image.map { (c * $0.coefficient, elements[Int($0.element)]) })
            return left == right
        }
    }
}
