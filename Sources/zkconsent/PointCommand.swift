// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import VerifyCommand

/// `zkconsent point`: files of single proofs.
struct PointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "point", abstract: "Files of single point proofs.", subcommands: [Pack.self])

    /// `zkconsent point pack`.
    struct Pack: ConsoleCommand {
        static let configuration = CommandConfiguration(
            commandName: "pack", abstract: "Put point proofs into one bundle, which is verified much faster.",
            discussion: """
                The proofs must be of one holder, context and policy, and made with the same
                checkpoints of each ledger. Nothing is verified here.

                Examples:
                  zkconsent point pack a.zkp b.zkp --policy policy.yaml --output both.zkb
                  zkconsent point pack rows/ --policy policy.yaml --output all.zkb
                """)

        @Argument(help: ArgumentHelp("Point proofs: files, and folders (every *.zkp in them).", valueName: "file.zkp"))
        var files: [String]
        @Option(help: ArgumentHelp("The policy that they were made for.", valueName: "policy.yaml"))
        var policy: String
        @Option(name: .customLong("output"), help: ArgumentHelp("Where the bundle goes.", valueName: "file.zkb"))
        var bundle: String
        @Flag(help: "Replace an existing bundle.")
        var force = false
        @OptionGroup var output: OutputOptions

        func run(_ console: Console) throws {
            let files = try BundleSources(files, endings: [".zkp"]).paths
            try OutputFile.check(bundle, isNoneOf: files + [policy])
            var out = try OutputFile(bundle, force: force)
            let relation = try PointRelation(Policy.load(path: policy).statement)
            var proofs: [PointFile] = []
            for (number, file) in files.enumerated() {
                if number % 100 == 0, files.count > 100 { console.progress("reading \(number + 1) of \(files.count): \(file)") }
                proofs.append(try PointFile(parsing: InputFile.read(file, limit: PointFile.byteCountLimit), file: file))
            }
            console.endProgress()
            let packed = try PointBundle(packing: proofs, named: files, relation)
            try BundleWriter.write(packed, to: &out)
            try out.commit()
            console.result(
                "\(bundle): \(proofs.count) point proofs about \(packed.header.distinctConsents) consents, not verified",
                .object([
                    "bundle": .string(bundle), "data_points": .integer(Int64(proofs.count)),
                    "distinct_consents": .integer(Int64(packed.header.distinctConsents)),
                ]))
        }
    }
}
