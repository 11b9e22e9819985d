// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The sessions in the documents are run as they stand, and what they print is what the documents say.
@Suite struct DocumentSessionTests {
    /// One command of a document with the output that stands below it.
    struct Step {
        let line: Int
        var command: String
        var output: String = ""
    }

    static let documents = ["README.md", "docs/operations.md", "docs/policies.md", "docs/relations.md"]

    @Test(arguments: documents) func sessionsPrintWhatTheDocumentSays(document: String) throws {
        let file = repositoryRoot.appending(path: document)
        let steps = Self.steps(try String(contentsOf: file, encoding: .utf8))
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-document-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let programs = URL(filePath: builtProgram("zkconsent")).deletingLastPathComponent().path
        let path = programs + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        for step in steps {
            let result = try run("bash", ["-c", step.command], in: folder, environment: ["PATH": path])
            // The digests of policies.md are the same in every run.
            #expect(
                Self.masked(result.text, digests: document != "docs/policies.md")
                    == Self.masked(step.output, digests: document != "docs/policies.md"),
                "\(document):\(step.line): \(step.command)\n\(result.errorText)")
        }
        #expect(document != "README.md" || steps.count > 15)
    }

    /// What differs from run to run: digests, keys, dates and durations.
    static func masked(_ text: String, digests: Bool = true) -> String {
        var text = text
        for (pattern, mask) in (digests ? [("[0-9a-f]{8,}", "<hex>")] : []) + [
            ("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z", "<time>"), ("[0-9.]+ m?s\\b", "<duration>"),
            ("[A-Za-z0-9+/=]{40,}", "<base64>"),
        ] {
            text = text.replacingOccurrences(of: pattern, with: mask, options: .regularExpression)
        }
        return text.trimmingCharacters(in: .newlines)
    }

    /// The commands in blocks marked `console`: `$ ` begins one, `> ` continues it, all else is its output.
    static func steps(_ markdown: String) -> [Step] {
        var steps: [Step] = []
        var isSession = false
        for (number, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                isSession = !isSession && line == "```console"
            } else if isSession, line.hasPrefix("$ ") {
                steps.append(Step(line: number + 1, command: String(line.dropFirst(2))))
            } else if isSession, line.hasPrefix("> "), let last = steps.indices.last, steps[last].output.isEmpty {
                steps[last].command += "\n" + line.dropFirst(2)
            } else if isSession, let last = steps.indices.last {
                steps[last].output += line + "\n"
            }
        }
        return steps
    }

    @Test func aWrongOutputIsNoticed() {
        let steps = Self.steps("```console\n$ echo a\nb\n```\ntext\n```\n$ not a session\n```\n")
        #expect(steps.count == 1 && steps[0].command == "echo a" && steps[0].output == "b\n")
        #expect(Self.masked("at 2026-01-01T00:00:00Z deadbeef00") == "at <time> <hex>")
        #expect(Self.masked("3 rows") != Self.masked("4 rows"))
    }
}
