// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import MerkleLog
import Primitives
import Secrets

/// Issuers, a holder and an auditor in memory. A value: a copy can be spoiled without the original.
///
/// Everything that authenticates is recomputed from the present contents, with the issuers' own keys: a test that spoils a row therefore
/// leaves the equations as the only thing that can refuse.
struct TestWorld {
    /// 2026-02-01, after the calendar of the small schema.
    static let now: UInt64 = 1_769_904_000
    /// The key of every data subject; salts differ.
    static let subjectSeed: UInt8 = 77

    struct Receipt {
        var ledger: Int
        var index: Int
        var entry: [UInt8]
        var consent: Consent
        var k: Suite.Scalar
        var t: Suite.Scalar
        var salt: [UInt8]
    }

    struct Row {
        var record: [UInt8]
        var subject: [UInt8]
        var dataPoint: [UInt8]
        var blinding: Suite.Scalar
    }

    let kit: TestKit
    var clauses: TestClauses
    var ledgers: [TestLedger]
    var receipts: [Receipt] = []
    var rows: [Row] = []
    var holder = "University of Example"
    var context = ""
    /// The ledger whose registry has the manifest.
    var registryLedger = 0
    var freshness = Policy.Freshness.current(maximumAge: 86_400)

    private static let dataCommitter = DataPointCommitter()

    init(_ kit: TestKit = .small, ledgers: [TestLedger]? = nil) throws {
        self.kit = kit
        clauses = kit.clauses
        self.ledgers = try ledgers ?? [TestLedger("a.example")]
    }

    /// `count` rows, each with an honest consent of its own, dealt out to the ledgers in turn.
    static func honest(_ count: Int, _ kit: TestKit = .small, ledgers: [TestLedger]? = nil, reveal: [String] = []) throws -> TestWorld {
        var world = try TestWorld(kit, ledgers: ledgers)
        world.clauses.reveal = reveal
        let ledgerCount = world.ledgers.count
        for ledger in 0..<ledgerCount {
            try world.issue((0..<count).filter { $0 % ledgerCount == ledger }.map { kit.consent($0) }, ledger: ledger)
        }
        try world.commitRows((0..<count).map { (TestKit.record($0), TestKit.subject($0)) })
        return world
    }

    /// Consents of the full schema that say as integers that they are in force from day 20,000 to 21,000; the first of them have rows.
    static func dated(consents: Int, rows: Int) throws -> TestWorld {
        var world = try TestWorld(.full)
        try world.issue(
            (0..<consents).map { number in
                var consent = world.kit.consent(number)
                consent.values["not_before"] = .uint(20_000)
                consent.values["expires"] = .uint(21_000)
                return consent
            })
        try world.commitRows((0..<rows).map { (TestKit.record($0), TestKit.subject($0)) })
        return world
    }

    // MARK: Issuer

    mutating func issue(_ consents: [Consent], ledger: Int = 0) throws {
        guard !consents.isEmpty else { return }
        let first = ledgers[ledger].consents.leaves.count
        let more = try committed(consents, ledger: ledger, first: first)
        ledgers[ledger].consents.append(more.map(\.entry))
        receipts += more
    }

    /// Replaces the consent of receipt `position` by another, in the ledger too.
    mutating func reissue(_ position: Int, _ consent: Consent) throws {
        let old = receipts[position]
        let new = try committed([consent], ledger: old.ledger, first: old.index)[0]
        ledgers[old.ledger].consents.replace(old.index, by: new.entry)
        receipts[position] = new
    }

    private func committed(_ consents: [Consent], ledger: Int, first: Int) throws -> [Receipt] {
        let committed = try kit.committer.commit(consents)
        let (k, t) = (committed.consentBlindings.declassified(as: .response), committed.calendarBlindings.declassified(as: .response))
        let key = try TestSigner("subject", seed: Self.subjectSeed).publicKey
        return try consents.indices.map { index in
            let salt = SHA256.hash(Array("salt \(ledger) \(first + index)".utf8))
            let entry = try Entry(
                issuanceDay: nil, schemaID: kit.schema.id, consent: Array(committed.consents[32 * index..<32 * index + 32]),
                calendar: Array(committed.calendars[32 * index..<32 * index + 32]),
                withdrawalTag: Entry.withdrawalTag(verificationKey: key, salt: salt))
            return Receipt(
                ledger: ledger, index: first + index, entry: entry.bytes, consent: consents[index], k: k[index], t: t[index], salt: salt)
        }
    }

    /// The withdrawal of receipt `position` by its subject, not logged.
    func withdrawal(_ position: Int, seed: UInt8 = subjectSeed, salt: [UInt8]? = nil, index: UInt64? = nil) throws -> WithdrawalStatement {
        let receipt = receipts[position]
        let origin = ledgers[receipt.ledger].origin + "/consents"
        let signer = try TestSigner("subject", seed: seed)
        let leaf = LeafHash(entry: receipt.entry)
        let index = index ?? UInt64(receipt.index)
        return WithdrawalStatement(
            origin: origin, index: index, leaf: leaf, verificationKey: signer.publicKey, salt: salt ?? receipt.salt,
            signature: try signer.sign(WithdrawalStatement.message(origin: origin, index: index, leaf: leaf)))
    }

    /// Logs the withdrawal of receipt `position`.
    mutating func revoke(_ position: Int) {
        let receipt = receipts[position]
        ledgers[receipt.ledger].revocations.append([RevocationEntry(kind: .issuer, leaf: LeafHash(entry: receipt.entry)).bytes])
    }

    // MARK: Holder

    mutating func commitRows(_ identities: [(record: [UInt8], subject: [UInt8])]) throws {
        let committed = Self.dataCommitter.commit(records: identities.map(\.record), subjects: identities.map(\.subject))
        let blindings = committed.blindings.declassified(as: .response)
        rows += identities.indices.map { index in
            Row(
                record: identities[index].record, subject: identities[index].subject,
                dataPoint: Array(committed.dataPoints[32 * index..<32 * index + 32]), blinding: blindings[index])
        }
    }

    var dataPoints: [UInt8] { rows.flatMap(\.dataPoint) }

    func manifest(holder: String? = nil, dataPoints: [UInt8]? = nil) throws -> Manifest {
        let column = dataPoints ?? self.dataPoints
        return try Manifest(dataset: "scans", holder: holder ?? self.holder, dataPoints: column.span)
    }

    func compiled() throws -> CompiledStatement {
        try CompiledStatement(clauses.statement(kit.schema), generators: kit.generators)
    }

    /// Shows the rows to an assembler.
    func fillRows(_ assembler: inout DatasetAssembler) throws {
        for (number, row) in rows.enumerated() {
            let blinding = row.blinding.limbs
            try assembler.addRow(
                sourceRow: number + 1, dataPoint: row.dataPoint, record: row.record, subject: row.subject, blinding: blinding.span)
        }
    }

    /// Shows rows and receipts to an assembler.
    func fill(_ assembler: inout DatasetAssembler) throws {
        try fillRows(&assembler)
        for receipt in receipts {
            let (k, t) = (receipt.k.limbs, receipt.t.limbs)
            try assembler.addReceipt(
                ledger: receipt.ledger, index: UInt64(receipt.index), entry: receipt.entry, consent: receipt.consent, k: k.span, t: t.span)
        }
    }

    /// Registers the data points and proves; `edit` changes the columns before they are absorbed.
    mutating func prove(
        dishonestly: Bool = false, selfChecking: Bool = false, views: [LedgerView]? = nil,
        edit: (inout BundleDraft) throws -> Void = { _ in }
    ) throws -> Bundle {
        let statement = try compiled()
        let manifest = try manifest()
        let evidence = try ledgers[registryLedger].register(manifest)
        var assembler = DatasetAssembler(
            statement: statement, ledgers: try views ?? ledgers.map { try $0.view() }, rows: rows.count, receipts: receipts.count,
            dishonestly: dishonestly)
        try fill(&assembler)
        let assembled = try assembler.finish(
            manifest: evidence, manifestRoot: manifest.root.bytes, holder: holder, context: context)
        var draft = assembled.draft
        try edit(&draft)
        let prover = dishonestly && !selfChecking ? DatasetProver(dishonestly: statement) : DatasetProver(statement: statement)
        return try prover.prove(draft, witness: assembled.witness)
    }

    // MARK: Auditor

    func policy(
        trusted: [Policy.Ledger]? = nil, loggedBy: Day? = nil, minimum: UInt64? = nil, oneToOne: Bool = false, context: String? = nil
    ) throws -> Policy {
        Policy(
            name: "test", statement: try clauses.statement(kit.schema),
            acceptance: Policy.Acceptance(
                ledgers: try trusted ?? ledgers.map { try $0.trusted() }, freshness: freshness, loggedBy: loggedBy,
                minimumDistinctConsents: minimum, isOneToOne: oneToOne, context: context))
    }

    func verify(_ bundle: Bundle, policy: Policy? = nil, evidence: Evidence = Evidence(now: now)) throws -> Verdict {
        try DatasetVerifier(policy: try policy ?? self.policy()).verify(bundle, evidence: evidence)
    }

    /// The reasons of a verdict, in order; empty if the bundle holds.
    func reasons(_ bundle: Bundle, policy: Policy? = nil, evidence: Evidence = Evidence(now: now)) throws -> [String] {
        try verify(bundle, policy: policy, evidence: evidence).findings.map(\.reason)
    }
}

/// The code of the error that `body` throws; `nil` when it throws none.
func code(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? ModelError)?.code ?? "other error: \(error)"
    }
}

/// Group elements from their encodings.
func decoded(_ encodings: [UInt8]) throws -> [Suite.Point] {
    try Suite.decode(canonical: encodings.span)
}
