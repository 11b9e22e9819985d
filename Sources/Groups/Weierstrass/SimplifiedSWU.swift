// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// The map from field elements to a curve by the simplified Shallue-van de Woestijne-Ulas method, RFC 9380, 6.6.2 and 6.6.3, for `p = 3 mod 4`.
///
/// | symbol of the RFC | identifier |
/// |---|---|
/// | `A'`, `B'`, `Z` of the curve that is mapped to first | `a`, `b`, `z` |
/// | `c2 = sqrt(-Z)` (appendix F.2.1.2) | `rootOfMinusZ` |
/// | `iso_map` (appendix E), four polynomials | `isogeny` |
/// | `h_eff` | `cofactor` |
/// | `L` | `elementByteCount` |
///
/// Timing: constant.
struct SimplifiedSWU: Sendable {
    /// The parameters of a suite as the RFC prints them.
    struct Constants: Sendable {
        /// `-Z` if `Z < 0`, else `Z`.
        let z: (magnitude: StaticString, isNegative: Bool)
        /// `A'`.
        let a: StaticString
        /// `B'`.
        let b: StaticString
        /// Numerator and denominator of `x`, then of `y / y'`, coefficients from the constant on; the leading 1 of denominators is written out.
        var isogeny: [[StaticString]] = []
        /// `h_eff`.
        var cofactor: UInt64 = 1
        /// `L`.
        let elementByteCount: Int
    }

    let field: MontgomeryModulus
    let elementByteCount: Int
    let cofactor: UInt64
    private let a: FieldElement
    private let b: FieldElement
    private let z: FieldElement
    private let rootOfMinusZ: FieldElement
    private let isogeny: [[FieldElement]]

    init(_ constants: Constants, in field: MontgomeryModulus) {
        self.field = field
        elementByteCount = constants.elementByteCount
        cofactor = constants.cofactor
        a = FieldElement(constant: constants.a, in: field)
        b = FieldElement(constant: constants.b, in: field)
        let magnitude = FieldElement(constant: constants.z.magnitude, in: field)
        z = constants.z.isNegative ? -magnitude : magnitude
        let minusZ = -z
        rootOfMinusZ = minusZ * minusZ.inverseRootCandidate()
        isogeny = constants.isogeny.map { $0.map { FieldElement(constant: $0, in: field) } }
    }

    /// `map_to_curve(u)` as projective coordinates; the cofactor is not cleared. Variable names are those of appendix F.2.
    func point(_ u: FieldElement) -> (x: FieldElement, y: FieldElement, z: FieldElement) {
        let one = FieldElement(oneOf: field)
        let tv1 = z * u * u
        let sum = tv1 * tv1 + tv1
        let tv3 = b * (sum + one)
        let tv4 = a * FieldElement.select(sum.isZeroMask, z, -sum)
        let square = tv4 * tv4
        let cube = square * tv4
        let gx1 = (tv3 * tv3 + a * square) * tv3 + b * cube
        let (isSquare, y1) = rootOfRatio(gx1, cube)
        let xNumerator = FieldElement.select(isSquare, tv3, tv1 * tv3)
        let y = FieldElement.select(isSquare, y1, tv1 * u * y1)
        let sameSign = 0 &- (1 ^ u.parity ^ y.parity)
        return image(xNumerator, tv4, FieldElement.select(sameSign, y, -y))
    }

    /// `sqrt_ratio_3mod4`, appendix F.2.1.2: (all ones, `sqrt(u/v)`) if it exists, else (0, `sqrt(Z u/v)`).
    private func rootOfRatio(_ u: FieldElement, _ v: FieldElement) -> (isSquare: UInt64, root: FieldElement) {
        let product = u * v
        let y1 = (v * v * product).inverseRootCandidate() * product
        let isSquare = FieldElement.equalMask(y1 * y1 * v, u)
        return (isSquare, FieldElement.select(isSquare, y1, y1 * rootOfMinusZ))
    }

    /// The image of `(numerator / denominator, y)` under the isogeny, or the point itself if there is none.
    ///
    /// With polynomials made homogeneous, `x = N1 / (d D1)` and `y = y' N2 / D2`: the degrees differ by 1 and by 0.
    private func image(
        _ numerator: FieldElement, _ denominator: FieldElement, _ y: FieldElement
    ) -> (x: FieldElement, y: FieldElement, z: FieldElement) {
        guard isogeny.count == 4 else { return (numerator, y * denominator, denominator) }
        let values = isogeny.map { evaluate($0, numerator, denominator) }
        let xDenominator = denominator * values[1]
        let z = xDenominator * values[3]
        // A point of the kernel is mapped to the identity.
        let isIdentity = z.isZeroMask
        let (zero, one) = (FieldElement(zeroOf: field), FieldElement(oneOf: field))
        return (
            FieldElement.select(isIdentity, zero, values[0] * values[3]),
            FieldElement.select(isIdentity, one, y * values[2] * xDenominator), z
        )
    }

    /// `sum c[i] x^i d^(m - i)` for coefficients `c[0...m]`.
    private func evaluate(_ coefficients: [FieldElement], _ x: FieldElement, _ d: FieldElement) -> FieldElement {
        var sum = FieldElement(zeroOf: field)
        var power = FieldElement(oneOf: field)
        for coefficient in coefficients.reversed() {
            sum = sum * x + coefficient * power
            power = power * d
        }
        return sum
    }
}
