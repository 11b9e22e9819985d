// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import Provers
import Secrets
import SigmaProofs
import TestSupport
import Transcripts

/// Sets of `a_i B + r_i H` over a group, with everything known, and elements with their proofs.
struct MembershipSample<G: Group> {
    typealias S = G.Scalar
    typealias Transcript = SpongeMembershipTranscript<G>

    let parameters: MembershipParameters<G>
    /// `r_i`.
    let blindings: [S]
    /// The encodings of the members.
    let encodings: [UInt8]

    var set: MembershipSet<G> { parameters.set }
    var prover: MembershipProver<Transcript> { MembershipProver(parameters) }

    /// The base of values and that of blindings.
    static var bases: [G.Point] {
        let uniform = (0..<2 * G.uniformByteCount).map { UInt8(truncatingIfNeeded: 29 &* $0 &+ 3) }
        return G.points(uniformBytes: uniform.span)
    }

    static var session: SessionID { SessionID(tag: "tests/membership") }
    static var context: MembershipContext { MembershipContext(session: session, statement: [1, 2, 3]) }

    /// `value B + blinding H`.
    static func commitment(_ value: S, _ blinding: S) -> G.Point { G.vartimeMultiScalarMul([value, blinding], bases) }

    /// Members that commit to `1, 2, ...`.
    init(count: Int, generators: MembershipGenerators<G>, seed: UInt64 = 1) throws {
        var random = SplitMix(state: seed)
        let blindings = (0..<count).map { _ in S(random.next()) }
        let limbs = blindings.indices.flatMap { S(UInt64($0 + 1)).limbs + blindings[$0].limbs }
        let encodings = G.encode(G.multiScalarMul(rows: count, limbs.span, G.fixedBases(Self.bases)))
        (self.blindings, self.encodings) = (blindings, encodings)
        parameters = try MembershipParameters(
            set: MembershipSet(canonical: encodings.span), blindingBase: Self.bases[1], generators: generators)
    }

    /// `K' = K_l - delta H`.
    func element(_ index: Int, _ difference: S) -> [UInt8] {
        G.encode([G.add(set.members.points[index], G.vartimeMultiScalarMul([-difference], [Self.bases[1]]))])
    }

    /// A proof that `element` is a member.
    func prove(
        _ index: Int, _ difference: S, element: [UInt8], context: MembershipContext = Self.context
    ) throws(ProverError) -> MembershipProof<G> {
        let limb = [UInt64(index)]
        return try prover.prove(
            index: SecretLimbs(copying: limb.span), difference: SecretScalars(copying: [difference]), element: element, opening: context)
    }

    /// Why a proof is refused; `nil` if it is not.
    func reason(_ proof: [UInt8], element: [UInt8], context: MembershipContext = Self.context) -> ProofRejected.Reason? {
        do throws(ProofRejected) {
            try MembershipProof<G>(parsing: proof.span, for: parameters).verify(parameters, element: element, context: context)
        } catch {
            return error.reason
        }
        return nil
    }
}
