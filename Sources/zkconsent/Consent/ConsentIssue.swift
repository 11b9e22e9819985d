// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentImport
internal import ConsentModel
internal import Foundation
internal import Issuance
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent consent issue`.
struct ConsentIssue: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Commit consents and append their entries to the ledger.",
        discussion: """
            Reads the normalised form (zkconsent consent import). For each consent it
            writes the holder's receipt (the opening of the entry) and a file
            DIR/REQUEST.receipt.json for the data subject, who needs it to withdraw: hand
            these out and delete them here.

            Prints INDEX and REQUEST, one consent a line, when everything about it is on
            the disk: that is the acknowledgement. Whatever interrupts a run, repeat the
            same command: every request gets one entry, and is printed with it. The
            receipts file is made if it is not there and the ledger has no consents yet:
            without the receipts of the earlier issues a request would be issued a second
            time.

            Issued is what a checkpoint covers: run zkconsent ledger checkpoint afterwards.

            Examples:
              zkconsent consent issue consents.jsonl --subject-receipts subjects
              zkconsent consent issue consents.jsonl --subject-receipts subjects \\
                --receipts holder/receipts.sqlite --shuffle --passphrase-file pass
            """)

    /// What entries say about the day of their issuance.
    enum IssuanceDay: String, CaseIterable, ExpressibleByArgument {
        case none, today
    }

    @Argument(help: ArgumentHelp("The consents, normalised.", valueName: "consents.jsonl"))
    var input: String
    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var receipts: ReceiptsOptions
    @Option(help: ArgumentHelp("The folder for the data subjects' receipts (secret).", valueName: "folder"))
    var subjectReceipts: String
    @Option(help: ArgumentHelp("A built-in schema, or a path ending in .yaml.", valueName: "schema"))
    var schema = "consent-v1"
    @Option(help: "Consents in one transaction, which are acknowledged together.")
    var batch = 2_048
    @Option(help: "The day of issuance in the entries: none (it helps to tell people apart) or today.")
    var issuanceDay = IssuanceDay.none
    @Flag(help: "Append in a random order, so that the order of the file cannot be read off the ledger.")
    var shuffle = false
    @Flag(help: "Make a new receipts file beside a ledger that has consents: these consents were never issued.")
    var newReceipts = false
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(batch) else { throw ValidationError("--batch is 1 to 100000") }
    }

    func work(_ console: Console) throws {
        let schema = try Schema.load(path: schema)
        var consents = try read(schema)
        if shuffle { consents.shuffle() }
        let day = issuanceDay == .none ? nil : Day(number: Int(Date().timeIntervalSince1970 / 86_400))
        let ledger = try LedgerStore.open(at: ledger.path, for: .writing)
        let store = try openReceipts(ledger)
        let issuer = ConsentIssuer(
            ledger: ledger, receipts: store, subjectReceipts: try SubjectReceiptFolder(subjectReceipts),
            generators: try GeneratorTable(schema),
            issuanceDay: day)
        try Interrupt.finishing {
            let recovered = try issuer.recover()
            if !recovered.isEmpty { console.note("completed \(recovered.count) requests of an interrupted run") }
            var done = 0
            try Interrupt.check()
            try issuer.issue(consents, batchSize: batch) { issued in
                for request in issued {
                    console.result(
                        "\(request.index)\t\(request.id.printable)",
                        .object(["id": .string(request.id), "index": .integer(Int64(request.index)), "new": .bool(request.isNew)]))
                }
                done += issued.count
                console.progress("\(done) of \(consents.count)")
                if done < consents.count { try Interrupt.check() }
            }
        }
        console.endProgress()
        console.note("issued in the ledger when a checkpoint covers them: zkconsent ledger checkpoint")
    }

    /// All consents; if any is refused, none is issued.
    private func read(_ schema: Schema) throws(ModelError) -> [Consent] {
        let result: ImportResult
        do {
            result = try ConsentImporter(schema: schema).read(try ByteSource(path: input), format: .jsonl)
        } catch {
            throw error.located(input)
        }
        if let first = result.refusals.first {
            let error = first.reason.located(input)
            let more = result.refusals.count - 1
            throw ModelError(
                error.code, error.message + (more > 0 ? " (and \(more) more refusals)" : ""), file: error.file, position: error.position,
                hint: error.hint ?? "nothing was issued; zkconsent consent import lists every refusal")
        }
        guard !result.consents.isEmpty else { throw ModelError("empty-input", "the file has no consent", file: input) }
        return result.consents
    }

    private func openReceipts(_ ledger: LedgerStore) throws -> ReceiptStore {
        guard FileManager.default.fileExists(atPath: receipts.path) else {
            guard try newReceipts || ledger.count(.consents) == 0 else {
                throw ModelError(
                    "receipts-missing", "the ledger has consents, but there are no receipts here that tell which were issued",
                    file: receipts.path,
                    hint: "give the receipts of the earlier issues, or --new-receipts if these consents were never issued")
            }
            let secret = try passphrase.newPassphrase(for: receipts.path)
            return try secret.withSpan { try ReceiptStore.create(at: receipts.path, passphrase: $0) }
        }
        let secret = try passphrase.passphrase(for: receipts.path)
        return try secret.withSpan { try ReceiptStore.open(at: receipts.path, for: .writing, passphrase: $0) }
    }
}
