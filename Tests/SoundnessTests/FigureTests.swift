// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import TestSupport
import Testing

/// The figures of docs/performance.md that compare one folded proof with many proofs of one row. Printed, never asserted, but for what does not
/// depend on the machine. `make test-long`.
@Suite(.enabled(if: runsLongTests), .serialized) struct FigureTests {
    /// The tensor `proof` has one length for every N, and 100,000 rows fold into it.
    @Test func oneProofForAHundredThousandRows() throws {
        var few = try TestWorld.honest(10, .full)
        let small = try few.prove()
        var many = try TestWorld.honest(100_000, .full)
        let clock = ContinuousClock()
        var large = small
        let proving = try clock.measure { large = try many.prove() }
        #expect(large.proof.byteCount == small.proof.byteCount)
        let policy = try many.policy()
        let verifier = try DatasetVerifier(policy: policy, generators: many.kit.generators)
        let file = BundleWriter.encode(large)
        var findings: [Finding] = []
        let verifying = try clock.measure {
            findings = try verifier.verify(verifier.parse(file), evidence: Evidence(now: TestWorld.now)).findings
        }
        #expect(findings == [])

        var single = try TestWorld.honest(1, .full)
        let files = try (0..<1_000).map { _ in BundleWriter.encode(try single.prove()) }
        let one = try DatasetVerifier(policy: try single.policy(), generators: single.kit.generators)
        let oneByOne = try clock.measure {
            for file in files {
                let verdict = try one.verify(one.parse(file), evidence: Evidence(now: TestWorld.now))
                #expect(verdict.holds)
            }
        }
        let perRow = verifying / 100_000
        let perBundle = oneByOne / 1_000
        print("figures: prove 100,000 rows \(proving), verify \(verifying) (\(perRow) a row)")
        print("figures: 1,000 bundles of one row, one at a time \(oneByOne) (\(perBundle) a row), ratio \(perBundle / perRow)")
        print("figures: proof \(large.proof.byteCount) bytes, file \(file.count) bytes, N = 10: \(BundleWriter.encode(small).count) bytes")
    }
}
