// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Groups
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Every protocol, form and suite has a session of its own, and every hash a label of its own.
@Suite struct LabelTests {
    /// All sessions, with everything else equal.
    @Test func sessionsDiffer() {
        let digest = [UInt8](repeating: 1, count: 32)
        var sessions = [
            SessionID(tag: DatasetTranscript.sessionTag), PointSession.range, MemberSession.membership,
            SessionID(tag: "irtf-cfrg-sigma-protocols/batch-verify"),
        ]
        for flavor in [SigmaTag.Flavor.batchable, .compact, .disjunctiveBatchable, .disjunctiveCompact] {
            let point = PointSession(
                flavor: flavor, statementDigest: digest, schemaDigest: digest, holder: "h", context: "c", origin: "o")
            sessions += [point.id, MemberSession(point: point, first: 0, count: 1, set: digest).id]
            for application in ["zkconsent/v1/point", "zkconsent/v1/member"] {
                sessions += [
                    SigmaTag(application: application, flavor: flavor, group: Suite.self).session,
                    SigmaTag(application: application, flavor: flavor, group: P256.self).session,
                    SigmaTag(application: application, flavor: flavor, group: Secp256k1.self).session,
                    SigmaTag(application: application, flavor: flavor, group: BLS12381G1.self).session,
                ]
            }
        }
        #expect(sessions.count == 4 + 4 * (2 + 8) && Set(sessions).count == sessions.count)
    }

    /// No label of the sources has two uses: those that are there twice name one function or one key. None that is hashed without its length is the
    /// beginning of another.
    @Test func everyLabelHasOneUse() throws {
        let labels = try Self.labels()
        #expect(labels.count > 25, "the labels are found")
        let repeated = labels.filter { $0.value.count > 1 }.keys.sorted()
        #expect(repeated == ["zkconsent/v1/id", "zkconsent/v1/record", "zkconsent/v1/store/lookup"])
        // The tag that the name of an application is in is length-prefixed.
        let bare = labels.filter { _, lines in !lines.allSatisfy { $0.contains("lengthPrefixed") || $0.contains("application:") } }.keys
        #expect(bare.count > 5)
        for label in bare {
            for other in labels.keys where other != label { #expect(!other.hasPrefix(label), "\(label), \(other)") }
        }
    }

    /// The labels of the sources, each with its lines.
    private static func labels() throws -> [String: [String]] {
        var labels: [String: [String]] = [:]
        let files = FileManager.default.enumerator(at: repositoryRoot.appending(path: "Sources"), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.contains("///") {
                for match in line.matches(of: /"(zkconsent\/v[0-9]+\/[^"\\]+)/) {
                    labels[String(match.1), default: []].append(String(line))
                }
            }
        }
        return labels
    }
}
