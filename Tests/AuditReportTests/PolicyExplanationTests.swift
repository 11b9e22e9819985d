// SPDX-License-Identifier: Apache-2.0
import AuditReport
import ConsentModel
import Testing

/// What `policy check` says.
@Suite struct PolicyExplanationTests {
    private static func text(_ name: String) throws -> String {
        String(decoding: try #require(Policy.exampleText(named: name)), as: UTF8.self)
    }

    /// An example after changes.
    private static func explanation(_ name: String, _ changes: (String, String)...) throws -> PolicyExplanation {
        var text = try text(name)
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        return PolicyExplanation(try Policy(yaml: Array(text.utf8)))
    }

    /// With several schemas, what is asked under all of them is said once.
    @Test func severalSchemas() throws {
        let explanation = try Self.explanation(
            "research", ("schema: consent-v1", "schema: [{name: consent-v1, forbid: {purposes: [SellDataToThirdParties]}}, test-small]"),
            ("[Marketing, SellDataToThirdParties]", "[Marketing]"), ("to: 2026-06-30", "to: 2026-01-08"))
        #expect(
            explanation.statementClauses.map(\.key) == [
                "schema", "schema", "in_force", "require", "require", "forbid", "forbid", "constants", "link",
            ])
        let text = explanation.text
        for words in [
            "test-small, digest 80ff3eac", "consent-v1, digest 950dda38", "forbid     purposes does not include Marketing\n",
            "of consents under consent-v1: purposes does not include SellDataToThirdParties", "for every consent that is used: its schema",
            "yes", "no, schema: the policy lists 2 schemas, whose point proofs would have different forms",
        ] {
            #expect(text.contains(words), "\(words) in \(text)")
        }
        let json = explanation.json(file: "p.yaml")
        #expect(json["schema"]?.array?.count == 2 && json["schema_digest"]?.array?.count == 2)
        #expect(json["statement"]?["schemas"]?.array?.count == 2)
        #expect(json["proofs"]?["point"]?["servable"] == .bool(false) && json["proofs"]?["dataset"]?["servable"] == .bool(true))
    }

    @Test func everyClauseIsExplained() throws {
        let explanation = try Self.explanation("adult-study")
        #expect(
            explanation.statementClauses.map(\.key) == [
                "schema", "in_force", "require", "forbid", "constants", "range", "any_of", "any_of", "link",
            ])
        let text = explanation.text
        for words in [
            "the consent is in force on 2026-06-30", "data_categories includes Health", "purposes does not include Marketing",
            "controller is \"https://hospital.example\"", "age is at least 18",
            "one of these 2 holds: purposes includes PublicBenefit, and",
            "or purposes includes ScientificResearch", "the record of the consent is the record of the data point",
            "cosigned by at least 1 of witness.example/w1", "at most 7 days old", "not which of the alternatives holds",
            "dataset     no, range: a range of age", "no, any_of: alternatives do not fold", "point       yes, with ranges of 32 bits:",
            "unlinkable  yes, with ranges of 32 bits:",
            "not_before is from 1970-01-01 to 2026-06-30", "expires is at least 2026-06-30",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        let training = try Self.explanation("model-training", ("  minimum", "  one_to_one: true\n  context: audit-7\n  minimum"))
        #expect(
            training.acceptanceClauses.map(\.key) == [
                "ledgers", "freshness", "logged_by", "minimum_distinct_consents", "one_to_one", "context",
            ])
        for words in ["unlinkable  no, link: without a link", "no, minimum_distinct_consents: how many consents", "no, one_to_one: how"] {
            #expect(training.text.contains(words), "\(words)")
        }
        #expect(training.text.contains("the value of notice") && training.text.contains("made for \"audit-7\""))
    }

    @Test func json() throws {
        let json = try Self.explanation("adult-study").json(file: "p.yaml")
        #expect(json["kind"]?.string == "policy-check" && json["file"]?.string == "p.yaml")
        #expect(json["proofs"]?["dataset"]?["servable"] == .bool(false) && json["proofs"]?["point"]?["servable"] == .bool(true))
        #expect(json["proofs"]?["dataset"]?["obstacles"]?.array?.map { $0["clause"]?.string } == ["range", "any_of"])
        #expect(json["statement"]?["range"]?["age"]?["min"]?.uint == 18)
        #expect(json["statement_digest"]?.string?.count == 64)
        #expect(json["acceptance"]?["freshness"]?["current_seconds"]?.uint == 604_800)
        #expect(json["explanation"]?["statement"]?.array?.count == 9)
    }

    /// Each warning appears for its reason, and for no other.
    @Test(arguments: [
        ("  in_force: {from: 2026-01-01, to: 2026-06-30}\n", "", "no-in-force"),
        ("  require:\n    purposes: [ScientificResearch]\n    data_categories: [Health]\n", "", "no-require"),
        ("  link: [record]", "  range: {age: {min: 0}}\n  link: [record]", "range-says-nothing"),
        (
            "  link: [record]",
            "  any_of: [{require: {purposes: [PublicBenefit]}}, {require: {purposes: [PublicBenefit, DataAltruism]}}]\n  link: [record]",
            "redundant-alternative"
        ),
        ("  link: [record]", "  reveal: [notice]\n  link: [record]", "reveal-narrows"),
        ("7d", "32d", "old-freshness"),
        ("link: [record]", "link: [subject]", "one-for-all"),
    ])
    func warnings(old: String, new: String, code: String) throws {
        let standing = ["quorum-of-one", "no-logged-by", "no-context"]
        #expect(try Self.explanation("research").warnings.map(\.code) == standing)
        let codes = try Self.explanation("research", (old, new)).warnings.map(\.code)
        #expect(Set(codes) == Set(standing + [code]))
        #expect(try Self.explanation("research", ("  freshness", "  logged_by: 2025-12-31\n  context: a\n  freshness")).warnings.count == 1)
    }

    @Test func theIssuersOwnCosigner() throws {
        let own = try Self.explanation("research", ("witness.example/w1+3bfa7fe5", "hospital.example/consent/cosigner+8e828bde"))
        #expect(own.warnings.map(\.code) == ["issuer-time", "no-logged-by", "no-context"])
    }
}
