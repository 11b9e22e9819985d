// SPDX-License-Identifier: Apache-2.0

import Groups
import SigmaProofs
import Testing
import Transcripts

/// What a family refuses before any equation is what ``LinearRelation`` refuses, whatever the form: coefficients of zero, elements that repeat,
/// images and columns that cancel.
@Suite struct FamilyValidationTests {
    typealias G = AdditiveGroup<OrderM61>
    typealias Relation = LinearRelation<G>

    /// An element from a handful, so that sums are often the identity; the identity itself now and then.
    private static func element(_ random: inout SystemRandomNumberGenerator, identity: Bool = false) -> G.Point {
        G.vartimeMultiScalarMul([coefficient(Int.random(in: identity ? -3...3 : 1...3, using: &random))], [G.generator])
    }

    private static func coefficient(_ value: Int) -> G.Scalar {
        value < 0 ? -G.Scalar(UInt64(-value)) : G.Scalar(UInt64(value))
    }

    private static func equation(_ random: inout SystemRandomNumberGenerator, elements: UInt32, scalars: UInt32) -> Relation.Equation {
        let image = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            Relation.ImageTerm(
                element: .random(in: 0..<elements, using: &random), coefficient: coefficient(Int.random(in: -2...2, using: &random)))
        }
        let terms = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            Relation.Term(
                scalar: .random(in: 0..<scalars, using: &random), element: .random(in: 0..<elements, using: &random),
                coefficient: coefficient(Int.random(in: -2...2, using: &random)))
        }
        return Relation.Equation(image: image, terms: terms)
    }

    @Test func malformedJustWhereTheRelationIsRefused() throws {
        var random = SystemRandomNumberGenerator()
        var (families, refused, accepted) = (0, 0, 0)
        for _ in 0..<4_000 {
            let count = UInt32.random(in: 2...4, using: &random)
            let elements = [G.generator] + (1..<count).map { _ in Self.element(&random) }
            let equations = (0..<Int.random(in: 1...2, using: &random)).map { _ in Self.equation(&random, elements: count, scalars: 2) }
            let own = (1..<Int(count)).filter { _ in Bool.random(using: &random) }
            guard let template = try? Relation(elements: elements, equations: equations),
                let family = try? RelationFamily(template: template, ownElements: own)
            else { continue }
            families += 1
            let statements = (0..<5).map { _ in own.map { _ in Self.element(&random, identity: true) } }
            let proof = BatchableProof<G>(
                announcement: equations.map { _ in G.generator }, responses: [G.Scalar](repeating: .one, count: template.scalarCount))
            let bytes = statements.flatMap { G.encode($0) }
            let proofs = statements.flatMap { _ in proof.bytes }
            let parsed = try FamilyProofs(family, statements: bytes.span, proofs: proofs.span, session: SessionID(tag: "families"))
            let expected = statements.indices.filter { (try? family.relation(own: statements[$0])) == nil }
            #expect(parsed.malformed == expected, "\(equations), own \(own)")
            refused += expected.count
            accepted += statements.count - expected.count
        }
        #expect(families > 100 && refused > 100 && accepted > 100, "\(families) \(refused) \(accepted)")
    }
}
