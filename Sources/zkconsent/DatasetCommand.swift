// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentImport
internal import ConsentModel
internal import Foundation
internal import Holding
internal import MerkleLog
internal import Primitives
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent dataset`.
struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Commit tables of records, and look at what was committed.",
        subcommands: [DatasetCommitCommand.self, DatasetShowCommand.self, DatasetSpotCheckCommand.self])
}

/// The store of committed datasets.
struct DatasetsOptions: ParsableArguments {
    @Option(name: .customLong("datasets"), help: ArgumentHelp("The holder's committed datasets.", valueName: "file"))
    var path = WorkspaceFile.datasets
}

/// How a table of records is written.
struct RecordFormatOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("csv or jsonl. Default: by the file's first character.", valueName: "format"),
        transform: { text in
            guard let format = RecordFormat(rawValue: text) else { throw ValidationError("\(text) is neither csv nor jsonl") }
            return format
        })
    var format: RecordFormat?
}

/// `zkconsent dataset commit`.
struct DatasetCommitCommand: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit", abstract: "Commit every row of a table before it is used.",
        discussion: """
            Every row gets a data-point commitment, in a random order; what opens them
            stays in your store. The manifest fixes all of them: have the issuer enter it
            in the ledger's registry (zkconsent ledger append) before you prove anything.

            Rows are told apart by their number, or by the columns of --key. Consents for
            single records name the same dataset and key.

            Examples:
              zkconsent dataset commit patients.csv --name patients \\
                --holder lab.example --key patient_id --manifest patients.json
              zkconsent dataset commit scans.jsonl --name scans \\
                --holder lab.example --key study,series \\
                --subject-column subject --manifest scans.json
            """)

    @Argument(help: ArgumentHelp("The table: CSV with a header, or one JSON object a line.", valueName: "records"))
    var records: String
    @Option(help: ArgumentHelp("The dataset's name, which is part of every record.", valueName: "name"))
    var name: String
    @Option(help: ArgumentHelp("Who holds the dataset, as auditors will read it.", valueName: "holder"))
    var holder: String
    @OptionGroup var format: RecordFormatOptions
    @Option(help: ArgumentHelp("Columns that together tell rows apart, with commas between; may be repeated.", valueName: "column,..."))
    var key: [String] = []
    @Option(help: ArgumentHelp("The column that names the data subject.", valueName: "column"))
    var subjectColumn: String?
    @OptionGroup var datasets: DatasetsOptions
    @Option(help: ArgumentHelp("Where the manifest goes: the line for the registry.", valueName: "file.json"))
    var manifest: String
    @Flag(help: "Replace an existing manifest file. A committed dataset is never replaced.")
    var force = false
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let file = try RecordFile(path: records, format: format.format)
        let keys = key.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        if keys.contains("") { throw ModelError("record-columns", "--key has an empty column name", hint: "write --key a,b") }
        let inputs = [records, datasets.path] + passphrase.files
        try OutputFile.check(manifest, isNoneOf: inputs)
        var manifestFile = try OutputFile(manifest, force: force)
        let store = try openStore()
        // Now that the store is there: the manifest would replace it.
        try OutputFile.check(manifest, isNoneOf: inputs)
        let commit = DatasetCommit(table: RecordTable(dataset: name, keyColumns: keys, subjectColumn: subjectColumn), holder: holder)
        let made: Manifest
        do {
            made = try commit.run(file, store: store) { console.show($0) }
        } catch let error as StoreError {
            throw explained(error)
        }
        console.endProgress()
        do throws(ModelError) {
            try manifestFile.append(made.leaf)
            try manifestFile.append([UInt8(ascii: "\n")])
            try manifestFile.commit()
        } catch {
            var failure = error
            failure.hint = "the dataset is committed; write its manifest with: zkconsent dataset show \(name) --manifest FILE"
            throw failure
        }
        console.result(
            "committed \(made.dataPointCount) rows of \(records.printable) as \"\(name.printable)\"; its manifest is \(manifest.printable)",
            .object([
                "data_points": .integer(Int64(made.dataPointCount)), "dataset": .string(name), "holder": .string(holder),
                "leaf": .string(Hex.encode(made.leafHash.bytes)), "manifest": .string(manifest),
                "root": .string(Hex.encode(made.root.bytes)),
            ]))
        console.note("next: have the manifest entered in the registry of a ledger, then zkconsent prove")
    }

    /// A name that is taken often means that the command was repeated for its manifest: a second commitment of the same table is not what helps then.
    private func explained(_ error: StoreError) -> ModelError {
        var failure = error.modelError
        guard case .duplicateDataset = error else { return failure }
        failure.hint =
            "write the manifest of the one that was committed with: zkconsent dataset show \(name) --manifest FILE; "
            + "for another table choose another name"
        return failure
    }

    /// The store, made if it does not exist.
    private func openStore() throws -> DatasetStore {
        guard FileManager.default.fileExists(atPath: datasets.path) else {
            let passphrase = try passphrase.newPassphrase(for: "the datasets in \(datasets.path)")
            return try passphrase.withSpan { try DatasetStore.create(at: datasets.path, passphrase: $0) }
        }
        let passphrase = try passphrase.passphrase(for: datasets.path)
        return try passphrase.withSpan { try DatasetStore.open(at: datasets.path, for: .writing, passphrase: $0) }
    }
}

/// `zkconsent dataset show`.
struct DatasetShowCommand: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the committed datasets, or show one.",
        discussion: """
            Examples:
              zkconsent dataset show
              zkconsent dataset show patients --manifest patients.json
            """)

    @Argument(help: ArgumentHelp("The dataset; all of them if it is left out.", valueName: "name"))
    var name: String?
    @OptionGroup var datasets: DatasetsOptions
    @Option(help: ArgumentHelp("Write the dataset's manifest to this file.", valueName: "file.json"))
    var manifest: String?
    @Flag(help: "Replace an existing manifest file.")
    var force = false
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if manifest != nil, name == nil { throw ValidationError("--manifest needs the name of a dataset") }
    }

    func work(_ console: Console) throws {
        let passphrase = try passphrase.passphrase(for: datasets.path)
        let store = try passphrase.withSpan { try DatasetStore.open(at: datasets.path, for: .reading, passphrase: $0) }
        let found = try name.map { [try store.dataset(named: $0)] } ?? store.datasets()
        if let manifest, let dataset = found.first {
            try OutputFile.check(manifest, isNoneOf: [datasets.path] + self.passphrase.files)
            try OutputFile.write(dataset.manifest + [UInt8(ascii: "\n")], to: manifest, force: force)
        }
        if found.isEmpty, !console.isJSON { console.note("no dataset has been committed yet") }
        for dataset in found {
            let manifest = try Manifest(parsing: dataset.manifest)
            let key = dataset.keyColumns.isEmpty ? "row number" : dataset.keyColumns.joined(separator: ", ")
            console.result(
                "\(dataset.name.printable): \(dataset.count) rows of \(dataset.source.printable), key \(key.printable), "
                    + "subject \((dataset.subjectColumn ?? "none").printable)\n"
                    + "  holder \(manifest.holder.printable), root \(Hex.encode(manifest.root.bytes))",
                .object([
                    "data_points": .integer(Int64(dataset.count)), "dataset": .string(dataset.name), "holder": .string(manifest.holder),
                    "key": .array(dataset.keyColumns.map { .string($0) }), "leaf": .string(Hex.encode(manifest.leafHash.bytes)),
                    "manifest": .string(String(decoding: dataset.manifest, as: UTF8.self)),
                    "root": .string(Hex.encode(manifest.root.bytes)),
                    "source": .string(dataset.source), "subject_column": dataset.subjectColumn.map { .string($0) } ?? .null,
                ]))
        }
    }
}

extension Console {
    /// Shows a stage of the holder's work with its percentage.
    func show(_ step: HoldingProgress) {
        let words =
            switch step.stage {
            case .reading: "reading records"
            case .committing: "committing rows"
            case .rows: "rows and the store"
            case .receipts: "opening receipts"
            case .ledgers: "collecting the ledgers' proofs"
            case .proving: "proving"
            case .verifying: "verifying as the auditor will"
            }
        let amount = step.percent.map { " \($0) %" } ?? (step.done > 0 ? " \(step.done)" : "")
        progress(words + amount)
    }
}
