// SPDX-License-Identifier: Apache-2.0

/// An element of the field of `p = 2^255 - 19` elements.
///
/// | symbol | identifier |
/// |---|---|
/// | a | `l0 + 2^64 l1 + 2^128 l2 + 2^192 l3` |
///
/// Invariant: none beyond the four limbs: any 256-bit integer stands for its residue, and only ``reduced()`` is unique.
/// A value is called *tight* when it is below `2^255 + 2^12`; products and squares are. Sums and differences whose right operand
/// is tight have cheaper forms.
///
/// Timing: everything is constant time unless its name says `vartime`. Carries are the upper halves of 128-bit sums: written with
/// `addingReportingOverflow` and `? 1 : 0` the compiler turns them into branches.
package struct Field25519: Sendable {
    var l0: UInt64
    var l1: UInt64
    var l2: UInt64
    var l3: UInt64

    /// The element with these little-endian limbs, taken modulo `p`.
    @inline(__always)
    package init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) {
        self.l0 = l0
        self.l1 = l1
        self.l2 = l2
        self.l3 = l3
    }

    /// The four limbs as they are.
    package var rawLimbs: (UInt64, UInt64, UInt64, UInt64) { (l0, l1, l2, l3) }

    package static let zero = Field25519(0, 0, 0, 0)
    package static let one = Field25519(1, 0, 0, 0)
}

// MARK: Limb helpers

/// `a + b + carry`, with the carry out (0 or 1).
@inline(__always)
private func addCarry(_ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
    let t = UInt128(a) &+ UInt128(b) &+ UInt128(carry)
    carry = UInt64(truncatingIfNeeded: t >> 64)
    return UInt64(truncatingIfNeeded: t)
}

/// `a * b + c + carry`, which is below `2^128`: the low half, and the high half in `carry`.
@inline(__always)
private func multiplyAdd(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ carry: inout UInt64) -> UInt64 {
    let t = UInt128(a) &* UInt128(b) &+ UInt128(c) &+ UInt128(carry)
    carry = UInt64(truncatingIfNeeded: t >> 64)
    return UInt64(truncatingIfNeeded: t)
}

extension Field25519 {
    // MARK: Operations

    /// `a + b` for any operands.
    @inline(__always)
    package static func + (a: Field25519, b: Field25519) -> Field25519 {
        var c: UInt64 = 0
        var r0 = addCarry(a.l0, b.l0, &c)
        var r1 = addCarry(a.l1, b.l1, &c)
        var r2 = addCarry(a.l2, b.l2, &c)
        var r3 = addCarry(a.l3, b.l3, &c)
        // 2^256 = 38. The second carry leaves a value below 38, to which another 38 is added without a carry.
        let fold = (0 &- c) & 38
        c = 0
        r0 = addCarry(r0, fold, &c)
        r1 = addCarry(r1, 0, &c)
        r2 = addCarry(r2, 0, &c)
        r3 = addCarry(r3, 0, &c)
        r0 = r0 &+ ((0 &- c) & 38)
        return Field25519(r0, r1, r2, r3)
    }

    /// `a + b` for tight operands: a carry leaves a value below `2^13`, so that 38 is added without a carry.
    @inline(__always)
    package static func addTight(_ a: Field25519, _ b: Field25519) -> Field25519 {
        var c: UInt64 = 0
        let r0 = addCarry(a.l0, b.l0, &c)
        let r1 = addCarry(a.l1, b.l1, &c)
        let r2 = addCarry(a.l2, b.l2, &c)
        let r3 = addCarry(a.l3, b.l3, &c)
        return Field25519(r0 &+ ((0 &- c) & 38), r1, r2, r3)
    }

    /// `a - b` for any operands.
    @inline(__always)
    package static func - (a: Field25519, b: Field25519) -> Field25519 {
        // a + not(b) + 1: no carry means a borrow, and then 38 is taken away, twice at most.
        var c: UInt64 = 1
        var r0 = addCarry(a.l0, ~b.l0, &c)
        var r1 = addCarry(a.l1, ~b.l1, &c)
        var r2 = addCarry(a.l2, ~b.l2, &c)
        var r3 = addCarry(a.l3, ~b.l3, &c)
        let mask = c &- 1
        c = 0
        r0 = addCarry(r0, mask & (0 &- 38), &c)
        r1 = addCarry(r1, mask, &c)
        r2 = addCarry(r2, mask, &c)
        r3 = addCarry(r3, mask, &c)
        r0 = r0 &- (mask & (c &- 1) & 38)
        return Field25519(r0, r1, r2, r3)
    }

    /// `a - b` for any `a` and tight `b`: after a borrow the value is at least `2^256 - 2^255 - 2^12`, so that 38 can be taken away.
    @inline(__always)
    package static func subtractTight(_ a: Field25519, _ b: Field25519) -> Field25519 {
        var c: UInt64 = 1
        var r0 = addCarry(a.l0, ~b.l0, &c)
        var r1 = addCarry(a.l1, ~b.l1, &c)
        var r2 = addCarry(a.l2, ~b.l2, &c)
        var r3 = addCarry(a.l3, ~b.l3, &c)
        let mask = c &- 1
        c = 0
        r0 = addCarry(r0, mask & (0 &- 38), &c)
        r1 = addCarry(r1, mask, &c)
        r2 = addCarry(r2, mask, &c)
        r3 = addCarry(r3, mask, &c)
        return Field25519(r0, r1, r2, r3)
    }

    /// `a * b` for any operands; tight.
    @inline(__always)
    package static func * (a: Field25519, b: Field25519) -> Field25519 {
        var c: UInt64 = 0
        var r0 = multiplyAdd(a.l0, b.l0, 0, &c)
        var r1 = multiplyAdd(a.l0, b.l1, 0, &c)
        var r2 = multiplyAdd(a.l0, b.l2, 0, &c)
        var r3 = multiplyAdd(a.l0, b.l3, 0, &c)
        var r4 = c
        c = 0
        r1 = multiplyAdd(a.l1, b.l0, r1, &c)
        r2 = multiplyAdd(a.l1, b.l1, r2, &c)
        r3 = multiplyAdd(a.l1, b.l2, r3, &c)
        r4 = multiplyAdd(a.l1, b.l3, r4, &c)
        var r5 = c
        c = 0
        r2 = multiplyAdd(a.l2, b.l0, r2, &c)
        r3 = multiplyAdd(a.l2, b.l1, r3, &c)
        r4 = multiplyAdd(a.l2, b.l2, r4, &c)
        r5 = multiplyAdd(a.l2, b.l3, r5, &c)
        var r6 = c
        c = 0
        r3 = multiplyAdd(a.l3, b.l0, r3, &c)
        r4 = multiplyAdd(a.l3, b.l1, r4, &c)
        r5 = multiplyAdd(a.l3, b.l2, r5, &c)
        r6 = multiplyAdd(a.l3, b.l3, r6, &c)
        let r7 = c
        return reduce(&r0, &r1, &r2, &r3, r4, r5, r6, r7)
    }

    /// Folds a 512-bit integer: `2^256 = 38`, then `2^255 = 19`. The result is below `2^255 + 19 * 78`.
    @inline(__always)
    private static func reduce(
        _ r0: inout UInt64, _ r1: inout UInt64, _ r2: inout UInt64, _ r3: inout UInt64,
        _ r4: UInt64, _ r5: UInt64, _ r6: UInt64, _ r7: UInt64
    ) -> Field25519 {
        var c: UInt64 = 0
        r0 = multiplyAdd(r4, 38, r0, &c)
        r1 = multiplyAdd(r5, 38, r1, &c)
        r2 = multiplyAdd(r6, 38, r2, &c)
        r3 = multiplyAdd(r7, 38, r3, &c)
        let fold = ((c << 1) | (r3 >> 63)) &* 19
        r3 &= 0x7fff_ffff_ffff_ffff
        c = 0
        r0 = addCarry(r0, fold, &c)
        r1 = addCarry(r1, 0, &c)
        r2 = addCarry(r2, 0, &c)
        r3 = r3 &+ c
        return Field25519(r0, r1, r2, r3)
    }

    /// `a^2` for any operand; tight.
    @inline(__always)
    package func squared() -> Field25519 {
        // Cross products once, doubled, then the squares.
        var c: UInt64 = 0
        var r1 = multiplyAdd(l0, l1, 0, &c)
        var r2 = multiplyAdd(l0, l2, 0, &c)
        var r3 = multiplyAdd(l0, l3, 0, &c)
        var r4 = c
        c = 0
        r3 = multiplyAdd(l1, l2, r3, &c)
        r4 = multiplyAdd(l1, l3, r4, &c)
        var r5 = c
        c = 0
        r5 = multiplyAdd(l2, l3, r5, &c)
        var r6 = c
        var r7 = r6 >> 63
        r6 = (r6 << 1) | (r5 >> 63)
        r5 = (r5 << 1) | (r4 >> 63)
        r4 = (r4 << 1) | (r3 >> 63)
        r3 = (r3 << 1) | (r2 >> 63)
        r2 = (r2 << 1) | (r1 >> 63)
        r1 = r1 << 1
        let s0 = l0.multipliedFullWidth(by: l0)
        let s1 = l1.multipliedFullWidth(by: l1)
        let s2 = l2.multipliedFullWidth(by: l2)
        let s3 = l3.multipliedFullWidth(by: l3)
        c = 0
        var r0 = s0.low
        r1 = addCarry(r1, s0.high, &c)
        r2 = addCarry(r2, s1.low, &c)
        r3 = addCarry(r3, s1.high, &c)
        r4 = addCarry(r4, s2.low, &c)
        r5 = addCarry(r5, s2.high, &c)
        r6 = addCarry(r6, s3.low, &c)
        r7 = addCarry(r7, s3.high, &c)
        return Field25519.reduce(&r0, &r1, &r2, &r3, r4, r5, r6, r7)
    }
}
