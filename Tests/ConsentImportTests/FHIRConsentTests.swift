// SPDX-License-Identifier: Apache-2.0

import ConsentImport
import ConsentModel
import Foundation
import TestSupport
import Testing

@Suite struct FHIRConsentTests {
    /// What each published example becomes: none names purposes and records as a proof needs them, and each says why.
    @Test(
        arguments: [
            ("R4/Consent-consent-example-basic.json", "provision-type-missing"),
            ("R4/Consent-consent-example-notAuthor.json", "provision-type-missing"),
            ("R4/Consent-consent-example-notOrg.json", "deny-restricted"),
            ("R4/Consent-consent-example-notThis.json", "provision-type-missing"),
            ("R4/Consent-consent-example-notTime.json", "provision-type-missing"),
            ("R4/Consent-consent-example-pkb.json", "provision-type-missing"),
            ("R4/Consent-consent-example-signature.json", "provision-type-missing"),
            ("R4/Consent-consent-example-smartonfhir.json", "provision-type-missing"),
            ("R4-AB352/consent-1.json", "extension"),
            ("R5/consent-example.R4-shaped.json", "provision-type-missing"),
            ("R5/consent-example-notTime.derived.json", "fhir-r5"),
            ("STU3/Consent-consent-example-basic.json", "fhir-stu3"),
            ("STU3/Consent-consent-example-notAuthor.json", "fhir-stu3"),
            ("STU3/Consent-consent-example-notOrg.json", "fhir-stu3"),
            ("STU3/Consent-consent-example-notThis.json", "fhir-stu3"),
            ("STU3/Consent-consent-example-notTime.json", "fhir-stu3"),
            ("STU3/Consent-consent-example-pkb.json", "fhir-stu3"),
            ("STU3/Consent-consent-example-signature.json", "fhir-stu3"),
            ("STU3/Consent-consent-example-smartonfhir.json", "fhir-stu3"),
        ])
    func publishedExamples(path: String, code: String) throws {
        let text = String(decoding: try vectorBytes("16-fhir-consent/\(path)"), as: UTF8.self)
        let result = try imported(text)
        #expect(result.consents.isEmpty)
        #expect(result.refusals.map(\.reason.code) == [code])
        #expect(result.refusals.first?.id?.isEmpty == false)
    }

    /// HL7's basic example, once it says that it permits, for what and for which record.
    @Test func publishedBasicExampleCompleted() throws {
        let text = String(decoding: try vectorBytes("16-fhir-consent/R4/Consent-consent-example-basic.json"), as: UTF8.self)
        #expect(text.contains("\"period\""))
        let completed = text.replacing(
            "\"provision\": {", with: "\"provision\": {\"type\":\"permit\",\(purposes("HRESCH")),\(data(recordDigest)),")
        #expect(try imported(completed).refusals.map(\.reason.code) == ["outside-calendar"])
        let result = try imported(completed.replacing("1964-01-01", with: "2021-02-03").replacing("2016-01-01", with: "2022-03-04"))
        #expect(result.refusals.isEmpty)
        let consent = try #require(result.consents.first)
        #expect(consent.id == "consent-example-basic")
        #expect(consent.values["subject"] == .id(Array("Patient/f001".utf8)))
        #expect(consent.values["controller"] == .id(Array("Organization/f001".utf8)))
        #expect(consent.values["notice"] == .id(Array("http://terminology.hl7.org/CodeSystem/v3-ActCode|OPTIN".utf8)))
        #expect(consent.values["record"] == .id([UInt8](repeating: 10, count: 32)))
        #expect(consent.values["expires"] == .uint(UInt64(try #require(Day(iso8601: "2022-03-04")).number)))
        #expect(consent.flags == ["purposes": ["ScientificResearch"]])
        #expect(consent.inForce.first.iso8601 == "2021-02-03" && consent.inForce.last.iso8601 == "2022-03-04")
    }

    @Test func everyPartOfAConsent() throws {
        let provision = permit(
            purposes("HRESCH", "HMARKT", "dpv:AcademicResearch"),
            "\"class\":[{\"system\":\"https://w3id.org/dpv/pd#\",\"code\":\"Health\"}]",
            "\"action\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentaction\",\"code\":\"use\"}]}]",
            "\"actor\":[{\"role\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ParticipationType\",\"code\":\"IRCP\"}]},"
                + "\"reference\":{\"reference\":\"Organization/lab\"}}]")
        let result = try imported(
            consent(provision, header: [status, scope, category, patient, organization, "\"policy\":[{\"uri\":\"https://h.example/n\"}]"]),
            options: ImportOptions(
                holders: ["Organization/lab"], defaults: ["legal_basis": .string("eu-gdpr:A6-1-a"), "age": .integer(40)]))
        #expect(result.refusals.isEmpty)
        let consent = try #require(result.consents.first)
        #expect(
            consent.flags == [
                "purposes": ["ScientificResearch", "Marketing", "AcademicResearch"], "data_categories": ["Health"], "processing": ["Use"],
            ])
        #expect(consent.values["recipient"] == .id(Array("Organization/lab".utf8)))
        #expect(consent.values["notice"] == .id(Array("https://h.example/n".utf8)))
        #expect(consent.values["legal_basis"] == .id(Array("eu-gdpr:A6-1-a".utf8)))
        #expect(consent.values["age"] == .uint(40))
    }

    @Test(
        arguments: [
            (purposes("HRESCH", "HMARKT"), purposes("HMARKT"), ["ScientificResearch"]),
            (purposes("HRESCH", "HMARKT"), purposes("BIORCH"), ["Marketing"]),
            (purposes("HRESCH", "HMARKT"), purposes("PurposeOfUse"), nil),
            (purposes("HRESCH", "HMARKT"), purposes("CLINTRL"), ["Marketing"]),
            (purposes("FRAUD", "HRESCH"), purposes("HOPERAT"), ["ScientificResearch"]),
            (purposes("HRESCH"), purposes("HRESCH"), nil),
            (purposes("HRESCH", "dpv:Marketing"), purposes("HMARKT"), ["ScientificResearch"]),
            (purposes("dpv:AcademicResearch", "dpv:Marketing"), purposes("dpv:ResearchAndDevelopment"), ["Marketing"]),
            (purposes("dpv:Marketing", "dpv:AcademicResearch"), purposes("dpv:PersonalisedAdvertising"), ["AcademicResearch"]),
            (purposes("dpv:CommercialResearch", "dpv:AcademicResearch"), purposes("dpv:CommercialPurpose"), ["AcademicResearch"]),
        ] as [(String, String, [String]?)])
    func denialsWin(permitted: String, denied: String, left: [String]?) throws {
        let forms = [
            permit(permitted, "\"provision\":[{\"type\":\"deny\",\(denied)}]"),
            "\"type\":\"deny\",\(period),\"provision\":[{\(permit(permitted))},{\"type\":\"deny\",\(denied)}]",
            "\"type\":\"deny\",\"provision\":[{\(permit(permitted, "\"provision\":[{\"type\":\"deny\",\(denied)}]"))}]",
        ]
        for form in forms {
            let result = try imported(consent(form))
            #expect(result.consents.first?.flags["purposes"] == left.map { Set($0) })
            #expect(result.refusals.map(\.reason.code) == (left == nil ? ["nothing-permitted"] : []))
        }
    }

    @Test func permitsWithinARootOfTypeDeny() throws {
        let outer = "\"type\":\"deny\",\"period\":{\"start\":\"2026-06-01\",\"end\":\"2027-06-01\"}"
        let one = "{\"type\":\"permit\",\(data(recordDigest)),\(purposes("HRESCH"))}"
        let same = "{\"type\":\"permit\",\(data(recordDigest)),\(purposes("HMARKT"))}"
        let early = "{\(permit(purposes("HMARKT")))}"
        let result = try imported(consent("\(outer),\"provision\":[\(one),\(same),\(early)]"))
        #expect(result.refusals.isEmpty)
        #expect(result.consents.map(\.id) == ["c#1", "c#2"])
        #expect(result.consents.map { $0.flags["purposes"] } == [["ScientificResearch", "Marketing"], ["Marketing"]])
        #expect(result.consents.map(\.inForce.last.iso8601) == ["2027-06-01", "2026-12-31"])
        #expect(result.consents.map(\.inForce.first.iso8601) == ["2026-06-01", "2026-06-01"])
    }

    @Test func oneConsentForEachRecord() throws {
        let provision = "\"type\":\"permit\",\(period),\(data(recordDigest, other, recordDigest)),\(purposes("HRESCH"))"
        let result = try imported(consent(provision))
        #expect(result.consents.map(\.id) == ["c#1", "c#2"])
        #expect(
            result.consents.map { $0.values["record"] } == [.id([UInt8](repeating: 10, count: 32)), .id([UInt8](repeating: 11, count: 32))])
    }

    /// Parts of a union that are not understood are left out, and said to be.
    @Test(
        arguments: [
            (purposes("HRESCH", "PUBHLTH"), "purpose-not-in-schema"), (purposes("HRESCH", "TREAT"), "purpose-not-in-schema"),
            (purposes("HRESCH", "XYZ"), "purpose-unknown"), (purposes("HRESCH", "dpv:XYZ"), "purpose-unknown"),
            (
                purposes("HRESCH")
                    + ",\"class\":[{\"system\":\"https://w3id.org/dpv/pd#\",\"code\":\"Health\"},{\"system\":\"http://hl7.org/fhir/resource-types\",\"code\":\"Task\"}]",
                "class-unknown"
            ),
            (
                purposes("HRESCH")
                    + ",\"class\":[{\"system\":\"https://w3id.org/dpv/pd#\",\"code\":\"Health\"},{\"system\":\"https://w3id.org/dpv/pd#\",\"code\":\"Xyz\"}]",
                "class-not-in-schema"
            ),
        ])
    func leavesOut(members: String, code: String) throws {
        let result = try imported(consent(permit(members)))
        #expect(result.consents.map { $0.flags["purposes"] } == [["ScientificResearch"]])
        #expect(result.refusals.map(\.reason.code) == [code])
        #expect(result.refusals.allSatisfy(\.isPartial) && result.refusedConsents.isEmpty)
    }

    @Test(arguments: [
        ("2026-01-01", "2026-01-01", "2026-01-01", "2026-01-01"),
        ("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-01", "2026-01-02"),
        ("2026-01-01T00:00:01Z", "2026-01-03T23:59:59Z", "2026-01-02", "2026-01-03"),
        ("2026-01-01T00:00:00.5Z", "2026-01-03T23:59:59.999Z", "2026-01-02", "2026-01-03"),
        ("2026-01-01T00:00:00.000Z", "2026-01-03T23:59:59.5Z", "2026-01-01", "2026-01-02"),
        ("2026-01-01T00:00:00+02:00", "2026-01-03T23:59:59+02:00", "2026-01-01", "2026-01-02"),
        ("2026-01-01T00:00:00-05:00", "2026-01-03T23:59:59-05:00", "2026-01-02", "2026-01-03"),
        ("2024-02-28", "2024-02-29", "2024-02-28", "2024-02-29"),
    ])
    func periodsAreWholeDaysInUTC(start: String, end: String, first: String, last: String) throws {
        let text = consent(permit(purposes("HRESCH")).replacing("2026-01-01", with: start).replacing("2026-12-31", with: end))
        let consent = try #require(try imported(text).consents.first)
        #expect(consent.inForce.first.iso8601 == first && consent.inForce.last.iso8601 == last)
    }

    @Test func openAndLongPeriodsEndWithTheCalendar() throws {
        let open = try imported(consent(permit(purposes("HRESCH")).replacing(",\"end\":\"2026-12-31\"", with: "")))
        #expect(open.consents.map(\.inForce.last.iso8601) == ["2039-12-31"] && open.refusals.isEmpty)
        let long = try imported(
            consent(permit(purposes("HRESCH")).replacing("2026-12-31", with: "2999-12-31").replacing("2026-01-01", with: "1964-01-01")))
        #expect(long.consents.map(\.inForce.last.iso8601) == ["2039-12-31"] && long.consents.map(\.inForce.first.iso8601) == ["2020-01-01"])
        #expect(long.refusals.map(\.reason.code) == ["calendar-clamped"])
    }

    @Test func bundlesAndLines() throws {
        let one = consent(permit(purposes("HRESCH")), id: "a")
        let two = consent(permit(purposes("HRESCH")), id: "b")
        let bundle =
            "{\n\"resourceType\":\"Bundle\",\"type\":\"collection\",\n\"entry\":[{\"resource\":{\"resourceType\":\"Patient\"}},{\"resource\":\(one)},{\"fullUrl\":\"urn:x\",\"resource\":\(two)}]}"
        #expect(try imported(bundle).consents.map(\.id) == ["a", "b"])
        #expect(try imported("\u{feff}\(one)\n\(two)\n{\"resourceType\":\"Patient\"}\n").consents.map(\.id) == ["a", "b"])
        #expect(try imported(bundle.replacing("collection", with: "transaction")).refusals.map(\.reason.code) == ["bundle-type"])
        let broken = try imported("\(one)\n\(two.dropLast())\n{\"a\":1}\n[]\n")
        #expect(broken.consents.map(\.id) == ["a"])
        #expect(broken.refusals.map(\.reason.code) == ["json-syntax", "not-fhir", "not-fhir"])
        #expect(broken.refusals.map(\.position) == [2, 3, 4])
        let twice = try imported("\(one)\n\(one.replacing("active", with: "inactive"))\n\(two)")
        #expect(twice.consents.map(\.id) == ["b"])
        #expect(twice.refusals.map(\.reason.code) == ["duplicate-id", "status-not-active"])
    }

    @Test func recordsByKeyAndBySubject() throws {
        let table = RecordTable(dataset: "d", keyColumns: ["k"], subjectColumn: "s")
        let csv = Array("k,s\nr1,Patient/1\nr2,Patient/2\nr3,Patient/1\n".utf8)
        let index = try RecordIndex(ByteSource(csv), format: .csv, table: table)
        var reader = try RecordReader(ByteSource(csv), format: .csv, table: table)
        let all = try reader.readAll()
        let keyed = consent(
            permit(purposes("HRESCH")).replacing("urn:zkconsent:record", with: "urn:zkconsent:record-key").replacing(
                recordDigest, with: "r2"))
        #expect(try imported(keyed, records: index).consents.map { $0.values["record"] } == [.id(all[1].digest)])
        #expect(try imported(keyed).refusals.map(\.reason.code) == ["record-key-unknown"])
        #expect(try imported(keyed.replacing("r2", with: "r9"), records: index).refusals.map(\.reason.code) == ["record-key-unknown"])

        let whole = consent("\"type\":\"permit\",\(period),\(purposes("HRESCH"))")
        #expect(try imported(whole, records: index).refusals.map(\.reason.code) == ["record-missing"])
        let options = ImportOptions(coversAllRecordsOfSubject: true)
        #expect(
            try imported(whole, options: options, records: index).consents.map { $0.values["record"] } == [
                .id(all[0].digest), .id(all[2].digest),
            ])
        #expect(
            try imported(whole.replacing("Patient/1", with: "Patient/9"), options: options, records: index).refusals.map(\.reason.code)
                == ["record-missing"])
    }

    @Test func theTablesOfPurposesAreThePublishedOnes() throws {
        struct Concept: Decodable {
            let code: String
            let concept: [Concept]?
        }
        struct System: Decodable { let concept: [Concept] }
        func find(_ code: String, in concepts: [Concept]) -> Concept? {
            for concept in concepts {
                if concept.code == code { return concept }
                if let found = find(code, in: concept.concept ?? []) { return found }
            }
            return nil
        }
        let system: System = try vectorJSON("16-fhir-consent/R4-definitions/CodeSystem-v3-ActReason.json")
        let root = try #require(find("PurposeOfUse", in: system.concept))
        var narrower: [String: [String]] = [:]
        func collect(_ concept: Concept) {
            guard let children = concept.concept, !children.isEmpty else { return }
            narrower[concept.code] = children.map(\.code)
            children.forEach(collect)
        }
        collect(root)
        #expect(narrower == PurposeOfUse.narrower)

        var reader = try CSVReader(ByteSource(path: vectorURL("18-dpv-ts27560/dpv-2.3/purposes.csv").path))
        let columns = try ["term", "dpvtype", "hasbroader"].map { try #require(reader.columns.firstIndex(of: $0)) }
        var broader: [String: [String]] = [:]
        while try reader.next() {
            guard reader.row.text(columns[1]) == "https://w3id.org/dpv#Purpose" else { continue }
            broader[reader.row.text(columns[0])] = reader.row.text(columns[2]).split(separator: ";").map {
                String($0.split(separator: "#")[1])
            }
            .filter { $0 != "Purpose" }
        }
        #expect(broader == DPVPurposes.broader)
        let schema = try Schema.builtIn(named: "consent-v1")
        for term in schema.flagGroup(named: "purposes")?.values ?? [] { #expect(broader[term] != nil, "\(term)") }
        for (code, term) in PurposeOfUse.dpvPurposes { #expect(find(code, in: [root]) != nil && broader[term] != nil) }
    }
}
