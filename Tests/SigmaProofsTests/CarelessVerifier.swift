// SPDX-License-Identifier: Apache-2.0

import Groups
import SigmaProofs
import TestSupport
import Transcripts

/// Folded proofs under a verifier with a transcript of its own, in which one thing is done wrong.
///
/// Challenges depend on earlier parts of a proof only, so a forger asks for them with a proof whose later parts are not yet there.
struct CarelessVerifier<G: Group>: Sendable {
    enum Mistake: Sendable {
        /// The equations become one, by a factor that is drawn before this round (or, with the number of rounds, after the last). The responses
        /// of the data points are fixed before the rounds or sent in the end.
        case merges(beforeRound: Int, responsesFirst: Bool)
        /// One cross term of one round is not absorbed.
        case forgets(round: Int, isLeft: Bool)
        /// None: an ordinary verifier.
        case none
    }

    struct Challenges {
        var announcement = G.Scalar.zero
        var rounds: [G.Scalar] = []
        var factor = G.Scalar.zero
    }

    let sample: FoldedSample<G>
    let mistake: Mistake

    /// The weights of the rows.
    var weights: [G.Scalar] {
        var sponge = begin()
        return RowWeights(seed: sponge.squeeze(32)).weights(count: sample.dataPoints.count).map { G.Scalar($0) }
    }

    var foldedData: G.Point { G.vartimeMultiScalarMul(weights, sample.dataPoints) }
    var foldedConsent: G.Point { G.vartimeMultiScalarMul(weights, sample.consents) }

    private func begin() -> DuplexSponge {
        var sponge = DuplexSponge(SessionID(tag: "careless"))
        for item in sample.statement { sponge.absorb(item) }
        return sponge
    }

    func challenges(_ proof: FoldedProof<G>) -> Challenges {
        var sponge = begin()
        func scalar() -> G.Scalar { G.Scalar(reducingWide: sponge.squeeze(G.Scalar.wideByteCount).span) }
        var challenges = Challenges()
        sponge.absorb(proof.announcement.bytes)
        challenges.announcement = scalar()
        if case .merges(_, responsesFirst: false) = mistake {} else { sponge.absorb(proof.dataResponses.flatMap(\.bytes)) }
        for number in 0...proof.tail.rounds.count {
            if case .merges(beforeRound: number, _) = mistake { challenges.factor = scalar() }
            guard number < proof.tail.rounds.count else { break }
            let round = proof.tail.rounds[number]
            if case .forgets(round: number, isLeft: true) = mistake {} else { sponge.absorb(G.encode([round.left])) }
            if case .forgets(round: number, isLeft: false) = mistake {} else { sponge.absorb(G.encode([round.right])) }
            challenges.rounds.append(scalar())
        }
        return challenges
    }

    /// Left side minus right side of each equation.
    func errors(_ proof: FoldedProof<G>) -> (data: G.Point, consent: G.Point) {
        let challenges = challenges(proof)
        let relation = sample.relation
        let c = challenges.announcement
        let data = G.vartimeMultiScalarMul(
            proof.dataResponses + [-.one, -c], relation.dataBases + [proof.announcement.data, foldedData])
        let s = proof.tail.verifierScalars(challenges: challenges.rounds, count: relation.tailBases.count)
        let linked = relation.links.map { s.target * proof.dataResponses[$0.slot] }
        let consent = G.vartimeMultiScalarMul(
            linked + s.bases + [-s.target, -s.target * c] + s.left.map { -$0 } + s.right.map { -$0 },
            relation.consentBases + [proof.announcement.consent, foldedConsent] + proof.tail.rounds.map(\.left)
                + proof.tail.rounds.map(\.right))
        return (data, consent)
    }

    func accepts(_ proof: FoldedProof<G>) -> Bool {
        let (data, consent) = errors(proof)
        guard case .merges(let number, _) = mistake else { return G.isIdentity(data) && G.isIdentity(consent) }
        let factor = challenges(proof).factor * scale(proof, from: number)
        return G.isIdentity(G.vartimeMultiScalarMul([.one, factor], [consent, data]))
    }

    /// The product of the challenges of this round and all that follow: what a term that enters there is multiplied with.
    func scale(_ proof: FoldedProof<G>, from round: Int) -> G.Scalar {
        challenges(proof).rounds[round...].reduce(.one, *)
    }

    /// The rounds for these responses of the tail, which may be changed before each round; the rest of the proof is given.
    func compressed(
        _ announcement: FoldedAnnouncement<G>, _ dataResponses: [G.Scalar], _ tailResponses: [G.Scalar],
        before change: (Int, Challenges, inout [G.Scalar]) -> Void = { _, _, _ in }
    ) -> FoldedProof<G> {
        typealias Tail = CompressedTail<G>
        let padded = Tail.paddedCount(tailResponses.count)
        var z = tailResponses + [G.Scalar](repeating: .zero, count: padded - tailResponses.count)
        var g = sample.relation.tailBases + [G.Point](repeating: G.identity, count: padded - tailResponses.count)
        var rounds: [Tail.Round] = []
        func proof(_ more: [Tail.Round] = []) -> FoldedProof<G> {
            FoldedProof(
                announcement: announcement, dataResponses: dataResponses,
                tail: Tail(rounds: rounds + more, last: Array(z.prefix(Tail.lastCount(tailResponses.count)))))
        }
        while z.count > 4 {
            // A placeholder stands for the round of which only what is drawn before it is wanted.
            change(rounds.count, challenges(proof([Tail.Round(left: G.generator, right: G.generator)])), &z)
            let half = z.count / 2
            let round = Tail.Round(
                left: G.vartimeMultiScalarMul(Array(z[..<half]), Array(g[half...])),
                right: G.vartimeMultiScalarMul(Array(z[half...]), Array(g[..<half])))
            let e = challenges(proof([round])).rounds[rounds.count]
            rounds.append(round)
            z = (0..<half).map { z[$0] + e * z[half + $0] }
            g = (0..<half).map { G.vartimeMultiScalarMul([e, .one], [g[$0], g[half + $0]]) }
        }
        return proof()
    }
}
