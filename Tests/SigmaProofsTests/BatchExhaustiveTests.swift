// SPDX-License-Identifier: Apache-2.0

import Groups
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Batches over groups of toy size, for every proof and every weight: a batch without a false equation passes with all weights, any other with
/// exactly `1/q` of them. (Weights of 128 bits, over a group of 252 bits, are `2^-128` in place of `1/q`.)
@Suite struct BatchExhaustiveTests {
    /// `Y = x G`, where `Y` is given by its logarithm.
    static func logarithm<Order: PrimeOrder>(_ order: Order.Type, _ y: UInt64) throws -> LinearRelation<AdditiveGroup<Order>> {
        typealias G = AdditiveGroup<Order>
        return try LinearRelation(
            elements: [G.generator, G.point(y)], equations: [.init(image: [.init(element: 1)], terms: [.init(scalar: 0, element: 0)])])
    }

    static let session = SessionID(tag: "batch/exhaustive")

    /// Two proofs: all announcements, responses, challenges and weights.
    func twoProofs<Order: PrimeOrder>(_ order: Order.Type) throws {
        typealias G = AdditiveGroup<Order>
        let q = Order.q
        let images: [UInt64] = [1, 2]
        let relations = try images.map { try Self.logarithm(Order.self, $0) }
        let scalars = (0..<q).map { G.Scalar($0) }
        var wrong = 0
        for p in LinearProofTests.tuples(4, below: q) {
            let items = (0..<2).map {
                BatchVerifier<G>.Item(
                    session: Self.session, relation: relations[$0],
                    proof: .init(announcement: [G.point(p[2 * $0])], responses: [scalars[Int(p[2 * $0 + 1])]]))
            }
            for c in LinearProofTests.tuples(2, below: q) {
                // What each equation is off by.
                let errors = (0..<2).map { (p[2 * $0] + c[$0] * images[$0] + q - p[2 * $0 + 1]) % q }
                var passed = 0
                for w in LinearProofTests.tuples(2, below: q) {
                    let accepted = passes {
                        try BatchVerifier.check(items, challenges: c.map { scalars[Int($0)] }, weights: w.map { scalars[Int($0)] })
                    }
                    wrong += accepted == ((w[0] * errors[0] + w[1] * errors[1]) % q == 0) ? 0 : 1
                    passed += accepted ? 1 : 0
                }
                wrong += passed == (errors == [0, 0] ? Int(q * q) : Int(q)) ? 0 : 1
            }
        }
        #expect(wrong == 0)
    }

    @Test func twoProofsOverToyOrders() throws {
        try twoProofs(Order3.self)
        if runsLongTests {
            try twoProofs(Order5.self)
            try twoProofs(Order7.self)
        }
    }

    /// One proof with two equations, of every statement.
    @Test func twoEquationsOfOneProof() throws {
        typealias G = AdditiveGroup<Order3>
        let q: UInt64 = 3
        var wrong = 0
        for statement in try EqualLogarithms<Order3>.all() {
            for p in LinearProofTests.tuples(4, below: q) {
                let (t0, t1, z, c) = (p[0], p[1], p[2], p[3])
                let item = BatchVerifier<G>.Item(
                    session: Self.session, relation: statement.relation,
                    proof: .init(announcement: [G.point(t0), G.point(t1)], responses: [.init(z)]))
                let passed = LinearProofTests.tuples(2, below: q).filter { w in
                    passes { try BatchVerifier.check([item], challenges: [.init(c)], weights: w.map { .init($0) }) }
                }
                wrong += passed.count == (statement.holds(t0, t1, c, z) ? 9 : 3) ? 0 : 1
            }
        }
        #expect(wrong == 0)
    }

    /// A proof of a disjunction and one of a relation: no weight helps where sub-challenges have another sum.
    @Test func disjunctionAndRelation() throws {
        typealias G = AdditiveGroup<Order3>
        let q: UInt64 = 3
        let images: [UInt64] = [1, 2, 2]
        let relations = try images.map { try Self.logarithm(Order3.self, $0) }
        let disjunction = try Disjunction([relations[0], relations[1]])
        let weights = LinearProofTests.tuples(3, below: q)
        var wrong = 0
        for t in LinearProofTests.tuples(3, below: q) {
            for z in LinearProofTests.tuples(3, below: q) {
                // Sub-challenges, the challenge of the disjunction, that of the relation.
                for c in LinearProofTests.tuples(4, below: q) where runsLongTests || c[3] == 2 {
                    let items = [
                        BatchVerifier<G>.Item(
                            session: Self.session, disjunction: disjunction,
                            proof: .init(
                                announcement: [G.point(t[0]), G.point(t[1])], subchallenges: [.init(c[0]), .init(c[1])],
                                responses: [.init(z[0]), .init(z[1])])),
                        BatchVerifier<G>.Item(
                            session: Self.session, relation: relations[2],
                            proof: .init(announcement: [G.point(t[2])], responses: [.init(z[2])])),
                    ]
                    let isSum = (c[0] + c[1]) % q == c[2]
                    let errors = [(0, c[0]), (1, c[1]), (2, c[3])].map { (t[$0.0] + $0.1 * images[$0.0] + q - z[$0.0]) % q }
                    // Without the sum, three weights are as good as all of them.
                    let tried = isSum ? weights : [weights[0], weights[13], weights[26]]
                    let passed = tried.filter { w in
                        passes {
                            try BatchVerifier.check(items, challenges: [.init(c[2]), .init(c[3])], weights: w.map { .init($0) })
                        }
                    }
                    wrong += passed.count == (!isSum ? 0 : errors == [0, 0, 0] ? 27 : 9) ? 0 : 1
                }
            }
        }
        #expect(wrong == 0)
    }

    /// The drafts' weights: a batch of two false proofs passes in one session of `q`.
    @Test func sessionsInWhichAFalseBatchPasses() throws {
        typealias G = AdditiveGroup<Order7>
        let relation = try Self.logarithm(Order7.self, 3)
        let batches = runsLongTests ? 100_000 : 7_000
        var (passed, tried) = (0, 0)
        for number in 0..<batches {
            let session = try #require(SessionID(littleEndian(UInt64(number)) + [UInt8](repeating: 9, count: 24)))
            // Announcements 1 G and 2 G; the responses are off by 1 and by 3.
            let items = (0..<2).map { index in
                let announcement = [G.point(UInt64(index + 1))]
                let c = LinearTranscript(session, relation).challenge(announcement: announcement).scalar
                let z = G.Scalar(UInt64(index + 1)) + c * G.Scalar(UInt64(3)) + G.Scalar(UInt64(1 + 2 * index))
                return BatchVerifier<G>.Item(session: session, relation: relation, proof: .init(announcement: announcement, responses: [z]))
            }
            let accepted = passes { try BatchVerifier.verify(items) }
            let w = BatchVerifier.weights(items, randomness: [])
            #expect(accepted == (w[0] + w[1] * G.Scalar(UInt64(3)) == .zero))
            passed += accepted ? 1 : 0
            tried += 1
        }
        #expect(isPlausible(passed, of: tried, probability: 1.0 / 7), "\(passed) of \(tried)")
    }
}
