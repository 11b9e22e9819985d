// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Folded proofs over four generators without relations, `q` of 3 and 5: `D = x A`, `C = x B + y T`, and a fourth, `O`, outside of the relation.
/// A row is false if `D` has a component along `O`, `C` has one, or the two have different `x`.
@Suite struct FoldedExhaustiveTests {
    /// The relation; coordinates are along `A, B, T, O`.
    static func relation<Order: PrimeOrder>(_ order: Order.Type) throws -> FoldedRelation<IndependentGroup<Order>> {
        typealias G = IndependentGroup<Order>
        return try FoldedRelation(
            dataBases: [G.point(1)], links: [.init(slot: 0, base: G.point(0, 1))], tailBases: [G.point(0, 0, 1)])
    }

    /// `d0 A + d1 O` and `c0 B + c1 T + c2 O`.
    static func point<Order: PrimeOrder>(data d: [UInt64], _ order: Order.Type) -> IndependentGroup<Order>.Point {
        IndependentGroup<Order>.point(d[0], 0, 0, d[1])
    }
    static func point<Order: PrimeOrder>(consent c: [UInt64], _ order: Order.Type) -> IndependentGroup<Order>.Point {
        IndependentGroup<Order>.point(0, c[0], c[1], c[2])
    }

    /// How far a row is from true: zero components if it is.
    static func error(_ d: [UInt64], _ c: [UInt64], _ q: UInt64) -> [UInt64] { [d[1] % q, c[2] % q, (d[0] + q - c[0] % q) % q] }

    /// Every folded statement, announcement, challenge and response: accepted exactly if both equations hold for each coordinate, and a false
    /// statement is answered for one challenge of `q` at most.
    @Test func everyTranscriptOverThree() throws {
        typealias G = IndependentGroup<Order3>
        let q: UInt64 = 3
        let relation = try Self.relation(Order3.self)
        let bases = FoldedBases(relation)
        let (twos, threes) = (LinearProofTests.tuples(2, below: q), LinearProofTests.tuples(3, below: q))
        let statements = twos.flatMap { d in threes.map { (d: d, c: $0) } }
        var (wrong, trueCount) = (0, 0)
        for (number, statement) in statements.enumerated() where runsLongTests || number % 4 == 0 {
            let isTrue = Self.error(statement.d, statement.c, q) == [0, 0, 0]
            trueCount += isTrue ? 1 : 0
            let (data, consent) = (Self.point(data: statement.d, Order3.self), Self.point(consent: statement.c, Order3.self))
            var (total, most) = (0, 0)
            for td in twos {
                for tc in threes {
                    let announcement = FoldedAnnouncement<G>(
                        data: Self.point(data: td, Order3.self), consent: Self.point(consent: tc, Order3.self))
                    var answered = 0
                    for z in twos {
                        let proof = FoldedProof<G>(
                            announcement: announcement, dataResponses: [.init(z[0])], tail: .init(rounds: [], last: [.init(z[1])]))
                        for c in 0..<q {
                            let accepted = passes {
                                try FoldedVerifier.check(
                                    bases, foldedData: data, foldedConsent: consent, challenges: .init(announcement: .init(c)), proof: proof
                                )
                            }
                            let (d, k) = (statement.d, statement.c)
                            let holds =
                                z[0] == (td[0] + c * d[0]) % q && (td[1] + c * d[1]) % q == 0 && z[0] == (tc[0] + c * k[0]) % q
                                && z[1] == (tc[1] + c * k[1]) % q && (tc[2] + c * k[2]) % q == 0
                            wrong += accepted == holds ? 0 : 1
                            answered += accepted ? 1 : 0
                        }
                    }
                    total += answered
                    most = max(most, answered)
                }
            }
            wrong += total == 27 && most == (isTrue ? 3 : 1) ? 0 : 1
        }
        #expect(wrong == 0)
        #expect(trueCount > 0)
    }

    /// Every pair of rows and every pair of weights: a dataset with false rows folds to a true statement for exactly `q^-rank` of the weights,
    /// where rank is that of the rows' errors.
    @Test func everyWeightOfTwoRows() throws {
        let q: UInt64 = 3
        let (twos, threes) = (LinearProofTests.tuples(2, below: q), LinearProofTests.tuples(3, below: q))
        let rows = twos.flatMap { d in threes.map { (d: d, c: $0) } }
        let weights = twos.map { $0.map { UInt128($0) } }
        let points = rows.map { (Self.point(data: $0.d, Order3.self), Self.point(consent: $0.c, Order3.self)) }
        let errors = rows.map { Self.error($0.d, $0.c, q) }
        var wrong = 0
        for i in rows.indices where runsLongTests || i % 5 == 0 {
            for j in rows.indices {
                let folded = weights.filter { w in
                    let d = FoldedVerifier<IndependentGroup<Order3>>.fold(w, [points[i].0, points[j].0]).coordinates
                    let c = FoldedVerifier<IndependentGroup<Order3>>.fold(w, [points[i].1, points[j].1]).coordinates
                    return d[3] == 0 && c[3] == 0 && d[0] == c[1]
                }
                let (a, b) = (errors[i], errors[j])
                let zeros = (a == [0, 0, 0] ? 1 : 0) + (b == [0, 0, 0] ? 1 : 0)
                let parallel = (1..<q).contains { factor in a.map { $0 * factor % q } == b }
                let rank = zeros == 2 ? 0 : zeros == 1 || parallel ? 1 : 2
                wrong += folded.count == [9, 3, 1][rank] ? 0 : 1
            }
        }
        #expect(wrong == 0)
    }

    /// The whole interactive protocol: for each kind of false dataset the best prover, who knows the weights and then prepares one challenge,
    /// passes for exactly `(T q + (q^2 - T)) / q^3` of weights and challenges, `T` weights being those that fold it to a true statement.
    @Test func bestProver() throws {
        try bestProver(Order3.self)
        try bestProver(Order5.self)
        if runsLongTests { try bestProver(Order7.self) }
    }

    func bestProver<Order: PrimeOrder>(_ order: Order.Type) throws {
        typealias G = IndependentGroup<Order>
        let q = Order.q
        let relation = try Self.relation(Order.self)
        let bases = FoldedBases(relation)
        let good: ([UInt64], [UInt64]) = ([2, 0], [2, 1, 0])
        let datasets: [([([UInt64], [UInt64])], Int)] = [
            ([good, ([1, 0], [1, 2, 0])], 0),
            // Another record in the consent; a component outside on either side; both, in one row.
            ([good, ([1, 0], [2, 2, 0])], 1), ([good, ([1, 1], [1, 2, 0])], 1), ([good, ([1, 0], [1, 2, 1])], 1),
            ([([1, 1], [2, 2, 1]), good], 1),
            // Two false rows whose errors are opposite, equal, independent; two rows exchanged on one side.
            ([([1, 1], [1, 2, 0]), ([2, q - 1], [2, 2, 0])], 1), ([([1, 1], [1, 2, 0]), ([2, 1], [2, 2, 0])], 1),
            ([([1, 1], [1, 2, 0]), ([2, 0], [2, 2, 1])], 2), ([([1, 0], [2, 0, 0]), ([2, 0], [1, 0, 0])], 1),
        ]
        for (number, (rows, rank)) in datasets.enumerated() {
            let data = rows.map { Self.point(data: $0.0, Order.self) }
            let consents = rows.map { Self.point(consent: $0.1, Order.self) }
            var (accepted, trueFolds) = (0, 0)
            for w in LinearProofTests.tuples(2, below: q).map({ $0.map { UInt128($0) } }) {
                let foldedData = FoldedVerifier<G>.fold(w, data)
                let foldedConsent = FoldedVerifier<G>.fold(w, consents)
                let (d, c) = (foldedData.coordinates, foldedConsent.coordinates)
                let isTrue = d[3] == 0 && c[3] == 0 && d[0] == c[1]
                trueFolds += isTrue ? 1 : 0
                let prepared = G.Scalar(UInt64(1))
                for challenge in (0..<q).map({ G.Scalar($0) }) {
                    // t = map(z) - prepared * statement, answered with z; of a true statement with z + (c - prepared) x.
                    let (z, y) = (G.Scalar(UInt64(1)), G.Scalar(UInt64(2)))
                    let announcement = FoldedAnnouncement<G>(
                        data: G.vartimeMultiScalarMul([z, -prepared], [relation.dataBases[0], foldedData]),
                        consent: G.vartimeMultiScalarMul([z, y, -prepared], relation.consentBases + [foldedConsent]))
                    let step = isTrue ? challenge - prepared : .zero
                    let proof = FoldedProof<G>(
                        announcement: announcement, dataResponses: [z + step * .init(d[0])],
                        tail: .init(rounds: [], last: [y + step * .init(c[2])]))
                    accepted +=
                        passes {
                            try FoldedVerifier.check(
                                bases, foldedData: foldedData, foldedConsent: foldedConsent, challenges: .init(announcement: challenge),
                                proof: proof)
                        } ? 1 : 0
                }
            }
            let expected = [Int(q * q), Int(q), 1][rank]
            #expect(trueFolds == expected, "dataset \(number)")
            #expect(accepted == expected * Int(q) + (Int(q * q) - expected), "dataset \(number): \(accepted) of \(q * q * q)")
        }
    }

    /// With transcripts and the real weights: an honest prover's false row passes if its weight or the challenge is zero modulo `q`, that is in
    /// `1 - (1 - 1/q)^2` of the datasets.
    @Test func datasetsInWhichAFalseRowPasses() throws {
        typealias G = IndependentGroup<Order7>
        let relation = try Self.relation(Order7.self)
        let trials = runsLongTests ? 50_000 : 4_000
        let outside = [G.point(0, 0, 0, 1), G.point(0, 1, 0, 0)]
        for side in 0..<2 {
            var accepted = 0
            for trial in 0..<trials {
                var sample = FoldedSample<G>(rows: 1 + trial % 3, relation: relation)
                sample.number = UInt64(trial)
                let row = trial % sample.dataPoints.count
                if side == 0 {
                    sample.dataPoints[row] = G.add(sample.dataPoints[row], outside[0])
                } else {
                    sample.consents[row] = G.add(sample.consents[row], outside[1])
                }
                let proof = try sample.prove()
                let passed = sample.rejection(of: proof) == nil
                let transcript = sample.transcript()
                let weight = G.Scalar(transcript.weights.weights(count: row + 1)[row])
                let challenge = transcript.announced(proof.announcement).challenge.scalar
                #expect(passed == (weight == .zero || challenge == .zero))
                accepted += passed ? 1 : 0
            }
            #expect(isPlausible(accepted, of: trials, probability: 13.0 / 49), "side \(side): \(accepted) of \(trials)")
        }
    }
}
