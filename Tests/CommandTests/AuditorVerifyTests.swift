// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace
import Testing

@Suite struct AuditorVerifyTests {
    /// A workspace with `out.zkb`.
    private func proved(_ options: TestWorkspace.Options = .init()) throws -> TestWorkspace {
        let workspace = try TestWorkspace(options)
        try workspace.write(workspace.bundle(), "out.zkb")
        return workspace
    }

    // MARK: Verdicts

    @Test func aBundleThatHoldsExitsWithZeroAndIsReported() throws {
        let workspace = try proved()
        let result = try workspace.verify("out.zkb", "--report", "report.json", "--json")
        #expect(result.status == 0, "\(result.errorText)")
        let line = try #require(try jsonLines(result.output).first)
        #expect(line["verdict"]?.string == "holds" && line["data_points"]?.int == 20 && line["findings"]?.array == [])
        let bytes = try workspace.read("report.json")
        let report = try JSONValue(parsing: bytes)
        #expect(report.canonical + [10] == bytes)
        #expect(report["holds"] == .bool(true) && report["bundles"]?.array == [line])
        #expect(report["policy"]?["name"]?.string == "research" && report["meaning"]?["does_not_say"]?.array?.isEmpty == false)
    }

    @Test func aBundleThatDoesNotHoldExitsWithOneAndSaysWhatToDo() throws {
        let workspace = try proved()
        let result = try workspace.verify("out.zkb", at: TestWorkspace.now + 30 * 86_400)
        #expect(result.status == 1)
        #expect(result.text.contains("out.zkb: DOES NOT HOLD") && result.text.contains("[stale]") && result.text.contains("--revocations"))
    }

    @Test func aLaterWithdrawalEndsABundleWhetherLoggedOrNot() throws {
        let workspace = try proved()
        try workspace.write(workspace.withdrawal(row: 4, index: 3).json.canonical, "withdrawal.json")
        let unlogged = try workspace.verify("out.zkb", "--also-revoked", "withdrawal.json")
        #expect(unlogged.status == 1 && unlogged.text.contains("withdrawn by its data subject"))
        try workspace.withdraw([4])
        #expect(try workspace.verify("out.zkb").status == 0, "the bundle alone does not know")
        try workspace.write(workspace.revocationList().encoded, "newest.zkr")
        let logged = try workspace.verify("out.zkb", "--revocations", "newest.zkr")
        #expect(logged.status == 1 && logged.text.contains("[revoked]") && logged.text.contains("entry 3 "))
    }

    @Test func aWithdrawalThatTheSubjectDidNotSignIsBadInput() throws {
        let workspace = try proved()
        let real = try workspace.withdrawal(row: 4, index: 3)
        let forged = WithdrawalStatement(
            origin: real.origin, index: real.index, leaf: real.leaf, verificationKey: real.verificationKey, salt: real.salt,
            signature: [UInt8](repeating: 0, count: 64))
        try workspace.write(forged.json.canonical, "withdrawal.json")
        let result = try workspace.verify("out.zkb", "--also-revoked", "withdrawal.json")
        #expect(result.status == 2 && result.errorText.contains("not signed") && result.errorText.contains("withdrawal.json"))
    }

    @Test func evidenceThatConcernsNoBundleIsMentioned() throws {
        let workspace = try proved()
        let other = try TestWorkspace()
        try workspace.write(other.withdrawal(row: 4, index: 3_000).json.canonical, "withdrawal.json")
        let result = try workspace.verify("out.zkb", "--also-revoked", "withdrawal.json")
        #expect(result.status == 0 && result.errorText.contains("withdrawal.json concerns none of these bundles"))
        // At the place of an entry of the bundle it must be of that entry.
        try workspace.write(other.withdrawal(row: 4, index: 3).json.canonical, "fork.json")
        let fork = try workspace.verify("out.zkb", "--also-revoked", "fork.json")
        #expect(fork.status == 2 && fork.errorText.contains("another entry"))
    }

    @Test func anOlderListThanTheBundlesIsBadInput() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.revocationList().encoded, "older.zkr")
        try workspace.withdraw([2])
        try workspace.write(workspace.bundle(dishonestly: true), "out.zkb")
        let result = try workspace.verify("out.zkb", "--revocations", "older.zkr")
        #expect(result.status == 2 && result.errorText.contains("older.zkr") && result.errorText.contains("does not extend"))
    }

    @Test func namesFromABundleNeitherSteerTheTerminalNorMakeLines() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.bundle(context: "a\u{1b}[2J\nother.zkb: holds"), "out.zkb")
        for result in [try workspace.verify("out.zkb"), try workspace.zkconsent("inspect", "out.zkb")] {
            #expect(result.status == 0)
            #expect(
                !result.output.contains(0x1b) && !result.text.contains("\nother.zkb") && result.text.contains("a\\u{1b}[2J\\u{a}other.zkb"))
        }
    }

    @Test func aDishonestBundleDoesNotHold() throws {
        var options = TestWorkspace.Options()
        options.consent = { row, consent in row == 4 ? nil : consent }
        let workspace = try TestWorkspace(options)
        try workspace.write(workspace.bundle(dishonestly: true), "out.zkb")
        let result = try workspace.verify("out.zkb", "--json")
        #expect(result.status == 1)
        #expect(try jsonLines(result.output).first?["findings"]?.array?.map { $0["code"]?.string } == ["proof"])
    }

    // MARK: Sources

    @Test func foldersAndStandardInputAreRead() throws {
        let workspace = try proved()
        let bytes = try workspace.read("out.zkb")
        try FileManager.default.createDirectory(atPath: workspace.path("bundles/inner"), withIntermediateDirectories: true)
        for name in ["bundles/b.zkb", "bundles/a.zkb", "bundles/inner/c.zkb", "bundles/notes.txt"] { try workspace.write(bytes, name) }
        let folder = try workspace.verify("bundles", "--json")
        #expect(folder.status == 0)
        #expect(try jsonLines(folder.output).map { $0["file"]?.string } == ["bundles/a.zkb", "bundles/b.zkb"])
        let piped = try workspace.verify("-", "--json", input: Data(bytes))
        #expect(piped.status == 0)
        #expect(try jsonLines(piped.output).first?["file"]?.string == "-")
        #expect(try workspace.verify("-", "-", input: Data(bytes)).status == 2)
        #expect(try workspace.verify("-").status == 2, "empty standard input")
    }

    @Test func oneBadFileDoesNotHideTheOthers() throws {
        let workspace = try proved()
        try FileManager.default.createDirectory(atPath: workspace.path("bundles"), withIntermediateDirectories: false)
        let bytes = try workspace.read("out.zkb")
        try workspace.write(bytes, "bundles/a.zkb")
        try workspace.write(Array(bytes.dropLast()), "bundles/b.zkb")
        let result = try workspace.verify("bundles", "--json", "--report", "report.json")
        #expect(result.status == 2)
        let verdicts = try jsonLines(result.output).map { $0["verdict"]?.string }
        #expect(verdicts == ["holds", "unreadable"])
        let report = try JSONValue(parsing: workspace.read("report.json"))
        #expect(report["holds"] == .bool(false) && report["bundles"]?.array?.count == 2)
        #expect(try jsonLines(result.errors).first?["file"]?.string == "bundles/b.zkb")
    }

    @Test func foldersWithoutBundlesAreBadInput() throws {
        let workspace = try proved()
        try FileManager.default.createDirectory(atPath: workspace.path("empty"), withIntermediateDirectories: false)
        let result = try workspace.verify("empty", "--json")
        #expect(result.status == 2)
        #expect(try jsonLines(result.errors).first?["code"]?.string == "no-bundles")
    }

    @Test(arguments: [0, 1, 7, 8, 9, 100, 2_000]) func truncatedBundlesAreBadInput(count: Int) throws {
        let workspace = try proved()
        try workspace.write(Array(try workspace.read("out.zkb").prefix(count)), "cut.zkb")
        let result = try workspace.verify("cut.zkb")
        #expect(result.status == 2 && result.errorText.contains("cut.zkb"), "\(result.errorText)")
    }

    // MARK: Bad inputs

    static let aliasBomb = "a: &a [x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n"

    @Test func badPoliciesAreNamed() throws {
        let workspace = try proved()
        let good = try workspace.policyText()
        let bad: [(String, [UInt8])] = [
            ("not UTF-8", Array(good.utf8) + [0xff, 0xfe, 10]), ("an alias bomb", Array(Self.aliasBomb.utf8)), ("empty", []),
            ("a wrong schema path", Array(good.replacingOccurrences(of: "schema: test-small", with: "schema: nowhere/none.yaml").utf8)),
            ("an unknown schema", Array(good.replacingOccurrences(of: "schema: test-small", with: "schema: test-smal").utf8)),
            ("an unknown purpose", Array(good.replacingOccurrences(of: "[Marketing]", with: "[Marketeering]").utf8)),
            ("too large", [UInt8](repeating: UInt8(ascii: "#"), count: 300_000)),
        ]
        for (what, bytes) in bad {
            try workspace.write(bytes, "policy.yaml")
            let result = try workspace.verify("out.zkb", "--json")
            #expect(result.status == 2, "\(what)")
            let errors = try jsonLines(result.errors)
            #expect(errors.count == 1 && errors[0]["code"] != nil && errors[0]["message"] != nil, "\(what): \(result.errorText)")
            #expect(errors.first?["file"]?.string?.isEmpty == false, "\(what): \(result.errorText)")
        }
    }

    @Test(arguments: [
        ["nowhere.zkb"], ["out.zkb", "--at", "tomorrow"], ["out.zkb", "--revocations", "out.zkb"],
        ["out.zkb", "--also-revoked", "policy.yaml"],
        ["out.zkb", "--memory", "m", "--no-memory"], ["out.zkb", "--frobnicate"], [], ["policy.yaml"],
        ["out.zkb", "--report", "policy.yaml"],
        ["out.zkb", "--report", "nowhere/report.json"], ["pipe"],
    ]) func badArgumentsExitWithTwo(arguments: [String]) throws {
        let workspace = try proved()
        mkfifo(workspace.path("pipe"), 0o600)
        let result = try run(
            builtProgram("zkconsent"), ["verify", "--policy", "policy.yaml", "--at", "\(TestWorkspace.now)", "--json"] + arguments,
            in: workspace.folder)
        #expect(result.status == 2, "\(result.text)")
        for line in try jsonLines(result.errors) { #expect(line["code"]?.string != nil && line["message"]?.string != nil) }
        #expect(!result.errors.isEmpty)
    }

    // MARK: The auditor's program

    @Test func theVerifierAloneDoesTheSame() throws {
        let workspace = try proved()
        let tool = builtProgram("zkconsent-verify")
        let options = ["--policy", "policy.yaml", "--at", "\(TestWorkspace.now)", "--json"]
        let whole = try run(builtProgram("zkconsent"), ["verify", "out.zkb"] + options, in: workspace.folder)
        let alone = try run(tool, ["out.zkb"] + options, in: workspace.folder)
        let named = try run(tool, ["verify", "out.zkb"] + options, in: workspace.folder)
        #expect(alone.status == 0 && alone.output == whole.output && named.output == whole.output)
        let inspected = try run(tool, ["inspect", "out.zkb", "--json"], in: workspace.folder)
        #expect(try jsonLines(inspected.output).first?["kind"]?.string == "bundle")
        #expect(try run(tool, ["nowhere.zkb"] + options, in: workspace.folder).status == 2)
        #expect(try run(tool, ["--help"], in: workspace.folder).status == 0)
    }
}
