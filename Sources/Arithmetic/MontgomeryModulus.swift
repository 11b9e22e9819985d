// SPDX-License-Identifier: Apache-2.0
internal import CGMP
internal import CKernels

/// Products of powers modulo an odd prime, by Montgomery's method: what groups of residues of thousands of bits need.
///
/// Operands and results are plain residues as in ``PrimeModulus``; the representation below never leaves this type.
///
/// | symbol | identifier | |
/// |---|---|---|
/// | `p`, `n`, `b` | `prime`, `limbCount`, `2^64` | |
/// | `R = b^n` | `one = R mod p`, `square = R^2 mod p` | `x` is represented by `x R mod p` |
/// | `-1/p mod b` | `inverse` | |
///
/// Timing: constant in exponents and bases unless the name says `vartime`; counts and `bits` are public.
/// Security: memory that depends on exponents is wiped.
public struct MontgomeryModulus: Sendable {
    /// The modulus.
    public let modulus: PrimeModulus
    let constants: MontgomeryConstants
    var limbCount: Int { modulus.limbCount }
    var prime: UnsafeMutablePointer<UInt64> { modulus.constants.prime }

    /// Precomputes the constants of a modulus.
    public init(_ modulus: PrimeModulus) {
        self.modulus = modulus
        constants = MontgomeryConstants(modulus)
    }

    // MARK: Kernel

    /// Limbs of scratch: a product of `2n` limbs and what `mpn_sec_*` asks for.
    var scratchCount: Int { 2 * limbCount + modulus.constants.secretScratch }

    /// `out = x / R mod p` for `x < p R` in `2n` limbs, which are destroyed. Constant time.
    @inline(__always)
    func reduce(_ out: UnsafeMutablePointer<UInt64>, _ x: UnsafeMutablePointer<UInt64>) {
        let n = limbCount
        let inverse = constants.inverse
        for i in 0..<n {
            // Makes limb i zero; the carry of the row takes its place.
            x[i] = zk_mpn_addmul_1(x + i, prime, n, x[i] &* inverse)
        }
        let carry = zk_mpn_add_n(out, x + n, x, n)
        // The sum is below 2p; a carry implies a borrow, and then the difference is right already.
        let borrow = zk_mpn_sub_n(out, out, prime, n)
        _ = zk_mpn_cnd_add_n(zk_barrier(borrow &- carry), out, out, prime, n)
    }

    /// `out = a * b / R mod p`; `out` may be `a` or `b`. Constant time.
    @inline(__always)
    func multiply(
        _ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, _ s: UnsafeMutablePointer<UInt64>
    ) {
        zk_mpn_sec_mul(s, a, limbCount, b, limbCount, s + 2 * limbCount)
        reduce(out, s)
    }

    /// `out = a^2 / R mod p`; `out` may be `a`. Constant time.
    @inline(__always)
    func square(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ s: UnsafeMutablePointer<UInt64>) {
        zk_mpn_sec_sqr(s, a, limbCount, s + 2 * limbCount)
        reduce(out, s)
    }

    /// `out = a R mod p` for a plain residue. Constant time.
    @inline(__always)
    func enter(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ s: UnsafeMutablePointer<UInt64>) {
        multiply(out, a, constants.square, s)
    }

    /// `out = a / R mod p`: the plain residue. Constant time.
    @inline(__always)
    func leave(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ s: UnsafeMutablePointer<UInt64>) {
        for i in 0..<limbCount {
            s[i] = a[i]
            s[limbCount + i] = 0
        }
        reduce(out, s)
    }

    /// Memory for `limbs` limbs during `body`, zeroed, wiped afterwards if it will have held secrets.
    func withMemory<R>(_ limbs: Int, wiped: Bool, _ body: (UnsafeMutablePointer<UInt64>) -> R) -> R {
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, limbs))
        memory.initialize(repeating: 0, count: max(1, limbs))
        defer {
            if wiped { zk_wipe(memory, limbs * 8) }
            memory.deallocate()
        }
        return body(memory)
    }
}

/// The numbers that depend on the modulus only, at a stable address. Never written after initialisation.
final class MontgomeryConstants: @unchecked Sendable {
    /// `R mod p`: `n` limbs.
    let one: UnsafeMutablePointer<UInt64>
    /// `R^2 mod p`: `n` limbs.
    let square: UnsafeMutablePointer<UInt64>
    /// `-1/p mod b`.
    let inverse: UInt64

    init(_ modulus: PrimeModulus) {
        let n = modulus.limbCount
        one = .allocate(capacity: n)
        square = .allocate(capacity: n)
        one.initialize(repeating: 0, count: n)
        square.initialize(repeating: 0, count: n)
        // R and R^2 by long division.
        for (target, exponent) in [(one, n), (square, 2 * n)] {
            var dividend = [UInt64](repeating: 0, count: exponent + 1)
            dividend[exponent] = 1
            var quotient = [UInt64](repeating: 0, count: exponent + 2 - n)
            zk_mpn_tdiv_qr(&quotient, target, dividend, exponent + 1, modulus.constants.prime, n)
        }
        // Newton's iteration doubles the number of right bits, from 3 (p p = 1 mod 8) to 96.
        let p = modulus.constants.prime[0]
        var inverse = p
        for _ in 0..<5 { inverse = inverse &* (2 &- p &* inverse) }
        self.inverse = 0 &- inverse
    }

    deinit {
        one.deallocate()
        square.deallocate()
    }
}
