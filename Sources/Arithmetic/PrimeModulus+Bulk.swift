// SPDX-License-Identifier: Apache-2.0
internal import CGMP

// Constant-time operations on `count` residues one after the other, `count * limbCount` limbs. Scratch is set up once a call.
extension PrimeModulus {
    /// `out[i] = a[i] * b + c[i]`; `b` is one residue.
    public func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        precondition(a.count == out.count && c.count == out.count && b.count == limbCount, "equal counts and one factor")
        withBulk(a, c, &out) { a, c, out, count in
            b.withUnsafeBufferPointer { b in
                guard let b = b.baseAddress else { return }
                withScratch { s in
                    for i in 0..<count {
                        let o = i * limbCount
                        product(a + o, b, s)
                        // (p-1)^2 + (p-1) < p^2: the bound of a product still holds, and nothing leaves the 2n limbs.
                        let carry = zk_mpn_add_n(s.x, s.x, c + o, limbCount)
                        propagate(carry, s.x + limbCount, limbCount)
                        barrett(out + o, s, corrections: constants.productCorrections)
                    }
                }
            }
        }
    }

    /// `out[i] = a[i] + b[i]`.
    public func addAll(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        withBulk(a, b, &out) { a, b, out, count in
            for i in 0..<count { addReduced(out + i * limbCount, a + i * limbCount, b + i * limbCount) }
        }
    }

    /// `out[i] = a[i] - b[i]`.
    public func subtractAll(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        withBulk(a, b, &out) { a, b, out, count in
            for i in 0..<count { subtractReduced(out + i * limbCount, a + i * limbCount, b + i * limbCount) }
        }
    }

    /// `out[i] = a[i] * b[i]`.
    public func multiplyAll(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        withBulk(a, b, &out) { a, b, out, count in
            withScratch { s in
                for i in 0..<count { multiplyReduced(out + i * limbCount, a + i * limbCount, b + i * limbCount, s) }
            }
        }
    }

    /// `out = sum a[i] * b[i]`, one residue: products are accumulated at double width and reduced once.
    public func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        precondition(a.count == b.count && a.count % limbCount == 0 && out.count == limbCount, "equal counts of residues")
        let n = limbCount
        let count = a.count / n
        for i in 0..<n { out[i] = 0 }
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                out.withUnsafeMutableBufferPointer { out in
                    guard let a = a.baseAddress, let b = b.baseAddress, let out = out.baseAddress else { return }
                    withScratch { sum in
                        withScratch { s in
                            // The sum of fewer than 2^64 products has at most 2n + 1 limbs.
                            for i in 0..<count {
                                product(a + i * n, b + i * n, s)
                                sum.x[2 * n] &+= zk_mpn_add_n(sum.x, sum.x, s.x, 2 * n)
                            }
                            reduceWide(out, sum.x, count: 2 * n + 1, s)
                        }
                    }
                }
            }
        }
    }

    /// `out[i] = x^i` for `out.count / limbCount` powers, beginning with 1.
    public func powers(of x: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        precondition(x.count == limbCount && out.count % limbCount == 0, "a residue and room for residues")
        let n = limbCount
        x.withUnsafeBufferPointer { x in
            out.withUnsafeMutableBufferPointer { buffer in
                guard let x = x.baseAddress, let out = buffer.baseAddress, buffer.count > 0 else { return }
                for j in 0..<n { out[j] = j == 0 ? 1 : 0 }
                withScratch { s in
                    for i in 1..<max(1, buffer.count / n) { multiplyReduced(out + i * n, out + (i - 1) * n, x, s) }
                }
            }
        }
    }

    /// Adds a carry to `count` limbs.
    @inline(__always)
    private func propagate(_ carry: UInt64, _ limbs: UnsafeMutablePointer<UInt64>, _ count: Int) {
        var carry = carry
        for i in 0..<count {
            let (sum, overflow) = limbs[i].addingReportingOverflow(carry)
            limbs[i] = sum
            carry = overflow ? 1 : 0
        }
    }

    /// The operands as pointers with the number of residues, their counts checked.
    @inline(__always)
    private func withBulk(
        _ a: Span<UInt64>, _ b: Span<UInt64>, _ out: inout MutableSpan<UInt64>,
        _ body: (UnsafePointer<UInt64>, UnsafePointer<UInt64>, UnsafeMutablePointer<UInt64>, Int) -> Void
    ) {
        precondition(a.count == out.count && b.count == out.count && out.count % limbCount == 0, "equal counts of residues")
        let count = out.count / limbCount
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                out.withUnsafeMutableBufferPointer { out in
                    guard let x = a.baseAddress, let y = b.baseAddress, let z = out.baseAddress else { return }
                    body(x, y, z, count)
                }
            }
        }
    }
}
