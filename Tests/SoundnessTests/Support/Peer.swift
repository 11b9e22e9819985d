// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Foundation
import TestSupport
import Testing

/// The Python programs and our verifier over the same files.
enum Peer {
    struct Files {
        let bundle: String
        let policy: String
    }

    private static let interpreter = repositoryRoot.appending(path: ".build/peers/venv/bin/python").path
    private static let scripts = repositoryRoot.appending(path: "Tests/peers")

    static func require() throws {
        let result = try? run(interpreter, ["-c", "import yaml, cryptography"])
        try #require(
            result?.status == 0,
            """
            The Python peers are missing: run scripts/setup test, or python3 -m venv .build/peers/venv && \
            .build/peers/venv/bin/pip install PyYAML cryptography
            """)
    }

    static func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-peer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    static func write(_ sample: IndependentVerifierTests.Sample, to folder: URL) throws -> Files {
        let files = Files(bundle: folder.path + "/sample.zkb", policy: folder.path + "/policy.yaml")
        try Data(BundleWriter.encode(sample.bundle)).write(to: URL(filePath: files.bundle))
        try Data(sample.policy.utf8).write(to: URL(filePath: files.policy))
        return files
    }

    static func python(_ arguments: [String]) throws -> ProcessResult {
        try run(interpreter, ["-B"] + arguments, in: scripts)
    }

    static func verify(_ files: Files, at now: UInt64) throws -> ProcessResult {
        try python(["independent_verifier.py", files.bundle, files.policy, "--at", "\(now)", "--trace"])
    }

    /// The code in what the Python verifier prints; `malformed` for an unusable file; `nil` if the bundle holds.
    static func code(_ verdict: String) -> String? {
        let parts = verdict.split(separator: ":").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        if parts.first == "malformed" { return "malformed" }
        return parts.first == "does not hold" && parts.count > 1 ? parts[1] : nil
    }

    /// The codes of our findings; `malformed` for an unusable file.
    static func ours(_ files: Files, at now: UInt64) throws -> [String] {
        do throws(ModelError) {
            let verifier = try DatasetVerifier(policy: Policy.load(path: files.policy))
            let bundle = try verifier.parse(InputFile.read(files.bundle, limit: 1 << 30), file: files.bundle)
            return try verifier.verify(bundle, evidence: Evidence(now: now)).findings.map(\.code.rawValue)
        } catch {
            return ["malformed"]
        }
    }
}
