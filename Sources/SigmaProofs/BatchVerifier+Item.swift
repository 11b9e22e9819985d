// SPDX-License-Identifier: Apache-2.0

package import Groups
public import Transcripts

extension BatchVerifier {
    /// One proof with its statement and session.
    public struct Item: Sendable {
        /// The session under which the proof was made, as the verifier itself derives it.
        public let session: SessionID
        /// The statement and its proof.
        private let claim: Claim

        private enum Claim: Sendable {
            case linear(LinearRelation<G>, BatchableProof<G>)
            case disjunctive(Disjunction<G>, BatchableDisjunctiveProof<G>)
        }

        /// A proof of a linear relation.
        public init(session: SessionID, relation: LinearRelation<G>, proof: BatchableProof<G>) {
            self.session = session
            claim = .linear(relation, proof)
        }

        /// A proof of a disjunction.
        public init(session: SessionID, disjunction: Disjunction<G>, proof: BatchableDisjunctiveProof<G>) {
            self.session = session
            claim = .disjunctive(disjunction, proof)
        }
    }
}

extension BatchVerifier.Item {
    /// Equations with one challenge: a linear relation, or a branch of a disjunction.
    struct Part {
        let relation: LinearRelation<G>
        let announcement: ArraySlice<G.Point>
        let challenge: G.Scalar
        let responses: ArraySlice<G.Scalar>
    }

    /// Refuses a proof that has not the shape of its statement, and identity announcements.
    func checkShape() throws(ProofRejected) {
        switch claim {
        case .linear(let relation, let proof): try proof.checkShape(relation)
        case .disjunctive(let disjunction, let proof): try proof.checkShape(disjunction)
        }
    }

    /// The challenge of this proof's transcript.
    package var challenge: G.Scalar {
        switch claim {
        case .linear(let relation, let proof):
            LinearTranscript(session, relation).challenge(announcement: proof.announcement).scalar
        case .disjunctive(let disjunction, let proof):
            DisjunctiveTranscript(session, disjunction).challenge(announcement: proof.announcement).scalar
        }
    }

    /// The parts of a proof of the right shape.
    ///
    /// That sub-challenges sum to `challenge` is checked here, for each proof by itself: it is no equation between group elements and takes no weight.
    func parts(challenge: G.Scalar) throws(ProofRejected) -> [Part] {
        switch claim {
        case .linear(let relation, let proof):
            return [Part(relation: relation, announcement: proof.announcement[...], challenge: challenge, responses: proof.responses[...])]
        case .disjunctive(let disjunction, let proof):
            try Disjunction<G>.checkSum(proof.subchallenges, challenge)
            return disjunction.split(proof.announcement, proof.responses).enumerated().map { index, part in
                Part(
                    relation: disjunction.branches[index], announcement: part.announcement, challenge: proof.subchallenges[index],
                    responses: part.responses)
            }
        }
    }

    /// The number of equations: of weights.
    var equationCount: Int {
        switch claim {
        case .linear(let relation, _): relation.equations.count
        case .disjunctive(let disjunction, _): disjunction.equationCount
        }
    }

    /// The serialised statement. Those of the two kinds differ in the first four bytes.
    var statementBytes: [UInt8] {
        switch claim {
        case .linear(let relation, _): relation.serialized
        case .disjunctive(let disjunction, _): disjunction.serialized
        }
    }

    /// The proof, whole.
    var proofBytes: [UInt8] {
        switch claim {
        case .linear(_, let proof): proof.bytes
        case .disjunctive(_, let proof): proof.bytes
        }
    }
}
