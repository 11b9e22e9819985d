// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import ConsentModel
import Foundation
import Groups
import Synchronization
import TestSupport
import Testing

/// `zkconsent bench` on tiny inputs: every name runs and every output is well formed. Times are never asserted.
@Suite(.serialized) struct BenchCommandTests {
    static let keys = ["name", "n", "bits", "threads", "kernel", "median_ns_per_item", "min", "max", "s_ratio", "bytes"]
    static let quick = ["--rounds", "2", "--least", "0"]

    static func bench(_ arguments: [String], environment: [String: String] = [:]) throws -> ProcessResult {
        try run(builtProgram("zkconsent"), ["bench"] + arguments, environment: environment)
    }

    static func rows(_ result: ProcessResult) throws -> [JSONValue] {
        try result.text.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    @Test(arguments: BenchmarkRun.workloads.map(\.name))
    func everyNameRunsOnEveryGroup(_ name: String) throws {
        let result = try Self.bench(["--only", name, "--n", "2", "--suite", "all", "--json"] + Self.quick)
        try #require(result.status == 0, "\(result.errorText)")
        let rows = try Self.rows(result)
        #expect(!rows.isEmpty)
        for row in rows {
            for key in Self.keys { #expect(row[key] != nil, "\(name) has no \(key)") }
            #expect(row["name"]?.string?.hasPrefix(name.split(separator: "-").first ?? "") == true)
            #expect(row["n"]?.int == 2 && row["threads"]?.int == 1)
            for key in ["processor", "compiler", "system", "date", "kernel"] { #expect(row[key]?.string?.isEmpty == false) }
            if name == "proof-size" {
                #expect(row["median_ns_per_item"] == .null && (row["bytes"]?.int ?? 0) > 0)
            } else {
                #expect(row["rounds"]?.int == 2 && row["s_ratio"] != .null && row["median_ns_per_item"] != .null)
            }
        }
    }

    @Test func tablesAndPlots() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (csv, html, json) = (folder.appending(path: "r.csv"), folder.appending(path: "r.html"), folder.appending(path: "r.jsonl"))
        let result = try Self.bench(["--only", "decode,msm", "--n", "2,5", "--json", "--csv", csv.path, "--html", html.path] + Self.quick)
        try #require(result.status == 0, "\(result.errorText)")
        let measured = try Self.rows(result)
        #expect(measured.map { $0["n"]?.int } == [2, 5, 2, 2, 5, 5])
        #expect(measured.map { $0["bits"]?.int } == [nil, nil, 128, 253, 128, 253])

        let lines = try String(contentsOf: csv, encoding: .utf8).split(separator: "\r\n", omittingEmptySubsequences: true)
        let header = lines[0].split(separator: ",").map(String.init)
        for key in Self.keys { #expect(header.contains(key), "the table has no column \(key)") }
        #expect(lines.count == 1 + measured.reduce(0) { $0 + 1 + ($1["peers"]?.array?.count ?? 0) })

        let page = try String(contentsOf: html, encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<svg") && page.contains("<polyline"))
        for forbidden in ["<script", "http://", "https://", "src=", "@import", "url("] {
            #expect(!page.replacing("http://www.w3.org/2000/svg", with: "").contains(forbidden), "the page has \(forbidden)")
        }

        // Results that were kept give the same tables again.
        try result.output.write(to: json)
        let again = try Self.bench(["--from", json.path, "--json"])
        #expect(again.status == 0)
        let stored = try Self.rows(again)
        for key in Self.keys { #expect(stored.map { $0[key] } == measured.map { $0[key] }, "\(key)") }
        let markdown = try Self.bench(["--from", json.path, "--markdown", "--only", "msm"]).text
        #expect(markdown.contains("| msm | ristretto255 | 5 | 253 |") && !markdown.contains("| decode"))
        // Nothing is overwritten without --force.
        #expect(try Self.bench(["--from", json.path, "--csv", csv.path]).status == 2)
        #expect(try Self.bench(["--from", json.path, "--csv", csv.path, "--force"]).status == 0)
        for arguments in [["--from", csv.path], ["--from", json.path, "--only", "encode"]] {
            let refused = try Self.bench(arguments)
            #expect(refused.status == 2 && refused.errorText.contains("results are made with bench --json"), "\(refused.errorText)")
        }
        #expect(try Self.bench(["--from", json.path]).text.hasPrefix("name "))
    }

    /// A folder that somebody else made is never removed.
    @Test func foldersOfOthersStay() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-bench-\(UUID().uuidString)")
        let precious = folder.appending(path: "rows-2/precious")
        try FileManager.default.createDirectory(at: precious, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let only = ["--only", "dataset-verify", "--n", "2", "--json"] + Self.quick
        let refused = try Self.bench(only + ["--fixtures", folder.path])
        #expect(refused.status == 2 && refused.errorText.contains("was not made by bench"), "\(refused.errorText)")
        #expect(FileManager.default.fileExists(atPath: precious.path))
        let impossible = try Self.bench(only + ["--fixtures", "/dev/null/here"])
        #expect(impossible.status == 2 && impossible.errorText.contains("the folder cannot be made"), "\(impossible.errorText)")
    }

    /// Tables that are made in preparation belong to a kernel, too.
    @Test func theKernelIsForcedFromTheStart() throws {
        var run = BenchmarkRun()
        run.names = ["fixed-base", "decode"]
        run.sizes = [2]
        run.kernels = ["portable"]
        run.measuring.rounds = 1
        run.measuring.leastTime = 0
        let preparing = Mutex<[String]>([])
        try HashingPath.alone {
            try run.run(progress: { text in
                // Hashing is of the same kernel.
                #expect(!Kernel.hashesVectors)
                if text.hasPrefix("preparing") { preparing.withLock { $0.append(BenchmarkRun.kernel) } }
            }) { _ in }
        }
        #expect(preparing.withLock { $0 } == ["portable", "portable"])
    }

    /// The drafts' names of groups are those of `relation --suite`.
    @Test(arguments: [("BLS12381", "BLS12381G1"), ("BLS12381G1", "BLS12381G1"), ("p256", "P256"), ("ristretto255", "ristretto255")])
    func eitherNameOfAGroup(given: String, group: String) throws {
        let result = try Self.bench(["--only", "decode", "--n", "2", "--suite", given, "--json", "--without-yardstick"] + Self.quick)
        try #require(result.status == 0, "\(result.errorText)")
        #expect(try Self.rows(result).map { $0["suite"]?.string } == [group])
    }

    @Test func withoutLibsodiumThereIsNoRatio() throws {
        let result = try Self.bench(["--only", "decode", "--n", "2", "--json", "--without-yardstick"] + Self.quick)
        #expect(result.status == 0)
        let row = try #require(try Self.rows(result).first)
        #expect(row["s_ratio"] == .null && row["s_ns"] == .null && row["median_ns_per_item"] != .null)
    }

    @Test(arguments: [
        ["--only", "decod"], ["--only", "decode,warp"], ["--only", ""], ["--n", "0"], ["--n", "many"], ["--threads", "0"],
        ["--threads", "4096"],
        ["--rounds", "0"], ["--suite", "P-999"], ["--kernel", "abacus"], ["--clock", "sun"], ["--least", "-1"], ["--copies"],
        ["--copies", "--threads", "2", "--clock", "cpu"],
        ["--only", "range-proof-of-the-future"], ["--markdown"], ["--from", "/dev/null"],
    ])
    func whatDoesNotExistIsRefused(_ arguments: [String]) throws {
        let result = try Self.bench(arguments + ["--json"])
        #expect(result.status == 2 && result.output.isEmpty, "\(arguments)")
    }

    @Test(arguments: [
        (["--suite", "BLS12381G2"], "did you mean BLS12381G1?"), (["--suite", "ristretto"], "did you mean ristretto255?"),
        (["--only", "decod"], "did you mean decode?"), (["--suite", "P-999"], "known: all, ristretto255, "),
    ])
    func aNearNameIsHinted(_ arguments: [String], hint: String) throws {
        #expect(try Self.bench(arguments).errorText.contains("hint: \(hint)"))
    }

    @Test func anUnknownNameListsTheKnownOnes() throws {
        let result = try Self.bench(["--only", "warp-drive"])
        #expect(result.status == 2)
        for workload in BenchmarkRun.workloads { #expect(result.errorText.contains(workload.name)) }
        #expect(try Self.bench(["--list"]).text.contains("opening-verify-batch"))
    }

    /// Ctrl-C leaves nothing in the temporary directory, whatever is being written there.
    @Test(arguments: [["bench", "--only", "dataset-verify", "--n", "20000"], ["demo"]], [SIGINT, SIGTERM])
    func interruptedFoldersAreRemoved(arguments: [String], signal: Int32) throws {
        let temporary = FileManager.default.temporaryDirectory.appending(path: "zkconsent-interrupted-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: temporary) }
        let process = Process()
        process.executableURL = URL(filePath: builtProgram("zkconsent"))
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": temporary.path]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        func files() -> [String] { (try? FileManager.default.subpathsOfDirectory(atPath: temporary.path)) ?? [] }
        while process.isRunning, files().count < 4 { usleep(2_000) }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
        #expect(files() == [])
    }

    @Test func moreCoresAreComparedWithOne() throws {
        guard ProcessInfo.processInfo.activeProcessorCount > 1 else { return }
        let result = try Self.bench(["--only", "decode", "--n", "64", "--threads", "1,2", "--json"] + Self.quick)
        let rows = try Self.rows(result)
        #expect(rows.map { $0["threads"]?.int } == [1, 2])
        #expect(rows.first?["speedup"] == .null && rows.last?["speedup"] != .null)
        // Both are of the same runs: no more cores are busy than there are, but for the grain of the clocks.
        #expect(rows.first?["busy_cores"] == .null)
        let row = try #require(rows.last.flatMap { BenchmarkRow(json: $0) })
        let busy = try #require(row.busyCores?.median)
        #expect(busy > 0 && busy < 2.2)
        #expect(row.capacity == nil && row.efficiency == nil)
    }

    /// The three figures of a round belong together.
    @Test func copiesShowWhatTheMachineGives() throws {
        guard ProcessInfo.processInfo.activeProcessorCount > 1 else { return }
        let arguments = [
            "--only", "decode,opening-verify-batch", "--n", "64", "--threads", "2", "--copies", "--rounds", "1", "--least", "0",
        ]
        let rows = try Self.rows(try Self.bench(arguments + ["--json"])).compactMap { BenchmarkRow(json: $0) }
        #expect(rows.count == 2)
        for row in rows {
            let (speedup, capacity, efficiency) = (try #require(row.speedup), try #require(row.capacity), try #require(row.efficiency))
            #expect(capacity.median > 0)
            #expect((speedup.median / capacity.median / efficiency.median - 1).magnitude < 1e-3)
        }
        #expect(try Self.bench(arguments).text.contains("2 copies at once, a core each"))
    }
}
