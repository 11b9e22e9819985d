// SPDX-License-Identifier: Apache-2.0

package import Groups

/// The inner-product argument's prover (Bunz et al. 2018, section 3): two vectors, halved by each round. All of it is public, see ``RangeProver``.
///
/// Generators are not folded: each keeps the product of the challenges that it would have been multiplied with, so that a round is two sums over the
/// original ones.
///
/// Timing: variable.
package struct InnerProductProver<G: Group> {
    private let left: [G.Point]
    private let right: [G.Point]
    private let product: G.Point
    /// What the original generators are multiplied with.
    private var leftWeights: [G.Scalar]
    private var rightWeights: [G.Scalar]
    /// The left vector, halved in each round.
    package private(set) var a: [G.Scalar]
    /// The right vector, halved in each round.
    package private(set) var b: [G.Scalar]

    /// The present length of the vectors: a power of two.
    package var length: Int { a.count }

    /// - Parameters:
    ///   - rightWeights: with which `right` goes into the statement: `y^-i`.
    ///   - product: the base of `<a, b>`.
    package init(left: [G.Point], right: [G.Point], rightWeights: [G.Scalar], product: G.Point, a: [G.Scalar], b: [G.Scalar]) {
        (self.left, self.right, self.product) = (left, right, product)
        leftWeights = [G.Scalar](repeating: .one, count: left.count)
        (self.rightWeights, self.a, self.b) = (rightWeights, a, b)
    }

    /// `L = <a_lo, G_hi> + <b_hi, H_lo> + <a_lo, b_hi> Q` and `R = <a_hi, G_lo> + <b_lo, H_hi> + <a_hi, b_lo> Q`.
    package func announcement() -> [G.Point] {
        let half = length / 2
        let (aLow, aHigh, bLow, bHigh) = (Array(a[..<half]), Array(a[half...]), Array(b[..<half]), Array(b[half...]))
        // Original generators that a folded one of the lower or upper half is made of.
        let low = left.indices.filter { $0 & half == 0 }
        let high = left.indices.filter { $0 & half != 0 }
        func terms(_ vector: [G.Scalar], _ weights: [G.Scalar], _ places: [Int]) -> [G.Scalar] {
            G.Scalar.products(places.map { vector[$0 & (half - 1)] }, places.map { weights[$0] })
        }
        let lScalars = terms(aLow, leftWeights, high) + terms(bHigh, rightWeights, low) + [G.Scalar.innerProduct(aLow, bHigh)]
        let rScalars = terms(aHigh, leftWeights, low) + terms(bLow, rightWeights, high) + [G.Scalar.innerProduct(aHigh, bLow)]
        let lPoints = high.map { left[$0] } + low.map { right[$0] } + [product]
        let rPoints = low.map { left[$0] } + high.map { right[$0] } + [product]
        return [G.vartimeMultiScalarMul(lScalars, lPoints), G.vartimeMultiScalarMul(rScalars, rPoints)]
    }

    /// `a = u a_lo + u^-1 a_hi`, `b = u^-1 b_lo + u b_hi`; `G = u^-1 G_lo + u G_hi`, `H = u H_lo + u^-1 H_hi`.
    package mutating func fold(_ u: G.Scalar, _ inverse: G.Scalar) {
        let half = length / 2
        let (us, inverses) = ([G.Scalar](repeating: u, count: half), [G.Scalar](repeating: inverse, count: half))
        let a = G.Scalar.products(self.a, us + inverses)
        let b = G.Scalar.products(self.b, inverses + us)
        self.a = (0..<half).map { a[$0] + a[half + $0] }
        self.b = (0..<half).map { b[$0] + b[half + $0] }
        leftWeights = G.Scalar.products(leftWeights, left.indices.map { $0 & half == 0 ? inverse : u })
        rightWeights = G.Scalar.products(rightWeights, left.indices.map { $0 & half == 0 ? u : inverse })
    }
}
