// SPDX-License-Identifier: Apache-2.0
import Foundation
import MerkleLog
import Primitives
import TestSupport
import Testing

@Suite struct CheckpointTests {
    private static let folder = "15-signed-notes-and-logs"
    private static let root = Base64.encode([UInt8](repeating: 7, count: 32))

    private func checkpoint(_ path: String) throws -> UnverifiedCheckpoint {
        try UnverifiedCheckpoint(bytes: vectorBytes("\(Self.folder)/\(path)"))
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try vectorBytes("\(Self.folder)/\(path)"), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func sumDatabase() throws {
        let key = try VerifierKey(text: text("sumdb.vkey"))
        let unverified = try checkpoint("sumdb_35225469.checkpoint")
        let verified = try unverified.verified(by: key, origin: "go.sum database tree")
        #expect(verified.treeSize == 35_225_469)
        #expect(Base64.encode(verified.rootHash.bytes) == "vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=")
        #expect(verified.text == unverified.note.text)
        #expect(throws: MerkleLogError.originMismatch) { try unverified.verified(by: key, origin: "sum.golang.org") }
        let stranger = try VerifierKey(text: SignedNoteTests.peter)
        #expect(throws: MerkleLogError.notSigned) { try unverified.verified(by: stranger, origin: "go.sum database tree") }
    }

    @Test func tesseraLog() throws {
        let key = try VerifierKey(text: text("tessera_log/VKEY"))
        let entries = try text("tessera_log/ENTRIES.txt").split(separator: "\n").map { Array($0.utf8) }
        #expect(entries.count == 15)
        let tree = MerkleTree(entries.map { LeafHash(entry: $0) })
        let names = try FileManager.default.contentsOfDirectory(atPath: vectorURL("\(Self.folder)/tessera_log").path)
            .filter { $0.hasPrefix("checkpoint") }
        #expect(names.count > 10)
        var verified: [Checkpoint] = []
        for name in names {
            let checkpoint = try checkpoint("tessera_log/\(name)").verified(by: key, origin: "example.com/log/testdata")
            #expect(try tree.root(size: checkpoint.treeSize) == checkpoint.rootHash)
            if let size = UInt64(name.dropFirst(11)) { #expect(checkpoint.treeSize == size) }
            verified.append(checkpoint)
        }
        for old in verified where old.treeSize > 0 {
            for new in verified where new.treeSize >= old.treeSize {
                try tree.consistencyProof(from: old.treeSize, to: new.treeSize).verify(old: old, new: new)
                try tree.inclusionProof(index: old.treeSize - 1, size: new.treeSize)
                    .verify(leafHash: LeafHash(entry: entries[Int(old.treeSize) - 1]), checkpoint: new)
            }
        }
    }

    @Test func sunlightWitness() throws {
        let name = "sunlight_skylight/witness/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/checkpoint"
        let witness = try VerifierKey(text: "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN")
        #expect(witness.type == .cosignature)
        let cosigned = try checkpoint(name)
        #expect(try cosigned.cosignatures(by: [witness]).map(\.timestamp) == [0x6954_6780])
        #expect(try cosigned.quorumTimestamp(cosigners: [witness], quorum: 1) == 0x6954_6780)
        #expect(try cosigned.quorumTimestamp(cosigners: [witness], quorum: 2) == nil)
        // The log's own signature is of a type (RFC 6962) that we do not know: the witness alone verifies no checkpoint.
        #expect(try checkpoint("sunlight_skylight/tree/checkpoint").cosignatures(by: [witness]).isEmpty)
        #expect(throws: MerkleLogError.wrongKeyType) { try cosigned.verified(by: witness, origin: "rome2026h1.example.org") }
    }

    @Test(arguments: [
        "a\n1\n", "a\n1\n\(root)", "\n1\n\(root)\n", "a\n\n\(root)\n", "a\n01\n\(root)\n", "a\n+1\n\(root)\n", "a\n-1\n\(root)\n",
        "a\n1 \n\(root)\n",
        "a\n 1\n\(root)\n", "a\n1_0\n\(root)\n", "a\n0x1\n\(root)\n", "a\n9223372036854775808\n\(root)\n",
        "a\n18446744073709551616\n\(root)\n",
        "a\n99999999999999999999\n\(root)\n", "a\n\u{661}\n\(root)\n", "a\n1\n\(root) \n", "a\n1\nAAAA\n", "a\n1\n\(root)AAAA\n",
        "a\n1\n\(root)\n\n",
        "a\n1\n\(root)\n\nx\n", "a\n1\n\(root.dropLast())\n", "a\n0\n\(root)\n", "1\n\(root)\na\n",
    ])
    func malformedCheckpoints(text: String) {
        #expect(throws: MerkleLogError.self) {
            var note = try SignedNote(text: text)
            note.add(NoteSignature(key: try VerifierKey(text: SignedNoteTests.peter), signature: [1]))
            _ = try UnverifiedCheckpoint(bytes: note.bytes)
        }
    }

    @Test func sizesUpToTheLimitAndExtensionLines() throws {
        let signer = try TestSigner(name: "log", type: .ed25519, seed: 1)
        for size in ["1", "10", "9223372036854775807"] {
            let note = try signer.sign("log\n\(size)\n\(Self.root)\nextension one\nextension two\n")
            let checkpoint = try UnverifiedCheckpoint(bytes: note.bytes).verified(by: signer.key, origin: "log")
            #expect(String(checkpoint.treeSize) == size)
            #expect(checkpoint.extensionLines == ["extension one", "extension two"])
        }
    }

    @Test func ownCheckpoints() throws {
        let signer = try TestSigner(name: "log", type: .ed25519, seed: 1)
        let own = try Checkpoint(origin: "log", treeSize: 0, rootHash: .emptyRoot)
        let note = try signer.sign(own.unsignedNote().text)
        #expect(try UnverifiedCheckpoint(bytes: note.bytes).verified(by: signer.key, origin: "log") == own)
        let root = try NodeHash([UInt8](repeating: 1, count: 32))
        #expect(throws: MerkleLogError.malformedCheckpoint("origin")) { try Checkpoint(origin: "", treeSize: 1, rootHash: root) }
        #expect(throws: MerkleLogError.malformedCheckpoint("origin")) { try Checkpoint(origin: "a\nb", treeSize: 1, rootHash: root) }
        #expect(throws: MerkleLogError.sizeOutOfRange(1 << 63)) { try Checkpoint(origin: "a", treeSize: 1 << 63, rootHash: root) }
        #expect(throws: MerkleLogError.malformedCheckpoint("root of the empty tree")) {
            try Checkpoint(origin: "a", treeSize: 0, rootHash: root)
        }
    }

    /// Another note under a valid signature: every change of the text is refused.
    @Test func textIsBound() throws {
        let signer = try TestSigner(name: "log", type: .ed25519, seed: 1)
        let note = try signer.sign("log\n5\n\(Self.root)\n")
        for changed in [
            "log\n6\n\(Self.root)\n", "log\n5\n\(Base64.encode([UInt8](repeating: 8, count: 32)))\n", "log\n5\n\(Self.root)\nx\n",
        ] {
            var forged = try SignedNote(text: changed)
            forged.add(note.signatures[0])
            let unverified = try UnverifiedCheckpoint(bytes: forged.bytes)
            #expect(throws: MerkleLogError.invalidSignature("log")) { try unverified.verified(by: signer.key, origin: "log") }
        }
    }
}
