// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Holding
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent dataset spot-check`.
struct DatasetSpotCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spot-check", abstract: "Open a few rows that nobody could choose, and check them.",
        discussion: """
            The auditor draws rows when the dataset is registered (draw), the holder opens
            exactly these (open), and the auditor checks each record against its commitment
            and shows the consent that covers it (verify).
            """,
        subcommands: [SpotCheckDrawCommand.self, SpotCheckOpenCommand.self, SpotCheckVerifyCommand.self])
}

/// `zkconsent dataset spot-check open`.
struct SpotCheckOpenCommand: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Open the drawn rows of a committed dataset, and no others.",
        discussion: """
            Writes the records of the drawn rows, as they were committed, with what opens
            their data points, readable by you alone. It is personal data: send it to the
            auditor over a protected channel and to nobody else. Every further nonce opens
            further rows; an auditor who may choose many can aim at a row. Prefer a beacon.

            Example:
              zkconsent dataset spot-check open patients --records patients.csv \\
                --nonce 5d0c... --rows 300 --output openings.json
            """)

    @Argument(help: ArgumentHelp("The dataset.", valueName: "name"))
    var name: String
    @Option(help: ArgumentHelp("The table that was committed.", valueName: "file"))
    var records: String
    @OptionGroup var format: RecordFormatOptions
    @OptionGroup var options: SpotCheckOptions
    @OptionGroup var datasets: DatasetsOptions
    @Option(name: .customLong("output"), help: ArgumentHelp("Where the openings go.", valueName: "file.json"))
    var destination: String
    @Flag(help: "Replace an existing file.")
    var force = false
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let (source, value) = try options.drawn()
        try OutputFile.check(destination, isNoneOf: [records, datasets.path] + passphrase.files)
        var out = try OutputFile(destination, isSecret: true, force: force)
        let file = try RecordFile(path: records, format: format.format)
        let secret = try passphrase.passphrase(for: datasets.path)
        let store = try secret.withSpan { try DatasetStore.open(at: datasets.path, for: .reading, passphrase: $0) }
        let openings = try SpotCheckOpener(datasets: store).open(
            dataset: name, records: file, source: source, value: value, count: options.rows
        ) { console.show($0) }
        console.endProgress()
        try out.append(openings.json.canonical + [UInt8(ascii: "\n")])
        try out.commit()
        let rows = openings.openings.map { String($0.index) }.joined(separator: " ")
        console.result(
            "opened \(openings.openings.count) of \(openings.dataPoints) rows in \(destination.printable): \(rows)",
            .object([
                "data_points": .integer(Int64(clamping: openings.dataPoints)), "dataset": .string(name), "output": .string(destination),
                "rows": .array(openings.openings.map { .integer(Int64(clamping: $0.index)) }),
            ]))
    }
}
