// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Testing

/// A proof of a kind that cannot show every clause of the policy is no proof of the policy.
@Suite struct StatementKindTests {
    @Test func datasetsShowNoRangesOrAlternatives() throws {
        let world = try TestWorld()
        for clauses in [PointClauses.ranged, .alternatives, .everything] {
            let policy = try world.policy(clauses)
            #expect {
                _ = try DatasetVerifier(policy: policy)
            } throws: { error in
                (error as? ModelError)?.code == "proof-kind"
            }
        }
    }
}
