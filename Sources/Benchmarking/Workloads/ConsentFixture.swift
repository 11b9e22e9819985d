// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport
internal import ConsentModel
internal import ConsentProver
internal import Foundation
internal import Holding
internal import MerkleLog
internal import Secrets
internal import Stores

/// A folder with what a holder has on the day of a proof over `rows` rows, and the auditor's policy: a table, both stores, the issuer's ledger with one
/// consent for each row, and the bundle. One policy, one ledger, schema `consent-v1`, as `zkconsent demo --large` has it. Before those consents the
/// ledger has others, one for 64 rows, all of them withdrawn: inclusion proof and list of withdrawals have something in them.
///
/// Keys and times are constants: a folder that is kept serves later runs.
final class ConsentFixture {
    static let ledgerName = "bench.example/consent"
    static let dataset = "bench"
    static let checkpointTime: UInt64 = 1_780_000_000
    static let now: UInt64 = checkpointTime + 3_600
    static let passphrase = Array("a passphrase of the benchmarks".utf8)
    static let schemaName = "consent-v1"
    /// Consents that are committed and stored at a time: memory does not grow with the rows.
    private static let batchSize = 16_384

    let folder: URL
    let rows: Int
    /// The leaf indices of the rows' consents.
    var entries: Range<UInt64> { UInt64(otherCount)..<UInt64(otherCount + rows) }
    private var otherCount: Int { rows / 64 + 1 }
    /// In a folder that is complete, with a ledger as it is described above.
    private static let completeName = "complete-2"
    private let isTemporary: Bool

    /// The path of a file in the folder.
    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The folder for `rows` rows, made unless `keep` has it already.
    init(rows: Int, keep: String?, progress: (String) -> Void) throws {
        self.rows = rows
        isTemporary = keep == nil
        let parent = keep.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory
        folder = parent.appending(path: keep == nil ? "zkconsent-bench-\(UUID().uuidString)" : "rows-\(rows)")
        guard !FileManager.default.fileExists(atPath: path(Self.completeName)) else { return }
        if isTemporary { TemporaryFiles.add(folder.path) }
        try makeFolder()
        do {
            try fill(progress)
            progress("the bundle of \(rows) rows")
            try Data(try making().make(dataset: Self.dataset, records: records(), context: "", now: Self.now).bytes)
                .write(to: folder.appending(path: "bundle.zkb"))
            try Data().write(to: folder.appending(path: Self.completeName))
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    /// Makes the folder anew. What an interrupted run left is removed, and nothing else: it has the file `incomplete`.
    private func makeFolder() throws {
        let files = FileManager.default
        if files.fileExists(atPath: folder.path) {
            guard files.fileExists(atPath: path("incomplete")) else {
                throw ModelError(
                    "file-exists", "the folder exists and was not made by bench", file: folder.path, hint: "give --fixtures another folder")
            }
            try files.removeItem(at: folder)
        }
        guard (try? files.createDirectory(at: folder, withIntermediateDirectories: true)) != nil,
            files.createFile(atPath: path("incomplete"), contents: nil)
        else {
            throw ModelError(
                "file-permission", "the folder cannot be made", file: folder.path, hint: "give --fixtures a folder that you may write to")
        }
    }

    deinit {
        guard isTemporary else { return }
        try? FileManager.default.removeItem(at: folder)
        TemporaryFiles.remove(folder.path)
    }

    /// The consents of rows `numbers`, counted from 1: every attribute has a value, none repeats another row's record.
    static func consents(_ numbers: Range<Int>, digests: [[UInt8]], schema: Schema) throws -> [Consent] {
        guard let first = Day(iso8601: "2025-01-01"), let last = Day(iso8601: "2027-12-31"),
            let days = DayInterval(first: first, last: last)
        else { throw WrongResult(what: "the days of the consents") }
        return numbers.map { number in
            var values: [String: ConsentValue] = [:]
            for attribute in schema.attributes {
                switch attribute.kind {
                case .uint: values[attribute.name] = .uint(UInt64(18 + number % 60))
                case .id: values[attribute.name] = .id(Array("\(attribute.name)-\(number % 7)".utf8))
                }
            }
            values["record"] = .id(digests[number - numbers.lowerBound])
            values["subject"] = .id(Array("subject/\(number)".utf8))
            values["controller"] = .id(Array("https://bench.example".utf8))
            return Consent(
                id: "request-\(number)", values: values, flags: ["purposes": ["ScientificResearch"], "data_categories": ["Health"]],
                inForce: days)
        }
    }

    private static func key(_ byte: UInt8) throws -> Ed25519SigningKey {
        try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: byte, count: 32).span))
    }

    // MARK: Filling

    private func fill(_ progress: (String) -> Void) throws {
        let issuer = try Self.key(1)
        let cosigner = try Self.key(2)
        let policy = [
            "policy: bench", "statement:", "  schema: \(Self.schemaName)", "  in_force: {from: 2026-01-01, to: 2026-06-30}",
            "  require: {purposes: [ScientificResearch]}", "  forbid: {purposes: [Marketing]}",
            "  constants: {controller: \"https://bench.example\"}", "  link: [record]", "acceptance:", "  ledgers:",
            "    - origin: \(Self.ledgerName)",
            "      key: \(try VerifierKey(name: Self.ledgerName, type: .ed25519, publicKey: issuer.publicKey).text)",
            "      cosigners: {quorum: 1, keys: [\""
                + (try VerifierKey(name: Self.ledgerName + "/cosigner", type: .cosignature, publicKey: cosigner.publicKey).text) + "\"]}",
            "  freshness: {current: 7d}", "",
        ]
        try Data(policy.joined(separator: "\n").utf8).write(to: folder.appending(path: "policy.yaml"))
        try writeTable()

        let cheap = try SealedFile.Parameters(log2N: 14, r: 8, p: 1)
        let ledger = try LedgerStore.create(
            at: path("ledger.sqlite"), name: Self.ledgerName, issuerKey: issuer.publicKey, cosignerKey: cosigner.publicKey)
        let receipts = try ReceiptStore.create(at: path("receipts.sqlite"), passphrase: Self.passphrase.span, parameters: cheap)
        try appendOthers(to: ledger)
        try issue(to: ledger, receipts, progress)
        progress("\(rows) data points")
        let datasets = try DatasetStore.create(at: path("datasets.sqlite"), passphrase: Self.passphrase.span, parameters: cheap)
        let manifest = try DatasetCommit(table: Self.table, holder: "bench").run(records(), store: datasets)
        try ledger.append([manifest.leaf], to: .registry)
        _ = try ledger.checkpoint(issuer: issuer, cosigner: cosigner, now: Self.checkpointTime)
    }

    private static let table = RecordTable(dataset: dataset, keyColumns: ["row"], subjectColumn: "subject")

    private func writeTable() throws {
        guard FileManager.default.createFile(atPath: path("records.csv"), contents: nil) else { throw WrongResult(what: "the table") }
        let file = try FileHandle(forWritingTo: folder.appending(path: "records.csv"))
        defer { try? file.close() }
        var text = "row,subject,value\n"
        for row in 1...max(1, rows) {
            text += "\(row),subject/\(row),\(row &* 7_919 % 1_000)\n"
            if text.utf8.count > 1 << 20 || row == rows {
                try file.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
    }

    /// Consents of somebody else, and their withdrawals.
    private func appendOthers(to ledger: LedgerStore) throws {
        let schema = try Schema.builtIn(named: Self.schemaName)
        let committed = try ConsentCommitter(try GeneratorTable(schema)).commit(
            try Self.consents(1..<2, digests: [[UInt8](repeating: 0, count: 32)], schema: schema))
        let others = try (0..<otherCount).map { number in
            try Entry(
                issuanceDay: nil, schemaID: schema.id, consent: committed.consents, calendar: committed.calendars,
                withdrawalTag: (0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? number >> (8 * $0) : 7) }
            ).bytes
        }
        _ = try ledger.append(others, to: .consents)
        _ = try ledger.append(others.map { RevocationEntry(kind: .issuer, leaf: LeafHash(entry: $0)).bytes }, to: .revocations)
    }

    private func issue(to ledger: LedgerStore, _ receipts: ReceiptStore, _ progress: (String) -> Void) throws {
        let schema = try Schema.builtIn(named: Self.schemaName)
        let committer = ConsentCommitter(try GeneratorTable(schema))
        let subjectKey = try Self.key(3).publicKey
        var reader = try RecordReader(try ByteSource(path: path("records.csv")), format: .csv, table: Self.table)
        var start = 1
        while start <= rows {
            progress("consent \(start) of \(rows)")
            let numbers = start..<min(start + Self.batchSize, rows + 1)
            var digests: [[UInt8]] = []
            while digests.count < numbers.count, let record = try reader.next() { digests.append(record.digest) }
            let consents = try Self.consents(numbers, digests: digests, schema: schema)
            let committed = try committer.commit(consents)
            var entries: [[UInt8]] = []
            for (position, number) in numbers.enumerated() {
                let range = 32 * position..<32 * position + 32
                let salt = (0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? number >> (8 * $0) : 9) }
                entries.append(
                    try Entry(
                        issuanceDay: nil, schemaID: schema.id, consent: Array(committed.consents[range]),
                        calendar: Array(committed.calendars[range]),
                        withdrawalTag: Entry.withdrawalTag(verificationKey: subjectKey, salt: salt)
                    ).bytes)
            }
            try receipts.insertPending(origin: Self.ledgerName + "/consents") { batch in
                var places: [PagePlace] = []
                for start in stride(from: 0, to: consents.count, by: OpeningPageLayout.countLimit) {
                    let rows = start..<min(start + OpeningPageLayout.countLimit, consents.count)
                    let page = try committed.page(of: rows, entries: Array(entries[rows].joined()))
                    places += try batch.add(page: page, count: rows.count, schema: schema)
                }
                for (position, consent) in consents.enumerated() {
                    var opening = SecretBytes(count: try ConsentOpeningLayout.byteCount(consent, schema: schema))
                    try committed.consentBlindings.withBytes { k in
                        try committed.calendarBlindings.withBytes { t in
                            try opening.withMutableSpan { out in
                                let range = 32 * position..<32 * position + 32
                                try ConsentOpeningLayout.encode(
                                    consent, schema: schema, k: k.extracting(range), t: t.extracting(range), into: &out)
                            }
                        }
                    }
                    try opening.withSpan {
                        try batch.add(request: consent.id, entry: entries[position], opening: $0, place: places[position])
                    }
                }
            }
            let range = try ledger.append(entries, to: .consents)
            try receipts.acknowledge(range.map { (LeafHash(entry: entries[$0 - range.lowerBound]), $0) })
            start = numbers.upperBound
        }
    }

    // MARK: Using

    /// The table.
    func records() throws -> RecordFile { try RecordFile(path: path("records.csv"), format: .csv) }

    /// A maker of bundles over the files of the folder.
    func making(policy: String = "policy.yaml", kind: Statement.ProofKind = .dataset) throws -> BundleMaking {
        try BundleMaking(
            policy: try Policy.load(path: path(policy)),
            datasets: try DatasetStore.open(at: path("datasets.sqlite"), for: .reading, passphrase: Self.passphrase.span),
            receipts: [try ReceiptStore.open(at: path("receipts.sqlite"), for: .reading, passphrase: Self.passphrase.span)],
            ledgers: [try LedgerStore.open(at: path("ledger.sqlite"), for: .reading)], kind: kind)
    }
}
