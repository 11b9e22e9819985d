// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Foundation

extension FuzzTarget {
    /// The verifier itself, under policies of `vectors/frozen`. A frozen file holds; nothing else may.
    static let verification = [
        FuzzTarget(name: "verify-dataset", summary: "verification of a data set") { bytes in
            guard let verifier = datasetVerifier, let sample = sample("dataset.zkb") else { fatalError(noSamples) }
            guard let bundle = try? verifier.parse(bytes) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed bundle holds")
        },
        FuzzTarget(name: "verify-schemas", summary: "verification of a data set under two schemas") { bytes in
            guard let verifier = schemasVerifier, let sample = sample("dataset-schemas.zkb") else { fatalError(noSamples) }
            guard let bundle = try? verifier.parse(bytes) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed bundle holds")
        },
        FuzzTarget(name: "verify-points", summary: "verification of point proofs with a range") { bytes in
            guard let verifier = pointVerifier, let sample = sample("points-packed.zkb") else { fatalError(noSamples) }
            guard let bundle = try? verifier.parse(bytes) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed bundle holds")
        },
        FuzzTarget(name: "verify-members", summary: "verification of unlinkable point proofs") { bytes in
            guard let verifier = memberVerifier, let sample = sample("members-range-3.zkb") else { fatalError(noSamples) }
            guard let bundle = try? verifier.parse(bytes) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || bytes == sample, "a changed bundle holds")
        },
        FuzzTarget(name: "verify-any-of", summary: "verification of a file of one point proof with alternatives") { bytes in
            guard let verifier = anyOfVerifier, let sample = sample("point-any-of.zkp") else { fatalError(noSamples) }
            guard let file = try? PointFile(parsing: bytes), let bundle = try? file.bundle(verifier.relation) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || isSameProof(file, sample), "a changed proof holds")
        },
        FuzzTarget(name: "verify-point", summary: "verification of a file of one point proof") { bytes in
            guard let verifier = pointVerifier, let sample = sample("point-range-5.zkp") else { fatalError(noSamples) }
            guard let file = try? PointFile(parsing: bytes), let bundle = try? file.bundle(verifier.relation) else { return }
            guard let verdict = try? verifier.verify(bundle, evidence: Evidence(now: now)) else { return }
            require(!verdict.holds || isSameProof(file, sample), "a changed proof holds")
        },
    ]

    private static let noSamples = "vectors/frozen cannot be read: run in the root of the repository"
    /// A minute after what the samples were signed at (scripts/make-frozen).
    private static let now: UInt64 = 1_782_907_260
    private static let samples = [
        "dataset.zkb", "dataset-schemas.zkb", "points-packed.zkb", "point-range-5.zkp", "point-any-of.zkp", "members-range-3.zkb",
        "dataset.policy.yaml", "dataset-schemas.policy.yaml", "point-range.policy.yaml", "point-any-of.policy.yaml", "member.policy.yaml",
    ].reduce(
        into: [String: [UInt8]]()
    ) { files, name in
        files[name] = (try? Data(contentsOf: URL(filePath: "vectors/frozen/version-1/\(name)"))).map { Array($0) }
    }
    private static let datasetVerifier = policy("dataset").flatMap { try? DatasetVerifier(policy: $0) }
    private static let schemasVerifier = policy("dataset-schemas").flatMap { try? DatasetVerifier(policy: $0) }
    private static let pointVerifier = policy("point-range").flatMap { try? PointVerifier(policy: $0) }

    private static let anyOfVerifier = policy("point-any-of").flatMap { try? PointVerifier(policy: $0) }
    private static let memberVerifier = policy("member").flatMap { try? MemberVerifier(policy: $0) }

    /// Whether a file has the proof of the sample. Lines of unknown keys in a note, and what is extra beside an inclusion proof, do not matter.
    private static func isSameProof(_ file: PointFile, _ sample: [UInt8]) -> Bool {
        guard let sample = try? PointFile(parsing: sample) else { return false }
        return file.dataPoint == sample.dataPoint && file.entry == sample.entry && file.sigma == sample.sigma && file.range == sample.range
            && file.rangeCommitments == sample.rangeCommitments
    }

    private static func sample(_ name: String) -> [UInt8]? { samples[name] }

    private static func policy(_ name: String) -> Policy? {
        samples["\(name).policy.yaml"].flatMap { try? Policy(yaml: $0) }
    }
}
