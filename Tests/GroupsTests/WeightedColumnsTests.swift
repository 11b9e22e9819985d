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

    @Test(arguments: [(1, 1), (2, 3), (100, 5), (1_000, 66)])
    func sums(_ rows: Int, _ width: Int) {
        let (weights, all) = Self.inputs(rows: rows, width: width)
        for columns in [0..<width, width / 2..<width, 0..<0] {
            for first in [0, rows / 3] {
                let own = Array(weights[first...])
                let expected = columns.map { column in
                    own.indices.reduce(S.zero) { $0 + own[$1] * all[(first + $1) * width + column] }
                }
                #expect(S.weightedSums(own, rows: all, width: width, first: first, columns: columns) == expected)
            }
        }
    }

    @Test(arguments: [1, 3, 700])
    func rows(_ count: Int) {
        let width = 4
        let (_, all) = Self.inputs(rows: count, width: width)
        var bytes: [UInt8] = []
        for row in 0..<count { bytes += [1, 2, 3] + all[row * width..<(row + 1) * width].flatMap(\.bytes) + [9] }
        let valid = bytes
        let span = valid.span
        let (scalars, refused) = S.decodeRows(canonical: span, recordByteCount: 32 * width + 4, offset: 3, width: width)
        #expect(scalars == all && refused == [])
        // All ones in the last scalar of the last record.
        for byte in bytes.count - 33..<bytes.count - 1 { bytes[byte] = 0xff }
        let invalid = bytes
        let spoiled = invalid.span
        let (others, places) = S.decodeRows(canonical: spoiled, recordByteCount: 32 * width + 4, offset: 3, width: width)
        #expect(places == [count - 1] && others.last == .zero && others.dropLast() == all.dropLast())
    }
}
