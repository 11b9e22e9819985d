// SPDX-License-Identifier: Apache-2.0
import MerkleLog
import Primitives
import Testing

@Suite struct LogProofTests {
    private let signer: TestSigner
    private let tree = MerkleTree(sampleEntries(13).map { LeafHash(entry: $0) })
    private let note: SignedNote

    init() throws {
        signer = try TestSigner(name: "log", type: .ed25519, seed: 1)
        note = try signer.sign(Checkpoint(origin: "log", treeSize: 13, rootHash: tree.root).text)
    }

    @Test func roundTrip() throws {
        for index in 0..<UInt64(13) {
            for extra in [nil, [], [1, 2, 3]] as [[UInt8]?] {
                let inclusion = try tree.inclusionProof(index: index, size: 13)
                let proof = try LogProof(extra: extra, inclusion: inclusion, checkpoint: UnverifiedCheckpoint(note))
                let read = try LogProof(bytes: proof.bytes)
                #expect(read == proof)
                #expect(try read.verified(leafHash: tree.leafHash(at: index), by: signer.key, origin: "log").treeSize == 13)
                let other = try tree.leafHash(at: (index + 1) % 13)
                #expect(throws: MerkleLogError.rootMismatch) { try read.verified(leafHash: other, by: signer.key, origin: "log") }
            }
        }
    }

    @Test func malformedProofs() throws {
        let inclusion = try tree.inclusionProof(index: 4, size: 13)
        let text = String(
            decoding: try LogProof(extra: [1], inclusion: inclusion, checkpoint: UnverifiedCheckpoint(note)).bytes, as: UTF8.self)
        let wrong = [
            "", "x", text.replacingOccurrences("@v1", "@v2"), text.replacingOccurrences("extra AQ==", "extra AR=="),
            text.replacingOccurrences("extra ", "extra"), text.replacingOccurrences("index 4", "index 04"),
            text.replacingOccurrences("index 4", "index 13"), text.replacingOccurrences("index 4", "index -4"),
            text.replacingOccurrences("index 4\n", ""), text.replacingOccurrences("index 4\n", "index 4\n\n"),
            text.replacingOccurrences("index 4\n", "index 4\n\(Base64.encode(NodeHash.emptyRoot.bytes))\n"),
            text.replacingOccurrences("index 4\n", "index 4\nAAAA\n"), text.replacingOccurrences("\n\nlog", "\nlog"),
            text.replacingOccurrences("13\n", "12\n"), String(text.dropLast()), text + "\n",
        ]
        for text in wrong {
            #expect(throws: MerkleLogError.self) {
                _ = try LogProof(bytes: Array(text.utf8)).verified(leafHash: tree.leafHash(at: 4), by: signer.key, origin: "log")
            }
        }
    }
}

extension String {
    fileprivate func replacingOccurrences(_ target: String, _ replacement: String) -> String {
        split(separator: target, omittingEmptySubsequences: false).joined(separator: replacement)
    }
}
