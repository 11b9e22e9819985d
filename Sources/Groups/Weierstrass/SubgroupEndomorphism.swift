// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// Membership in the subgroup of order `q = z^4 - z^2 + 1` of a curve with `a = 0`, by its endomorphism `phi(x, y) = (beta x, y)`, `beta^3 = 1`.
///
/// Check: `phi(P) = -z^2 P` (M. Scott, "A note on group membership tests for G1, G2 and GT on BLS pairing-friendly curves", eprint
/// 2021/1130, section 4). It is exact. If it holds then `phi(phi(P)) = z^4 P`; the points `P`, `phi(P)`, `phi(phi(P))` have one `y` and so
/// lie on a line, their sum is 0, and `(z^4 - z^2 + 1) P = q P = 0`. On the subgroup `phi` is multiplication by a cube root of unity
/// modulo `q`; there are two, `beta` is chosen so that it is `-z^2`.
struct SubgroupEndomorphism: Sendable {
    /// `beta` and `|z|`.
    struct Constants: Sendable {
        let beta: StaticString
        let z: UInt64
    }

    let beta: FieldElement
    let z: UInt64

    init(_ constants: Constants, in field: MontgomeryModulus) {
        beta = FieldElement(constant: constants.beta, in: field)
        z = constants.z
    }
}

extension WeierstrassCurve {
    /// Whether a point of the curve is in the subgroup of order `q`. Timing: constant in the point.
    func isInSubgroup(_ p: Limbs, _ w: Workspace) -> Bool {
        guard let endomorphism else { return true }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * pointLimbCount) { buffer in
            guard let product = buffer.baseAddress else { return false }
            let image = product + pointLimbCount
            multiply(image, p, by: endomorphism.z, w)
            multiply(product, image, by: endomorphism.z, w)
            negate(product, product)
            image.update(from: p, count: pointLimbCount)
            (endomorphism.beta * FieldElement(loading: p, in: field)).store(to: image)
            return equalMask(product, image, w) != 0
        }
    }

    /// `out = factor * p` for a public factor that is not 0; `out` is not `p`.
    func multiply(_ out: MutableLimbs, _ p: Limbs, by factor: UInt64, _ w: Workspace) {
        out.update(from: p, count: pointLimbCount)
        for bit in (0..<63 - factor.leadingZeroBitCount).reversed() {
            double(out, out, w)
            if factor >> UInt64(bit) & 1 == 1 { add(out, out, p, w) }
        }
    }
}
