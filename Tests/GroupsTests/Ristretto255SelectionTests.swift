// SPDX-License-Identifier: Apache-2.0
import Groups
import Testing

/// Sums chosen by secret bits and indices against plain sums.
@Suite(.everyKernel) struct Ristretto255SelectionTests {
    @Test(arguments: [(0, 1), (1, 1), (5, 3), (63, 70), (64, 130), (65, 300), (200, 17)])
    func subsetSums(flags: Int, rows: Int) {
        var random = TestRandom(UInt64(flags * 1000 + rows))
        let points = random.points(flags)
        let words = (flags + 63) / 64
        var bits = (0..<rows * words).map { _ in random.next() }
        // All and none; bits beyond the last flag do not count.
        for word in 0..<words { bits[word] = .max }
        if rows > 1 { for word in 0..<words { bits[words + word] = 0 } }
        let sums = R255.subsetSums(rows: rows, bits: bits.span, wordsPerRow: words, of: R255.selectionTable(points))
        let expected = (0..<rows).map { row in
            (0..<flags).filter { bits[row * words + $0 / 64] >> UInt64($0 % 64) & 1 == 1 }.reduce(R255.identity) {
                R255.add($0, points[$1])
            }
        }
        #expect(sums == expected)
    }

    @Test(arguments: [(1, 1), (2, 9), (15, 40), (16, 33), (17, 3), (9, 500), (1000, 20)])
    func selected(count: Int, rows: Int) {
        var random = TestRandom(UInt64(count * 1000 + rows))
        // The identity is the first prefix sum of a calendar.
        let points = [R255.identity] + random.points(count - 1)
        let indices = (0..<rows).map { row in
            row == 0 ? 0 : row == 1 ? UInt32(count - 1) : UInt32(truncatingIfNeeded: random.next() % UInt64(count))
        }
        let table = R255.selectionTable(points)
        #expect(table.count == count)
        #expect(R255.selected(indices.span, from: table) == indices.map { points[Int($0)] })
    }
}
