// SPDX-License-Identifier: Apache-2.0

public import Groups
public import Secrets
public import SigmaProofs
public import Transcripts

/// Proves linear relations (draft-irtf-cfrg-sigma-protocols-03).
///
/// Timing: constant in the witness and the nonces. Security: nonces are fresh for every proof and hedged (`NonceGenerator`), and a proof that does not verify never
/// leaves this type: it could only come from a wrong witness or a fault in the computation, and either may tell on the witness.
public enum LinearProver<G: Group> {
    /// A batchable proof. The session's tag contains `DSFS` and the ciphersuite, see `SigmaTag`.
    public static func batchableProof(
        of relation: LinearRelation<G>, witness: borrowing SecretScalars<G>, session: SessionID
    ) throws(ProverError) -> BatchableProof<G> {
        var generator = hedgedNonces(relation, witness, session)
        return try batchableProof(of: relation, witness: witness, session: session) { generator.scalars(G.self, count: $0) }
    }

    /// A compact proof. The session's tag contains `CMPT` and the ciphersuite, see `SigmaTag`.
    public static func compactProof(
        of relation: LinearRelation<G>, witness: borrowing SecretScalars<G>, session: SessionID
    ) throws(ProverError) -> CompactProof<G> {
        var generator = hedgedNonces(relation, witness, session)
        return try compactProof(of: relation, witness: witness, session: session) { generator.scalars(G.self, count: $0) }
    }

    // MARK: With a given source of nonces, to reproduce test vectors

    /// A batchable proof with the nonces of `nonces(count)`, asked again after a degenerate announcement. For test vectors.
    package static func batchableProof(
        of relation: LinearRelation<G>, witness: borrowing SecretScalars<G>, session: SessionID,
        nonces: (Int) -> SecretScalars<G>
    ) throws(ProverError) -> BatchableProof<G> {
        let (announcement, _, responses) = try transcript(relation, witness, session, nonces)
        let proof = BatchableProof<G>(announcement: announcement, responses: responses)
        do throws(ProofRejected) {
            try proof.verify(relation, session: session)
        } catch {
            throw .witnessDoesNotSatisfy
        }
        return proof
    }

    /// A compact proof with the nonces of `nonces(count)`, asked again after a degenerate announcement. For test vectors.
    package static func compactProof(
        of relation: LinearRelation<G>, witness: borrowing SecretScalars<G>, session: SessionID,
        nonces: (Int) -> SecretScalars<G>
    ) throws(ProverError) -> CompactProof<G> {
        let (_, challenge, responses) = try transcript(relation, witness, session, nonces)
        let proof = CompactProof<G>(challenge: challenge, responses: responses)
        do throws(ProofRejected) {
            try proof.verify(relation, session: session)
        } catch {
            throw .witnessDoesNotSatisfy
        }
        return proof
    }

    /// How often nonces are drawn again because an announcement contains the identity: for groups of toy size.
    static var attempts: Int { 64 }

    private static func transcript(
        _ relation: LinearRelation<G>, _ witness: borrowing SecretScalars<G>, _ session: SessionID,
        _ nonces: (Int) -> SecretScalars<G>
    ) throws(ProverError) -> (announcement: [G.Point], challenge: G.Scalar, responses: [G.Scalar]) {
        guard witness.count == relation.scalarCount else { throw .witnessCount }
        for _ in 0..<attempts {
            let nonces = ProverNonces(nonces(relation.scalarCount))
            guard nonces.count == relation.scalarCount else { throw .witnessCount }
            guard let announcement = published(G.self, map(relation, nonces)) else { continue }
            let challenge = LinearTranscript(session, relation).challenge(announcement: announcement).scalar
            return (announcement, challenge, nonces.responses(challenge: challenge, witness: witness))
        }
        throw .degenerateAnnouncement
    }

    /// `map(relation, nonces)`, constant time: public coefficients are multiplied into the elements.
    private static func map(_ relation: LinearRelation<G>, _ nonces: borrowing ProverNonces<G>) -> [G.Point] {
        relation.equations.indices.map { index in
            let (slots, bases) = relation.proverTerms(index)
            return nonces.multiScalarMul(slots, bases)
        }
    }

    /// The generator of a proof's nonces: fresh randomness, the witness, the session and the statement.
    private static func hedgedNonces(
        _ relation: LinearRelation<G>, _ witness: borrowing SecretScalars<G>, _ session: SessionID
    ) -> NonceGenerator {
        let statement = session.bytes + relation.serialized
        return witness.withBytes { NonceGenerator(label: "linear/" + G.name, witness: $0, statement: statement.span) }
    }
}
