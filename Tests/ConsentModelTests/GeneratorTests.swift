// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Groups
import TestSupport
import Testing

@Suite struct GeneratorTests {
    @Test(arguments: ["test-small", "consent-v1"])
    func generatorsAreThoseOfThePeer(name: String) throws {
        let schema = try Schema.builtIn(named: name)
        let table = try GeneratorTable(schema)
        let offsets = [0, 1, 2, 6, 7, schema.calendar.count - 1]
        let answer = try reference(
            .object([
                "do": .string("generators"), "schema": schema.json, "offsets": .array(offsets.map { .integer(Int64($0)) }),
            ]))
        #expect(answer["digest"]?.hexBytes == schema.digest)
        #expect(answer["blinding"]?.hexBytes == Suite.encode([table.blinding]))
        #expect(answer["record"]?.hexBytes == Suite.encode([table.recordData]))
        #expect(answer["subject"]?.hexBytes == Suite.encode([table.subjectData]))
        #expect(answer["attributes"]?.array?.flatMap(\.hexBytes) == Suite.encode(table.attributes))
        #expect(answer["flags"]?.array?.flatMap(\.hexBytes) == Suite.encode(table.flags))
        #expect(answer["days"]?.array?.flatMap(\.hexBytes) == Suite.encode(offsets.map { table.days[$0] }))
    }

    @Test func sumsOfDays() throws {
        let table = try GeneratorTable(try smallSchema())
        #expect(table.days.count == 8 && table.dayPrefixSums.count == 9)
        for first in 0..<8 {
            for last in first..<8 {
                let start = try day("2026-01-01")
                let firstDay = try #require(start.advanced(by: first)), lastDay = try #require(start.advanced(by: last))
                let interval = try #require(DayInterval(first: firstDay, last: lastDay))
                let expected = table.days[first...last].reduce(Suite.identity) { Suite.add($0, $1) }
                #expect(table.sum(of: interval) == expected)
            }
        }
        #expect(table.sum(of: try days("2025-12-31", "2026-01-01")) == nil)
        #expect(table.sum(of: try days("2026-01-08", "2026-01-09")) == nil)
    }

    /// Schemas with any difference share no generator of an attribute or a flag, but all others, and those of the days that both have.
    @Test(arguments: [
        ("schema: s", "schema: t"), ("version: 1", "version: 2"), ("days: 8", "days: 7"), ("from: 2026-01-01", "from: 2026-01-02"),
        ("flags:", "  - {name: age, kind: uint}\nflags:"), ("flags:", "  - {name: age, kind: id, type: age}\nflags:"),
        ("group: g", "group: h"), ("NO, \"yes\"", "NO, no"), ("NO, \"yes\"", "\"yes\", NO"), ("NO, \"yes\"", "NO"),
    ])
    func generatorsDependOnTheSchema(old: String, new: String) throws {
        try #require(YAMLTests.valid.contains(old))
        func derived(_ text: String) throws -> GeneratorTable { try GeneratorTable(Schema(yaml: Array(text.utf8))) }
        let table = try derived(YAMLTests.valid)
        let other = try derived(YAMLTests.valid.replacing(old, with: new, maxReplacements: 1))
        for point in other.attributes + other.flags { #expect(!(table.attributes + table.flags).contains(point)) }
        #expect(table.dataBases == other.dataBases)
        let offset = Int(other.schema.calendar.first.number - table.schema.calendar.first.number)
        let common = min(table.days.count - offset, other.days.count)
        #expect(common >= 7 && table.days[offset..<offset + common] == other.days[..<common])
    }

    @Test func equalGeneratorsAreRefused() throws {
        let table = try GeneratorTable(try smallSchema())
        #expect(refusal { () throws(ModelError) in try GeneratorTable.checkDistinct(table.days) } == nil)
        #expect(
            refusal { () throws(ModelError) in try GeneratorTable.checkDistinct(table.days + [table.days[3]]) }?.code == "schema-generators"
        )
        #expect(
            refusal { () throws(ModelError) in try GeneratorTable.checkDistinct(table.days + [Suite.identity]) }?.code
                == "schema-generators")
    }

    @Test func identifiersAreThoseOfThePeer() throws {
        let ids: [(String, [UInt8])] = [
            ("subject", Array("patient/17".utf8)), ("record", (0..<32).map { $0 }), ("controller", []), ("a", [0xff]),
        ]
        let columns = ["id", "name", "age"]
        let rows = [["1", "Zoë", "30"], ["2", "", "a,b"], ["3", "Zoë", "30"]]
        var csv: [JSONValue] = []
        var expected: [[UInt8]] = []
        for key in [[], ["id"], ["name", "id"]] {
            var canonicaliser = try RecordCanonicaliser(datasetID: "trial", keyColumns: key)
            try canonicaliser.setColumns(columns)
            for (index, cells) in rows.enumerated() {
                expected.append(try canonicaliser.digest(cells: cells))
                csv.append(
                    .object([
                        "dataset": .string("trial"), "columns": .array(columns.map { .string($0) }),
                        "cells": .array(cells.map { .string($0) }),
                        "key": .array(key.map { .string($0) }), "number": .integer(Int64(index + 1)),
                    ]))
            }
        }
        let answer = try reference(
            .object([
                "do": .string("identifiers"), "csv": .array(csv),
                "ids": .array(ids.map { .object(["type": .string($0.0), "bytes": .string(hex($0.1))]) }),
            ]))
        #expect(answer["scalars"]?.array?.map(\.hexBytes) == ids.map { Identifier.scalar(type: $0.0, bytes: $0.1).bytes })
        #expect(answer["records"]?.array?.map(\.hexBytes) == expected)
        #expect(Set(expected).count == expected.count)
    }

    @Test func defaultSchemaIsDerived() throws {
        let schema = try Schema.builtIn(named: "consent-v1")
        let clock = ContinuousClock()
        var best = Duration.seconds(60)
        for _ in 0..<3 { best = min(best, try clock.measure { _ = try GeneratorTable(schema) }) }
        print("generators of consent-v1: \(best)")
        #expect(try GeneratorTable(schema).days.count == 7_305)
    }
}
