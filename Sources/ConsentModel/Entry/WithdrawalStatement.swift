// SPDX-License-Identifier: Apache-2.0
private import FaultInjection
public import MerkleLog
internal import Primitives

/// A data subject's withdrawal, which authenticates itself (docs/protocol.md section 7): whoever has it can apply it, logged or not.
public struct WithdrawalStatement: Hashable, Sendable {
    /// The origin of the consents log.
    public let origin: String
    /// The index of the entry in that log.
    public let index: UInt64
    /// The leaf hash of the entry.
    public let leaf: LeafHash
    /// The Ed25519 key behind the entry's withdrawal tag: 32 bytes.
    public let verificationKey: [UInt8]
    /// The salt of the tag: 32 bytes.
    public let salt: [UInt8]
    /// The signature of ``message(origin:index:leaf:)``: 64 bytes.
    public let signature: [UInt8]

    /// In the JSON.
    static let version = FormatVersion(1, of: "a withdrawal")
    /// The longest file in bytes.
    public static let byteCountLimit = 16_384

    /// A statement of these parts, unverified.
    public init(origin: String, index: UInt64, leaf: LeafHash, verificationKey: [UInt8], salt: [UInt8], signature: [UInt8]) {
        self.origin = origin
        self.index = index
        self.leaf = leaf
        self.verificationKey = verificationKey
        self.salt = salt
        self.signature = signature
    }

    /// `LP("zkconsent/v1/withdrawal") LP(origin) LE64(index) LP(leaf hash)`: what the subject signs.
    public static func message(origin: String, index: UInt64, leaf: LeafHash) -> [UInt8] {
        var message = lengthPrefixed("zkconsent/v1/withdrawal") + lengthPrefixed(origin)
        message.appendLE64(index)
        message.appendLengthPrefixed(leaf.bytes)
        return message
    }

    /// Parses the JSON form; nothing is verified.
    public init(parsing bytes: [UInt8], file: String? = nil) throws(ModelError) {
        do {
            let json = try JSONValue(parsing: bytes, limits: .init(byteCount: Self.byteCountLimit, depth: 1, nodeCount: 32))
            let record = try JSONRecord(
                json, what: "a withdrawal", kind: "withdrawal", version: Self.version,
                names: ["index", "leaf", "origin", "salt", "signature", "vk"])
            guard let leaf = try? LeafHash(try record.bytes("leaf", 32)) else {
                throw ModelError("invalid-value", "leaf must be 32 bytes")
            }
            self.init(
                origin: try record.text("origin"), index: try record.uint("index"), leaf: leaf,
                verificationKey: try record.bytes("vk", 32), salt: try record.bytes("salt", 32),
                signature: try record.bytes("signature", 64))
        } catch let error as ModelError {
            throw error.inFile(file)
        } catch {
            throw ModelError("invalid-value", "not a withdrawal", file: file)
        }
    }

    /// The JSON form.
    public var json: JSONValue {
        .object([
            "index": .integer(Int64(clamping: index)), "kind": .string("withdrawal"), "leaf": .string(Hex.encode(leaf.bytes)),
            "origin": .string(origin), "salt": .string(Hex.encode(salt)), "signature": .string(Hex.encode(signature)),
            "version": Self.version.json, "vk": .string(Hex.encode(verificationKey)),
        ])
    }

    /// Verifies the statement against the entry that it withdraws, the leaf at ``index`` of the log with origin ``origin``: the leaf hash
    /// is the entry's, key and salt hash to its withdrawal tag, and the signature is the key's.
    public func verify(entry: Entry) throws(ModelError) {
        guard leaf == entry.leafHash else { throw ModelError("withdrawal-leaf", "the withdrawal is of another entry") }
        let tag = Entry.withdrawalTag(verificationKey: verificationKey, salt: salt)
        guard Fault.isRemoved(.withdrawalTag) || tag == entry.withdrawalTag else {
            throw ModelError("withdrawal-tag", "the key of the withdrawal is not the one that the entry names")
        }
        let message = Self.message(origin: origin, index: index, leaf: leaf)
        guard
            Fault.isRemoved(.withdrawalSignature)
                || Ed25519.verify(signature: signature, message: message, publicKey: verificationKey)
        else { throw ModelError("withdrawal-signature", "the signature of the withdrawal is not valid") }
    }

    /// The entry for the revocations log.
    public var revocation: RevocationEntry { RevocationEntry(kind: .subject, leaf: leaf) }
}
