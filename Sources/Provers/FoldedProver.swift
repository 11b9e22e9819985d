// SPDX-License-Identifier: Apache-2.0

public import Groups
public import Secrets
public import SigmaProofs

/// Proves a folded relation (DESIGN 4.3, steps 5 to 8).
///
/// The prover needs the folded witness `x* = sum rho_i x_i` only, no row. It **does not check its own proof**, for it has neither
/// `D*` nor `C'`: the caller runs the verifier on its own statement before it hands anything out.
///
/// Timing: constant in the witness and the nonces until the responses exist. They are public from then on, although those of the tail are
/// not sent: for any challenge they are uniform (docs/protocol.md section 6), and so the tail is compressed in variable time. Security:
/// nonces are hedged with the witness and the seed of the weights, which binds the statement.
public enum FoldedProver<G: Group> {
    /// Proves knowledge of the folded witness.
    ///
    /// - Parameters:
    ///   - data: `x*`, one scalar for each of the relation's `dataBases`.
    ///   - tail: `y*`, one scalar for each of the relation's `tailBases`.
    ///   - transcript: Has absorbed the whole statement and has given the weights that folded `data` and `tail`.
    public static func prove(
        _ relation: FoldedRelation<G>, data: borrowing SecretScalars<G>, tail: borrowing SecretScalars<G>,
        transcript: consuming WeightedTranscript
    ) throws(ProverError) -> FoldedProof<G> {
        let (d, t) = (relation.dataBases.count, relation.tailBases.count)
        guard data.count == d, tail.count == t else { throw .witnessCount }
        let witness = data.appending(tail)
        let seed = transcript.weights.seed
        var generator = witness.withBytes { NonceGenerator(label: "folded/" + G.name, witness: $0, statement: seed.span) }
        for _ in 0..<LinearProver<G>.attempts {
            let nonces = ProverNonces<G>(generator.scalars(G.self, count: d + t))
            let sums = [
                nonces.multiScalarMul(Array(0..<d), relation.dataBases),
                nonces.multiScalarMul(relation.links.map(\.slot) + Array(d..<d + t), relation.consentBases),
            ]
            guard let points = published(G.self, sums) else { continue }
            let announcement = FoldedAnnouncement<G>(data: points[0], consent: points[1])
            let announced: AnnouncedTranscript<G> = transcript.announced(announcement)
            let responses = nonces.responses(challenge: announced.challenge.scalar, witness: witness)
            let dataResponses = Array(responses[..<d])
            var rounds = announced.answered(dataResponses)
            // A cross term is the identity as rarely as an announcement; but the transcript is used up.
            guard
                let compressed = TailCompressor<G>.compress(
                    Array(responses[d...]), relation.tailBases, challenge: { rounds.challenge($0).scalar })
            else { throw .degenerateAnnouncement }
            return FoldedProof(announcement: announcement, dataResponses: dataResponses, tail: compressed)
        }
        throw .degenerateAnnouncement
    }
}
