// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups

/// Verifies folded proofs (DESIGN 4.3, steps 3 and 5 to 8).
///
/// Timing: variable; everything here is public.
public enum FoldedVerifier<G: Group> {
    /// `sum weights[i] * points[i]`: a folded column.
    ///
    /// - Precondition: `weights.count == points.count`.
    public static func fold(_ weights: [UInt128], _ points: [G.Point]) -> G.Point {
        precondition(weights.count == points.count, "one weight for each row")
        return G.vartimeMultiScalarMul(G.Scalar.scalars(weights), points)
    }

    /// The challenges for a proof of the relation's shape without identities.
    ///
    /// - Parameter transcript: Made from the verifier's own view of the statement.
    /// - Throws: one opaque failure.
    package static func challenges(
        _ relation: FoldedRelation<G>, transcript: consuming WeightedTranscript, proof: FoldedProof<G>
    ) throws(FoldedProofError) -> FoldedChallenges<G> {
        guard proof.dataResponses.count == relation.dataBases.count, proof.tail.fits(relation.tailBases.count)
        else { throw ProofRejected(.shape) }
        guard Fault.isRemoved(.proofIdentity) || !(proof.announcement.hasIdentity || proof.tail.hasIdentity)
        else { throw ProofRejected(.identityAnnouncement) }
        let announced: AnnouncedTranscript<G> = transcript.announced(proof.announcement)
        let announcement = announced.challenge.scalar
        var tail = announced.answered(proof.dataResponses)
        var rounds: [G.Scalar] = []
        for round in proof.tail.rounds { rounds.append(tail.challenge(round).scalar) }
        return FoldedChallenges(announcement: announcement, rounds: rounds, end: tail.ended(proof.tail.last))
    }

    /// The two equations for given challenges: without a transcript they prove nothing. Of a proof of the relation's shape. With `c` the challenge
    /// of the announcements, and `b`, `E`, `l`, `r` the coefficients of ``CompressedTail/verifierScalars(challenges:count:weight:)``,
    ///
    ///     (D)  sum_k z_k * dataBases[k]                                     ==  t_D + c * foldedData
    ///     (C)  sum_i b_i * tailBases[i] + E * (sum over links z_slot * base)  ==  E * (t_C + c * foldedConsent) + sum_r (l_r A_r + r_r B_r)
    ///
    /// each on its own. Security: they are never merged. A factor that the prover knows before every response is fixed, the tail's included,
    /// lets it satisfy the sum and neither equation (`FoldedForgeryTests`).
    package static func check(
        _ bases: FoldedBases<G>, foldedData: G.Point, foldedConsent: G.Point, challenges: FoldedChallenges<G>, proof: FoldedProof<G>
    ) throws(FoldedProofError) {
        let minusChallenge = -challenges.announcement
        let data = G.vartimeMultiScalarMul(proof.dataResponses + [minusChallenge], bases.relation.dataBases + [foldedData])
        guard Fault.isRemoved(.dataEquation) || data == proof.announcement.data else { throw ProofRejected(.dataEquation) }

        let terms = FoldedConsentTerms(bases.relation, challenges, proof, weight: .one)
        // Two sums, so that the generators, a megabyte, are not copied.
        let consent = G.add(
            G.vartimeMultiScalarMul(terms.bases, bases.consent.points),
            G.vartimeMultiScalarMul(terms.messageScalars + [terms.folded], terms.messages + [foldedConsent]))
        guard Fault.isRemoved(.consentEquation) || G.isIdentity(consent) else { throw ProofRejected(.consentEquation) }
    }
}

/// The verifier's messages of one proof.
package struct FoldedChallenges<G: Group>: Sendable {
    /// `c`, after the announcements.
    package let announcement: G.Scalar
    /// `e_r`, one for each round of the tail.
    package let rounds: [G.Scalar]
    /// 32 bytes that bind the statement and every byte of the proof.
    package let end: [UInt8]

    /// Given challenges. For tests.
    package init(announcement: G.Scalar, rounds: [G.Scalar] = [], end: [UInt8] = []) {
        self.announcement = announcement
        self.rounds = rounds
        self.end = end
    }
}

/// Equation (C) of ``FoldedVerifier``, right side minus left side, times a weight, as coefficients.
struct FoldedConsentTerms<G: Group> {
    /// Of the relation's `consentBases`.
    let bases: [G.Scalar]
    /// `t_C`, then `A_r B_r` of each round.
    let messages: [G.Point]
    /// Of ``messages``.
    let messageScalars: [G.Scalar]
    /// Of `foldedConsent`.
    let folded: G.Scalar

    init(_ relation: FoldedRelation<G>, _ challenges: FoldedChallenges<G>, _ proof: FoldedProof<G>, weight: G.Scalar) {
        // The bases have a minus sign in the sum, the rest a plus sign.
        let scalars = proof.tail.verifierScalars(challenges: challenges.rounds, count: relation.tailBases.count, weight: -weight)
        bases = relation.links.map { scalars.target * proof.dataResponses[$0.slot] } + scalars.bases
        messages = [proof.announcement.consent] + proof.tail.rounds.flatMap { [$0.left, $0.right] }
        messageScalars = [-scalars.target] + scalars.left.indices.flatMap { [-scalars.left[$0], -scalars.right[$0]] }
        folded = -(scalars.target * challenges.announcement)
    }
}
