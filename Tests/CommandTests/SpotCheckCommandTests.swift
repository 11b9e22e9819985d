// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace
import Testing

/// `dataset spot-check` from drawing to the verdict, and withdrawals under `as_of`.
@Suite struct SpotCheckCommandTests {
    static let nonce = "00112233445566778899aabbccddeeff"

    func open(
        _ workspace: TestWorkspace, value: [String] = ["--nonce", nonce], rows: Int = 5, output: String = "open.json"
    ) throws -> ProcessResult {
        let arguments = [
            "dataset", "spot-check", "open", "patients", "--records", "records.csv", "--rows", "\(rows)", "--output", output,
            "--passphrase-file", "pass", "--json",
        ]
        return try run(builtProgram("zkconsent"), arguments + value, in: workspace.folder)
    }

    func check(
        _ workspace: TestWorkspace, _ extra: [String] = [], value: [String] = ["--nonce", nonce], rows: Int = 5, tool: String = "zkconsent",
        file: String = "open.json"
    ) throws -> ProcessResult {
        let group = tool == "zkconsent" ? ["dataset", "spot-check"] : ["spot-check"]
        let arguments = [
            "verify", file, "--bundle", "out.zkb", "--policy", "policy.yaml", "--rows", "\(rows)", "--at", "\(TestWorkspace.now)", "--json",
        ]
        return try run(builtProgram(tool), group + arguments + value + extra, in: workspace.folder)
    }

    @Test(arguments: [true, false]) func fromTheDrawToTheVerdict(hasKey: Bool) throws {
        var options = TestWorkspace.Options()
        options.hasKey = hasKey
        let workspace = try TestWorkspace(options)
        try workspace.write(workspace.bundle(), "out.zkb")
        let draw = try workspace.zkconsent("dataset", "spot-check", "draw", "out.zkb", "--rows", "5", "--nonce", Self.nonce, "--json")
        let rows = try #require(try jsonLines(draw.output).first?["rows"])
        #expect(draw.status == 0 && rows.array?.count == 5)

        let opened = try open(workspace)
        #expect(opened.status == 0, "\(opened.errorText)")
        #expect(try jsonLines(opened.output).first?["rows"] == rows)
        let attributes = try FileManager.default.attributesOfItem(atPath: workspace.path("open.json"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let file = try JSONValue(parsing: workspace.read("open.json"))
        #expect(file["columns"] == .array([.string("patient"), .string("subject"), .string("finding")]))
        #expect(file["openings"]?.array?.count == 5)

        for tool in ["zkconsent", "zkconsent-verify"] {
            let result = try check(workspace, ["--records", "records.csv"], tool: tool)
            #expect(result.status == 0, "\(result.errorText)")
            let report = try #require(try jsonLines(result.output).first)
            #expect(report["holds"] == .bool(true) && report["compared_with_copy"] == .bool(true))
            #expect(report["rows_opened"]?.array?.compactMap { $0["row"] } == rows.array)
            #expect(report["confidence"]?["caught_if_5_percent_false"]?.int == 226_219)
            #expect(report["bundle"]?["verdict"]?.string == "holds")
            #expect(report["subject_column"]?.string == "subject" && report["key_columns"]?.array?.count == (hasKey ? 1 : 0))
        }
        // The holder's word, or the auditor's.
        #expect(try check(workspace, ["--subject-column", "subject"]).status == 0)
        let other = try check(workspace, ["--subject-column", "patient"])
        #expect(try other.status == 1 && jsonLines(other.output).first?["findings"]?.array?.first?["code"]?.string == "subject-column")
    }

    /// Lists of withdrawals, statements of data subjects and the memory of ledgers count as they do for `verify`.
    @Test func theBundleIsJudgedAsByVerify() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.bundle(), "out.zkb")
        #expect(try open(workspace).status == 0)
        func codes(_ extra: String...) throws -> [String]? {
            let result = try check(workspace, extra)
            #expect(result.status == (extra.isEmpty ? 0 : 1), "\(result.errorText)")
            return try jsonLines(result.output).first?["bundle"]?["findings"]?.array?.compactMap { $0["code"]?.string }
        }
        #expect(try codes() == [])
        try workspace.write(workspace.withdrawal(row: 4, index: 3).json.canonical, "withdrawal.json")
        #expect(try codes("--also-revoked", "withdrawal.json") == ["revoked"])
        try workspace.withdraw([2])
        try workspace.write(workspace.revocationList().encoded, "newest.zkr")
        #expect(try codes("--revocations", "newest.zkr", "--memory", "seen") == ["revoked"])
        #expect(try codes("--memory", "seen") == ["rollback"])
        // What cannot be judged moves no memory.
        #expect(try check(workspace, ["--memory", "fresh"], rows: 30_000).status == 2)
        #expect(try check(workspace, ["--memory", "fresh", "--records", "nowhere.csv"]).status == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path("fresh")).filter { $0.hasSuffix(".json") } == [])
        let report = try check(workspace, ["--revocations", "newest.zkr", "--report", "newest.zkr"])
        #expect(report.status == 2 && report.errorText.contains("output-is-input"))
    }

    @Test func whatDoesNotHoldExitsWithOne() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.bundle(), "out.zkb")
        #expect(try open(workspace).status == 0)
        func codes(_ result: ProcessResult) throws -> [String] {
            #expect(result.status == 1, "\(result.errorText)")
            return try jsonLines(result.output).first?["findings"]?.array?.compactMap { $0["code"]?.string } ?? []
        }
        #expect(try Set(codes(check(workspace, value: ["--nonce", Self.nonce + "0"]))).isSubset(of: ["missing", "not-drawn"]))
        #expect(try codes(check(workspace, rows: 6)).contains("missing"))
        // A cell that was changed after the commitment.
        let text = String(decoding: try workspace.read("open.json"), as: UTF8.self)
        try workspace.write(text.replacing("normal", with: "abnormal"), "false.json")
        #expect(try codes(check(workspace, file: "false.json")) == Array(repeating: "opening", count: 5))
        // The auditor's copy has another finding in every row.
        let copy = String(decoding: try workspace.read("records.csv"), as: UTF8.self).replacing("normal", with: "unknown")
        try workspace.write(copy, "copy.csv")
        #expect(try codes(check(workspace, ["--records", "copy.csv"])) == Array(repeating: "copy", count: 5))
        // The bundle itself is stale.
        let stale = try check(workspace, ["--at", "\(TestWorkspace.now + 30 * 86_400)"])
        #expect(stale.status == 1)
        // A beacon from before the registration.
        #expect(try open(workspace, value: ["--beacon", "8f1b"], output: "beacon.json").status == 0)
        for (time, status) in [(TestWorkspace.checkpointTime, Int32(1)), (TestWorkspace.checkpointTime + 1, 0)] {
            let result = try check(
                workspace, ["--beacon-time", "\(time)"], value: ["--beacon", "8f1b"], file: "beacon.json")
            #expect(result.status == status, "\(result.errorText)")
        }
    }

    @Test func badInputsExitWithTwo() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.bundle(), "out.zkb")
        #expect(try open(workspace, rows: 21).status == 2)
        #expect(try open(workspace, value: []).status == 2)
        #expect(try open(workspace, value: ["--nonce", "short"]).status == 2)
        #expect(try open(workspace, value: ["--nonce", Self.nonce, "--beacon", "x"]).status == 2)
        #expect(!workspace.exists("open.json"))
        #expect(try open(workspace).status == 0)
        #expect(try open(workspace).status == 2, "nothing is overwritten")
        #expect(try check(workspace, ["--beacon-time", "0"]).status == 2, "a nonce has no time")
        #expect(try check(workspace, file: "out.zkb").status == 2)
        #expect(try check(workspace, file: "nowhere.json").status == 2)
        let good = String(decoding: try workspace.read("open.json"), as: UTF8.self)
        for (what, text) in [
            ("cut", String(good.dropLast(5))), ("twice", good.replacing("\"version\":1", with: "\"version\":1,\"version\":1")),
            ("version", good.replacing("\"version\":1", with: "\"version\":0")),
            ("another kind", good.replacing("spot-check-openings", with: "x")),
            ("unknown", good.replacing("\"version\":1", with: "\"more\":0,\"version\":1")),
            ("format", good.replacing("\"csv\"", with: "\"jsonl\"")), ("columns", good.replacing("\"finding\"", with: "\"subject\"")),
            ("negative", good.replacing("\"row_number\":", with: "\"row_number\":-")),
            ("not text", good.replacing("[\"P-", with: "[1,\"P-")),
            ("subject", good.replacing("\"subject_column\":\"subject\"", with: "\"subject_column\":\"nobody\"")),
        ] {
            #expect(text != good)
            try workspace.write(text, "bad.json")
            let result = try check(workspace, file: "bad.json")
            #expect(result.status == 2, "\(what): \(result.text)")
            #expect(try jsonLines(result.errors).first?["file"]?.string == "bad.json", "\(what): \(result.errorText)")
        }
        // A record that is not in the file any more cannot be opened.
        let table = String(decoding: try workspace.read("records.csv"), as: UTF8.self)
        try workspace.write(table.replacing("normal", with: "changed"), "records.csv")
        let altered = try open(workspace, output: "altered.json")
        #expect(altered.status == 2 && altered.errorText.contains("spot-check-altered") && !workspace.exists("altered.json"))
    }

    // MARK: Reports

    @Test func reportsAsPageAndTestResults() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.bundle(), "out.zkb")
        let result = try workspace.verify("out.zkb", "--html", "report.html", "--junit", "report.xml", "--report", "report.json")
        #expect(result.status == 0, "\(result.errorText)")
        #expect(String(decoding: try workspace.read("report.html"), as: UTF8.self).contains("1 of 1 bundles hold"))
        #expect(String(decoding: try workspace.read("report.xml"), as: UTF8.self).contains("<testcase"))
        #expect(try workspace.verify("out.zkb", "--html", "report.html").status == 2, "nothing is overwritten")
        #expect(try workspace.verify("out.zkb", "--html", "x", "--junit", "x").status == 2)
        #expect(try workspace.verify("out.zkb", "--junit", "policy.yaml", "--force").status == 2)
        #expect(try workspace.verify("out.zkb", "--junit", "report.xml", "--force", at: TestWorkspace.now + 30 * 86_400).status == 1)
        #expect(String(decoding: try workspace.read("report.xml"), as: UTF8.self).contains("type=\"stale\""))
    }

    // MARK: As of

    @Test func aLaterWithdrawalIsReportedUnderAsOf() throws {
        var options = TestWorkspace.Options()
        options.acceptance = ["freshness: {as_of: true}"]
        let workspace = try TestWorkspace(options)
        try workspace.write(workspace.bundle(), "out.zkb")
        try workspace.write(workspace.withdrawal(row: 4, index: 3).json.canonical, "withdrawal.json")
        let alone = try workspace.verify("out.zkb")
        #expect(alone.status == 0 && alone.text.contains("withdrawn since: 0 of 20 data points"))
        #expect(alone.text.contains("no newer list of hospital.example/consent was given"))
        let unlogged = try workspace.verify("out.zkb", "--also-revoked", "withdrawal.json")
        #expect(unlogged.status == 0 && unlogged.text.contains("withdrawn since: 1 of 20 data points, covered by 1 of 20 consents"))
        let inTime = try workspace.verify("out.zkb", "--revoked-in-time", "withdrawal.json")
        #expect(inTime.status == 1 && inTime.text.contains("withdrawn by its data subject"))
        try workspace.withdraw([4, 7])
        try workspace.write(workspace.revocationList().encoded, "newest.zkr")
        let logged = try workspace.verify(
            "out.zkb", "--revocations", "newest.zkr", "--also-revoked", "withdrawal.json", "--memory", "memory", "--json")
        let line = try #require(try jsonLines(logged.output).first)
        #expect(logged.status == 0 && line["verdict"]?.string == "holds")
        #expect(line["withdrawn_since"] == .object(["consents": .integer(2), "data_points": .integer(2)]))
        #expect(line["ledgers"]?.array?.first?["newest"]?["size"]?.int == 2)
        // The memory has seen two withdrawals; the old bundle is an earlier view.
        #expect(try workspace.verify("out.zkb", "--memory", "memory").status == 0)
    }
}
