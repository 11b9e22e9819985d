// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Primitives
internal import Secrets

/// The withdrawal key of an entry that may not be in the ledger yet: a subject receipt without its index, one line of a pending file. Secret.
///
/// `{"entry":hex,"id":"...","kind":"pending-receipt","origin":"L/consents","salt":hex,"seed":hex,"version":1}`
struct PendingKey {
    let id: String
    let origin: String
    let entry: Entry
    let salt: [UInt8]
    let seed: [UInt8]

    private static let version = FormatVersion(1, of: "a pending receipt")
    private static let names: Set<String> = ["entry", "id", "kind", "origin", "salt", "seed", "version"]

    /// A key with the entry that names it.
    init(id: String, origin: String, entry: Entry, salt: [UInt8], seed: [UInt8]) {
        self.id = id
        self.origin = origin
        self.entry = entry
        self.salt = salt
        self.seed = seed
    }

    /// Parses a line. Whether the key is the entry's is checked where the receipt is made of it.
    init(parsing line: [UInt8]) throws(ModelError) {
        let json = try JSONValue(parsing: line, limits: .init(byteCount: SubjectReceipt.byteCountLimit, depth: 1, nodeCount: 32))
        func bytes(_ name: String, _ count: Int) -> [UInt8]? {
            guard let text = json[name]?.string, let bytes = try? Hex.decode(text), bytes.count == count else { return nil }
            return bytes
        }
        if json["kind"]?.string == "pending-receipt", let found = json["version"]?.uint { try Self.version.check(Int(clamping: found)) }
        guard let members = json.object, Set(members.keys) == Self.names, json["kind"]?.string == "pending-receipt",
            json["version"] == Self.version.json,
            let id = json["id"]?.string, let origin = json["origin"]?.string, let entry = bytes("entry", Entry.byteCount),
            let salt = bytes("salt", 32), let seed = bytes("seed", 32)
        else {
            throw ModelError("pending-receipt", "the line is no pending receipt", hint: "this file is written by zkconsent consent issue")
        }
        self.init(id: id, origin: origin, entry: try Entry(parsing: entry), salt: salt, seed: seed)
    }

    /// The line.
    var json: JSONValue {
        .object([
            "entry": .string(Hex.encode(entry.bytes)), "id": .string(id), "kind": .string("pending-receipt"), "origin": .string(origin),
            "salt": .string(Hex.encode(salt)), "seed": .string(Hex.encode(seed)), "version": Self.version.json,
        ])
    }

    /// The receipt, once the ledger has the entry at `index`.
    func receipt(index: Int) throws(ModelError) -> SubjectReceipt {
        try SubjectReceipt(id: id, origin: origin, index: UInt64(index), entry: entry, salt: salt, seed: seed)
    }
}
