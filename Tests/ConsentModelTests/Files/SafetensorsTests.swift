// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Testing

/// The container refuses everything but its one canonical form; no length, count or shape can make it trap.
@Suite struct SafetensorsTests {
    private static func parse(_ file: [UInt8]) -> String? {
        code { _ = try Safetensors(parsing: file, format: Bundle.format) }
    }

    private static func file(_ members: String, data: Int = 0, format: String = "zkconsent-bundle/1") -> [UInt8] {
        var text = Array(("{\"__metadata__\":{\"format\":\"\(format)\"}" + (members.isEmpty ? "" : ",") + members + "}").utf8)
        while text.count % 8 != 0 { text.append(0x20) }
        return Container.file(text: text, data: pattern(data, 1))
    }

    private static func tensor(_ name: String, _ offsets: String, _ type: String, _ shape: String) -> String {
        "\"\(name)\":{\"data_offsets\":[\(offsets)],\"dtype\":\"\(type)\",\"shape\":[\(shape)]}"
    }

    @Test func accepted() throws {
        let file = Self.file(Self.tensor("a", "0,24", "U64", "3") + "," + Self.tensor("b", "24,30", "U8", "2,3"), data: 30)
        let container = try Safetensors(parsing: file, format: Bundle.format)
        #expect(container.tensors["a"]?.shape == [3])
        #expect(container.tensors["b"]?.range == file.count - 6..<file.count)
        #expect(Self.parse(Self.file("")) == nil)
    }

    @Test(arguments: [
        (tensor("a", "0,24", "F32", "6"), 24, "safetensors-type"),
        (tensor("a", "0,24", "u64", "3"), 24, "safetensors-type"),
        (tensor("a", "0,24", "U64", "4"), 24, "safetensors-layout"),
        (tensor("a", "0,24", "U64", ""), 24, "safetensors-shape"),
        (tensor("a", "0,24", "U64", "3,1,1"), 24, "safetensors-member"),
        (tensor("a", "0,24", "U64", "-3"), 24, "safetensors-shape"),
        (tensor("a", "0,24", "U64", "3.5"), 24, "safetensors-shape"),
        (tensor("a", "0,24", "U64", "\"3\""), 24, "safetensors-shape"),
        (tensor("a", "0,0", "U64", "9007199254740991,9007199254740991"), 0, "safetensors-shape"),
        (tensor("a", "0,0", "U64", "4294967296,4294967296"), 0, "safetensors-shape"),
        (tensor("a", "0,0", "U64", "2305843009213693952"), 0, "json-number-range"),
        (tensor("a", "0,24", "U64", "9007199254740991"), 24, "safetensors-layout"),
        (tensor("a", "0", "U8", "1"), 1, "safetensors-layout"),
        (tensor("a", "0,1,2", "U8", "1"), 1, "safetensors-member"),
        (tensor("a", "1,0", "U8", "1"), 1, "safetensors-layout"),
        (tensor("a", "-1,0", "U8", "1"), 1, "safetensors-layout"),
        (tensor("a", "0,1.5", "U8", "1"), 1, "safetensors-layout"),
        (tensor("a", "1,2", "U8", "1"), 2, "safetensors-layout"),
        (tensor("a", "0,1", "U8", "1"), 2, "safetensors-layout"),
        (tensor("a", "0,2", "U8", "2"), 1, "safetensors-layout"),
        (tensor("a", "0,9007199254740991", "U8", "9007199254740991"), 8, "safetensors-layout"),
        (tensor("a", "9007199254740990,9007199254740991", "U8", "1"), 8, "safetensors-layout"),
        (tensor("a", "0,2", "U8", "2") + "," + tensor("b", "1,3", "U8", "2"), 3, "safetensors-layout"),
        (tensor("a", "0,2", "U8", "2") + "," + tensor("b", "0,2", "U8", "2"), 2, "safetensors-layout"),
        (tensor("a", "0,2", "U8", "2") + "," + tensor("b", "3,5", "U8", "2"), 5, "safetensors-layout"),
        (tensor("a", "0,2", "U8", "2") + "," + tensor("a", "2,4", "U8", "2"), 4, "json-duplicate-member"),
        (tensor("b", "0,2", "U8", "2") + "," + tensor("a", "2,4", "U8", "2"), 4, "safetensors-not-canonical"),
        (tensor("", "0,1", "U8", "1"), 1, "safetensors-not-canonical"),
        (tensor("a b", "0,1", "U8", "1"), 1, "safetensors-name"),
        (tensor("revealed.\u{212a}ey", "0,1", "U8", "1"), 1, "safetensors-name"),
        ("\"a\": {}", 0, "safetensors-not-canonical"),
        ("\"a\":{}", 0, "safetensors-member-missing"),
        ("\"a\":[]", 0, "safetensors-member"),
        ("\"a\":{\"data_offsets\":[0,1],\"dtype\":\"U8\",\"extra\":0,\"shape\":[1]}", 1, "safetensors-member-unknown"),
        ("\"a\":{\"data_offsets\":[0,1],\"dtype\":\"U8\",\"shape\":[1e0]}", 1, "safetensors-not-canonical"),
        ("\"a\":{\"data_offsets\":[[[[[]]]]]}", 1, "json-too-deep"),
    ])
    func refused(_ members: String, _ data: Int, _ expected: String) {
        #expect(Self.parse(Self.file(members, data: data)) == expected)
    }

    @Test(arguments: [
        ("zkconsent-bundle/0", "format-trial"), ("zkconsent-bundle/2", "format-newer"), ("zkconsent-bundle/17", "format-newer"),
        ("zkconsent-bundle/-1", "format-unknown"),
        ("zkconsent-bundle/00", "format-unknown"), ("zkconsent-bundle", "format-unknown"), ("zkconsent-revocations/1", "format-unknown"),
        ("", "format-unknown"),
    ])
    func format(_ format: String, _ expected: String) {
        #expect(Self.parse(Self.file("", format: format)) == expected)
    }

    @Test(arguments: [(0, "is from before the formats were frozen; this program reads version 1"), (2, "is newer than this program")])
    func anotherVersionIsNamed(_ version: Int, _ reason: String) {
        let error = #expect(throws: ModelError.self) {
            try Safetensors(parsing: Self.file("", format: "zkconsent-bundle/\(version)"), format: Bundle.format, file: "x.zkb")
        }
        #expect(error?.description.hasPrefix("x.zkb: version \(version) of zkconsent-bundle \(reason)") == true)
    }

    @Test func headers() {
        func parse(_ text: String) -> String? { Self.parse(Container.file(text: Array(text.utf8), data: [])) }
        #expect(parse("{}      ") == "safetensors-header")
        #expect(parse("[]      ") == "safetensors-header")
        #expect(parse("{\"__metadata__\":0}      ") == "safetensors-header")
        #expect(parse("{\"__metadata__\":{\"format\":0}}   ") == "safetensors-header")
        #expect(parse("{\"__metadata__\":{}}     ") == "format-unknown")
        #expect(parse("        ") == "json-syntax")
        let good = "{\"__metadata__\":{\"format\":\"zkconsent-bundle/1\"}}"
        let padded = good + String(repeating: " ", count: (8 - good.utf8.count % 8) % 8)
        #expect(parse(padded) == nil)
        #expect(parse(padded + "        ") == "safetensors-not-canonical")
        #expect(
            parse(good + "\n" + String(padded.dropFirst(good.utf8.count + 1)) + (padded.utf8.count == good.utf8.count ? "       " : ""))
                == "safetensors-not-canonical")
        #expect(parse("        " + padded) == "safetensors-not-canonical")
        #expect(parse(padded + "x       ") == "json-syntax")
    }

    @Test func headerLengths() {
        let rest = [UInt8](repeating: 0x20, count: 64)
        func parse(_ length: UInt64) -> String? { Self.parse((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + rest) }
        for length in [0, 1, 7, 9, 63, 1 << 24 + 8, 1 << 32, 1 << 63, UInt64.max, UInt64.max - 7] as [UInt64] {
            #expect(parse(length) == "safetensors-header-size")
        }
        for length in [72, 1 << 20, 1 << 24] as [UInt64] { #expect(parse(length) == "safetensors-truncated") }
        #expect(parse(64) == "json-syntax")
    }

    @Test func manyTensors() {
        let members = (1000..<2025).map { Self.tensor("t\($0)", "0,0", "U8", "0") }.joined(separator: ",")
        #expect(Self.parse(Self.file(members)) == "safetensors-header")
    }
}
