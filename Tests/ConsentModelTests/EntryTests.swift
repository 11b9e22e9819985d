// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import MerkleLog
import Primitives
import TestSupport
import Testing

@Suite struct EntryTests {
    static let seed = [UInt8](repeating: 7, count: 32)
    static let salt = [UInt8](repeating: 9, count: 32)

    static func entry(issuanceDay: Day? = Day(number: 20_634)) throws -> Entry {
        let key = try Ed25519.publicKey(seed: seed.span)
        return try Entry(
            issuanceDay: issuanceDay, schemaID: try smallSchema().id, consent: [UInt8](repeating: 1, count: 32),
            calendar: [UInt8](repeating: 2, count: 32), withdrawalTag: Entry.withdrawalTag(verificationKey: key, salt: salt))
    }

    static func receipt() throws -> SubjectReceipt {
        try SubjectReceipt(id: "c-1", origin: "hospital.example/consent/consents", index: 17, entry: try entry(), salt: salt, seed: seed)
    }

    @Test func layout() throws {
        let schema = try smallSchema()
        let entry = try Self.entry()
        #expect(entry.bytes.count == 118)
        #expect(Array(entry.bytes.prefix(6)) == [1, 1, 0x9a, 0x50, 0, 0])
        #expect(entry.schemaID == Array(schema.digest.prefix(16)))
        #expect(entry.consent == [UInt8](repeating: 1, count: 32) && entry.calendar == [UInt8](repeating: 2, count: 32))
        #expect(entry.issuanceDay?.iso8601 == "2026-06-30")
        #expect(try Self.entry(issuanceDay: nil).issuanceDay == nil)
        #expect(try Entry(parsing: entry.bytes) == entry)
        #expect(entry.leafHash.bytes == SHA256.hash([0] + entry.bytes))
    }

    @Test(arguments: [
        (0, 0, "format-trial"), (0, 2, "format-newer"), (1, 0, "entry-kind"), (1, 2, "entry-kind"), (4, 2, "entry-day"),
        (5, 0x80, "entry-day"),
    ])
    func refusals(offset: Int, value: UInt8, code: String) throws {
        var bytes = try Self.entry().bytes
        bytes[offset] = value
        #expect(refusal { () throws(ModelError) in try Entry(parsing: bytes) }?.code == code)
    }

    /// The check of a whole column and the one of a single entry agree, on random and on damaged bytes.
    @Test func columns() throws {
        let good = try Self.entry().bytes
        var rows: [[UInt8]] = []
        for bit in 0..<8 * 118 {
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            rows += [bytes, good]
        }
        // Days around the last one, and noise.
        for day in [0, 1, 84_004, 84_005, 84_006, 84_007, 1 << 17, 1 << 31, 0xffff_ffff] {
            var bytes = good
            for index in 0..<4 { bytes[2 + index] = UInt8(truncatingIfNeeded: day >> (8 * index)) }
            rows.append(bytes)
        }
        for seed in 0..<20_000 { rows.append(seed % 4 == 0 ? pattern(118, seed + 1) : good) }
        let schemaID = try smallSchema().id
        let faults = Entry.faults(in: column(rows.flatMap { $0 }, 118), schemaID: schemaID)
        let parsed = rows.map { try? Entry(parsing: $0) }
        #expect(faults.malformed == rows.indices.filter { parsed[$0] == nil })
        #expect(faults.foreign == rows.indices.filter { parsed[$0].map { $0.schemaID != schemaID } ?? false })
        #expect(faults.malformed.count > 5_000 && faults.foreign.count == 128)
        #expect(Entry.faults(in: column([], 118), schemaID: schemaID).malformed == [])
        #expect(Entry.faults(in: column([1, 2], 1), schemaID: schemaID).malformed == [0, 1])
    }

    @Test func lengths() throws {
        let bytes = try Self.entry().bytes
        for count in [0, 1, 117] {
            #expect(refusal { () throws(ModelError) in try Entry(parsing: Array(bytes.prefix(count))) }?.code == "entry-length")
        }
        #expect(refusal { () throws(ModelError) in try Entry(parsing: bytes + [0]) }?.code == "entry-length")
        let short = refusal { () throws(ModelError) in
            try Entry(issuanceDay: nil, schemaID: [], consent: [], calendar: [], withdrawalTag: [])
        }
        #expect(short?.code == "entry-length")
    }

    @Test func revocations() throws {
        let leaf = try Self.entry().leafHash
        let revocation = RevocationEntry(kind: .issuer, leaf: leaf)
        #expect(revocation.bytes == [1, 1] + leaf.bytes)
        #expect(try RevocationEntry(parsing: revocation.bytes) == revocation)
        func code(_ bytes: [UInt8]) -> String? { refusal { () throws(ModelError) in try RevocationEntry(parsing: bytes) }?.code }
        #expect(code([0, 1] + leaf.bytes) == "format-trial")
        #expect(code([2, 1] + leaf.bytes) == "format-newer")
        #expect(code([1, 0] + leaf.bytes) == "revocation-kind")
        #expect(code([1, 3] + leaf.bytes) == "revocation-kind")
        #expect(code([1, 1] + leaf.bytes + [0]) == "revocation-length")
        #expect(code([]) == "revocation-length")
    }

    @Test func withdrawal() throws {
        let receipt = try Self.receipt()
        let statement = try receipt.withdrawal()
        try statement.verify(entry: receipt.entry)
        #expect(statement.revocation == RevocationEntry(kind: .subject, leaf: receipt.entry.leafHash))
        #expect(try WithdrawalStatement(parsing: statement.json.canonical) == statement)
        let restored = try SubjectReceipt(parsing: receipt.json.canonical)
        #expect(restored.json == receipt.json)
    }

    @Test(arguments: ["origin", "index", "salt", "vk", "signature", "leaf"])
    func everyMemberOfAWithdrawalCounts(name: String) throws {
        let receipt = try Self.receipt()
        let statement = try receipt.withdrawal()
        guard case .object(var members) = statement.json else { return }
        let flipped: JSONValue =
            switch members[name] {
            case .string(let text)?: .string((text.hasPrefix("0") ? "1" : "0") + text.dropFirst())
            case .integer(let value)?: .integer(value + 1)
            default: .null
            }
        members[name] = flipped
        let changed = try WithdrawalStatement(parsing: JSONValue.object(members).canonical)
        let code = refusal { () throws(ModelError) in try changed.verify(entry: receipt.entry) }?.code
        let expected = ["salt": "withdrawal-tag", "vk": "withdrawal-tag", "leaf": "withdrawal-leaf"][name] ?? "withdrawal-signature"
        #expect(code == expected)
    }

    /// A key of the attacker's with a good signature does not withdraw another's consent.
    @Test func anotherKeyDoesNotWithdraw() throws {
        let entry = try Self.entry()
        let seed = [UInt8](repeating: 8, count: 32)
        let message = WithdrawalStatement.message(origin: "o", index: 1, leaf: entry.leafHash)
        let statement = WithdrawalStatement(
            origin: "o", index: 1, leaf: entry.leafHash, verificationKey: try Ed25519.publicKey(seed: seed.span), salt: Self.salt,
            signature: try Ed25519.sign(seed: seed.span, message: message.span))
        #expect(refusal { () throws(ModelError) in try statement.verify(entry: entry) }?.code == "withdrawal-tag")
        #expect(throws: ModelError.self) {
            try SubjectReceipt(id: "c", origin: "o", index: 1, entry: entry, salt: Self.salt, seed: seed)
        }
    }

    @Test(arguments: [
        ("\"version\":1", "\"version\":0", "format-trial"), ("\"version\":1", "\"version\":2", "format-newer"),
        ("\"version\":1", "\"version\":\"1\"", "record-version"), ("\"version\":1", "\"version\":1.0", "record-version"),
        ("\"index\":17", "\"index\":17.0", "invalid-value"), ("\"index\":17", "\"index\":17e0", "invalid-value"),
        ("\"index\":17", "\"index\":-0", "invalid-value"), ("\"kind\":\"withdrawal\"", "\"kind\":\"x\"", "record-kind"),
        ("\"index\":17", "\"index\":-1", "invalid-value"), ("\"index\":17", "\"index\":\"17\"", "invalid-value"),
        ("\"index\":17", "\"index\":17,\"more\":1", "unknown-key"), ("\"index\":17,", "", "missing-key"),
        ("\"salt\":\"09", "\"salt\":\"", "invalid-value"),
        ("\"salt\":\"09", "\"salt\":\"0A", "invalid-value"), ("\"index\":17", "\"index\":[[]]", "json-too-deep"),
        ("\"index\":17", "\"index\":17,\"index\":17", "json-duplicate-member"),
    ])
    func refusedWithdrawals(old: String, new: String, code: String) throws {
        let text = try Self.receipt().withdrawal().json.canonicalText
        try #require(text.contains(old))
        let error = refusal { () throws(ModelError) in
            try WithdrawalStatement(parsing: Array(text.replacing(old, with: new).utf8), file: "w.json")
        }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.file == "w.json")
    }

    @Test func manifest() throws {
        let column = (0..<5 * 32).map { UInt8($0) }
        let manifest = try Manifest(dataset: "trial", holder: "lab", dataPoints: column.span)
        let leaves = (0..<5).map { LeafHash(entry: Array(column[$0 * 32..<$0 * 32 + 32])) }
        #expect(manifest.dataPointCount == 5)
        #expect(manifest.root == MerkleTree(leaves).root)
        let text =
            #"{"data_points":5,"dataset":"trial","holder":"lab","kind":"manifest","root":""# + hex(manifest.root.bytes) + #"","version":1}"#
        #expect(manifest.leaf == Array(text.utf8))
        #expect(try Manifest(parsing: manifest.leaf) == manifest)
        #expect(manifest.leafHash == LeafHash(entry: manifest.leaf))
        func code(_ text: String) -> String? { refusal { () throws(ModelError) in try Manifest(parsing: Array(text.utf8)) }?.code }
        #expect(code(text + "\n") == "not-canonical")
        #expect(code(text.replacing(",", with: ", ")) == "not-canonical")
        #expect(code(text.replacing(":5", with: ":0")) == "invalid-value")
        #expect(code(text.replacing(":5", with: ":4294967297")) == "invalid-value")
        #expect(code(text.replacing("lab", with: "")) == "invalid-value")
        #expect(code(text.replacing("version\":1", with: "version\":0")) == "format-trial")
        func columnCode(_ column: [UInt8]) -> String? {
            refusal { () throws(ModelError) in try Manifest(dataset: "d", holder: "h", dataPoints: column.span) }?.code
        }
        #expect(columnCode([]) == "invalid-value")
        #expect(columnCode([1]) == "manifest-column")
    }
}
