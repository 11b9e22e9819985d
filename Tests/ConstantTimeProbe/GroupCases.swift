// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import Secrets
import SigmaProofs

/// What every group does with secrets: scalars, sums, encodings of sums, and the proofs over it.
///
/// - Parameter isSlow: whether sums of many points and proofs are left to `make test-long`.
func groupCases<G: Group>(_ group: G.Type, isSlow: Bool = false) -> [ProbeCase] {
    let name = G.name
    return scalarCases(group, name) + pointCases(group, name, isSlow: isSlow) + proverCases(group, name, isSlow: isSlow)
}

/// Independent bases, the generator first.
func bases<G: Group>(_ group: G.Type, _ count: Int) -> [G.Point] {
    let width = G.uniformByteCount
    let uniform = (0..<max(0, count - 1) * width).map { UInt8(truncatingIfNeeded: 89 &* $0 &+ $0 / width + 1) }
    return Array(([G.generator] + G.points(uniformBytes: uniform.span)).prefix(count))
}

// MARK: Scalars

private func scalarCases<G: Group>(_ group: G.Type, _ name: String) -> [ProbeCase] {
    typealias Secret = SecretScalars<G>
    let none: [UInt8] = []
    return [
        ProbeCase(name + "/reduce(wide:)") { evidence in
            let wide = SecretBytes.random(count: G.Scalar.wideByteCount)
            var out = SecretLimbs(count: G.scalarLimbCount)
            wide.withSpan { bytes in out.withMutableSpan { G.reduce(wide: bytes, into: &$0) } }
            evidence.result(out)
        },
        ProbeCase(name + "/multiplyAdd") { evidence in
            let a = Secret.random(count: 2)
            let b = Secret.random(count: 1)
            let c = Secret.random(count: 2)
            var out = SecretLimbs(count: 2 * G.scalarLimbCount)
            a.withSpan { a in b.withSpan { b in c.withSpan { c in out.withMutableSpan { G.multiplyAdd(a, b, c, into: &$0) } } } }
            evidence.result(out)
        },
        ProbeCase(name + "/add, subtract") { evidence in
            let a = Secret.random(count: 2)
            let b = Secret.random(count: 2)
            evidence.result(a.adding(b))
            evidence.result(a.subtracting(b))
        },
        ProbeCase(name + "/innerProduct") { evidence in
            let a = Secret.random(count: 3)
            let b = Secret.random(count: 3)
            evidence.result(a.innerProduct(b))
        },
        ProbeCase(name + "/SecretScalars", declassifies: [.response]) { evidence in
            let integers = SecretLimbs(count: 2)
            integers.classify()
            var sum = integers.withSpan { Secret(integers: $0) }
            evidence.result(sum)
            let other = Secret.random(count: 2)
            sum.accumulate(G.Scalar(UInt64(77)), times: other)
            evidence.result(sum)
            let responses = sum.responses(challenge: G.Scalar(UInt128.max), nonces: Secret.random(count: 2))
            evidence.result(responses)
            _ = responses.declassified(as: .response)
            _ = sum.copy().declassified(at: 1, as: .response)
        },
        ProbeCase(name + "/NonceGenerator") { evidence in
            let witness = Secret.random(count: 2)
            var generator = witness.withBytes { NonceGenerator(label: "probe", witness: $0, statement: none.span) }
            evidence.result(generator.scalars(G.self, count: 3))
            // Hedging: the witness alone makes nonces secret.
            let known = [UInt8](repeating: 1, count: 64)
            var hedged = witness.withBytes {
                NonceGenerator(label: "probe", witness: $0, statement: none.span, random: SecretBytes(copying: known.span))
            }
            evidence.result(hedged.scalars(G.self, count: 1))
            var bytes = SecretBytes(count: 100)
            bytes.withMutableSpan { hedged.fill(&$0) }
            evidence.result(bytes)
        },
    ]
}

// MARK: Points

private func pointCases<G: Group>(_ group: G.Type, _ name: String, isSlow: Bool) -> [ProbeCase] {
    typealias Secret = SecretScalars<G>
    return [1, 3, 17].map { count in
        // Encoding too: coordinates of a sum are secret until they are encoded. 17 are divided among the cores.
        ProbeCase(name + "/multiScalarMul, encode, \(count)", isLong: isSlow && count > 3) { evidence in
            evidence.result(G.encode([Secret.random(count: count).multiScalarMul(bases(group, count))]))
        }
    } + [
        ProbeCase(name + "/multiScalarMul(rows:)") { evidence in
            let table = G.fixedBases(bases(group, 2))
            let scalars = Secret.random(count: 2 * 3)
            evidence.result(G.encode(scalars.withSpan { G.multiScalarMul(rows: 3, $0, table) }))
        }
    ]
}

extension Evidence {
    /// Scalars in their cell.
    mutating func result<G: Group>(_ scalars: borrowing SecretScalars<G>) {
        for i in 0..<scalars.count {
            scalars.withScalar(i) { limbs in
                result((0..<limbs.count).map { limbs[$0] })
            }
        }
    }
}

// MARK: Proofs

private func proverCases<G: Group>(_ group: G.Type, _ name: String, isSlow: Bool) -> [ProbeCase] {
    [
        ProbeCase(name + "/LinearProver.compactProof", isLong: isSlow, declassifies: [.commitment, .announcement, .response]) { _ in
            let statement = try LinearStatement(group)
            _ = try LinearProver.compactProof(
                of: statement.relation, witness: statement.witness,
                session: SigmaTag(application: "probe", flavor: .compact, group: group).session)
        },
        ProbeCase(name + "/LinearProver.batchableProof", isLong: isSlow, declassifies: [.commitment, .announcement, .response]) { _ in
            let statement = try LinearStatement(group)
            _ = try LinearProver.batchableProof(
                of: statement.relation, witness: statement.witness,
                session: SigmaTag(application: "probe", flavor: .batchable, group: group).session)
        },
        ProbeCase(
            name + "/DisjunctiveProver", isLong: isSlow, declassifies: [.commitment, .announcement, .subchallenge, .response]
        ) { _ in
            let other = try LinearStatement(group)
            let statement = try LinearStatement(group)
            let disjunction = try Disjunction([other.relation, statement.relation])
            var branch = SecretLimbs(count: 1)
            branch.withMutableSpan { $0[0] = 1 }
            branch.classify()
            let witness = DisjunctiveWitness<G>(branch: branch, scalars: statement.witness.copy())
            _ = try DisjunctiveProver.batchableProof(
                of: disjunction, witness: witness,
                session: SigmaTag(application: "probe", flavor: .disjunctiveBatchable, group: group).session)
            _ = try DisjunctiveProver.compactProof(
                of: disjunction, witness: witness,
                session: SigmaTag(application: "probe", flavor: .disjunctiveCompact, group: group).session)
        },
        ProbeCase(name + "/FoldedProver", isLong: isSlow, declassifies: [.announcement, .response]) { _ in
            // A tail of six places: the round begins where the responses are declassified. They are public by the argument of docs/protocol.md
            // section 6, and the rounds, a function of them, take variable time.
            let points = bases(group, 9)
            let relation = try FoldedRelation<G>(
                dataBases: Array(points[0..<2]), links: [FoldedRelation.Link(slot: 0, base: points[2])], tailBases: Array(points[3..<9]))
            let data = SecretScalars<G>.random(count: 2)
            let tail = SecretScalars<G>.random(count: 6)
            _ = try FoldedProver.prove(
                relation, data: data, tail: tail,
                transcript: FoldedTranscript(sessionTag: "probe", absorbing: [[1, 2, 3]]).weighted())
        },
    ]
}

/// A statement and its witness.
private struct LinearStatement<G: Group>: ~Copyable {
    let relation: LinearRelation<G>
    let witness: SecretScalars<G>
}

extension LinearStatement {
    /// `P = x G + y B1` and `Q = 3 x B2`: a commitment and a linked element, with a coefficient.
    init(_ group: G.Type) throws {
        typealias Relation = LinearRelation<G>
        let points = bases(group, 3)
        witness = SecretScalars.random(count: 2)
        var image = G.encode([
            witness.multiScalarMul([points[0], points[1]]),
            witness.selecting([0]).multiScalarMul([G.vartimeMultiScalarMul([G.Scalar(UInt64(3))], [points[2]])]),
        ])
        declassify(&image, as: .commitment)
        relation = try Relation(
            elements: points + G.decode(canonical: image.span),
            equations: [
                Relation.Equation(
                    image: [Relation.ImageTerm(element: 3)],
                    terms: [Relation.Term(scalar: 0, element: 0), Relation.Term(scalar: 1, element: 1)]),
                Relation.Equation(
                    image: [Relation.ImageTerm(element: 4)],
                    terms: [Relation.Term(scalar: 0, element: 2, coefficient: G.Scalar(UInt64(3)))]),
            ])
    }
}

extension SecretScalars {
    /// The scalars at public positions.
    fileprivate borrowing func selecting(_ positions: [Int]) -> SecretScalars<G> {
        var selected = SecretScalars(zeros: positions.count)
        for (index, position) in positions.enumerated() { withScalar(position) { selected.set(limbs: $0, at: index) } }
        return selected
    }
}
