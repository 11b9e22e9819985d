// SPDX-License-Identifier: Apache-2.0
internal import CGMP
internal import CKernels

// Constant-time operations on single residues of `limbCount` limbs. Counts are checked; values must be reduced.
extension PrimeModulus {
    /// `out = a + b`.
    public func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        withPointers(a, b, &out) { a, b, out in addReduced(out, a, b) }
    }

    /// `out = a - b`.
    public func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        withPointers(a, b, &out) { a, b, out in subtractReduced(out, a, b) }
    }

    /// `out = -a`.
    public func negate(_ a: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<out.count { out[i] = 0 }
        withPointers(a, a, &out) { a, _, out in subtractReduced(out, out, a) }
    }

    /// `out = a * b`.
    public func multiply(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        withPointers(a, b, &out) { a, b, out in withScratch { multiplyReduced(out, a, b, $0) } }
    }

    /// `out = a^2`.
    public func square(_ a: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        withPointers(a, a, &out) { a, _, out in
            withScratch { s in
                zk_mpn_sec_sqr(s.x, a, limbCount, s.secret)
                barrett(out, s, corrections: constants.productCorrections)
            }
        }
    }

    /// `out = 1/a`, and 0 for 0: `a^(p-2)` by `mpn_sec_powm`.
    public func invert(_ a: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        let scratch = zk_mpn_sec_powm_itch(limbCount, bitWidth, limbCount)
        withPointers(a, a, &out) { a, _, out in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: scratch) { buffer in
                guard let base = buffer.baseAddress else { preconditionFailure("mpn_sec_powm needs scratch") }
                base.initialize(repeating: 0, count: scratch)
                zk_mpn_sec_powm(out, a, limbCount, constants.primeMinusTwo, bitWidth, constants.prime, limbCount, base)
                zk_wipe(base, scratch * 8)
            }
        }
    }

    /// `out = choice ? a : b`, where `choice` is 1 or 0 and may be secret.
    public func select(_ choice: UInt64, _ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        let mask = zk_barrier(0 &- (choice & 1))
        withPointers(a, b, &out) { a, b, out in
            for i in 0..<limbCount { out[i] = b[i] ^ (mask & (a[i] ^ b[i])) }
        }
    }

    /// 1 if the residues are equal, else 0.
    public func equal(_ a: Span<UInt64>, _ b: Span<UInt64>) -> UInt64 {
        precondition(a.count == limbCount && b.count == limbCount, "residues of this modulus")
        var difference: UInt64 = 0
        for i in 0..<limbCount { difference |= a[i] ^ b[i] }
        return isZeroFlag(difference)
    }

    /// 1 if the residue is zero, else 0.
    public func isZero(_ a: Span<UInt64>) -> UInt64 {
        precondition(a.count == limbCount, "a residue of this modulus")
        var bits: UInt64 = 0
        for i in 0..<limbCount { bits |= a[i] }
        return isZeroFlag(bits)
    }

    /// 1 if the `limbCount` limbs are below the modulus, else 0.
    public func isReduced(_ a: Span<UInt64>) -> UInt64 {
        precondition(a.count == limbCount, "as many limbs as the modulus")
        var borrow: UInt64 = 0
        for i in 0..<limbCount {
            let (d, u1) = a[i].subtractingReportingOverflow(constants.prime[i])
            let (_, u2) = d.subtractingReportingOverflow(borrow)
            borrow = zk_barrier((u1 ? 1 : 0) | (u2 ? 1 : 0))
        }
        return borrow
    }

    /// `out = x mod p` for an integer of any number of limbs.
    public func reduce(wide limbs: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        precondition(out.count == limbCount, "a residue of this modulus")
        limbs.withUnsafeBufferPointer { wide in
            out.withUnsafeMutableBufferPointer { out in
                guard let target = out.baseAddress else { return }
                guard let source = wide.baseAddress else {
                    out.update(repeating: 0)
                    return
                }
                withScratch { reduceWide(target, source, count: wide.count, $0) }
            }
        }
    }

    /// 1 for zero, 0 for anything else.
    @inline(__always)
    private func isZeroFlag(_ x: UInt64) -> UInt64 {
        let x = zk_barrier(x)
        return 1 ^ ((x | (0 &- x)) >> 63)
    }

    /// The three operands as pointers, their counts checked.
    @inline(__always)
    private func withPointers(
        _ a: Span<UInt64>, _ b: Span<UInt64>, _ out: inout MutableSpan<UInt64>,
        _ body: (UnsafePointer<UInt64>, UnsafePointer<UInt64>, UnsafeMutablePointer<UInt64>) -> Void
    ) {
        precondition(a.count == limbCount && b.count == limbCount && out.count == limbCount, "residues of this modulus")
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                out.withUnsafeMutableBufferPointer { out in
                    guard let x = a.baseAddress, let y = b.baseAddress, let z = out.baseAddress else { return }
                    body(x, y, z)
                }
            }
        }
    }
}
