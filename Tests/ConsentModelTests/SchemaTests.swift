// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import Testing

@Suite struct SchemaTests {
    /// Changing a built-in schema changes every generator: these digests may only change with the schema's version.
    @Test(arguments: [
        ("consent-v1", "950dda38e2004a899696f83e28c70bb26b7d631bb7a0f90df8c0f9a438ec28c6"),
        ("test-small", "80ff3eac3ee8df787435fa8a8d79ba7cbbd1e798e7f0374e114de01077e9fe4b"),
    ])
    func builtInDigests(name: String, digest: String) throws {
        let schema = try Schema.builtIn(named: name)
        #expect(hex(schema.digest) == digest)
        #expect(hex(schema.id) == String(digest.prefix(32)))
        #expect(schema.name == name)
    }

    @Test func builtInIsTheFile() throws {
        for name in Schema.builtInNames {
            let file = try Schema.load(path: repositoryRoot.appending(path: "circuits/schemas/\(name).yaml").path)
            #expect(file == (try Schema.builtIn(named: name)))
        }
    }

    @Test func defaultSchema() throws {
        let schema = try Schema.builtIn(named: "consent-v1")
        #expect(schema.calendar == (try days("2020-01-01", "2039-12-31")))
        #expect(schema.calendar.count == 7_305)
        #expect(schema.attributes.count == 10)
        #expect(schema.flags.count >= 40)
        #expect(schema.flagIndex("Marketing", in: "purposes").map { schema.flags[$0].name } == "Marketing")
        #expect(schema.flagIndex("Health", in: "purposes") == nil)
    }

    @Test func normalForm() throws {
        let expected =
            #"{"attributes":[{"kind":"id","name":"record","type":"record"},{"kind":"id","name":"subject","type":"subject"},"#
            + #"{"kind":"id","name":"controller","type":"controller"},{"kind":"id","name":"notice","type":"notice"},"#
            + #"{"kind":"uint","name":"age"}],"calendar":{"days":8,"from":"2026-01-01"},"#
            + #""flags":[{"group":"purposes","values":["ScientificResearch","Marketing"]},"#
            + #"{"group":"data_categories","values":["Health","Location"]}],"schema":"test-small","version":1}"#
        #expect(try smallSchema().json.canonicalText == expected)
    }

    /// One replacement in a valid schema, the code and the line of its refusal.
    @Test(arguments: [
        ("version: 1", "version: 0", "out-of-range", 2), ("version: 1", "version: \"1\"", "yaml-type", 2),
        ("version: 1", "version: 01", "yaml-type", 2),
        ("version: 1", "version: -1", "yaml-type", 2), ("version: 1", "versoin: 1", "unknown-key", 2),
        ("schema: s\n", "", "missing-key", 1),
        ("schema: s", "schema: 1s", "invalid-name", 1), ("schema: s", "schema: ''", "yaml-type", 1),
        ("days: 8", "days: 0", "out-of-range", 3),
        ("days: 8", "days: 36526", "out-of-range", 3), ("from: 2026-01-01", "from: 2026-1-1", "yaml-type", 3),
        ("from: 2026-01-01, days: 8", "from: 2199-12-25, days: 8", "out-of-range", 3),
        ("name: record, ", "name: Record, ", "schema-attribute", 5),
        ("name: record, kind: id, type: record", "name: record, kind: id, type: rec", "schema-attribute", 5),
        ("type: subject}", "}", "missing-key", 6), ("kind: id, type: subject", "kind: ids, type: subject", "schema-kind", 6),
        ("type: subject}", "type: subject, unit: day}", "schema-kind", 6), ("{name: subject", "{nmae: subject", "unknown-key", 6),
        ("name: subject", "name: record", "duplicate-name", 6), ("group: g", "group: record", "duplicate-name", 9),
        ("group: g", "group: in_force", "invalid-name", 9), ("group: g", "group: id", "invalid-name", 9),
        ("[NO, \"yes\"]", "[NO, NO]", "duplicate-name", 9), ("[NO, \"yes\"]", "[]", "empty-list", 9),
        ("[NO, \"yes\"]", "[a b]", "invalid-name", 9),
        ("[NO, \"yes\"]", "NO", "yaml-type", 9), ("[NO, \"yes\"]", "[\"\"]", "yaml-type", 9), ("[NO, \"yes\"]", "[{a: b}]", "yaml-type", 9),
    ])
    func refusals(old: String, new: String, code: String, line: Int) throws {
        try #require(YAMLTests.valid.contains(old))
        let text = YAMLTests.valid.replacing(old, with: new, maxReplacements: 1)
        let error = try #require(refusal { () throws(ModelError) in try Schema(yaml: Array(text.utf8)) })
        #expect(error.code == code, "\(error)")
        #expect(error.position?.line == line, "\(error)")
    }

    @Test func counts() {
        func code(_ old: String, _ new: String) -> String? {
            refusal { () throws(ModelError) in try Schema(yaml: Array(YAMLTests.valid.replacing(old, with: new).utf8)) }?.code
        }
        let flags = (0..<1_024).map { "f\($0)" }
        #expect(code("[NO, \"yes\"]", "[\(flags.joined(separator: ","))]") == nil)
        #expect(code("[NO, \"yes\"]", "[\(flags.joined(separator: ",")),f]") == "too-many")
        let attributes = (0..<61).map { "  - {name: a\($0), kind: uint}\n" }.joined()
        #expect(code("flags:", attributes + "flags:") == nil)
        #expect(code("flags:", attributes + "  - {name: b, kind: uint}\nflags:") == "too-many")
        #expect(code("schema: s\n", "schema: \(String(repeating: "a", count: 64))\n") == nil)
        #expect(code("schema: s\n", "schema: \(String(repeating: "a", count: 65))\n") == "invalid-name")
        #expect(code("days: 8", "days: 36525") == nil)
    }

    @Test func suggestions() {
        let error = refusal { () throws(ModelError) in
            try Schema(yaml: Array(YAMLTests.valid.replacing("calendar:", with: "calender:").utf8))
        }
        #expect(error?.hint == "did you mean calendar?")
        #expect(Nearest.name(to: "Markting", among: ["Health", "Marketing"]) == "Marketing")
        #expect(Nearest.name(to: "marketing", among: ["Health", "Marketing"]) == "Marketing")
        #expect(Nearest.name(to: "eHalth", among: ["Health", "Marketing"]) == "Health")
        let long = String(repeating: "x", count: 256)
        #expect(Nearest.name(to: long, among: [long + "x", long]) == long && Nearest.name(to: long + "x", among: [long]) == nil)
        #expect(Nearest.name(to: "Zebra", among: ["Health", "Marketing"]) == nil)
        #expect(refusal { () throws(ModelError) in try Schema.builtIn(named: "consent-v2") }?.hint == "did you mean consent-v1?")
    }
}
