// SPDX-License-Identifier: Apache-2.0

import Groups
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// Why the two equations of a folded proof are checked each on its own, and why every cross term is absorbed (docs/protocol.md sections 4.3 and 5).
///
/// A verifier that merges the equations by a factor accepts false statements if the factor is known before every response is fixed:
/// those of the data points (``factorBeforeTheSharedResponses(_:)``) and those of the tail (``factorBeforeTheTailIsFixed(_:)``). The first forgery needs
/// one generator (or generators of known relation) for a shared scalar on both sides, the second a component along a generator of the tail.
@Suite struct FoldedForgeryTests {
    typealias Large = AdditiveGroup<OrderM61>

    /// A dataset of one row, the nonces and announcement of its forger.
    struct Attempt<G: Group> {
        var sample: FoldedSample<G>
        let nonces: [G.Scalar]
        let announcement: FoldedAnnouncement<G>

        init(_ sample: FoldedSample<G>) {
            self.sample = sample
            let (relation, d) = (sample.relation, sample.relation.dataBases.count)
            let u = SecretScalars<G>.random(count: d + relation.tailBases.count).declassified(as: .response)
            nonces = u
            announcement = FoldedAnnouncement<G>(
                data: G.vartimeMultiScalarMul(Array(u[..<d]), relation.dataBases),
                consent: G.vartimeMultiScalarMul(relation.links.map { u[$0.slot] } + u[d...], relation.consentBases))
        }

        /// `u + c rho x` for the sample's witness, as far as the forger has one.
        func responses(_ verifier: CarelessVerifier<G>) -> (data: [G.Scalar], tail: [G.Scalar]) {
            let empty = FoldedProof<G>(announcement: announcement, dataResponses: [], tail: .init(rounds: [], last: []))
            let x = verifier.challenges(empty).announcement * verifier.weights[0]
            let z = nonces.indices.map { nonces[$0] + x * sample.witness[0][$0] }
            let d = sample.relation.dataBases.count
            return (Array(z[..<d]), Array(z[d...]))
        }
    }

    /// The shared scalar has one generator on both sides, and so has the blinding.
    static func sharedRelation<G: Group>(_ group: G.Type, tailCount: Int) throws -> FoldedRelation<G> {
        let bases = FoldedSample<G>.bases(tailCount + 1, "forgery")
        return try FoldedRelation<G>(
            dataBases: [bases[0], bases[1]], links: [.init(slot: 0, base: bases[0])], tailBases: Array(bases[2...]) + [bases[1]])
    }

    /// The factor is drawn before each round, or after the last, and the responses that both equations share are sent afterwards: a data point about
    /// one record and a consent about another.
    @Test(arguments: [2, 4, 5, 8, 13, 33])
    func factorBeforeTheSharedResponses(_ tailCount: Int) throws {
        try factorBeforeTheSharedResponses(Large.self, tailCount)
        try factorBeforeTheSharedResponses(Ristretto255.self, tailCount)
    }

    func factorBeforeTheSharedResponses<G: Group>(_ group: G.Type, _ tailCount: Int) throws {
        for number in 0...CompressedTail<G>.roundCount(tailCount) {
            let honest = FoldedSample<G>(rows: 1, relation: try Self.sharedRelation(G.self, tailCount: tailCount))
            var sample = honest
            // The witness has the consent's record; that of the data point is larger by one.
            sample.dataPoints[0] = G.add(sample.dataPoints[0], sample.relation.dataBases[0])
            let verifier = CarelessVerifier(sample: sample, mistake: .merges(beforeRound: number, responsesFirst: false))
            let attempt = Attempt(sample)
            let z = attempt.responses(verifier)
            let proof = verifier.compressed(attempt.announcement, z.data, z.tail)
            let challenges = verifier.challenges(proof)
            // E z + f z = E z2 + f z1, with E and f what the equations are multiplied with and z1 = z2 + c rho.
            let (e, f) = (verifier.scale(proof, from: 0), challenges.factor * verifier.scale(proof, from: number))
            let inverse = try #require((e + f).vartimeInverted())
            let shared = z.data[0] + f * challenges.announcement * verifier.weights[0] * inverse
            let forged = FoldedProof<G>(announcement: attempt.announcement, dataResponses: [shared, z.data[1]], tail: proof.tail)
            #expect(verifier.accepts(forged), "the forgery works on the careless verifier, before round \(number)")
            #expect(!CarelessVerifier(sample: sample, mistake: .none).accepts(forged))
            #expect(sample.rejection(of: forged) == .dataEquation)
            // Fixed first, as they are here, the shared responses cannot be chosen so.
            #expect(!CarelessVerifier(sample: sample, mistake: .merges(beforeRound: number, responsesFirst: true)).accepts(forged))
            #expect(try honest.rejection(of: honest.prove()) == nil)
        }
    }

    /// The shared responses are fixed, the factor is drawn before the tail is: a data point with a component that it must not have, along a generator
    /// of the tail, is balanced by a response of the tail. Before round 0 for every position; before round 1 where the position
    /// has no partner in the upper half, for then its folded generator is still a known multiple.
    @Test(arguments: [1, 4, 5, 7, 8, 9, 14])
    func factorBeforeTheTailIsFixed(_ tailCount: Int) throws {
        try factorBeforeTheTailIsFixed(Large.self, tailCount)
        try factorBeforeTheTailIsFixed(Ristretto255.self, tailCount)
    }

    func factorBeforeTheTailIsFixed<G: Group>(_ group: G.Type, _ tailCount: Int) throws {
        let rounds = CompressedTail<G>.roundCount(tailCount)
        let half = CompressedTail<G>.paddedCount(tailCount) / 2
        for number in 0...rounds {
            for position in 0..<tailCount {
                var sample = FoldedSample<G>(rows: 1, relation: try FoldedSample<G>.relation(tailCount: tailCount))
                sample.dataPoints[0] = G.add(sample.dataPoints[0], sample.relation.tailBases[position])
                let verifier = CarelessVerifier(sample: sample, mistake: .merges(beforeRound: number, responsesFirst: true))
                let attempt = Attempt(sample)
                let z = attempt.responses(verifier)
                let rho = verifier.weights[0]
                /// What the place of `position` lacks when the factor becomes known.
                func missing(_ challenges: CarelessVerifier<G>.Challenges) -> G.Scalar {
                    let product = challenges.rounds.prefix(number).reduce(.one, *)
                    return challenges.factor * challenges.announcement * rho * (product.vartimeInverted() ?? .zero)
                }
                var forged = verifier.compressed(attempt.announcement, z.data, z.tail) { round, challenges, responses in
                    if round == number {
                        responses[position % responses.count] = responses[position % responses.count] + missing(challenges)
                    }
                }
                if number == rounds {
                    var last = forged.tail.last
                    let place = position % last.count
                    last[place] = last[place] + missing(verifier.challenges(forged))
                    forged = FoldedProof(
                        announcement: forged.announcement, dataResponses: forged.dataResponses,
                        tail: .init(rounds: forged.tail.rounds, last: last))
                }
                let isKnownMultiple = number == 0 || number == 1 && position < half && position + half >= tailCount
                #expect(verifier.accepts(forged) == isKnownMultiple, "before round \(number), position \(position)")
                #expect(!CarelessVerifier(sample: sample, mistake: .none).accepts(forged))
                #expect(sample.rejection(of: forged) == .dataEquation)
            }
        }
    }

    /// Either cross term of any round, if it is not absorbed, is solved from the equation: a consent with a component outside of the relation.
    @Test(arguments: [5, 9, 40])
    func crossTermsChosenLate(_ tailCount: Int) throws {
        try crossTermsChosenLate(Large.self, tailCount)
        try crossTermsChosenLate(Ristretto255.self, tailCount)
    }

    func crossTermsChosenLate<G: Group>(_ group: G.Type, _ tailCount: Int) throws {
        var sample = FoldedSample<G>(rows: 1, relation: try FoldedSample<G>.relation(tailCount: tailCount))
        sample.consents[0] = G.add(sample.consents[0], FoldedSample<G>.bases(1, "outside")[0])
        for round in 0..<CompressedTail<G>.roundCount(tailCount) {
            for isLeft in [true, false] {
                let verifier = CarelessVerifier(sample: sample, mistake: .forgets(round: round, isLeft: isLeft))
                let attempt = Attempt(sample)
                let z = attempt.responses(verifier)
                let proof = verifier.compressed(attempt.announcement, z.data, z.tail)
                #expect(!verifier.accepts(proof))
                let scalars = proof.tail.verifierScalars(challenges: verifier.challenges(proof).rounds, count: tailCount)
                let inverse = try #require((isLeft ? scalars.left[round] : scalars.right[round]).vartimeInverted())
                let correction = G.vartimeMultiScalarMul([inverse], [verifier.errors(proof).consent])
                var rounds = proof.tail.rounds
                rounds[round] = .init(
                    left: isLeft ? G.add(rounds[round].left, correction) : rounds[round].left,
                    right: isLeft ? rounds[round].right : G.add(rounds[round].right, correction))
                let forged = FoldedProof<G>(
                    announcement: proof.announcement, dataResponses: proof.dataResponses, tail: .init(rounds: rounds, last: proof.tail.last)
                )
                #expect(verifier.accepts(forged), "round \(round)")
                #expect(!CarelessVerifier(sample: sample, mistake: .none).accepts(forged))
                // The other cross term forgotten does not help this forger.
                #expect(!CarelessVerifier(sample: sample, mistake: .forgets(round: round, isLeft: !isLeft)).accepts(forged))
                #expect(sample.rejection(of: forged) != nil)
            }
        }
    }

    /// The careless verifier without a mistake accepts honest proofs: its equations are the right ones.
    @Test(arguments: [1, 4, 5, 9, 40])
    func withoutAMistake(_ tailCount: Int) throws {
        let sample = FoldedSample<Large>(rows: 1, relation: try FoldedSample<Large>.relation(linkingSubject: true, tailCount: tailCount))
        let verifier = CarelessVerifier(sample: sample, mistake: .none)
        let attempt = Attempt(sample)
        let z = attempt.responses(verifier)
        #expect(verifier.accepts(verifier.compressed(attempt.announcement, z.data, z.tail)))
    }

    /// Leaving out either equation accepts a false row: a proof that satisfies exactly one.
    @Test func eachEquationIsNeeded() throws {
        typealias G = AdditiveGroup<OrderM61>
        let relation = try FoldedSample<G>.relation()
        var sample = FoldedSample<G>(rows: 3, relation: relation)
        sample.consents[1] = G.add(sample.consents[1], relation.links[0].base)
        #expect(try sample.rejection(of: sample.prove()) == .consentEquation, "the equation on the data alone holds")
        // The prover who uses the consent's record satisfies the other equation instead.
        sample.witness[1][0] = sample.witness[1][0] + .one
        #expect(try sample.rejection(of: sample.prove()) == .dataEquation)
        sample.dataPoints[1] = G.add(sample.dataPoints[1], relation.dataBases[0])
        #expect(try sample.rejection(of: sample.prove()) == nil)
    }

    /// A value outside of the transcript could be chosen after the weights: one integer equation is no defence (prototype, attack 2).
    @Test func unboundValuesAreForgeable() {
        typealias S = Ristretto255.Scalar
        let rho = FoldedTranscript(sessionTag: "t", absorbing: [[1]]).weighted().weights.weights(count: 4).map { S($0) }
        let honest = [30, 40, 50, 60].map { S(UInt64($0)) }
        var false3 = [18, 18, 18].map { S(UInt64($0)) }
        let missing = S.innerProduct(rho, honest) - S.innerProduct(Array(rho[..<3]), false3)
        false3.append(missing * (rho[3].vartimeInverted() ?? .zero))
        #expect(S.innerProduct(rho, honest) == S.innerProduct(rho, false3))
        #expect(honest != false3)
    }
}
