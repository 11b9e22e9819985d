// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// What a data subject keeps in order to withdraw. Secret: whoever has it can withdraw the consent, and the file links it to the person.
///
/// Security: it is read and written by the subject's own command only, never by a verifier.
public struct SubjectReceipt: Sendable {
    /// The request that the consent came from.
    public let id: String
    /// The origin of the consents log.
    public let origin: String
    /// The index of the entry in that log.
    public let index: UInt64
    /// The entry.
    public let entry: Entry
    /// The salt of the withdrawal tag: 32 bytes.
    public let salt: [UInt8]
    /// The seed of the withdrawal key: 32 bytes, secret.
    public let seed: [UInt8]

    /// In the JSON.
    static let version = FormatVersion(1, of: "a subject receipt")
    /// The longest file in bytes.
    public static let byteCountLimit = 16_384

    /// A receipt; refuses a seed and salt that do not make the entry's withdrawal tag.
    public init(id: String, origin: String, index: UInt64, entry: Entry, salt: [UInt8], seed: [UInt8]) throws(ModelError) {
        guard salt.count == 32, let key = try? Ed25519.publicKey(seed: seed.span),
            Entry.withdrawalTag(verificationKey: key, salt: salt) == entry.withdrawalTag
        else { throw ModelError("receipt-tag", "the key of the receipt is not the one that the entry names") }
        self.id = id
        self.origin = origin
        self.index = index
        self.entry = entry
        self.salt = salt
        self.seed = seed
    }

    /// Parses the JSON form.
    public init(parsing bytes: [UInt8], file: String? = nil) throws(ModelError) {
        do {
            let json = try JSONValue(parsing: bytes, limits: .init(byteCount: Self.byteCountLimit, depth: 1, nodeCount: 32))
            let record = try JSONRecord(
                json, what: "a subject receipt", kind: "subject-receipt", version: Self.version,
                names: ["entry", "id", "index", "origin", "salt", "seed"])
            try self.init(
                id: try record.text("id"), origin: try record.text("origin"), index: try record.uint("index"),
                entry: try Entry(parsing: try record.bytes("entry", Entry.byteCount)), salt: try record.bytes("salt", 32),
                seed: try record.bytes("seed", 32))
        } catch {
            throw error.inFile(file)
        }
    }

    /// The JSON form, secret.
    public var json: JSONValue {
        .object([
            "entry": .string(Hex.encode(entry.bytes)), "id": .string(id), "index": .integer(Int64(clamping: index)),
            "kind": .string("subject-receipt"), "origin": .string(origin), "salt": .string(Hex.encode(salt)),
            "seed": .string(Hex.encode(seed)), "version": Self.version.json,
        ])
    }

    /// The signed withdrawal.
    public func withdrawal() throws(ModelError) -> WithdrawalStatement {
        let message = WithdrawalStatement.message(origin: origin, index: index, leaf: entry.leafHash)
        guard let key = try? Ed25519.publicKey(seed: seed.span),
            let signature = try? Ed25519.sign(seed: seed.span, message: message.span)
        else { throw ModelError("signing-failed", "the withdrawal could not be signed") }
        return WithdrawalStatement(
            origin: origin, index: index, leaf: entry.leafHash, verificationKey: key, salt: salt, signature: signature)
    }
}
