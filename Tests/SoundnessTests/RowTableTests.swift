// SPDX-License-Identifier: Apache-2.0
import ConsentVerifier
import TestSupport
import Testing

/// The table of rows against a dictionary.
@Suite struct RowTableTests {
    /// `count` rows of which about half repeat an earlier one; some differ from another in one bit only.
    private static func rows(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var random = SplitMix(state: seed)
        var rows: [[UInt8]] = []
        for number in 0..<count {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where number > 0, 1 where number > 0: rows.append(rows[Int.random(in: 0..<number, using: &random)])
            case 2 where number > 0:
                var row = rows[number - 1]
                row[Int.random(in: 0..<32, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                rows.append(row)
            default: rows.append((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
            }
        }
        return rows
    }

    private static func check(_ rows: [[UInt8]], hash: RowHash) {
        let bytes = rows.flatMap { $0 }
        let table = RowTable(bytes.span, hash: hash)
        var first: [[UInt8]: Int] = [:]
        var repeated: [Int] = []
        for (number, row) in rows.enumerated() {
            if first[row] == nil { first[row] = number } else { repeated.append(number) }
        }
        #expect(table.distinctCount == first.count)
        #expect(table.repeated == repeated)
        for row in rows.prefix(2_000) {
            let found = table.first(equalTo: row.span, in: bytes.span)
            #expect(found == first[row])
        }
        for seed in 0..<100 {
            let other = (0..<32).map { UInt8(truncatingIfNeeded: seed &* 7 &+ $0) }
            let found = table.first(equalTo: other.span, in: bytes.span)
            #expect(found == first[other])
        }
        let short = [UInt8](repeating: 0, count: 31)
        let found = table.first(equalTo: short.span, in: bytes.span)
        #expect(found == nil)
    }

    /// Sizes below, at and far above what is one part.
    @Test(arguments: [0, 1, 2, 3, 100, 8_191, 8_192, 70_000])
    func againstDictionary(_ count: Int) {
        let rows = Self.rows(count, seed: UInt64(count))
        Self.check(rows, hash: .ofProcess)
        var random = SplitMix(state: 1)
        Self.check(rows, hash: RowHash(using: &random))
    }

    /// Whatever the hash is, only equal rows count as equal.
    @Test(arguments: [0, .max, UInt128(1) << 64])
    func allHashesCollide(_ constant: UInt128) {
        Self.check(Self.rows(1_500, seed: 3), hash: RowHash(constant: constant))
    }

    @Test func allRowsEqual() {
        Self.check([[UInt8]](repeating: [UInt8](repeating: 7, count: 32), count: 40_000), hash: .ofProcess)
    }

    /// Keys differ: rows that collide in one process do not in another.
    @Test func keysAreDrawn() {
        var random = SplitMix(state: 2)
        let (a, b) = (RowHash(using: &random), RowHash(using: &random))
        let row = [UInt8](repeating: 1, count: 32)
        #expect(row.withUnsafeBytes { a($0, at: 0) != b($0, at: 0) })
    }
}
