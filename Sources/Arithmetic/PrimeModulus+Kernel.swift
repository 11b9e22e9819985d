// SPDX-License-Identifier: Apache-2.0
internal import CGMP
internal import CKernels

/// Scratch memory of one call: `x` holds a double-width value, the rest is Barrett's.
struct Scratch {
    /// `2n + 2` limbs: the value to reduce.
    let x: UnsafeMutablePointer<UInt64>
    /// `2n + 2` limbs.
    let q: UnsafeMutablePointer<UInt64>
    /// `2n + 2` limbs.
    let t: UnsafeMutablePointer<UInt64>
    /// What `mpn_sec_*` asks for.
    let secret: UnsafeMutablePointer<UInt64>
}

extension PrimeModulus {
    /// Runs `body` with zeroed scratch memory, on the stack for moduli up to about 2048 bits, and wipes it afterwards.
    func withScratch<R>(_ body: (Scratch) -> R) -> R {
        let width = 2 * limbCount + 2
        let total = 3 * width + constants.secretScratch
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: total) { buffer in
            buffer.initialize(repeating: 0)
            guard let base = buffer.baseAddress else { preconditionFailure("scratch is never empty") }
            defer { zk_wipe(base, total * 8) }
            return body(Scratch(x: base, q: base + width, t: base + 2 * width, secret: base + 3 * width))
        }
    }

    /// `s.x = a * b`, `2n` limbs.
    @inline(__always)
    func product(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, _ s: Scratch) {
        zk_mpn_sec_mul(s.x, a, limbCount, b, limbCount, s.secret)
    }

    /// `out = s.x mod p` for `s.x < b^2n`. `corrections` is 2, or the smaller bound that holds for the value at hand.
    ///
    /// The remainder of the estimated quotient is below `(corrections + 1) p`, and below `b^(n+1)`.
    @inline(__always)
    func barrett(_ out: UnsafeMutablePointer<UInt64>, _ s: Scratch, corrections: Int) {
        let n = limbCount
        let c = constants
        zk_mpn_sec_mul(s.q, s.x + (n - 1), n + 1, c.reciprocal, n + 1, s.secret)
        zk_mpn_sec_mul(s.t, s.q + (n + 1), n + 1, c.prime, n, s.secret)
        _ = zk_mpn_sub_n(s.t, s.x, s.t, n + 1)
        for _ in 0..<corrections {
            let borrow = zk_mpn_sub_n(s.t, s.t, c.prime, n + 1)
            _ = zk_mpn_cnd_add_n(zk_barrier(borrow), s.t, s.t, c.prime, n + 1)
        }
        for i in 0..<n { out[i] = s.t[i] }
    }

    /// `out = a * b mod p`; `out` may be `a` or `b`.
    @inline(__always)
    func multiplyReduced(
        _ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, _ s: Scratch
    ) {
        product(a, b, s)
        barrett(out, s, corrections: constants.productCorrections)
    }

    /// `out = a + b mod p`; `out` may be `a` or `b`.
    @inline(__always)
    func addReduced(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) {
        let carry = zk_mpn_add_n(out, a, b, limbCount)
        // A carry implies a borrow, for a + b < 2p; then the difference is right already.
        let borrow = zk_mpn_sub_n(out, out, constants.prime, limbCount)
        _ = zk_mpn_cnd_add_n(zk_barrier(borrow &- carry), out, out, constants.prime, limbCount)
    }

    /// `out = a - b mod p`; `out` may be `a` or `b`.
    @inline(__always)
    func subtractReduced(_ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>) {
        let borrow = zk_mpn_sub_n(out, a, b, limbCount)
        _ = zk_mpn_cnd_add_n(zk_barrier(borrow), out, out, constants.prime, limbCount)
    }

    /// `out = x mod p` for `count` limbs of any value, by Horner's rule: the remainder so far is put above the next `n` limbs.
    func reduceWide(_ out: UnsafeMutablePointer<UInt64>, _ wide: UnsafePointer<UInt64>, count: Int, _ s: Scratch) {
        let n = limbCount
        for i in 0..<n { out[i] = 0 }
        var remaining = count
        while remaining > 0 {
            // The topmost group may be shorter than n, so that all others are full.
            let size = remaining % n == 0 ? n : remaining % n
            remaining -= size
            for i in 0..<2 * n { s.x[i] = 0 }
            for i in 0..<size { s.x[i] = wide[remaining + i] }
            for i in 0..<n { s.x[size + i] = out[i] }
            barrett(out, s, corrections: 2)
        }
    }
}
