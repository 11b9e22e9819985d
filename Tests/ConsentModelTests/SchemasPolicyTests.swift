// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Groups
import Primitives
import SigmaProofs
import TestSupport
import Testing

/// Policies with a list of schemas (docs/formats.md, Policy).
@Suite struct SchemasPolicyTests {
    static let small = "schema: test-small"
    /// The list of the tests; `other` is made by ``schema(named:)``.
    static let list = """
        schema:
            - {name: test-small, require: {data_categories: [Health]}}
            - {name: other, forbid: {data_categories: [Genetic]}, constants: {site: s}}
        """

    static let other = """
        schema: other
        version: 1
        calendar: {from: 2026-01-01, days: 8}
        attributes:
          - {name: subject, kind: id, type: subject}
          - {name: age, kind: uint}
          - {name: site, kind: id, type: site}
          - {name: controller, kind: id, type: controller}
          - {name: record, kind: id, type: record}
          - {name: notice, kind: id, type: notice}
        flags:
          - {group: data_categories, values: [Genetic, Health]}
          - {group: purposes, values: [Marketing, ScientificResearch]}

        """

    static func schema(named name: String, _ change: (String, String)? = nil) throws(ModelError) -> Schema {
        switch name {
        case "other": try Schema(yaml: Array((change.map { other.replacing($0.0, with: $0.1) } ?? other).utf8))
        case "foreign", "a": try Schema(yaml: Array(other.replacing("schema: other", with: "schema: \(name)").utf8))
        case "other-2":
            try Schema(yaml: Array(other.replacing("version: 1", with: "version: 2").replacing("Genetic", with: "Genomic").utf8))
        default: try Schema.builtIn(named: name)
        }
    }

    static func text(_ changes: (String, String)...) throws -> String {
        var text = try PolicyTests.text().replacing(small, with: list).replacing(
            ", data_categories: [Health]}\n  forbid", with: "}\n  forbid"
        )
        .replacing(", age: 41", with: "")
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new, maxReplacements: 1)
        }
        return text
    }

    static func policy(_ text: String, other change: (String, String)? = nil) throws(ModelError) -> Policy {
        try Policy(yaml: Array(text.utf8), file: "p.yaml") { name throws(ModelError) in try schema(named: name, change) }
    }

    @Test func parts() throws {
        let statements = try Self.policy(Self.text()).statements
        #expect(statements.parts.count == 2 && !statements.isSingle)
        #expect(Set(statements.labels) == ["test-small", "other"])
        let ascending = statements.schemas.map(\.digest)
        #expect(ascending[0].lexicographicallyPrecedes(ascending[1]))
        for part in statements.parts {
            let schema = part.schema
            let required = part.requiredFlags.map { schema.flags[$0].name }
            let forbidden = part.forbiddenFlags.map { schema.flags[$0].name }
            let constants = Set(part.constants.keys.map { schema.attributes[$0].name })
            if schema.name == "other" {
                #expect(required == ["ScientificResearch"] && Set(forbidden) == ["Genetic", "Marketing"])
                #expect(constants == ["controller", "site"])
            } else {
                #expect(Set(required) == ["ScientificResearch", "Health"] && forbidden == ["Marketing"])
                #expect(constants == ["controller"])
            }
            #expect(part.revealed.map { schema.attributes[$0].name } == ["notice"])
        }
        // The digest as docs/formats.md has it.
        let form = "{\"schemas\":[" + statements.parts.map(\.json.canonicalText).joined(separator: ",") + "],\"statement\":1}"
        #expect(statements.json.canonicalText == form)
        #expect(statements.digest == SHA256.hash(Array(form.utf8)))
    }

    /// Neither the order of the list nor where a clause is written changes what is asked.
    @Test func sameDigest() throws {
        let digest = try Self.policy(Self.text()).statements.digest
        let turned = """
            schema:
                - {name: other, constants: {site: s}, forbid: {data_categories: [Genetic], purposes: [Marketing]}}
                - {name: test-small, require: {data_categories: [Health]}, forbid: {purposes: [Marketing]}}
            """
        let other = try Self.text((Self.list, turned), ("  forbid: {purposes: [Marketing]}\n", ""))
        #expect(try Self.policy(other).statements.digest == digest)
        let constants = try Self.text(
            ("{name: test-small,", "{name: test-small, constants: {controller: \"https://hospital.example\"},"),
            ("constants: {site: s}", "constants: {site: s, controller: \"https://hospital.example\"}"),
            ("  constants: {controller: \"https://hospital.example\"}\n", ""))
        #expect(try Self.policy(constants).statements.digest == digest)
        for (old, new) in [("Genetic", "Health"), ("site: s", "site: t"), ("require: {data_categories: [Health]}", "require: {}")] {
            #expect(try Self.policy(Self.text((old, new))).statements.digest != digest, "\(old)")
        }
    }

    /// A list of one schema is the schema, own clauses are clauses.
    @Test func listOfOne() throws {
        let plain = try PolicyTests.policy().statements
        let list = try PolicyTests.text().replacing(Self.small, with: "schema: [test-small]")
        #expect(try Self.policy(list).statements == plain)
        let own = try PolicyTests.text().replacing(
            Self.small, with: "schema:\n    - {name: test-small, require: {data_categories: [Health]}}"
        )
        .replacing(", data_categories: [Health]}\n  forbid", with: "}\n  forbid")
        #expect(try Self.policy(own).statements == plain)
    }

    static let refused: [(String, String, code: String, says: String)] = [
        // What one schema lacks.
        ("reveal: [notice]", "reveal: [site]", "unknown-attribute", "there is no attribute site in the schema test-small"),
        ("controller: \"https", "site: s, controller: \"https", "unknown-attribute", "there is no attribute site in the schema test-small"),
        ("forbid: {purposes: [Marketing]}", "forbid: {data_categories: [Genetic]}", "unknown-flag", "in the schema test-small"),
        ("forbid: {purposes: [Marketing]}", "forbid: {data_categories: [Location]}", "unknown-flag", "in the schema other"),
        ("in_force: {from: 2026-01-02", "in_force: {from: 2025-12-31", "outside-calendar", "2026-01-08 in the schema test-small"),
        // Own clauses.
        (
            "site: s", "site: s, controller: c", "clause-conflict",
            "controller has a constant for all schemas and one of its own in the schema other"
        ),
        ("require: {data_categories: [Health]}", "require: {purposes: [ScientificResearch]}", "duplicate-name", "ScientificResearch"),
        ("require: {data_categories: [Health]}", "require: {purposes: [Marketing]}", "clause-conflict", "Marketing"),
        ("site: s", "notice: s", "clause-conflict", "notice"),
        ("constants: {site: s}", "reveal: [site]", "unknown-key", "reveal"),
        ("{name: other, forbid", "{forbid", "missing-key", "name"),
        // The list.
        ("{name: other, forbid: {data_categories: [Genetic]}, constants: {site: s}}", "test-small", "duplicate-schema", "test-small"),
        (list, "schema: []", "schema-count", "1 to 8"),
        (list, "schema: [\(Array(repeating: "test-small", count: 9).joined(separator: ", "))]", "schema-count", "1 to 8"),
        (list, "schema: {name: test-small}", "yaml-type", "schema"),
        ("- {name: test-small, require: {data_categories: [Health]}}", "- [test-small]", "yaml-type", "schema"),
        ("name: other", "name: consent-v9", "unknown-schema", "consent-v9"),
        ("  constants: {controller: \"https://hospital.example\"}\n", "", "controller-not-pinned", "controller"),
    ]

    @Test(arguments: refused.indices)
    func refusals(_ number: Int) throws {
        let (old, new, code, says) = Self.refused[number]
        let text = try Self.text((old, new))
        let error = refusal { () throws(ModelError) in try Self.policy(text) }
        #expect(error?.code == code, "\(new): \(error.map(String.init(describing:)) ?? "accepted")")
        #expect(error?.message.contains(says) ?? false, "\(error?.message ?? "")")
        #expect(error?.file == "p.yaml" && error?.position != nil)
    }

    /// The schema is named whatever else the message has: "a" stands in many words.
    @Test func schemaNamedByOneLetter() throws {
        let text = try Self.text(("name: other", "name: a"), ("forbid: {purposes: [Marketing]}", "forbid: {data_categories: [Location]}"))
        let error = refusal { () throws(ModelError) in try Self.policy(text) }
        #expect(error?.message == "data_categories has no flag Location in the schema a" && error?.schema == "a")
    }

    /// That a clause may stand beside the name of a schema is told where it helps: another schema of the list knows what this one lacks.
    @Test(arguments: [
        ("forbid: {purposes: [Marketing]}", "forbid: {data_categories: [Genetic]}", true),
        ("forbid: {purposes: [Marketing]}", "forbid: {data_categories: [Location]}", true),
        ("controller: \"https", "site: s, controller: \"https", true),
        // Nobody knows it.
        ("forbid: {purposes: [Marketing]}", "forbid: {purposes: [Marketting]}", false),
        ("forbid: {purposes: [Marketing]}", "forbid: {purpose: [Marketing]}", false),
        ("controller: \"https", "sight: s, controller: \"https", false),
        // Beside a name, or a clause that cannot be there.
        ("data_categories: [Health]", "data_categories: [Health, Nonsense]", false),
        ("forbid: {data_categories: [Genetic]}", "forbid: {data_categories: [Location]}", false),
        ("constants: {site: s}", "constants: {sight: s}", false),
        ("reveal: [notice]", "reveal: [site]", false),
    ])
    func hintOfOwnClauses(_ old: String, _ new: String, isTold: Bool) throws {
        let text = try Self.text((old, new))
        let error = refusal { () throws(ModelError) in try Self.policy(text) }
        #expect(error?.code.hasPrefix("unknown-") ?? false)
        let hint = try #require(error?.hint)
        #expect(hint.hasPrefix("known: ") || hint.hasPrefix("did you mean "), "the nearest names are told too: \(hint)")
        #expect(hint.hasSuffix("; a clause for one schema only stands beside its name in the list") == isTold, "\(hint)")
    }

    /// Two versions of one schema are told apart.
    @Test func versionsAreNamed() throws {
        let list = "schema: [{name: other, constants: {site: s}}, {name: other-2, constants: {site: s}}]"
        func error(_ changes: (String, String)..., other: (String, String)? = nil) throws -> ModelError? {
            var text = try Self.text((Self.list, list))
            for (old, new) in changes { text = text.replacing(old, with: new) }
            return refusal { () throws(ModelError) in try Self.policy(text, other: other) }
        }
        #expect(try error() == nil)
        #expect(
            try error(("[Marketing]", "[Marketing], data_categories: [Genetic]"))?.message
                == "data_categories has no flag Genetic in the schema other version 2")
        #expect(
            try error(("[Marketing]", "[Marketing], data_categories: [Genomic]"))?.message
                == "data_categories has no flag Genomic in the schema other version 1")
        #expect(
            try error(("2026-01-02", "2025-12-31"))?.message.hasSuffix("in the schema other version 1") ?? false)
        #expect(
            try error(("reveal: [notice]", "reveal: [age]"), other: ("{name: age, kind: uint}", "{name: age, kind: uint, unit: day}"))?
                .message
                == "age is a uint of unit day in the schema other version 1 and a uint in other version 2")
        #expect(try error(("name: other-2", "name: other"))?.message == "the schema other occurs twice")

        func statement(_ schema: String, reveal: [String]) throws -> Statement {
            try Statement(
                schema: Self.schema(named: schema), inForce: nil, constants: ["controller": .id([1])], reveal: reveal, links: [.record])
        }
        let statements = [try statement("other", reveal: []), try statement("other-2", reveal: ["age"])]
        let clauses = refusal { () throws(ModelError) in try Statements(statements) }
        #expect(clauses?.code == "schema-clauses")
        for version in 1...2 { #expect(clauses?.message.contains("other version \(version)") ?? false) }
    }

    /// What a clause for all schemas names has one kind in all of them.
    @Test(arguments: [
        ("reveal: [notice]", "{name: notice, kind: id, type: notice}", "{name: notice, kind: id, type: other}"),
        ("reveal: [notice]", "{name: notice, kind: id, type: notice}", "{name: notice, kind: uint}"),
        ("controller: \"https://hospital.example\", age: 41", "{name: age, kind: uint}", "{name: age, kind: uint, unit: day}"),
        ("range: {age: {min: 18}}", "{name: age, kind: uint}", "{name: age, kind: uint, unit: day}"),
    ])
    func kinds(_ clause: String, _ old: String, _ new: String) throws {
        var text = try Self.text()
        if clause.contains("age: 41") { text = text.replacing("controller: \"https://hospital.example\"", with: clause) }
        if clause.hasPrefix("range") { text = text.replacing("  link: ", with: "  \(clause)\n  link: ") }
        _ = try Self.policy(text)
        let error = refusal { () throws(ModelError) in try Self.policy(text, other: (old, new)) }
        #expect(error?.code == "schema-kind", "\(error.map(String.init(describing:)) ?? "accepted")")
        #expect(error?.message.contains("test-small") ?? false)
    }

    /// Statements that were not parsed from one file.
    @Test func disagreement() throws {
        let schemas = [try smallSchema(), try Self.schema(named: "other")]
        func statement(
            _ schema: Int, from: String = "2026-01-02", reveal: [String] = [], links: Set<Statement.Link> = [.record]
        ) throws -> Statement {
            try Statement(
                schema: schemas[schema], inForce: days(from, "2026-01-04"), constants: ["controller": .id([1])], reveal: reveal,
                links: links)
        }
        let first = try statement(0)
        for second in [
            try statement(1, from: "2026-01-03"), try statement(1, reveal: ["age"]), try statement(1, links: [.subject]),
        ] {
            #expect(refusal { () throws(ModelError) in try Statements([first, second]) }?.code == "schema-clauses")
        }
        #expect(refusal { () throws(ModelError) in try Statements([first, first]) }?.code == "duplicate-schema")
        #expect(refusal { () throws(ModelError) in try Statements([]) }?.code == "schema-count")
        let kinds = try Self.schema(named: "other", ("{name: age, kind: uint}", "{name: age, kind: id, type: age}"))
        let shown = try Statement(
            schema: kinds, inForce: days("2026-01-02", "2026-01-04"), constants: ["controller": .id([1])], reveal: ["age"], links: [.record]
        )
        let other = try statement(0, reveal: ["age"])
        #expect(refusal { () throws(ModelError) in try Statements([other, shown]) }?.code == "schema-kind")
    }

    /// Which proofs can serve such a policy.
    @Test func kindsOfProofs() throws {
        let policy = try Self.policy(Self.text())
        for part in policy.statements.parts {
            #expect(part.isServable(by: .dataset) && !part.isServable(by: .point))
            #expect(part.obstacles(to: .point).map(\.clause) == ["schema"])
        }
        #expect(refusal { () throws(ModelError) in try PointRelation(policy.statement) }?.code == "proof-kind")
        #expect(refusal { () throws(ModelError) in try policy.statements.require(servableBy: .point) }?.code == "proof-kind")
        let ranged = try Self.policy(Self.text(("  link: ", "  range: {age: {min: 18}}\n  link: ")))
        #expect(refusal { () throws(ModelError) in try CompiledStatement(ranged.statements) }?.code == "proof-kind")
        #expect(refusal { () throws(ModelError) in try PointRelation(ranged.statement) }?.code == "proof-kind")
        // By themselves both are served.
        let alone = try PolicyTests.text().replacing("  in_force: {from: 2026-01-02, to: 2026-01-04}\n", with: "")
        #expect(try Self.policy(alone).statement.isServable(by: .point))
    }

    /// The common tail: own places for attributes and flags, one place for each day and for H.
    @Test func commonTail() throws {
        let compiled = try CompiledStatement(Self.policy(Self.text()).statements)
        let shared = 5 + 1
        #expect(compiled.places.count == compiled.parts.reduce(0) { $0 + $1.tail.attributes.count + $1.tail.flags.count } + shared)
        #expect(compiled.relation.tailBases.count == compiled.places.count)
        let encoded = Suite.encode(compiled.relation.tailBases)
        #expect(Set((0..<compiled.places.count).map { encoded[32 * $0..<32 * $0 + 32] }).count == compiled.places.count)
        for (part, places) in Swift.zip(compiled.parts, compiled.places.ofPart) {
            #expect(places.count == part.tail.count && Set(places).count == places.count)
            #expect(places.suffix(shared) == Array(compiled.places.count - shared..<compiled.places.count)[...])
        }
        #expect(compiled.relation.dataBases.count == 4 && compiled.relation.links.map(\.slot) == [0, 3])
        let statements = compiled.statements
        let table = try GeneratorTable(Schema.builtIn(named: "test-small"))
        #expect(try CompiledStatement(statements, generators: table).relation.tailBases == compiled.relation.tailBases)
        let foreign = try GeneratorTable(Self.schema(named: "foreign"))
        #expect(refusal { () throws(ModelError) in try CompiledStatement(statements, generators: foreign) }?.code == "schema-mismatch")
    }

    /// Header texts of bundles about several schemas.
    @Test func headers() throws {
        var header = BundleFixture.header
        header.schemas = [pattern(32, 4), pattern(32, 5)].sorted { $0.lexicographicallyPrecedes($1) }
        let file = BundleWriter.encode(try BundleFixture.make(header: header))
        let parsed = try BundleFixture.parse(file)
        #expect(parsed.header == header && BundleWriter.encode(parsed) == file)
        #expect(try BundleSummary(parsing: file).header.schemas == header.schemas)
        func code(_ change: (inout JSONValue) -> Void) throws -> String? {
            var container = try Container(file)
            try container.changeText("bundle", change)
            return ConsentModelTests.code { _ = try BundleFixture.parse(container.file) }
        }
        let digests = header.schemas.map { JSONValue.string(Hex.encode($0)) }
        #expect(try code { _ in } == nil)
        #expect(try code { $0.set(["schema"], .array(digests.reversed())) } == "bundle-schemas")
        #expect(try code { $0.set(["schema"], .array([digests[0], digests[0]])) } == "bundle-schemas")
        #expect(try code { $0.set(["schema"], .array([digests[0]])) } == "bundle-schemas")
        #expect(try code { $0.set(["schema"], .array([])) } == "bundle-schemas")
        #expect(try code { $0.set(["schema"], digests[0]) } == "bundle-member")
        #expect(try code { $0.set(["schema"], .array(Array(repeating: digests[0], count: 9))) } == "bundle-member")
        #expect(try code { $0.set(["schema"], .array([digests[0], .string("00")])) } == "bundle-member")
        #expect(try code { $0.set(["form"], .string("dataset/1")) } == "bundle-member")
        #expect(try code { $0.set(["form"], .string("dataset-schemas/2")) } == "bundle-form")
        // And one schema in the form of several.
        var single = try Container(try BundleFixture.file)
        try single.changeText("bundle") { $0.set(["form"], .string("dataset-schemas/1")) }
        #expect(ConsentModelTests.code { _ = try BundleFixture.parse(single.file) } == "bundle-member")
    }

    /// A row's schema is read from its entry; ids of no schema of the list are found.
    @Test func entries() throws {
        let schemas = try Self.policy(Self.text()).statements.schemas
        func entry(_ id: [UInt8]) throws -> [UInt8] {
            try Entry(
                issuanceDay: nil, schemaID: id, consent: pattern(32, 1), calendar: pattern(32, 2), withdrawalTag: pattern(32, 3)
            ).bytes
        }
        var ids = [schemas[0].id, schemas[1].id, schemas[1].id, schemas[0].id]
        for byte in [0, 7, 8, 15] {
            ids.append(schemas[1].id)
            ids[ids.count - 1][byte] ^= 1
        }
        let entries = column(try ids.flatMap { try entry($0) }, 118)
        #expect(SchemaAssignment(entries, schemas: schemas).numbers == [0, 1, 1, 0, 0, 0, 0, 0])
        let (malformed, foreign) = Entry.faults(in: entries, schemas: schemas)
        #expect(malformed == [] && foreign == [4, 5, 6, 7])
        let alone = Entry.faults(in: entries, schemas: [schemas[1]])
        #expect(alone.foreign == [0, 3, 4, 5, 6, 7])
        #expect(SchemaAssignment(entries, schemas: [schemas[0]])(3) == 0)
    }
}
