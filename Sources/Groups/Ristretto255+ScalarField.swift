// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// Arithmetic modulo `l = 2^252 + 27742317777372353535851937790883648493` on four limbs, by Montgomery's method.
///
/// | symbol | identifier |
/// |---|---|
/// | l | `modulus` |
/// | R = 2^256 | `r1 = R mod l`, `r2 = R^2 mod l`, `r3 = R^3 mod l` |
///
/// Timing: constant time unless the name says `vartime`.
struct ScalarLimbs: Sendable, Hashable {
    var l0: UInt64
    var l1: UInt64
    var l2: UInt64
    var l3: UInt64

    @inline(__always)
    init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) {
        self.l0 = l0
        self.l1 = l1
        self.l2 = l2
        self.l3 = l3
    }

    /// Limbs `4 * index ..< 4 * index + 4`.
    @inline(__always)
    init(_ limbs: Span<UInt64>, at index: Int) {
        self.init(limbs[4 * index], limbs[4 * index + 1], limbs[4 * index + 2], limbs[4 * index + 3])
    }

    /// Writes limbs `4 * index ..< 4 * index + 4`.
    @inline(__always)
    func store(to limbs: inout MutableSpan<UInt64>, at index: Int) {
        limbs[4 * index] = l0
        limbs[4 * index + 1] = l1
        limbs[4 * index + 2] = l2
        limbs[4 * index + 3] = l3
    }

    // MARK: Constants

    static let zero = ScalarLimbs(0, 0, 0, 0)
    static let modulus = ScalarLimbs(0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000)
    static let r1 = ScalarLimbs(0xd6ec_3174_8d98_951d, 0xc6ef_5bf4_737d_cf70, 0xffff_ffff_ffff_fffe, 0x0fff_ffff_ffff_ffff)
    static let r2 = ScalarLimbs(0xa406_11e3_449c_0f01, 0xd00e_1ba7_6885_9347, 0xceec_73d2_17f5_be65, 0x0399_411b_7c30_9a3d)
    static let r3 = ScalarLimbs(0x2a9e_4968_7b83_a2db, 0x2783_24e6_aef7_f3ec, 0x8065_dc6c_04ec_5b65, 0x0e53_0b77_3599_cec7)
    /// `-1/l mod 2^64`.
    @inline(__always)
    static var negatedInverse: UInt64 { 0xd2b5_1da3_1254_7e1b }

    // MARK: Operations

    /// `a + b + carry` with the carry out.
    @inline(__always)
    static func addCarry(_ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
        let t = UInt128(a) &+ UInt128(b) &+ UInt128(carry)
        carry = UInt64(truncatingIfNeeded: t >> 64)
        return UInt64(truncatingIfNeeded: t)
    }

    /// `a * b + c + carry` with the high half out.
    @inline(__always)
    static func multiplyAdd(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ carry: inout UInt64) -> UInt64 {
        let t = UInt128(a) &* UInt128(b) &+ UInt128(c) &+ UInt128(carry)
        carry = UInt64(truncatingIfNeeded: t >> 64)
        return UInt64(truncatingIfNeeded: t)
    }

    /// `a - b` as 256-bit integers, and all ones if there was a borrow.
    @inline(__always)
    static func subtracting(_ a: ScalarLimbs, _ b: ScalarLimbs) -> (difference: ScalarLimbs, borrow: UInt64) {
        var c: UInt64 = 1
        let r0 = addCarry(a.l0, ~b.l0, &c)
        let r1 = addCarry(a.l1, ~b.l1, &c)
        let r2 = addCarry(a.l2, ~b.l2, &c)
        let r3 = addCarry(a.l3, ~b.l3, &c)
        return (ScalarLimbs(r0, r1, r2, r3), zk_barrier(c &- 1))
    }

    /// `a + b` as 256-bit integers, modulo `2^256`.
    @inline(__always)
    static func adding(_ a: ScalarLimbs, _ b: ScalarLimbs) -> ScalarLimbs {
        var c: UInt64 = 0
        let r0 = addCarry(a.l0, b.l0, &c)
        let r1 = addCarry(a.l1, b.l1, &c)
        let r2 = addCarry(a.l2, b.l2, &c)
        let r3 = addCarry(a.l3, b.l3, &c)
        return ScalarLimbs(r0, r1, r2, r3)
    }

    /// The limbs and-ed with `mask`.
    @inline(__always)
    func masked(_ mask: UInt64) -> ScalarLimbs { ScalarLimbs(l0 & mask, l1 & mask, l2 & mask, l3 & mask) }

    /// `a` in `0..<2l` to `0..<l`.
    @inline(__always)
    func subtractingModulusOnce() -> ScalarLimbs {
        let (difference, borrow) = ScalarLimbs.subtracting(self, ScalarLimbs.modulus)
        return ScalarLimbs.adding(difference, ScalarLimbs.modulus.masked(borrow))
    }

    /// `a + b mod l` for reduced operands.
    @inline(__always)
    static func + (a: ScalarLimbs, b: ScalarLimbs) -> ScalarLimbs { adding(a, b).subtractingModulusOnce() }

    /// `a - b mod l` for reduced operands.
    @inline(__always)
    static func - (a: ScalarLimbs, b: ScalarLimbs) -> ScalarLimbs {
        let (difference, borrow) = subtracting(a, b)
        return adding(difference, modulus.masked(borrow))
    }

    /// `a * b / R mod l`, reduced, for any 256-bit `a` and reduced `b`.
    @inline(__always)
    static func montgomery(_ a: ScalarLimbs, _ b: ScalarLimbs) -> ScalarLimbs {
        // After each row t < 2l + 2^192 or so; l2 of the modulus is 0.
        var t0: UInt64 = 0, t1: UInt64 = 0, t2: UInt64 = 0, t3: UInt64 = 0, t4: UInt64 = 0
        @inline(__always)
        func row(_ x: UInt64) {
            var c: UInt64 = 0
            t0 = multiplyAdd(x, b.l0, t0, &c)
            t1 = multiplyAdd(x, b.l1, t1, &c)
            t2 = multiplyAdd(x, b.l2, t2, &c)
            t3 = multiplyAdd(x, b.l3, t3, &c)
            t4 = c
            let m = t0 &* negatedInverse
            c = 0
            _ = multiplyAdd(m, modulus.l0, t0, &c)
            t0 = multiplyAdd(m, modulus.l1, t1, &c)
            t1 = addCarry(t2, 0, &c)
            t2 = multiplyAdd(m, modulus.l3, t3, &c)
            t3 = t4 &+ c
        }
        row(a.l0)
        row(a.l1)
        row(a.l2)
        row(a.l3)
        return ScalarLimbs(t0, t1, t2, t3).subtractingModulusOnce()
    }

    /// `a * b mod l` for any 256-bit `a` and reduced `b`.
    @inline(__always)
    static func * (a: ScalarLimbs, b: ScalarLimbs) -> ScalarLimbs { montgomery(montgomery(a, b), r2) }

    /// The 256-bit integer modulo `l`.
    @inline(__always)
    func reduced() -> ScalarLimbs { ScalarLimbs.montgomery(self, ScalarLimbs.r1) }

    /// `low + 2^256 high + 2^512 top mod l`.
    @inline(__always)
    static func reduce(low: ScalarLimbs, high: ScalarLimbs, top: UInt64 = 0) -> ScalarLimbs {
        low.reduced() + montgomery(high, r2) + montgomery(ScalarLimbs(top, 0, 0, 0), r3)
    }

    /// `1/a` for `a != 0`: `a^(l - 2)`. Constant time in `a`.
    func inverted() -> ScalarLimbs {
        let base = ScalarLimbs.montgomery(self, ScalarLimbs.r2)
        let exponent: [UInt64] = [0x5812_631a_5cf5_d3eb, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000]
        var power = ScalarLimbs.r1
        for bit in (0..<253).reversed() {
            power = ScalarLimbs.montgomery(power, power)
            if (exponent[bit / 64] >> UInt64(bit % 64)) & 1 == 1 { power = ScalarLimbs.montgomery(power, base) }
        }
        return ScalarLimbs.montgomery(power, ScalarLimbs(1, 0, 0, 0))
    }

    /// Whether the 256-bit integer is below `l`. Variable time.
    var vartimeIsReduced: Bool { ScalarLimbs.subtracting(self, ScalarLimbs.modulus).borrow != 0 }
}

/// An unreduced sum of products, below `2^576`: any number of products of reduced scalars.
struct ScalarAccumulator {
    private var r0: UInt64 = 0, r1: UInt64 = 0, r2: UInt64 = 0, r3: UInt64 = 0, r4: UInt64 = 0
    private var r5: UInt64 = 0, r6: UInt64 = 0, r7: UInt64 = 0, r8: UInt64 = 0

    /// Adds `a * b`.
    @inline(__always)
    mutating func add(_ a: ScalarLimbs, _ b: ScalarLimbs) {
        // The four rows of the product, then one addition of the whole to the sum.
        var c: UInt64 = 0
        let p0 = ScalarLimbs.multiplyAdd(a.l0, b.l0, 0, &c)
        var p1 = ScalarLimbs.multiplyAdd(a.l0, b.l1, 0, &c)
        var p2 = ScalarLimbs.multiplyAdd(a.l0, b.l2, 0, &c)
        var p3 = ScalarLimbs.multiplyAdd(a.l0, b.l3, 0, &c)
        var p4 = c
        c = 0
        p1 = ScalarLimbs.multiplyAdd(a.l1, b.l0, p1, &c)
        p2 = ScalarLimbs.multiplyAdd(a.l1, b.l1, p2, &c)
        p3 = ScalarLimbs.multiplyAdd(a.l1, b.l2, p3, &c)
        p4 = ScalarLimbs.multiplyAdd(a.l1, b.l3, p4, &c)
        var p5 = c
        c = 0
        p2 = ScalarLimbs.multiplyAdd(a.l2, b.l0, p2, &c)
        p3 = ScalarLimbs.multiplyAdd(a.l2, b.l1, p3, &c)
        p4 = ScalarLimbs.multiplyAdd(a.l2, b.l2, p4, &c)
        p5 = ScalarLimbs.multiplyAdd(a.l2, b.l3, p5, &c)
        var p6 = c
        c = 0
        p3 = ScalarLimbs.multiplyAdd(a.l3, b.l0, p3, &c)
        p4 = ScalarLimbs.multiplyAdd(a.l3, b.l1, p4, &c)
        p5 = ScalarLimbs.multiplyAdd(a.l3, b.l2, p5, &c)
        p6 = ScalarLimbs.multiplyAdd(a.l3, b.l3, p6, &c)
        let p7 = c
        c = 0
        r0 = ScalarLimbs.addCarry(r0, p0, &c)
        r1 = ScalarLimbs.addCarry(r1, p1, &c)
        r2 = ScalarLimbs.addCarry(r2, p2, &c)
        r3 = ScalarLimbs.addCarry(r3, p3, &c)
        r4 = ScalarLimbs.addCarry(r4, p4, &c)
        r5 = ScalarLimbs.addCarry(r5, p5, &c)
        r6 = ScalarLimbs.addCarry(r6, p6, &c)
        r7 = ScalarLimbs.addCarry(r7, p7, &c)
        r8 = r8 &+ c
    }

    /// The sum modulo `l`.
    var reduced: ScalarLimbs {
        ScalarLimbs.reduce(low: ScalarLimbs(r0, r1, r2, r3), high: ScalarLimbs(r4, r5, r6, r7), top: r8)
    }
}
