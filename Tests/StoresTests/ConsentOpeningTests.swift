// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Testing

@Suite struct ConsentOpeningTests {
    private func schema() throws -> Schema { try Schema(yaml: Array(Self.yaml.utf8)) }

    private static let yaml = """
        schema: test-v1
        version: 1
        calendar: {from: 2020-01-01, days: 4000}
        attributes:
          - {name: record, kind: id, type: record}
          - {name: subject, kind: id, type: subject}
          - {name: age, kind: uint}
          - {name: controller, kind: id, type: controller}
        flags:
          - group: purposes
            values: [a, b, c, d, e, f, g, h, i, j]

        """

    private func consent() throws -> Consent {
        let first = try #require(Day(iso8601: "2026-01-01"))
        let last = try #require(Day(iso8601: "2026-06-30"))
        let days = try #require(DayInterval(first: first, last: last))
        return Consent(
            id: "c-1",
            values: [
                "record": .id((0..<32).map { UInt8($0) }), "subject": .id(Array("p/1".utf8)), "age": .uint(0xfedc_ba98_7654_3210),
                "controller": .id([]),
            ], flags: ["purposes": ["a", "j"]], inForce: days)
    }

    private func encoded() throws -> [UInt8] {
        let (schema, consent) = (try schema(), try consent())
        var output = [UInt8](repeating: 0xee, count: try ConsentOpeningLayout.byteCount(consent, schema: schema))
        var span = output.mutableSpan
        try ConsentOpeningLayout.encode(
            consent, schema: schema, k: [UInt8](repeating: 0xaa, count: 32).span, t: [UInt8](repeating: 0xbb, count: 32).span, into: &span)
        return output
    }

    /// Byte for byte as docs/formats.md says.
    @Test func theFormIsTheDocumentedOne() throws {
        var expected: [UInt8] = [1] + [0xe6, 0x4f, 0, 0] + [0x9a, 0x50, 0, 0]
        expected += [UInt8](repeating: 0xaa, count: 32) + [UInt8](repeating: 0xbb, count: 32)
        expected += [0x01, 0x02]
        expected += [32, 0, 0, 0] + (0..<32).map { UInt8($0) } + [3, 0, 0, 0] + Array("p/1".utf8)
        expected += [8, 0, 0, 0] + [0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe] + [0, 0, 0, 0]
        #expect(try encoded() == expected)
    }

    @Test func readsBack() throws {
        let (schema, consent, bytes) = (try schema(), try consent(), try encoded())
        let layout = try ConsentOpeningLayout(parsing: bytes.span, schema: schema)
        #expect(layout.inForce == consent.inForce)
        #expect(Array(bytes[ConsentOpeningLayout.k]) == [UInt8](repeating: 0xaa, count: 32))
        #expect(Array(bytes[ConsentOpeningLayout.t]) == [UInt8](repeating: 0xbb, count: 32))
        let flags = (0..<10).map { layout.flag($0, in: bytes.span) }
        #expect(flags == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        let values = schema.attributes.indices.map { layout.value($0, in: bytes.span) }
        #expect(values == schema.attributes.map { consent.values[$0.name] })
        let uints = [1, 2].map { layout.uint($0, in: bytes.span) }
        #expect(uints == [nil, 0xfedc_ba98_7654_3210])
        #expect(Array(bytes[layout.values[1]]) == Array("p/1".utf8))
    }

    private func parse(_ bytes: [UInt8], _ schema: Schema) throws -> ConsentOpeningLayout {
        try ConsentOpeningLayout(parsing: bytes.span, schema: schema)
    }

    @Test func refusesWhatIsNotExact() throws {
        let schema = try schema()
        let bytes = try encoded()
        for length in 0..<bytes.count {
            #expect(throws: ModelError.self) { try parse(Array(bytes.prefix(length)), schema) }
        }
        #expect(throws: ModelError.self) { try parse(bytes + [0], schema) }
        // Version, days out of order or range, flags beyond the schema, lengths of a record, an id, a uint.
        for (position, value) in [(0, UInt8(0)), (0, 2), (2, 0x51), (4, 1), (8, 0xff), (74, 0x04), (75, 31), (111, 2), (113, 1), (118, 7)] {
            var changed = bytes
            changed[position] = value
            #expect(throws: ModelError.self, "byte \(position)") { try parse(changed, schema) }
        }
    }

    @Test func refusesConsentsThatAreNotOfTheSchema() throws {
        let schema = try schema()
        var missing = try consent()
        missing.values["age"] = nil
        var kind = try consent()
        kind.values["age"] = .id([1])
        var record = try consent()
        record.values["record"] = .id([1])
        for consent in [missing, kind, record] {
            #expect(throws: ModelError.self) { try ConsentOpeningLayout.byteCount(consent, schema: schema) }
        }
        var flag = try consent()
        flag.flags["purposes"] = ["z"]
        #expect(throws: ModelError.self) { try encode(flag, schema, k: 32, extra: 0) }
        let good = try consent()
        #expect(throws: ModelError.self) { try encode(good, schema, k: 31, extra: 0) }
        #expect(throws: ModelError.self) { try encode(good, schema, k: 32, extra: 1) }
        #expect(throws: ModelError.self) { try encode(good, schema, k: 32, extra: -1) }
        try encode(good, schema, k: 32, extra: 0)
    }

    private func encode(_ consent: Consent, _ schema: Schema, k: Int, extra: Int) throws {
        var output = [UInt8](repeating: 0, count: try ConsentOpeningLayout.byteCount(consent, schema: schema) + extra)
        var span = output.mutableSpan
        let blinding = [UInt8](repeating: 0, count: k)
        let other = [UInt8](repeating: 0, count: 32)
        try ConsentOpeningLayout.encode(consent, schema: schema, k: blinding.span, t: other.span, into: &span)
    }
}
