// SPDX-License-Identifier: Apache-2.0
import Groups
import RangeProofs
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Equations (R1) and (R2) of docs/protocol.md, section 10.4, term by term as they stand there, beside the columns of the verifier.
@Suite struct RangeEquationTests {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar

    /// The left side minus the right side of (R1) and of (R2).
    static func differences(_ sample: RangeSample, _ bytes: [UInt8]) throws -> (G.Point, G.Point) {
        let p = sample.parameters
        let (n, m, width, k) = (p.bits, p.count, p.width, p.rounds)
        let c = RangeSample.Transcript.challengesOneByOne(
            [sample.context], p, commitments: sample.commitments.span, proofs: bytes.span)[0]
        func point(_ part: Int) throws -> G.Point {
            let encoding = Array(bytes[32 * part..<32 * (part + 1)])
            return try G.decode(canonical: encoding.span)[0]
        }
        func scalar(_ part: Int) throws -> S {
            let encoding = Array(bytes[32 * part..<32 * (part + 1)])
            return try S(canonical: encoding.span)
        }
        func power(_ x: S, _ exponent: Int) -> S { (0..<exponent).reduce(S.one) { product, _ in product * x } }
        func add(_ terms: [(S, G.Point)]) -> G.Point { G.vartimeMultiScalarMul(terms.map { $0.0 }, terms.map { $0.1 }) }
        let (y, z, x, w) = (c.y, c.z, c.x, c.w)
        let yInverse = try #require(y.vartimeInverted())
        let uInverse = try c.u.map { try #require($0.vartimeInverted()) }
        let (tx, taux, mu) = (try scalar(4), try scalar(5), try scalar(6))
        let (a, b) = (try scalar(7 + 2 * k), try scalar(8 + 2 * k))
        let v = try G.decode(canonical: sample.commitments.span)

        let ySum = (0..<width).reduce(S.zero) { $0 + power(y, $1) }
        let zSum = (0..<m).reduce(S.zero) { $0 + power(z, $1) }
        let twos = (0..<n).reduce(S.zero) { $0 + power(S(UInt64(2)), $1) }
        let zCube: S = z * z * z
        let delta: S = (z - z * z) * ySum - zCube * twos * zSum
        var first: [(S, G.Point)] = [(tx, p.valueBase), (taux, p.blindingBase), (-delta, p.valueBase)]
        first += (0..<m).map { (-power(z, 2 + $0), v[$0]) }
        first += [(-x, try point(2)), (-(x * x), try point(3))]

        var second: [(S, G.Point)] = [(.one, try point(0)), (x, try point(1)), (-mu, p.blindingBase), (w * tx, p.productBase)]
        for round in 0..<k {
            second.append((c.u[round] * c.u[round], try point(7 + 2 * round)))
            second.append((uInverse[round] * uInverse[round], try point(8 + 2 * round)))
        }
        for i in 0..<width {
            var s = S.one
            for round in 0..<k { s = s * (i >> (k - 1 - round) & 1 == 1 ? c.u[round] : uInverse[round]) }
            let sInverse = try #require(s.vartimeInverted())
            let yi = power(yInverse, i)
            second.append((-z - a * s, p.left[i]))
            let bit: S = power(z, 2 + i / n) * power(S(UInt64(2)), i % n) * yi
            let product: S = b * yi * sInverse
            second.append((z + bit - product, p.right[i]))
        }
        second.append((-(w * a * b), p.productBase))
        return (add(first), add(second))
    }

    @Test(arguments: [(8, 1), (8, 4), (16, 2), (64, 1)]) func termByTerm(bits: Int, count: Int) throws {
        let sample = try RangeSample(bits: bits, values: (0..<count).map { UInt64(3 * $0 + 1) })
        let honest = try Self.differences(sample, sample.proof.bytes)
        #expect(G.isIdentity(honest.0) && G.isIdentity(honest.1))

        // Any scalars and elements: the verifier's sum is what the equations say, not zero.
        var bytes = sample.proof.bytes
        var random = SplitMix(state: UInt64(bits + count))
        let parts = bytes.count / 32
        for part in 0..<parts {
            let wide = (0..<48).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let value = S(reducingWide: wide.span)
            let isScalar = [4, 5, 6, parts - 2, parts - 1].contains(part)
            let replacement = isScalar ? value.bytes : G.encode([G.vartimeMultiScalarMul([value], [G.generator])])
            bytes.replaceSubrange(32 * part..<32 * (part + 1), with: replacement)
        }
        let (first, second) = try Self.differences(sample, bytes)
        #expect(!G.isIdentity(first) && !G.isIdentity(second))
        let member = try RangeProofs<RangeSample.Transcript>(
            sample.parameters, openings: [sample.context], commitments: sample.commitments.span, proofs: bytes.span)
        #expect(member.malformed.isEmpty)
        func sum(_ weights: [S]) -> G.Point {
            var sum = WeightedEquations<G>()
            member.add(0..<1, weights: weights, to: &sum)
            return sum.sum
        }
        #expect(sum([.one, .zero]) == G.negate(first), "(R1)")
        #expect(sum([.zero, .one]) == second, "(R2)")
        let (e, f) = (S(UInt64(12_345)), S(UInt64(678)))
        #expect(sum([e, f]) == G.vartimeMultiScalarMul([-e, f], [first, second]))
    }

    // MARK: The groups' scalar operations

    @Test func tensors() throws {
        try tensors(Ristretto255.self)
        try tensors(P256.self)
        try tensors(ToyGroup.self)
    }

    private func tensors<H: Group>(_ group: H.Type) throws {
        typealias S = H.Scalar
        var random = SplitMix(state: 9)
        func scalars(_ count: Int) -> [S] { (0..<count).map { _ in S(random.next()) - S(random.next()) } }
        for k in 0..<5 {
            let (scales, ratios, start) = (scalars(3), scalars(3 * k), scalars(1 << k))
            var sums = start
            S.addTensors(scales, ratios: ratios, into: &sums)
            for i in sums.indices {
                var expected = start[i]
                for p in 0..<3 {
                    var product = scales[p]
                    for t in 0..<k where i >> t & 1 == 1 { product = product * ratios[p * k + t] }
                    expected = expected + product
                }
                #expect(sums[i] == expected)
            }
        }
        let values = scalars(7).map { $0 == .zero ? S.one : $0 }
        let inverses = try #require(S.vartimeInverses(values))
        #expect(values.indices.allSatisfy { values[$0] * inverses[$0] == .one })
        #expect(S.vartimeInverses([])?.isEmpty == true)
        #expect(S.vartimeInverses(values + [.zero]) == nil)
        #expect(S.vartimeInverses([.zero]) == nil)
        let (a, b) = (scalars(5), scalars(5))
        let limbs = (a.flatMap(\.limbs), b.flatMap(\.limbs))
        var product = [UInt64](repeating: 0, count: limbs.0.count)
        var out = product.mutableSpan
        H.multiply(limbs.0.span, limbs.1.span, into: &out)
        #expect(product == a.indices.flatMap { (a[$0] * b[$0]).limbs })
    }
}
