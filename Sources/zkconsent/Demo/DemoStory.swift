// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Foundation
internal import VerifyCommand

/// The story: every step runs a command as another process and compares its verdict with the one that it must be.
struct DemoStory {
    /// The row whose person did not agree to quality improvement, the one that is altered, the one whose person withdraws, and the one shown by itself.
    private static let (rowWithoutPurpose, alteredRow, withdrawnRow, shownRow) = (4_711, 1_234, 17, 42)
    /// Among how many consents the one of a single row is hidden.
    private static let hidingCount = 4_096
    /// The rows that a table needs.
    static let leastRows = 4_711
    private static let dataset = "demo"

    let console: Console
    let program: DemoProgram
    let folder: DemoFolder
    let table: String
    let altersBundle: Bool
    private var steps: [DemoStep] = []

    init(console: Console, program: DemoProgram, folder: DemoFolder, table: String, altersBundle: Bool) {
        self.console = console
        self.program = program
        self.folder = folder
        self.table = table
        self.altersBundle = altersBundle
    }

    /// Whether every verdict was the expected one.
    var wentAsExpected: Bool { !steps.isEmpty && steps.allSatisfy(\.isExpected) }

    mutating func run() throws {
        try open()
        try issue()
        try commitAndProve()
        guard wentAsExpected || altersBundle else { return summary() }
        try showOne()
        try refuseToProve()
        try cheat()
        try withdraw()
        summary()
    }

    // MARK: Chapters

    private mutating func open() throws {
        try folder.write(Array("correct horse battery staple\n".utf8), to: "passphrase")
        chapter("An issuer opens a ledger; a holder and an auditor set up")
        try done("issuer", ["init", "issuer", "--ledger", "hospital.example/consent", "--path", "issuer"] + passphrase)
        try done("holder", ["init", "holder", "--path", "holder"] + passphrase)
        try done("auditor", ["init", "auditor", "--path", "auditor", "--ledger-vkey", "issuer/ledger.vkey"])
    }

    private mutating func issue() throws {
        let start = ContinuousClock.now
        let consents = try DemoData.consents(for: table, dataset: Self.dataset, rowWithoutQuality: Self.rowWithoutPurpose)
        try folder.write(consents.ndjson, to: "consents.fhir.ndjson")
        chapter("\(consents.count) synthetic FHIR consents, one for each record, are issued")
        record("consents", "done", "done", (ContinuousClock.now - start) / .seconds(1), folder.size("consents.fhir.ndjson"))
        try done("import", ["consent", "import", "consents.fhir.ndjson", "--output", "consents.jsonl"], makes: "consents.jsonl")
        try done(
            "issue",
            ["consent", "issue", "consents.jsonl", "--subject-receipts", "subjects"] + ledger + receipts + passphrase,
            makes: "issuer/ledger.sqlite")
    }

    private mutating func commitAndProve() throws {
        chapter("The holder commits its records, registers the manifest, and proves")
        try commit(table, in: "holder")
        try done(
            "prove", prove("auditor/policy.yaml", records: table, to: "holder/bundles/demo.zkb"), makes: "holder/bundles/demo.zkb")
        if altersBundle { try alterBundle() }
        chapter("The auditor verifies offline, in another process, and keeps a report")
        try verify(
            "verify", "holder/bundles/demo.zkb", ["--report", "auditor/reports/demo.json"], expecting: "holds",
            makes: "auditor/reports/demo.json")
    }

    private mutating func showOne() throws {
        chapter("One data point goes by itself")
        let row = ["--row", "\(Self.shownRow)"]
        try done(
            "prove-row", prove("auditor/policy.yaml", records: table, to: "holder/bundles/row.zkp") + row, makes: "holder/bundles/row.zkp")
        try verify("verify-row", "holder/bundles/row.zkp", [], expecting: "holds")
        chapter("Another proof does not tell which of \(Self.hidingCount) consents it is, over a commitment of its own")
        try done("hidden-holder", ["init", "holder", "--path", "hidden"] + passphrase)
        try done("commit-hidden", commitment(of: table, in: "hidden"), makes: "hidden/datasets.sqlite")
        try done(
            "prove-unlinkable",
            prove("auditor/policy.yaml", from: "hidden", records: table, to: "hidden/bundles/row.zkb") + row
                + ["--unlinkable", "--range", "0..\(Self.hidingCount - 1)"],
            makes: "hidden/bundles/row.zkb")
        try verify("verify-unlinkable", "hidden/bundles/row.zkb", [], expecting: "holds")
    }

    private mutating func refuseToProve() throws {
        chapter("The prover refuses what is not true, and names the row")
        let policy = try String(contentsOfFile: folder("auditor/policy.yaml"), encoding: .utf8)
        let stricter = policy.replacing("[ScientificResearch]", with: "[ScientificResearch, ImproveHealthcare]")
            .replacing("policy: research", with: "policy: research-and-quality")
        try folder.write(Array(stricter.utf8), to: "auditor/stricter.yaml")
        try refusal("purpose-missing", prove("auditor/stricter.yaml", records: table, to: "refused.zkb"), row: Self.rowWithoutPurpose)
        try folder.write(try DemoData.altered(table, row: Self.alteredRow), to: "altered.csv")
        try refusal("record-altered", prove("auditor/policy.yaml", records: folder("altered.csv"), to: "refused.zkb"), row: Self.alteredRow)
    }

    private mutating func cheat() throws {
        chapter("A dishonest holder skips its own checks; the verifier refuses (one folded proof cannot name the row)")
        try cheating("cheat-purpose", records: table, policy: "auditor/stricter.yaml", expecting: Self.proofFails)
        try done("cheat-holder", ["init", "holder", "--path", "cheat"] + passphrase)
        try commit(folder("altered.csv"), in: "cheat")
        try cheating(
            "cheat-record", from: "cheat", records: folder("altered.csv"), policy: "auditor/policy.yaml", expecting: Self.proofFails)
    }

    private mutating func withdraw() throws {
        chapter("A data subject withdraws; the old bundle no longer holds")
        try done(
            "withdrawal",
            ["consent", "receipt", "withdraw", "subjects/consent-\(Self.withdrawnRow).receipt.json", "--output", "withdrawal.json"],
            makes: "withdrawal.json")
        let entry = "does not hold: entry \(Self.withdrawnRow - 1)"
        try verify(
            "censored-withdrawal", "holder/bundles/demo.zkb", ["--also-revoked", "withdrawal.json"], expecting: entry)
        try done("revoke", ["consent", "revoke", "--statement", "withdrawal.json"] + ledger)
        try checkpoint("checkpoint-2")
        try done("revocations", ["ledger", "prove", "--revocations", "new.zkr"] + ledger, makes: "new.zkr")
        try verify("withdrawn", "holder/bundles/demo.zkb", ["--revocations", "new.zkr"], expecting: entry)
        try refusal("prove-withdrawn", prove("auditor/policy.yaml", records: table, to: "refused.zkb"), row: Self.withdrawnRow)
        try cheating("cheat-withdrawn", records: table, policy: "auditor/policy.yaml", expecting: entry)
    }

    // MARK: Steps

    private static let proofFails = "does not hold: the proof, no row named"
    private var passphrase: [String] { ["--passphrase-file", "passphrase"] }
    private var ledger: [String] { ["--ledger", "issuer/ledger.sqlite"] }
    private var receipts: [String] { ["--receipts", "holder/receipts.sqlite"] }

    private func prove(_ policy: String, from holder: String = "holder", records: String, to bundle: String) -> [String] {
        ["prove", "--policy", policy, "--dataset", Self.dataset, "--records", records, "--output", bundle]
            + ["--datasets", "\(holder)/datasets.sqlite"] + receipts + ledger + passphrase
    }

    private func commitment(of records: String, in holder: String) -> [String] {
        ["dataset", "commit", records, "--name", Self.dataset, "--holder", "lab.example", "--manifest", "\(holder)/manifest.json"]
            + ["--datasets", "\(holder)/datasets.sqlite"] + passphrase
    }

    /// Commits records in the workspace of a holder, and registers the manifest.
    private mutating func commit(_ records: String, in holder: String) throws {
        try done("commit-\(holder)", commitment(of: records, in: holder), makes: "\(holder)/datasets.sqlite")
        try done("register-\(holder)", ["ledger", "append", "--registry", "\(holder)/manifest.json"] + ledger)
        try checkpoint("checkpoint-\(holder)")
    }

    private mutating func checkpoint(_ name: String) throws {
        try done(name, ["ledger", "checkpoint", "--key", "issuer/ledger.key", "--cosigner", "issuer/cosigner.key"] + ledger + passphrase)
    }

    /// A command that must succeed.
    private mutating func done(_ name: String, _ arguments: [String], makes file: String? = nil) throws {
        let result = try execute(arguments)
        if result.status != 0 { console.note(result.text) }
        record(name, "done", result.status == 0 ? "done" : "exit \(result.status)", result.seconds, file.map(folder.size) ?? 0)
    }

    /// A proof that must be refused with exit 1, naming the row.
    private mutating func refusal(_ name: String, _ arguments: [String], row: Int) throws {
        let result = try execute(arguments)
        let names = result.text.contains("row \(row) ") || result.text.contains("row \(row):")
        let verdict = result.status == 1 && names ? "refused: row \(row)" : "exit \(result.status)"
        show(result.text)
        record(name, "refused: row \(row)", verdict, result.seconds, 0)
    }

    /// A verification by another process; its exit code is the verdict.
    private mutating func verify(
        _ name: String, _ bundle: String, _ options: [String], policy: String = "auditor/policy.yaml", expecting expected: String,
        makes file: String? = nil
    ) throws {
        let result = try execute(["verify", bundle, "--policy", policy] + options)
        var verdict = "exit \(result.status)"
        if result.status == 0 { verdict = "holds" }
        if result.status == 1 {
            let detail = expected.replacing("does not hold: ", with: "")
            let isNamed = expected == Self.proofFails ? result.text.contains("cannot name the row") : result.text.contains(detail + " ")
            verdict = isNamed ? expected : "does not hold: another reason"
        }
        show(result.text)
        record(name, expected, verdict, result.seconds, file.map(folder.size) ?? 0)
    }

    /// A bundle of a dishonest holder, and its verification.
    private mutating func cheating(
        _ name: String, from holder: String = "holder", records: String, policy: String, expecting expected: String
    ) throws {
        let bundle = "holder/bundles/\(name).zkb"
        let maker = DishonestHolder(folder: folder, datasets: folder("\(holder)/datasets.sqlite"), passphraseFile: folder("passphrase"))
        let seconds = try maker.prove(dataset: Self.dataset, records: records, policy: folder(policy), to: folder(bundle))
        record("\(name)-bundle", "done", "done", seconds, folder.size(bundle))
        try verify(name, bundle, [], policy: policy, expecting: expected)
    }

    /// Changes one byte of the proof, the last tensor of the file.
    private func alterBundle() throws {
        var bytes = try InputFile.read(folder("holder/bundles/demo.zkb"), limit: 1 << 30)
        bytes[bytes.count - 32] ^= 1
        try OutputFile.write(bytes, to: folder("holder/bundles/demo.zkb"), isSecret: false, force: true)
    }

    // MARK: Printing

    private func execute(_ arguments: [String]) throws -> DemoProgram.Result {
        let shown = arguments.map { $0.hasPrefix(folder.path) ? String($0.dropFirst(folder.path.count + 1)) : $0 }
        if !console.isJSON { console.result("   $ zkconsent \(shown.joined(separator: " "))", .null) }
        return try program.run(arguments, in: folder)
    }

    private func chapter(_ title: String) {
        if !console.isJSON { console.result("\n\(title)", .null) }
    }

    /// The first lines of what a command said.
    private func show(_ text: String) {
        guard !console.isJSON else { return }
        for line in text.split(separator: "\n").prefix(8) { console.result("   | \(line)", .null) }
    }

    private mutating func record(_ name: String, _ expected: String, _ verdict: String, _ seconds: Double, _ bytes: Int) {
        let step = DemoStep(name: name, expected: expected, verdict: verdict, seconds: seconds, bytes: bytes)
        steps.append(step)
        console.result(step.text, step.json)
    }

    private func summary() {
        guard !console.isJSON else { return }
        let seconds = Int(steps.reduce(0) { $0 + $1.seconds })
        let unexpected = steps.filter { !$0.isExpected }.map(\.name)
        console.result(
            """

            \(unexpected.isEmpty ? "Every verdict is the expected one." : "Not as expected: \(unexpected.joined(separator: ", ")).")
            \(steps.count) steps, \(seconds) s, at most \(DemoProgram.peakMegabytes) MB of memory; the bundle has \(folder.size("holder/bundles/demo.zkb")) bytes.
            """, .null)
    }
}
