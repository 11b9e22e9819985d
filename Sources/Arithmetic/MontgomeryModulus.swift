// SPDX-License-Identifier: Apache-2.0
internal import CGMP
internal import CKernels

/// Arithmetic modulo an odd prime `p` in Montgomery form, for callers that chain many operations on residues at addresses of their own, and
/// for products of powers.
///
/// ``PrimeModulus`` reduces by Barrett's method behind checked spans and wipes its scratch memory in each call; here the caller brings
/// scratch memory for a whole computation and wipes it at the end.
///
/// | symbol | identifier | |
/// |---|---|---|
/// | `p`, `n`, `b` | `prime`, `limbCount`, `2^64` | |
/// | `R` | `one` holds `R mod p` | `b^n`; the residue `x` is held as `x R mod p` (Handbook of Applied Cryptography, 14.3.2) |
/// | `-1/p mod b` | `negatedInverse` | |
///
/// Invariant: every operand and result is `limbCount` limbs, reduced (`< p`). A result may be one of the operands.
/// Timing: constant in the values. The modulus is public.
package final class MontgomeryModulus: @unchecked Sendable {
    /// Limbs that are read.
    package typealias Limbs = UnsafePointer<UInt64>
    /// Limbs that are written.
    package typealias MutableLimbs = UnsafeMutablePointer<UInt64>

    /// The modulus with its plain arithmetic.
    package let modulus: PrimeModulus
    /// The number of 64-bit limbs of a residue.
    package let limbCount: Int
    /// The number of limbs of scratch memory that multiplications ask for.
    package let scratchLimbCount: Int
    /// 1 in Montgomery form.
    package let one: Limbs
    /// `R^2 mod p`.
    private let rSquared: Limbs
    private let prime: Limbs
    private let negatedInverse: UInt64

    /// The Montgomery form of arithmetic modulo `modulus`.
    package init(_ modulus: PrimeModulus) {
        self.modulus = modulus
        let n = modulus.limbCount
        limbCount = n
        prime = UnsafePointer(modulus.constants.prime)
        scratchLimbCount = 2 * n + modulus.constants.secretScratch
        // Newton's iteration doubles the number of right bits; p is right for itself modulo 8.
        var inverse = prime[0]
        for _ in 0..<5 { inverse = inverse &* (2 &- prime[0] &* inverse) }
        negatedInverse = 0 &- inverse

        func power(_ exponent: Int) -> Limbs {
            let stored = MutableLimbs.allocate(capacity: n)
            stored.initialize(repeating: 0, count: n)
            var wide = [UInt64](repeating: 0, count: exponent + 1)
            wide[exponent] = 1
            var out = UnsafeMutableBufferPointer(start: stored, count: n).mutableSpan
            modulus.reduce(wide: wide.span, into: &out)
            return UnsafePointer(stored)
        }
        one = power(n)
        rSquared = power(2 * n)
    }

    deinit {
        one.deallocate()
        rSquared.deallocate()
    }

    // MARK: Operations

    /// `out = a b`. `scratch` is ``scratchLimbCount`` limbs.
    package func multiply(_ out: MutableLimbs, _ a: Limbs, _ b: Limbs, _ scratch: MutableLimbs) {
        zk_mpn_sec_mul(scratch, a, limbCount, b, limbCount, scratch + 2 * limbCount)
        reduce(out, scratch)
    }

    /// `out = a^2`. `scratch` is ``scratchLimbCount`` limbs.
    package func square(_ out: MutableLimbs, _ a: Limbs, _ scratch: MutableLimbs) {
        zk_mpn_sec_sqr(scratch, a, limbCount, scratch + 2 * limbCount)
        reduce(out, scratch)
    }

    /// `out = a + b`.
    package func add(_ out: MutableLimbs, _ a: Limbs, _ b: Limbs) {
        let carry = zk_mpn_add_n(out, a, b, limbCount)
        subtractPrime(out, carry: carry)
    }

    /// `out = a - b`.
    package func subtract(_ out: MutableLimbs, _ a: Limbs, _ b: Limbs) {
        let borrow = zk_mpn_sub_n(out, a, b, limbCount)
        _ = zk_mpn_cnd_add_n(zk_barrier(borrow), out, out, prime, limbCount)
    }

    /// `out = -a`.
    package func negate(_ out: MutableLimbs, _ a: Limbs) {
        var any: UInt64 = 0
        for i in 0..<limbCount { any |= a[i] }
        // p - a, and 0 for 0.
        _ = zk_mpn_sub_n(out, prime, a, limbCount)
        let mask = nonZeroMask(any)
        for i in 0..<limbCount { out[i] &= mask }
    }

    /// `out = a R`: puts a residue into Montgomery form.
    package func convert(_ out: MutableLimbs, fromPlain a: Limbs, _ scratch: MutableLimbs) {
        multiply(out, a, rSquared, scratch)
    }

    /// `out = a / R`: the residue itself.
    package func convert(_ out: MutableLimbs, toPlain a: Limbs, _ scratch: MutableLimbs) {
        for i in 0..<limbCount {
            scratch[i] = a[i]
            scratch[limbCount + i] = 0
        }
        reduce(out, scratch)
    }

    /// `out = a^exponent` for a public exponent, by windows of four bits. `a` is read to the end: `out` is not `a`.
    ///
    /// Timing: constant in `a`; depends on the exponent.
    package func power(_ out: MutableLimbs, _ a: Limbs, _ exponent: Span<UInt64>, _ scratch: MutableLimbs) {
        let n = limbCount
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 16 * n) { buffer in
            guard let table = buffer.baseAddress else { return }
            for i in 0..<n {
                table[i] = one[i]
                table[n + i] = a[i]
                out[i] = one[i]
            }
            for i in 2..<16 { multiply(table + i * n, table + (i - 1) * n, a, scratch) }
            var started = false
            for position in (0..<16 * exponent.count).reversed() {
                if started {
                    for _ in 0..<4 { square(out, out, scratch) }
                }
                let digit = Int(exponent[position / 16] >> UInt64(4 * (position % 16)) & 15)
                if digit != 0 {
                    multiply(out, out, table + digit * n, scratch)
                    started = true
                }
            }
            zk_wipe(table, 16 * n * 8)
        }
    }

    /// All ones if `a = b`, else 0.
    package func equalMask(_ a: Limbs, _ b: Limbs) -> UInt64 {
        var difference: UInt64 = 0
        for i in 0..<limbCount { difference |= a[i] ^ b[i] }
        return ~nonZeroMask(difference)
    }

    /// All ones if `a = 0`, else 0.
    package func zeroMask(_ a: Limbs) -> UInt64 {
        var bits: UInt64 = 0
        for i in 0..<limbCount { bits |= a[i] }
        return ~nonZeroMask(bits)
    }

    // MARK: Kernel

    /// Memory for `limbs` limbs during `body`, zeroed, wiped afterwards if it will have held secrets.
    func withMemory<R>(_ limbs: Int, wiped: Bool, _ body: (MutableLimbs) -> R) -> R {
        let memory = MutableLimbs.allocate(capacity: max(1, limbs))
        memory.initialize(repeating: 0, count: max(1, limbs))
        defer {
            if wiped { zk_wipe(memory, limbs * 8) }
            memory.deallocate()
        }
        return body(memory)
    }

    /// `out = t / R mod p` for `2n` limbs `t < p R`, which are overwritten.
    @inline(__always)
    func reduce(_ out: MutableLimbs, _ t: MutableLimbs) {
        let n = limbCount
        for i in 0..<n {
            // Limb i becomes 0; the carry of its row belongs n limbs higher and waits in its place.
            t[i] = zk_mpn_addmul_1(t + i, prime, n, t[i] &* negatedInverse)
        }
        let carry = zk_mpn_add_n(out, t + n, t, n)
        subtractPrime(out, carry: carry)
    }

    /// `out + carry b^n`, which is below `2p`, modulo `p`.
    @inline(__always)
    private func subtractPrime(_ out: MutableLimbs, carry: UInt64) {
        // A carry implies a borrow, for the value is below 2p; then the difference is right already.
        let borrow = zk_mpn_sub_n(out, out, prime, limbCount)
        _ = zk_mpn_cnd_add_n(zk_barrier(borrow &- carry), out, out, prime, limbCount)
    }

    /// All ones if a bit of `x` is set, else 0.
    @inline(__always)
    private func nonZeroMask(_ x: UInt64) -> UInt64 {
        let x = zk_barrier(x)
        return zk_barrier(0 &- ((x | (0 &- x)) >> 63))
    }
}
