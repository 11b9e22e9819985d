// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Conformance
internal import ConsentModel
internal import VerifyCommand

/// `conformance`: runs test vectors of the standards.
struct ConformanceCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance", abstract: "Run test vectors of the standards that the engine speaks.",
        discussion: """
            Formats are recognised by content, not by name. A line for each failing
            case and each skipped file, then "N passed, N failed"; nothing skipped
            counts as passed.

            Examples:
              zkconsent conformance vectors
              zkconsent conformance test-vectors.csv more/ --json

            Exit codes: 0 no case failed, 1 a case failed, 2 a path cannot be read.
            """)

    @Argument(help: ArgumentHelp("Files and folders of vectors.", valueName: "path"))
    var paths: [String]

    @Flag(help: "Print the page docs/conformance.md for one folder instead.")
    var markdown = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("no path given") }
        guard !markdown || paths.count == 1 else { throw ValidationError("--markdown takes one folder") }
        guard !markdown || !output.json else { throw ValidationError("--markdown and --json exclude each other") }
    }

    func run(_ console: Console) throws {
        let files: [VectorFile]
        do throws(VectorPathError) {
            files = try VectorFolder.files(paths)
        } catch {
            throw ModelError(
                "conformance-path", error.reason, file: error.path, hint: "name files and folders of vectors that you can read")
        }
        let report = ConformanceRun.run(files)
        if markdown {
            console.result(bytes: Array(report.markdown(root: paths[0]).utf8))
        } else {
            let lines = (report.lines.map { Self.short($0) } + [report.summary]).joined(separator: "\n")
            console.result(lines, Self.json(report))
        }
        if report.passed + report.failed == 0 { console.note("note: nothing was run: no file here has a known format") }
        if report.failed > 0 { throw ExitCode(1) }
    }

    /// A line without control characters, of bounded length: names and reasons come from the files.
    private static func short(_ line: String) -> String {
        let printable = line.printable
        let short = String(String.UnicodeScalarView(printable.unicodeScalars.prefix(400)))
        return short.utf8.count == printable.utf8.count ? printable : short + "..."
    }

    private static func json(_ report: ConformanceReport) -> JSONValue {
        let files = report.files.map { file -> JSONValue in
            var members: [String: JSONValue] = ["path": .string(file.path), "passed": .integer(Int64(file.passed))]
            if let reason = file.skipped { members["skipped"] = .string(reason) }
            if !file.format.isEmpty { members["format"] = .string(file.format) }
            if !file.standard.isEmpty { members["standard"] = .string(file.standard) }
            members["failed"] = .array(
                file.failed.map { .object(["case": .string($0.name), "reason": .string(short($0.reason))]) })
            if !file.skippedCases.isEmpty {
                members["skippedCases"] = .array(
                    file.skippedCases.map { .object(["case": .string($0.name), "reason": .string(short($0.reason))]) })
            }
            return .object(members)
        }
        return .object([
            "files": .array(files), "passed": .integer(Int64(report.passed)), "failed": .integer(Int64(report.failed)),
        ])
    }
}
