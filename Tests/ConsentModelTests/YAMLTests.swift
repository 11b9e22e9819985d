// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Testing

/// The YAML rules, seen through schemas: whatever is not a schema is refused, with the reason of the first rule it breaks.
@Suite struct YAMLTests {
    static let valid = """
        schema: s
        version: 1
        calendar: {from: 2026-01-01, days: 8}
        attributes:
          - {name: record, kind: id, type: record}
          - {name: subject, kind: id, type: subject}
          - {name: controller, kind: id, type: controller}
        flags:
          - {group: g, values: [NO, "yes"]}

        """

    func refusalOf(_ text: String) -> ModelError? {
        refusal { () throws(ModelError) in try Schema(yaml: Array(text.utf8), file: "s.yaml") }
    }

    @Test func combiningCharactersInARow() {
        let many = String(repeating: "\u{301}\u{316}", count: 50_000), escaped = String(repeating: #"\u0301"#, count: 31)
        for text in ["schema: a\(many)", "a\(many): s", "# \(many)", "\"\(escaped)\": s", "schema: \"\(escaped)\""] {
            #expect(refusalOf(text)?.code == "yaml-combining")
        }
    }

    @Test func plainWordsStayText() throws {
        let schema = try Schema(yaml: Array(Self.valid.utf8))
        #expect(schema.flags.map(\.name) == ["NO", "yes"])
        let windows = Self.valid.replacing("\n", with: "\r\n")
        #expect(try Schema(yaml: Array(windows.utf8)).digest == schema.digest)
    }

    @Test(arguments: [
        ("a: &x 1", "yaml-alias-or-tag", 1), ("a: 1\nb: *x", "yaml-alias-or-tag", 2), ("a: !!str 1", "yaml-alias-or-tag", 1),
        ("!!str a: 1", "yaml-alias-or-tag", 1), ("a: ! 1", "yaml-alias-or-tag", 1), ("a: !<tag:x> 1", "yaml-alias-or-tag", 1),
        ("a: [&x 1, *x]", "yaml-alias-or-tag", 1), ("{\"a\":*x}", "yaml-alias-or-tag", 1), ("- &x\n- *x", "yaml-alias-or-tag", 1),
        ("a: 1\n? &x b\n: 2", "yaml-alias-or-tag", 2), ("k: a \"b\nx: &y 1\nz: \"", "yaml-alias-or-tag", 2),
        ("<<: *x", "yaml-alias-or-tag", 1),
        ("[\"a\n# b\", *x]", "yaml-alias-or-tag", 2), ("a: 1\u{85}b: *x", "yaml-alias-or-tag", 1),
        ("a: 1\u{2028}*x : 2", "yaml-alias-or-tag", 1),
        ("# x\u{85}a: [*x]", "yaml-alias-or-tag", 1), ("# x\u{2029}a: &x 1", "yaml-alias-or-tag", 1),
        ("schema: s\nversion: 1\nschema: t", "yaml-duplicate-key", 1), ("a: 1\n---\nb: 2", "yaml-syntax", 2),
        ("a: [1, 2", "yaml-syntax", 2),
        ("a: \"\\q\"", "yaml-syntax", 1), ("\ta: 1", "yaml-syntax", 1), ("- 1", "yaml-type", 1), ("? [a]\n: 1", "yaml-type", 1),
        ("a: 'x", "yaml-syntax", 1), ("a: %x\n  b: c", "yaml-syntax", 1), ("a: 1\n b: 2", "yaml-syntax", 2),
    ])
    func refusals(text: String, code: String, line: Int) throws {
        let error = try #require(refusalOf(text))
        #expect(error.code == code, "\(error)")
        #expect(error.position?.line == line, "\(error)")
        #expect(error.file == "s.yaml")
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "~"])
    func nothing(text: String) {
        #expect(refusalOf(text) != nil)
    }

    @Test func comments() throws {
        let text = "# *important* & !strange\n" + Self.valid + "  # don't\n"
        #expect(refusalOf(text) == nil)
    }

    @Test func limits() throws {
        #expect(refusalOf(Self.valid + "#" + String(repeating: "x", count: 256 * 1024))?.code == "yaml-too-large")
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(refusalOf("a: " + deep)?.code == "yaml-too-deep")
        #expect(refusalOf("a: [" + String(repeating: "x,", count: 10_000) + "]")?.code == "yaml-too-large")
        for opening in ["[", "{", "- ", "? ", "a: [", "{a: "] {
            let clock = ContinuousClock()
            let duration = clock.measure { #expect(refusalOf(String(repeating: opening, count: 100_000 / opening.count)) != nil) }
            #expect(duration < .seconds(5))
        }
        let error = refusal { () throws(ModelError) in try Schema(yaml: [0x61, 0x3a, 0x20, 0xff]) }
        #expect(error?.code == "yaml-utf8")
        #expect(refusalOf("a: \u{0}")?.code == "yaml-syntax")
    }

    /// The processor time of this thread.
    private static func threadTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Nine levels of nine aliases expand to 9^9 nodes.
    @Test func aliasBombIsRefusedAtOnce() throws {
        var bomb = "a0: &a0 [lol]\n"
        for level in 1...9 {
            bomb += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
        }
        bomb += "? *a9\n: 1\n"
        // Expanding it would take hours. The thread's own time, so that a busy machine does not decide.
        let start = Self.threadTime()
        let code = refusalOf(bomb)?.code
        let duration = Self.threadTime() - start
        #expect(code == "yaml-alias-or-tag")
        #expect(duration < .milliseconds(100))
    }
}
