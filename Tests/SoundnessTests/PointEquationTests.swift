// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Groups
import SigmaProofs
import Testing
import Transcripts

/// Equations (4) to (8) of docs/protocol.md as sections 9, 12 and 14 write them, one term at a time on the bytes of bundles: sessions, relations and
/// transcripts are put together here again, and sums are those of the reference arithmetic.
@Suite struct PointEquationTests {
    typealias Scalar = Suite.Scalar

    /// A row with its proof, and what the auditor makes of both.
    struct Row {
        let dataPoint: [UInt8]
        /// `K`, or `K'` of an unlinkable proof.
        let consent: [UInt8]
        /// `K''`, by equation (7).
        let stripped: [UInt8]
        /// `V_1 ... V_r`.
        let ranges: [[UInt8]]
        let sigma: [UInt8]
        let rangeProof: [UInt8]

        /// - Parameter entry: where the row's values stand in revealed columns.
        init(
            _ world: TestWorld, _ statement: Statement, dataPoint: [UInt8], consent: [UInt8], entry: Int, revealed: [RevealedColumn],
            sigma: [UInt8], ranges: PointBundle.Ranges?, row: Int
        ) throws {
            (self.dataPoint, self.consent, self.sigma) = (dataPoint, consent, sigma)
            rangeProof = ranges?.proofs[row] ?? []
            let commitments = ranges?.commitments[row] ?? []
            self.ranges = stride(from: 0, to: commitments.count, by: 32).map { Array(commitments[$0..<$0 + 32]) }
            #expect(revealed.count == statement.revealed.count)
            let shown = try statement.revealed.indices.map { column in
                let attribute = statement.revealed[column]
                let value = try #require(world.kit.schema.attributes[attribute].scalar(of: revealed[column][entry]))
                return (-value, Suite.encode([world.kit.generators.attributes[attribute]]))
            }
            stripped = try ReferenceSum([(.one, consent)] + shown).bytes
        }

        var own: [[UInt8]] { [dataPoint, stripped] + ranges }
    }

    private func rows(_ world: TestWorld, _ bundle: PointBundle, _ statement: Statement) throws -> [Row] {
        try world.rows.indices.map { row in
            let entry = Int(bundle.positions[row])
            return try Row(
                world, statement, dataPoint: bundle.dataPoints[row], consent: Array(bundle.entries[entry][Entry.consentRange]),
                entry: entry,
                revealed: bundle.revealed, sigma: bundle.sigma[row], ranges: bundle.ranges, row: row)
        }
    }

    /// The session of 12.2, or with more items that of 14.2.
    private func session(_ world: TestWorld, _ statement: Statement, _ kind: String, _ more: [[UInt8]] = []) -> SessionID {
        let flavor = statement.alternatives.isEmpty ? "DSFS" : "ORDSFS"
        let items =
            [
                Array("zkconsent/v1/\(kind)-\(flavor)-with-sigma-proofs_Shake128_ristretto255".utf8), statement.digest,
                world.kit.schema.digest, Array(world.holder.utf8), Array(world.context.utf8), Array("a.example".utf8),
            ] + more
        return SessionID(tag: items.flatMap { lengthPrefixed($0) })
    }

    private func challenge(_ session: SessionID, _ messages: [UInt8]...) -> Scalar {
        var sponge = DuplexSponge(session)
        sponge.absorb(messages.flatMap { $0 })
        let wide = sponge.squeeze(48)
        return Scalar(reducingWide: wide.span)
    }

    private func scalar(_ bytes: ArraySlice<UInt8>) throws -> Scalar {
        let bytes = Array(bytes)
        return try Scalar(canonical: bytes.span)
    }

    /// One branch of a linear part: its relation with announcements, responses and (sub-)challenge.
    private struct Branch {
        let relation: PlainRelation
        let t: [ReferenceSum]
        let z: [Scalar]
        let c: Scalar
    }

    /// The branches of the linear part of a row and the challenge: a policy without alternatives has one branch.
    private func branches(
        _ world: TestWorld, _ statement: Statement, _ row: Row, _ session: SessionID
    ) throws -> (branches: [Branch], challenge: Scalar) {
        let isDisjunction = !statement.alternatives.isEmpty
        let choices: [Statement.Alternative?] = isDisjunction ? statement.alternatives : [nil]
        let relations = try choices.map { try PlainRelation(world, statement, $0, own: row.own) }
        let announced = 32 * relations.reduce(0) { $0 + $1.draft.equations.count }
        let serialized = relations.map(\.draft.serialized)
        let absorbed =
            isDisjunction
            ? littleEndian(UInt32(0)) + littleEndian(UInt32(relations.count)) + serialized.flatMap { lengthPrefixed($0) } : serialized[0]
        let c = challenge(session, absorbed, Array(row.sigma[..<announced]))

        var (point, place) = (0, announced + (isDisjunction ? 32 * relations.count : 0))
        let parts = try relations.enumerated().map { number, relation in
            let t = try relation.draft.equations.map { _ in
                defer { point += 32 }
                return try ReferenceSum([(.one, Array(row.sigma[point..<point + 32]))])
            }
            let z = try (0..<relation.draft.scalarCount).map { _ in
                defer { place += 32 }
                return try scalar(row.sigma[place..<place + 32])
            }
            let start = announced + 32 * number
            return Branch(relation: relation, t: t, z: z, c: isDisjunction ? try scalar(row.sigma[start..<start + 32]) : c)
        }
        #expect(place == row.sigma.count && parts.allSatisfy { $0.t.count == 2 + row.ranges.count })
        return (parts, c)
    }

    /// `map(z) = t + c image` of every equation of every branch, (6) if there are alternatives, and (5).
    private func expectEquations(_ branches: [Branch], _ challenge: Scalar) throws {
        for branch in branches { #expect(try branch.relation.holds(branch.z, branch.t, branch.c).allSatisfy(\.self)) }
        #expect(branches.reduce(Scalar.zero) { $0 + $1.c } == challenge, "(5)")
        // The equations say something: another response is refused by those in which its scalar stands.
        let first = branches[0]
        var other = first.z
        other[2] = other[2] + .one
        #expect(try first.relation.holds(other, first.t, first.c) == [false] + first.t.dropFirst().map { _ in true })
    }

    static let kinds = PointProofTests.kinds + [fullSchema]
    /// Several range clauses, two of them from `in_force`, with a link to the subject.
    static let fullSchema = PointClauses.with { clauses in
        clauses.inForce = Day(number: 20_400).flatMap { first in Day(number: 20_454).flatMap { DayInterval(first: first, last: $0) } }
        clauses.ranges = ["age": .init(minimum: 16, maximum: 90)]
        clauses.links = [.record, .subject]
    }

    private func world(_ clauses: PointClauses) throws -> TestWorld {
        var world = try clauses.inForce == nil ? TestWorld.honest(2) : .dated(consents: 2, rows: 2)
        world.context = "audit-7"
        return world
    }

    /// (7), (8), and with alternatives (5), (6), of point proofs.
    @Test(arguments: kinds) func ofPoints(_ clauses: PointClauses) throws {
        let world = try world(clauses)
        let statement = try clauses.statement(world.kit.schema)
        for row in try rows(world, world.provePoints(clauses), statement) {
            #expect(row.ranges.count == clauses.ranges.count + (clauses.inForce == nil ? 0 : 2))
            let parts = try branches(world, statement, row, session(world, statement, "point"))
            try expectEquations(parts.branches, parts.challenge)
        }
    }

    /// The scalars of a row's witness that a consent in the clear has: `rec`, `subj`, `s`, the tail with `k`.
    private func witness(_ world: TestWorld, _ relation: PlainRelation, row: Int) throws -> [Scalar] {
        let (receipt, schema) = (world.receipts[row], world.kit.schema)
        let attributes = try relation.attributes.map { index in
            let attribute = schema.attributes[index]
            return try #require(receipt.consent.values[attribute.name].flatMap { attribute.scalar(of: $0) })
        }
        let flags = relation.flags.map { receipt.consent.has(schema.flags[$0].name, in: schema.flags[$0].group) ? Scalar.one : .zero }
        let rec = Identifier.scalar(type: "record", bytes: world.rows[row].record)
        let subj = Identifier.scalar(type: "subject", bytes: world.rows[row].subject)
        return [rec, subj, world.rows[row].blinding] + attributes + flags + [receipt.k]
    }

    /// Equations 0 and 1 of 12.2 from the consents in the clear, and (4) of an announcement whose nonces follow from the witness: the branch that holds
    /// was made with `e = 0`, so `u = z - c w`; of the other `u = z`, `e` is its sub-challenge.
    @Test(arguments: [PointClauses.linear, .revealing, .alternatives]) func ofWitnesses(_ clauses: PointClauses) throws {
        let world = try world(clauses)
        let statement = try clauses.statement(world.kit.schema)
        for (number, row) in try rows(world, world.provePoints(clauses), statement).enumerated() {
            let parts = try branches(world, statement, row, session(world, statement, "point")).branches
            let holding = try parts.map { branch in
                let w = try witness(world, branch.relation, row: number)
                return try branch.relation.holds(w, [ReferenceSum([]), ReferenceSum([])], .one) == [true, true]
            }
            #expect(holding.filter(\.self).count == 1, "one branch holds, of row \(number)")
            for (branch, isTrue) in parts.indices.map({ (parts[$0], holding[$0]) }) {
                let w = try witness(world, branch.relation, row: number)
                let u = branch.z.indices.map { isTrue ? branch.z[$0] - branch.c * w[$0] : branch.z[$0] }
                #expect(try branch.relation.holds(u, branch.t, isTrue ? .zero : branch.c) == [true, true], "(4)")
            }
        }
    }

    /// (7) and (8) about `K'` in unlinkable proofs, and (M1) to (M3) about the same `K'` and the entries of the range.
    @Test(arguments: [PointClauses.linear, .everything]) func ofMembers(_ clauses: PointClauses) throws {
        var world = try TestWorld.honest(5)
        world.rows = [world.rows[1], world.rows[4]]
        let statement = try clauses.statement(world.kit.schema)
        let bundle = try world.proveMembers(clauses)
        let members = (0..<5).map { Array(bundle.entries[$0][Entry.consentRange]) }
        let block = SHAKE128.hash(
            lengthPrefixed(Array("zkconsent/v1/membership/block".utf8)) + members.flatMap { $0 }, count: 32)
        let set = SHAKE128.hash(
            lengthPrefixed(Array("zkconsent/v1/membership/set".utf8)) + lengthPrefixed(Array("ristretto255".utf8)) + littleEndian(UInt32(5))
                + block, count: 32)
        let session = session(world, statement, "member", [littleEndian(UInt64(0)) + littleEndian(UInt64(5)), set])
        for number in 0..<2 {
            let element = bundle.elements[number]
            let row = try Row(
                world, statement, dataPoint: bundle.dataPoints[number], consent: element, entry: number, revealed: bundle.revealed,
                sigma: bundle.sigma[number], ranges: bundle.ranges, row: number)
            let parts = try branches(world, statement, row, session)
            try expectEquations(parts.branches, parts.challenge)
            let bound = session.bytes + element + row.own.flatMap { $0 } + row.sigma + row.rangeProof
            let blinding = Suite.encode([world.kit.generators.blinding])
            let opening = lengthPrefixed(SHAKE128.hash(bound, count: 32)) + set + blinding + element
            try expectMembership(bundle.membership[number], opening, members, element, blinding)
        }
    }

    /// Section 11.4 for five members: two digits, sixteen places.
    private func expectMembership(
        _ proof: [UInt8], _ opening: [UInt8], _ members: [[UInt8]], _ element: [UInt8], _ blinding: [UInt8]
    ) throws {
        let x = challenge(SessionID(tag: "zkconsent/v1/member-membership/ristretto255"), opening, Array(proof[..<(32 * 6)]))
        let t = (0..<6).map { Array(proof[32 * $0..<32 * $0 + 32]) }
        let sent = try (6..<15).map { try scalar(proof[32 * $0..<32 * $0 + 32]) }
        #expect(proof.count == 32 * 15)
        let f = (0..<2).map { j in [x - sent[3 * j] - sent[3 * j + 1] - sent[3 * j + 2]] + sent[3 * j..<3 * j + 3] }
        func base(_ labels: [[UInt8]]) -> [UInt8] { Suite.encode(Generators.derive([[Array("membership".utf8)] + labels])) }
        let digits = (0..<8).map {
            base([Array("digit".utf8), littleEndian(UInt32($0 / 4)), littleEndian(UInt32($0 % 4))])
        }
        func commitment(_ values: [Scalar], _ r: Scalar) throws -> ReferenceSum {
            try ReferenceSum(values.indices.map { (values[$0], digits[$0]) } + [(r, base([Array("blinding".utf8)]))])
        }
        let all = f[0] + f[1]
        #expect(try ReferenceSum([(x, t[1]), (.one, t[0])]) == commitment(all, sent[6]), "(M1)")
        #expect(try ReferenceSum([(x, t[2]), (.one, t[3])]) == commitment(all.map { $0 * (x - $0) }, sent[7]), "(M2)")
        let places = (0..<16).map { (f[0][$0 % 4] * f[1][$0 / 4], members[min($0, 4)]) }
        #expect(
            try ReferenceSum(places) == ReferenceSum([(x * x, element), (.one, t[4]), (x, t[5]), (sent[8], blinding)]), "(M3)")
    }
}
