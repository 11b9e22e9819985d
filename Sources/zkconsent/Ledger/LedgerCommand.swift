// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Issuance
internal import Stores
internal import VerifyCommand

/// `zkconsent ledger`.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "The issuer's ledger: three append-only logs.",
        discussion: """
            consents has the entries, revocations the withdrawals, registry the datasets and the like.

            Examples:
              zkconsent ledger show
              zkconsent ledger checkpoint
              zkconsent ledger fsck
            """,
        subcommands: [
            LedgerAppend.self, LedgerBackup.self, LedgerCheckpoint.self, LedgerFsck.self, LedgerInit.self, LedgerProve.self,
            LedgerShow.self,
        ])
}

/// `zkconsent ledger init`.
struct LedgerInit: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an empty ledger for keys that exist.",
        discussion: """
            zkconsent init issuer makes keys and ledger at once; this is for keys made by zkconsent keygen.

            Example:
              zkconsent ledger init --vkey ledger.vkey
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(name: .customLong("vkey"), help: ArgumentHelp("The ledger's public keys.", valueName: "file"))
    var verifierKeys = WorkspaceFile.verifierKeys
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let keys = try LedgerKeys(parsing: InputFile.read(verifierKeys, limit: LedgerKeys.byteCountLimit), file: verifierKeys)
        let store = try LedgerStore.create(at: ledger.path, name: keys.name, issuerKey: keys.issuerKey, cosignerKey: keys.cosignerKey)
        console.result(ledger.path, .object(["ledger": .string(store.name), "made": .string(ledger.path)]))
    }
}

/// `zkconsent ledger backup`.
struct LedgerBackup: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the ledger to a new file and verify the copy.",
        discussion: """
            Others may work on the ledger meanwhile. Never go on with an old copy:
            checkpoints that were handed out would be contradicted, and everybody could see
            it.

            Example:
              zkconsent ledger backup --output /mnt/backup/ledger-2026-07-01.sqlite
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(name: .customLong("output"), help: ArgumentHelp("The copy; an existing file is refused.", valueName: "file"))
    var destination: String
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        try LedgerStore.open(at: ledger.path, for: .reading).backup(to: destination)
        console.result(destination, .object(["output": .string(destination)]))
    }
}

/// `zkconsent ledger fsck`.
struct LedgerFsck: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Verify the whole ledger from its leaves: hashes, indices, trees, signatures.",
        discussion: """
            Prints what is wrong, one finding a line; exit code 1 if there is any. Nothing is changed.

            Example:
              zkconsent ledger fsck --ledger /mnt/backup/ledger.sqlite
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let findings = try LedgerStore.fsck(at: ledger.path) { log, done, total in
            console.progress("\(log.rawValue): \(done) of \(total)")
        }
        console.endProgress()
        for finding in findings {
            console.result(
                finding.description,
                .object([
                    "finding": .string(finding.kind.rawValue), "index": finding.index.map { .integer(Int64($0)) } ?? .null,
                    "log": finding.log.map { .string($0.rawValue) } ?? .null, "message": .string(finding.message),
                ]))
        }
        guard findings.isEmpty else { throw CommandFailure.doesNotHold }
        console.result("ok", .object(["findings": .integer(0)]))
    }
}
