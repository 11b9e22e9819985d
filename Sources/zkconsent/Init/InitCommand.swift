// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Foundation
internal import Issuance
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent init`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a workspace.",
        discussion: """
            Examples:
              zkconsent init issuer --ledger hospital.example/consent
              zkconsent init holder --path training
              zkconsent init auditor --ledger-vkey ledger.vkey
            """,
        subcommands: [AuditorInit.self, HolderInit.self, IssuerInit.self])
}

/// `zkconsent init issuer`.
struct IssuerInit: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "issuer",
        abstract: "Make an issuer's workspace: keys and an empty ledger.",
        discussion: """
            Makes ledger.key and cosigner.key (secret, sealed under the passphrase), ledger.vkey (public: give it to auditors), ledger.sqlite and export/.

            Examples:
              zkconsent init issuer --ledger hospital.example/consent
              zkconsent init issuer --ledger hospital.example/consent \\
                --path issuer --passphrase-file pass
            """)

    @Option(name: .customLong("ledger"), help: ArgumentHelp("The ledger's name, like hospital.example/consent.", valueName: "name"))
    var name: String
    @OptionGroup var folder: WorkspaceFolder
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let names = [WorkspaceFile.ledgerKey, WorkspaceFile.cosignerKey, WorkspaceFile.verifierKeys, WorkspaceFile.ledger]
        try folder.refuseExisting(names)
        let secret = try passphrase.newPassphrase(for: "the ledger's keys")
        try folder.make([WorkspaceFile.export])
        let files = KeyFiles(key: folder.file(names[0]), cosigner: folder.file(names[1]), verifierKeys: folder.file(names[2]))
        let keys = try files.make(ledger: name, passphrase: secret, force: false)
        _ = try LedgerStore.create(
            at: folder.file(names[3]), name: name, issuerKey: keys.issuerKey, cosignerKey: keys.cosignerKey)
        folder.report(names + [WorkspaceFile.export], console, next: "zkconsent consent import CONSENTS --output consents.jsonl")
    }
}

/// `zkconsent init holder`.
struct HolderInit: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "holder",
        abstract: "Make a data holder's workspace: receipts, datasets and bundles.",
        discussion: """
            Makes receipts.sqlite and datasets.sqlite (secret, sealed under the passphrase) and bundles/.

            Examples:
              zkconsent init holder
              zkconsent init holder --path training --passphrase-file pass
            """)

    @OptionGroup var folder: WorkspaceFolder
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let names = [WorkspaceFile.receipts, WorkspaceFile.datasets]
        try folder.refuseExisting(names)
        let secret = try passphrase.newPassphrase(for: "receipts and datasets")
        try folder.make([WorkspaceFile.bundles])
        try secret.withSpan { secret in
            _ = try ReceiptStore.create(at: folder.file(names[0]), passphrase: secret)
            _ = try DatasetStore.create(at: folder.file(names[1]), passphrase: secret)
        }
        folder.report(names + [WorkspaceFile.bundles], console, next: "zkconsent dataset commit --help")
    }
}

/// `zkconsent init auditor`.
struct AuditorInit: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "auditor",
        abstract: "Make an auditor's workspace: a policy to edit, folders for ledgers and reports.",
        discussion: """
            Makes policy.yaml (an example with comments: edit it), ledgers/ and reports/. With --ledger-vkey the policy has that ledger's keys.

            Examples:
              zkconsent init auditor
              zkconsent init auditor --path audit --ledger-vkey ledger.vkey
            """)

    @OptionGroup var folder: WorkspaceFolder
    @Option(help: ArgumentHelp("The issuer's file of public keys, for the policy.", valueName: "file"))
    var ledgerVkey: String?
    @Flag(help: "Overwrite an existing policy.yaml.")
    var force = false
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        if !force { try folder.refuseExisting([WorkspaceFile.policy]) }
        try OutputFile.check(folder.file(WorkspaceFile.policy), isNoneOf: ledgerVkey.map { [$0] } ?? [])
        var keys: LedgerKeys?
        if let ledgerVkey {
            keys = try LedgerKeys(parsing: InputFile.read(ledgerVkey, limit: LedgerKeys.byteCountLimit), file: ledgerVkey)
        }
        let policy = try ExamplePolicy.text(keys)
        try folder.make([WorkspaceFile.ledgers, WorkspaceFile.reports])
        try OutputFile.write(Array(policy.utf8), to: folder.file(WorkspaceFile.policy), force: force)
        folder.report(
            [WorkspaceFile.policy, WorkspaceFile.ledgers, WorkspaceFile.reports], console,
            next: "edit policy.yaml, then zkconsent verify --help")
    }
}

/// The folder of a workspace.
struct WorkspaceFolder: ParsableArguments {
    @Option(help: ArgumentHelp("The workspace's folder; it is made if it is not there.", valueName: "folder"))
    var path = "."

    /// The path of a file in the folder.
    func file(_ name: String) -> String { path == "." ? name : (path.hasSuffix("/") ? path : path + "/") + name }

    /// Refuses a workspace that is there already, before anything is made: keys and stores are never overwritten.
    func refuseExisting(_ names: [String]) throws(ModelError) {
        for name in names where FileManager.default.fileExists(atPath: file(name)) {
            throw ModelError(
                "file-exists", "the file exists; nothing was made", file: file(name),
                hint: "choose another folder with --path, or move the file away")
        }
    }

    /// Makes the folder and folders in it.
    func make(_ folders: [String]) throws(ModelError) {
        for name in folders {
            do {
                try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
            } catch {
                throw ModelError(
                    "folder-create", "the folder cannot be made: \(String(cString: strerror(errno)))", file: file(name),
                    hint: "check the path and the permissions")
            }
        }
    }

    /// Prints what was made, one path a line.
    func report(_ names: [String], _ console: Console, next: String) {
        for name in names { console.result(file(name), .object(["made": .string(file(name))])) }
        console.note("next: \(next)")
    }
}
