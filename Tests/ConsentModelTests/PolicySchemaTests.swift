// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import Testing

/// The JSON Schemas for editors, run by the Python package jsonschema.
@Suite struct PolicySchemaTests {
    /// The first complaint about each text, `nil` where there is none.
    private static func complaints(_ schema: String, _ texts: [String]) throws -> [String?] {
        let python = repositoryRoot.appending(path: ".build/peers/venv/bin/python").path
        let script = repositoryRoot.appending(path: "Tests/peers/policy_schema.py").path
        try #require(FileManager.default.fileExists(atPath: python), "The Python peers are missing: run scripts/setup test")
        let request = JSONValue.object(["schema": .string(schema), "texts": .array(texts.map { .string($0) })])
        let result = try run(python, [script], input: Data(request.canonical))
        try #require(result.status == 0, "\(result.errorText)")
        let answer = try #require(try JSONValue(parsing: [UInt8](result.output)).array)
        try #require(answer.count == texts.count)
        return answer.map(\.string)
    }

    private static func files(_ folder: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: repositoryRoot.appending(path: folder).path).sorted()
        return try names.filter { $0.hasSuffix(".yaml") }.map { name in
            String(decoding: try Data(contentsOf: repositoryRoot.appending(path: "\(folder)/\(name)")), as: UTF8.self)
        }
    }

    @Test func shippedFilesAreValid() throws {
        let policies = try Self.files("circuits/policies")
        #expect(policies.count == Policy.exampleNames.count)
        #expect(try Self.complaints("policy.schema.json", policies).allSatisfy { $0 == nil })
        #expect(try Self.complaints("schema.schema.json", try Self.files("circuits/schemas")).allSatisfy { $0 == nil })
    }

    @Test func listsOfSchemas() throws {
        let valid = [try SchemasPolicyTests.text(), try PolicyTests.text().replacing("schema: test-small", with: "schema: [test-small]")]
        #expect(try Self.complaints("policy.schema.json", valid) == [nil, nil])
        let structural: Set<String> = ["missing-key", "unknown-key", "yaml-type", "schema-count"]
        let refused = SchemasPolicyTests.refused.filter { structural.contains($0.code) }
        let complaints = try Self.complaints("policy.schema.json", try refused.map { try SchemasPolicyTests.text(($0.0, $0.1)) })
        for ((_, new, _, _), complaint) in Swift.zip(refused, complaints) { #expect(complaint != nil, "\(new)") }
        #expect(refused.count > 5)
    }

    /// What is refused for its structure; the other codes are about names, keys, values and what clauses mean together.
    private static let structural: Set<String> = [
        "unknown-key", "missing-key", "yaml-type", "empty-list", "duplicate-name", "freshness", "range-upper-bound", "alternative-count",
        "empty-alternative", "out-of-range", "duration", "cosigner-count", "controller-not-pinned",
    ]
    private static let semantic: Set<String> = [
        "unknown-schema", "unknown-flag", "outside-calendar", "clause-conflict", "range-kind", "range-empty",
    ]

    @Test func theParserAndTheSchemaAgree() throws {
        var texts: [(text: String, code: String, change: String)] = []
        for (valid, refused) in [
            (try PolicyTests.text(), PolicyTests.refused), (try PolicyLanguageTests.text(), PolicyLanguageTests.refused),
        ] {
            for (old, new, code, _) in refused {
                texts.append((valid.replacing(old, with: new, maxReplacements: 1), code, "\(old) -> \(new)"))
            }
        }
        let complaints = try Self.complaints("policy.schema.json", texts.map(\.text))
        // A quorum above the number of keys is a number that only the parser compares.
        let exceptions = ["quorum: 1 -> quorum: 2"]
        var counts = [0, 0]
        for ((_, code, change), complaint) in Swift.zip(texts, complaints) where !exceptions.contains(change) {
            if Self.structural.contains(code) {
                #expect(complaint != nil, "\(change): \(code)")
                counts[0] += 1
            } else if Self.semantic.contains(code) {
                #expect(complaint == nil, "\(change): \(code)")
                counts[1] += 1
            }
        }
        #expect(counts[0] > 30 && counts[1] > 15, "\(counts)")
    }

    @Test func whatTheParserAcceptsIsValid() throws {
        var texts = [try PolicyTests.text(), try PolicyLanguageTests.text(), try PolicyLanguageTests.text(PolicyLanguageTests.withoutDays)]
        for (old, new) in PolicyLanguageTests.changes + PolicyLanguageTests.orders {
            let change = old.hasPrefix("forbid: {purposes: [Mark") ? [("  require: {data_categories: [Health]}\n", "")] : []
            texts.append(try PolicyLanguageTests.text(change + [(old, new)]))
        }
        let acceptance = try #require(texts[2].split(separator: "acceptance:\n").last)
        var random = SplitMix(state: 99)
        for _ in 0..<200 { texts.append("policy: p\n\(PolicyDraft(&random).yaml(&random))acceptance:\n\(acceptance)") }
        for text in texts { _ = try Policy(yaml: Array(text.utf8)) }
        for (text, complaint) in Swift.zip(texts, try Self.complaints("policy.schema.json", texts)) {
            #expect(complaint == nil, "\(text)")
        }
    }

    @Test(arguments: [
        "[]", "policy: p", "policy: 7\nstatement: {}\nacceptance: {}",
        "policy: p\nstatement: {schema: s, constants: {controller: c}, link: [record]}\nacceptance: {ledgers: [], freshness: {current: 7d}}",
    ])
    func bad(text: String) throws {
        #expect(try Self.complaints("policy.schema.json", [text])[0] != nil)
        #expect(refusal { () throws(ModelError) in try Policy(yaml: Array(text.utf8)) } != nil)
    }

    @Test func badSchemas() throws {
        let good = try #require(try Self.files("circuits/schemas").last)
        let texts = try [
            ("kind: uint", "kind: int"), ("kind: uint", "kind: uint, type: age"), ("kind: uint", "kind: uint, unit: year"),
            ("version: 1", "version: 0"), ("days: 8", "days: 36526"), ("name: age", "name: in_force"), ("name: age", "name: 2age"),
            ("{name: subject, kind: id, type: subject}", "{name: person, kind: id, type: subject}"), ("[Health, Location]", "[]"),
            ("[Health, Location]", "[Health, Health]"), ("calendar:", "calender:"),
        ].map { old, new in
            try #require(good.contains(old), "\(old)")
            return good.replacing(old, with: new)
        }
        for text in texts { #expect(refusal { () throws(ModelError) in try Schema(yaml: Array(text.utf8)) } != nil, "\(text)") }
        for (text, complaint) in Swift.zip(texts, try Self.complaints("schema.schema.json", texts)) { #expect(complaint != nil, "\(text)") }
    }
}
