// SPDX-License-Identifier: Apache-2.0

internal import Groups
internal import Secrets

/// An announcement as its recipients see it: encoded, made public, decoded again. `nil` if an element is the identity or has no encoding.
///
/// What a prover publishes is the encoding. The coordinates of a sum tell more, namely how it was computed (Naccache, Smart, Stern: Projective
/// coordinates leak, EUROCRYPT 2004), and what follows, the challenge and the prover's own check, takes variable time. So nothing but the encoding goes on.
func published<G: Group>(_ group: G.Type, _ announcement: [G.Point]) -> [G.Point]? {
    var bytes = G.encode(announcement)
    declassify(&bytes, as: .announcement)
    guard let points = try? G.decode(canonical: bytes.span), !points.contains(where: { G.isIdentity($0) }) else { return nil }
    return points
}
