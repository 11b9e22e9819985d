// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace
import Testing

@Suite struct HolderProveTests {
    private func editRow(_ row: Int, _ workspace: TestWorkspace, _ change: (String) -> String) throws {
        var lines = String(decoding: try workspace.read("records.csv"), as: UTF8.self).split(separator: "\n").map(String.init)
        lines[row] = change(lines[row])
        try workspace.write(lines.joined(separator: "\n") + "\n", "records.csv")
    }

    @Test func aBundleIsMadeAndHolds() throws {
        let workspace = try TestWorkspace()
        let proved = try workspace.prove("--json")
        #expect(proved.status == 0, "\(proved.errorText)")
        let result = try #require(try jsonLines(proved.output).first)
        #expect(result["proved"] == .bool(true) && result["data_points"]?.int == 20 && result["distinct_consents"]?.int == 20)
        let verified = try workspace.verify("out.zkb")
        #expect(verified.status == 0)
        #expect(verified.text.hasPrefix("out.zkb: holds\n"))
    }

    /// Decoding advice makes the file larger by 64 bytes a row and changes nothing that is said of it.
    @Test func aBundleWithAdviceHolds() throws {
        let workspace = try TestWorkspace()
        #expect(try workspace.prove().status == 0)
        let plain = try workspace.verify("out.zkb", "--json")
        let plainCount = try workspace.read("out.zkb").count
        #expect(try workspace.prove("--advice", "--force").status == 0)
        let advised = try workspace.verify("out.zkb", "--json")
        #expect(advised.status == 0, "\(advised.errorText)")
        // The header grows by two tensors.
        let more = try workspace.read("out.zkb").count - plainCount
        #expect(more > 64 * 20 && more < 64 * 20 + 300)
        let (a, b) = (try #require(try jsonLines(plain.output).first), try #require(try jsonLines(advised.output).first))
        for member in ["verdict", "findings", "data_points", "distinct_data_points", "ledgers"] { #expect(a[member] == b[member]) }
        let sizes = try #require(b["sizes"])
        let sum = ["header", "columns", "revealed", "evidence", "proof"].reduce(0) { $0 + (sizes[$1]?.int ?? 0) }
        #expect(sum == b["bytes"]?.int)
    }

    /// Consents of two forms: what the commands do with a policy that lists both.
    @Test func twoSchemas() throws {
        var options = TestWorkspace.Options()
        options.partnerRows = [1, 7, 8]
        let workspace = try TestWorkspace(options)
        #expect(try workspace.prove().status == 0)
        let verified = try workspace.verify("out.zkb", "--report", "report.json")
        #expect(
            verified.status == 0 && verified.text.contains("under the schema partner: 3 consents for 3 data points"), "\(verified.text)")
        let report = try JSONValue(parsing: try workspace.read("report.json"))
        #expect(report["policy"]?["schema"]?.array?.count == 2)
        #expect(report["bundles"]?.array?.first?["schemas"]?.array?.count == 2)
        let inspected = try workspace.zkconsent("inspect", "out.zkb", "--json")
        #expect(try jsonLines(inspected.output).first?["schema_digest"]?.array?.count == 2)
        let checked = try workspace.zkconsent("policy", "check", "policy.yaml")
        #expect(checked.status == 0 && checked.text.contains("of consents under partner: purposes does not include Resale"))
        let normal = try workspace.zkconsent("policy", "show", "policy.yaml", "--normal")
        #expect(normal.text.hasPrefix("{\"schemas\":["))
        for extra in [["--points"], ["--row", "1"]] {
            let refused = try workspace.prove(extra[0], extra.count > 1 ? extra[1] : "--force", output: "p.zkp")
            #expect(refused.status == 2 && refused.errorText.contains("the policy lists 2 schemas"), "\(refused.errorText)")
        }
        #expect(!workspace.exists("p.zkp"))
    }

    /// No proof takes account of a withdrawal that waits for a checkpoint: that is said.
    @Test func withdrawalsThatNoCheckpointCoversAreSaid() throws {
        let workspace = try TestWorkspace()
        #expect(try !workspace.prove().errorText.contains("withdrawal"))
        #expect(try workspace.zkconsent("consent", "revoke", "--index", "3").status == 0)
        let proved = try workspace.prove("--force")
        let note =
            "note: the proof does not know 1 withdrawal in \(TestWorkspace.ledgerName) that no checkpoint covers yet; "
            + "the issuer runs: zkconsent ledger checkpoint\n"
        #expect(proved.status == 0 && proved.errorText.contains(note), "\(proved.errorText)")
        #expect(try workspace.zkconsent("consent", "revoke", "--index", "4").status == 0)
        try workspace.writePointPolicy()
        for (number, extra) in [["--points"], ["--row", "1"]].enumerated() {
            let result = try workspace.prove(extra, output: "\(number).zkp")
            #expect(result.status == 0 && result.errorText.contains("does not know 2 withdrawals in"), "\(result.errorText)")
        }
    }

    @Test func nothingIsOverwrittenWithoutForce() throws {
        let workspace = try TestWorkspace()
        try workspace.write("precious", "out.zkb")
        let refused = try workspace.prove()
        #expect(refused.status == 2 && refused.errorText.contains("--force"))
        #expect(try workspace.read("out.zkb") == Array("precious".utf8))
        #expect(try workspace.prove("--force").status == 0)
    }

    @Test func anAlteredCellIsRefusedByRowAndKey() throws {
        let workspace = try TestWorkspace()
        try editRow(7, workspace) { $0.replacingOccurrences(of: "normal", with: "abnormal") }
        let refused = try workspace.prove()
        #expect(refused.status == 1, "\(refused.errorText)")
        #expect(refused.text.contains("[altered] row 7 (patient P-7) differs from what was committed"))
        #expect(!workspace.exists("out.zkb"))
    }

    /// Consents that are missing, lack the purpose, grant a forbidden one, and are withdrawn: each row is named with its reason.
    @Test func rowsWithoutAUsableConsentAreNamed() throws {
        var options = TestWorkspace.Options()
        options.consent = { row, consent in
            var consent = consent
            switch row {
            case 3: return nil
            case 5: consent.flags["purposes"] = []
            case 6: consent.flags["purposes"] = ["ScientificResearch", "Marketing"]
            default: break
            }
            return consent
        }
        options.withdrawn = [9]
        let workspace = try TestWorkspace(options)
        let refused = try workspace.prove("--json")
        #expect(refused.status == 1)
        let reasons = try #require(try jsonLines(refused.output).first?["reasons"]?.array)
        #expect(reasons.map { $0["source_row"]?.int } == [3, 5, 6, 9])
        #expect(reasons.map { $0["code"]?.string } == ["no-consent", "policy", "policy", "revoked"])
        let text = try workspace.prove().text
        #expect(text.contains("refused: 4 rows cannot be proved") && text.contains("purposes does not include ScientificResearch"))
        #expect(!workspace.exists("out.zkb"))
    }

    @Test func atMostTenRowsAreListedForPeople() throws {
        var options = TestWorkspace.Options()
        options.consent = { row, consent in row <= 13 ? nil : consent }
        let workspace = try TestWorkspace(options)
        let text = try workspace.prove().text
        #expect(text.contains("row 10 ") && !text.contains("row 11 ") && text.contains("and 3 more"))
        #expect(try jsonLines(workspace.prove("--json").output).first?["reasons"]?.array?.count == 13)
    }

    @Test func aStaleLedgerIsRefused() throws {
        let workspace = try TestWorkspace()
        let refused = try workspace.prove(at: TestWorkspace.now + 30 * 86_400)
        #expect(refused.status == 1 && refused.text.contains("[stale]") && refused.text.contains("ledger checkpoint"))
    }

    @Test(arguments: [
        (["--ledger", "nowhere.sqlite"], "nowhere.sqlite"), (["--receipts", "policy.yaml"], "policy.yaml"),
        (["--at", "yesterday"], "yesterday"),
        (["--format", "parquet"], "parquet"), (["--ledger", "ledger.sqlite", "--ledger", "ledger.sqlite"], "twice"),
    ]) func badInputsAreNamed(arguments: [String], word: String) throws {
        let workspace = try TestWorkspace()
        let all =
            [
                "prove", "--policy", "policy.yaml", "--dataset", "patients", "--records", "records.csv", "--output", "out.zkb",
                "--passphrase-file", "pass",
            ] + arguments
        let result = try run(builtProgram("zkconsent"), all, in: workspace.folder)
        #expect(result.status == 2, "\(result.text)")
        #expect(result.errorText.contains(word), "\(result.errorText)")
        #expect(!workspace.exists("out.zkb"))
    }

    @Test func aWrongPassphraseIsRefused() throws {
        let workspace = try TestWorkspace()
        try workspace.write("wrong\n", "pass")
        let result = try workspace.prove()
        #expect(result.status == 2 && result.errorText.contains("wrong passphrase"))
    }

    @Test func anUnknownDatasetIsRefused() throws {
        let workspace = try TestWorkspace()
        let result = try workspace.zkconsent(
            "prove", "--policy", "policy.yaml", "--dataset", "others", "--records", "records.csv", "--output", "o.zkb", "--passphrase-file",
            "pass")
        #expect(result.status == 2 && result.errorText.contains("others"))
    }
}
