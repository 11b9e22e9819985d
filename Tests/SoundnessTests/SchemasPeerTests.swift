// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import SigmaProofs
import TestSupport
import Testing

/// Bundles of several schemas under the verifier in Python, which was extended from docs/protocol.md section 4.6.
@Suite struct SchemasPeerTests {
    /// The Python program of `IndependentVerifierTests` accepts our bundles of two schemas with the same weights and challenges, and refuses a spoiled one.
    @Test(arguments: [[Statement.Link.record], [.record, .subject]])
    func secondVerifier(_ links: [Statement.Link]) throws {
        try Peer.require()
        var world = try SchemasWorld.honest([0, 1, 1, 0], reveal: ["notice", "age"])
        world.links = Set(links)
        let bundle = try world.prove()
        try Peer.inFolder { folder in
            func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: folder.appending(path: name)) }
            try write("partner.yaml", Array(SchemasWorld.partner.utf8))
            try write("policy.yaml", Array(world.policyText().utf8))
            try write("sample.zkb", BundleWriter.encode(bundle))
            let files = Peer.Files(bundle: folder.path + "/sample.zkb", policy: folder.path + "/policy.yaml")
            #expect(try Peer.ours(files, at: TestWorld.now) == [])
            let result = try Peer.verify(files, at: TestWorld.now)
            try #require(result.status == 0, "\(result.text)\(result.errorText)")
            let trace = try JSONDecoder().decode([String: String].self, from: result.output)
            let transcript = DatasetTranscript.begin(try world.transcript(bundle)).weighted()
            #expect(trace["seed"] == hex(transcript.weights.seed))
            #expect(trace["statement"] == hex(bundle.header.statement) && trace["schema"] == hex(bundle.header.schemas.flatMap { $0 }))
            var parts = BundleParts(bundle)
            parts.proof[64] ^= 1
            try write("sample.zkb", BundleWriter.encode(try parts.bundle()))
            #expect(Peer.code(try Peer.verify(files, at: TestWorld.now).text) == "proof")
        }
    }
}
