// SPDX-License-Identifier: Apache-2.0

import ConsentImport
import ConsentModel
import Foundation
import TestSupport
import Testing

/// Whatever restricts and is not understood is refused, with its reason.
@Suite struct FHIRRefusalTests {
    static let good = permit(purposes("HRESCH"))
    static let ext = "[{\"url\":\"http://x.example\",\"valueBoolean\":true}]"
    static let actorCST =
        "\"actor\":[{\"role\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ParticipationType\",\"code\":\"CST\"}]},\"reference\":{\"reference\":\"Organization/lab\"}}]"
    static let actorPRCP = actorCST.replacing("CST", with: "PRCP")

    @Test(arguments: [
        (status, "status-missing"), (scope, "scope-missing"), (category, "category-missing"), (patient, "patient-missing"),
        (organization, "controller-missing"), (rule, "policy-missing"),
    ])
    func requiredMembers(member: String, code: String) throws {
        try expect(code, consent(Self.good, header: header.filter { $0 != member }))
    }

    @Test(arguments: [
        ("\"status\":\"inactive\"", "status-not-active"), ("\"status\":\"rejected\"", "status-not-active"),
        ("\"status\":\"Active\"", "status-not-active"),
        ("\"status\":1", "fhir-shape"), ("\"status\":\"\"", "fhir-shape"), ("\"status\":null", "fhir-shape"),
        (
            "\"scope\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentscope\",\"code\":\"treatment\"}]}",
            "scope-unknown"
        ),
        ("\"scope\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentscope\",\"code\":\"adr\"}]}", "scope-unknown"),
        ("\"scope\":{\"coding\":[{\"system\":\"http://x.example\",\"code\":\"research\"}]}", "scope-unknown"),
        ("\"scope\":{\"text\":\"research\"}", "scope-unknown"),
        ("\"scope\":\"research\"", "fhir-shape"), ("\"category\":[]", "fhir-shape"), ("\"category\":{}", "fhir-shape"),
        ("\"patient\":{\"display\":\"x\"}", "reference-missing"), ("\"patient\":{\"reference\":\"#p\"}", "contained-reference"),
        ("\"patient\":{\"reference\":\"#\u{301}p1\"}", "contained-reference"),
        ("\"patient\":{\"identifier\":{\"system\":\"x\"}}", "reference-missing"), ("\"patient\":\"Patient/1\"", "fhir-shape"),
        ("\"organization\":[{\"reference\":\"a\"},{\"reference\":\"b\"}]", "controller-ambiguous"), ("\"organization\":[]", "fhir-shape"),
        ("\"policyRule\":{}", "policy-missing"), ("\"policyRule\":\"http://x.example\"", "fhir-stu3"),
    ])
    func wrongMembers(member: String, code: String) throws {
        let name = member.prefix { $0 != ":" }
        try expect(code, consent(Self.good, header: header.filter { !$0.hasPrefix(name) } + [member]))
    }

    @Test(arguments: [
        ("\"modifierExtension\":\(ext)", "modifier-extension"), ("\"implicitRules\":\"http://x.example\"", "implicit-rules"),
        ("\"verification\":[{\"verified\":false}]", "not-verified"), ("\"verification\":[{}]", "not-verified"),
        ("\"policy\":[{\"uri\":\"a\"},{\"uri\":\"b\"}]", "policy-ambiguous"),
        ("\"policy\":[{\"uri\":\"a\",\"modifierExtension\":\(ext)}]", "modifier-extension"),
        ("\"except\":[]", "fhir-stu3"), (period, "fhir-stu3"), ("\"consentingParty\":[]", "fhir-stu3"),
        ("\"decision\":\"permit\"", "fhir-r5"),
        ("\"subject\":{}", "fhir-r5"), ("\"regulatoryBasis\":[]", "fhir-r5"), ("\"grantee\":[]", "fhir-r5"),
        ("\"_status\":{}", "unknown-member"),
        ("\"statusReason\":{}", "unknown-member"),
        ("\"id\":\"d\"", "json-duplicate-member"), (status, "json-duplicate-member"),
    ])
    func furtherMembers(member: String, code: String) throws {
        try expect(code, consent(Self.good, header: header + [member]))
    }

    @Test func plainExtensionsOfTheHeaderAreNoRestriction() throws {
        let text = consent(
            Self.good, header: header + ["\"extension\":\(Self.ext)", "\"verification\":[{\"verified\":true}]", "\"dateTime\":\"2026\""])
        #expect(try imported(text).consents.count == 1)
    }

    @Test(arguments: [
        (period, "provision-type-missing"), ("\"type\":\"allow\"", "provision-type-unknown"), ("\"type\":[\"permit\"]", "fhir-shape"),
        ("\"type\":\"permit\",\(data(recordDigest)),\(purposes("HRESCH"))", "period-missing"),
        ("\"type\":\"permit\",\(period),\(data(recordDigest))", "purpose-missing"),
        ("\"type\":\"permit\",\(period),\(purposes("HRESCH"))", "record-missing"),
        (permit("\"purpose\":[]"), "fhir-shape"), (permit(purposes("PUBHLTH")), "purpose-not-in-schema"),
        (permit(purposes("BIORCH")), "purpose-not-in-schema"),
        (permit(purposes("XYZ")), "purpose-unknown"), (permit(purposes("dpv:Purpose")), "purpose-unknown"),
        (permit("\"purpose\":[{\"system\":\"http://x.example\",\"code\":\"HRESCH\"}]"), "purpose-unknown"),
        (permit("\"purpose\":[{\"code\":\"HRESCH\"}]"), "purpose-unknown"),
        (permit("\"purpose\":[{\"system\":\"\(actReason)\",\"code\":\"HRESCH\",\"extension\":\(ext)}]"), "extension"),
        ("\(good),\"modifierExtension\":\(ext)", "modifier-extension"), ("\(good),\"extension\":\(ext)", "extension"),
        ("\(good),\"_type\":{}", "unknown-member"),
        ("\(good),\"location\":{}", "unknown-member"),
        ("\(good),\"securityLabel\":[{\"system\":\"x\",\"code\":\"N\"}]", "security-label"),
        ("\(good),\"code\":[{\"text\":\"x\"}]", "code-restricted"),
        ("\(good),\"dataPeriod\":{\"start\":\"2026-01-01\"}", "data-period"),
        ("\(good),\(actorCST)", "actor-restricted"), ("\(good),\(actorPRCP.replacing("lab", with: "f001"))", "actor-restricted"),
        ("\(good),\"actor\":[{\"role\":{}}]", "fhir-shape"), ("\(good),\"actor\":[]", "fhir-shape"),
        ("\(good),\"class\":[{\"system\":\"http://hl7.org/fhir/resource-types\",\"code\":\"Task\"}]", "class-unknown"),
        ("\(good),\"class\":[{\"system\":\"https://w3id.org/dpv/pd#\",\"code\":\"Xyz\"}]", "class-not-in-schema"),
        (
            "\(good),\"action\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentaction\",\"code\":\"access\"}]}]",
            "action-unknown"
        ),
        (
            "\(good),\"action\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentaction\",\"code\":\"collect\"}]}]",
            "action-restricted"
        ),
        ("\(good),\"action\":[{\"text\":\"use\"}]", "action-unknown"),
        ("\(good),\"provision\":[{\"type\":\"permit\"}]", "permit-in-permit"),
        ("\(good),\"provision\":[{\"type\":\"deny\"}]", "nothing-permitted"),
        ("\(good),\"provision\":[{}]", "provision-type-missing"), ("\(good),\"provision\":{}", "fhir-shape"),
        ("\(good),\"provision\":[{\"type\":\"x\"}]", "provision-type-unknown"),
        ("\(good),\"provision\":[{\"type\":\"deny\",\(purposes("HMARKT")),\"extension\":\(ext)}]", "extension"),
        ("\(good),\"provision\":[{\"type\":\"deny\",\(purposes("HMARKT")),\"provision\":[{\"type\":\"permit\"}]}]", "deny-exceptions"),
        ("\(good),\"provision\":[{\"type\":\"deny\",\(purposes("XYZ"))}]", "purpose-unknown"),
        ("\(good),\"provision\":[{\"type\":\"deny\",\(purposes("dpv:Marketing"))}]", "deny-not-comparable"),
        (permit(purposes("dpv:AcademicResearch"), "\"provision\":[{\"type\":\"deny\",\(purposes("PUBHLTH"))}]"), "deny-not-comparable"),
        ("\"type\":\"deny\"", "nothing-permitted"), ("\"type\":\"deny\",\(period)", "nothing-permitted"),
        ("\"type\":\"deny\",\"provision\":[{\"type\":\"deny\"}]", "nothing-permitted"),
        ("\"type\":\"deny\",\(actorPRCP),\"provision\":[{\(good)}]", "deny-restricted"),
        ("\"type\":\"deny\",\(purposes("HMARKT")),\"provision\":[{\(good)}]", "deny-restricted"),
        ("\"type\":\"deny\",\"provision\":[{\(good),\"provision\":[{\"type\":\"permit\"}]}]", "permit-in-permit"),
        ("\"type\":\"deny\",\"provision\":[{\(good)},{\"type\":\"deny\"}]", "nothing-permitted"),
        ("\"type\":\"deny\",\"period\":{\"start\":\"2030-01-01\",\"end\":\"2030-01-02\"},\"provision\":[{\(good)}]", "period-reversed"),
    ])
    func provisions(provision: String, code: String) throws {
        try expect(code, consent(provision))
    }

    @Test(arguments: [
        period, data(recordDigest), actorPRCP, "\"class\":[{\"code\":\"x\"}]", "\"code\":[{\"text\":\"x\"}]",
        "\"action\":[{\"text\":\"x\"}]",
        "\"securityLabel\":[{\"code\":\"x\"}]", "\"dataPeriod\":{}",
    ])
    func narrowDenials(member: String) throws {
        try expect(
            "deny-restricted", consent("\(Self.good),\"provision\":[{\"type\":\"deny\",\(purposes("HMARKT")),\(member)}]"),
            holders: ["Organization/lab"])
    }

    @Test func actorsMustBeTheHolderInARecipientsRole() throws {
        let options = ImportOptions(holders: ["Organization/lab"])
        #expect(try imported(consent("\(Self.good),\(Self.actorPRCP)"), options: options).consents.count == 1)
        try expect("actor-restricted", consent("\(Self.good),\(Self.actorCST)"), holders: ["Organization/lab"])
    }

    @Test(arguments: [
        ("{\"end\":\"2026-12-31\"}", "period-start-missing"), ("{}", "period-start-missing"),
        ("{\"start\":\"2026\",\"end\":\"2026-12-31\"}", "period-date"),
        ("{\"start\":\"2026-01\"}", "period-date"), ("{\"start\":\"2026-01-01\",\"end\":\"2026-02-30\"}", "period-date"),
        ("{\"start\":\"2025-02-29\"}", "period-date"),
        ("{\"start\":\"2026-01-01T00:00:00\"}", "period-date"), ("{\"start\":\"2026-01-01T24:00:00Z\"}", "period-date"),
        ("{\"start\":\"2026-01-01T00:00Z\"}", "period-date"),
        ("{\"start\":\"2026-01-01T00:00:00.Z\"}", "period-date"), ("{\"start\":\"2026-01-01T00:00:00+0200\"}", "period-date"),
        ("{\"start\":\"26-01-01\"}", "period-date"),
        ("{\"start\":\"2026-01-02\",\"end\":\"2026-01-01\"}", "period-reversed"),
        ("{\"start\":\"2026-01-01T12:00:01Z\",\"end\":\"2026-01-01T12:00:00Z\"}", "period-reversed"),
        ("{\"start\":\"2026-01-01T12:00:00Z\",\"end\":\"2026-01-01T13:00:00Z\"}", "period-no-whole-day"),
        ("{\"start\":\"2026-01-01T05:00:00Z\",\"end\":\"2026-01-01\"}", "period-no-whole-day"),
        ("{\"start\":\"1964-01-01\",\"end\":\"2016-01-01\"}", "outside-calendar"), ("{\"start\":\"2040-01-01\"}", "outside-calendar"),
        ("{\"start\":\"2026-01-01\",\"end\":\"2026-12-31\",\"extension\":\(ext)}", "extension"), ("\"2026\"", "fhir-shape"),
        ("{\"start\":20260101}", "fhir-shape"),
    ])
    func periods(json: String, code: String) throws {
        try expect(code, consent(Self.good.replacing(period, with: "\"period\":\(json)")))
    }

    @Test(arguments: [
        (data(recordDigest.uppercased()), "record-digest"), (data(String(recordDigest.dropLast())), "record-digest"),
        (data(""), "fhir-shape"),
        (data(recordDigest).replacing("instance", with: "related"), "data-meaning"),
        (data(recordDigest).replacing("urn:zkconsent:record", with: "urn:x"), "data-reference-unknown"),
        (data(recordDigest).replacing("\"identifier\":", with: "\"reference\":\"Task/1\",\"identifier\":"), "data-reference-unknown"),
        ("\"data\":[{\"meaning\":\"instance\",\"reference\":{\"reference\":\"Task/1\"}}]", "data-reference-unknown"),
        ("\"data\":[{\"meaning\":\"instance\"}]", "fhir-shape"), ("\"data\":[]", "fhir-shape"), ("\"data\":{}", "fhir-shape"),
        (data(recordDigest).replacing("\"meaning\":", with: "\"modifierExtension\":[],\"meaning\":"), "modifier-extension"),
    ])
    func dataReferences(json: String, code: String) throws {
        try expect(code, consent(Self.good.replacing(data(recordDigest), with: json)))
    }

    @Test func withoutProvisionOrID() throws {
        try expect("provision-missing", "{\"resourceType\":\"Consent\",\"id\":\"c\",\(header.joined(separator: ","))}")
        try expect("fhir-r5", "{\"resourceType\":\"Consent\",\"id\":\"c\",\(header.joined(separator: ",")),\"provision\":[]}")
        try expect("id-missing", consent(Self.good).replacing("\"id\":\"c\",", with: ""))
    }

    // MARK: Sizes

    private func root(_ rules: [String]) -> String {
        consent("\"type\":\"deny\",\(period),\"provision\":[\(rules.map { "{\($0)}" }.joined(separator: ","))]")
    }

    @Test func tooManyProvisions() throws {
        let denial = "\"type\":\"deny\",\(purposes("HMARKT"))"
        try expect("too-many-provisions", root([String](repeating: Self.good, count: 1_000)))
        try expect("too-many-provisions", root([String](repeating: "\(Self.good),\"provision\":[{\(denial)}]", count: 500)))
        let denials = [String](repeating: "{\(denial)}", count: 1_000).joined(separator: ",")
        try expect("too-many-provisions", consent("\(Self.good),\"provision\":[\(denials)]"))
    }

    /// 500 permits of different records and 499 denials, each of many purposes.
    @Test func manyProvisionsAreQuick() throws {
        let permitted = purposes("HRESCH", "HQUALIMP", "FRAUD", "HCOMPL", "TREAT")
        let denied = "\"type\":\"deny\",\(purposes("HMARKT", "HPAYMT", "PATRQT", "PUBHLTH", "HACCRED", "HLEGAL", "DONAT", "TRAIN"))"
        let permits = (0..<500).map { number in
            let digits = String(number, radix: 16)
            return permit(permitted).replacing(recordDigest, with: String(repeating: "0", count: 64 - digits.count) + digits)
        }
        let text = root(permits + [String](repeating: denied, count: 499))
        var result = ImportResult()
        let time = try ContinuousClock().measure { result = try imported(text) }
        #expect(result.consents.count == 500 && result.refusedConsents.isEmpty)
        #expect(time < .seconds(5), "\(time)")
    }

    /// Rules that differ in their last days only, for all records of the subject.
    @Test(arguments: [(100, 1_000, true), (100, 1_001, false), (999, 10_000, false)])
    func consentsOfOneResource(rules: Int, records: Int, isTaken: Bool) throws {
        var index = RecordIndex(keyColumns: ["k"])
        let table = RecordTable(dataset: "d", keyColumns: ["k"], subjectColumn: "s")
        var reader = try RecordReader(
            ByteSource(Array("k,s\n\((0..<records).map { "\($0),Patient/1\n" }.joined())".utf8)), format: .csv, table: table)
        for record in try reader.readAll() { index.insert(record) }
        let first = try #require(Day(iso8601: "2026-01-01"))
        let days = try (0..<rules).map { try #require(first.advanced(by: $0)).iso8601 }
        let text = consent(
            "\"type\":\"deny\",\"provision\":["
                + days.map {
                    "{\"type\":\"permit\",\"period\":{\"start\":\"2026-01-01\",\"end\":\"\($0)\"},\(purposes("HRESCH"))}"
                }.joined(separator: ",") + "]")
        let result = try imported(text, options: ImportOptions(coversAllRecordsOfSubject: true), records: index)
        #expect(result.refusals.map(\.reason.code) == (isTaken ? [] : ["too-many-consents"]))
        #expect(result.consents.count == (isTaken ? rules * records : 0))
        #expect(!isTaken || result.consents.last?.id == "c#\(rules * records)")
    }

    @Test func hintsNameTheOptions() throws {
        let whole = try imported(consent("\"type\":\"permit\",\(period),\(purposes("HRESCH"))")).refusals.first?.reason
        #expect(whole?.hint?.contains("--all-records-of-subject, with --records FILE --dataset NAME") == true)
        let keyed = consent(Self.good.replacing("urn:zkconsent:record", with: "urn:zkconsent:record-key"))
        #expect(try imported(keyed).refusals.first?.reason.hint?.contains("--records FILE --dataset NAME") == true)
        #expect(try imported(keyed, records: RecordIndex()).refusals.first?.reason.hint?.contains("--key") == true)
        #expect(try imported(keyed, records: RecordIndex(keyColumns: ["k"])).refusals.first?.reason.hint == nil)
    }

    private func expect(_ code: String, _ text: String, holders: Set<String> = []) throws {
        for format in [ConsentFormat.fhir, .fhirNDJSON] {
            let result = try imported(text, format: format, options: ImportOptions(holders: holders))
            #expect(result.consents.isEmpty)
            #expect(result.refusals.map(\.reason.code).last == code)
            #expect(result.refusals.last?.isPartial == false && result.refusals.last?.position == 1)
        }
    }
}
