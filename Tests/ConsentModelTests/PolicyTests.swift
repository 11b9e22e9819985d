// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Groups
import MerkleLog
import SigmaProofs
import TestSupport
import Testing

@Suite struct PolicyTests {
    static let valid = """
        policy: p
        statement:
          schema: test-small
          in_force: {from: 2026-01-02, to: 2026-01-04}
          require: {purposes: [ScientificResearch], data_categories: [Health]}
          forbid: {purposes: [Marketing]}
          constants: {controller: "https://hospital.example", age: 41}
          reveal: [notice]
          link: [record]
        acceptance:
          ledgers:
            - origin: hospital.example/consent
              key: LEDGER
              cosigners: {quorum: 1, keys: [COSIGNER]}
          freshness: {current: 7d}
          logged_by: 2026-01-03
          minimum_distinct_consents: 10
          one_to_one: true
          context: audit-17

        """

    static func key(_ name: String, _ type: VerifierKey.KeyType, _ start: UInt8) throws -> VerifierKey {
        // Any 32 bytes that are not a point of small order will do here.
        try VerifierKey(name: name, type: type, publicKey: [UInt8](repeating: start, count: 32))
    }

    static func text() throws -> String {
        valid.replacing("LEDGER", with: try key("hospital.example/consent", .ed25519, 3).text)
            .replacing("COSIGNER", with: try key("witness.example/w1", .cosignature, 5).text)
    }

    static func policy() throws -> Policy { try Policy(yaml: Array(try text().utf8)) }

    @Test func parts() throws {
        let policy = try Self.policy()
        let schema = policy.statement.schema
        #expect(policy.name == "p")
        #expect(policy.statement.inForce == (try days("2026-01-02", "2026-01-04")))
        #expect(policy.statement.requiredFlags.map { schema.flags[$0].name } == ["ScientificResearch", "Health"])
        #expect(policy.statement.forbiddenFlags.map { schema.flags[$0].name } == ["Marketing"])
        #expect(policy.statement.revealed.map { schema.attributes[$0].name } == ["notice"])
        #expect(policy.statement.links == [.record])
        #expect(policy.statement.constants.count == 2)
        #expect(policy.acceptance.ledgers.count == 1)
        #expect(policy.acceptance.ledger(origin: "hospital.example/consent")?.quorum == 1)
        #expect(policy.acceptance.ledger(origin: "hospital.example/consents") == nil)
        #expect(policy.acceptance.freshness == .current(maximumAge: 604_800))
        #expect(policy.acceptance.loggedBy == (try day("2026-01-03")))
        #expect(policy.acceptance.minimumDistinctConsents == 10)
        #expect(policy.acceptance.isOneToOne)
        #expect(policy.acceptance.context == "audit-17")
    }

    @Test func exampleIsTheFileAndCompiles() throws {
        for name in Policy.exampleNames {
            let path = repositoryRoot.appending(path: "circuits/policies/\(name).yaml").path
            let text = try #require(Policy.exampleText(named: name))
            #expect(Data(text) == (try Data(contentsOf: URL(filePath: path))))
            #expect(try Policy.load(path: path) == Policy(yaml: text))
        }
        let compiled = try CompiledStatement(try Policy(yaml: try #require(Policy.exampleText(named: "research"))).statement)
        let schema = compiled.statement.schema
        #expect(compiled.tail.days.count == 7_305 - 181)
        #expect(compiled.tail.attributes.count == 8)
        #expect(compiled.tail.flags.count == schema.flags.count - 4)
    }

    @Test func digestAndConstraintAreThoseOfThePeer() throws {
        let statement = try Self.policy().statement
        let answer = try reference(.object(["do": .string("statement"), "schema": statement.schema.json, "statement": statement.json]))
        #expect(answer["digest"]?.hexBytes == statement.digest)
        #expect(answer["constraint"]?.hexBytes == Suite.encode([try CompiledStatement(statement).constraint]))
    }

    /// The digest of an example may only change with the format.
    @Test func normalForm() throws {
        let statement = try Self.policy().statement
        let expected =
            #"{"constants":{"age":41,"controller":"https://hospital.example"},"forbid":{"purposes":["Marketing"]},"#
            + #""in_force":{"from":"2026-01-02","to":"2026-01-04"},"link":["record"],"#
            + #""require":{"data_categories":["Health"],"purposes":["ScientificResearch"]},"reveal":["notice"],"#
            + #""schema":"80ff3eac3ee8df787435fa8a8d79ba7cbbd1e798e7f0374e114de01077e9fe4b","statement":1}"#
        #expect(statement.json.canonicalText == expected)
    }

    @Test func acceptanceAndOrderDoNotChangeTheDigest() throws {
        let text = try Self.text()
        let digest = try Self.policy().statement.digest
        func digestAfter(_ old: String, _ new: String) throws -> [UInt8] {
            try #require(text.contains(old))
            return try Policy(yaml: Array(text.replacing(old, with: new).utf8)).statement.digest
        }
        #expect(try digestAfter("current: 7d", "as_of: true") == digest)
        #expect(try digestAfter("policy: p", "policy: q") == digest)
        #expect(
            try digestAfter(
                "purposes: [ScientificResearch], data_categories: [Health]", "data_categories: [Health], purposes: [ScientificResearch]")
                == digest)
        #expect(try digestAfter("to: 2026-01-04", "to: 2026-01-05") != digest)
        #expect(try digestAfter("age: 41", "age: 42") != digest)
        #expect(try digestAfter("link: [record]", "link: [subject, record]") != digest)
        #expect(try digestAfter("  reveal: [notice]\n", "") != digest)
    }

    /// What is replaced in the valid policy, the code of the refusal, and its line.
    static let refused: [(old: String, new: String, code: String, line: Int)] = [
        ("policy: p", "policies: p", "unknown-key", 1), ("schema: test-small", "schema: test-smal", "unknown-schema", 3),
        ("to: 2026-01-04", "to: 2026-01-09", "outside-calendar", 4), ("to: 2026-01-04", "to: 2026-01-01", "in-force", 4),
        ("from: 2026-01-02, to: 2026-01-04", "on: 2026-01-02, to: 2026-01-04", "in-force", 4), ("from: 2026-01-02, ", "", "in-force", 4),
        ("{purposes: [ScientificResearch]", "{purpose: [ScientificResearch]", "unknown-flag", 5),
        ("[ScientificResearch]", "[ScientificReserch]", "unknown-flag", 5), ("[ScientificResearch]", "[Marketing]", "clause-conflict", 3),
        ("[ScientificResearch]", "[]", "empty-list", 5),
        ("[ScientificResearch]", "[ScientificResearch, ScientificResearch]", "duplicate-name", 5),
        ("controller: \"https://hospital.example\", ", "", "controller-not-pinned", 3), ("age: 41", "aeg: 41", "unknown-attribute", 7),
        ("age: 41", "age: old", "invalid-value", 7), ("age: 41", "age: 9007199254740992", "invalid-value", 3),
        ("age: 41", "notice: n", "clause-conflict", 3), ("reveal: [notice]", "reveal: [record]", "clause-conflict", 3),
        ("reveal: [notice]", "reveal: [notcie]", "unknown-attribute", 8),
        ("reveal: [notice]", "reveal: [controller]", "clause-conflict", 3),
        ("reveal: [notice]", "reveal: [notice, notice]", "duplicate-name", 8), ("link: [record]", "link: [notice]", "unknown-attribute", 9),
        ("link: [record]", "link: []", "empty-list", 9), ("  link: [record]\n", "", "missing-key", 3),
        ("link: [record]", "link: record", "yaml-type", 9),
        ("origin: hospital.example/consent", "origin: hospital.example/consnet", "ledger-key", 13),
        ("quorum: 1", "quorum: 2", "out-of-range", 14),
        ("quorum: 1", "quorum: 0", "out-of-range", 14), ("quorum: 1, ", "", "missing-key", 14), ("7d", "7", "duration", 15),
        ("7d", "0d", "duration", 15),
        ("7d", "99999999999999999999d", "duration", 15), ("7d", "3661d", "duration", 15), ("7d", "-1d", "duration", 15),
        ("{current: 7d}", "{current: 7d, as_of: true}", "freshness", 15), ("{current: 7d}", "{as_of: false}", "freshness", 15),
        ("{current: 7d}", "{}", "freshness", 15), ("one_to_one: true", "one_to_one: yes", "yaml-type", 18),
        ("minimum_distinct_consents: 10", "minimum_distinct_consents: 0", "out-of-range", 17),
        ("logged_by: 2026-01-03", "logged_by: soon", "yaml-type", 16),
        ("+", "-", "ledger-key", 13),
    ]

    @Test(arguments: refused)
    func refusals(old: String, new: String, code: String, line: Int) throws {
        let text = try Self.text()
        try #require(text.contains(old))
        let changed = text.replacing(old, with: new, maxReplacements: 1)
        let error = try #require(refusal { () throws(ModelError) in try Policy(yaml: Array(changed.utf8), file: "p.yaml") })
        #expect(error.code == code, "\(error)")
        #expect(error.position?.line == line, "\(error)")
        #expect(error.file == "p.yaml")
    }

    @Test func keysAreOfTheirKindAndDistinct() throws {
        let ledger = try Self.key("hospital.example/consent", .ed25519, 3), cosigner = try Self.key("witness.example/w1", .cosignature, 5)
        func code(ledger: VerifierKey, cosigners: [VerifierKey]) -> String? {
            let text = Self.valid.replacing("LEDGER", with: ledger.text)
                .replacing("COSIGNER", with: cosigners.map(\.text).joined(separator: ", "))
            return refusal { () throws(ModelError) in try Policy(yaml: Array(text.utf8)) }?.code
        }
        #expect(code(ledger: ledger, cosigners: [cosigner]) == nil)
        #expect(code(ledger: try Self.key("hospital.example/consent", .cosignature, 3), cosigners: [cosigner]) == "ledger-key")
        #expect(code(ledger: ledger, cosigners: [try Self.key("witness.example/w1", .ed25519, 5)]) == "ledger-key")
        #expect(code(ledger: ledger, cosigners: [cosigner, try Self.key("witness.example/w2", .cosignature, 5)]) == "duplicate-key")
        #expect(code(ledger: ledger, cosigners: [try Self.key("hospital.example/consent/cosigner", .cosignature, 3)]) == "duplicate-key")
        #expect(code(ledger: ledger, cosigners: []) == "cosigner-count")
    }

    @Test func aLedgerNeedsCosignersForItsCheckpointsHaveNoTime() throws {
        let text = Self.valid.replacing("LEDGER", with: try Self.key("hospital.example/consent", .ed25519, 3).text)
            .split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("COSIGNER") }.joined(separator: "\n")
        #expect(refusal { () throws(ModelError) in try Policy(yaml: Array(text.utf8)) }?.code == "missing-key")
    }

    @Test func anEmptyLinkIsHintedWithAnExample() throws {
        let text = try Self.text().replacing("link: [record]", with: "link: []")
        let error = refusal { () throws(ModelError) in try Policy(yaml: Array(text.utf8)) }
        #expect(error?.code == "empty-list" && error?.hint == "write link: [record], or link: [record, subject]")
    }

    @Test func aMisspelledFileIsHinted() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["study.yaml", "studdy.txt"] { try Data(Self.text().utf8).write(to: folder.appending(path: name)) }
        for (name, hint) in [
            ("studdy.yaml", "did you mean \(folder.path)/study.yaml?"), ("other.yaml", "check the path and the permissions"),
            ("none/studdy.yaml", "check the path and the permissions"),
        ] {
            let error = refusal { () throws(ModelError) in try Policy.load(path: "\(folder.path)/\(name)") }
            #expect(error?.code == "file-unreadable" && error?.hint == hint, "\(name)")
        }
    }

    @Test func errorsOfASchemaFileNameThatFile() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-policy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let policy = folder.appending(path: "p.yaml")
        try Data(try Self.text().replacing("schema: test-small", with: "schema: mine.yaml").utf8).write(to: policy)
        #expect(refusal { () throws(ModelError) in try Policy.load(path: policy.path) }?.code == "file-unreadable")
        try Data(contentsOf: repositoryRoot.appending(path: "circuits/schemas/test-small.yaml")).write(
            to: folder.appending(path: "mine.yaml"))
        #expect(try Policy.load(path: policy.path).statement == Self.policy().statement)
        try Data("schema: x\n".utf8).write(to: folder.appending(path: "mine.yaml"))
        let error = refusal { () throws(ModelError) in try Policy.load(path: policy.path) }
        #expect(error?.file?.hasSuffix("mine.yaml") == true)
        #expect(error?.code == "missing-key")
    }

    @Test func tailOfTheSmallSchema() throws {
        let compiled = try CompiledStatement(try Self.policy().statement)
        let table = compiled.generators
        #expect(compiled.tail.attributes == [1])
        #expect(compiled.tail.flags == [3])
        #expect(compiled.tail.days == [0, 4, 5, 6, 7])
        #expect(compiled.tail.count == 8)
        #expect(compiled.tail.attributeRange == 0..<1 && compiled.tail.flagRange == 1..<2 && compiled.tail.dayRange == 2..<7)
        #expect(compiled.tail.blindingIndex == 7)
        #expect(
            compiled.relation.tailBases == [table.attributes[1], table.flags[3]] + [0, 4, 5, 6, 7].map { table.days[$0] } + [table.blinding]
        )
        #expect(compiled.relation.dataBases == [table.recordData, table.subjectData, table.blinding])
        #expect(compiled.relation.links.map(\.slot) == [0])
        #expect(compiled.relation.links.map(\.base) == [table.attributes[0]])
        #expect(compiled.revealedBases == [table.attributes[3]])
        #expect(compiled.proofByteCount == 32 * (5 + 2 + 4), "eight places: one round, four scalars")
        let both = try Policy(yaml: Array(try Self.text().replacing("link: [record]", with: "link: [subject, record]").utf8)).statement
        let other = try CompiledStatement(both, generators: table)
        #expect(other.relation.links.map(\.slot) == [0, 1])
        #expect(other.tail.attributes == [])
        let big = try CompiledStatement(try Policy(yaml: try #require(Policy.exampleText(named: "research"))).statement)
        #expect(big.proofByteCount == 992, "the full default schema: eleven rounds")
        #expect(refusal { () throws(ModelError) in try CompiledStatement(both, generators: big.generators) }?.code == "schema-mismatch")
    }

    @Test func violations() throws {
        let statement = try Self.policy().statement
        let good = try ConsentTests.consent()
        #expect(statement.violations(of: good) == [])
        var bad = good
        bad.flags = ["purposes": ["Marketing"]]
        bad.inForce = try days("2026-01-03", "2026-01-03")
        bad.values["age"] = .uint(40)
        bad.values["notice"] = nil
        #expect(
            statement.violations(of: bad) == [
                "require: purposes does not include ScientificResearch",
                "require: data_categories does not include Health",
                "forbid: purposes includes Marketing",
                "in_force: not in force on 2026-01-02; it begins on 2026-01-03",
                "in_force: not in force on 2026-01-04; it ends on 2026-01-03",
                "constants: age has another value",
                "reveal: there is no notice",
            ])
    }
}
