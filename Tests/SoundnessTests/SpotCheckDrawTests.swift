// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import MerkleLog
import TestSupport
import Testing

/// Which rows a spot check draws: by the document, by Python, and evenly.
@Suite struct SpotCheckDrawTests {
    static func manifest(_ count: UInt64, root: UInt8 = 0xab) throws -> Manifest {
        try Manifest(
            dataset: "scans", holder: "lab.example", dataPointCount: count, root: NodeHash([UInt8](repeating: root, count: 32)))
    }

    static func rows(_ value: String, of dataPoints: UInt64, _ count: Int) throws -> [UInt64] {
        try SpotCheckDraw(source: .beacon, value: value, manifest: manifest(dataPoints), count: count).rows
    }

    // MARK: The derivation

    @Test func fixedRows() throws {
        #expect(try Self.rows("8f1b", of: 1_000, 10) == [189, 417, 425, 490, 590, 693, 816, 821, 967, 974])
        let nonce = try SpotCheckDraw(source: .nonce, value: "0123456789abcdef", manifest: Self.manifest(1 << 32, root: 0), count: 3)
        #expect(nonce.rows == [1_500_787_420, 2_256_867_369, 3_461_039_605])
    }

    @Test func theDrawingIsThatOfTheDocument() throws {
        let sizes: [(UInt64, Int)] = [
            (1, 1), (2, 1), (2, 2), (3, 3), (7, 5), (8, 8), (100, 99), (1_000, 300), (65_536, 20), (1_000_003, 100), (1 << 32, 200),
            ((1 << 32) - 5, 50),
        ]
        var requests: [JSONValue] = []
        var ours: [JSONValue] = []
        for (number, (dataPoints, count)) in sizes.enumerated() {
            for source in SpotCheckDraw.Source.allCases {
                let value = "\u{fc}nicode value \(number), sixteen or more"
                let draw = try SpotCheckDraw(
                    source: source, value: value, manifest: Self.manifest(dataPoints, root: UInt8(number)), count: count)
                requests.append(
                    .array([
                        .string(source.rawValue), .string(value), .string(hex(draw.root.bytes)), .integer(Int64(dataPoints)),
                        .integer(Int64(count)),
                    ]))
                ours.append(.array(draw.rows.map { .integer(Int64($0)) }))
            }
        }
        let script = repositoryRoot.appending(path: "Tests/peers/spot_check.py").path
        let result = try run("python3", ["-B", script], input: Data(JSONValue.array(requests).canonical))
        try #require(result.status == 0, "\(result.errorText)")
        #expect(try JSONValue(parsing: Array(result.output)) == .array(ours))
    }

    /// Source, value, root, N and k are all hashed, so that nothing but the value is left to choose, and a value of one kind is none of another.
    @Test func everythingIsBound() throws {
        let value = "0123456789abcdef"
        let draws = [
            try SpotCheckDraw(source: .beacon, value: value, manifest: Self.manifest(1_000), count: 10),
            try SpotCheckDraw(source: .nonce, value: value, manifest: Self.manifest(1_000), count: 10),
            try SpotCheckDraw(source: .beacon, value: value + "0", manifest: Self.manifest(1_000), count: 10),
            try SpotCheckDraw(source: .beacon, value: value, manifest: Self.manifest(1_001), count: 10),
            try SpotCheckDraw(source: .beacon, value: value, manifest: Self.manifest(1_000), count: 11),
            try SpotCheckDraw(source: .beacon, value: value, manifest: Self.manifest(1_000, root: 1), count: 10),
        ]
        #expect(Set(draws.map(\.seed)).count == draws.count && Set(draws.map(\.rows)).count == draws.count)
    }

    @Test(arguments: [0, -1, 65_537, 1_001, Int.max, Int.min]) func countsThatCannotBe(count: Int) throws {
        #expect(code { _ = try Self.rows("x", of: 1_000, count) } == "spot-check-count")
        #expect(code { _ = try Self.rows("x", of: 1 << 32, count) } == (count == 1_001 ? nil : "spot-check-count"))
    }

    @Test func valuesThatCannotBe() throws {
        let manifest = try Self.manifest(10)
        for (source, length, isGood) in [
            (.beacon, 0, false), (.beacon, 1, true), (.beacon, 1_024, true), (.beacon, 1_025, false), (.nonce, 15, false),
            (.nonce, 16, true),
        ] as [(SpotCheckDraw.Source, Int, Bool)] {
            let value = String(repeating: "x", count: length)
            let refusal = code { _ = try SpotCheckDraw(source: source, value: value, manifest: manifest, count: 1) }
            #expect(refusal == (isGood ? nil : "spot-check-value"), "\(source) of \(length) bytes")
        }
    }

    // MARK: Evenness

    /// Pearson's statistic of counts that should be equal.
    static func chiSquare(_ counts: [Int]) -> Double {
        let expected = Double(counts.reduce(0, +)) / Double(counts.count)
        return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }

    /// Every set of two out of six, and every row of nineteen, equally often. With 14 and 18 degrees of freedom a fair drawing stays below 60 but for one
    /// in a million; the values are fixed, so the test is not random.
    @Test func everySetIsEquallyLikely() throws {
        var pairs: [[UInt64]: Int] = [:]
        var rows = [Int](repeating: 0, count: 19)
        for number in 0..<15_000 {
            pairs[try Self.rows("pair \(number)", of: 6, 2), default: 0] += 1
            for row in try Self.rows("row \(number)", of: 19, 4) { rows[Int(row)] += 1 }
        }
        #expect(pairs.count == 15 && pairs.keys.allSatisfy { $0[0] < $0[1] && $0[1] < 6 })
        #expect(Self.chiSquare(Array(pairs.values)) < 60 && Self.chiSquare(rows) < 60)
        // A drawing that reduces one byte modulo 19 is noticed.
        var biased = [Int](repeating: 0, count: 19)
        var generator = SplitMix(state: 1)
        for _ in 0..<60_000 { biased[Int(generator.next() & 0xff) % 19] += 1 }
        #expect(Self.chiSquare(biased) > 60)
    }
}
