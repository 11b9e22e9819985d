// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Testing

/// Every structural fault of a bundle is refused with its own code.
@Suite struct BundleFaultTests {
    /// A fault in the text `bundle`: what is set at a path, or removed.
    struct TextFault: CustomTestStringConvertible, Sendable {
        let path: [String]
        let value: JSONValue?
        let code: String
        var testDescription: String { path.joined(separator: ".") + " -> " + (value?.canonicalText ?? "removed") }

        init(_ path: String, _ value: JSONValue?, _ code: String) {
            self.path = path.split(separator: ".").map(String.init)
            self.value = value
            self.code = code
        }
    }

    static let members = [
        "context", "data_points", "distinct_consents", "form", "holder", "kind", "ledgers", "manifest", "schema", "statement", "suite",
        "version",
    ]
    static let nested =
        ["consents", "logged", "origin", "revocations"].map { "ledgers.1." + $0 }
        + ["checkpoint", "consistency"].map { "ledgers.1.logged." + $0 }
        + ["checkpoint", "entry", "inclusion", "index", "origin"].map { "manifest." + $0 }

    static let textFaults: [TextFault] =
        (members + nested).map { TextFault($0, nil, "bundle-member-missing") }
        + ["extra", "ledgers.0.extra", "ledgers.1.logged.extra", "manifest.extra"].map { TextFault($0, .null, "bundle-member-unknown") }
        + ["context", "holder", "ledgers.0.origin", "ledgers.0.consents", "ledgers.0.revocations", "manifest.entry"].map {
            TextFault($0, .integer(1), "bundle-member")
        }
        + [
            TextFault("version", .integer(2), "format-newer"), TextFault("version", .integer(0), "format-trial"),
            TextFault("version", .integer(-1), "bundle-member"),
            TextFault("version", .string("1"), "bundle-member"), TextFault("kind", .string("point"), "bundle-kind"),
            TextFault("kind", .null, "bundle-member"), TextFault("form", .string("dataset-uncompressed/1"), "bundle-form"),
            TextFault("form", .string("dataset/0"), "bundle-form"), TextFault("form", .string("dataset/2"), "bundle-form"),
            TextFault("suite", .string("P256"), "bundle-suite"), TextFault("data_points", .integer(0), "bundle-member"),
            TextFault("data_points", .integer(-1), "bundle-member"), TextFault("data_points", .integer(1 << 32 + 1), "bundle-member"),
            TextFault("data_points", .number(7.5), "bundle-member"), TextFault("data_points", .integer(8), "tensor-shape"),
            TextFault("data_points", .integer(1 << 32), "tensor-shape"), TextFault("data_points", .integer(3), "bundle-count"),
            TextFault("distinct_consents", .integer(0), "bundle-member"), TextFault("distinct_consents", .integer(8), "bundle-count"),
            TextFault("distinct_consents", .integer(3), "tensor-shape"), TextFault("ledgers", .array([]), "bundle-ledgers"),
            TextFault("ledgers", .null, "bundle-member"), TextFault("ledgers.0", .null, "bundle-member"),
            TextFault("ledgers.0", nil, "tensor-unknown"), TextFault("ledgers.0.origin", .string("b.example"), "bundle-ledgers"),
            TextFault("ledgers.0.origin", .string("c.example"), "bundle-ledgers"),
            TextFault("ledgers", .array(Array(repeating: .null, count: 65)), "bundle-member"),
            TextFault("ledgers.1.logged", .bool(false), "bundle-member"),
            TextFault("ledgers.1.logged.consistency.0", .string("00"), "bundle-member"),
            TextFault("ledgers.1.logged.consistency", .array(Array(repeating: hash, count: 129)), "bundle-member"),
            TextFault("manifest", .null, "bundle-member"), TextFault("manifest.index", .integer(-1), "bundle-member"),
            TextFault("manifest.index", .number(9_007_199_254_740_992), "bundle-member"),
            TextFault("manifest.inclusion.0", .integer(3), "bundle-member"),
            TextFault("manifest.inclusion", .array(Array(repeating: hash, count: 129)), "bundle-member"),
            TextFault("schema", .string(String(repeating: "A", count: 64)), "bundle-member"),
            TextFault("schema", .string(String(repeating: "a", count: 62)), "bundle-member"),
            TextFault("statement", .string(String(repeating: "g", count: 64)), "bundle-member"),
            TextFault("statement", .null, "bundle-member"),
        ]

    private static let hash = JSONValue.string(String(repeating: "a", count: 64))

    @Test(arguments: textFaults)
    func headerText(_ fault: TextFault) throws {
        var container = try Container(BundleFixture.file)
        try container.changeText("bundle") { $0.set(fault.path, fault.value) }
        let file = container.file
        #expect(code { _ = try BundleFixture.parse(file) } == fault.code)
    }

    @Test(arguments: [
        (" {}", "json-syntax"), ("", "json-syntax"), ("[]", "bundle-member"), ("{}", "bundle-member-missing"),
        ("{\"kind\":\"dataset\",\"kind\":\"dataset\"}", "json-duplicate-member"),
    ])
    func headerTextSyntax(_ text: String, _ expected: String) throws {
        var container = try Container(BundleFixture.file)
        container.header.set(["__metadata__", "bundle"], .string(text))
        let file = container.file
        #expect(code { _ = try BundleFixture.parse(file) } == (text == " {}" ? "bundle-member-missing" : expected))
    }

    /// The same value in another spelling is another file, and refused.
    @Test func headerTextSpelling() throws {
        var container = try Container(BundleFixture.file)
        let text = try #require(container.header["__metadata__"]?["bundle"]?.string)
        for (spelling, expected) in [
            (text + " ", "bundle-not-canonical"), (" " + text, "bundle-not-canonical"),
            (text.replacing("audit", with: "\\u0061udit"), "bundle-not-canonical"),
            (text.replacing("\"version\":1", with: "\"version\":1e0"), "bundle-member"),
            (text.replacing("\"data_points\":7", with: "\"data_points\":7.0"), "bundle-not-canonical"),
        ] {
            try #require(spelling != text)
            container.header.set(["__metadata__", "bundle"], .string(spelling))
            let file = container.file
            #expect(code { _ = try BundleFixture.parse(file) } == expected)
        }
    }

    @Test func metadata() throws {
        var container = try Container(BundleFixture.file)
        container.header.set(["__metadata__", "extra"], .string(""))
        #expect(code { _ = try BundleFixture.parse(container.file) } == "bundle-metadata")
        container.header.set(["__metadata__", "bundle"], nil)
        #expect(code { _ = try BundleFixture.parse(container.file) } == "bundle-metadata")
    }

    // MARK: Contents of the columns

    @Test func faultsInColumns() {
        func make(_ expected: String, _ body: () throws -> Bundle) { #expect(code { _ = try body() } == expected) }
        // Order: equal, descending index, descending ledger.
        make("bundle-entries-order") { try BundleFixture.make(indices: [5, 5, 2, 3]) }
        make("bundle-entries-order") { try BundleFixture.make(indices: [6, 5, 2, 3]) }
        make("bundle-entries-order") { try BundleFixture.make(indices: [5, 6, 3, 2]) }
        make("bundle-entries-order") { try BundleFixture.make(ledgers: [0, 1, 0, 1]) }
        make("bundle-entry-ledger") { try BundleFixture.make(ledgers: [0, 0, 1, 2]) }
        make("bundle-entry-ledger") { try BundleFixture.make(ledgers: [0, 0, 1, .max]) }
        make("bundle-position") { try BundleFixture.make(positions: [3, 0, 1, 1, 2, 0, 4]) }
        make("bundle-position") { try BundleFixture.make(positions: [3, 0, 1, 1, 2, 0, .max]) }
        make("bundle-entry-unused") { try BundleFixture.make(positions: [3, 0, 1, 1, 1, 0, 3]) }
        // Sizes.
        make("bundle-columns") { try BundleFixture.make(positions: [3, 0, 1, 1, 2, 0]) }
        make("bundle-columns") { try BundleFixture.make(ledgers: [0, 0, 1]) }
        make("bundle-columns") { try BundleFixture.make(indices: [0, 1, 1, 2, 3]) }
        make("bundle-columns") { try BundleFixture.make(entries: pattern(3 * 118, 1)) }
        make("bundle-columns") { try BundleFixture.make(entries: pattern(4 * 117, 1)) }
        make("bundle-columns") { try BundleFixture.make(dataPoints: pattern(8 * 32, 1)) }
        make("bundle-columns") { try BundleFixture.make(inclusions: [1]) }
        make("bundle-columns") { try BundleFixture.make(revocations: [1, 2, 3]) }
        // Revealed values.
        make("bundle-revealed") { try BundleFixture.make(revealed: [RevealedColumn(uint: "x", [1, 2, 3])]) }
        make("bundle-revealed") { try BundleFixture.make(revealed: [RevealedColumn(id: "x", [[], [], []])]) }
        make("bundle-revealed") { try BundleFixture.make(revealed: [RevealedColumn(id: "x", [[], [], [], [0xff]])]) }
        let long = [UInt8](repeating: 0x61, count: Schema.Attribute.idByteCountLimit + 1)
        make("bundle-revealed") { try BundleFixture.make(revealed: [RevealedColumn(id: "x", [[], long, [], []])]) }
        // Valid when joined, not one by one.
        make("bundle-revealed") { try BundleFixture.make(revealed: [RevealedColumn(id: "x", [[0xc3], [0xbc], [], []])]) }
        make("bundle-revealed") {
            try BundleFixture.make(revealed: [RevealedColumn(id: "x", isDigest: true, [32, 32, 31, 33].map { pattern($0, 1) })])
        }
        // Header of a bundle that is made and not read.
        make("bundle-member") {
            var header = BundleFixture.header
            header.schema.removeLast()
            return try BundleFixture.make(header: header)
        }
        make("bundle-member") {
            var header = BundleFixture.header
            header.manifest.inclusion[0].append(0)
            return try BundleFixture.make(header: header)
        }
        make("bundle-count") {
            var header = BundleFixture.header
            header.distinctConsents = 8
            return try BundleFixture.make(header: header)
        }
    }

    /// The same faults, found in a file.
    @Test(arguments: [
        ("consent", 6, 4, "bundle-position"), ("consent", 4, 1, "bundle-entry-unused"), ("entry_ledger", 3, 2, "bundle-entry-ledger"),
        ("entry_ledger", 1, 1, "bundle-entries-order"), ("entry_index", 3, 2, "bundle-entries-order"),
        ("revealed.notice.offsets", 0, 1, "bundle-revealed"), ("revealed.notice.offsets", 1, 2, "bundle-revealed"),
        ("revealed.notice.offsets", 4, 10, "bundle-revealed"), ("revealed.notice.offsets", 4, UInt64.max, "bundle-revealed"),
        ("revealed.notice.offsets", 2, UInt64.max, "bundle-revealed"), ("revealed.record.offsets", 1, 31, "bundle-revealed"),
    ])
    func faultsInFile(_ name: String, _ element: Int, _ value: UInt64, _ expected: String) throws {
        var container = try Container(BundleFixture.file)
        let start = try container.range(name).lowerBound + 8 * element
        for byte in 0..<8 { container.data[start + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(byte))) }
        let file = container.file
        #expect(code { _ = try BundleFixture.parse(file) } == expected)
    }

    // MARK: The policy chooses the columns

    @Test func revealedColumnsAreThoseOfThePolicy() throws {
        let file = try BundleFixture.file
        func parse(_ attributes: [RevealedAttribute]) -> String? { code { _ = try Bundle.parse(file, revealing: attributes) } }
        let attributes = BundleFixture.attributes
        #expect(parse(attributes) == nil)
        #expect(parse(Array(attributes.dropLast())) == "tensor-unknown")
        #expect(parse(attributes + [RevealedAttribute(name: "purpose", kind: .text)]) == "tensor-missing")
        #expect(parse([attributes[1], attributes[0], attributes[2], attributes[3]]) == "tensor-order")
        #expect(parse([attributes[0], attributes[1], attributes[3], attributes[2]]) == "tensor-order")
        #expect(parse([attributes[0], attributes[1], attributes[2], RevealedAttribute(name: "expires", kind: .text)]) == "tensor-missing")
        // A text read as digests, and digests read as text.
        #expect(
            parse([attributes[0], RevealedAttribute(name: "notice", kind: .digest), attributes[2], attributes[3]]) == "bundle-revealed")
        #expect(parse([RevealedAttribute(name: "record", kind: .text), attributes[1], attributes[2], attributes[3]]) == "bundle-revealed")
        do {
            _ = try Bundle.parse(file, file: "x.zkb", revealing: [])
        } catch {
            #expect(error.description.contains("x.zkb: the column revealed."))
        }
    }
}
