// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace
import Testing

/// `verify --rows`: what an auditor may see of the data points, for programs and for a join with another policy's.
@Suite struct RowListTests {
    /// The lines of the table, without the heading, split at commas.
    private func rows(_ workspace: TestWorkspace, heading: String) throws -> [[String]] {
        let lines = String(decoding: try workspace.read("rows.csv"), as: UTF8.self).split(separator: "\r\n").map(String.init)
        #expect(lines.first == heading)
        return lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    @Test func everyKindOfProof() throws {
        let workspace = try TestWorkspace()
        try workspace.writePointPolicy("reveal: [notice, age]")
        let heading = "file,row,data_point,ledger,entry_index,revealed.notice,revealed.age"
        var commitments: [[String]] = []
        for kind in [["--points"], ["--unlinkable"]] {
            #expect(try workspace.prove(kind + ["--force"]).status == 0)
            let verified = try workspace.verify("out.zkb", "--rows", "rows.csv", "--force")
            #expect(verified.status == 0 && verified.errorText.contains("rows.csv: 20 data points"), "\(verified.errorText)")
            let table = try rows(workspace, heading: heading)
            #expect(table.map { $0[1] } == (0..<20).map(String.init) && Set(table.map { $0[3] }) == [TestWorkspace.ledgerName])
            // Unlinkable proofs name no entry.
            #expect(Set(table.map { $0[4] }) == (kind == ["--points"] ? Set((0..<20).map(String.init)) : [""]))
            #expect(table.allSatisfy { !$0[5].isEmpty && Int($0[6]) != nil })
            commitments.append(table.map { $0[2] })
        }
        // A proof of the whole dataset.
        try workspace.write(workspace.policyText(statement: ["reveal: [notice]"]), "policy.yaml")
        #expect(try workspace.prove("--force").status == 0)
        #expect(try workspace.verify("out.zkb", "--rows", "rows.csv", "--force").status == 0)
        commitments.append(try rows(workspace, heading: "file,row,data_point,ledger,entry_index,revealed.notice").map { $0[2] })
        // Three policies are about the same data points.
        #expect(Set(commitments).count == 1 && Set(commitments[0]).count == 20)
    }

    @Test func onlyWhatHolds() throws {
        let workspace = try TestWorkspace()
        try workspace.write(workspace.bundle(), "out.zkb")
        let stale = try workspace.verify("out.zkb", "--rows", "rows.csv", at: TestWorkspace.now + 30 * 86_400)
        #expect(stale.status == 1)
        #expect(try rows(workspace, heading: "file,row,data_point,ledger,entry_index") == [])
        let twice = try workspace.verify("out.zkb", "--rows", "x", "--report", "x")
        #expect(twice.status == 2 && twice.errorText.contains("two name one file"), "\(twice.errorText)")
    }
}
