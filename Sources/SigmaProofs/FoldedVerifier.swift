// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups

/// Verifies folded proofs (DESIGN 4.3, steps 3, 5 and 6, with the tail sent in full).
///
/// Timing: variable; everything here is public.
public enum FoldedVerifier<G: Group> {
    /// `sum weights[i] * points[i]`: a folded column.
    ///
    /// - Precondition: `weights.count == points.count`.
    public static func fold(_ weights: [UInt128], _ points: [G.Point]) -> G.Point {
        precondition(weights.count == points.count, "one weight for each row")
        return G.vartimeMultiScalarMul(weights.map { G.Scalar($0) }, points)
    }

    /// Checks, with `c` the challenge of the transcript for the proof's announcement,
    ///
    ///     (D)  sum_k z_k * dataBases[k]                               == t_D + c * foldedData
    ///     (C)  sum over links z_slot * base + <z_tail, tailBases>     == t_C + c * foldedConsent
    ///
    /// each on its own. Security: they are never merged. With a merging factor that is known before the shared responses are fixed, and
    /// one generator (or generators of known relation) for a shared scalar on both sides, a prover chooses a response that satisfies the
    /// sum and neither equation (`FoldedForgeryTests`).
    ///
    /// - Parameters:
    ///   - foldedData: `D* = sum rho_i D_i` over every row, with the weights of `transcript`.
    ///   - foldedConsent: `C'`, folded with the same weights, less what the policy constrains and reveals.
    ///   - transcript: Made from the verifier's own view of the statement.
    /// - Throws: one opaque failure.
    public static func verify(
        _ relation: FoldedRelation<G>, foldedData: G.Point, foldedConsent: G.Point,
        transcript: consuming WeightedTranscript, proof: FoldedProof<G>
    ) throws(FoldedProofError) {
        let challenge = try challenge(relation, transcript: transcript, proof: proof)
        try check(relation, foldedData: foldedData, foldedConsent: foldedConsent, challenge: challenge, proof: proof)
    }

    /// The challenge for a proof of the relation's shape without identity announcements.
    static func challenge(
        _ relation: FoldedRelation<G>, transcript: consuming WeightedTranscript, proof: FoldedProof<G>
    ) throws(FoldedProofError) -> G.Scalar {
        guard proof.dataResponses.count == relation.dataBases.count, proof.tailResponses.count == relation.tailBases.count
        else { throw ProofRejected(.shape) }
        guard !proof.announcement.hasIdentity else { throw ProofRejected(.identityAnnouncement) }
        return transcript.challenge(proof.announcement).scalar
    }

    /// The two equations for a given challenge: without a transcript it proves nothing. Of a proof of the relation's shape.
    package static func check(
        _ relation: FoldedRelation<G>, foldedData: G.Point, foldedConsent: G.Point, challenge: G.Scalar, proof: FoldedProof<G>
    ) throws(FoldedProofError) {
        let minusChallenge = -challenge
        let data = G.vartimeMultiScalarMul(proof.dataResponses + [minusChallenge], relation.dataBases + [foldedData])
        guard Fault.isRemoved(.dataEquation) || data == proof.announcement.data else { throw ProofRejected(.dataEquation) }

        let linked = relation.links.map { proof.dataResponses[$0.slot] }
        let consent = G.vartimeMultiScalarMul(
            linked + proof.tailResponses + [minusChallenge], relation.consentBases + [foldedConsent])
        guard Fault.isRemoved(.consentEquation) || consent == proof.announcement.consent
        else { throw ProofRejected(.consentEquation) }
    }
}
