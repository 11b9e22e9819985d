// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import TestSupport
import Testing

@Suite struct ConsentTests {
    static let valid =
        #"{"id":"c-1","record":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","subject":"patient/17","#
        + #""controller":"https://hospital.example","notice":"n1","age":41,"purposes":["ScientificResearch"],"#
        + #""data_categories":["Health"],"in_force":{"from":"2026-01-02","to":"2026-01-07"}}"#

    static func consent(_ text: String = valid) throws(ModelError) -> Consent {
        try Consent(json: try JSONValue(parsing: Array(text.utf8)), schema: try Schema.builtIn(named: "test-small"))
    }

    @Test func roundTrip() throws {
        let schema = try smallSchema()
        let consent = try Self.consent()
        #expect(consent.values["age"] == .uint(41))
        #expect(consent.values["subject"] == .id(Array("patient/17".utf8)))
        #expect(consent.has("Health", in: "data_categories") && !consent.has("Marketing", in: "purposes"))
        #expect(consent.json(schema: schema) == (try JSONValue(parsing: Array(Self.valid.utf8))))
        #expect(try Consent(json: consent.json(schema: schema), schema: schema) == consent)
    }

    @Test func defaults() throws {
        let text = Self.valid.replacing(#""notice":"n1","age":41,"#, with: "").replacing(#""purposes":["ScientificResearch"],"#, with: "")
        let consent = try Self.consent(text)
        #expect(consent.values["notice"] == .id([]))
        #expect(consent.values["age"] == .uint(0))
        #expect(consent.flags["purposes"] == nil)
        let big = try Schema.builtIn(named: "consent-v1")
        let full = try Consent(json: try JSONValue(parsing: Array(text.utf8)), schema: big)
        #expect(full.values["not_before"] == .uint(20_455))
        #expect(full.values["expires"] == .uint(20_460))
        #expect(full.json(schema: big)["expires"]?.string == "2026-01-07")
        #expect(try Consent(json: full.json(schema: big), schema: big) == full)
    }

    @Test(arguments: [
        ("\"id\":\"c-1\",", "", "invalid-value"), ("\"c-1\"", "\"\"", "invalid-value"), ("\"subject\":\"patient/17\",", "", "missing-key"),
        ("patient/17", "", "invalid-value"), ("https://hospital.example", "", "invalid-value"), ("\"notice\"", "\"notcie\"", "unknown-key"),
        ("0011", "001", "invalid-value"), ("aabb", "AABB", "invalid-value"), ("aabb", "zzbb", "invalid-value"),
        ("41", "-1", "invalid-value"),
        ("41", "4.5", "invalid-value"), ("41", "\"041\"", "invalid-value"), ("41", "\"18446744073709551616\"", "invalid-value"),
        ("41", "true", "invalid-value"), ("[\"Health\"]", "\"Health\"", "invalid-value"), ("[\"Health\"]", "[1]", "invalid-value"),
        ("[\"Health\"]", "[\"Health\",\"Health\"]", "duplicate-name"), ("[\"Health\"]", "[\"Heatlh\"]", "unknown-flag"),
        ("2026-01-07", "2026-01-09", "outside-calendar"), ("2026-01-02", "2025-12-31", "outside-calendar"),
        ("2026-01-07", "2026-01-01", "invalid-value"),
        ("\"to\"", "\"til\"", "invalid-value"), ("\"n1\"", "null", "invalid-value"),
    ])
    func refusals(old: String, new: String, code: String) throws {
        try #require(Self.valid.contains(old))
        let error = refusal { () throws(ModelError) in try Self.consent(Self.valid.replacing(old, with: new)) }
        #expect(error?.code == code, "\(String(describing: error))")
    }

    @Test func suggestions() {
        let flag = refusal { () throws(ModelError) in try Self.consent(Self.valid.replacing("[\"Health\"]", with: "[\"Heatlh\"]")) }
        #expect(flag?.hint == "did you mean Health?")
        let member = refusal { () throws(ModelError) in try Self.consent(Self.valid.replacing("purposes", with: "purpose")) }
        #expect(member?.hint == "did you mean purposes?")
    }

    @Test func largeIntegers() throws {
        let consent = try Self.consent(Self.valid.replacing("41", with: "\"18446744073709551615\""))
        #expect(consent.values["age"] == .uint(.max))
        #expect(consent.json(schema: try smallSchema())["age"] == .string("18446744073709551615"))
    }
}
