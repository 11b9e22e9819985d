// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Foundation
import TestSupport

extension FuzzTarget {
    /// The verifier itself, under policies of `vectors/frozen`. The frozen files of a policy hold; nothing else may.
    static let verification = [
        FuzzTarget(name: "verify-dataset", summary: "verification of a data set") { bytes in
            expectSample(["dataset.zkb", "dataset-advice.zkb"], bytes, datasetVerifier, unchanged: withoutAdvice) {
                try $0.verify($0.parse(bytes), evidence: evidence)
            }
        },
        FuzzTarget(name: "verify-schemas", summary: "verification of a data set under two schemas") { bytes in
            expectSample(["dataset-schemas.zkb"], bytes, schemasVerifier) { try $0.verify($0.parse(bytes), evidence: evidence) }
        },
        FuzzTarget(name: "verify-points", summary: "verification of point proofs with a range") { bytes in
            expectSample(["points-packed.zkb", "points-range.zkb"], bytes, pointVerifier) {
                try $0.verify($0.parse(bytes), evidence: evidence)
            }
        },
        FuzzTarget(name: "verify-members", summary: "verification of unlinkable point proofs") { bytes in
            let names = ["", "-range-1", "-range-3", "-range-8", "-range-39"].map { "members\($0).zkb" }
            return expectSample(names, bytes, memberVerifier) { try $0.verify($0.parse(bytes), evidence: evidence) }
        },
        FuzzTarget(name: "verify-any-of", summary: "verification of a file of one point proof with alternatives") { bytes in
            expectSampleProof("point-any-of.zkp", bytes, anyOfVerifier)
        },
        FuzzTarget(name: "verify-point", summary: "verification of a file of one point proof") { bytes in
            expectSampleProof("point-range-5.zkp", bytes, pointVerifier)
        },
    ]

    /// A bundle that holds is one of the samples, in the part of the file that `unchanged` gives.
    private static func expectSample<Verifier>(
        _ names: [String], _ bytes: [UInt8], _ verifier: Verifier?, unchanged: ([UInt8]) -> [UInt8]? = { $0 },
        _ judge: (Verifier) throws -> Verdict
    ) -> Bool {
        let known = names.compactMap { samples[$0] }
        guard let verifier, known.count == names.count else { fatalError(noSamples) }
        guard let verdict = try? judge(verifier), verdict.holds else { return false }
        require(known.map(unchanged).contains(unchanged(bytes)), "a changed bundle holds")
        return true
    }

    /// The file without decoding advice, which is checked and bound by nothing: anybody may add, change or drop it.
    private static func withoutAdvice(_ bytes: [UInt8]) -> [UInt8]? {
        guard let bundle = try? datasetVerifier?.parse(bytes) else { return nil }
        let plain = try? Bundle(
            header: bundle.header, positions: bundle.positions, entryLedgers: bundle.entryLedgers, entryIndices: bundle.entryIndices,
            entries: bundle.entries, dataPoints: bundle.dataPoints, inclusions: bundle.inclusions, revocations: bundle.revocations,
            revealed: bundle.revealed, proof: bundle.proof)
        return plain.map(BundleWriter.encode)
    }

    /// A point proof that holds is that of the sample. Lines of unknown keys in a note, and what is extra beside an inclusion proof, do not matter.
    private static func expectSampleProof(_ name: String, _ bytes: [UInt8], _ verifier: PointVerifier?) -> Bool {
        guard let verifier, let sample = samples[name].flatMap({ try? PointFile(parsing: $0) }) else { fatalError(noSamples) }
        guard let file = try? PointFile(parsing: bytes), let bundle = try? file.bundle(verifier.relation),
            let verdict = try? verifier.verify(bundle, evidence: evidence)
        else { return false }
        let isSame =
            file.dataPoint == sample.dataPoint && file.entry == sample.entry && file.sigma == sample.sigma && file.range == sample.range
            && file.rangeCommitments == sample.rangeCommitments
        require(!verdict.holds || isSame, "a changed proof holds")
        return verdict.holds
    }

    private static let noSamples = "vectors/frozen cannot be read"
    /// A minute after what the samples were signed at (scripts/make-frozen).
    private static let evidence = Evidence(now: 1_782_907_260)
    private static let samples = [
        "dataset.zkb", "dataset-advice.zkb", "dataset-schemas.zkb", "points-packed.zkb", "points-range.zkb", "point-range-5.zkp",
        "point-any-of.zkp",
        "members.zkb", "members-range-1.zkb", "members-range-3.zkb", "members-range-8.zkb", "members-range-39.zkb",
        "dataset.policy.yaml", "dataset-schemas.policy.yaml", "point-range.policy.yaml", "point-any-of.policy.yaml", "member.policy.yaml",
    ].reduce(
        into: [String: [UInt8]]()
    ) { files, name in
        files[name] = (try? Data(contentsOf: repositoryRoot.appending(path: "vectors/frozen/version-1/\(name)"))).map { Array($0) }
    }
    private static let datasetVerifier = policy("dataset").flatMap { try? DatasetVerifier(policy: $0) }
    private static let schemasVerifier = policy("dataset-schemas").flatMap { try? DatasetVerifier(policy: $0) }
    private static let pointVerifier = policy("point-range").flatMap { try? PointVerifier(policy: $0) }
    private static let anyOfVerifier = policy("point-any-of").flatMap { try? PointVerifier(policy: $0) }
    private static let memberVerifier = policy("member").flatMap { try? MemberVerifier(policy: $0) }

    private static func policy(_ name: String) -> Policy? {
        samples["\(name).policy.yaml"].flatMap { try? Policy(yaml: $0) }
    }
}
