// SPDX-License-Identifier: Apache-2.0

import ConsentImport
import ConsentModel
import Foundation
import TestSupport
import Testing

private let digest = String(repeating: "0a", count: 32)

@Suite struct ConsentImporterTests {
    private let line =
        "{\"id\":\"c-1\",\"record\":\"\(digest)\",\"subject\":\"patient/17\",\"controller\":\"https://hospital.example\",\"purposes\":[\"AcademicResearch\"],\"in_force\":{\"from\":\"2026-01-01\",\"to\":\"2027-12-31\"}}"

    @Test func normalisedLines() throws {
        let schema = try Schema.builtIn(named: "consent-v1")
        let result = try imported("\(line)\n\(line.replacing("c-1", with: "c-2"))\n\n")
        #expect(result.consents.map(\.id) == ["c-1", "c-2"] && result.refusals.isEmpty)
        let again = try imported(result.consents.map { $0.json(schema: schema).canonicalText }.joined(separator: "\n"))
        #expect(again.consents == result.consents)
    }

    @Test(arguments: [
        ("\"subject\":\"patient/17\",", "", "missing-key"), ("AcademicResearch", "AcademicResearh", "unknown-flag"),
        ("\"id\":\"c-1\",", "", "invalid-value"),
        ("2027-12-31", "2025-12-31", "invalid-value"), ("2027-12-31", "2047-12-31", "outside-calendar"),
        ("\"id\"", "\"idd\"", "unknown-key"),
        (digest, "0a", "invalid-value"), ("\"subject\"", "\"record\"", "json-duplicate-member"), ("{\"id\"", "{{\"id\"", "json-syntax"),
    ])
    func refusesLines(old: String, new: String, code: String) throws {
        let result = try imported("\(line)\n\(line.replacing("c-1", with: "x").replacing(old, with: new))\n", format: .jsonl)
        let changed = line.replacing(old, with: new)
        let both = try imported("\(line.replacing("c-1", with: "other"))\n\(changed)\n", format: .jsonl)
        #expect(both.consents.map(\.id) == ["other"])
        #expect(both.refusals.map(\.reason.code) == [code] && both.refusals.map(\.position) == [2])
        guard case .line(2, column: _) = both.refusals.first?.reason.position else {
            Issue.record("no line")
            return
        }
        _ = result
    }

    @Test func duplicateIDsRefuseAll() throws {
        let result = try imported("\(line)\n\(line.replacing("c-1", with: "c-2"))\n\(line)\n")
        #expect(result.consents.map(\.id) == ["c-2"])
        #expect(result.refusals.map(\.reason.code) == ["duplicate-id", "duplicate-id"])
        #expect(result.refusals.map(\.position) == [1, 3])
    }

    @Test func tables() throws {
        let csv = """
            id,record,subject,controller,purposes,data_categories,not_before,expires,age
            a,\(digest),s1,https://h.example,ScientificResearch;AcademicResearch,Health,2026-01-01,2026-12-31,41
            b,\(digest),s2,https://h.example,ScientificResearch | Marketing,,2026-01-01,2026-01-01,
            """
        let result = try imported(csv)
        #expect(result.refusals.isEmpty)
        #expect(result.consents.map(\.id) == ["a", "b"])
        #expect(result.consents[0].flags == ["purposes": ["ScientificResearch", "AcademicResearch"], "data_categories": ["Health"]])
        #expect(result.consents[1].flags == ["purposes": ["ScientificResearch", "Marketing"]])
        #expect(result.consents[0].values["age"] == .uint(41))
        #expect(result.consents[0].values["not_before"] == .uint(UInt64(result.consents[0].inForce.first.number)))
        #expect(result.consents[1].inForce.count == 1)
    }

    @Test func tablesJoinedByKey() throws {
        let table = Array("v,p,x\n1,7,a\n2,7,b\n".utf8)
        let csv =
            "id,record_key.p,record_key.v,subject,controller,purposes,not_before,expires\na,7,2,s,c,Marketing,2026-01-01,2026-12-31\nb,7,3,s,c,Marketing,2026-01-01,2026-12-31\n"
        let two = RecordTable(dataset: "d", keyColumns: ["v", "p"])
        var reader = try RecordReader(ByteSource(table), format: .csv, table: two)
        let records = try reader.readAll()
        let result = try imported(csv, records: RecordIndex(ByteSource(table), format: .csv, table: two))
        #expect(result.consents.map { $0.values["record"] } == [.id(records[1].digest)])
        #expect(result.refusals.map(\.reason.code) == ["record-key-unknown"])

        let byNumber = try RecordIndex(ByteSource(table), format: .csv, table: RecordTable(dataset: "d"))
        let simple =
            "id,record_key,record,subject,controller,not_before,expires\na,2,,s,c,2026-01-01,2026-12-31\nb,2,\(digest),s,c,2026-01-01,2026-12-31\nc,,,s,c,2026-01-01,2026-12-31\n"
        let joined = try imported(simple, records: byNumber)
        #expect(joined.consents.map(\.id) == ["a"])
        #expect(joined.refusals.map(\.reason.code) == ["record-mismatch", "missing-key"])
    }

    @Test(arguments: [
        ("id,subject,controller,not_before,expires\n", "column-missing"),
        ("record,subject,controller,not_before,expires\n", "column-missing"),
        ("id,record,subject,controller,expires\n", "column-missing"),
        ("id,record_key,subject,controller,not_before,expires\n", "records-missing"),
        ("id,record,subject,controller,not_before,expires,purpose\n", "unknown-column"),
        ("id,record,subject,controller,not_before,expires\na\n", "csv-ragged-row"),
        ("id,record,id\n", "csv-duplicate-column"), ("id,record,subject,controller,not_before,expires,\n", "unknown-column"),
    ])
    func refusesTables(csv: String, code: String) {
        let error = #expect(throws: ModelError.self) { try imported(csv) }
        #expect(error?.code == code)
    }

    @Test(arguments: [
        ("a,\(digest),s,c,Marketin,2026-01-01,2026-12-31", "unknown-flag"),
        ("a,\(digest),,c,Marketing,2026-01-01,2026-12-31", "missing-key"),
        ("a,\(digest),s,,Marketing,2026-01-01,2026-12-31", "missing-key"), ("a,,s,c,Marketing,2026-01-01,2026-12-31", "missing-key"),
        (",\(digest),s,c,Marketing,2026-01-01,2026-12-31", "invalid-value"), ("a,\(digest),s,c,Marketing,,2026-12-31", "period-missing"),
        ("a,\(digest),s,c,Marketing,2026-01-01,", "period-missing"), ("a,\(digest),s,c,Marketing,2026-12-31,2026-01-01", "invalid-value"),
        ("a,\(digest),s,c,Marketing,01.01.2026,2026-12-31", "invalid-value"),
        ("a,\(digest),s,c,ScientificResearch\u{37e}Marketing,2026-01-01,2026-12-31", "unknown-flag"),
        ("a,xyz,s,c,Marketing,2026-01-01,2026-12-31", "invalid-value"),
        ("a,\(digest),s,c,Marketing,2026-01-01,2050-12-31", "outside-calendar"),
    ])
    func refusesRows(row: String, code: String) throws {
        let result = try imported("id,record,subject,controller,purposes,not_before,expires\n\(row)\n")
        #expect(result.consents.isEmpty)
        #expect(result.refusals.map(\.reason.code) == [code])
        #expect(result.refusals.first?.reason.position == .line(2, column: 1))
    }

    /// What is said of a table is said in its columns.
    @Test(arguments: [
        ("01/01/2026", "2026-12-31", "not_before is no date"), ("2026-01-01", "31.12.2026", "expires is no date"),
        ("2026-02-30", "2026-12-31", "not_before is no date"), ("2026-01-01", "2300-01-01", "expires is no date"),
        ("2026-12-31", "2026-01-01", "expires (2026-01-01) is before not_before (2026-12-31)"),
    ])
    func datesOfTables(from: String, to: String, message: String) throws {
        let table = "id,record,subject,controller,purposes,not_before,expires\na,\(digest),s,c,Marketing,\(from),\(to)\n"
        let reason = try #require(try imported(table).refusals.first?.reason)
        #expect(reason.code == "invalid-value" && reason.message.hasPrefix(message), "\(reason)")
        #expect(!message.hasSuffix("no date") || reason.message.contains("YYYY-MM-DD"))
    }

    /// What a format has no use for is refused, not passed over.
    @Test(arguments: [
        (ImportOptions(defaults: ["notice": .string("n")]), "--default"), (ImportOptions(holders: ["h"]), "--holder"),
        (ImportOptions(coversAllRecordsOfSubject: true), "--all-records-of-subject"),
    ])
    func optionsOfFHIR(options: ImportOptions, name: String) throws {
        let table = "id,record,subject,controller,not_before,expires\na,\(digest),s,c,2026-01-01,2026-12-31\n"
        for (text, format) in [(table, "CSV"), (line, "JSON Lines")] {
            #expect(try imported(text).consents.count == 1)
            let error = #expect(throws: ModelError.self) { try imported(text, options: options) }
            #expect(error?.code == "option-unused" && error?.message == "\(name) is for consents in FHIR, and these are in \(format)")
        }
    }

    @Test func recordsOfAnotherFormat() throws {
        let table = "id,record,subject,controller,not_before,expires\na,\(digest),s,c,2026-01-01,2026-12-31\n"
        func records(subjects column: String?) throws -> RecordIndex {
            try RecordIndex(ByteSource(Array("k,s\n1,a\n".utf8)), format: .csv, table: RecordTable(dataset: "d", subjectColumn: column))
        }
        #expect(try imported(table, records: records(subjects: nil)).consents.count == 1)
        for (text, column, name) in [(table, "s", "--subject-column"), (line, "s", "--subject-column"), (line, nil, "--records")] {
            let error = #expect(throws: ModelError.self) { try imported(text, records: records(subjects: column)) }
            #expect(error?.code == "option-unused" && error?.message.hasPrefix("\(name) is for consents in FHIR") == true)
        }
    }

    @Test func hintsNameTheOptionThatIsMissing() throws {
        let table = Array("v,p\n1,7\n".utf8)
        let csv = "id,record_key,subject,controller,not_before,expires\na,9,s,c,2026-01-01,2026-12-31\n"
        for (columns, isHinted) in [([], true), (["v"], false)] {
            let index = try RecordIndex(ByteSource(table), format: .csv, table: RecordTable(dataset: "d", keyColumns: columns))
            let reason = try imported(csv, records: index).refusals.first?.reason
            #expect(reason?.code == "record-key-unknown" && (reason?.hint?.contains("--key") ?? false) == isHinted)
        }
        let error = #expect(throws: ModelError.self) { try imported(csv) }
        #expect(error?.code == "records-missing" && error?.hint?.contains("--records FILE --dataset NAME") == true)
    }

    @Test(arguments: [
        ("{\"id\":\"x\"}\n", ConsentFormat.jsonl), ("{\"id\":\"x\"}", .jsonl), ("id,record\n", .csv), ("\u{feff}id,record", .csv),
        ("\"id\",x", .csv),
        ("{\"resourceType\":\"Consent\"}", .fhirNDJSON), ("{\n  \"resourceType\": \"Consent\"}", .fhir),
        ("\u{feff}{\"resourceType\":\"Consent\"}\n{}", .fhirNDJSON),
        ("{\"resourceType\":\"Consent\",\n\"a\":1}", .fhir), ("{\"resourceType\":\"Consent\",\"a\":}\n{}", .fhirNDJSON),
    ])
    func detects(text: String, format: ConsentFormat) throws {
        #expect(try ConsentFormat.detect(Array(text.utf8)) == format)
    }

    @Test(arguments: ["", " \n", "[{}]", "<Consent/>", "hello\nworld,x", "PK\u{3}\u{4}\0,"])
    func refusesToDetect(text: String) {
        #expect(throws: ModelError.self) { try ConsentFormat.detect(Array(text.utf8)) }
        #expect(throws: ModelError.self) { try imported(text) }
    }

    @Test func hostileBytesNeverTrap() throws {
        let seeds = [
            line, "id,record,subject,controller,not_before,expires\na,\(digest),s,c,2026-01-01,2026-12-31",
            "{\"resourceType\":\"Consent\",\"id\":\"c\"}",
        ]
        let importer = ConsentImporter(schema: try Schema.builtIn(named: "consent-v1"))
        var state: UInt64 = 7
        for _ in 0..<3_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var bytes = Array(seeds[Int(state >> 60) % 3].utf8)
            bytes[Int(state >> 20) % bytes.count] = UInt8(truncatingIfNeeded: state >> 33)
            bytes.removeLast(Int(state >> 50) % 4)
            for format in ConsentFormat.allCases { _ = try? importer.read(ByteSource(bytes, pieceSize: 11), format: format) }
        }
    }

    @Test func syntheticConsentsAreImportedAsTheyAreMeant() throws {
        var reader = try RecordReader(
            ByteSource(path: vectorURL("21-datasets/statsmodels/randhie.csv").path), format: .csv, table: RecordTable(dataset: "randhie"))
        let records = try reader.readAll()
        let days = try #require(
            Day(iso8601: "2026-01-01").flatMap { first in Day(iso8601: "2026-12-31").flatMap { DayInterval(first: first, last: $0) } })
        var template = SyntheticConsents.Template(controller: "https://hospital.example", inForce: days)
        template.purposes = ["HRESCH", "HQUALIMP"]
        let text = SyntheticConsents.ndjson(for: records, template, leavingOut: [17: ["HRESCH"], 18: ["HRESCH", "HQUALIMP"]])
        #expect(text == SyntheticConsents.ndjson(for: records, template, leavingOut: [17: ["HRESCH"], 18: ["HRESCH", "HQUALIMP"]]))

        let importer = ConsentImporter(schema: try Schema.builtIn(named: "consent-v1"))
        var result = ImportResult()
        let time = try ContinuousClock().measure { result = try importer.read(ByteSource(text)) }
        print("FHIR, \(records.count) consents, \(text.count) bytes: \(time)")
        #expect(result.consents.count == records.count - 1)
        #expect(result.refusals.map(\.reason.code) == ["nothing-permitted"] && result.refusals.map(\.position) == [18])
        for consent in result.consents {
            let number = try #require(Int(consent.id.dropFirst("consent-".count)))
            #expect(consent.values["record"] == .id(records[number - 1].digest))
            #expect(consent.values["subject"] == .id(Array("Patient/\(number)".utf8)))
            #expect(consent.values["controller"] == .id(Array("https://hospital.example".utf8)))
            #expect(consent.values["notice"] == .id(Array("https://hospital.example/notices/research".utf8)))
            #expect(consent.flags["purposes"] == (number == 17 ? ["ImproveHealthcare"] : ["ScientificResearch", "ImproveHealthcare"]))
            #expect(consent.flags["data_categories"] == ["Health"])
            #expect(consent.inForce == days)
        }
    }
}
