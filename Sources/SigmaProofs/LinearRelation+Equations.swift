// SPDX-License-Identifier: Apache-2.0

internal import Groups

extension LinearRelation {
    /// `SimulateCommitment` of draft-irtf-cfrg-sigma-protocols-03: `map(responses)[i] - challenge * image[i]` for each equation, the only
    /// announcement that the verifier accepts with this challenge and these responses.
    ///
    /// - Precondition: `responses.count == scalarCount`. Timing: variable; everything is public.
    func simulatedAnnouncement(challenge: G.Scalar, responses: ArraySlice<G.Scalar>) -> [G.Point] {
        precondition(responses.count == scalarCount, "one response for each scalar")
        let minusChallenge = -challenge
        return equations.indices.map { index in
            let terms = equations[index].terms
            return G.vartimeMultiScalarMul(
                terms.map { $0.coefficient * responses[responses.startIndex + Int($0.scalar)] } + [minusChallenge],
                terms.map { elements[Int($0.element)] } + [image[index]])
        }
    }
}
