// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Groups
import RangeProofs
import SigmaProofs
import TestSupport
import Testing

/// Random changes of every kind of proof, most of them into well-formed ones: none is accepted. A million of each under `make test-long`.
///
/// Relation proofs, range proofs and membership proofs by themselves have their own (`RelationMutationTests`, `RangeRejectionTests/mutations`,
/// `MembershipRejectionTests/mutations`).
@Suite(.serialized) struct MutationTests {
    static let count = runsLongTests ? 1_000_000 : 400

    /// Expects that nothing is accepted that is made of `proof` by changes, and with a layout that most of it is well formed.
    ///
    /// - Parameters:
    ///   - donors: the same kind of proof for another statement, and for the same one again.
    ///   - accepts: whether the file with this proof in place of its own is accepted.
    private func expectNone(
        _ proof: [UInt8], donors: [[UInt8]], _ layout: ProofMutator.Layout = [], accepts: @escaping @Sendable ([UInt8]) throws -> Bool
    ) async throws {
        #expect(try accepts(proof), "the proof itself holds")
        #expect(layout.isEmpty || Self.isWellFormed(proof, layout) && donors.allSatisfy { Self.isWellFormed($0, layout) })
        let tally = try await MutationTally.of(Self.count, proof, donors: donors, layout: layout) { bytes in
            try accepts(bytes) ? .accepted : Self.isWellFormed(bytes, layout) ? .refused : .malformed
        }
        #expect(tally.accepted == 0 && (layout.isEmpty || tally.isMostlyWellFormed), "\(tally)")
    }

    /// Whether every element decodes and is not the identity, every scalar is reduced, and there is nothing else.
    private static func isWellFormed(_ proof: [UInt8], _ layout: ProofMutator.Layout) -> Bool {
        var place = 0
        for (elements, scalars) in layout {
            guard place + 32 * (elements + scalars) <= proof.count else { return false }
            let bytes = proof.span.extracting(place..<place + 32 * (elements + scalars))
            guard let points = try? Suite.decode(canonical: bytes.extracting(0..<32 * elements)),
                !points.contains(where: { Suite.isIdentity($0) }),
                Suite.Scalar.decodeEach(canonical: bytes.extracting(32 * elements..<bytes.count)).refused.isEmpty
            else { return false }
            place += bytes.count
        }
        return place == proof.count
    }

    /// Of linear parts or disjunctions.
    private static func layout(_ relation: PointRelation) -> ProofMutator.Layout {
        let elements = relation.branches.reduce(0) { $0 + $1.family.template.equations.count }
        return [(elements, relation.sigmaByteCount / 32 - elements)]
    }

    /// Of the commitments of range clauses and the range proof; empty without range clauses.
    private static func rangeLayout(_ relation: PointRelation) -> ProofMutator.Layout {
        relation.rangeParameters.map { [(relation.rangeAttributes.count + 4, 3), (2 * $0.rounds, 2)] } ?? []
    }

    private func expectNone(_ bundle: Bundle, donors: [Bundle], slots: Int = 3, _ verifier: DatasetVerifier) async throws {
        let parts = BundleParts(bundle)
        // Four scalars are left at the end.
        let layout = [(2, slots), (parts.proof.count / 32 - 2 - slots - 4, 4)]
        try await expectNone(parts.proof, donors: donors.map(\.proof.bytes), layout) { proof in
            var changed = parts
            changed.proof = proof
            return try verifier.verify(changed.bundle(), evidence: Evidence(now: TestWorld.now)).holds
        }
    }

    @Test func datasetProofs() async throws {
        var (world, other) = (try TestWorld.honest(3, reveal: ["age"]), try TestWorld.honest(3, reveal: ["age"]))
        try await expectNone(world.prove(), donors: [world.prove(), other.prove()], DatasetVerifier(policy: world.policy()))
    }

    /// One proof over two schemas.
    @Test func datasetProofsOfTwoSchemas() async throws {
        var world = try SchemasWorld.honest([0, 1, 0, 1], reveal: ["age"])
        var other = try SchemasWorld.honest([1, 0, 1, 0], reveal: ["age"])
        try await expectNone(world.prove(), donors: [world.prove(), other.prove()], slots: 4, DatasetVerifier(policy: world.policy()))
    }

    /// The linear part, the commitments of range clauses and the range part of one of two rows.
    @Test(arguments: PointProofTests.kinds)
    func pointProofs(_ clauses: PointClauses) async throws {
        let world = try TestWorld.honest(2)
        let verifier = try PointVerifier(policy: world.policy(clauses), generators: world.kit.generators)
        func joined(_ parts: PointParts, _ row: Int) -> [UInt8] {
            parts.sigma[row] + (parts.rangeProofs.isEmpty ? [] : parts.rangeCommitments[row] + parts.rangeProofs[row])
        }
        let parts = PointParts(try world.provePoints(clauses))
        let again = PointParts(try world.provePoints(clauses))
        let (sigma, commitments) = (parts.sigma[1].count, parts.rangeCommitments.last?.count ?? 0)
        let layout = Self.layout(verifier.relation) + Self.rangeLayout(verifier.relation)
        try await expectNone(joined(parts, 1), donors: [joined(parts, 0), joined(again, 0), joined(again, 1)], layout) { proof in
            var changed = parts
            changed.sigma[1] = Array(proof[..<sigma])
            if commitments > 0 {
                changed.rangeCommitments[1] = Array(proof[sigma..<sigma + commitments])
                changed.rangeProofs[1] = Array(proof[(sigma + commitments)...])
            }
            return try verifier.verify(changed.bundle(), evidence: Evidence(now: TestWorld.now)).holds
        }
    }

    /// `K'`, the linear part, the range part and the membership part of one of two rows.
    @Test(arguments: [PointClauses.linear, .everything])
    func unlinkableProofs(_ clauses: PointClauses) async throws {
        let world = try TestWorld.honest(2)
        let verifier = try MemberVerifier(policy: world.policy(clauses), generators: world.kit.generators)
        func joined(_ parts: MemberParts, _ row: Int) -> [UInt8] {
            parts.elements[row] + parts.sigma[row] + parts.membership[row]
                + (parts.rangeProofs.isEmpty ? [] : parts.rangeCommitments[row] + parts.rangeProofs[row])
        }
        let parts = MemberParts(try world.proveMembers(clauses))
        let again = MemberParts(try world.proveMembers(clauses))
        let widths = [
            32, parts.sigma[1].count, parts.membership[1].count, parts.rangeCommitments.last?.count ?? 0,
            parts.rangeProofs.last?.count ?? 0,
        ]
        // Two members: one digit.
        let relation = try world.relation(clauses)
        let layout = [(1, 0)] + Self.layout(relation) + [(4 + 1, 3 + 3)] + Self.rangeLayout(relation)
        try await expectNone(joined(parts, 1), donors: [joined(parts, 0), joined(again, 0), joined(again, 1)], layout) { proof in
            var changed = parts
            var start = 0
            let pieces = widths.map { width in
                defer { start += width }
                return Array(proof[start..<start + width])
            }
            (changed.elements[1], changed.sigma[1], changed.membership[1]) = (pieces[0], pieces[1], pieces[2])
            if widths[3] > 0 { (changed.rangeCommitments[1], changed.rangeProofs[1]) = (pieces[3], pieces[4]) }
            return try verifier.verify(changed.bundle(), evidence: Evidence(now: TestWorld.now)).holds
        }
    }

    /// The bytes of a whole file of a data set, and of one of a point.
    @Test func files() async throws {
        let sample = try ByteFlipTests.Sample(rows: 2, .small)
        try await expectNone(sample.file, donors: [sample.file]) { try !sample.refuses($0) }
        let world = try TestWorld.honest(2)
        let verifier = try PointVerifier(policy: world.policy(.ranged), generators: world.kit.generators)
        let points = try PointFileTests.files(world, .ranged).map { try $0.encoded() }
        try await expectNone(points[1], donors: [points[0]]) { bytes in
            guard let bundle = try? PointFile(parsing: bytes).bundle(verifier.relation) else { return false }
            return try verifier.verify(bundle, evidence: Evidence(now: TestWorld.now)).holds
        }
    }
}
