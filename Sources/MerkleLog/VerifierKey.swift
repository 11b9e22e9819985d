// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// A public key that verifies note signatures, under a name (C2SP signed-note, "Verifier keys").
///
/// Invariant: the key is one that ``Ed25519`` accepts and the ID is the one computed from name, type and key.
public struct VerifierKey: Hashable, Sendable {
    /// What the key signs.
    public enum KeyType: UInt8, Sendable {
        /// The text of a note (a log's own key).
        case ed25519 = 0x01
        /// A checkpoint and a time (C2SP tlog-cosignature, `cosignature/v1`).
        case cosignature = 0x04
    }

    /// The name: not empty, without white space and plus signs.
    public let name: String
    /// The type of the key's signatures.
    public let type: KeyType
    /// The first four bytes, big-endian, of SHA-256(name || newline || type || key).
    public let keyID: UInt32
    /// The 32-byte Ed25519 public key.
    public let publicKey: [UInt8]

    /// The key of this name and type.
    ///
    /// - Throws: ``MerkleLogError/malformedKey(_:)`` for a bad name or a public key that ``Ed25519`` refuses.
    public init(name: String, type: KeyType, publicKey: [UInt8]) throws(MerkleLogError) {
        guard Self.isValid(name: name) else { throw .malformedKey("name") }
        guard Ed25519.isAcceptable(publicKey: publicKey.span) else { throw .malformedKey("public key") }
        self.name = name
        self.type = type
        self.publicKey = publicKey
        keyID = Self.keyID(name: name, type: type.rawValue, publicKey: publicKey)
    }

    /// The key written as `name+hex(ID)+base64(type || key)`, exactly, without surrounding white space.
    ///
    /// - Throws: ``MerkleLogError/malformedKey(_:)``, also when the ID is not the key's.
    public init(text: String) throws(MerkleLogError) {
        guard text.utf8.count <= SignedNote.maximumNameByteCount + 64 else { throw .malformedKey("length") }
        let parts = text.unicodeScalars.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard parts.count == 3 else { throw .malformedKey("three parts joined by +") }
        guard let material = try? Base64.decode(parts[2]), let first = material.first else { throw .malformedKey("base64") }
        guard let type = KeyType(rawValue: first) else { throw .malformedKey("type") }
        try self.init(name: parts[0], type: type, publicKey: Array(material.dropFirst()))
        guard parts[1].hasSameBytes(as: keyIDText) else { throw .malformedKey("key ID") }
    }

    /// `name+hex(ID)+base64(type || key)`.
    public var text: String {
        "\(name)+\(keyIDText)+\(Base64.encode([type.rawValue] + publicKey))"
    }

    public static func == (left: VerifierKey, right: VerifierKey) -> Bool {
        left.keyID == right.keyID && left.type == right.type && left.publicKey == right.publicKey && left.name.hasSameBytes(as: right.name)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(keyID)
        hasher.combine(publicKey)
    }

    /// Whether a signature line names this key.
    func matches(_ signature: NoteSignature) -> Bool {
        keyID == signature.keyID && name.hasSameBytes(as: signature.name)
    }

    /// A name is not empty and has no white space, plus sign or control character.
    static func isValid(name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= SignedNote.maximumNameByteCount
            && name.unicodeScalars.allSatisfy { $0 != "+" && $0.value >= 0x20 && !$0.properties.isWhitespace }
    }

    private var keyIDText: String {
        var bytes: [UInt8] = []
        bytes.appendBE32(keyID)
        return Hex.encode(bytes)
    }

    private static func keyID(name: String, type: UInt8, publicKey: [UInt8]) -> UInt32 {
        SHA256.hash(Array(name.utf8) + [0x0a, type] + publicKey).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
