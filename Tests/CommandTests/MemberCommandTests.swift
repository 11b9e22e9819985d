// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace
import Testing

/// Unlinkable point proofs from the holder's stores to the auditor's verdict: `prove --unlinkable`, `verify`, `inspect`.
@Suite struct MemberCommandTests {
    @Test(arguments: ["range: {age: {min: 18, max: 90}}", "reveal: [notice]"])
    func allRows(clause: String) throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy(clause)
        let proved = try workspace.prove("--unlinkable")
        #expect(
            proved.status == 0 && proved.text.contains("one of the 20 that count of the entries 0..19"), "\(proved.text)\(proved.errorText)"
        )
        let verified = try workspace.verify("out.zkb", "--report", "report.json", "--html", "report.html", "--junit", "report.xml")
        #expect(verified.status == 0 && verified.text.contains("20 data points as given"), "\(verified.text)\(verified.errorText)")
        #expect(verified.text.contains("each about one of 20 consents, those that count of the entries 0..19"))
        let report = try JSONValue(parsing: workspace.read("report.json"))
        let bundle = try #require(report["bundles"]?.array?.first)
        #expect(bundle["kind"]?.string == "unlinkable" && bundle["distinct_consents"] == .null)
        #expect(bundle["members"] == .object(["entries": .integer(20), "first_entry": .integer(0), "members": .integer(20)]))
        let inspected = try run(builtProgram("zkconsent"), ["inspect", "out.zkb"], in: workspace.folder)
        #expect(inspected.status == 0 && inspected.text.contains("entries 0..19; which of them"), "\(inspected.text)")
    }

    @Test func chosenRowsAndRange() throws {
        var options = TestWorkspace.Options()
        options.withdrawn = [4]
        let workspace = try TestWorkspace(options)
        try workspace.writePointPolicy()
        let proved = try workspace.prove("--unlinkable", "--row", "2-3", "--row", "7", "--range", "1..9")
        #expect(
            proved.status == 0 && proved.text.contains("one of the 8 that count of the entries 1..9"), "\(proved.text)\(proved.errorText)")
        let verified = try workspace.verify("out.zkb")
        #expect(verified.status == 0 && verified.text.contains("3 data points as given"), "\(verified.text)\(verified.errorText)")
        // Rows whose consents are elsewhere, or withdrawn, are named.
        let outside = try workspace.prove("--unlinkable", "--row", "2", "--row", "12", "--range", "1..9", output: "x.zkb")
        #expect(
            outside.status == 1 && outside.text.contains("row 12") && outside.text.contains("not among the entries 1..9"), "\(outside.text)"
        )
        let withdrawn = try workspace.prove("--unlinkable", "--row", "4", output: "x.zkb")
        #expect(withdrawn.status == 1 && withdrawn.text.contains("has been withdrawn"), "\(withdrawn.text)")
        #expect(!FileManager.default.fileExists(atPath: workspace.path("x.zkb")))
    }

    @Test func refusals() throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy()
        for (arguments, told) in [
            (["--range", "0..19"], "--range is for --unlinkable"), (["--unlinkable", "--points"], "exclude each other"),
            (["--unlinkable", "--advice"], "--advice is for"), (["--unlinkable", "--range", "5"], "is no range of entries"),
            (["--unlinkable", "--range", "7..3"], "is no range of entries"),
            (["--unlinkable", "--range", "0..20"], "has only 20 consents"),
            (["--unlinkable", "--range", "0..65536"], "too long"),
        ] {
            let refused = try workspace.prove(arguments, output: "x.zkb")
            #expect(refused.status == 2 && refused.errorText.contains(told), "\(arguments): \(refused.errorText)")
        }
        // A policy that cannot be served, and what the program says of it.
        let text = try String(decoding: workspace.read("policy.yaml"), as: UTF8.self)
        try workspace.write(text.replacing("link: [record]", with: "link: [subject]"), "policy.yaml")
        let unlinked = try workspace.prove("--unlinkable", output: "x.zkb")
        #expect(unlinked.status == 2 && unlinked.errorText.contains("an unlinkable point proof cannot serve link"), "\(unlinked.errorText)")
        let check = ["policy", "check", "policy.yaml", "--for", "unlinkable"]
        #expect(try run(builtProgram("zkconsent"), check, in: workspace.folder).status == 1)
        try workspace.write(text + "  one_to_one: true\n", "policy.yaml")
        let counted = try run(builtProgram("zkconsent"), check, in: workspace.folder)
        #expect(counted.status == 1 && counted.text.contains("how many consents cover the data points cannot be told"), "\(counted.text)")
        try workspace.write(text, "policy.yaml")
        #expect(try run(builtProgram("zkconsent"), check, in: workspace.folder).status == 0)
    }

    /// A ledger whose checkpoint covers nothing yet: what to do is said.
    @Test func nothingWasIssuedYet() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-unissued-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("correct horse battery staple\n".utf8).write(to: folder.appending(path: "pass"))
        try Data("patient,age\np-1,34\n".utf8).write(to: folder.appending(path: "records.csv"))
        func zkconsent(_ line: String, _ status: Int32 = 0) throws -> ProcessResult {
            let result = try run(builtProgram("zkconsent"), line.split(separator: " ").map(String.init), in: folder)
            #expect(result.status == status, "\(line): \(result.errorText)")
            return result
        }
        _ = try zkconsent("init issuer --ledger h.example/c --path . --passphrase-file pass")
        _ = try zkconsent("init holder --path . --passphrase-file pass")
        _ = try zkconsent("init auditor --path . --ledger-vkey ledger.vkey")
        _ = try zkconsent("ledger checkpoint --key ledger.key --cosigner cosigner.key --passphrase-file pass")
        _ = try zkconsent("dataset commit records.csv --name d --key patient --holder lab --manifest m.json --passphrase-file pass")
        let prove = "prove --policy policy.yaml --dataset d --records records.csv --unlinkable --output x.zkb --passphrase-file pass"
        let refused = try zkconsent(prove, 2)
        #expect(refused.errorText.contains("no consent of h.example/c can count"))
        #expect(refused.errorText.contains("its latest checkpoint covers none"))
    }
}
