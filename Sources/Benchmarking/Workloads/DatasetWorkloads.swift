// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentProver
internal import ConsentVerifier
internal import Groups
internal import Holding
internal import MembershipProofs
internal import RangeProofs

/// Benchmarks of whole datasets: from files to verdict, from stores to a file.
enum DatasetWorkloads {
    /// From the policy file and the bundle file to the verdict; inclusion, manifest and withdrawals included.
    static func verify(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try ConsentFixture(rows: n, keep: setting.fixtures, progress: setting.progress)
        let size = try InputFile.read(fixture.path("bundle.zkb"), limit: 1 << 40).count
        return [
            BenchmarkCase(
                name: "dataset-verify", suite: "ristretto255", n: n, item: "row", bytes: size, reportsMemory: true
            ) { try verify(fixture) }
        ]
    }

    /// The same with decoding advice in the file.
    static func verifyWithAdvice(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try ConsentFixture(rows: n, keep: setting.fixtures, progress: setting.progress)
        let name = "advised.zkb"
        try advise(fixture, name)
        let size = try InputFile.read(fixture.path(name), limit: 1 << 40).count
        return [
            BenchmarkCase(
                name: "dataset-verify-advice", suite: "ristretto255", n: n, item: "row", bytes: size, reportsMemory: true
            ) { try verify(fixture, name) }
        ]
    }

    private static func advise(_ fixture: ConsentFixture, _ name: String) throws {
        let verifier = try DatasetVerifier(policy: try Policy.load(path: fixture.path("policy.yaml")))
        let bundle = try verifier.parse(try InputFile.read(fixture.path("bundle.zkb"), limit: 1 << 40))
        var file = try OutputFile(fixture.path(name), force: true)
        try BundleWriter.write(try bundle.advised(), to: &file)
        try file.commit()
    }

    private static func verify(_ fixture: ConsentFixture, _ name: String = "bundle.zkb") throws {
        let verifier = try DatasetVerifier(policy: try Policy.load(path: fixture.path("policy.yaml")))
        let bytes = try InputFile.read(fixture.path(name), limit: 1 << 40)
        let verdict = try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: ConsentFixture.now))
        try check(verdict.holds, "dataset-verify: \(verdict.findings.map(\.message))")
    }

    /// From the stores (openings sealed) and the table to the file's bytes; the maker's own verification included.
    static func prove(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try ConsentFixture(rows: n, keep: setting.fixtures, progress: setting.progress)
        let size = try InputFile.read(fixture.path("bundle.zkb"), limit: 1 << 40).count
        let verification = BenchmarkPeer(name: "its verification", items: n) { try verify(fixture) }
        return [
            BenchmarkCase(
                name: "dataset-prove", suite: "ristretto255", n: n, item: "row", bytes: size, reportsMemory: true, peers: [verification]
            ) {
                let made = try fixture.making().make(
                    dataset: ConsentFixture.dataset, records: fixture.records(), context: "", now: ConsentFixture.now)
                try check(made.verdict?.holds == true, "dataset-prove")
            }
        ]
    }

    /// Data-point commitments of records, constant time, encoded: three bases each.
    static func commitRecords(_ n: Int) -> [BenchmarkCase] {
        let committer = DataPointCommitter()
        let records = (0..<n).map { Inputs.bytes(32, seed: UInt64($0)) }
        let subjects = (0..<n).map { Array("subject/\($0)".utf8) }
        return [
            BenchmarkCase(
                name: "commit-records", suite: "ristretto255", n: n, item: "record", bytes: 32 * n, peers: Peers.commit("ristretto255")
            ) { try check(committer.commit(records: records, subjects: subjects).dataPoints.count == 32 * n, "commit-records") }
        ]
    }

    /// Consents under `consent-v1`, constant time: attributes, flags, calendar; two encoded commitments each.
    static func commitConsents(_ n: Int) throws -> [BenchmarkCase] {
        let schema = try Schema.builtIn(named: ConsentFixture.schemaName)
        let committer = ConsentCommitter(try GeneratorTable(schema))
        let digests = (0..<n).map { Inputs.bytes(32, seed: UInt64($0)) }
        let consents = try ConsentFixture.consents(1..<n + 1, digests: digests, schema: schema)
        return [
            BenchmarkCase(name: "commit-consents", suite: "ristretto255", n: n, item: "consent", bytes: 64 * n) {
                try check(committer.commit(consents).consents.count == 32 * n, "commit-consents")
            }
        ]
    }

    /// Sizes without times: kinds of proofs and the files that they are in, by policy and number of data points.
    static func proofSize(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try ConsentFixture(rows: n, keep: setting.fixtures, progress: setting.progress)
        let verifier = try DatasetVerifier(policy: try Policy.load(path: fixture.path("policy.yaml")))
        let bytes = try InputFile.read(fixture.path("bundle.zkb"), limit: 1 << 40)
        let bundle = try verifier.parse(bytes)
        return [
            BenchmarkCase(sizeOf: "dataset proof", n: n, policy: "bench", bundle.proof.byteCount),
            BenchmarkCase(sizeOf: "dataset bundle", n: n, policy: "bench", bytes.count),
        ]
            + (try PointWorkloads.sizes(.linear, n, setting)) + (try PointWorkloads.sizes(.range, n, setting))
            + (try PointWorkloads.sizes(.anyOf, n, setting)) + (try UnlinkableWorkloads.sizes(n, setting))
            + [
                BenchmarkCase(sizeOf: "opening proofs, batchable", n: n, n * OpeningProofs<Suite>.itemByteCount),
                BenchmarkCase(
                    sizeOf: "range proofs of one value of 64 bits", n: n, n * (try RangeProofSet(Suite.self).parameters.proofByteCount)),
                BenchmarkCase(
                    sizeOf: "membership proofs in a set of 65,536", n: n, n * (try MembershipFixture().parameters().proofByteCount)),
            ]
    }
}
