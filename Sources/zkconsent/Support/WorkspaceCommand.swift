// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import MerkleLog
internal import Secrets
internal import Stores
internal import VerifyCommand

/// A command that works on stores: their errors become errors for people here, in one place.
protocol WorkspaceCommand: ConsoleCommand {
    /// The work.
    func work(_ console: Console) throws
}

extension WorkspaceCommand {
    func run(_ console: Console) throws {
        do {
            try work(console)
        } catch let error as StoreError {
            throw error.modelError
        } catch let error as MerkleLogError {
            throw ModelError("log-data", "a log's data is refused: \(error.words.printable)")
        } catch let error as SecretsError {
            throw ModelError("secrets", "\(error)")
        }
    }
}

/// The names of files in a workspace; every command that uses one has a flag for it.
enum WorkspaceFile {
    static let ledger = "ledger.sqlite"
    static let ledgerKey = "ledger.key"
    static let cosignerKey = "cosigner.key"
    static let verifierKeys = "ledger.vkey"
    static let export = "export"
    static let receipts = "receipts.sqlite"
    static let datasets = "datasets.sqlite"
    static let bundles = "bundles"
    static let policy = "policy.yaml"
    static let ledgers = "ledgers"
    static let reports = "reports"
}

/// The ledger that a command works on.
struct LedgerOptions: ParsableArguments {
    @Option(name: .customLong("ledger"), help: ArgumentHelp("The ledger.", valueName: "file"))
    var path = WorkspaceFile.ledger
}

/// The receipts that a command works on.
struct ReceiptsOptions: ParsableArguments {
    @Option(name: .customLong("receipts"), help: ArgumentHelp("The holder's receipts.", valueName: "file"))
    var path = WorkspaceFile.receipts
}
