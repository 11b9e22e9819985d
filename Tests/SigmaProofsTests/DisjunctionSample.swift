// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import Transcripts

/// Disjunctions over any group with a witness for each true branch.
struct DisjunctionSample<G: Group>: Sendable {
    let disjunction: Disjunction<G>
    /// For each branch a witness, or nil if nobody knows one.
    let witnesses: [[G.Scalar]?]

    static var session: SessionID { SigmaTag(application: "zkconsent-test", flavor: .disjunctiveBatchable, group: G.self).session }
    static var compactSession: SessionID { SigmaTag(application: "zkconsent-test", flavor: .disjunctiveCompact, group: G.self).session }

    init(_ samples: [Sample<G>], known: [Bool]) throws {
        disjunction = try Disjunction(samples.map(\.relation))
        witnesses = samples.indices.map { known[$0] ? samples[$0].witness : nil }
    }

    /// Three branches of different shapes: two equations and one scalar, one and two, one and one. `h` of unknown logarithm in real groups.
    static func mixed(h: G.Point, known: [Bool] = [true, true, true]) throws -> Self {
        try Self(
            [
                try .chaumPedersen(x: G.Scalar(UInt64(31)), h: h),
                try .pedersen(m: G.Scalar(UInt64(70)), r: G.Scalar(UInt64(20)), h: h),
                try .opensTo(m: G.Scalar(UInt64(40)), r: G.Scalar(UInt64(90)), h: h),
            ], known: known)
    }

    func witness(_ branch: Int) -> DisjunctiveWitness<G> {
        DisjunctiveWitness(branch: branch, scalars: SecretScalars(copying: (witnesses[branch] ?? []).map { $0 }), of: disjunction)
    }

    func prove(_ branch: Int, session: SessionID = Self.session) throws -> BatchableDisjunctiveProof<G> {
        try DisjunctiveProver.batchableProof(of: disjunction, witness: witness(branch), session: session)
    }

    func proveCompact(_ branch: Int) throws -> CompactDisjunctiveProof<G> {
        try DisjunctiveProver.compactProof(of: disjunction, witness: witness(branch), session: Self.compactSession)
    }

    /// Why a proof is refused; nil if it is not. The batch verifier must agree.
    func rejection(_ proof: BatchableDisjunctiveProof<G>, session: SessionID = Self.session) -> ProofRejected.Reason? {
        var single: ProofRejected.Reason?
        do throws(ProofRejected) { try proof.verify(disjunction, session: session) } catch { single = error.reason }
        var batch: ProofRejected.Reason?
        do throws(ProofRejected) {
            try BatchVerifier.verify([.init(session: session, disjunction: disjunction, proof: proof)])
        } catch {
            batch = error.reason
        }
        // Over a tiny group the two differ by chance; those tests have their own weights.
        return batch == (single == .equation ? .batch : single) ? single : .batch
    }

    func rejection(compact proof: CompactDisjunctiveProof<G>, session: SessionID = Self.compactSession) -> ProofRejected.Reason? {
        do throws(ProofRejected) { try proof.verify(disjunction, session: session) } catch { return error.reason }
        return nil
    }

    func accepts(_ bytes: [UInt8], session: SessionID = Self.session) -> Bool {
        guard let proof = try? BatchableDisjunctiveProof<G>(parsing: bytes.span, for: disjunction) else { return false }
        return rejection(proof, session: session) == nil
    }

    func accepts(compact bytes: [UInt8], session: SessionID = Self.compactSession) -> Bool {
        guard let proof = try? CompactDisjunctiveProof<G>(parsing: bytes.span, for: disjunction) else { return false }
        return rejection(compact: proof, session: session) == nil
    }
}

extension LinearRelation {
    /// The simulator of the draft, written again.
    func simulate(challenge: G.Scalar, responses: [G.Scalar]) -> [G.Point] {
        equations.map { equation in
            let left = G.vartimeMultiScalarMul(
                equation.terms.map { $0.coefficient * responses[Int($0.scalar)] }, equation.terms.map { elements[Int($0.element)] })
            let right = G.vartimeMultiScalarMul(
                equation.image.map { challenge * $0.coefficient }, equation.image.map { elements[Int($0.element)] })
            return G.add(left, G.negate(right))
        }
    }
}
