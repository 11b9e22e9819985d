// SPDX-License-Identifier: Apache-2.0

import Groups
import Secrets
import SigmaProofs

/// Relations of the draft's "Specifying the relation", with witnesses. `generators` are elements of unknown relation in real groups.
struct Sample<G: Group>: Sendable {
    let relation: LinearRelation<G>
    let witness: [G.Scalar]

    /// `X = x G, Y = x H`.
    static func chaumPedersen(x: G.Scalar, h: G.Point) throws -> Sample {
        let (g, one) = (G.generator, G.Scalar.one)
        let elements = [g, h, G.vartimeMultiScalarMul([x], [g]), G.vartimeMultiScalarMul([x], [h])]
        return Sample(
            relation: try LinearRelation(
                elements: elements,
                equations: [
                    .init(image: [.init(element: 2, coefficient: one)], terms: [.init(scalar: 0, element: 0)]),
                    .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 1)]),
                ]),
            witness: [x])
    }

    /// `C = m G + r H`.
    static func pedersen(m: G.Scalar, r: G.Scalar, h: G.Point) throws -> Sample {
        Sample(
            relation: try LinearRelation(
                elements: [G.generator, h, G.vartimeMultiScalarMul([m, r], [G.generator, h])],
                equations: [.init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0), .init(scalar: 1, element: 1)])]),
            witness: [m, r])
    }

    /// `C - m G = 2 r H - r H` with a public `m`: constants, and coefficients other than one.
    static func opensTo(m: G.Scalar, r: G.Scalar, h: G.Point) throws -> Sample {
        Sample(
            relation: try LinearRelation(
                elements: [G.generator, h, G.vartimeMultiScalarMul([m, r], [G.generator, h])],
                equations: [
                    .init(
                        image: [.init(element: 2), .init(element: 0, coefficient: -m)],
                        terms: [
                            .init(scalar: 0, element: 1, coefficient: G.Scalar(UInt64(2))),
                            .init(scalar: 0, element: 1, coefficient: -G.Scalar.one),
                        ])
                ]),
            witness: [r])
    }

    /// The witness in a secret cell.
    var secret: SecretScalars<G> { SecretScalars(copying: witness) }
}
