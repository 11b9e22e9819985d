// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Primitives
import TestSupport
import TestWorkspace
import Testing

/// `zkconsent policy`, and the same in the auditor's program.
@Suite struct PolicyCommandTests {
    private static func policy(_ program: String, _ arguments: String..., policy text: String? = nil) throws -> ProcessResult {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        if let text { try Data(text.utf8).write(to: folder.appending(path: "p.yaml")) }
        return try run(builtProgram(program), ["policy"] + arguments, in: folder)
    }

    private static func example(_ name: String) throws -> String {
        String(decoding: try #require(Policy.exampleText(named: name)), as: UTF8.self)
    }

    @Test(arguments: ["zkconsent", "zkconsent-verify"]) func check(program: String) throws {
        let result = try Self.policy(program, "check", "p.yaml", policy: try Self.example("adult-study"))
        #expect(result.status == 0 && result.errorText.isEmpty)
        let text = String(decoding: result.output, as: UTF8.self)
        #expect(text.contains("dataset     no, range") && text.contains("point       yes") && text.contains("unlinkable  yes"))
        let json = try JSONValue(parsing: [UInt8](try Self.policy(program, "check", "adult-study", "--json").output).dropLast())
        #expect(json["kind"]?.string == "policy-check")
    }

    @Test func exitCodes() throws {
        #expect(try Self.policy("zkconsent", "check", "research", "--for", "dataset").status == 0)
        #expect(try Self.policy("zkconsent", "check", "adult-study", "--for", "point").status == 0)
        #expect(try Self.policy("zkconsent", "check", "adult-studdy").errorText.contains("did you mean adult-study?"))
        let none = try Self.policy("zkconsent", "check", "adult-study", "--for", "dataset")
        #expect(none.status == 1 && !none.output.isEmpty)
        // Neither kind: a range does not fold, and what is revealed cannot be in a range.
        let neither = try Self.example("adult-study").replacing("  link: [record]", with: "  reveal: [expires]\n  link: [record]")
        #expect(try Self.policy("zkconsent", "check", "p.yaml", policy: neither).status == 1)
        #expect(try Self.policy("zkconsent", "check", "p.yaml", "--for", "sets", policy: neither).status == 2)
        let broken = try Self.policy(
            "zkconsent", "check", "p.yaml", "--json", policy: try Self.example("adult-study").replacing("{min: 18}", with: "{max: 18}"))
        #expect(broken.status == 2 && broken.output.isEmpty)
        let error = try JSONValue(parsing: [UInt8](broken.errors).dropLast())
        #expect(error["code"]?.string == "range-upper-bound" && error["hint"]?.string == "add min: 0")
        #expect(error["file"]?.string == "p.yaml")
    }

    @Test func show() throws {
        let names = try Self.policy("zkconsent", "show")
        #expect(String(decoding: names.output, as: UTF8.self) == Policy.exampleNames.joined(separator: "\n") + "\n")
        for name in Policy.exampleNames {
            let text = try Self.example(name)
            #expect([UInt8](try Self.policy("zkconsent", "show", name).output) == Array(text.utf8))
            let normal = try Self.policy("zkconsent", "show", "p.yaml", "--normal", policy: text)
            #expect(SHA256.hash([UInt8](normal.output)) == (try Policy(yaml: Array(text.utf8)).statement.digest))
        }
        let unknown = try Self.policy("zkconsent", "show", "reserch")
        #expect(unknown.status == 2 && unknown.errorText.contains("did you mean research?"))
        #expect(try Self.policy("zkconsent", "show", "--normal").status == 2)
    }

    @Test func aDatasetProofOfWhatDoesNotFoldIsRefused() throws {
        let workspace = try TestWorkspace()
        #expect(try workspace.prove().status == 0)
        for clause in ["range: {age: {min: 18}}", "any_of: [{require: {data_categories: [Health]}}, {constants: {notice: n}}]"] {
            try workspace.write(try workspace.policyText(statement: [clause]), "policy.yaml")
            let proved = try workspace.prove("--json", "--force"), judged = try workspace.verify("out.zkb", "--json")
            #expect(proved.output.isEmpty && judged.text.contains(#""verdict":"unreadable""#))
            for result in [proved, judged] {
                #expect(result.status == 2)
                let error = try #require(try jsonLines(result.errors).first)
                #expect(error["code"]?.string == "proof-kind")
                #expect(error["message"]?.string?.contains(String(clause.prefix { $0 != ":" })) == true)
            }
        }
    }

    @Test func aDatasetProofWithoutDaysHolds() throws {
        let workspace = try TestWorkspace()
        let lines = try workspace.policyText().split(separator: "\n", omittingEmptySubsequences: false)
        try workspace.write(lines.filter { !$0.hasPrefix("  in_force:") }.joined(separator: "\n"), "policy.yaml")
        let proved = try workspace.prove()
        #expect(proved.status == 0, "\(proved.errorText)")
        #expect(try workspace.verify("out.zkb").status == 0)
        try workspace.write(try workspace.policyText(), "policy.yaml")
        #expect(try workspace.verify("out.zkb").status == 1)
    }
}
