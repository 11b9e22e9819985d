// SPDX-License-Identifier: Apache-2.0

import Groups
import SigmaProofs
import TestSupport
import Testing

/// One round of the compressed tail over generators without relations, `q` of 3 and 5. The tail has five places and so is halved once:
/// `g' = (e g_0 + g_4, e g_1, e g_2, e g_3)`. Generators that a test needs no room for are absent, as padding is.
@Suite struct FoldedRoundExhaustiveTests {
    static func relation<Order: PrimeOrder>(
        data: IndependentGroup<Order>.Point, link: IndependentGroup<Order>.Point, tail: [IndependentGroup<Order>.Point]
    ) throws -> FoldedRelation<IndependentGroup<Order>> {
        // Of the initialiser that does not look at its bases, for some are absent.
        try FoldedRelation(uncheckedDataBases: [data], links: [.init(slot: 0, base: link)], tailBases: tail)
    }

    /// All cross terms, challenges and remaining scalars, for every target in long tests and five of the 81 otherwise: accepted exactly if
    /// `A + e Q + e^2 B = <z, g'>` for each coordinate. Every target has the same number of accepted transcripts, and one that is outside of the
    /// tail is answered for two challenges of three at most.
    @Test func everyRoundOverThree() throws {
        typealias G = IndependentGroup<Order3>
        let (q, none) = (UInt64(3), G.identity)
        // T_0, T_1, T_4 and a fourth generator that is not in the relation.
        let relation = try Self.relation(
            data: G.point(0, 0, 0, 1), link: none, tail: [G.point(1), G.point(0, 1), none, none, G.point(0, 0, 1)])
        let bases = FoldedBases(relation)
        let all = LinearProofTests.tuples(4, below: q)
        let targets = runsLongTests ? all : [[0, 0, 0, 0], [1, 2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [2, 1, 1, 2]]
        var wrong = 0
        for target in targets {
            let announcement = FoldedAnnouncement<G>(data: none, consent: G.point(target[0], target[1], target[2], target[3]))
            var (total, most) = (0, 0)
            for (index, a) in all.enumerated() {
                for b in all {
                    let round = CompressedTail<G>.Round(left: G.point(a[0], a[1], a[2], a[3]), right: G.point(b[0], b[1], b[2], b[3]))
                    var answered = 0
                    for e in 0..<q {
                        var isAnswered = false
                        let v = (0..<4).map { (a[$0] + e * target[$0] + e * e * b[$0]) % q }
                        for z in LinearProofTests.tuples(2, below: q) {
                            let holds = v == [e * z[0] % q, e * z[1] % q, z[0], 0]
                            total += holds ? 1 : 0
                            isAnswered = isAnswered || holds
                            // The oracle counts everywhere; the verifier is asked for a part, and wherever the oracle accepts.
                            guard holds || runsLongTests || index % 9 == 0 else { continue }
                            let proof = FoldedProof<G>(
                                announcement: announcement, dataResponses: [.zero],
                                tail: .init(rounds: [round], last: [.init(z[0]), .init(z[1]), .zero, .zero]))
                            let accepted = passes {
                                try FoldedVerifier.check(
                                    bases, foldedData: none, foldedConsent: none,
                                    challenges: .init(announcement: .zero, rounds: [.init(e)]), proof: proof)
                            }
                            wrong += accepted == holds ? 0 : 1
                        }
                        answered += isAnswered ? 1 : 0
                    }
                    most = max(most, answered)
                }
            }
            // For every e, z and B there is one A.
            wrong += total == 3 * 9 * 81 ? 0 : 1
            wrong += most == (target[3] == 0 ? 3 : 2) ? 0 : 1
        }
        #expect(wrong == 0)
    }

    /// The whole interactive protocol with a round, against the best prover: one prepared challenge for a statement that is false on the side of the data,
    /// and two prepared challenges of the round besides for one that is false on the side of the consents only. Of all weights, challenges and
    /// challenges of the round exactly `q^2 T + q F + 2 (q - 1) F_C` pass: `T` weights fold the rows to a true statement, `F` to a false one,
    /// `F_C` of those to one that is false for the consents only.
    @Test func bestProver() throws {
        try bestProver(Order3.self)
        try bestProver(Order5.self)
        if runsLongTests { try bestProver(Order7.self) }
    }

    func bestProver<Order: PrimeOrder>(_ order: Order.Type) throws {
        typealias G = IndependentGroup<Order>
        typealias S = G.Scalar
        let (q, none) = (Order.q, G.identity)
        // D = x A, C = x B + y T; the tail is T in the last of five places.
        let relation = try Self.relation(data: G.point(1), link: G.point(0, 1), tail: [none, none, none, none, G.point(0, 0, 1)])
        let bases = FoldedBases(relation)
        let good: ([UInt64], [UInt64]) = ([2, 0], [2, 1, 0])
        let datasets: [[([UInt64], [UInt64])]] = [
            [good, ([1, 0], [1, 2, 0])], [good, ([1, 0], [2, 2, 0])], [good, ([1, 1], [1, 2, 0])], [good, ([1, 0], [1, 2, 1])],
            [([1, 1], [2, 2, 1]), good], [([1, 0], [1, 2, 1]), ([2, 0], [2, 2, q - 1])], [([1, 0], [1, 2, 1]), ([2, 0], [1, 2, 0])],
            [([1, 1], [1, 2, 0]), ([2, 0], [2, 2, 1])], [([1, 0], [2, 0, 0]), ([2, 0], [1, 0, 0])],
        ]
        for (number, rows) in datasets.enumerated() {
            let data = rows.map { FoldedExhaustiveTests.point(data: $0.0, Order.self) }
            let consents = rows.map { FoldedExhaustiveTests.point(consent: $0.1, Order.self) }
            var (accepted, folds) = (0, (true: 0, false: 0, consentsOnly: 0))
            for w in LinearProofTests.tuples(2, below: q).map({ $0.map { UInt128($0) } }) {
                let foldedData = FoldedVerifier<G>.fold(w, data)
                let foldedConsent = FoldedVerifier<G>.fold(w, consents)
                let (d, k) = (foldedData.coordinates, foldedConsent.coordinates)
                let dataIsTrue = d[3] == 0
                let isTrue = dataIsTrue && k[3] == 0 && d[0] == k[1]
                if isTrue { folds.true += 1 } else { folds.false += 1 }
                if dataIsTrue && !isTrue { folds.consentsOnly += 1 }
                let prepared = S.one
                let (z, y) = (S(UInt64(1)), S(UInt64(2)))
                let announcement = FoldedAnnouncement<G>(
                    data: G.vartimeMultiScalarMul([z, -prepared], [relation.dataBases[0], foldedData]),
                    consent: G.vartimeMultiScalarMul([z, y, -prepared], [G.point(0, 1), G.point(0, 0, 1), foldedConsent]))
                for c in (0..<q).map({ S($0) }) {
                    // Of a true statement, or one that is true for the data, the answer moves on with the challenge.
                    let step = dataIsTrue ? c - prepared : .zero
                    let (response, tail) = (z + step * S(d[0]), y + (c - prepared) * S(k[2]))
                    // What Q has outside of the tail, by which <z, g> misses it.
                    let target = G.vartimeMultiScalarMul(
                        [.one, c, -response], [announcement.consent, foldedConsent, G.point(0, 1)])
                    let outside = G.add(target, G.vartimeMultiScalarMul([-tail], [G.point(0, 0, 1)]))
                    // <z_L, g_R> = 0, <z_R, g_L> = 0. With B = -outside the error is e (1 - e) outside: zero for e = 0 and e = 1.
                    let round = CompressedTail<G>.Round(left: none, right: G.negate(outside))
                    for e in (0..<q).map({ S($0) }) {
                        let proof = FoldedProof<G>(
                            announcement: announcement, dataResponses: [response],
                            tail: .init(rounds: [round], last: [e * tail, .zero, .zero, .zero]))
                        accepted +=
                            passes {
                                try FoldedVerifier.check(
                                    bases, foldedData: foldedData, foldedConsent: foldedConsent,
                                    challenges: .init(announcement: c, rounds: [e]), proof: proof)
                            } ? 1 : 0
                    }
                }
            }
            let n = Int(q)
            #expect(folds.true + folds.false == n * n)
            let expected = n * n * folds.true + n * folds.false + 2 * (n - 1) * folds.consentsOnly
            #expect(accepted == expected, "dataset \(number): \(folds)")
        }
    }
}
