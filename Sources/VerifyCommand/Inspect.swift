// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import ConsentModel

/// `inspect`: what a public file says of itself. Nothing is verified.
public struct Inspect: ConsoleCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a public file says of itself; nothing is verified.",
        discussion: """
            Bundles (*.zkb), point proofs (*.zkp), lists of withdrawals (*.zkr),
            withdrawals and manifests (JSON) are recognised by their content.

            Examples:
              \(Program.tool) inspect patients.zkb
              \(Program.tool) inspect newest.zkr --json
            """)

    /// The files.
    @Argument(help: ArgumentHelp("Files to look into, or - for standard input.", valueName: "file"))
    public var files: [String]

    /// The common options.
    @OptionGroup public var output: OutputOptions

    /// The parser makes it.
    public init() {}

    /// Shows.
    public func run(_ console: Console) throws {
        for file in files {
            let description = try FileDescription(try BundleSources.read(file), file: file)
            console.result(description.text, description.json)
        }
    }
}
