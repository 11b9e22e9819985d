// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace
import Testing

@Suite struct HolderDatasetTests {
    private func commit(_ workspace: TestWorkspace, _ extra: String..., name: String = "scans", records: String = "records.csv") throws
        -> ProcessResult
    {
        let arguments =
            ["dataset", "commit", records, "--name", name, "--holder", "lab.example", "--manifest", "m.json", "--passphrase-file", "pass"]
            + extra
        return try run(builtProgram("zkconsent"), arguments, in: workspace.folder)
    }

    @Test func aTableIsCommittedAndShown() throws {
        let workspace = try TestWorkspace()
        let committed = try commit(workspace, "--key", "patient", "--subject-column", "subject", "--json")
        #expect(committed.status == 0, "\(committed.errorText)")
        let leaf = try workspace.read("m.json")
        #expect(leaf.last == 10)
        let manifest = try Manifest(parsing: leaf.dropLast())
        #expect(manifest.dataset == "scans" && manifest.holder == "lab.example" && manifest.dataPointCount == 20)
        let shown = try workspace.zkconsent("dataset", "show", "--passphrase-file", "pass", "--json")
        #expect(try jsonLines(shown.output).map { $0["dataset"]?.string } == ["patients", "scans"])
        let again = try workspace.zkconsent("dataset", "show", "scans", "--manifest", "again.json", "--passphrase-file", "pass")
        #expect(again.status == 0 && again.text.contains("20 rows of records.csv, key patient, subject subject"))
        #expect(try workspace.read("again.json") == leaf)
    }

    @Test func anAbsentStoreIsMade() throws {
        let workspace = try TestWorkspace()
        let result = try commit(workspace, "--datasets", "fresh.sqlite")
        #expect(result.status == 0, "\(result.errorText)")
        let mode = try FileManager.default.attributesOfItem(atPath: workspace.path("fresh.sqlite"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func jsonLinesAreRecognised() throws {
        let workspace = try TestWorkspace()
        try workspace.write("{\"id\":1,\"who\":\"a\"}\n{\"id\":2,\"who\":\"b\"}\n", "records.jsonl")
        let result = try commit(workspace, "--key", "id", "--subject-column", "who", records: "records.jsonl")
        #expect(result.status == 0, "\(result.errorText)")
        let other = try commit(workspace, "--format", "csv", "--force", name: "other", records: "records.jsonl")
        #expect(other.status == 2, "as CSV its columns do not agree")
    }

    @Test func nothingIsReplaced() throws {
        let workspace = try TestWorkspace()
        let twice = try commit(workspace, name: "patients")
        #expect(twice.status == 2 && twice.errorText.contains("patients"))
        #expect(!workspace.exists("m.json"))
        try workspace.write("precious", "m.json")
        #expect(try commit(workspace).status == 2)
        #expect(try workspace.zkconsent("dataset", "show", "scans", "--passphrase-file", "pass").status == 2, "nothing was committed")
    }

    @Test(arguments: [
        (["--key", "nobody"], "nobody"), (["--key", "patient,patient"], "twice"), (["--key", "patient,"], "empty"),
        (["--key", "finding"], ""),
        (["--subject-column", "nobody"], "nobody"),
    ]) func badColumnsAreNamed(arguments: [String], word: String) throws {
        let workspace = try TestWorkspace()
        let all =
            ["dataset", "commit", "records.csv", "--name", "s", "--holder", "h", "--manifest", "m.json", "--passphrase-file", "pass"]
            + arguments
        let result = try run(builtProgram("zkconsent"), all, in: workspace.folder)
        if arguments == ["--key", "finding"] {
            // 7919 is prime to 1000, so the findings of twenty rows differ.
            #expect(result.status == 0)
        } else {
            #expect(result.status == 2 && result.errorText.contains(word), "\(result.errorText)")
        }
    }

    @Test func emptyAndBrokenTablesAreRefused() throws {
        let workspace = try TestWorkspace()
        try workspace.write("a,b\n", "empty.csv")
        #expect(try commit(workspace, records: "empty.csv").status == 2)
        try workspace.write("a,b\n1\n", "ragged.csv")
        let ragged = try commit(workspace, "--json", records: "ragged.csv")
        #expect(ragged.status == 2)
        let error = try #require(try jsonLines(ragged.errors).first)
        #expect(error["file"]?.string == "ragged.csv" && error["position"]?["line"]?.int == 2)
        try workspace.write("a\n1\n1\n", "twice.csv")
        #expect(try commit(workspace, "--key", "a", records: "twice.csv").errorText.contains("same key"))
        #expect(try commit(workspace, records: "nowhere.csv").status == 2)
    }
}
