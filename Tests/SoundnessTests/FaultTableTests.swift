// SPDX-License-Identifier: Apache-2.0
import FaultInjection
import Foundation
import TestSupport
import Testing

/// `scripts/faults.tsv` names every removable check once and tests that exist; the table in docs/security.md is the same table.
@Suite struct FaultTableTests {
    struct Row: Equatable {
        let fault: String
        let test: String
        let purpose: String
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: repositoryRoot.appending(path: path), encoding: .utf8)
    }

    private func rows() throws -> [Row] {
        try text("scripts/faults.tsv").split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            try #require(parts.count == 3 && parts.allSatisfy { !$0.isEmpty }, "\(line)")
            return Row(fault: parts[0], test: parts[1], purpose: parts[2])
        }
    }

    @Test func everyFaultHasATest() throws {
        #expect(try rows().map(\.fault) == Fault.allCases.filter { $0 != .none }.map(\.rawValue), "each once, in the order of the cases")
    }

    @Test func theTestsExist() throws {
        for row in try rows() {
            let parts = row.test.split(separator: "/").map { String($0) }
            try #require(parts.count == 2)
            let source = try text("Tests/SoundnessTests/\(parts[0]).swift")
            #expect(source.contains("struct \(parts[0]) {") && source.contains("func \(parts[1])("), "\(row.test)")
        }
    }

    @Test func theDocumentHasTheTable() throws {
        let documented = try text("docs/security.md").split(separator: "\n").compactMap { line -> Row? in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, cells[0].hasPrefix("`"), cells[2].contains("/") else { return nil }
            return Row(fault: cells[0].replacing("`", with: ""), test: cells[2].replacing("`", with: ""), purpose: cells[1])
        }
        #expect(try documented == rows(), "scripts/test-faults --table prints it")
    }

    /// Every removable check is in the code, and nothing is removed from an ordinary build.
    @Test func everyFaultIsUsed() throws {
        let sources = repositoryRoot.appending(path: "Sources")
        var code = ""
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            if file.pathExtension == "swift", file.lastPathComponent != "Fault.swift" {
                code += try String(contentsOf: file, encoding: .utf8)
            }
        }
        for fault in Fault.allCases where fault != .none {
            let isUsed = ["isRemoved(.\(fault))", "add(.\(fault),", "\n                .\(fault), "].contains { code.contains($0) }
            #expect(isUsed, "\(fault) removes nothing")
        }
    }
}
