// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport
public import ConsentModel
internal import ConsentProver
public import Foundation
public import Holding
internal import MerkleLog
public import Secrets
public import Stores

/// A folder with everything that a holder has on the day of a proof, and the auditor's policy: `records.csv`, `receipts.sqlite`, `datasets.sqlite`,
/// `ledger.sqlite`, `policy.yaml` and `pass`. The dataset `patients` is committed and registered. Removed with this value.
public final class TestWorkspace {
    /// The name of the ledger.
    public static let ledgerName = "hospital.example/consent"
    /// The time of the first checkpoints, 2026-05-28T20:26:40Z.
    public static let checkpointTime: UInt64 = 1_780_000_000
    /// A day later, when proofs are made and judged.
    public static let now: UInt64 = checkpointTime + 86_400
    /// The passphrase of both stores.
    public static let passphrase = Array("correct horse battery staple".utf8)

    /// What may differ from the plain workspace.
    public struct Options {
        /// The number of records.
        public var rows = 20
        /// The schema of consents: built in.
        public var schema = "test-small"
        /// The consent of a row, numbered from 1, changed; `nil` for none.
        public var consent: (Int, Consent) -> Consent? = { $1 }
        /// The rows, numbered from 1, whose consents are withdrawn before the checkpoint.
        public var withdrawn: [Int] = []
        /// Lines of the policy's acceptance besides ledgers.
        public var acceptance = ["freshness: {current: 7d}"]
        /// The rows, numbered from 1, whose consents are under the schema of ``TestWorkspace/partner``, the file `partner.yaml`, which the policy then
        /// lists too.
        public var partnerRows: Set<Int> = []
        /// Whether rows are told apart by the column `patient`, or by their number.
        public var hasKey = true

        /// The plain workspace.
        public init() {}
    }

    /// Another form of the consents of `test-small`.
    public static let partner = """
        schema: partner
        version: 1
        calendar: {from: 2026-01-01, days: 10}
        attributes:
          - {name: site, kind: id, type: site}
          - {name: notice, kind: id, type: notice}
          - {name: controller, kind: id, type: controller}
          - {name: subject, kind: id, type: subject}
          - {name: record, kind: id, type: record}
        flags:
          - {group: purposes, values: [Marketing, Resale, ScientificResearch]}

        """

    /// The folder.
    public let folder: URL
    /// The issuer's key.
    public let issuerKey: Ed25519SigningKey
    /// The key of the issuer's timestamps.
    public let cosignerKey: Ed25519SigningKey
    /// The entries by row; rows without a consent are absent.
    public private(set) var entries: [Int: Entry] = [:]
    private let options: Options

    /// The path of a file in the folder.
    public func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Makes the folder.
    public init(_ options: Options = Options()) throws {
        self.options = options
        folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-workspace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        issuerKey = try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 1, count: 32).span))
        cosignerKey = try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 2, count: 32).span))
        try Data(Self.passphrase + [10]).write(to: folder.appending(path: "pass"))
        try Data(Self.table(rows: options.rows).utf8).write(to: folder.appending(path: "records.csv"))
        if !options.partnerRows.isEmpty { try Data(Self.partner.utf8).write(to: folder.appending(path: "partner.yaml")) }
        try Data(policyText().utf8).write(to: folder.appending(path: "policy.yaml"))
        try fill()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The columns that tell rows apart.
    public var keyColumns: [String] { options.hasKey ? ["patient"] : [] }

    /// The records as CSV.
    public static func table(rows: Int) -> String {
        var text = "patient,subject,finding\n"
        for row in 1...rows { text += "P-\(row),subject/\(row),\"value \(row * 7919 % 1000), normal\"\n" }
        return text
    }

    /// The policy with these extra lines in its statement.
    public func policyText(statement: [String] = []) throws -> String {
        let key = try VerifierKey(name: Self.ledgerName, type: .ed25519, publicKey: issuerKey.publicKey).text
        let cosigner = try VerifierKey(name: Self.ledgerName + "/cosigner", type: .cosignature, publicKey: cosignerKey.publicKey).text
        let days = options.schema == "test-small" ? "{from: 2026-01-02, to: 2026-01-06}" : "{from: 2026-01-01, to: 2026-06-30}"
        let schemas =
            options.partnerRows.isEmpty
            ? options.schema
            : "[{name: partner.yaml, forbid: {purposes: [Resale]}}, {name: \(options.schema), require: {data_categories: [Health]}}]"
        let lines =
            [
                "policy: research", "statement:", "  schema: \(schemas)", "  in_force: \(days)",
                "  require: {purposes: [ScientificResearch]}", "  forbid: {purposes: [Marketing]}",
                "  constants: {controller: \"https://hospital.example\"}", "  link: [record]",
            ] + statement.map { "  " + $0 } + ["acceptance:", "  ledgers:", "    - origin: \(Self.ledgerName)", "      key: \(key)"]
            + ["      cosigners: {quorum: 1, keys: [\"\(cosigner)\"]}"] + options.acceptance.map { "  " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Filling

    private func fill() throws {
        let cheap = try SealedFile.Parameters(log2N: 14, r: 8, p: 1)
        let ledger = try LedgerStore.create(
            at: path("ledger.sqlite"), name: Self.ledgerName, issuerKey: issuerKey.publicKey, cosignerKey: cosignerKey.publicKey)
        let receipts = try ReceiptStore.create(at: path("receipts.sqlite"), passphrase: Self.passphrase.span, parameters: cheap)
        try issue(to: ledger, receipts, Schema.builtIn(named: options.schema)) { !options.partnerRows.contains($0) }
        if !options.partnerRows.isEmpty {
            try issue(to: ledger, receipts, Schema(yaml: Array(Self.partner.utf8))) { options.partnerRows.contains($0) }
        }
        try ledger.append(
            options.withdrawn.compactMap { row in entries[row].map { RevocationEntry(kind: .issuer, leaf: $0.leafHash).bytes } },
            to: .revocations)
        let datasets = try DatasetStore.create(at: path("datasets.sqlite"), passphrase: Self.passphrase.span, parameters: cheap)
        let table = RecordTable(dataset: "patients", keyColumns: keyColumns, subjectColumn: "subject")
        let manifest = try DatasetCommit(table: table, holder: "lab.example").run(RecordFile(path: path("records.csv")), store: datasets)
        try ledger.append([manifest.leaf], to: .registry)
        _ = try ledger.checkpoint(issuer: issuerKey, cosigner: cosignerKey, now: Self.checkpointTime)
    }

    private func issue(
        to ledger: LedgerStore, _ receipts: ReceiptStore, _ schema: Schema, rows isIncluded: (Int) -> Bool
    ) throws {
        let table = RecordTable(dataset: "patients", keyColumns: keyColumns, subjectColumn: "subject")
        var reader = try RecordReader(try ByteSource(path: path("records.csv")), format: .csv, table: table)
        var consents: [(row: Int, consent: Consent)] = []
        for record in try reader.readAll() where isIncluded(record.number) {
            let plain = try consent(for: record, schema)
            if let consent = options.consent(record.number, plain) { consents.append((record.number, consent)) }
        }
        guard !consents.isEmpty else { return }
        let committed = try ConsentCommitter(GeneratorTable(schema)).commit(consents.map(\.consent))
        var leaves: [[UInt8]] = []
        for (position, item) in consents.enumerated() {
            let range = 32 * position..<32 * position + 32
            let entry = try Entry(
                issuanceDay: nil, schemaID: schema.id, consent: Array(committed.consents[range]),
                calendar: Array(committed.calendars[range]),
                withdrawalTag: Entry.withdrawalTag(verificationKey: Self.subjectKey(item.row).publicKey, salt: Self.salt(item.row)))
            entries[item.row] = entry
            leaves.append(entry.bytes)
        }
        let origin = Self.ledgerName + "/consents"
        try receipts.insertPending(origin: origin) { batch in
            var places: [PagePlace] = []
            for start in stride(from: 0, to: consents.count, by: OpeningPageLayout.countLimit) {
                let rows = start..<min(start + OpeningPageLayout.countLimit, consents.count)
                let page = try committed.page(of: rows, entries: Array(leaves[rows].joined()))
                places += try batch.add(page: page, count: rows.count, schema: schema)
            }
            for (position, item) in consents.enumerated() {
                var opening = SecretBytes(count: try ConsentOpeningLayout.byteCount(item.consent, schema: schema))
                try committed.consentBlindings.withBytes { k in
                    try committed.calendarBlindings.withBytes { t in
                        try opening.withMutableSpan { out in
                            let range = 32 * position..<32 * position + 32
                            try ConsentOpeningLayout.encode(
                                item.consent, schema: schema, k: k.extracting(range), t: t.extracting(range), into: &out)
                        }
                    }
                }
                try opening.withSpan {
                    try batch.add(request: item.consent.id, entry: leaves[position], opening: $0, place: places[position])
                }
            }
        }
        let range = try ledger.append(leaves, to: .consents)
        try receipts.acknowledge(range.map { (LeafHash(entry: leaves[$0 - range.lowerBound]), $0) })
    }

    private func consent(for record: Record, _ schema: Schema) throws -> Consent {
        let isSmall = options.schema == "test-small"
        var members: [String: JSONValue] = [
            "id": .string("request-\(record.number)"),
            "record": .string(record.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()),
            "subject": .string("subject/\(record.number)"), "controller": .string("https://hospital.example"),
            "notice": .string("notice-1"),
            "purposes": .array([.string("ScientificResearch")]), "data_categories": .array([.string("Health")]), "age": .integer(40),
            "in_force": .object(
                isSmall
                    ? ["from": .string("2026-01-01"), "to": .string("2026-01-08")]
                    : ["from": .string("2025-01-01"), "to": .string("2027-12-31")]),
        ]
        if schema.name == "partner" {
            for name in ["age", "data_categories"] { members[name] = nil }
            members["site"] = .string("site-1")
        }
        return try Consent(json: .object(members), schema: schema)
    }

    // MARK: Subjects and later events

    /// The withdrawal key of a row's subject.
    public static func subjectKey(_ row: Int) throws -> Ed25519SigningKey {
        let seed = (0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? row >> (8 * $0) : 7) }
        return try Ed25519SigningKey(seed: SecretBytes(copying: seed.span))
    }

    /// The salt of a row's withdrawal tag.
    public static func salt(_ row: Int) -> [UInt8] { (0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? row >> (8 * $0) : 9) } }

    /// Withdraws the consents of rows at the issuer and signs a new checkpoint.
    public func withdraw(_ rows: [Int], now: UInt64 = TestWorkspace.now) throws {
        let ledger = try LedgerStore.open(at: path("ledger.sqlite"), for: .writing)
        try ledger.append(
            rows.compactMap { row in entries[row].map { RevocationEntry(kind: .issuer, leaf: $0.leafHash).bytes } }, to: .revocations)
        _ = try ledger.checkpoint(issuer: issuerKey, cosigner: cosignerKey, now: now)
    }

    /// The withdrawal that the subject of a row signs.
    public func withdrawal(row: Int, index: UInt64) throws -> WithdrawalStatement {
        let key = try Self.subjectKey(row)
        let origin = Self.ledgerName + "/consents"
        guard let leaf = entries[row]?.leafHash else { throw ModelError("no-entry", "row \(row) has no consent") }
        return WithdrawalStatement(
            origin: origin, index: index, leaf: leaf, verificationKey: key.publicKey, salt: Self.salt(row),
            signature: try key.sign(WithdrawalStatement.message(origin: origin, index: index, leaf: leaf)))
    }

    /// The ledger's whole list of withdrawals as of its latest checkpoint.
    public func revocationList() throws -> RevocationList {
        let ledger = try LedgerStore.open(at: path("ledger.sqlite"), for: .reading)
        guard let checkpoint = try ledger.latestCheckpoint(.revocations),
            let column = BytesColumn(try ledger.revocationColumn(size: checkpoint.size), rowByteCount: 34)
        else { throw ModelError("no-checkpoint", "the ledger has none") }
        return try RevocationList(origin: Self.ledgerName, checkpoint: checkpoint.text, fromSize: 0, consistency: [], revocations: column)
    }

    // MARK: Proving

    /// The store of datasets.
    public func datasets(for access: StoreAccess = .reading) throws -> DatasetStore {
        try DatasetStore.open(at: path("datasets.sqlite"), for: access, passphrase: Self.passphrase.span)
    }

    /// A maker of bundles over the files of the folder.
    public func making(dishonestly: Bool = false) throws -> BundleMaking {
        let policy = try Policy.load(path: path("policy.yaml"))
        let datasets = try datasets()
        let receipts = try ReceiptStore.open(at: path("receipts.sqlite"), for: .reading, passphrase: Self.passphrase.span)
        let ledger = try LedgerStore.open(at: path("ledger.sqlite"), for: .reading)
        return dishonestly
            ? try BundleMaking(dishonestly: policy, datasets: datasets, receipts: [receipts], ledgers: [ledger])
            : try BundleMaking(policy: policy, datasets: datasets, receipts: [receipts], ledgers: [ledger])
    }

    /// The bundle of the dataset `patients`.
    public func bundle(dishonestly: Bool = false, context: String = "", now: UInt64 = TestWorkspace.now) throws -> [UInt8] {
        try making(dishonestly: dishonestly).make(
            dataset: "patients", records: RecordFile(path: path("records.csv")), context: context, now: now
        ).bytes
    }
}
