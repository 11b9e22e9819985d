// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Foundation
import TestSupport
import Testing

/// Our files of single proofs under a second verifier that was written from docs/protocol.md section 12 alone (`Tests/peers/point_verifier.py`).
@Suite struct PointPeerTests {
    @Test(arguments: [PointClauses.linear, .revealing, .with { $0.links = [.record, .subject] }])
    func agrees(_ clauses: PointClauses) throws {
        try Peer.require()
        var world = try TestWorld.honest(4)
        world.context = "audit-17"
        world.revoke(3)
        world.rows.removeLast()
        world.clauses.reveal = clauses.reveal
        world.clauses.links = clauses.links
        let policy = try world.policyText().split(separator: "\n").filter { !$0.contains("in_force") }.joined(separator: "\n") + "\n"
        var file = try PointFileTests.files(world, clauses)[1]
        try Peer.inFolder { (folder: URL) throws in
            func verdict(_ file: PointFile) throws -> String {
                try Data(file.encoded()).write(to: folder.appending(path: "a.zkp"))
                try Data(policy.utf8).write(to: folder.appending(path: "policy.yaml"))
                let result = try Peer.python(
                    ["point_verifier.py", folder.path + "/a.zkp", folder.path + "/policy.yaml", "--at", "\(TestWorld.now)"])
                return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            }
            #expect(try verdict(file) == "holds")
            #expect(try PointFileTests.judge(file.encoded(), world, clauses).holds)
            file.sigma[100] ^= 1
            #expect(try verdict(file) == "does not hold: proof: an equation")
            file.sigma[100] ^= 1
            file.holder = "Somebody Else"
            #expect(try verdict(file) == "does not hold: proof: an equation")
        }
    }
}
