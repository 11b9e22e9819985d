// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Every transcript of every statement over groups of toy size: the acceptance set is the true set, and a false statement is answered for
/// exactly one challenge of `q`. (`LinearProofTests` has all proofs under one session.)
@Suite struct LinearExhaustiveTests {
    /// All statements, announcements, challenges and responses of the interactive verifier.
    func interactive<Order: PrimeOrder>(_ order: Order.Type) throws {
        typealias G = AdditiveGroup<Order>
        let q = Order.q
        var (wrong, trueCount) = (0, 0)
        for statement in try EqualLogarithms<Order>.all() {
            trueCount += statement.isTrue ? 1 : 0
            for t0 in 0..<q {
                for t1 in 0..<q {
                    let announcement = [G.point(t0), G.point(t1)]
                    var answered = 0
                    for z in 0..<q {
                        let proof = BatchableProof<G>(announcement: announcement, responses: [.init(z)])
                        for c in 0..<q {
                            let accepted = proof.satisfies(statement.relation, challenge: .init(c))
                            wrong += accepted == statement.holds(t0, t1, c, z) ? 0 : 1
                            answered += accepted ? 1 : 0
                        }
                    }
                    // One response for a challenge; every challenge, or none, or exactly one.
                    let expected = statement.isTrue ? (statement.isImage(t0, t1) ? Int(q) : 0) : 1
                    wrong += answered == expected ? 0 : 1
                }
            }
        }
        #expect(wrong == 0)
        #expect(trueCount == Int((q - 1) * (q - 1)), "of (q - 1)^3")
    }

    @Test func interactiveVerifier() throws {
        try interactive(Order3.self)
        try interactive(Order5.self)
        try interactive(Order7.self)
        if runsLongTests { try interactive(Order11.self) }
    }

    /// Two transcripts with one announcement and two challenges give the witness.
    @Test func specialSoundness() throws {
        typealias G = AdditiveGroup<Order7>
        for statement in try EqualLogarithms<Order7>.all() {
            for t in LinearProofTests.tuples(2, below: 7) {
                let accepted = LinearProofTests.tuples(2, below: 7).filter { statement.holds(t[0], t[1], $0[0], $0[1]) }
                for a in accepted {
                    for b in accepted where a[0] != b[0] {
                        let inverse = try #require((G.Scalar(a[0]) - G.Scalar(b[0])).vartimeInverted())
                        let x = (G.Scalar(a[1]) - G.Scalar(b[1])) * inverse
                        #expect(statement.isTrue && x.value == statement.x)
                    }
                }
            }
        }
    }

    /// The same with generators that have no relation, where a false announcement may answer no challenge at all.
    @Test func independentGenerators() throws {
        try independent(Order3.self)
        if runsLongTests { try independent(Order5.self) }
    }

    func independent<Order: PrimeOrder>(_ order: Order.Type) throws {
        typealias G = IndependentGroup<Order>
        let q = Order.q
        let pairs = LinearProofTests.tuples(2, below: q)
        let planes = pairs.map { G.point($0[0], $0[1]) }
        var wrong = 0
        for x in pairs where x != [0, 0] {
            for z in pairs where z != [0, 0] {
                // X = x0 G + x1 H, Z = z0 G + z1 H.
                let relation = try LinearRelation<G>(
                    elements: [G.generator, G.point(0, 1), G.point(x[0], x[1]), G.point(z[0], z[1])],
                    equations: [
                        .init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0)]),
                        .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 1)]),
                    ])
                let isTrue = x[1] == 0 && z[0] == 0 && x[0] == z[1]
                var (most, total) = (0, 0)
                for t0 in planes {
                    for t1 in planes {
                        var answered = 0
                        for response in 0..<q {
                            let proof = BatchableProof<G>(announcement: [t0, t1], responses: [.init(response)])
                            for c in 0..<q { answered += proof.satisfies(relation, challenge: .init(c)) ? 1 : 0 }
                        }
                        most = max(most, answered)
                        total += answered
                    }
                }
                wrong += most == (isTrue ? Int(q) : 1) ? 0 : 1
                wrong += total == Int(q * q) ? 0 : 1
            }
        }
        #expect(wrong == 0)
    }

    /// The toy group of 1019: of all responses exactly one is accepted for each announcement, by the verifier with its transcript.
    @Test func everyResponseOverTheToyGroup() throws {
        typealias G = ToyGroup
        let session = SessionID(tag: "toy")
        let y = G.vartimeMultiScalarMul([.init(UInt64(123))], [G.generator])
        let relation = try LinearRelation<G>(
            elements: [G.generator, y], equations: [.init(image: [.init(element: 1)], terms: [.init(scalar: 0, element: 0)])])
        var announcement = G.generator
        for u in stride(from: UInt64(1), to: G.order, by: runsLongTests ? 1 : 17) {
            announcement = G.vartimeMultiScalarMul([.init(u)], [G.generator])
            let c = LinearTranscript(session, relation).challenge(announcement: [announcement]).scalar
            let accepted = (0..<G.order).filter { z in
                passes { try BatchableProof<G>(announcement: [announcement], responses: [.init(z)]).verify(relation, session: session) }
            }
            #expect(accepted == [(G.Scalar(u) + c * G.Scalar(UInt64(123))).value])
        }
    }

    /// The toy group of 1019: a false statement, all challenges and responses for an announcement.
    @Test func everyChallengeOverTheToyGroup() throws {
        typealias G = ToyGroup
        let h = G.vartimeMultiScalarMul([.init(UInt64(16))], [G.generator])
        let elements = [
            G.generator, h, G.vartimeMultiScalarMul([.init(UInt64(5))], [G.generator]), G.vartimeMultiScalarMul([.init(UInt64(6))], [h]),
        ]
        let relation = try LinearRelation<G>(
            elements: elements,
            equations: [
                .init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0)]),
                .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 1)]),
            ])
        for u in UInt64(2)..<(runsLongTests ? 12 : 3) {
            let announcement = G.decodeTable(u, 7 * u)
            var accepted = 0
            for z in 0..<G.order {
                let proof = BatchableProof<G>(announcement: announcement, responses: [.init(z)])
                // The first equation has one challenge for each response: z = u + 5 c.
                let c = (G.Scalar(z) - G.Scalar(u)) * (G.Scalar(UInt64(5)).vartimeInverted() ?? .zero)
                accepted += proof.satisfies(relation, challenge: c) ? 1 : 0
                if z % 100 == 0 {
                    for other in 0..<G.order where other != c.value {
                        accepted += proof.satisfies(relation, challenge: .init(other)) ? 1_000_000 : 0
                    }
                }
            }
            #expect(accepted == 1, "announcement \(u)")
        }
    }

    /// Fiat-Shamir: a prover who prepares one challenge of a false statement succeeds in one session of `q`.
    @Test func sessionsInWhichAForgeryPasses() throws {
        typealias G = AdditiveGroup<Order7>
        let statement = try EqualLogarithms<Order7>(h: 2, x: 3, z: 5)
        #expect(!statement.isTrue)
        let sessions = runsLongTests ? 200_000 : 10_000
        var accepted = [Int](repeating: 0, count: 7)
        for number in 0..<sessions {
            let session = try #require(SessionID(littleEndian(UInt64(number)) + [UInt8](repeating: 7, count: 24)))
            // Prepared for challenge number % 7, with response 4.
            let prepared = UInt64(number % 7)
            let announcement = statement.relation.simulate(challenge: .init(prepared), responses: [.init(UInt64(4))])
            let proof = BatchableProof<G>(announcement: announcement, responses: [.init(UInt64(4))])
            let passed = passes { try proof.verify(statement.relation, session: session) }
            let drawn = LinearTranscript(session, statement.relation).challenge(announcement: announcement).scalar.value
            let identity = announcement.contains(G.identity)
            #expect(passed == (drawn == prepared && !identity))
            accepted[Int(prepared)] += drawn == prepared ? 1 : 0
        }
        for count in accepted { #expect(isPlausible(count, of: sessions / 7, probability: 1.0 / 7), "\(accepted)") }
    }
}

extension ToyGroup {
    /// `a G` and `b G`.
    fileprivate static func decodeTable(_ a: UInt64, _ b: UInt64) -> [Point] {
        [vartimeMultiScalarMul([.init(a)], [generator]), vartimeMultiScalarMul([.init(b)], [generator])]
    }
}
