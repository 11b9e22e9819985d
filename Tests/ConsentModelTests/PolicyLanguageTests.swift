// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Groups
import MerkleLog
import TestSupport
import Testing

/// Ranges, alternatives, no `in_force`, and which proofs can serve a statement.
@Suite struct PolicyLanguageTests {
    static let valid = """
        policy: p
        statement:
          schema: consent-v1
          in_force: {from: 2026-01-02, to: 2026-01-04}
          require: {data_categories: [Health]}
          forbid: {purposes: [Marketing]}
          constants: {controller: "https://hospital.example"}
          reveal: [notice]
          range: {age: {min: 18, max: 65}, expires: {min: 2026-06-30}}
          range_bits: 32
          any_of:
            - require: {purposes: [ScientificResearch]}
            - {require: {purposes: [PublicBenefit]}, forbid: {purposes: [CommercialResearch]}, constants: {recipient: r}}
          link: [record]
        acceptance:
          ledgers:
            - origin: hospital.example/consent
              key: LEDGER
              cosigners: {quorum: 1, keys: [COSIGNER]}
          freshness: {as_of: true}

        """

    static func text(_ changes: [(String, String)] = []) throws -> String {
        var text = valid.replacing("LEDGER", with: try PolicyTests.key("hospital.example/consent", .ed25519, 3).text)
            .replacing("COSIGNER", with: try PolicyTests.key("witness.example/w1", .cosignature, 5).text)
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        return text
    }

    static func statement(_ changes: (String, String)...) throws -> Statement {
        try Policy(yaml: Array(try text(changes).utf8)).statement
    }

    static let withoutDays = [("  in_force: {from: 2026-01-02, to: 2026-01-04}\n", ""), ("as_of: true", "current: 7d")]
    static let ranges = "  range: {age: {min: 18, max: 65}, expires: {min: 2026-06-30}}\n  range_bits: 32\n"
    static let anyOf = """
          any_of:
            - require: {purposes: [ScientificResearch]}
            - {require: {purposes: [PublicBenefit]}, forbid: {purposes: [CommercialResearch]}, constants: {recipient: r}}

        """

    @Test func parts() throws {
        let statement = try Self.statement(), schema = statement.schema
        #expect(statement.ranges.map { schema.attributes[$0.attribute].name } == ["expires", "age"])
        #expect(statement.ranges.map(\.minimum) == [20_634, 18])
        #expect(statement.ranges.map(\.maximum) == [nil, 65])
        #expect(statement.ranges.map(\.claimCount) == [1, 2])
        #expect(statement.rangeBits == 32)
        #expect(statement.alternatives.map(\.requiredFlags.count) == [1, 1])
        // In the order of the normal form: {"constants":{"recipient" ... comes before {"constants":{},
        #expect(statement.alternatives.map(\.constants.count) == [1, 0])
        #expect(statement.alternatives.map(\.forbiddenFlags.count) == [1, 0])
    }

    /// The digests of examples may only change with the format.
    @Test func normalForm() throws {
        let statement = try Self.statement()
        let expected =
            #"{"any_of":[{"constants":{"recipient":"r"},"forbid":{"purposes":["CommercialResearch"]},"require":{"purposes":["PublicBenefit"]}},"#
            + #"{"constants":{},"forbid":{},"require":{"purposes":["ScientificResearch"]}}],"constants":{"controller":"https://hospital.example"},"#
            + #""forbid":{"purposes":["Marketing"]},"in_force":{"from":"2026-01-02","to":"2026-01-04"},"link":["record"],"#
            + #""range":{"age":{"max":65,"min":18},"expires":{"min":20634}},"range_bits":32,"require":{"data_categories":["Health"]},"#
            + #""reveal":["notice"],"schema":"950dda38e2004a899696f83e28c70bb26b7d631bb7a0f90df8c0f9a438ec28c6","statement":1}"#
        #expect(statement.json.canonicalText == expected)
        let answer = try reference(.object(["do": .string("statement"), "schema": statement.schema.json, "statement": statement.json]))
        #expect(answer["digest"]?.hexBytes == statement.digest)
        let plain = try Policy(yaml: Array(try Self.text(Self.withoutDays + [(Self.ranges, ""), (Self.anyOf, "")]).utf8)).statement
        #expect(plain.json["in_force"] == .null)
        #expect(plain.json["range"] == nil && plain.json["range_bits"] == nil && plain.json["any_of"] == nil)
    }

    static let orders: [(String, String)] = [
        ("age: {min: 18, max: 65}, expires: {min: 2026-06-30}", "expires: {min: 20634}, age: {max: 65, min: 18}"),
        ("  range_bits: 32\n", ""), ("from: 2026-01-02, to: 2026-01-04", "to: 2026-01-04, from: 2026-01-02"),
        (
            anyOf,
            "  any_of:\n    - {constants: {recipient: r}, forbid: {purposes: [CommercialResearch]}, require: {purposes: [PublicBenefit]}}\n"
                + "    - {require: {purposes: [ScientificResearch]}, forbid: {}}\n"
        ),
    ]

    @Test(arguments: orders)
    func orderAndDefaultsDoNotChangeTheStatement(old: String, new: String) throws {
        #expect(try Self.statement((old, new)) == Self.statement())
    }

    static let changes: [(String, String)] = [
        ("{min: 18, max: 65}", "{min: 18}"), ("{min: 18, max: 65}", "{min: 17, max: 65}"), ("{min: 18, max: 65}", "{min: 18, max: 66}"),
        ("age: {min: 18, max: 65}, ", ""), (", expires: {min: 2026-06-30}", ""), ("expires: {", "not_before: {"),
        ("range_bits: 32", "range_bits: 64"), ("range_bits: 32", "range_bits: 8"), (ranges, ""), (ranges, "  range_bits: 16\n"),
        (anyOf, ""), ("require: {purposes: [Scient", "forbid: {purposes: [Scient"), ("[PublicBenefit]", "[DataAltruism]"),
        ("[PublicBenefit]", "[PublicBenefit, DataAltruism]"), ("recipient: r", "recipient: s"), (", constants: {recipient: r}", ""),
        (
            " - require: {purposes: [ScientificResearch]}\n",
            " - require: {purposes: [ScientificResearch]}\n    - constants: {recipient: q}\n"
        ),
        ("to: 2026-01-04", "to: 2026-01-05"), ("from: 2026-01-02", "from: 2026-01-01"), ("reveal: [notice]", "reveal: [collection]"),
        ("link: [record]", "link: [subject]"), ("forbid: {purposes: [Marketing]}", "require: {purposes: [Marketing]}"),
        ("https://hospital.example", "https://clinic.example"),
    ]

    @Test func everyChangeChangesTheDigest() throws {
        var digests: Set<[UInt8]> = [try Self.statement().digest]
        digests.insert(try Policy(yaml: Array(try Self.text(Self.withoutDays).utf8)).statement.digest)
        var count = 2
        for (old, new) in Self.changes {
            let change = old.hasPrefix("forbid: {purposes: [Mark") ? [("  require: {data_categories: [Health]}\n", "")] : []
            digests.insert(try Policy(yaml: Array(try Self.text(change + [(old, new)]).utf8)).statement.digest)
            count += 1
            #expect(digests.count == count, "\(old) -> \(new)")
        }
    }

    /// What is replaced in the valid policy, the code of the refusal, and its line.
    static let refused: [(old: String, new: String, code: String, line: Int)] = [
        ("age: {min: 18, max: 65}", "aeg: {min: 18}", "unknown-attribute", 9),
        ("age: {min: 18, max: 65}", "recipient: {min: 1}", "range-kind", 9),
        ("age: {min: 18, max: 65}", "age: {max: 65}", "range-upper-bound", 9), ("age: {min: 18, max: 65}", "age: {}", "missing-key", 9),
        ("age: {min: 18, max: 65}", "age: {min: 18, maximum: 65}", "unknown-key", 9),
        ("age: {min: 18, max: 65}", "age: 18", "yaml-type", 9),
        ("age: {min: 18, max: 65}", "age: {min: 66, max: 65}", "range-empty", 9),
        ("age: {min: 18, max: 65}", "age: {min: 2026-01-01}", "invalid-value", 9),
        ("age: {min: 18, max: 65}", "age: {min: -1}", "invalid-value", 9),
        ("age: {min: 18, max: 65}", "age: {min: 018}", "invalid-value", 9),
        ("age: {min: 18, max: 65}", "age: {min: 9007199254740992}", "invalid-value", 9),
        ("age: {min: 18, max: 65}", "age: {min: 0, max: 9007199254740992}", "invalid-value", 9),
        ("age: {min: 18, max: 65}", "age: {min: 0, max: 4294967296}", "range-bits", 3),
        ("range_bits: 32", "range_bits: 12", "range-bits", 3), ("range_bits: 32", "range_bits: 128", "out-of-range", 10),
        ("range_bits: 32", "range_bits: \"32\"", "yaml-type", 10),
        ("expires: {min: 2026-06-30}", "expires: {min: 2026-02-30}", "invalid-value", 9),
        ("{age: {min: 18, max: 65}, expires: {min: 2026-06-30}}", "{}", "empty-list", 9),
        ("reveal: [notice]", "reveal: [age]", "clause-conflict", 3), ("controller: ", "age: 40, controller: ", "clause-conflict", 3),
        ("any_of:", "anyof:", "unknown-key", 11), ("    - require: {purposes: [ScientificResearch]}\n", "", "alternative-count", 12),
        ("- require: {purposes: [ScientificResearch]}", "- {}", "empty-alternative", 12),
        ("- require: {purposes: [ScientificResearch]}", "- require: {}", "empty-alternative", 12),
        ("- require: {purposes: [ScientificResearch]}", "- [record]", "yaml-type", 12),
        ("- require: {purposes: [ScientificResearch]}", "- range: {age: {min: 3}}", "unknown-key", 12),
        ("[ScientificResearch]", "[ScientificReserch]", "unknown-flag", 12), ("[ScientificResearch]", "[Marketing]", "clause-conflict", 3),
        ("require: {purposes: [ScientificResearch]}", "forbid: {purposes: [Marketing]}", "clause-conflict", 3),
        ("[ScientificResearch]}", "[ScientificResearch], data_categories: [Health]}", "clause-conflict", 3),
        ("[CommercialResearch]", "[PublicBenefit]", "clause-conflict", 3), ("recipient: r", "notice: r", "clause-conflict", 3),
        ("recipient: r", "controller: r", "clause-conflict", 3), ("recipient: r", "age: 30", "clause-conflict", 3),
        ("recipient: r", "record: 30", "invalid-value", 13), ("recipient: r", "subject: s", "none", 13),
        ("  in_force: {from: 2026-01-02, to: 2026-01-04}\n", "", "freshness", 19),
        (
            "- require: {purposes: [ScientificResearch]}",
            "- {constants: {recipient: r}, require: {purposes: [PublicBenefit]}, forbid: {purposes: [CommercialResearch]}}",
            "duplicate-alternative", 3
        ),
    ]

    @Test(arguments: refused)
    func refusals(old: String, new: String, code: String, line: Int) throws {
        let text = try Self.text([(old, new)])
        let error = refusal { () throws(ModelError) in try Policy(yaml: Array(text.utf8), file: "p.yaml") }
        guard code != "none" else { return #expect(error == nil) }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.position?.line == line, "\(String(describing: error))")
    }

    @Test func hintsSayWhatToDo() throws {
        func hint(_ old: String, _ new: String) throws -> String? {
            let text = try Self.text([(old, new)])
            return refusal { () throws(ModelError) in try Policy(yaml: Array(text.utf8)) }?.hint
        }
        #expect(try hint("age: {min: 18, max: 65}", "age: {max: 65}") == "add min: 0")
        #expect(try hint("age: {min: 18, max: 65}", "agge: {max: 65}") == "did you mean age?")
        #expect(try hint("any_of:", "anyof:") == "did you mean any_of?")
        #expect(try hint("[ScientificResearch]", "[ScientificReserch]") == "did you mean ScientificResearch?")
        #expect(try hint("  in_force: {from: 2026-01-02, to: 2026-01-04}\n", "")?.contains("in_force") == true)
    }

    @Test func counts() throws {
        let schema = try Schema(
            yaml: Array(
                ("schema: many\nversion: 1\ncalendar: {from: 2026-01-01, days: 2}\nattributes:\n"
                    + ["record", "subject", "controller"].map { "  - {name: \($0), kind: id, type: \($0)}\n" }.joined()
                    + (0..<40).map { "  - {name: n\($0), kind: uint}\n" }.joined()
                    + "flags:\n  - {group: f, values: [\((0..<20).map { "f\($0)" }.joined(separator: ", "))]}\n").utf8))
        func statement(ranges: Int = 0, intervals: Int = 0, alternatives: Int = 0) throws(ModelError) -> Statement {
            var bounds: [String: Statement.Bounds] = [:]
            for index in 0..<ranges + intervals { bounds["n\(index)"] = .init(minimum: 1, maximum: index < intervals ? 5 : nil) }
            return try Statement(
                schema: schema, inForce: nil, constants: ["controller": .id(Array("c".utf8))], ranges: bounds,
                anyOf: (0..<alternatives).map { .init(require: ["f": ["f\($0)"]]) }, links: [.record])
        }
        #expect(refusal { () throws(ModelError) in try statement(intervals: 32) } == nil)
        #expect(refusal { () throws(ModelError) in try statement(ranges: 1, intervals: 32) }?.code == "range-count")
        #expect(refusal { () throws(ModelError) in try statement(ranges: 4, intervals: 30) } == nil)
        #expect(refusal { () throws(ModelError) in try statement(alternatives: 1) }?.code == "alternative-count")
        #expect(refusal { () throws(ModelError) in try statement(alternatives: 2) } == nil)
        #expect(refusal { () throws(ModelError) in try statement(alternatives: 16) } == nil)
        #expect(refusal { () throws(ModelError) in try statement(alternatives: 17) }?.code == "alternative-count")
        let bits = refusal { () throws(ModelError) in
            try Statement(schema: schema, inForce: nil, constants: ["controller": .id([])], rangeBits: 16, links: [.record])
        }
        #expect(bits?.code == "range-bits")
    }

    // MARK: Kinds of proofs

    @Test func datasetProofsRefuseWhatDoesNotFold() throws {
        let statement = try Self.statement()
        #expect(statement.obstacles(to: .dataset).map(\.clause) == ["range", "range", "any_of"])
        let compiled = refusal { () throws(ModelError) in try CompiledStatement(statement) }
        #expect(compiled?.code == "proof-kind")
        #expect(compiled?.message.contains("range") == true)
        let alternatives = try Self.statement((Self.ranges, ""))
        let refused = refusal { () throws(ModelError) in try CompiledStatement(alternatives) }
        #expect(refused?.code == "proof-kind")
        #expect(refused?.message.contains("any_of") == true)
        #expect(try Self.statement((Self.ranges, ""), (Self.anyOf, "")).isServable(by: .dataset))
        #expect(try Self.statement((Self.ranges, "  range_bits: 16\n"), (Self.anyOf, "")).isServable(by: .dataset))
    }

    @Test func withoutDaysAllOfThemAreHidden() throws {
        let text = try PolicyTests.text().replacing("  in_force: {from: 2026-01-02, to: 2026-01-04}\n", with: "")
        let statement = try Policy(yaml: Array(text.utf8)).statement
        let compiled = try CompiledStatement(statement)
        #expect(statement.inForce == nil)
        #expect(compiled.tail.days == Array(0..<8))
        let answer = try reference(.object(["do": .string("statement"), "schema": statement.schema.json, "statement": statement.json]))
        #expect(answer["digest"]?.hexBytes == statement.digest)
        #expect(answer["constraint"]?.hexBytes == Suite.encode([compiled.constraint]))
    }

    @Test func pointProofsProveDaysByRanges() throws {
        let statement = try Self.statement(), schema = statement.schema
        func names(_ clauses: [Statement.RangeClause]) -> [String] {
            clauses.map { "\(schema.attributes[$0.attribute].name) \($0.minimum)...\($0.maximum.map(String.init) ?? "")" }
        }
        #expect(statement.isServable(by: .point))
        #expect(names(try statement.pointRanges()) == ["not_before 0...20455", "expires 20634...", "age 18...65"])
        let plain = try Self.statement((Self.ranges, ""))
        #expect(names(try plain.pointRanges()) == ["not_before 0...20455", "expires 20457..."])
        let narrow = try Self.statement(
            ("age: {min: 18, max: 65}", "not_before: {min: 20000}"), ("{min: 2026-06-30}", "{min: 0, max: 30000}"))
        #expect(names(try narrow.pointRanges()) == ["not_before 20000...20455", "expires 20457...30000"])
        let none = try Policy(yaml: Array(try Self.text(Self.withoutDays).utf8)).statement
        #expect(try none.pointRanges() == none.ranges)
        // A constant that is early and late enough leaves nothing to prove.
        let constants = try Self.statement(
            (Self.ranges, ""), ("controller: ", "not_before: 2026-01-02, expires: 2026-01-04, controller: "))
        #expect(try constants.pointRanges() == [])
    }

    @Test(arguments: [
        ("age: {min: 18, max: 65}", "not_before: {min: 20456}", "contradicts"),
        ("{min: 2026-06-30}", "{min: 0, max: 20456}", "contradicts"),
        ("controller: ", "not_before: 20456, controller: ", "contradicts"), ("reveal: [notice]", "reveal: [not_before]", "another clause"),
        ("recipient: r", "not_before: 5", "another clause"), ("range_bits: 32", "range_bits: 8", "15 bits"),
    ])
    func pointProofsThatCannotServe(old: String, new: String, message: String) throws {
        let statement = try Self.statement((old, new))
        let obstacles = statement.obstacles(to: .point)
        #expect(obstacles.map(\.clause) == ["in_force"])
        #expect(obstacles.first?.message.contains(message) == true, "\(obstacles)")
        #expect(refusal { () throws(ModelError) in try statement.pointRanges() }?.code == "proof-kind")
    }

    @Test func aSchemaWithoutTheDatesHasNoPointProofsOfDays() throws {
        let statement = try PolicyTests.policy().statement
        #expect(statement.obstacles(to: .point).map(\.clause) == ["in_force", "in_force"])
        #expect(statement.isServable(by: .dataset))
    }

    @Test func violations() throws {
        let statement = try Self.statement(), schema = statement.schema
        let text = ConsentTests.valid.replacing("patient/17\",", with: "patient/17\",\"recipient\":\"r\",")
            .replacing("\"ScientificResearch\"", with: "\"PublicBenefit\"").replacing("2026-01-07", with: "2026-12-31")
        let good = try Consent(json: try JSONValue(parsing: Array(text.utf8)), schema: schema)
        #expect(statement.violations(of: good) == [])
        #expect(statement.violations(of: good, for: .point) == [])
        #expect(statement.holdingAlternatives(of: good) == [0])
        var bad = good
        bad.values["age"] = .uint(17)
        bad.values["expires"] = nil
        bad.flags["purposes"] = ["PublicBenefit", "CommercialResearch"]
        #expect(
            statement.violations(of: bad) == [
                "range: there is no expires", "range: age is too small", "any_of: none of the 2 alternatives holds",
            ])
        bad = good
        bad.values["age"] = .uint(66)
        bad.values["expires"] = .uint(20_634 + 1 << 32)
        #expect(statement.violations(of: bad) == ["range: expires is too large", "range: age is too large"])
        // The calendar and the integers may differ: each kind of proof goes by its own.
        bad = good
        bad.values["not_before"] = .uint(20_456)
        #expect(statement.violations(of: bad) == [])
        for kind in [Statement.ProofKind.point, .unlinkable] {
            #expect(statement.violations(of: bad, for: kind) == ["in_force: not_before is too late"])
        }
        bad.values["not_before"] = nil
        #expect(statement.violations(of: bad, for: .point) == ["in_force: there is no not_before"])
        bad = good
        bad.inForce = try days("2026-01-03", "2026-01-04")
        #expect(statement.violations(of: bad).count == 1)
        #expect(statement.violations(of: bad, for: .point) == [])
    }
}
