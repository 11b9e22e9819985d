// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import Secrets
public import SigmaProofs
public import Transcripts

/// Proves that one of several linear relations has a witness, without telling which (docs/protocol.md, section 9).
///
/// Timing: constant in the branch, the witness and the nonces. Security: nonces and simulated sub-challenges are fresh for every proof and hedged
/// with branch, witness, session and statement (`NonceGenerator`); a proof that does not verify never leaves this type.
public enum DisjunctiveProver<G: Group> {
    /// A batchable proof. The session's tag is of the flavor `disjunctiveBatchable`, see `SigmaTag`.
    public static func batchableProof(
        of disjunction: Disjunction<G>, witness: borrowing DisjunctiveWitness<G>, session: SessionID
    ) throws(ProverError) -> BatchableDisjunctiveProof<G> {
        let (announcement, subchallenges, responses) = try transcript(disjunction, witness, session)
        let proof = BatchableDisjunctiveProof<G>(announcement: announcement, subchallenges: subchallenges, responses: responses)
        do throws(ProofRejected) {
            try proof.verify(disjunction, session: session)
        } catch {
            throw .witnessDoesNotSatisfy
        }
        return proof
    }

    /// A compact proof. The session's tag is of the flavor `disjunctiveCompact`, see `SigmaTag`.
    public static func compactProof(
        of disjunction: Disjunction<G>, witness: borrowing DisjunctiveWitness<G>, session: SessionID
    ) throws(ProverError) -> CompactDisjunctiveProof<G> {
        let (_, subchallenges, responses) = try transcript(disjunction, witness, session)
        let proof = CompactDisjunctiveProof<G>(subchallenges: subchallenges, responses: responses)
        do throws(ProofRejected) {
            try proof.verify(disjunction, session: session)
        } catch {
            throw .witnessDoesNotSatisfy
        }
        return proof
    }

    private static func transcript(
        _ disjunction: Disjunction<G>, _ witness: borrowing DisjunctiveWitness<G>, _ session: SessionID
    ) throws(ProverError) -> (announcement: [G.Point], subchallenges: [G.Scalar], responses: [G.Scalar]) {
        guard witness.branch.count == 1, witness.scalars.count == disjunction.largestScalarCount else { throw .witnessCount }
        let statement = session.bytes + disjunction.serialized
        let secret = witness.joined()
        var generator = secret.withBytes { NonceGenerator(label: "or/" + G.name, witness: $0, statement: statement.span) }
        for _ in 0..<LinearProver<G>.attempts {
            let nonces = generator.scalars(G.self, count: disjunction.scalarCount)
            let challenges = generator.scalars(G.self, count: disjunction.branches.count)
            let state = DisjunctiveProverState<G>(disjunction, branch: witness.branch, nonces: nonces, challenges: challenges)
            // As likely whichever branch is true: every announcement is uniform among those its equations allow.
            guard let announcement = published(G.self, state.announcement) else { continue }
            let challenge = DisjunctiveTranscript(session, disjunction).challenge(announcement: announcement).scalar
            let (subchallenges, responses) = state.response(disjunction, challenge: challenge, witness: witness)
            return (announcement, subchallenges, responses)
        }
        throw .degenerateAnnouncement
    }
}
