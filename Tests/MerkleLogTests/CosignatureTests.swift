// SPDX-License-Identifier: Apache-2.0
import MerkleLog
import Primitives
import Testing

@Suite struct CosignatureTests {
    private let log: TestSigner
    private let cosigners: [TestSigner]
    private let note: SignedNote

    init() throws {
        log = try TestSigner(name: "log", type: .ed25519, seed: 1)
        cosigners = try (0..<4).map { try TestSigner(name: "witness\($0)", type: .cosignature, seed: 10 + UInt8($0)) }
        note = try log.sign("log\n5\n\(Base64.encode([UInt8](repeating: 7, count: 32)))\n")
    }

    private func cosigned(_ lines: [(Int, UInt64)]) throws -> UnverifiedCheckpoint {
        var note = note
        for (cosigner, time) in lines { note.add(try cosigners[cosigner].cosign(note.text, at: time)) }
        return try UnverifiedCheckpoint(bytes: note.bytes)
    }

    @Test func signedBytesAreThoseOfTheSpecification() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        #expect(
            Cosignature.signedBytes(timestamp: 1_679_315_147, checkpointText: text)
                == Array("cosignature/v1\ntime 1679315147\n\(text)".utf8))
    }

    @Test func quorumTimeIsTheQuorumthLargest() throws {
        let keys = cosigners.map(\.key)
        let checkpoint = try cosigned([(0, 100), (1, 300), (2, 200)])
        #expect(try checkpoint.quorumTimestamp(cosigners: keys, quorum: 1) == 300)
        #expect(try checkpoint.quorumTimestamp(cosigners: keys, quorum: 2) == 200)
        #expect(try checkpoint.quorumTimestamp(cosigners: keys, quorum: 3) == 100)
        for quorum in [-1, 0, 4, Int.max, Int.min] {
            #expect(try checkpoint.quorumTimestamp(cosigners: keys, quorum: quorum) == nil)
        }
        // Unknown cosigners do not count.
        #expect(try checkpoint.quorumTimestamp(cosigners: [keys[0], keys[3]], quorum: 1) == 100)
        #expect(try checkpoint.quorumTimestamp(cosigners: [keys[0], keys[3]], quorum: 2) == nil)
    }

    @Test func oneCosignerCountsOnce() throws {
        let keys = cosigners.map(\.key)
        let twice = try cosigned([(0, 100), (0, 300), (0, 200)])
        #expect(try twice.quorumTimestamp(cosigners: keys, quorum: 1) == 300)
        #expect(try twice.quorumTimestamp(cosigners: keys, quorum: 2) == nil)
        // The same public key under two names is one cosigner.
        let alias = try TestSigner(name: "alias", type: .cosignature, seed: 10)
        var note = try cosigned([(0, 100)]).note
        note.add(try alias.cosign(note.text, at: 400))
        let both = try UnverifiedCheckpoint(bytes: note.bytes)
        #expect(try both.cosignatures(by: keys + [alias.key]).count == 2)
        #expect(try both.quorumTimestamp(cosigners: keys + [alias.key], quorum: 2) == nil)
    }

    @Test func aBadCosignatureOfAKnownKeyRefusesTheNote() throws {
        let good = try cosigned([(0, 100)]).note
        let signature = try cosigners[1].cosign(good.text, at: 200).signature
        var wrong: [[UInt8]] = [Array(signature.dropLast()), signature + [0], Array(signature.dropFirst(8)), [1]]
        for bit in 0..<signature.count * 8 {
            var flipped = signature
            flipped[bit / 8] ^= 1 << (bit % 8)
            wrong.append(flipped)
        }
        for bytes in wrong {
            var note = good
            note.add(NoteSignature(key: cosigners[1].key, signature: bytes))
            let checkpoint = try UnverifiedCheckpoint(bytes: note.bytes)
            #expect(throws: MerkleLogError.invalidSignature("witness1")) {
                try checkpoint.quorumTimestamp(cosigners: cosigners.map(\.key), quorum: 1)
            }
            // Whoever does not know the key ignores it.
            #expect(try checkpoint.quorumTimestamp(cosigners: [cosigners[0].key], quorum: 1) == 100)
            #expect(try checkpoint.verified(by: log.key, origin: "log").treeSize == 5)
        }
    }

    @Test func timesEndAtTwoToThe63() throws {
        #expect(try cosigned([(0, UInt64(Int64.max))]).quorumTimestamp(cosigners: [cosigners[0].key], quorum: 1) == UInt64(Int64.max))
        let late = try cosigned([(0, 1 << 63)])
        #expect(throws: MerkleLogError.invalidSignature("witness0")) { try late.cosignatures(by: [cosigners[0].key]) }
    }

    @Test func otherKeysAreNoCosigners() throws {
        let checkpoint = try cosigned([(0, 100)])
        #expect(throws: MerkleLogError.wrongKeyType) { try checkpoint.cosignatures(by: [log.key]) }
        #expect(throws: MerkleLogError.wrongKeyType) { try checkpoint.quorumTimestamp(cosigners: [log.key], quorum: 1) }
        let key = cosigners[0].key
        #expect(throws: MerkleLogError.ambiguousKey("witness0")) { try checkpoint.cosignatures(by: [key, key]) }
    }

    /// A cosignature of another checkpoint, or a plain signature under a cosigner's name, does not pass.
    @Test func cosignaturesAreBoundToTheCheckpoint() throws {
        let other = try log.sign("log\n6\n\(Base64.encode([UInt8](repeating: 7, count: 32)))\n")
        var moved = note
        moved.add(try cosigners[0].cosign(other.text, at: 100))
        let checkpoint = try UnverifiedCheckpoint(bytes: moved.bytes)
        #expect(throws: MerkleLogError.invalidSignature("witness0")) { try checkpoint.cosignatures(by: [cosigners[0].key]) }
    }
}
