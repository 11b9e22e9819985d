// SPDX-License-Identifier: Apache-2.0

package import Groups
package import Secrets
package import SigmaProofs

/// The prover of a disjunction between its two messages (docs/protocol.md, section 9). The response consumes it: nonces serve once.
///
/// | symbol | here |
/// |---|---|
/// | `u_b`, nonces of branch b; of a simulated branch they are its responses | `nonces` |
/// | `e_b`, the sub-challenge of a simulated branch; 0 for the true one | `simulated` |
/// | `t_b = map_b(u_b) - e_b * image_b` | ``announcement`` |
/// | `d_b = c - sum e` for the true branch, 0 for the others | in ``response(_:challenge:witness:)`` |
/// | `c_b = e_b + d_b`, `z_b = u_b + d_b * witness` | its result |
///
/// Timing: constant in the branch, the witness and the nonces: every branch takes the same operations, on values that masks have cleared.
package struct DisjunctiveProverState<G: Group>: ~Copyable {
    /// The announcements of all branches: public once they are encoded.
    package let announcement: [G.Point]
    private let nonces: SecretScalars<G>
    private let simulated: SecretScalars<G>

    /// The first message.
    ///
    /// - Parameters:
    ///   - nonces: uniform, one for each scalar of each branch, used for nothing else.
    ///   - challenges: uniform, one for each branch, used for nothing else. That of the true branch is not used at all.
    package init(
        _ disjunction: Disjunction<G>, branch: borrowing SecretLimbs, nonces: consuming SecretScalars<G>,
        challenges: consuming SecretScalars<G>
    ) {
        var simulated = SecretScalars<G>(zeros: disjunction.branches.count)
        var announcement: [G.Point] = []
        var start = 0
        for (index, relation) in disjunction.branches.enumerated() {
            let challenge = challenges.selecting([index]).cleared(where: branch, is: index)
            challenge.withScalar(0) { simulated.set(limbs: $0, at: index) }
            // The nonces of the branch, then the sub-challenge, which goes with the negated image.
            let own = nonces.selecting(Array(start..<start + relation.scalarCount)).appending(challenge)
            for equation in relation.equations.indices {
                let (slots, bases) = relation.proverTerms(equation)
                announcement.append(
                    own.selecting(slots + [relation.scalarCount]).multiScalarMul(bases + [G.negate(relation.image[equation])]))
            }
            start += relation.scalarCount
        }
        self.announcement = announcement
        self.nonces = nonces
        self.simulated = simulated
    }

    /// The last message: sub-challenges and responses, public from here on.
    package consuming func response(
        _ disjunction: Disjunction<G>, challenge: G.Scalar, witness: borrowing DisjunctiveWitness<G>
    ) -> (subchallenges: [G.Scalar], responses: [G.Scalar]) {
        var rest = SecretScalars<G>(copying: [challenge])
        for index in disjunction.branches.indices {
            let difference = rest.subtracting(simulated.selecting([index]))
            rest = difference
        }
        var subchallenges: [G.Scalar] = []
        var responses: [G.Scalar] = []
        for (index, relation) in disjunction.branches.enumerated() {
            let own = rest.kept(where: witness.branch, is: index)
            subchallenges.append(simulated.selecting([index]).adding(own).declassified(at: 0, as: .subchallenge))
            let slots = Array(responses.count..<responses.count + relation.scalarCount)
            let scalars = witness.scalars.selecting(Array(0..<relation.scalarCount))
            responses += scalars.responses(secretChallenge: own, nonces: nonces.selecting(slots)).declassified(as: .response)
        }
        return (subchallenges, responses)
    }
}
