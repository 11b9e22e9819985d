// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Foundation

extension FuzzTarget {
    /// The verifier itself, under the policies of `Tests/Fuzz/samples`. A sample holds; nothing else may.
    static let verification = [
        FuzzTarget(name: "verify-dataset", summary: "verification of a data set") { bytes in
            guard let verifier = datasetVerifier, let sample = sample("dataset.zkb") else { fatalError(noSamples) }
            guard let bundle = try? verifier.parse(bytes) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed bundle holds")
        },
        FuzzTarget(name: "verify-points", summary: "verification of point proofs with a range") { bytes in
            guard let verifier = pointVerifier, let sample = sample("points.zkb") else { fatalError(noSamples) }
            guard let bundle = try? verifier.parse(bytes) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed bundle holds")
        },
        FuzzTarget(name: "verify-members", summary: "verification of unlinkable point proofs") { bytes in
            guard let verifier = memberVerifier, let sample = sample("members.zkb") else { fatalError(noSamples) }
            guard let bundle = try? verifier.parse(bytes) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed bundle holds")
        },
        FuzzTarget(name: "verify-point", summary: "verification of a file of one point proof") { bytes in
            guard let verifier = pointVerifier, let sample = sample("point.zkp") else { fatalError(noSamples) }
            guard let bundle = try? PointFile(parsing: bytes).bundle(verifier.relation) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed proof holds")
        },
    ]

    private static let noSamples = "Tests/Fuzz/samples cannot be read: run in the root of the repository"
    /// 2027-01-15, after the samples were made.
    private static let now: UInt64 = 1_800_000_000
    private static let samples = [
        "dataset.zkb", "points.zkb", "point.zkp", "members.zkb", "dataset.policy.yaml", "point.policy.yaml", "members.policy.yaml",
    ].reduce(
        into: [String: [UInt8]]()
    ) { files, name in
        files[name] = (try? Data(contentsOf: URL(filePath: "Tests/Fuzz/samples/\(name)"))).map { Array($0) }
    }
    private static let datasetVerifier = policy("dataset").flatMap { try? DatasetVerifier(policy: $0) }
    private static let pointVerifier = policy("point").flatMap { try? PointVerifier(policy: $0) }

    private static let memberVerifier = policy("members").flatMap { try? MemberVerifier(policy: $0) }

    private static func sample(_ name: String) -> [UInt8]? { samples[name] }

    private static func policy(_ name: String) -> Policy? {
        samples["\(name).policy.yaml"].flatMap { try? Policy(yaml: $0) }
    }
}
