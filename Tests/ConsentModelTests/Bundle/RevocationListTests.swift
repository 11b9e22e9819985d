// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Testing

@Suite struct RevocationListTests {
    static func list(fromSize: Int = 2, consistency: Int = 3, rowByteCount: Int = 34) throws(ModelError) -> RevocationList {
        try RevocationList(
            origin: "a.example", checkpoint: "note\n", fromSize: fromSize, consistency: (0..<consistency).map { pattern(32, $0) },
            revocations: column(pattern(5 * rowByteCount, 3), rowByteCount))
    }

    private static func parse(_ file: [UInt8]) -> String? { code { _ = try RevocationList.parse(file) } }

    @Test(arguments: [(2, 3), (0, 0), (5, 0)])
    func roundTrip(_ fromSize: Int, _ consistency: Int) throws {
        let list = try Self.list(fromSize: fromSize, consistency: consistency)
        let read = try RevocationList.parse(list.encoded, file: "x.zkr")
        #expect(read.origin == list.origin && read.checkpoint == list.checkpoint && read.fromSize == list.fromSize)
        #expect(read.consistency == list.consistency)
        #expect(read.revocations.bytes == pattern(5 * 34, 3))
        #expect(read.encoded == list.encoded)
        try inTemporaryFolder { folder in
            var output = try OutputFile(folder + "/x.zkr")
            try list.write(to: &output)
            try output.commit()
            #expect(try InputFile.read(folder + "/x.zkr", limit: 1 << 16) == list.encoded)
        }
    }

    @Test func refusedWhenMade() {
        #expect(code { _ = try Self.list(fromSize: 6) } == "revocations-from-size")
        #expect(code { _ = try Self.list(fromSize: -1) } == "revocations-from-size")
        #expect(code { _ = try Self.list(fromSize: 0) } == "revocations-from-size")
        #expect(code { _ = try Self.list(consistency: 129) } == "revocations-member")
        #expect(code { _ = try Self.list(rowByteCount: 33) } == "revocations-columns")
    }

    @Test(arguments: [
        ("version", JSONValue?.some(.integer(2)), "format-newer"), ("version", .integer(0), "format-trial"),
        ("version", nil, "revocations-member-missing"),
        ("origin", nil, "revocations-member-missing"), ("origin", .some(.null), "revocations-member"),
        ("checkpoint", nil, "revocations-member-missing"), ("consistency", nil, "revocations-member-missing"),
        ("consistency.0", .some(.string("")), "revocations-member"), ("from_size", nil, "revocations-member-missing"),
        ("from_size", .some(.integer(6)), "revocations-from-size"), ("from_size", .some(.integer(-1)), "revocations-member"),
        ("extra", .some(.null), "revocations-member-unknown"),
    ])
    func faultsInText(_ path: String, _ value: JSONValue?, _ expected: String) throws {
        var container = try Container(Self.list().encoded)
        try container.changeText("list") { $0.set(path.split(separator: ".").map(String.init), value) }
        #expect(Self.parse(container.file) == expected)
    }

    @Test func faultsInContainer() throws {
        var container = try Container(Self.list().encoded)
        container.header.set(["revocations", "shape"], .array([.integer(10), .integer(17)]))
        #expect(Self.parse(container.file) == "tensor-shape")
        container = try Container(Self.list().encoded)
        container.header.set(["other"], container.header["revocations"])
        container.header.set(["revocations"], nil)
        #expect(Self.parse(container.file) == "tensor-missing")
        container = try Container(Self.list().encoded)
        container.header.set(["__metadata__", "list"], .string(try #require(container.header["__metadata__"]?["list"]?.string) + " "))
        #expect(Self.parse(container.file) == "revocations-not-canonical")
        container.header.set(["__metadata__", "list"], nil)
        #expect(Self.parse(container.file) == "revocations-metadata")
        #expect(Self.parse(try BundleFixture.file) == "format-unknown")
        #expect(code { _ = try BundleFixture.parse(try Self.list().encoded) } == "format-unknown")
    }

    @Test func damage() throws {
        let file = try Self.list().encoded
        for length in file.indices { #expect(Self.parse(Array(file[..<length])) != nil) }
        for position in file.indices {
            for bit in 0..<8 {
                var damaged = file
                damaged[position] ^= 1 << bit
                guard let list = try? RevocationList.parse(damaged) else { continue }
                #expect(list.encoded == damaged)
            }
        }
    }
}
