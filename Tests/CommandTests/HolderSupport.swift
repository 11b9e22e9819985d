// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import TestWorkspace

extension TestWorkspace {
    /// Runs `zkconsent` in the folder.
    func zkconsent(_ arguments: String..., input: Data = Data()) throws -> ProcessResult {
        try run(builtProgram("zkconsent"), arguments, input: input, in: folder)
    }

    /// Proves, with the usual files; `extra` is appended.
    func prove(_ extra: String..., output: String = "out.zkb", at: UInt64 = TestWorkspace.now) throws -> ProcessResult {
        try prove(extra, output: output, at: at)
    }

    /// The same.
    func prove(_ extra: [String], output: String = "out.zkb", at: UInt64 = TestWorkspace.now) throws -> ProcessResult {
        let arguments = [
            "prove", "--policy", "policy.yaml", "--dataset", "patients", "--records", "records.csv", "--output", output,
            "--passphrase-file", "pass",
            "--at", "\(at)",
        ]
        return try run(builtProgram("zkconsent"), arguments + extra, in: folder)
    }

    /// Verifies bundles as of the usual time.
    func verify(_ arguments: String..., input: Data = Data(), at: UInt64 = TestWorkspace.now) throws -> ProcessResult {
        try run(builtProgram("zkconsent"), ["verify", "--policy", "policy.yaml", "--at", "\(at)"] + arguments, input: input, in: folder)
    }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    func write(_ text: String, _ name: String) throws {
        try write(Array(text.utf8), name)
    }

    /// Writes a policy for point proofs: with this clause, and without days, which the small schema has no integers for.
    func writePointPolicy(_ clause: String = "range: {age: {min: 18, max: 90}}") throws {
        let lines = try policyText(statement: [clause]).split(separator: "\n", omittingEmptySubsequences: false)
        try write(lines.filter { !$0.hasPrefix("  in_force:") }.joined(separator: "\n"), "policy.yaml")
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(name))
    }
}

/// One JSON value a line.
func jsonLines(_ data: Data) throws -> [JSONValue] {
    try data.split(separator: 10).map { try JSONValue(parsing: Array($0)) }
}
