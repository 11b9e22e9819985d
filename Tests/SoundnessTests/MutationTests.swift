// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import TestSupport
import Testing

/// Random changes of every kind of proof, most of them into well-formed ones: none is accepted. A million of each under `make test-long`.
///
/// Range proofs and membership proofs by themselves have their own (`RangeRejectionTests/mutations`, `MembershipRejectionTests/mutations`).
@Suite(.serialized) struct MutationTests {
    /// A valid file, and a way to put another proof into it.
    struct Subject: Sendable {
        let proof: [UInt8]
        /// The same kind of proof for another statement, and for the same one again.
        let donors: [[UInt8]]
        /// Whether the file with this proof in place of its own is accepted.
        let accepts: @Sendable ([UInt8]) throws -> Bool

        /// The number of accepted ones among `count` changed proofs.
        func accepted(_ count: Int) async throws -> Int {
            let lanes = 4
            return try await withThrowingTaskGroup(of: Int.self) { group in
                for lane in 0..<lanes {
                    group.addTask {
                        var mutator = ProofMutator(seed: UInt64(lane), donors: donors)
                        var accepted = 0
                        for _ in 0..<(count + lanes - 1) / lanes where try accepts(mutator.mutated(proof)) { accepted += 1 }
                        return accepted
                    }
                }
                return try await group.reduce(0, +)
            }
        }
    }

    static let count = runsLongTests ? 1_000_000 : 400

    private func expectNone(_ subject: Subject) async throws {
        #expect(try subject.accepts(subject.proof), "the proof itself holds")
        #expect(try await subject.accepted(Self.count) == 0)
    }

    private func expectNone(_ bundle: Bundle, donors: [Bundle], _ verifier: DatasetVerifier) async throws {
        let parts = BundleParts(bundle)
        try await expectNone(
            Subject(proof: parts.proof, donors: donors.map(\.proof.bytes)) { proof in
                var changed = parts
                changed.proof = proof
                return try verifier.verify(changed.bundle(), evidence: Evidence(now: TestWorld.now)).holds
            })
    }

    @Test func datasetProofs() async throws {
        var (world, other) = (try TestWorld.honest(3, reveal: ["age"]), try TestWorld.honest(3, reveal: ["age"]))
        try await expectNone(world.prove(), donors: [world.prove(), other.prove()], DatasetVerifier(policy: world.policy()))
    }

    /// One proof over two schemas.
    @Test func datasetProofsOfTwoSchemas() async throws {
        var world = try SchemasWorld.honest([0, 1, 0, 1], reveal: ["age"])
        var other = try SchemasWorld.honest([1, 0, 1, 0], reveal: ["age"])
        try await expectNone(world.prove(), donors: [world.prove(), other.prove()], DatasetVerifier(policy: world.policy()))
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
        try await expectNone(
            Subject(proof: joined(parts, 1), donors: [joined(parts, 0), joined(again, 0), joined(again, 1)]) { proof in
                var changed = parts
                changed.sigma[1] = Array(proof[..<sigma])
                if commitments > 0 {
                    changed.rangeCommitments[1] = Array(proof[sigma..<sigma + commitments])
                    changed.rangeProofs[1] = Array(proof[(sigma + commitments)...])
                }
                return try verifier.verify(changed.bundle(), evidence: Evidence(now: TestWorld.now)).holds
            })
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
        try await expectNone(
            Subject(proof: joined(parts, 1), donors: [joined(parts, 0), joined(again, 0), joined(again, 1)]) { proof in
                var changed = parts
                var start = 0
                let pieces = widths.map { width in
                    defer { start += width }
                    return Array(proof[start..<start + width])
                }
                (changed.elements[1], changed.sigma[1], changed.membership[1]) = (pieces[0], pieces[1], pieces[2])
                if widths[3] > 0 { (changed.rangeCommitments[1], changed.rangeProofs[1]) = (pieces[3], pieces[4]) }
                return try verifier.verify(changed.bundle(), evidence: Evidence(now: TestWorld.now)).holds
            })
    }

    /// The bytes of a whole file of a data set, and of one of a point.
    @Test func files() async throws {
        let sample = try ByteFlipTests.Sample(rows: 2, .small)
        try await expectNone(Subject(proof: sample.file, donors: [sample.file]) { try !sample.refuses($0) })
        let world = try TestWorld.honest(2)
        let verifier = try PointVerifier(policy: world.policy(.ranged), generators: world.kit.generators)
        let points = try PointFileTests.files(world, .ranged).map { try $0.encoded() }
        try await expectNone(
            Subject(proof: points[1], donors: [points[0]]) { bytes in
                guard let bundle = try? PointFile(parsing: bytes).bundle(verifier.relation) else { return false }
                return try verifier.verify(bundle, evidence: Evidence(now: TestWorld.now)).holds
            })
    }
}
