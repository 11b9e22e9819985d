// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// Columns of scalars in bulk, against one at a time.
@Suite struct WeightedColumnsTests {
    typealias S = Ristretto255.Scalar

    /// Scalars and weights, the largest among them.
    private static func inputs(rows: Int, width: Int) -> (weights: [S], rows: [S]) {
        var random = SplitMix(state: UInt64(rows * 1_000 + width))
        let weights = (0..<rows).map { row -> S in
            row % 5 == 0 ? S(UInt128.max) : S(UInt128.random(in: 0 ... .max, using: &random))
        }
        let all = (0..<rows * width).map { place -> S in
            if place % 7 == 0 { return -S.one }
            let wide = (0..<48).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
            return S(reducingWide: wide.span)
        }
        return (weights, all)
    }

    /// Records that begin with `offset` bytes and end with three, at no alignment.
    private static func records(_ all: [S], width: Int, offset: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: all.count, by: width) {
            bytes += [UInt8](repeating: 0xee, count: offset) + all[start..<start + width].flatMap(\.bytes) + [1, 2, 3]
        }
        return bytes
    }

    @Test(.everyKernel, arguments: [(1, 1), (2, 3), (33, 8), (100, 17), (1_100, 66), (600, 150)])
    func sums(_ rows: Int, _ width: Int) {
        let (weights, all) = Self.inputs(rows: rows, width: width)
        for offset in [0, 5] {
            let bytes = Self.records(all, width: width, offset: offset)
            let span = bytes.span
            for columns in [0..<width, width / 2..<width, 0..<(width + 1) / 2, 0..<0] {
                let expected = columns.map { column in
                    weights.indices.reduce(S.zero) { $0 + weights[$1] * all[$1 * width + column] }
                }
                let found = S.weightedSums(
                    weights, records: span, recordByteCount: 32 * width + offset + 3, offset: offset + 32 * columns.lowerBound,
                    count: columns.count)
                #expect(found == expected)
            }
        }
    }

    /// What is not canonical counts nothing under weight zero.
    @Test(.everyKernel) func weightZero() {
        let (width, rows) = (5, 40)
        var (weights, all) = Self.inputs(rows: rows, width: width)
        weights[7] = .zero
        let honest = Self.records(all, width: width, offset: 0)
        let size = 32 * width + 3
        var changed = honest
        for byte in 7 * size..<8 * size { changed[byte] = 0xff }
        let spoiled = changed
        let (a, b) = (honest.span, spoiled.span)
        let expected = S.weightedSums(weights, records: a, recordByteCount: size, offset: 0, count: width)
        #expect(S.weightedSums(weights, records: b, recordByteCount: size, offset: 0, count: width) == expected)
        for column in 0..<width { all[7 * width + column] = .zero }
        #expect(expected == (0..<width).map { column in (0..<rows).reduce(S.zero) { $0 + weights[$1] * all[$1 * width + column] } })
    }

    @Test(arguments: [1, 3, 700])
    func refused(_ count: Int) {
        let width = 4
        let (_, all) = Self.inputs(rows: count, width: width)
        let valid = Self.records(all, width: width, offset: 3)
        let span = valid.span
        let size = 32 * width + 6
        #expect(S.refusedRecords(span, recordByteCount: size, offset: 3, count: width) == [])
        // The order itself in the last scalar of the last record, and all ones in the first of the first.
        var order = (-S.one).limbs
        order[0] += 1
        var bytes = valid
        let encoded = order.flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
        bytes.replaceSubrange(bytes.count - 35..<bytes.count - 3, with: encoded)
        let last = bytes
        let lastSpan = last.span
        #expect(S.refusedRecords(lastSpan, recordByteCount: size, offset: 3, count: width) == [count - 1])
        for byte in 3..<35 { bytes[byte] = 0xff }
        let both = bytes
        let bothSpan = both.span
        #expect(S.refusedRecords(bothSpan, recordByteCount: size, offset: 3, count: width) == Set([0, count - 1]).sorted())
        #expect(S.refusedRecords(bothSpan, recordByteCount: size, offset: 35, count: width - 2) == [])
    }
}
