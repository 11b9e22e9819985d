// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import AuditReport
internal import ConsentModel
internal import ConsentProver
internal import ConsentVerifier
internal import Foundation
internal import Holding
internal import Primitives
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent prove`.
struct ProveCommand: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Prove that rows of a committed dataset have consents that satisfy a policy.",
        discussion: """
            The records are read again and compared with what was committed. A row that
            was altered, that has no consent, or whose consent was withdrawn or does not
            satisfy the policy is named, and nothing is written. The bundle is judged
            under the policy before you get it.

            One proof covers the whole dataset. With --points the bundle has a proof of
            its own for every row, and with --row you get a file for each row you name:
            policies with ranges or alternatives need these. With --unlinkable nobody is
            told which consent covers a row, only that it is one of a range of the ledger;
            proving takes up to 0.2 seconds a row, and --row chooses rows for one bundle.
            Commit the table once more for it (dataset commit --datasets other.sqlite): a
            proof of another kind about the same commitments would tell.

            Examples:
              zkconsent prove --policy policy.yaml --dataset patients \\
                --records patients.csv --output bundles/patients.zkb
              zkconsent prove --policy policy.yaml --dataset patients \\
                --records patients.csv --row 17 --output patient-17.zkp
              zkconsent prove --policy policy.yaml --dataset patients \\
                --records patients.csv --unlinkable --range 0..65535 \\
                --output hidden.zkb
              zkconsent prove --policy policy.yaml --dataset scans \\
                --records scans.jsonl --ledger a.sqlite --ledger b.sqlite \\
                --context audit-17 --output scans.zkb --passphrase-file pass
            """)

    @Option(help: ArgumentHelp("The auditor's policy.", valueName: "policy.yaml"))
    var policy: String
    @Option(help: ArgumentHelp("The committed dataset.", valueName: "name"))
    var dataset: String
    @Option(help: ArgumentHelp("The records as they are used.", valueName: "file"))
    var records: String
    @OptionGroup var format: RecordFormatOptions
    @OptionGroup var datasets: DatasetsOptions
    @Option(help: ArgumentHelp("The holder's receipts; may be repeated. Default: receipts.sqlite.", valueName: "file"))
    var receipts: [String] = []
    @Option(help: ArgumentHelp("A ledger of the policy; may be repeated. Default: ledger.sqlite.", valueName: "file"))
    var ledger: [String] = []
    @Option(
        name: .customLong("output"),
        help: ArgumentHelp("Where the bundle goes, or the point proof; a folder for several rows.", valueName: "file"))
    var bundle: String
    @Flag(help: "Prove every row by itself.")
    var points = false
    @Flag(help: "Prove every row by itself, and hide which consent covers it.")
    var unlinkable = false
    @Option(
        help: ArgumentHelp(
            "With --unlinkable: the entries of the ledger to hide among. Default: all, if there are at most \(MemberHeader.rangeLimit).",
            valueName: "first..last"))
    var range: String?
    @Option(help: ArgumentHelp("Prove only this row of the file, by itself: 17, or 17-20; may be repeated.", valueName: "row"))
    var row: [String] = []
    @Option(help: ArgumentHelp("What the bundle is made for. Default: the policy's context, or none.", valueName: "text"))
    var context: String?
    @Option(help: ArgumentHelp("Judge as of this time: RFC 3339, or seconds since 1970. Default: now.", valueName: "time"))
    var at: String?
    @Flag(help: "Add decoding advice: a bundle up to a third larger, and faster to verify.")
    var advice = false
    @Flag(help: "Replace an existing bundle.")
    var force = false
    @OptionGroup var passphrase: PassphraseOptions
    @Option(help: ArgumentHelp("The passphrase of the receipts, if it is another than that of the datasets.", valueName: "file"))
    var receiptsPassphraseFile: String?
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let now = try at.map { text throws(ModelError) in try Self.time(text) } ?? UInt64(max(0, Date().timeIntervalSince1970))
        let policy = try Policy.load(path: self.policy)
        let file = try RecordFile(path: records, format: format.format)
        let inputs =
            [self.policy, records, datasets.path] + ledgerPaths + receiptsPaths + passphrase.files
            + (receiptsPassphraseFile.map { [$0] } ?? [])
        try OutputFile.check(bundle, isNoneOf: inputs)
        let ledgers = try ledgerPaths.map { try LedgerStore.open(at: $0, for: .reading) }
        let remarks = try Self.remarks(on: ledgers)
        let context = context ?? policy.acceptance.context ?? ""
        guard row.isEmpty || unlinkable else {
            let rows = try PointRows(row)
            let output = try PointOutput(bundle, rows: rows.numbers, inputs: inputs, force: force)
            let (datasets, receipts) = try openStores()
            let making = try BundleMaking(policy: policy, datasets: datasets, receipts: receipts, ledgers: ledgers, kind: .point)
            let made = try refusing(console) {
                try making.makePointFiles(dataset: dataset, records: file, rows: rows.numbers, context: context, now: now) {
                    console.show($0)
                }
            }
            console.endProgress()
            let paths = try output.write(made.files)
            console.result(
                paths.map { "proved: \($0)" }.joined(separator: "\n"),
                .object([
                    "dataset": .string(dataset), "files": .array(paths.map { .string($0) }), "proved": .bool(true),
                    "rows": .array(made.files.map { .integer(Int64($0.row)) }),
                ]))
            remarks.forEach(console.note)
            return
        }
        let chosen = row.isEmpty ? nil : try PointRows(row).numbers
        let range = try range.map { text throws(ModelError) in try EntryRange(text).indices }
        var bundleFile = try OutputFile(bundle, force: force)
        let (datasets, receipts) = try openStores()
        let making = try BundleMaking(
            policy: policy, datasets: datasets, receipts: receipts, ledgers: ledgers,
            kind: unlinkable ? .unlinkable : points ? .point : .dataset)
        let made = try refusing(console) {
            if unlinkable {
                return try making.makeMembers(
                    dataset: dataset, records: file, rows: chosen, range: range, context: context, now: now
                ) { console.show($0) }
            }
            if points {
                return try making.makePoints(dataset: dataset, records: file, context: context, now: now) { console.show($0) }
            }
            return try making.make(dataset: dataset, records: file, context: context, now: now, advice: advice) { console.show($0) }
        }
        console.endProgress()
        try bundleFile.append(made.bytes)
        try bundleFile.commit()
        console.result(text(made), json(made))
        remarks.forEach(console.note)
        if let members = made.verdict?.members, members.members < Self.fewMembers {
            console.note("note: \(members.members) consent\(members.members == 1 ? " is" : "s are") few to hide among")
        }
    }

    /// A set of unlinkable proofs that is remarked on.
    private static let fewMembers = 100

    func validate() throws {
        if points, !row.isEmpty { throw ValidationError("--points and --row exclude each other") }
        if points, unlinkable { throw ValidationError("--points and --unlinkable exclude each other") }
        if range != nil, !unlinkable { throw ValidationError("--range is for --unlinkable") }
        if advice, points || unlinkable || !row.isEmpty { throw ValidationError("--advice is for proofs of a whole dataset") }
    }

    /// Shows a refusal to prove, row by row.
    private func refusing<Made>(_ console: Console, _ make: () throws -> Made) throws -> Made {
        do {
            return try make()
        } catch let refusal as HoldingError {
            console.endProgress()
            let report = RefusalReport(refusal)
            console.result(report.text, report.json)
            throw CommandFailure.doesNotHold
        } catch let failure as ProverFailure {
            throw ModelError("prover", "the proof was not made: \(failure)", hint: "this is a defect of the program; please report it")
        }
    }

    /// What the ledgers have that no proof can take into account: withdrawals that wait for a checkpoint.
    private static func remarks(on ledgers: [LedgerStore]) throws -> [String] {
        try ledgers.compactMap { ledger in
            let count = try ledger.count(.revocations) - (ledger.latestCheckpoint(.revocations)?.size ?? 0)
            guard count > 0 else { return nil }
            let withdrawals = count == 1 ? "1 withdrawal" : "\(count) withdrawals"
            return "note: the proof does not know \(withdrawals) in \(ledger.name) that no checkpoint covers yet; "
                + "the issuer runs: zkconsent ledger checkpoint"
        }
    }

    private var ledgerPaths: [String] { ledger.isEmpty ? [WorkspaceFile.ledger] : ledger }
    private var receiptsPaths: [String] { receipts.isEmpty ? [WorkspaceFile.receipts] : receipts }

    private func openStores() throws -> (DatasetStore, [ReceiptStore]) {
        let first = try passphrase.passphrase(for: datasets.path)
        let second = try receiptsPassphraseFile.map { file throws(ModelError) in try Passphrase.read(file: file) } ?? first.copy()
        let store = try first.withSpan { try DatasetStore.open(at: datasets.path, for: .reading, passphrase: $0) }
        return (
            store, try second.withSpan { span in try receiptsPaths.map { try ReceiptStore.open(at: $0, for: .reading, passphrase: span) } }
        )
    }

    private static func time(_ text: String) throws(ModelError) -> UInt64 {
        guard let time = Timestamp(text) else {
            throw ModelError("invalid-time", "--at \(text) is no time", hint: "write 2026-06-30T12:00:00Z or seconds since 1970")
        }
        return time.seconds
    }

    private func text(_ made: MadeBundle) -> String {
        guard let verdict = made.verdict else { return bundle }
        let points = verdict.dataPoints == 1 ? "1 data point" : "each of the \(verdict.dataPoints) data points"
        if let members = verdict.members {
            return
                "proved: \(points) of \"\(dataset)\" has a consent, one of the \(members.members) that count of the "
                + "entries \(members.range.lowerBound)..\(members.range.upperBound - 1)\n"
                + "\(bundle): \(made.bytes.count) bytes, of which the proofs are \(verdict.proofByteCount)"
        }
        let consents = verdict.dataPoints == 1 ? "" : ", \(verdict.distinctConsents) in all"
        return "proved: \(points) of \"\(dataset)\" has a consent\(consents)\n"
            + "\(bundle): \(made.bytes.count) bytes, of which the proof is \(verdict.proofByteCount)"
    }

    private func json(_ made: MadeBundle) -> JSONValue {
        .object([
            "bundle": .string(bundle), "bytes": .integer(Int64(made.bytes.count)),
            "data_points": .integer(Int64(made.verdict?.dataPoints ?? 0)),
            "dataset": .string(dataset),
            "distinct_consents": unlinkable ? .null : .integer(Int64(made.verdict?.distinctConsents ?? 0)),
            "members": made.verdict?.members.map { .integer(Int64($0.members)) } ?? .null,
            "most_data_points_per_consent": unlinkable ? .null : .integer(Int64(made.verdict?.mostPerConsent ?? 0)),
            "proof_bytes": .integer(Int64(made.verdict?.proofByteCount ?? 0)), "proved": .bool(true),
            "sha256": .string(Hex.encode(SHA256.hash(made.bytes))),
        ])
    }
}
