// SPDX-License-Identifier: Apache-2.0
import MerkleLog
import Primitives

/// A key with a seed of one repeated byte.
struct TestSigner {
    let key: VerifierKey
    private let seed: [UInt8]

    init(name: String, type: VerifierKey.KeyType, seed: UInt8) throws {
        let bytes = [UInt8](repeating: seed, count: 32)
        self.seed = bytes
        key = try VerifierKey(name: name, type: type, publicKey: Ed25519.publicKey(seed: bytes.span))
    }

    func sign(_ text: String) throws -> SignedNote {
        var note = try SignedNote(text: text)
        note.add(NoteSignature(key: key, signature: try Ed25519.sign(seed: seed.span, message: note.signedBytes)))
        return note
    }

    func cosign(_ text: String, at timestamp: UInt64) throws -> NoteSignature {
        let message = Cosignature.signedBytes(timestamp: timestamp, checkpointText: text)
        let ed25519 = try Ed25519.sign(seed: seed.span, message: message)
        return NoteSignature(key: key, signature: Cosignature.signature(timestamp: timestamp, ed25519: ed25519))
    }
}
