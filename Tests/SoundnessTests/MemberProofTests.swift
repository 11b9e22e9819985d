// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import MembershipProofs
import Testing
import Transcripts

/// Honest unlinkable point proofs verify: without this the refusals of the other suites would mean nothing.
@Suite struct MemberProofTests {
    @Test(arguments: PointProofTests.kinds)
    func everyKindOfClause(_ clauses: PointClauses) throws {
        let world = try TestWorld.honest(5)
        let bundle = try world.proveMembers(clauses)
        let verdict = try world.verify(bundle, clauses)
        #expect(verdict.findings == [])
        #expect(verdict.dataPoints == 5 && verdict.members == .init(range: 0..<5, members: 5))
        #expect(verdict.kind == .unlinkable)
        let bytes = BundleWriter.encode(bundle)
        #expect(ProofFileKind(of: bytes) == .members)
        let parsed = try MemberVerifier(policy: world.policy(clauses)).parse(bytes)
        #expect(try world.reasons(parsed, clauses) == [])
        #expect(BundleWriter.encode(parsed) == bytes)
    }
}
