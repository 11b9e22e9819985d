// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Every transcript of disjunctions of two branches over groups of toy size.
@Suite struct DisjunctionExhaustiveTests {
    /// All announcements, sub-challenges, challenges and responses: accepted exactly if the sum and the equations hold over the integers, and as
    /// often as the statement's truth says.
    func everyTranscript<Order: PrimeOrder>(_ first: EqualLogarithms<Order>, _ second: EqualLogarithms<Order>) throws -> Int {
        typealias G = AdditiveGroup<Order>
        let q = Order.q
        let disjunction = try Disjunction([first.relation, second.relation])
        let last = LinearProofTests.tuples(4, below: q)
        var wrong = 0
        for t in LinearProofTests.tuples(4, below: q) {
            let announcement = t.map { G.point($0) }
            // How many transcripts are accepted for each challenge.
            var answered = [Int](repeating: 0, count: Int(q))
            for tuple in last {
                let (c0, c1, z0, z1) = (tuple[0], tuple[1], tuple[2], tuple[3])
                let proof = BatchableDisjunctiveProof<G>(
                    announcement: announcement, subchallenges: [.init(c0), .init(c1)], responses: [.init(z0), .init(z1)])
                let equations = first.holds(t[0], t[1], c0, z0) && second.holds(t[2], t[3], c1, z1)
                for c in 0..<q {
                    let accepted = passes { try proof.check(disjunction, challenge: .init(c)) }
                    wrong += accepted == (equations && (c0 + c1) % q == c) ? 0 : 1
                    answered[Int(c)] += accepted ? 1 : 0
                }
            }
            // A true branch answers every sub-challenge of an honest announcement and none of another; a false branch one of any.
            let (a, b) = (ways(first, t[0], t[1]), ways(second, t[2], t[3]))
            let total = a * b
            let each = a == 1 && b == 1 ? nil : total / Int(q)
            wrong += answered.reduce(0, +) == total ? 0 : 1
            if let each { wrong += answered.allSatisfy { $0 == each } ? 0 : 1 }
            // The soundness error: both branches false, and one challenge of q is answered, by one transcript.
            if !first.isTrue && !second.isTrue { wrong += answered.filter { $0 == 1 }.count == 1 && total == 1 ? 0 : 1 }
        }
        return wrong
    }

    /// For how many sub-challenges a branch can be answered.
    func ways<Order: PrimeOrder>(_ branch: EqualLogarithms<Order>, _ t0: UInt64, _ t1: UInt64) -> Int {
        branch.isTrue ? (branch.isImage(t0, t1) ? Int(Order.q) : 0) : 1
    }

    @Test func allStatementsOverThree() throws {
        let all = try EqualLogarithms<Order3>.all()
        for (index, first) in all.enumerated() {
            // Every pair in one order; in the long tests in both.
            for second in runsLongTests ? all[...] : all[index...] {
                #expect(try everyTranscript(first, second) == 0, "\(first) or \(second)")
            }
        }
    }

    @Test(.enabled(if: runsLongTests)) func everyKindOverFive() throws {
        let kinds = [try EqualLogarithms<Order5>(h: 2, x: 3, z: 1), try EqualLogarithms<Order5>(h: 3, x: 2, z: 4)]
        #expect(kinds.map(\.isTrue) == [true, false])
        for first in kinds {
            for second in kinds { #expect(try everyTranscript(first, second) == 0) }
        }
    }

    /// Two accepted transcripts with one announcement and two challenges give a witness of a branch whose sub-challenges differ.
    @Test func specialSoundness() throws {
        typealias G = AdditiveGroup<Order3>
        let all = try EqualLogarithms<Order3>.all()
        for branches in all.flatMap({ first in all.map { [first, $0] } }) {
            for t in LinearProofTests.tuples(4, below: 3) {
                let accepted = LinearProofTests.tuples(4, below: 3).filter {
                    branches[0].holds(t[0], t[1], $0[0], $0[2]) && branches[1].holds(t[2], t[3], $0[1], $0[3])
                }
                for a in accepted {
                    for b in accepted where (a[0] + a[1]) % 3 != (b[0] + b[1]) % 3 {
                        let extracted = (0..<2).contains { branch in
                            guard let inverse = (G.Scalar(a[branch]) - G.Scalar(b[branch])).vartimeInverted() else { return false }
                            let x = (G.Scalar(a[2 + branch]) - G.Scalar(b[2 + branch])) * inverse
                            return branches[branch].isTrue && x.value == branches[branch].x
                        }
                        #expect(extracted)
                    }
                }
            }
        }
    }

    /// Over all nonces and simulated sub-challenges, the prover's transcripts for a challenge are every accepting transcript equally often,
    /// whichever branch is true: they tell nothing about it.
    @Test(arguments: 0..<5) func distributionOfTheProver(_ challenge: Int) throws {
        typealias G = AdditiveGroup<Order5>
        let branches = [try EqualLogarithms<Order5>(h: 2, x: 3, z: 1), try EqualLogarithms<Order5>(h: 4, x: 4, z: 1)]
        let disjunction = try Disjunction(branches.map(\.relation))
        var distributions: [[[UInt64]: Int]] = []
        for branch in 0..<2 {
            var counts: [[UInt64]: Int] = [:]
            for tuple in LinearProofTests.tuples(4, below: 5) {
                let witness = DisjunctiveWitness<G>(
                    branch: branch, scalars: SecretScalars(copying: [.init(branches[branch].x)]), of: disjunction)
                var index = SecretLimbs(count: 1)
                index.withMutableSpan { $0[0] = UInt64(branch) }
                let state = DisjunctiveProverState<G>(
                    disjunction, branch: index, nonces: SecretScalars(copying: tuple[..<2].map { .init($0) }),
                    challenges: SecretScalars(copying: tuple[2...].map { .init($0) }))
                let announcement = state.announcement
                let (c, z) = state.response(disjunction, challenge: .init(UInt64(challenge)), witness: witness)
                let proof = BatchableDisjunctiveProof<G>(announcement: announcement, subchallenges: c, responses: z)
                #expect(passes { try proof.check(disjunction, challenge: .init(UInt64(challenge))) })
                counts[announcement.map(\.value) + c.map(\.value) + z.map(\.value), default: 0] += 1
            }
            distributions.append(counts)
        }
        #expect(distributions[0] == distributions[1])
        // Sub-challenges with the sum and any responses: q^3 transcripts; the sub-challenge of the true branch is drawn and not used.
        #expect(distributions[0].count == 125)
        #expect(distributions[0].values.allSatisfy { $0 == 5 })
    }

    /// A witness of a false branch, or of none: the prover's transcripts are accepted for no challenge but by chance, exactly one of q.
    @Test func withoutAWitness() throws {
        typealias G = AdditiveGroup<Order5>
        let branches = [try EqualLogarithms<Order5>(h: 2, x: 3, z: 2), try EqualLogarithms<Order5>(h: 4, x: 4, z: 2)]
        #expect(branches.allSatisfy { !$0.isTrue })
        let disjunction = try Disjunction(branches.map(\.relation))
        for branch in 0..<3 {
            for tuple in LinearProofTests.tuples(4, below: 5) {
                var accepted = 0
                for challenge in UInt64(0)..<5 {
                    let witness = DisjunctiveWitness<G>(
                        branch: branch, scalars: SecretScalars(copying: [.init(UInt64(3))]), of: disjunction)
                    var index = SecretLimbs(count: 1)
                    index.withMutableSpan { $0[0] = UInt64(branch) }
                    let state = DisjunctiveProverState<G>(
                        disjunction, branch: index, nonces: SecretScalars(copying: tuple[..<2].map { .init($0) }),
                        challenges: SecretScalars(copying: tuple[2...].map { .init($0) }))
                    let announcement = state.announcement
                    let (c, z) = state.response(disjunction, challenge: .init(challenge), witness: witness)
                    let proof = BatchableDisjunctiveProof<G>(announcement: announcement, subchallenges: c, responses: z)
                    accepted += passes { try proof.check(disjunction, challenge: .init(challenge)) } ? 1 : 0
                }
                #expect(accepted == 1)
            }
        }
    }

    /// Fiat-Shamir: whoever simulates both branches of a false disjunction has prepared one challenge, and succeeds in one session of `q`.
    @Test func sessionsInWhichAForgeryPasses() throws {
        typealias G = AdditiveGroup<Order7>
        let branches = [try EqualLogarithms<Order7>(h: 2, x: 3, z: 5), try EqualLogarithms<Order7>(h: 3, x: 2, z: 1)]
        #expect(branches.allSatisfy { !$0.isTrue })
        let disjunction = try Disjunction(branches.map(\.relation))
        let e = [G.Scalar(UInt64(3)), G.Scalar(UInt64(6))]
        let z = [G.Scalar(UInt64(1)), G.Scalar(UInt64(3))]
        let announcement =
            branches[0].relation.simulate(challenge: e[0], responses: [z[0]])
            + branches[1].relation.simulate(challenge: e[1], responses: [z[1]])
        #expect(!announcement.contains(G.identity))
        let proof = BatchableDisjunctiveProof<G>(announcement: announcement, subchallenges: e, responses: z)
        let compact = CompactDisjunctiveProof<G>(subchallenges: e, responses: z)
        let sessions = runsLongTests ? 200_000 : 10_000
        var accepted = 0
        for number in 0..<sessions {
            let session = try #require(SessionID(littleEndian(UInt64(number)) + [UInt8](repeating: 8, count: 24)))
            let passed = passes { try proof.verify(disjunction, session: session) }
            #expect(passed == passes { try compact.verify(disjunction, session: session) })
            #expect(passed == (DisjunctiveTranscript(session, disjunction).challenge(announcement: announcement).scalar == e[0] + e[1]))
            accepted += passed ? 1 : 0
        }
        #expect(isPlausible(accepted, of: sessions, probability: 1.0 / 7), "\(accepted) of \(sessions)")
    }
}
