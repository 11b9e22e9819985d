// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent receipts`.
struct ReceiptsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipts",
        abstract: "The holder's receipts.",
        subcommands: [ReceiptsBackup.self])
}

/// `zkconsent receipts backup`.
struct ReceiptsBackup: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the receipts to a new file and check that every receipt of the copy opens.",
        discussion: """
            A lost receipt cannot be made again: without it nothing can be proved about its
            consent. The copy has the same passphrase. Others may work on the store
            meanwhile.

            Example:
              zkconsent receipts backup --output /mnt/backup/receipts-2026-07-01.sqlite
            """)

    @OptionGroup var receipts: ReceiptsOptions
    @Option(name: .customLong("output"), help: ArgumentHelp("The copy; an existing file is refused.", valueName: "file"))
    var destination: String
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let secret = try passphrase.passphrase(for: receipts.path)
        let store = try secret.withSpan { try ReceiptStore.open(at: receipts.path, for: .reading, passphrase: $0) }
        try store.backup(to: destination)
        let count = try store.count()
        console.note("copied and opened \(count) receipts")
        console.result(destination, .object(["output": .string(destination), "receipts": .integer(Int64(count))]))
    }
}
