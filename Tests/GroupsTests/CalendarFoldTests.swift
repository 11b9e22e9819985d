// SPDX-License-Identifier: Apache-2.0
import CKernels
import Testing

/// The prover's folds of secrets against indexing.
@Suite struct CalendarFoldTests {
    /// Adds a weight of two limbs, or takes it away, modulo 2^192.
    private func add(_ low: UInt64, _ high: UInt64, negated: Bool, to sums: inout [UInt64], at day: Int) {
        var carry: UInt64 = negated ? 1 : 0
        for (limb, word) in [low, high, 0].enumerated() {
            let term = UInt128(sums[3 * day + limb]) + UInt128(negated ? ~word : word) + UInt128(carry)
            sums[3 * day + limb] = UInt64(truncatingIfNeeded: term)
            carry = UInt64(truncatingIfNeeded: term >> 64)
        }
    }

    @Test(
        arguments: [
            (1, 1), (1, 600), (7, 100), (8, 512), (31, 513), (33, 1_023), (40, 1_024), (1_024, 700), (1_025, 3_000), (7_306, 1_025),
            (7_306, 9_000), (500, 0), (36_525, 40),
        ])
    func calendarAgreesWithIndexing(days: Int, rows: Int) {
        var random = TestRandom(UInt64(days * 10_000 + rows))
        // Days at and after the end of the calendar name no day; some weights are extreme, some days very frequent.
        let first = (0..<rows).map { i in i % 3 == 0 ? 0 : UInt32(truncatingIfNeeded: random.next() % UInt64(days + 3)) }
        let end = (0..<rows).map { i in i % 7 == 0 ? UInt32.max : UInt32(truncatingIfNeeded: random.next() % UInt64(days + 3)) }
        let weights = (0..<2 * rows).map { i in i % 5 == 0 ? UInt64.max : random.next() }
        let start = (0..<3 * days).map { UInt64($0) }
        var sums = start
        var changes = [UInt64](repeating: 0, count: 3 * days)
        for i in 0..<rows {
            if first[i] < days { add(weights[2 * i], weights[2 * i + 1], negated: false, to: &changes, at: Int(first[i])) }
            if end[i] < days { add(weights[2 * i], weights[2 * i + 1], negated: true, to: &changes, at: Int(end[i])) }
        }
        var expected = start
        var running: [UInt64] = [0, 0, 0]
        for day in 0..<days {
            func accumulate(_ terms: ArraySlice<UInt64>, into out: inout [UInt64], at offset: Int) {
                var carry: UInt128 = 0
                for (limb, term) in terms.enumerated() {
                    carry += UInt128(out[offset + limb]) + UInt128(term)
                    out[offset + limb] = UInt64(truncatingIfNeeded: carry)
                    carry >>= 64
                }
            }
            accumulate(changes[3 * day..<3 * day + 3], into: &running, at: 0)
            accumulate(running[...], into: &expected, at: 3 * day)
        }
        var scratch = [UInt64](repeating: 0x5555_5555_5555_5555, count: zk_calendar_fold_scratch(days))
        zk_calendar_fold(&sums, days, first, end, weights, rows, &scratch)
        #expect(sums == expected)
    }

    @Test(arguments: [(1, 1), (7, 100), (32, 50), (33, 70), (64, 9), (65, 200), (130, 33), (1_024, 5)])
    func flagsAgreeWithIndexing(flags: Int, rows: Int) {
        var random = TestRandom(UInt64(flags * 10_000 + rows))
        let words = (flags + 63) / 64
        let bits = (0..<rows * words).map { i in i % 4 == 0 ? UInt64.max : random.next() }
        let weights = (0..<2 * rows).map { i in i % 5 == 0 ? UInt64.max : random.next() }
        var expected = [UInt64](repeating: 3, count: 3 * flags)
        var sums = expected
        for row in 0..<rows {
            for flag in 0..<flags where bits[row * words + flag / 64] >> UInt64(flag % 64) & 1 == 1 {
                add(weights[2 * row], weights[2 * row + 1], negated: false, to: &expected, at: flag)
            }
        }
        zk_flag_fold(&sums, flags, bits, words, weights, rows)
        #expect(sums == expected)
    }

    @Test(arguments: [0, 1, 2, 100, 1_000])
    func scalarsAgreeWithProducts(rows: Int) {
        var random = TestRandom(UInt64(rows))
        let scalars = (0..<4 * rows).map { i in i % 4 == 3 ? random.next() >> 1 : i % 7 == 0 ? UInt64.max : random.next() }
        let weights = (0..<2 * rows).map { i in i % 5 == 0 ? UInt64.max : random.next() }
        var sum: [UInt64] = [5, 0, 0, 0, 0, 0, 0]
        var expected = sum
        for row in 0..<rows {
            for (limb, weight) in weights[2 * row..<2 * row + 2].enumerated() {
                var carry: UInt128 = 0
                for position in 0..<7 - limb {
                    let factor = position < 4 ? scalars[4 * row + position] : 0
                    let product = factor.multipliedFullWidth(by: weight)
                    let term = UInt128(product.low) + UInt128(product.high) << 64 + UInt128(expected[limb + position]) + carry
                    expected[limb + position] = UInt64(truncatingIfNeeded: term)
                    carry = term >> 64
                }
            }
        }
        zk_scalar_fold(&sum, scalars, weights, rows)
        #expect(sum == expected)
    }
}
