// SPDX-License-Identifier: Apache-2.0
import Groups
import SigmaProofs
import Testing
import Transcripts

/// A family of disjunctions about two own elements `X`, `Y`, and a prover of its statements in the plainest form, which can be told to err.
///
/// | branch | equations |
/// |---|---|
/// | 0 | `X = x G`, `Y = x H` |
/// | 1 | `X = m G + r H`, `Y - 5 K = s G` |
struct AlternativesForger {
    typealias G = Ristretto255
    typealias S = G.Scalar

    static let session = SigmaTag(application: "soundness-batch", flavor: .disjunctiveBatchable, group: G.self).session
    static let h = FalseRelation.h
    static let k = FalseRelation.multiply(S(UInt64(77)), FalseRelation.h)
    static let five = S(UInt64(5))
    static let branches = [0, 1]

    /// One statement with a witness for one branch: `x`, or `m, r, s`.
    struct Row {
        let own: [G.Point]
        let branch: Int
        let witness: [S]

        /// A statement that the branch's witness satisfies, and nothing is known of the other branch.
        static func random(_ branch: Int) -> Row {
            let w = (0..<3).map { _ in FalseRelation.random() }
            let (g, h) = (G.generator, AlternativesForger.h)
            if branch == 0 {
                return Row(own: [FalseRelation.multiply(w[0], g), FalseRelation.multiply(w[0], h)], branch: 0, witness: [w[0]])
            }
            return Row(
                own: [G.vartimeMultiScalarMul([w[0], w[1]], [g, h]), G.vartimeMultiScalarMul([w[2], five], [g, AlternativesForger.k])],
                branch: 1, witness: w)
        }

        /// A statement of which nobody knows a witness: multiples of `H` that are not `x G, x H`.
        static func refuted() -> Row {
            Row(own: (0..<2).map { _ in FalseRelation.multiply(FalseRelation.random(), AlternativesForger.h) }, branch: 0, witness: [.one])
        }
    }

    /// What a proof is made of.
    struct Proof {
        var announcements: [[G.Point]]
        var subchallenges: [S]
        var responses: [[S]]

        var bytes: [UInt8] {
            G.encode(announcements.flatMap { $0 }) + subchallenges.flatMap(\.bytes) + responses.flatMap { $0 }.flatMap(\.bytes)
        }
    }

    let family: DisjunctionFamily<G>

    init(reversed: Bool = false) throws {
        let row = Row.random(0)
        typealias Relation = LinearRelation<G>
        let first = try Relation(
            elements: [G.generator, Self.h] + row.own,
            equations: [
                .init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0)]),
                .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 1)]),
            ])
        let second = try Relation(
            elements: [G.generator, Self.h, Self.k] + row.own,
            equations: [
                .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 0), .init(scalar: 1, element: 1)]),
                .init(
                    image: [.init(element: 4), .init(element: 2, coefficient: -Self.five)], terms: [.init(scalar: 2, element: 0)]),
            ])
        let families = [
            try RelationFamily(template: first, ownElements: [2, 3]), try RelationFamily(template: second, ownElements: [3, 4]),
        ]
        family = try DisjunctionFamily(reversed ? families.reversed() : families)
    }

    func statement(_ row: Row) throws -> Disjunction<G> { try #require(family.disjunction(own: row.own)) }

    /// `map_b(z) - c image_b`.
    func simulated(_ row: Row, _ branch: Int, _ c: S, _ z: [S]) throws -> [G.Point] {
        let relation = try statement(row).branches[branch]
        return relation.equations.map { equation in
            G.vartimeMultiScalarMul(
                equation.terms.map { $0.coefficient * z[Int($0.scalar)] } + equation.image.map { -(c * $0.coefficient) },
                equation.terms.map { relation.elements[Int($0.element)] } + equation.image.map { relation.elements[Int($0.element)] })
        }
    }

    func challenge(_ row: Row, _ announcements: [[G.Point]]) throws -> S {
        DisjunctiveTranscript(Self.session, try statement(row)).challenge(announcement: announcements.flatMap { $0 }).scalar
    }

    /// A proof; announcements are made false by `errors` before the challenge is drawn.
    func proof(_ row: Row, errors: [(branch: Int, equation: Int, error: G.Point)] = []) throws -> Proof {
        let counts = family.branches.map(\.template.scalarCount)
        var z = counts.map { count in (0..<count).map { _ in FalseRelation.random() } }
        var c = counts.indices.map { $0 == row.branch ? S.zero : FalseRelation.random() }
        var t = try counts.indices.map { try simulated(row, $0, c[$0], z[$0]) }
        for (branch, equation, error) in errors { t[branch][equation] = G.add(t[branch][equation], error) }
        c[row.branch] = try challenge(row, t) - c[1 - row.branch]
        for slot in z[row.branch].indices { z[row.branch][slot] = z[row.branch][slot] + c[row.branch] * row.witness[slot] }
        return Proof(announcements: t, subchallenges: c, responses: z)
    }

    // MARK: Verifying

    func parsed(_ rows: [Row], _ proofs: [[UInt8]]) throws -> DisjunctionProofs<G> {
        let (statements, columns) = (G.encode(rows.flatMap(\.own)), proofs.flatMap { $0 })
        return try DisjunctionProofs(family, statements: statements.span, proofs: columns.span, session: Self.session)
    }

    /// The rows that the batch refuses.
    func refused(_ rows: [Row], _ proofs: [[UInt8]]) throws -> [Int] {
        var batch = VerificationBatch<G>()
        batch.append(try parsed(rows, proofs))
        return batch.failures().map(\.statement)
    }

    /// The rows that the verifier of one proof refuses.
    func refusedOneByOne(_ rows: [Row], _ proofs: [[UInt8]]) -> [Int] {
        rows.indices.filter { index in
            let bytes = proofs[index]
            guard let statement = family.disjunction(own: rows[index].own),
                let proof = try? BatchableDisjunctiveProof<G>(parsing: bytes.span, for: statement)
            else { return true }
            return (try? proof.verify(statement, session: Self.session)) == nil
        }
    }
}
