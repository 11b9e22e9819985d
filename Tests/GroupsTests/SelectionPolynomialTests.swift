// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// The bulk functions of membership proofs against what they say, point by point.
@Suite(.everyKernel) struct SelectionPolynomialTests {
    /// Coefficients of the product of linear factors, for every place of the padded list.
    static func expected<G: Group>(
        _ group: G.Type, _ points: [G.Point], _ chosen: Int, _ masks: [G.Scalar], base n: Int, digits: Int
    ) -> [G.Point] {
        typealias S = G.Scalar
        var places = 1
        for _ in 0..<digits { places *= n }
        var scalars = [[S]](repeating: [], count: digits + 1)
        for i in 0..<places {
            var (product, rest, other) = ([S.one], i, chosen)
            for j in 0..<digits {
                let value = rest % n
                let others = masks[(n - 1) * j..<(n - 1) * (j + 1)]
                let mask = value > 0 ? masks[(n - 1) * j + value - 1] : others.reduce(S.zero) { $0 - $1 }
                var next = [S](repeating: .zero, count: product.count + 1)
                for k in product.indices {
                    next[k] = next[k] + mask * product[k]
                    if other % n == value { next[k + 1] = next[k + 1] + product[k] }
                }
                (product, rest, other) = (next, rest / n, other / n)
            }
            for k in product.indices { scalars[k].append(product[k]) }
        }
        let all = (0..<places).map { points[min($0, points.count - 1)] }
        return scalars.map { G.vartimeMultiScalarMul($0, all) }
    }

    static func check<G: Group>(_ group: G.Type, count: Int, base n: Int, digits: Int, chosen: Int, seed: UInt64) {
        var random = SplitMix(state: seed)
        func scalar() -> G.Scalar {
            let wide = (0..<G.Scalar.wideByteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return G.Scalar(reducingWide: wide.span)
        }
        let uniform = (0..<count * G.uniformByteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let points = G.points(uniformBytes: uniform.span)
        var masks = (0..<(n - 1) * digits).map { _ in scalar() }
        if seed % 3 == 0 { masks[0] = .zero }
        if seed % 3 == 1 { masks[masks.count - 1] = -G.Scalar.one }
        var (bits, rest): ([UInt64], Int) = ([], chosen)
        for _ in 0..<digits {
            bits += (0..<n).map { rest % n == $0 ? 1 : 0 }
            rest /= n
        }
        let limbs = masks.flatMap(\.limbs)
        let found = G.selectionPolynomial(points, bits: bits.span, masks: limbs.span, base: n)
        let wanted = expected(G.self, points, chosen, masks, base: n, digits: digits)
        #expect(found.count == digits + 1)
        #expect(found.indices.allSatisfy { found[$0] == wanted[$0] }, "\(G.name), \(count) points, \(chosen) of base \(n)")
        #expect(found[digits] == points[min(chosen, count - 1)])
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 15, 16, 17, 33, 63, 64, 100]) func ristretto(count: Int) {
        let digits = count <= 4 ? 1 : count <= 16 ? 2 : count <= 64 ? 3 : 4
        for chosen in [0, count - 1, count / 2, (1 << (2 * digits)) - 1] {
            Self.check(Ristretto255.self, count: count, base: 4, digits: digits, chosen: chosen, seed: UInt64(count + chosen))
        }
    }

    /// More digits than are needed, other bases, and equal points.
    @Test func otherShapes() {
        Self.check(Ristretto255.self, count: 5, base: 4, digits: 4, chosen: 3, seed: 1)
        Self.check(Ristretto255.self, count: 1, base: 4, digits: 3, chosen: 0, seed: 2)
        for (n, digits, count) in [(2, 5, 27), (3, 3, 20), (5, 2, 25), (7, 2, 40)] {
            Self.check(Ristretto255.self, count: count, base: n, digits: digits, chosen: count / 3, seed: UInt64(n))
        }
    }

    /// The code that groups share.
    @Test func otherGroups() {
        for count in [1, 4, 7, 16] {
            Self.check(ToyGroup.self, count: count, base: 4, digits: 2, chosen: count / 2, seed: UInt64(count))
            Self.check(P256.self, count: count, base: 4, digits: 2, chosen: count - 1, seed: UInt64(count))
        }
    }

    @Test func outerProducts() {
        outerProducts(Ristretto255.self)
        outerProducts(ToyGroup.self)
        outerProducts(P256.self)
    }

    private func outerProducts<G: Group>(_ group: G.Type) {
        typealias S = G.Scalar
        var random = SplitMix(state: 11)
        let shapes = [(1, 1, 1, 1), (1, 4, 5, 20), (3, 7, 4, 26), (15, 2, 3, 6), (16, 3, 2, 5), (47, 2, 2, 4), (0, 0, 0, 0)]
        for (terms, height, width, count) in shapes {
            // The largest scalars: nothing overflows.
            for largest in [false, true] {
                func scalars(_ count: Int) -> [S] { (0..<count).map { _ in largest ? -S.one : S(random.next()) - S(random.next()) } }
                let (rows, columns, start) = (scalars(terms * height), scalars(terms * width), scalars(count))
                var sums = start
                S.addOuterProducts(rows, columns, terms: terms, into: &sums)
                for place in sums.indices {
                    let (r, c) = (place / width, place % width)
                    let expected = (0..<terms).reduce(start[place]) { $0 + rows[$1 * height + r] * columns[$1 * width + c] }
                    #expect(sums[place] == expected)
                }
            }
        }
    }
}
