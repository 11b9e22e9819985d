// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Testing

/// Headers of bundles of unlinkable point proofs that ask for what there is not: refused before anything is read.
@Suite struct MemberHeaderTests {
    /// A bundle whose header has `new` in the place of `old`, with its length and padding.
    private static func edited(_ bytes: [UInt8], _ old: String, _ new: String) throws -> [UInt8] {
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        var text = String(decoding: bytes[8..<8 + length], as: UTF8.self)
        while text.last == " " { text.removeLast() }
        try #require(text.contains(old), "\(old)")
        var header = Array(text.replacing(old, with: new).utf8)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + bytes[(8 + length)...]
    }

    static let range = #"\"range\":{\"count\":3,\"first\":0}"#

    @Test(arguments: [
        (range, #"\"range\":{\"count\":0,\"first\":0}"#, "bundle-member"),
        (range, #"\"range\":{\"count\":65537,\"first\":0}"#, "bundle-member"),
        (range, #"\"range\":{\"count\":-3,\"first\":0}"#, "bundle-member"),
        (range, #"\"range\":{\"count\":3,\"first\":-1}"#, "bundle-member"),
        (range, #"\"range\":{\"count\":3,\"first\":0,\"step\":1}"#, "bundle-member-unknown"),
        (range, #"\"range\":{\"count\":3}"#, "bundle-member-missing"),
        (range, #"\"range\":[0,3]"#, "bundle-member"),
        (range, #"\"range\":{\"first\":0,\"count\":3}"#, "bundle-not-canonical"),
        (#"\"data_points\":2"#, #"\"data_points\":0"#, "bundle-member"),
        (#"\"form\":\"member/1\""#, #"\"form\":\"member/0\""#, "bundle-form"),
        (#"\"kind\":\"members\""#, #"\"kind\":\"points\""#, "bundle-kind"),
        // Columns that are not those of the header.
        (range, #"\"range\":{\"count\":2,\"first\":0}"#, "tensor-shape"),
        (range, #"\"range\":{\"count\":65536,\"first\":0}"#, "tensor-shape"),
        (#"\"data_points\":2"#, #"\"data_points\":4294967296"#, "tensor-shape"),
    ])
    func hostile(old: String, new: String, expected: String) throws {
        let world = try honest()
        let bytes = BundleWriter.encode(try world.proveMembers())
        _ = try MemberBundle.parse(bytes, revealing: [])
        let spoiled = try Self.edited(bytes, old, new)
        #expect(code { _ = try MemberBundle.parse(spoiled, revealing: []) } == expected)
        _ = try? BundleSummary(parsing: spoiled)
    }

    /// The range is of exactly one ledger.
    @Test func oneLedger() throws {
        let bytes = BundleWriter.encode(try honest().proveMembers())
        let text = String(decoding: bytes, as: UTF8.self)
        let start = try #require(text.firstRange(of: #"\"ledgers\":["#)).upperBound
        let end = try #require(text.firstRange(of: #"],\"range\""#)).lowerBound
        let ledger = String(text[start..<end])
        for ledgers in ["", ledger + "," + ledger] {
            let spoiled = try Self.edited(bytes, "[" + ledger + "]", "[" + ledgers + "]")
            #expect(code { _ = try MemberBundle.parse(spoiled, revealing: []) } == "bundle-ledgers")
        }
    }

    private func honest() throws -> TestWorld {
        var world = try TestWorld.honest(3)
        world.rows.removeLast()
        return world
    }
}
