// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TestWorkspace
import Testing

/// Point proofs from the holder's stores to the auditor's verdict: `prove --points`, `prove --row`, `point pack`, `verify`.
@Suite struct PointCommandTests {
    @Test(arguments: ["range: {age: {min: 18, max: 90}}", "any_of: [{constants: {notice: n}}, {require: {data_categories: [Health]}}]"])
    func allRows(clause: String) throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy(clause)
        let proved = try workspace.prove("--points")
        #expect(proved.status == 0, "\(proved.errorText)")
        let verified = try workspace.verify("out.zkb")
        #expect(verified.status == 0 && verified.text.contains("20 data points as given"), "\(verified.text)\(verified.errorText)")
    }

    @Test func chosenRowsOfAReorderedFilePackedAgain() throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy()
        // Rows are known by their keys: the file may be in another order now.
        var lines = String(decoding: try workspace.read("records.csv"), as: UTF8.self).split(separator: "\n").map(String.init)
        lines = [lines[0]] + lines[1...].reversed()
        try workspace.write(lines.joined(separator: "\n") + "\n", "records.csv")
        for row in ["1", "7", "20"] {
            let proved = try workspace.prove("--row", row, output: "\(row).zkp")
            #expect(proved.status == 0, "\(proved.errorText)")
            #expect(try workspace.verify("\(row).zkp").status == 0)
        }
        let pack = ["point", "pack", "20.zkp", "1.zkp", "7.zkp", "--policy", "policy.yaml", "--output", "packed.zkb"]
        let packed = try run(builtProgram("zkconsent"), pack, in: workspace.folder)
        #expect(packed.status == 0, "\(packed.errorText)")
        let verified = try workspace.verify("packed.zkb")
        #expect(verified.status == 0 && verified.text.contains("3 data points as given"), "\(verified.text)\(verified.errorText)")

        // A folder, as `prove --row A-B` makes it.
        #expect(try workspace.prove("--row", "2-6", output: "rows").status == 0)
        let folder = ["point", "pack", "rows", "7.zkp", "--policy", "policy.yaml", "--output", "folder.zkb"]
        #expect(try run(builtProgram("zkconsent"), folder, in: workspace.folder).status == 0)
        #expect(try workspace.verify("folder.zkb").text.contains("6 data points as given"))

        // A point proof is of its policy.
        try workspace.writePointPolicy("range: {age: {min: 19, max: 90}}")
        #expect(try workspace.verify("7.zkp").status == 1)
        #expect(try workspace.verify("packed.zkb").status == 1)
    }

    @Test func refusals() throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy()
        let unknown = try workspace.prove("--row", "21", output: "x.zkp")
        #expect(unknown.status == 2 && unknown.errorText.contains("row 21"), "\(unknown.errorText)")
        try workspace.writePointPolicy("range: {age: {min: 200, max: 255}}")
        let young = try workspace.prove("--row", "3", output: "x.zkp")
        let told = young.text + young.errorText
        #expect(young.status == 1 && told.contains("range: age is too small"), "\(told)")
        #expect(!FileManager.default.fileExists(atPath: workspace.path("x.zkp")))
    }
}
