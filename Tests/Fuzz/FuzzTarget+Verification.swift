// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Foundation

extension FuzzTarget {
    /// The verifier itself, under the policy of the sample. The sample's own file holds; nothing else may.
    static let verification = [
        FuzzTarget(name: "verify", summary: "verification of a data set under the policy of vectors/frozen") { bytes in
            guard let sample else { fatalError("vectors/frozen cannot be read: run in the root of the repository") }
            guard let bundle = try? sample.verifier.parse(bytes) else { return }
            guard let verdict = try? sample.verifier.verify(bundle, evidence: Evidence(now: sample.now)) else { return }
            require(!verdict.holds || bytes == sample.bundle, "a changed bundle holds")
        }
    ]

    private struct Sample: Sendable {
        let verifier: DatasetVerifier
        let bundle: [UInt8]
        let now: UInt64
    }

    private static let sample: Sample? = {
        let folder = URL(filePath: "vectors/frozen")
        guard let policy = try? Data(contentsOf: folder.appending(path: "dataset.policy.yaml")),
            let bundle = try? Data(contentsOf: folder.appending(path: "dataset.zkb")),
            let parsed = try? Policy(yaml: Array(policy)), let verifier = try? DatasetVerifier(policy: parsed)
        else { return nil }
        return Sample(verifier: verifier, bundle: Array(bundle), now: 1_780_086_400)
    }()
}
