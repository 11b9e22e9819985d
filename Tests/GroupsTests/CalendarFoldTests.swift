// SPDX-License-Identifier: Apache-2.0
import CKernels
import Testing

/// The fold over calendars against indexing.
@Suite struct CalendarFoldTests {
    @Test(arguments: [(0, 5), (1, 0), (1, 1), (7, 100), (8, 100), (31, 50), (32, 50), (33, 1023), (40, 1024), (7306, 1025), (500, 2100)])
    func agreesWithIndexing(days: Int, rows: Int) {
        var random = TestRandom(UInt64(days * 10_000 + rows))
        // Days at and after the end of the calendar name no day; some weights are extreme.
        let first = (0..<rows).map { _ in UInt32(truncatingIfNeeded: random.next() % UInt64(days + 3)) }
        let end = (0..<rows).map { i in i % 7 == 0 ? UInt32.max : UInt32(truncatingIfNeeded: random.next() % UInt64(days + 3)) }
        let weights = (0..<2 * rows).map { i in i % 5 == 0 ? UInt64.max : random.next() }
        let start = (0..<4 * days).map { UInt64($0) }
        var lanes = start
        var expected = start
        for i in 0..<rows {
            let pieces = [weights[2 * i] & 0xffff_ffff, weights[2 * i] >> 32, weights[2 * i + 1] & 0xffff_ffff, weights[2 * i + 1] >> 32]
            for k in 0..<4 {
                if first[i] < days { expected[k * days + Int(first[i])] &+= pieces[k] }
                if end[i] < days { expected[k * days + Int(end[i])] &-= pieces[k] }
            }
        }
        zk_calendar_fold(&lanes, days, first, end, weights, rows)
        #expect(lanes == expected)
    }
}
