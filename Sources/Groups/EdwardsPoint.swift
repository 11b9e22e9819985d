// SPDX-License-Identifier: Apache-2.0

/// A point of `-x^2 + y^2 = 1 + d x^2 y^2` in extended coordinates (Hisil, Wong, Carter, Dawson 2008): `x = X/Z`, `y = Y/Z`,
/// `xy = T/Z`. A ristretto255 element is a coset of four or eight such points.
///
/// Invariant: `Z != 0`, `XY = ZT`, the curve equation, and all four coordinates tight.
///
/// Timing: everything is constant time unless its name says `vartime`.
struct EdwardsPoint: Sendable {
    var x: Field25519
    var y: Field25519
    var z: Field25519
    var t: Field25519

    /// The neutral element (0, 1).
    static let identity = EdwardsPoint(x: .zero, y: .one, z: .one, t: .zero)

    /// The generator of RFC 8032 and RFC 9496: `y = 4/5`, `x` non-negative.
    static let generator = EdwardsPoint(
        x: Field25519(0xc956_2d60_8f25_d51a, 0x692c_c760_9525_a7b2, 0xc0a4_e231_fdd6_dc5c, 0x2169_36d3_cd6e_53fe),
        y: Field25519(0x6666_6666_6666_6658, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666),
        z: .one,
        t: Field25519(0x6dde_8ab3_a5b7_dda3, 0x20f0_9f80_7751_52f5, 0x66ea_4e8e_64ab_e37d, 0x6787_5f0f_d78b_7665))
}

/// What an addition needs of a point with `Z = 1`: `y + x`, `y - x`, `2dxy`. Coordinates are any representatives.
///
/// Layout: 12 limbs, 96 bytes; the constant-time scans read it as three vectors.
struct AffineNiels: Sendable {
    var yPlusX: Field25519
    var yMinusX: Field25519
    var xy2d: Field25519

    /// The neutral element.
    static let identity = AffineNiels(yPlusX: .one, yMinusX: .one, xy2d: .zero)
}

/// What an addition needs of any point: `Y + X`, `Y - X`, `Z`, `2dT`. Coordinates are any representatives.
///
/// Layout: 16 limbs, 128 bytes.
struct ProjectiveNiels: Sendable {
    var yPlusX: Field25519
    var yMinusX: Field25519
    var z: Field25519
    var t2d: Field25519

    /// The neutral element.
    static let identity = ProjectiveNiels(yPlusX: .one, yMinusX: .one, z: .one, t2d: .zero)
}

extension EdwardsPoint {
    // MARK: Precomputed forms

    /// The point for additions, one multiplication.
    @inline(__always)
    var projectiveNiels: ProjectiveNiels {
        ProjectiveNiels(
            yPlusX: Field25519.addTight(y, x), yMinusX: Field25519.subtractTight(y, x), z: z, t2d: t * Field25519.twoD)
    }

    /// The point for additions, given `1/Z`.
    @inline(__always)
    func affineNiels(inverseZ: Field25519) -> AffineNiels {
        let (ax, ay) = (x * inverseZ, y * inverseZ)
        return AffineNiels(
            yPlusX: Field25519.addTight(ay, ax), yMinusX: Field25519.subtractTight(ay, ax), xy2d: ax * ay * Field25519.twoD)
    }

    /// The point for additions if `Z = 1`, one multiplication.
    @inline(__always)
    var affineNielsOfUnitZ: AffineNiels {
        AffineNiels(yPlusX: Field25519.addTight(y, x), yMinusX: Field25519.subtractTight(y, x), xy2d: t * Field25519.twoD)
    }

    /// Whether `Z` is stored as 1. Variable time.
    @inline(__always)
    var vartimeHasUnitZ: Bool { z.l0 == 1 && (z.l1 | z.l2 | z.l3) == 0 }

    // MARK: Group law: complete formulas, `d` is not a square

    /// `X = EF, Y = GH, Z = FG, T = EH`.
    @inline(__always)
    private init(_ e: Field25519, _ f: Field25519, _ g: Field25519, _ h: Field25519) {
        self.init(x: e * f, y: g * h, z: f * g, t: e * h)
    }

    /// `P + Q`, 7 multiplications.
    @inline(__always)
    static func + (p: EdwardsPoint, q: AffineNiels) -> EdwardsPoint {
        let a = Field25519.subtractTight(p.y, p.x) * q.yMinusX
        let b = Field25519.addTight(p.y, p.x) * q.yPlusX
        let c = p.t * q.xy2d
        let d = Field25519.addTight(p.z, p.z)
        return EdwardsPoint(Field25519.subtractTight(b, a), Field25519.subtractTight(d, c), d + c, Field25519.addTight(b, a))
    }

    /// `P - Q`, 7 multiplications.
    @inline(__always)
    static func - (p: EdwardsPoint, q: AffineNiels) -> EdwardsPoint {
        let a = Field25519.subtractTight(p.y, p.x) * q.yPlusX
        let b = Field25519.addTight(p.y, p.x) * q.yMinusX
        let c = p.t * q.xy2d
        let d = Field25519.addTight(p.z, p.z)
        return EdwardsPoint(Field25519.subtractTight(b, a), d + c, Field25519.subtractTight(d, c), Field25519.addTight(b, a))
    }

    /// `P + Q`, 8 multiplications.
    @inline(__always)
    static func + (p: EdwardsPoint, q: ProjectiveNiels) -> EdwardsPoint {
        let a = Field25519.subtractTight(p.y, p.x) * q.yMinusX
        let b = Field25519.addTight(p.y, p.x) * q.yPlusX
        let c = p.t * q.t2d
        let zz = p.z * q.z
        let d = Field25519.addTight(zz, zz)
        return EdwardsPoint(Field25519.subtractTight(b, a), Field25519.subtractTight(d, c), d + c, Field25519.addTight(b, a))
    }

    /// `P - Q`, 8 multiplications.
    @inline(__always)
    static func - (p: EdwardsPoint, q: ProjectiveNiels) -> EdwardsPoint {
        let a = Field25519.subtractTight(p.y, p.x) * q.yPlusX
        let b = Field25519.addTight(p.y, p.x) * q.yMinusX
        let c = p.t * q.t2d
        let zz = p.z * q.z
        let d = Field25519.addTight(zz, zz)
        return EdwardsPoint(Field25519.subtractTight(b, a), d + c, Field25519.subtractTight(d, c), Field25519.addTight(b, a))
    }

    /// `P + Q`, 9 multiplications.
    @inline(__always)
    static func + (p: EdwardsPoint, q: EdwardsPoint) -> EdwardsPoint { p + q.projectiveNiels }

    /// `-P`.
    @inline(__always)
    func negated() -> EdwardsPoint { EdwardsPoint(x: x.negated(), y: y, z: z, t: t.negated()) }

    /// `2P`, 4 squarings and 4 multiplications.
    @inline(__always)
    func doubled() -> EdwardsPoint {
        let (e, f, g, h) = doublingTerms()
        return EdwardsPoint(e, f, g, h)
    }

    /// `2^count P` for `count >= 1`: only the last doubling computes `T`.
    @inline(__always)
    func doubled(times count: Int) -> EdwardsPoint {
        var p = self
        for _ in 1..<count {
            let (e, f, g, h) = p.doublingTerms()
            p.x = e * f
            p.y = g * h
            p.z = f * g
        }
        return p.doubled()
    }

    /// E, F, G, H of dbl-2008-hwcd for `a = -1` with all signs turned.
    @inline(__always)
    private func doublingTerms() -> (Field25519, Field25519, Field25519, Field25519) {
        let a = x.squared()
        let b = y.squared()
        let zz = z.squared()
        let h = Field25519.addTight(a, b)
        let g = Field25519.subtractTight(a, b)
        let e = Field25519.subtractTight(h, Field25519.addTight(x, y).squared())
        return (e, g + Field25519.addTight(zz, zz), g, h)
    }
}
