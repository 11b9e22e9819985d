// SPDX-License-Identifier: Apache-2.0
import Groups
import Secrets
import SigmaProofs
import Transcripts

/// Relations over ristretto255 for forgers: nobody knows the logarithm of `H` to `G`.
enum FalseRelation {
    typealias G = Ristretto255
    static let h = G.points(uniformBytes: SHAKE128.hash(Array("soundness H".utf8), count: G.uniformByteCount).span)[0]

    static func random() -> G.Scalar { SecretScalars<G>.random(count: 1).declassified(at: 0, as: .response) }

    static func multiply(_ x: G.Scalar, _ p: G.Point) -> G.Point { G.vartimeMultiScalarMul([x], [p]) }

    /// `X = x G, Z = y H` with one and the same secret scalar on both sides: false unless `x == y`.
    static func equalLogarithms(_ x: G.Scalar, _ y: G.Scalar) throws -> LinearRelation<G> {
        try LinearRelation(
            elements: [G.generator, h, multiply(x, G.generator), multiply(y, h)],
            equations: [
                .init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0)]),
                .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 1)]),
            ])
    }

    /// `Y = x G`.
    static func logarithm(of y: G.Point) throws -> LinearRelation<G> {
        try LinearRelation(
            elements: [G.generator, y], equations: [.init(image: [.init(element: 1)], terms: [.init(scalar: 0, element: 0)])])
    }

    /// `z G - c Y`.
    static func simulated(_ z: G.Scalar, _ c: G.Scalar, _ y: G.Point) -> G.Point {
        G.vartimeMultiScalarMul([z, -c], [G.generator, y])
    }

    /// `(a, b)` with `m a + n b == r` for each of the two rows `(m, n, r)`; nil if there is none or more than one.
    static func solve(_ first: (G.Scalar, G.Scalar, G.Scalar), _ second: (G.Scalar, G.Scalar, G.Scalar)) -> (G.Scalar, G.Scalar)? {
        guard let inverse = (first.0 * second.1 - first.1 * second.0).vartimeInverted() else { return nil }
        return (
            (first.2 * second.1 - first.1 * second.2) * inverse,
            (first.0 * second.2 - first.2 * second.0) * inverse
        )
    }
}
