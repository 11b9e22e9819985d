// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// `scripts/bench-all` with stand-ins for the programs that it calls: nothing is measured.
@Suite struct BenchAllTests {
    @Test(arguments: [[], ["--small"]])
    func everyTable(_ options: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-bench-all-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appending(path: "scripts/bench-all")
        for name in ["scripts", ".build/release"] {
            try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(at: repositoryRoot.appending(path: "scripts/bench-all"), to: script)
        for name in [".build/release/zkconsent", "scripts/performance-tables"] {
            let path = folder.appending(path: name)
            try Data("#!/bin/sh\necho \"$@\"\n".utf8).write(to: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path)
        }
        let result = try run("/usr/bin/env", ["bash", script.path] + options + ["results"], in: folder)
        #expect(result.status == 0, "\(result.errorText)")
        // The last line is the call that puts the tables into the documentation: one file for each.
        let tables = try #require(result.text.split(separator: "\n").last).split(separator: " ").map(String.init)
        #expect(tables.count > 10 && Set(tables).count == tables.count && tables.allSatisfy { $0.hasSuffix(".jsonl") })
        let all = try String(contentsOf: folder.appending(path: "results/all.json-lines"), encoding: .utf8)
        let calls = try tables.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
        #expect(all == calls.joined())
        #expect(all.split(separator: "\n").allSatisfy { $0.hasPrefix("bench --json --fixtures results/fixtures ") })
        let datasets = calls.first { $0.contains("dataset-verify-advice") }?.split(separator: "\n").count
        #expect(datasets == (options.isEmpty ? 12 : 9), "one call for each number of rows, all in one table")
    }
}
