// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import ConsentModel
internal import Foundation
internal import VerifyCommand

/// `zkconsent bench`.
struct BenchCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this machine, beside the libraries that it has.",
        discussion: """
            In every round the subject, its baselines and the yardstick S (libsodium
            checks one ristretto255 encoding) take turns in this process, pinned to as
            many cores as --threads says. Figures are medians of the rounds, ratios
            medians of the ratios within each round. docs/performance.md explains them.

            Names and numbers may be repeated or separated by commas. --list prints the
            names.

            Examples:
              zkconsent bench --only decode,msm --n 1024,65536
              zkconsent bench --only opening-verify-batch --n 100000 --json
              zkconsent bench --threads 1,2 --only decode --csv d.csv --html d.html
              zkconsent bench --threads 2 --copies --only dataset-verify
              zkconsent bench --only decode,msm --kernel portable,ifma
              zkconsent bench --only decode,fixed-base --suite all
              zkconsent bench --from results.jsonl --markdown
            """)

    @Option(help: ArgumentHelp("Measure these only.", valueName: "name"))
    var only: [String] = []
    @Option(name: .customLong("n"), help: ArgumentHelp("Numbers of items instead of the usual ones.", valueName: "count"))
    var sizes: [String] = []
    @Option(help: ArgumentHelp("Numbers of cores. More than one also measures the gain over one core.", valueName: "count"))
    var threads: [String] = []
    @Flag(
        help: """
            With more cores than one: also run a copy on each at the same time and \
            show what the machine gives to them. Needs the memory of as many runs.
            """)
    var copies = false
    @Option(help: ArgumentHelp("Rounds.", valueName: "count"))
    var rounds = 9
    @Option(help: ArgumentHelp("Groups for the operations that every group has: names, or all.", valueName: "group"))
    var suite: [String] = []
    @Option(help: ArgumentHelp("Kernels of the group operations: portable, ifma. Default: the best of this machine.", valueName: "kernel"))
    var kernel: [String] = []
    @Option(help: ArgumentHelp("The clock: wall or cpu. Usually cpu for one core and wall for more.", valueName: "clock"))
    var clock: String?
    @Option(help: ArgumentHelp("The shortest part of a round in milliseconds; short runs are repeated.", valueName: "ms"))
    var least = 10.0
    @Option(help: ArgumentHelp("Keep data sets in this folder for later runs.", valueName: "folder"))
    var fixtures: String?
    @Option(help: ArgumentHelp("Show the results in this file (of --json) instead of measuring.", valueName: "file"))
    var from: [String] = []
    @Option(help: ArgumentHelp("Write a table for programs.", valueName: "file"))
    var csv: String?
    @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file"))
    var html: String?
    @Flag(help: "Print tables in Markdown.")
    var markdown = false
    @Flag(help: "Print the names and exit.")
    var list = false
    @Flag(help: ArgumentHelp("Do as if libsodium were not installed.", visibility: .hidden))
    var withoutYardstick = false
    @Flag(help: "Replace existing files.")
    var force = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !markdown || !output.json else { throw ValidationError("--markdown and --json exclude each other") }
    }

    func run(_ console: Console) throws {
        guard !list else { return printList(console) }
        let run = try selection()
        let files = try outputFiles()
        var rows: [BenchmarkRow] = []
        if from.isEmpty {
            if let missing = BenchmarkRun.missingYardstick { console.note("note: \(missing); results have no s_ratio") }
            printHeader(console)
            try run.run(progress: { console.progress($0) }) { row in
                console.endProgress()
                rows.append(row)
                if !markdown { console.result(BenchmarkText.line(row), row.json) }
                try Interrupt.check()
            }
            console.endProgress()
        } else {
            rows = try storedRows().filter { run.names.isEmpty || run.names.contains($0.name) }
            guard !rows.isEmpty else {
                throw ModelError("invalid-value", "no results to show", file: from[0], hint: "results are made with bench --json")
            }
            printHeader(console)
            if !markdown { for row in rows { console.result(BenchmarkText.line(row), row.json) } }
        }
        if markdown { console.result(bytes: Array(BenchmarkText.markdown(rows).utf8)) }
        if !markdown { console.note(BenchmarkText.provenance(rows)) }
        try finish(files, rows)
    }

    private func printHeader(_ console: Console) {
        if !markdown, !console.isJSON { console.result(BenchmarkText.header, .null) }
    }

    // MARK: Arguments

    private func selection() throws -> BenchmarkRun {
        var run = BenchmarkRun()
        run.names = Self.words(only)
        run.sizes = try Self.numbers(sizes, "--n")
        let cores = try Self.numbers(threads, "--threads")
        if !cores.isEmpty { run.threads = cores }
        run.suites = Self.words(suite)
        run.fixtures = fixtures
        run.measuring.rounds = rounds
        run.measuring.comparesCopies = copies
        run.withoutYardstick = withoutYardstick
        if let clock {
            guard let known = BenchmarkClock(rawValue: clock) else {
                throw ModelError("invalid-value", "--clock \(clock) is no clock", hint: "known: wall, cpu")
            }
            run.measuring.clock = known
        }
        guard !copies || (run.threads.contains { $0 > 1 } && run.measuring.clock != .cpu) else {
            throw ModelError(
                "invalid-value", "--copies compares elapsed times on several cores", hint: "give --threads 2 and no --clock cpu")
        }
        guard least >= 0, least <= 10_000 else { throw ModelError("invalid-value", "--least must be from 0 to 10000 milliseconds") }
        run.measuring.leastTime = least * 1e6
        run.kernels = Self.words(kernel)
        try run.validate()
        return run
    }

    private static func words(_ arguments: [String]) -> [String] {
        arguments.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    private static func numbers(_ arguments: [String], _ option: String) throws(ModelError) -> [Int] {
        var numbers: [Int] = []
        for word in words(arguments) {
            guard let number = Int(word.replacing("_", with: "")) else {
                throw ModelError("invalid-value", "\(option) \(word) is not a number", hint: "write 65536, or 1024,65536")
            }
            numbers.append(number)
        }
        return numbers
    }

    // MARK: Files

    /// Both files are opened before hours of measuring.
    private struct Files: ~Copyable {
        var csv: OutputFile?
        var html: OutputFile?
    }

    private func outputFiles() throws -> Files {
        for path in [csv, html].compactMap(\.self) { try OutputFile.check(path, isNoneOf: from) }
        if let csv, csv == html { throw ModelError("output-is-input", "--csv and --html name the same file", file: csv) }
        var files = Files()
        if let csv { files.csv = try OutputFile(csv, force: force) }
        if let html { files.html = try OutputFile(html, force: force) }
        return files
    }

    private func finish(_ files: consuming Files, _ rows: [BenchmarkRow]) throws {
        if var file = files.csv.take() {
            try file.append(Array(BenchmarkCSV.file(rows).utf8))
            try file.commit()
        }
        if var file = files.html.take() {
            try file.append(Array(BenchmarkPage.page(rows).utf8))
            try file.commit()
        }
    }

    private func storedRows() throws -> [BenchmarkRow] {
        var rows: [BenchmarkRow] = []
        for path in from {
            let lines = try InputFile.read(path, limit: 64 << 20).split(separator: UInt8(ascii: "\n"))
            for (number, line) in lines.enumerated() {
                guard let row = (try? JSONValue(parsing: Array(line))).flatMap(BenchmarkRow.init(json:)) else {
                    throw ModelError(
                        "invalid-value", "line \(number + 1) is no result of bench", file: path, hint: "results are made with bench --json")
                }
                rows.append(row)
            }
        }
        return rows
    }

    private func printList(_ console: Console) {
        let workloads = BenchmarkRun.workloads
        let width = (workloads.map(\.name.count).max() ?? 0) + 2
        let lines = workloads.map { $0.name + String(repeating: " ", count: width - $0.name.count) + $0.summary }
        let text = lines.joined(separator: "\n") + "\n\ngroups: " + BenchmarkRun.groupNames.joined(separator: ", ")
        console.result(
            text,
            .object([
                "benchmarks": .array(
                    workloads.map {
                        .object([
                            "name": .string($0.name), "summary": .string($0.summary),
                            "n": .array($0.sizes.map { .integer(Int64($0)) }),
                        ])
                    }), "groups": .array(BenchmarkRun.groupNames.map { .string($0) }),
            ]))
    }
}
