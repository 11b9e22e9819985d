// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import CKernels

/// A short Weierstrass curve `y^2 = x^3 + a x + b` over a prime field, of odd order, with a subgroup of prime order `q`: constants and arithmetic.
///
/// Points are at addresses, `3n` limbs: `X, Y, Z` in Montgomery form with `x = X/Z`, `y = Y/Z`; the identity is `(0 : 1 : 0)`. All group
/// operations are complete: no pair of points is an exception. Nothing here is generic, so that loops over points need no specialisation.
///
/// Never written after initialisation, hence sendable.
///
/// Timing: constant in coordinates and scalars unless the name says `vartime`. Curve, counts and widths are public.
public final class WeierstrassCurve: @unchecked Sendable {
    typealias Limbs = MontgomeryModulus.Limbs
    typealias MutableLimbs = MontgomeryModulus.MutableLimbs

    /// The coefficient `a`.
    enum CoefficientA: Sendable {
        /// `a = 0`.
        case zero
        /// `a = -3`.
        case minusThree
    }

    /// How points are written.
    enum PointFormat: Sendable {
        /// SEC 1, section 2.3.3, compressed: 02 or 03 (parity of `y`) and `x`, big-endian. The identity has no encoding of this length.
        case sec1
        /// `x` big-endian in a whole number of bytes with three flags above it: compressed, infinity, larger `y`.
        case flagged
    }

    /// The base field.
    let field: MontgomeryModulus
    /// The integers modulo the order `q`.
    let order: PrimeModulus
    let a: CoefficientA
    let format: PointFormat
    /// Limbs of a field element.
    let n: Int
    /// Limbs of a point.
    var pointLimbCount: Int { 3 * n }
    /// `b`.
    let b: FieldElement
    /// `b` if `a = -3`, `3b` if `a = 0`: the constant of the complete formulas, in memory that is never written again.
    let formulaConstant: UnsafeMutablePointer<UInt64>
    /// The generator, `3n` limbs.
    let generator: [UInt64]
    /// The map of RFC 9380 to this curve.
    let map: SimplifiedSWU
    /// The endomorphism by which membership in the subgroup is checked; `nil` if the order of the curve is `q`.
    let endomorphism: SubgroupEndomorphism?

    /// The curve with the given constants, in hexadecimal digits.
    init(
        prime: StaticString, a: CoefficientA, b: StaticString, order: StaticString, generator: (x: StaticString, y: StaticString),
        format: PointFormat, map: SimplifiedSWU.Constants, endomorphism: SubgroupEndomorphism.Constants? = nil
    ) {
        let field = MontgomeryModulus(PrimeModulus(constant: prime))
        precondition(field.scratchLimbCount <= FieldElement.scratchLimbCount && field.limbCount <= 6, "a field of at most 384 bits")
        self.field = field
        self.order = PrimeModulus(constant: order)
        self.a = a
        self.format = format
        n = field.limbCount
        self.b = FieldElement(constant: b, in: field)
        let constant = a == .zero ? self.b + self.b + self.b : self.b
        formulaConstant = .allocate(capacity: n)
        constant.store(to: formulaConstant)
        self.generator = WeierstrassCurve.affinePoint(
            FieldElement(constant: generator.x, in: field), FieldElement(constant: generator.y, in: field))
        self.map = SimplifiedSWU(map, in: field)
        self.endomorphism = endomorphism.map { SubgroupEndomorphism($0, in: field) }
    }

    deinit { formulaConstant.deallocate() }

    /// The limbs of `(x : y : 1)`.
    static func affinePoint(_ x: FieldElement, _ y: FieldElement) -> [UInt64] {
        let n = x.field.limbCount
        var limbs = [UInt64](repeating: 0, count: 3 * n)
        limbs.withUnsafeMutableBufferPointer { limbs in
            guard let base = limbs.baseAddress else { return }
            x.store(to: base)
            y.store(to: base + n)
            (base + 2 * n).update(from: x.field.one, count: n)
        }
        return limbs
    }

    /// Writes `(0 : 1 : 0)`.
    func setIdentity(_ p: MutableLimbs) {
        for i in 0..<3 * n { p[i] = 0 }
        (p + n).update(from: field.one, count: n)
    }

    /// Memory of one computation: scratch of the field and room for the variables of the formulas.
    struct Workspace {
        /// Scratch memory of the field.
        let scratch: MutableLimbs
        /// Eight field elements.
        let variables: MutableLimbs
        /// One point.
        let point: MutableLimbs
    }

    /// Runs `body` with a workspace, which is wiped afterwards.
    func withWorkspace<R>(_ body: (Workspace) -> R) -> R {
        let count = field.scratchLimbCount + 11 * n
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { buffer in
            buffer.initialize(repeating: 0)
            guard let base = buffer.baseAddress else { preconditionFailure("a workspace is never empty") }
            defer { zk_wipe(base, count * 8) }
            let variables = base + field.scratchLimbCount
            return body(Workspace(scratch: base, variables: variables, point: variables + 8 * n))
        }
    }
}
