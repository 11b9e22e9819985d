// SPDX-License-Identifier: Apache-2.0
import MerkleLog
import Primitives
import Secrets

/// A log or cosigner key with a seed of one repeated byte.
final class TestSigner: Sendable {
    let name: String
    private let key: Ed25519SigningKey

    init(_ name: String, seed: UInt8) throws {
        self.name = name
        key = try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: seed, count: 32).span))
    }

    /// The verifier key under a name, by default its own.
    func verifierKey(_ type: VerifierKey.KeyType, name: String? = nil) throws -> VerifierKey {
        try VerifierKey(name: name ?? self.name, type: type, publicKey: key.publicKey)
    }

    /// The log's line on a note, under `name`.
    func line(_ note: SignedNote, name: String) throws -> NoteSignature {
        NoteSignature(key: try verifierKey(.ed25519, name: name), signature: try key.sign(note.signedBytes))
    }

    /// The cosignature of a note at a time.
    func cosignature(_ note: SignedNote, at time: UInt64) throws -> NoteSignature {
        let message = Cosignature.signedBytes(timestamp: time, checkpointText: note.text)
        return NoteSignature(
            key: try verifierKey(.cosignature), signature: Cosignature.signature(timestamp: time, ed25519: try key.sign(message)))
    }

    /// A signature of any message.
    func sign(_ message: [UInt8]) throws -> [UInt8] { try key.sign(message) }

    var publicKey: [UInt8] { key.publicKey }
}
