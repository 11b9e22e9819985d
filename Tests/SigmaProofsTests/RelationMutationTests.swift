// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import SigmaProofs
import TestSupport
import Testing

/// Random changes of relation proofs in every form, most of them into well-formed proofs: none is accepted. A million of each under `make test-long`.
@Suite struct RelationMutationTests {
    typealias G = Ristretto255
    private static let h: G.Point = {
        let uniform = (0..<64).map { UInt8(truncatingIfNeeded: 41 &* $0 &+ 7) }
        return G.points(uniformBytes: uniform.span)[0]
    }()

    private func expectNone(
        _ proof: [UInt8], donors: [[UInt8]], _ layout: ProofMutator.Layout,
        judge: @escaping @Sendable ([UInt8]) throws -> MutationTally.Verdict
    ) async throws {
        #expect(try judge(proof) == .accepted, "the proof itself holds")
        let tally = try await MutationTally.of(runsLongTests ? 1_000_000 : 400, proof, donors: donors, layout: layout, judge: judge)
        #expect(tally.accepted == 0 && tally.isMostlyWellFormed, "\(tally)")
    }

    /// A verdict from a parser and a verifier.
    private static func verdict<Proof>(
        _ parsed: () throws(ProofRejected) -> Proof, _ verify: (Proof) throws(ProofRejected) -> Void
    ) -> MutationTally.Verdict {
        guard let proof = try? parsed() else { return .malformed }
        return (try? verify(proof)) == nil ? .refused : .accepted
    }

    private static func samples() throws -> [Sample<G>] {
        func scalar(_ value: UInt64) -> G.Scalar { G.Scalar(value) }
        return try [
            .chaumPedersen(x: scalar(31), h: h), .pedersen(m: scalar(70), r: scalar(20), h: h),
            .opensTo(m: scalar(40), r: scalar(90), h: h),
        ]
    }

    @Test(arguments: 0..<3) func batchable(_ index: Int) async throws {
        let sample = try Self.samples()[index]
        let relation = sample.relation
        // Donors of another session: three changes could put all of one together that holds.
        let sessions = ["tests", "others", "more"].map { SigmaTag(application: $0, flavor: .batchable, group: G.self).session }
        let proofs = try sessions.map { try LinearProver.batchableProof(of: relation, witness: sample.secret, session: $0).bytes }
        try await expectNone(proofs[0], donors: Array(proofs[1...]), [(relation.equations.count, relation.scalarCount)]) { bytes in
            Self.verdict { () throws(ProofRejected) in
                try BatchableProof<G>(parsing: bytes.span, for: relation)
            } _: { (proof) throws(ProofRejected) in
                try proof.verify(relation, session: sessions[0])
            }
        }
    }

    @Test(arguments: 0..<3) func compact(_ index: Int) async throws {
        let sample = try Self.samples()[index]
        let relation = sample.relation
        // Donors of another session: three changes could put all of one together that holds.
        let sessions = ["tests", "others", "more"].map { SigmaTag(application: $0, flavor: .compact, group: G.self).session }
        let proofs = try sessions.map { try LinearProver.compactProof(of: relation, witness: sample.secret, session: $0).bytes }
        try await expectNone(proofs[0], donors: Array(proofs[1...]), [(0, 1 + relation.scalarCount)]) { bytes in
            Self.verdict { () throws(ProofRejected) in
                try CompactProof<G>(parsing: bytes.span, for: relation)
            } _: { (proof) throws(ProofRejected) in
                try proof.verify(relation, session: sessions[0])
            }
        }
    }

    /// Three branches of which one is known, the others simulated.
    private static func alternatives() throws -> DisjunctionSample<G> { try .mixed(h: h, known: [false, true, false]) }

    @Test func batchableAlternatives() async throws {
        let sample = try Self.alternatives()
        let (statement, session) = (sample.disjunction, DisjunctionSample<G>.session)
        let proofs = try (0..<3).map { _ in try sample.prove(1).bytes }
        let layout = [(statement.equationCount, statement.branches.count + statement.scalarCount)]
        try await expectNone(proofs[0], donors: Array(proofs[1...]), layout) { bytes in
            Self.verdict { () throws(ProofRejected) in
                try BatchableDisjunctiveProof<G>(parsing: bytes.span, for: statement)
            } _: { (proof) throws(ProofRejected) in
                try proof.verify(statement, session: session)
            }
        }
    }

    @Test func compactAlternatives() async throws {
        let sample = try Self.alternatives()
        let (statement, session) = (sample.disjunction, DisjunctionSample<G>.compactSession)
        let proofs = try (0..<3).map { _ in try sample.proveCompact(1).bytes }
        try await expectNone(proofs[0], donors: Array(proofs[1...]), [(0, statement.branches.count + statement.scalarCount)]) { bytes in
            Self.verdict { () throws(ProofRejected) in
                try CompactDisjunctiveProof<G>(parsing: bytes.span, for: statement)
            } _: { (proof) throws(ProofRejected) in
                try proof.verify(statement, session: session)
            }
        }
    }
}
