// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Groups
import Provers
import RangeProofs
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// A prover of point proofs without alternatives and revealed values, in the plainest form (docs/protocol.md section 12): it keeps its witness, can prove one
/// statement again, and can choose late.
struct PointForger {
    typealias G = Suite
    typealias S = Suite.Scalar

    /// One row with its openings.
    struct Row {
        /// `D`, `K''`, `V_1`, ...: one in the image of each equation.
        var own: [G.Point]
        /// `rec subj s`, attributes, flags, `k`, the blindings of the `V_j`.
        var witness: [S]
    }

    let relation: PointRelation
    let session: SessionID
    private var family: RelationFamily<G> { relation.branches[0].family }

    init(_ relation: PointRelation, session: SessionID) { (self.relation, self.session) = (relation, session) }

    /// For proofs about the first ledger of a world.
    init(_ world: TestWorld, _ clauses: PointClauses) throws {
        relation = try world.relation(clauses)
        session = relation.session(holder: world.holder, context: world.context, origin: world.ledgers[0].origin)
    }

    /// Row `number` of a world with the consent of a receipt, as far as the two agree; `V_j` are fresh.
    ///
    /// - Parameter difference: what the coefficient of `H` in the consent is lowered by.
    func opened(_ world: TestWorld, _ number: Int, receipt: Int? = nil, difference: S = .zero) throws -> Row {
        let (row, receipt, branch) = (world.rows[number], world.receipts[receipt ?? number], relation.branches[0])
        let schema = world.kit.schema
        var witness = [
            Identifier.scalar(type: "record", bytes: row.record), Identifier.scalar(type: "subject", bytes: row.subject), row.blinding,
        ]
        for index in branch.attributes {
            let attribute = schema.attributes[index]
            witness.append(try #require(receipt.consent.values[attribute.name].flatMap { attribute.scalar(of: $0) }))
        }
        for index in branch.flags {
            let flag = schema.flags[index]
            witness.append(receipt.consent.flags[flag.group]?.contains(flag.name) == true ? .one : .zero)
        }
        witness.append(receipt.k - difference)
        let points = try decoded(row.dataPoint + receipt.entry[Entry.consentRange])
        let lowered = FalseRelation.multiply(-difference, relation.generators.blinding)
        var own = [points[0], G.add(points[1], lowered)]
        for attribute in relation.rangeAttributes {
            let value = witness[try #require(branch.scalar(ofAttribute: attribute))]
            let blinding = FalseRelation.random()
            own.append(G.vartimeMultiScalarMul([value, blinding], [PointRelation.valueBase, relation.generators.blinding]))
            witness.append(blinding)
        }
        return Row(own: own, witness: witness)
    }

    // MARK: Linear parts

    func nonces(_ row: Row) -> [S] { row.witness.map { _ in FalseRelation.random() } }

    /// The right-hand side of each equation: no own element stands there.
    func map(_ z: [S]) -> [G.Point] {
        let template = family.template
        return template.equations.map { equation in
            G.vartimeMultiScalarMul(
                equation.terms.map { $0.coefficient * z[Int($0.scalar)] }, equation.terms.map { template.elements[Int($0.element)] })
        }
    }

    /// What the image of each equation has besides the row's own element, whose coefficient is 1.
    private var known: [G.Point] {
        let template = family.template
        return template.equations.map { equation in
            let others = equation.image.filter { !family.ownElements.contains(Int($0.element)) }
            return G.vartimeMultiScalarMul(others.map(\.coefficient), others.map { template.elements[Int($0.element)] })
        }
    }

    /// `map(z) - c image`.
    func simulated(_ own: [G.Point], _ c: S, _ z: [S]) -> [G.Point] {
        let (right, known) = (map(z), known)
        return right.indices.map { G.add(right[$0], FalseRelation.multiply(-c, G.add(own[$0], known[$0]))) }
    }

    /// The own element with which one equation holds.
    func fitted(_ place: Int, _ announcement: G.Point, _ c: S, _ z: [S]) throws -> G.Point {
        let inverse = try #require(c.vartimeInverted())
        let image = FalseRelation.multiply(inverse, G.add(map(z)[place], G.negate(announcement)))
        return G.add(image, G.negate(known[place]))
    }

    /// Whether the equations hold with a challenge, whatever it was drawn from.
    func holds(_ own: [G.Point], _ announcements: [G.Point], _ c: S, _ z: [S]) -> Bool {
        G.encode(simulated(own, c, z)) == G.encode(announcements)
    }

    /// The challenge after a statement and announcements, as bytes.
    func challenge(_ statement: [UInt8], _ announcements: [UInt8]) -> S {
        family.challenges(statements: statement.span, announcements: announcements.span, session: session)[0]
    }

    func responses(_ nonces: [S], _ c: S, _ row: Row) -> [S] { nonces.indices.map { nonces[$0] + c * row.witness[$0] } }

    func bytes(_ announcements: [G.Point], _ z: [S]) -> [UInt8] { G.encode(announcements) + z.flatMap(\.bytes) }

    /// A linear part with fresh nonces.
    func proof(_ row: Row) -> [UInt8] {
        let nonces = nonces(row)
        let announcements = map(nonces)
        return bytes(announcements, responses(nonces, challenge(G.encode(row.own), G.encode(announcements)), row))
    }

    // MARK: Range parts

    /// The columns of a row.
    func columns(_ row: Row, _ sigma: [UInt8], _ rangeProof: [UInt8] = []) -> PointColumns {
        PointColumns(
            dataPoints: G.encode([row.own[0]]), consents: G.encode([row.own[1]]), revealed: [], sigma: bytesColumn(sigma, sigma.count),
            rangeCommitments: G.encode(Array(row.own[2...])), rangeProofs: rangeProof)
    }

    /// The range part that belongs to a linear part; empty without range clauses.
    func rangePart(_ row: Row, _ sigma: [UInt8]) throws -> [UInt8] {
        guard let parameters = relation.rangeParameters else { return [] }
        let equations = PointEquations(relation)
        let columns = columns(row, sigma)
        let context = equations.contexts(columns, statements: equations.statements(columns), session: session)[0]
        var numbers: [UInt64] = []
        for attribute in relation.rangeAttributes {
            numbers.append(row.witness[try #require(relation.branches[0].scalar(ofAttribute: attribute))].limbs[0])
        }
        let blindings = SecretScalars<G>(copying: row.witness.suffix(numbers.count))
        let prover = RangeProver<SpongeRangeTranscript<G>>(parameters)
        let openings = try prover.openings(SecretLimbs(copying: numbers.span), blindings: blindings, bounds: relation.bounds)
        return try prover.prove(
            values: openings.values, blindings: openings.blindings,
            commitments: equations.claims(columns.rangeCommitments, parameters).encodings, opening: context
        ).bytes
    }

    // MARK: Verifying

    func parsed(_ own: [[G.Point]], _ proofs: [[UInt8]]) throws -> FamilyProofs<G> {
        let (statements, all) = (G.encode(own.flatMap { $0 }), proofs.flatMap { $0 })
        return try FamilyProofs(family, statements: statements.span, proofs: all.span, session: session)
    }

    /// The rows whose linear parts the batch refuses.
    func refused(_ own: [[G.Point]], _ proofs: [[UInt8]]) throws -> [Int] {
        var batch = VerificationBatch<G>()
        batch.append(try parsed(own, proofs))
        return batch.failures().map(\.statement)
    }
}

/// A member of a batch of the size of another, which writes down its weights.
struct StatementsSpy: BatchMember {
    typealias G = Suite

    let seen = WeightSpy.Seen()
    let digest: [UInt8]
    let statementCount: Int
    let equationCount: Int
    var malformed: [Int] { [] }

    init(_ other: some BatchMember<G>) {
        (digest, statementCount, equationCount) = (other.digest, other.statementCount, other.equationCount)
    }

    func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        seen.weights = weights
        // The identity, with terms.
        sum.add([.zero], [G.generator])
    }

    /// The weights of a batch of it alone.
    func weights(_ verify: (VerificationBatch<G>) -> Void) -> [G.Scalar] {
        var batch = VerificationBatch<G>()
        batch.append(self)
        verify(batch)
        return seen.weights
    }
}

extension [UInt8] {
    /// Replaces the scalar at `start` by its sum with the order.
    mutating func addOrder(at start: Int) { replaceSubrange(start..<start + 32, with: plusOrder(self[start..<start + 32])) }
}

/// The 32 bytes of a scalar plus the order `q`: congruent, and not reduced.
func plusOrder(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var order = (-Suite.Scalar.one).limbs.flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
    // The order is odd: adding one to it less one does not carry.
    order[0] += 1
    precondition(bytes.count == order.count, "one scalar")
    var carry = 0
    return order.indices.map { index in
        let sum = Int(bytes[bytes.startIndex + index]) + Int(order[index]) + carry
        carry = sum >> 8
        return UInt8(sum & 0xff)
    }
}
