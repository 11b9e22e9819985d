// SPDX-License-Identifier: Apache-2.0

public import Groups
public import Transcripts

/// Verifies many batchable proofs with one random linear combination (draft-irtf-cfrg-sigma-protocols-03, "Batch verification").
///
/// Every equation of every proof has its own 128-bit weight. Deterministic weights are squeezed from a sponge that absorbed every
/// session, statement and proof, responses included; fresh verifier randomness can be added to it. A false proof is accepted with probability
/// at most 2^-128. A failure names no proof: verify them one by one then.
public struct BatchVerifier<G: Group>: Sendable {
    /// One proof with its statement and session.
    public struct Item: Sendable {
        /// The session under which the proof was made, as the verifier itself derives it.
        public let session: SessionID
        /// The statement.
        public let relation: LinearRelation<G>
        /// The proof.
        public let proof: BatchableProof<G>

        /// An item of a batch.
        public init(session: SessionID, relation: LinearRelation<G>, proof: BatchableProof<G>) {
            self.session = session
            self.relation = relation
            self.proof = proof
        }
    }

    static var batchTag: String { "irtf-cfrg-sigma-protocols/batch-verify" }

    /// Verifies all items; the empty batch is accepted.
    ///
    /// - Parameter randomness: Fresh bytes of the verifier's, absorbed last. Empty: the draft's deterministic weights.
    public static func verify(_ items: [Item], randomness: [UInt8] = []) throws(ProofRejected) {
        guard items.count <= Int(UInt32.max) else { throw ProofRejected(.batch) }
        for item in items { try item.proof.checkShape(item.relation) }
        let weights = weights(items, randomness: randomness)
        var scalars: [G.Scalar] = []
        var points: [G.Point] = []
        let announcements = items.flatMap(\.proof.announcement)
        var next = weights.makeIterator()
        for item in items {
            let (relation, proof) = (item.relation, item.proof)
            let challenge = LinearTranscript(item.session, relation).challenge(announcement: proof.announcement).scalar
            // Statement elements are shared by the equations of an item: their scalars are collected before the multiplication.
            var elementScalars = [G.Scalar](repeating: .zero, count: relation.elements.count)
            for index in relation.equations.indices {
                guard let weight = next.next() else { throw ProofRejected(.batch) }
                let weightedChallenge = weight * challenge
                for term in relation.equations[index].image {
                    elementScalars[Int(term.element)] = elementScalars[Int(term.element)] + weightedChallenge * term.coefficient
                }
                for term in relation.equations[index].terms {
                    let response = weight * term.coefficient * proof.responses[Int(term.scalar)]
                    elementScalars[Int(term.element)] = elementScalars[Int(term.element)] - response
                }
            }
            scalars += elementScalars
            points += relation.elements
        }
        // Two multiplications, for the weights of the announcements are half as long as the rest.
        let sum = G.add(G.vartimeMultiScalarMul(weights, announcements), G.vartimeMultiScalarMul(scalars, points))
        guard G.isIdentity(sum) else { throw ProofRejected(.batch) }
    }

    /// One weight for each equation, items in order.
    package static func weights(_ items: [Item], randomness: [UInt8]) -> [G.Scalar] {
        var sponge = DuplexSponge(SessionID(tag: batchTag))
        for item in items {
            sponge.absorb(item.session.bytes)
            sponge.absorb(item.relation.serialized)
            sponge.absorb(item.proof.bytes)
        }
        sponge.absorb(randomness)
        let count = items.reduce(0) { $0 + $1.relation.equations.count }
        let bytes = sponge.squeeze(16 * count)
        return (0..<count).map { index in
            let chunk = bytes[16 * index..<16 * (index + 1)]
            return G.Scalar(chunk.reversed().reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
        }
    }
}
