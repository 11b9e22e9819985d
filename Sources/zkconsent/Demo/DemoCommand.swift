// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Foundation
internal import VerifyCommand

/// `zkconsent demo`.
struct DemoCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "The whole story on real records: issue, commit, prove (all rows, one, one hidden), verify, withdraw, cheat.",
        discussion: """
            Runs the commands of issuer, holder, auditor and data subject as separate
            processes in a temporary folder, and compares every verdict with the one that
            it must be. The records are the RAND Health Insurance Experiment (20,190
            person-years; --large: 100,000 flights); the consents are synthetic, one for
            each record, in the form of FHIR R4, because real people's consents are not
            public.

            Exits with 0 only when every verdict is the expected one.

            Examples:
              zkconsent demo
              zkconsent demo --keep story
              zkconsent demo --large --json
            """)

    @Flag(help: "The table of 100,000 rows, with time, memory and sizes.")
    var large = false
    @Option(
        help: ArgumentHelp("Another table (CSV) of at least \(DemoStory.leastRows) rows, with as many consents as rows.", valueName: "file")
    )
    var records: String?
    @Option(help: ArgumentHelp("Keep all files in this new folder.", valueName: "folder"))
    var keep: String?
    @Flag(help: ArgumentHelp("Alter the bundle between prove and verify: the demonstration must fail.", visibility: .hidden))
    var alterBundle = false
    @OptionGroup var output: OutputOptions

    func run(_ console: Console) throws {
        // The commands run in another folder.
        let given = records.map { URL(filePath: $0).absoluteURL.standardizedFileURL.path }
        let table = try given ?? DemoData.find(large ? DemoData.flights : DemoData.healthInsurance)
        try DemoData.check(table, rows: DemoStory.leastRows)
        let folder = try DemoFolder(keep: keep)
        defer { folder.remove() }
        var story = DemoStory(console: console, program: try DemoProgram(), folder: folder, table: table, altersBundle: alterBundle)
        try story.run()
        guard story.wentAsExpected else { throw CommandFailure.doesNotHold }
    }
}

/// Where the story takes place.
struct DemoFolder {
    /// The folder.
    let path: String
    private let isKept: Bool

    /// The new folder `keep`, or a temporary one.
    init(keep: String?) throws(ModelError) {
        isKept = keep != nil
        path =
            keep.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
            ?? FileManager.default.temporaryDirectory.appending(path: "zkconsent-demo-\(UUID().uuidString)").path
        guard !FileManager.default.fileExists(atPath: path) else {
            throw ModelError("file-exists", "the folder exists already", file: path, hint: "name a new one")
        }
        if !isKept { TemporaryFiles.add(path) }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ModelError(
                "folder-create", "the folder cannot be made", file: path, hint: "check the path, the permissions and the space")
        }
    }

    /// The path of a file in the folder.
    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Writes a text file.
    func write(_ bytes: [UInt8], to name: String) throws(ModelError) {
        try OutputFile.write(bytes, to: self(name), isSecret: true)
    }

    /// The size of a file in bytes, 0 if there is none.
    func size(_ name: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: self(name)))?[.size] as? Int) ?? 0
    }

    /// Removes the folder unless it is to be kept.
    func remove() {
        guard !isKept else { return }
        try? FileManager.default.removeItem(atPath: path)
        TemporaryFiles.remove(path)
    }
}
