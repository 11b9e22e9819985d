// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier
internal import Foundation
internal import Holding

/// Benchmarks of unlinkable point proofs: one for each of some rows, about the 65,536 entries of a ledger.
enum UnlinkableWorkloads {
    /// Entries of the ledger, and members of the set.
    private static let members = MemberHeader.rangeLimit
    private static let policyName = "unlinkable.yaml"

    /// From the policy file and the bundle's bytes to the verdict: inclusion, withdrawals and the making of the set included.
    static func verify(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let (fixture, bytes) = try prepared(n, setting)
        return [
            BenchmarkCase(
                name: "unlinkable-verify-batch", suite: "ristretto255", n: n, item: "proof", bytes: bytes.count, reportsMemory: true
            ) {
                let verifier = try MemberVerifier(policy: try Policy.load(path: fixture.path(policyName)))
                let verdict = try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: ConsentFixture.now))
                try check(
                    verdict.holds && verdict.dataPoints == n && verdict.members?.members == members,
                    "unlinkable-verify-batch: \(verdict.findings.map(\.message))")
            }
        ]
    }

    /// From the stores to the bytes, own verification included. The records of the whole dataset are compared.
    static func prove(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let (fixture, bytes) = try prepared(n, setting)
        return [
            BenchmarkCase(name: "unlinkable-prove", suite: "ristretto255", n: n, item: "proof", bytes: bytes.count, reportsMemory: true) {
                try check(try make(fixture, n).count == bytes.count, "unlinkable-prove")
            }
        ]
    }

    /// The size of a bundle of one proof about all entries of a fixture of `n` rows; none if they are more than a set has.
    static func sizes(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        guard n <= members else { return [] }
        let fixture = try ConsentFixture(rows: n, keep: setting.fixtures, progress: setting.progress)
        try writePolicy(fixture)
        return [
            BenchmarkCase(sizeOf: "bundle of one unlinkable proof", n: n, policy: "unlinkable", try make(fixture, 1).count)
        ]
    }

    private static func make(_ fixture: ConsentFixture, _ n: Int) throws -> [UInt8] {
        try fixture.making(policy: policyName, kind: .unlinkable).makeMembers(
            dataset: ConsentFixture.dataset, records: fixture.records(), rows: Set(1...n), range: fixture.entries, context: "",
            now: ConsentFixture.now
        ).bytes
    }

    private static func prepared(_ n: Int, _ setting: WorkloadSetting) throws -> (ConsentFixture, [UInt8]) {
        let fixture = try ConsentFixture(rows: members, keep: setting.fixtures, progress: setting.progress)
        try writePolicy(fixture)
        setting.progress("\(n) unlinkable point proofs")
        return (fixture, try make(fixture, n))
    }

    private static func writePolicy(_ fixture: ConsentFixture) throws {
        let policy = try String(contentsOfFile: fixture.path("policy.yaml"), encoding: .utf8).split(separator: "\n")
            .filter { !$0.contains("in_force") }
        try Data((policy.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: fixture.path(policyName)))
    }
}
