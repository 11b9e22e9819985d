// SPDX-License-Identifier: Apache-2.0
internal import CKernels

// The unique representative of a field element and what needs it: bytes, parity, equality, sign.

extension Field25519 {
    // MARK: Constants

    /// The limbs of `p`.
    package static let modulus = Field25519(0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff)

    // MARK: Representatives

    /// The representative below `2^255 + 19`, so tight.
    @inline(__always)
    package func tightened() -> Field25519 {
        let fold = 19 &* (l3 >> 63)
        let low = UInt128(l0) &+ UInt128(fold)
        let second = UInt128(l1) &+ (low >> 64)
        let third = UInt128(l2) &+ (second >> 64)
        return Field25519(
            UInt64(truncatingIfNeeded: low), UInt64(truncatingIfNeeded: second), UInt64(truncatingIfNeeded: third),
            (l3 & 0x7fff_ffff_ffff_ffff) &+ UInt64(truncatingIfNeeded: third >> 64))
    }

    /// The representative below `p`.
    @inline(__always)
    package func reduced() -> Field25519 {
        let a = tightened()
        // a + 19 reaches 2^255 exactly when a >= p, and then a + 19 - 2^255 = a - p.
        let low = UInt128(a.l0) &+ 19
        let second = UInt128(a.l1) &+ (low >> 64)
        let third = UInt128(a.l2) &+ (second >> 64)
        let fourth = a.l3 &+ UInt64(truncatingIfNeeded: third >> 64)
        let mask = zk_barrier(0 &- (fourth >> 63))
        return Field25519(
            a.l0 ^ (mask & (a.l0 ^ UInt64(truncatingIfNeeded: low))), a.l1 ^ (mask & (a.l1 ^ UInt64(truncatingIfNeeded: second))),
            a.l2 ^ (mask & (a.l2 ^ UInt64(truncatingIfNeeded: third))), (a.l3 ^ (mask & (a.l3 ^ fourth))) & 0x7fff_ffff_ffff_ffff)
    }

    // MARK: Masks: all ones for true, zero for false

    /// All ones if the element is zero.
    @inline(__always)
    package var isZeroMask: UInt64 {
        let r = reduced()
        let x = r.l0 | r.l1 | r.l2 | r.l3
        return zk_barrier(((x | (0 &- x)) >> 63) &- 1)
    }

    /// All ones if the representative below `p` is odd: RFC 9496 calls such elements negative.
    @inline(__always)
    package var isNegativeMask: UInt64 { zk_barrier(0 &- (reduced().l0 & 1)) }

    /// All ones if `a = b` modulo `p`.
    @inline(__always)
    package static func equalMask(_ a: Field25519, _ b: Field25519) -> UInt64 { (a - b).isZeroMask }

    /// `b` if `mask` is all ones, `a` if it is zero.
    @inline(__always)
    package static func select(_ a: Field25519, _ b: Field25519, _ mask: UInt64) -> Field25519 {
        let m = zk_barrier(mask)
        return Field25519(
            a.l0 ^ (m & (a.l0 ^ b.l0)), a.l1 ^ (m & (a.l1 ^ b.l1)), a.l2 ^ (m & (a.l2 ^ b.l2)), a.l3 ^ (m & (a.l3 ^ b.l3)))
    }

    // MARK: Signs

    /// `-a`; tight.
    @inline(__always)
    package func negated() -> Field25519 { (Field25519.zero - self).tightened() }

    /// `-a` if `mask` is all ones, `a` if it is zero; tight if `a` is.
    @inline(__always)
    package func negated(if mask: UInt64) -> Field25519 { Field25519.select(self, negated(), mask) }

    /// The one of `a`, `-a` that is not negative; below `p`.
    @inline(__always)
    package func absolute() -> Field25519 {
        let r = reduced()
        // An odd r is not 0, so p - r is in 1..<p.
        return Field25519.select(r, Field25519.modulus - r, zk_barrier(0 &- (r.l0 & 1)))
    }

    // MARK: Bytes

    /// The integer in 32 little-endian bytes at `bytes`.
    @inline(__always)
    package init(loading bytes: UnsafePointer<UInt8>) {
        let raw = UnsafeRawPointer(bytes)
        self.init(
            UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)),
            UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self)))
    }

    /// Writes the 32 little-endian bytes of the representative below `p`.
    @inline(__always)
    package func store(to bytes: UnsafeMutablePointer<UInt8>) {
        let r = reduced()
        let raw = UnsafeMutableRawPointer(bytes)
        raw.storeBytes(of: r.l0.littleEndian, as: UInt64.self)
        raw.storeBytes(of: r.l1.littleEndian, toByteOffset: 8, as: UInt64.self)
        raw.storeBytes(of: r.l2.littleEndian, toByteOffset: 16, as: UInt64.self)
        raw.storeBytes(of: r.l3.littleEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// Whether the limbs themselves are below `p`: whether the bytes they came from are canonical. Variable time.
    @inline(__always)
    package var vartimeIsReduced: Bool {
        if l3 < 0x7fff_ffff_ffff_ffff { return true }
        return l3 == 0x7fff_ffff_ffff_ffff && !((l1 & l2) == .max && l0 >= 0xffff_ffff_ffff_ffed)
    }
}
