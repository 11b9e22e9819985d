// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import SigmaProofs
import TestSupport
import Testing

@Suite struct CompressedTailTests {
    typealias G = Ristretto255

    static func scalar(_ value: Int) -> G.Scalar { G.Scalar(UInt64(value)) * G.Scalar(UInt64(0x9e37_79b9_7f4a_7c15)) }

    static func bases(_ count: Int) -> [G.Point] {
        var generator = SplitMix(state: 7)
        return G.points(uniformBytes: (0..<64 * count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }.span)
    }

    /// Values, bases, the argument and its challenges, which here are fixed numbers.
    static func sample(_ count: Int) throws -> (values: [G.Scalar], bases: [G.Point], tail: CompressedTail<G>, challenges: [G.Scalar]) {
        let bases = bases(count)
        let values = (0..<count).map { scalar($0 + 1) }
        var challenges: [G.Scalar] = []
        let tail = TailCompressor<G>.compress(values, bases) { _ in
            challenges.append(scalar(1_000 + challenges.count))
            return challenges[challenges.count - 1]
        }
        return (values, bases, try #require(tail), challenges)
    }

    /// The verifier's equation, evaluated term by term.
    static func holds(_ tail: CompressedTail<G>, _ challenges: [G.Scalar], _ bases: [G.Point], target: G.Point) -> Bool {
        let scalars = tail.verifierScalars(challenges: challenges, count: bases.count)
        let left = G.vartimeMultiScalarMul(scalars.bases, bases)
        let right = G.vartimeMultiScalarMul(
            [scalars.target] + scalars.left + scalars.right, [target] + tail.rounds.map(\.left) + tail.rounds.map(\.right))
        return left == right
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 129])
    func theEquationHolds(count: Int) throws {
        let (values, bases, tail, challenges) = try Self.sample(count)
        #expect(tail.rounds.count == CompressedTail<G>.roundCount(count))
        #expect(tail.last.count == min(4, count))
        let target = G.vartimeMultiScalarMul(values, bases)
        #expect(Self.holds(tail, challenges, bases, target: target))
        #expect(!Self.holds(tail, challenges, bases, target: G.add(target, G.generator)))
        #expect(tail.bytes.count == CompressedTail<G>.byteCount(count))
        #expect(try CompressedTail<G>(parsing: tail.bytes.span, count: count) == tail)
    }

    /// The equation over the original bases is the protocol as the paper writes it, folding bases, values and target round by round.
    @Test(arguments: [5, 8, 13, 32])
    func theExpandedEquationIsTheFoldedOne(count: Int) throws {
        let (values, bases, tail, challenges) = try Self.sample(count)
        let padded = CompressedTail<G>.paddedCount(count)
        var (z, g) = (values, bases)
        z += [G.Scalar](repeating: .zero, count: padded - count)
        g += [G.Point](repeating: G.identity, count: padded - count)
        var target = G.vartimeMultiScalarMul(values, bases)
        for (round, e) in challenges.enumerated() {
            let half = z.count / 2
            let (zl, zr, gl, gr) = (Array(z[..<half]), Array(z[half...]), Array(g[..<half]), Array(g[half...]))
            #expect(G.vartimeMultiScalarMul(zl, gr) == tail.rounds[round].left)
            #expect(G.vartimeMultiScalarMul(zr, gl) == tail.rounds[round].right)
            target = G.vartimeMultiScalarMul([.one, e, e * e], [tail.rounds[round].left, target, tail.rounds[round].right])
            z = (0..<half).map { zl[$0] + e * zr[$0] }
            g = (0..<half).map { G.vartimeMultiScalarMul([e, .one], [gl[$0], gr[$0]]) }
        }
        #expect(Array(z.prefix(min(4, count))) == tail.last)
        #expect(G.vartimeMultiScalarMul(z, g) == target)
    }

    @Test(arguments: [5, 16, 33])
    func everyChangedPartIsNoticed(count: Int) throws {
        let (values, bases, tail, challenges) = try Self.sample(count)
        let target = G.vartimeMultiScalarMul(values, bases)
        for round in tail.rounds.indices {
            for isLeft in [true, false] {
                var rounds = tail.rounds
                let (left, right) = (rounds[round].left, rounds[round].right)
                rounds[round] = .init(left: isLeft ? G.add(left, G.generator) : left, right: isLeft ? right : G.add(right, G.generator))
                #expect(!Self.holds(.init(rounds: rounds, last: tail.last), challenges, bases, target: target))
            }
            var changed = challenges
            changed[round] = changed[round] + .one
            #expect(!Self.holds(tail, changed, bases, target: target))
        }
        for index in tail.last.indices {
            var last = tail.last
            last[index] = last[index] + .one
            #expect(!Self.holds(.init(rounds: tail.rounds, last: last), challenges, bases, target: target))
        }
    }

    @Test func otherLengthsAndEncodingsAreRefused() throws {
        let (_, _, tail, _) = try Self.sample(20)
        let bytes = tail.bytes
        for count in [1, 4, 5, 16, 33, 64] {
            #expect(throws: ProofRejected.self) { try CompressedTail<G>(parsing: bytes.span, count: count) }
        }
        for (position, value) in [(0, UInt8(0xff)), (31, 0xff), (bytes.count - 1, 0xff)] {
            var changed = bytes
            changed[position] = value
            #expect(throws: ProofRejected.self) { try CompressedTail<G>(parsing: changed.span, count: 20) }
        }
        var identity = bytes
        for index in 32..<64 { identity[index] = 0 }
        #expect(throws: ProofRejected.self) { try CompressedTail<G>(parsing: identity.span, count: 20) }
    }

    @Test func sizesAreThoseOfTheDesign() {
        // 7,305 days, 40 flags, 10 attributes, less the clauses of a policy, and H: eleven rounds and four scalars.
        #expect(CompressedTail<G>.roundCount(7_350) == 11)
        #expect(CompressedTail<G>.byteCount(7_350) == 11 * 64 + 4 * 32)
    }
}
