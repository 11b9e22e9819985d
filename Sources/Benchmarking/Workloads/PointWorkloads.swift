// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier
internal import Foundation
internal import Holding

/// Benchmarks of point proofs: one for each row of a bundle.
enum PointWorkloads {
    /// A policy over the data of ``ConsentFixture``.
    enum Clauses: String {
        /// Flags, a constant, a link.
        case linear
        /// With an expiry date, of 32 bits.
        case range
        /// With two alternatives.
        case anyOf = "any-of"

        /// The name of the batch among those of `zkconsent bench`.
        var name: String {
            switch self {
            case .linear: "point-verify-batch"
            case .range: "point-verify-batch-range"
            case .anyOf: "point-any-of-verify-batch"
            }
        }
        /// The name of proving.
        var provingName: String {
            switch self {
            case .linear: "point-prove"
            case .range: "point-prove-range"
            case .anyOf: "point-any-of-prove"
            }
        }
        /// What stands in the place of the policy's `in_force`, which point proofs would show by ranges.
        var lines: [String] {
            switch self {
            case .linear: []
            case .range: ["  range: {expires: {min: 18}}", "  range_bits: 32"]
            case .anyOf:
                ["  any_of:", "    - require: {data_categories: [Health]}", "    - forbid: {data_categories: [Location]}"]
            }
        }
        /// The file of the bundle in the fixture's folder.
        var bundle: String { "points-\(rawValue).zkb" }
        var policy: String { "points-\(rawValue).yaml" }
    }

    /// From the policy file and the bundle's bytes to the verdict: inclusion and withdrawals included.
    static func verify(_ clauses: Clauses, _ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try prepared(clauses, n, setting)
        let bytes = try InputFile.read(fixture.path(clauses.bundle), limit: 1 << 40)
        let few = min(n, 32)
        let files = try singles(fixture, clauses, few)
        let prepared = try PointVerifier(policy: try Policy.load(path: fixture.path(clauses.policy)))
        let single = BenchmarkPeer(name: "our own verification one at a time", items: few) { try verifyEach(prepared, files) }
        return [
            BenchmarkCase(
                name: clauses.name, suite: "ristretto255", n: n, item: "proof",
                bits: clauses == .range ? 32 : nil, bytes: bytes.count, reportsMemory: true, peers: [single]
            ) {
                let verifier = try PointVerifier(policy: try Policy.load(path: fixture.path(clauses.policy)))
                let verdict = try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: ConsentFixture.now))
                try check(verdict.holds && verdict.dataPoints == n, "\(clauses.name): \(verdict.findings.map(\.message))")
            }
        ]
    }

    /// From the stores to the bytes, own verification included.
    static func prove(_ clauses: Clauses, _ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try prepared(clauses, n, setting)
        let bytes = try InputFile.read(fixture.path(clauses.bundle), limit: 1 << 40).count
        return [
            BenchmarkCase(
                name: clauses.provingName, suite: "ristretto255", n: n, item: "proof", bits: clauses == .range ? 32 : nil, bytes: bytes,
                reportsMemory: true
            ) { try check(try make(fixture, clauses).count == bytes, clauses.provingName) }
        ]
    }

    /// Single proofs, one after the other, each with its ledger's evidence; the verifier is prepared once.
    static func verifySingle(_ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try prepared(.linear, n, setting)
        let files = try singles(fixture, .linear, n)
        let prepared = try PointVerifier(policy: try Policy.load(path: fixture.path(Clauses.linear.policy)))
        return [
            BenchmarkCase(
                name: "point-verify-single", suite: "ristretto255", n: n, item: "proof", bytes: files.reduce(0) { $0 + $1.count }
            ) { try verifyEach(prepared, files) }
        ]
    }

    /// The verifier is made before: the generators of the schema are no part of verifying one proof.
    private static func verifyEach(_ verifier: PointVerifier, _ files: [[UInt8]]) throws {
        for file in files {
            try check(
                try verifier.verify(
                    try PointFile(parsing: file).bundle(verifier.relation), evidence: Evidence(now: ConsentFixture.now)
                ).holds, "point-verify-single")
        }
    }

    /// Sizes of a bundle and of a file of one proof.
    static func sizes(_ clauses: Clauses, _ n: Int, _ setting: WorkloadSetting) throws -> [BenchmarkCase] {
        let fixture = try prepared(clauses, n, setting)
        let bundle = try InputFile.read(fixture.path(clauses.bundle), limit: 1 << 40).count
        let policy = "points-\(clauses.rawValue)"
        return [
            BenchmarkCase(
                sizeOf: "one point proof in a file of its own", n: n, policy: policy,
                try singles(fixture, clauses, 1).reduce(0) { $0 + $1.count }),
            BenchmarkCase(sizeOf: "point bundle", n: n, policy: policy, bundle),
        ]
    }

    // MARK: Preparing

    private static func prepared(_ clauses: Clauses, _ n: Int, _ setting: WorkloadSetting) throws -> ConsentFixture {
        let fixture = try ConsentFixture(rows: n, keep: setting.fixtures, progress: setting.progress)
        guard !FileManager.default.fileExists(atPath: fixture.path(clauses.bundle)) else { return fixture }
        setting.progress("\(n) point proofs")
        let policy = try String(contentsOfFile: fixture.path("policy.yaml"), encoding: .utf8).split(separator: "\n")
            .flatMap { line -> [String] in
                line.contains("in_force") ? clauses.lines : [String(line)]
            }
        try Data((policy.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: fixture.path(clauses.policy)))
        try Data(make(fixture, clauses)).write(to: URL(filePath: fixture.path(clauses.bundle)))
        return fixture
    }

    private static func make(_ fixture: ConsentFixture, _ clauses: Clauses) throws -> [UInt8] {
        try fixture.making(policy: clauses.policy, kind: .point).makePoints(
            dataset: ConsentFixture.dataset, records: fixture.records(), context: "", now: ConsentFixture.now
        ).bytes
    }

    /// Files of one proof each.
    private static func singles(_ fixture: ConsentFixture, _ clauses: Clauses, _ count: Int) throws -> [[UInt8]] {
        let made = try fixture.making(policy: clauses.policy, kind: .point).makePointFiles(
            dataset: ConsentFixture.dataset, records: fixture.records(), rows: Set(1...count), context: "", now: ConsentFixture.now)
        return try made.files.map { try $0.file.encoded() }
    }
}
