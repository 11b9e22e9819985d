// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import Provers
import Secrets
import SigmaProofs
import Transcripts

/// Membership proofs over a group: index, difference and nonces are secret, in every bit.
func membershipCases<G: Group>(_ group: G.Type, isSlow: Bool = false) -> [ProbeCase] {
    [
        ProbeCase(G.name + "/selectionPolynomial", isLong: isSlow) { evidence in
            let bits = SecretLimbs(count: 8)
            bits.classify()
            let masks = SecretScalars<G>.random(count: 6)
            let coefficients = bits.withSpan { bits in
                masks.withSpan { G.selectionPolynomial(bases(group, 7), bits: bits, masks: $0, base: 4) }
            }
            evidence.result(G.encode(coefficients))
        },
        ProbeCase(G.name + "/MembershipProver, six members", isLong: isSlow, declassifies: [.announcement, .response]) { _ in
            let points = bases(group, 7)
            let members = G.encode(Array(points[..<6]))
            let parameters = try MembershipParameters<G>(
                set: MembershipSet(canonical: members.span), blindingBase: points[6], generators: MembershipGenerators())
            var index = SecretLimbs(count: 1)
            index.withMutableSpan { $0[0] = 4 }
            index.classify()
            let difference = SecretScalars<G>(copying: [G.Scalar(UInt64(12_345))])
            difference.classify()
            let element = G.encode([G.add(points[4], G.vartimeMultiScalarMul([-G.Scalar(UInt64(12_345))], [points[6]]))])
            _ = try MembershipProver<SpongeMembershipTranscript<G>>(parameters).prove(
                index: index, difference: difference, element: element,
                opening: MembershipContext(session: SessionID(tag: "probe"), statement: [1]))
        },
    ]
}
