// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import MerkleLog
import Stores
import TestSupport
import TestWorkspace
import Testing

/// Options that would lose something without a word: inputs that are pipes, outputs that are inputs, options that contradict each other.
@Suite struct OptionRefusalTests {
    private func expectRefusal(
        _ result: ProcessResult, _ code: String, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = try jsonLines(result.errors).last
        #expect(result.status == 2 && error?["code"]?.string == code, "\(result.errorText)", sourceLocation: sourceLocation)
        for word in words { #expect(result.errorText.contains(word), "\(result.errorText)", sourceLocation: sourceLocation) }
    }

    private let commit = ["dataset", "commit", "--name", "s", "--holder", "h", "--passphrase-file", "pass", "--json", "--manifest"]
    private let prove = ["prove", "--policy", "policy.yaml", "--dataset", "patients", "--passphrase-file", "pass", "--json"]

    /// The table is opened more than once, and what a pipe has given is gone.
    @Test func recordsFromAPipe() throws {
        let workspace = try TestWorkspace()
        #expect(mkfifo(workspace.path("pipe"), 0o600) == 0)
        func zkconsent(_ arguments: [String]) throws -> ProcessResult {
            try run(builtProgram("zkconsent"), arguments, in: workspace.folder)
        }
        for format in [[], ["--format", "csv"]] {
            try expectRefusal(zkconsent(commit + ["m.json", "pipe"] + format), "file-not-regular", "save it to a file")
            try expectRefusal(zkconsent(prove + ["--records", "pipe", "--output", "o.zkb"] + format), "file-not-regular")
        }
        #expect(!workspace.exists("m.json") && !workspace.exists("o.zkb"))
    }

    @Test func thePassphraseFileIsNotReplaced() throws {
        let workspace = try TestWorkspace()
        let pass = try workspace.read("pass")
        let show = ["dataset", "show", "patients", "--force", "--passphrase-file", "pass", "--json", "--manifest"]
        let open = [
            "dataset", "spot-check", "open", "patients", "--records", "records.csv", "--nonce", "0123456789abcdef", "--rows", "2",
            "--force", "--passphrase-file", "pass", "--json", "--output",
        ]
        let proved = prove + ["--records", "records.csv", "--at", "\(TestWorkspace.now)", "--force", "--output"]
        for arguments in [commit + ["pass", "records.csv", "--force"], show + ["pass"], open + ["pass"], proved + ["pass"]] {
            try expectRefusal(run(builtProgram("zkconsent"), arguments, in: workspace.folder), "output-is-input")
        }
        // A store that the same command makes.
        let store = commit + ["new.sqlite", "--datasets", "new.sqlite", "records.csv", "--force"]
        try expectRefusal(run(builtProgram("zkconsent"), store, in: workspace.folder), "output-is-input")
        #expect(try workspace.read("pass") == pass)
    }

    @Test func noFileNamedMinus() throws {
        let workspace = try TestWorkspace()
        #expect(try workspace.prove().status == 0)
        let usual = prove + ["--records", "records.csv", "--at", "\(TestWorkspace.now)", "--output", "-"]
        try expectRefusal(run(builtProgram("zkconsent"), usual, in: workspace.folder), "file-not-regular", "./-")
        try workspace.writePointPolicy()
        try expectRefusal(run(builtProgram("zkconsent"), usual + ["--row", "1-2"], in: workspace.folder), "file-not-regular")
        for option in ["--report", "--html", "--junit", "--rows"] {
            try expectRefusal(workspace.verify("out.zkb", "--json", option, "-"), "file-not-regular", "./-")
        }
        #expect(!workspace.exists("-"))
    }

    /// "Nothing was written" leaves nothing.
    @Test func aRefusalLeavesNoFolder() throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy("range: {age: {min: 200, max: 255}}")
        #expect(try workspace.prove("--row", "3-4", output: "rows").status == 1)
        #expect(!workspace.exists("rows"))
        try FileManager.default.createDirectory(atPath: workspace.path("mine"), withIntermediateDirectories: false)
        #expect(try workspace.prove("--row", "3-4", output: "mine").status == 1)
        #expect(workspace.exists("mine"))
    }

    @Test func aDatasetThatIsCommitted() throws {
        let workspace = try TestWorkspace()
        let again = (commit + ["m.json", "records.csv"]).map { $0 == "s" ? "patients" : $0 }
        try expectRefusal(
            run(builtProgram("zkconsent"), again, in: workspace.folder), "duplicate-dataset",
            "zkconsent dataset show patients --manifest FILE")
    }

    @Test func whatLedgerProveRefuses() throws {
        let workspace = try TestWorkspace()
        let both = try workspace.zkconsent("ledger", "prove", "--revocations", "a.zkr", "--output", "b.zkr")
        #expect(both.status == 2 && both.errorText.contains("--output"))
        let log = try workspace.zkconsent("ledger", "prove", "--revocations", "a.zkr", "--log", "consents")
        #expect(log.status == 2 && log.errorText.contains("revocations log"))
        #expect(!workspace.exists("a.zkr"))
        #expect(try workspace.zkconsent("ledger", "prove", "--revocations", "a.zkr", "--log", "revocations").status == 0)
        for index in ["--index=99", "--index=-1"] {
            let shown = try workspace.zkconsent("ledger", "show", index)
            let proved = try workspace.zkconsent("ledger", "prove", index)
            #expect(proved.status == 2 && proved.errors == shown.errors, "\(proved.errorText)")
        }
        #expect(try workspace.zkconsent("ledger", "prove", "--index", "19").status == 0)
    }

    @Test func theRegistryTakesNoMalformedManifest() throws {
        let folder = try IssuerFolder.initialised()
        let manifest = try Manifest(dataset: "d", holder: "h", dataPointCount: 1, root: LeafHash(entry: [1]).node)
        let good = String(decoding: manifest.leaf, as: UTF8.self)
        let bad = "{\"data_points\":1,\"dataset\":\"d\",\"holder\":\"h\",\"kind\":\"manifest\",\"root\":\"00\",\"version\":1}"
        try folder.write("\(good)\n\(bad)\n", "m.json")
        let result = try folder.zkconsent("ledger", "append", "--registry", "m.json")
        #expect(result.status == 2 && result.errorText.contains("m.json:2:1") && result.errorText.contains("root"), "\(result.errorText)")
        #expect(try folder.ledger().count(.registry) == 0)
        try folder.write("{\"a\":1}\n\(good)\n", "m.json")
        #expect(try folder.zkconsent("ledger", "append", "--registry", "m.json").status == 0)
    }
}
