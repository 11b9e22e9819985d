// SPDX-License-Identifier: Apache-2.0
internal import CGMP

// Variable time: public operands only. Values are arrays of `limbCount` limbs, reduced.
extension PrimeModulus {
    /// `1/a`; `nil` for zero.
    public func vartimeInverse(_ a: Span<UInt64>) -> [UInt64]? {
        precondition(a.count == limbCount, "a residue of this modulus")
        var out = [UInt64](repeating: 0, count: limbCount)
        let found = a.withUnsafeBufferPointer { a in
            a.baseAddress.map { zk_mpz_invert(&out, $0, constants.prime, limbCount) } ?? 0
        }
        return found == 0 ? nil : out
    }

    /// The inverses of `a.count / limbCount` residues, 0 for 0, with one inversion (Montgomery's trick).
    public func vartimeInverses(_ a: Span<UInt64>) -> [UInt64] {
        precondition(a.count % limbCount == 0, "whole residues")
        let n = limbCount
        let count = a.count / n
        // prefix[i] = product of the residues before i that are not zero; prefix[count] = all of them
        var prefix = [UInt64](repeating: 0, count: a.count + n)
        var out = [UInt64](repeating: 0, count: a.count)
        a.withUnsafeBufferPointer { a in
            prefix.withUnsafeMutableBufferPointer { prefix in
                out.withUnsafeMutableBufferPointer { out in
                    guard let a = a.baseAddress, let out = out.baseAddress, let prefix = prefix.baseAddress else { return }
                    withScratch { invertAll(out, a, prefix, count: count, $0) }
                }
            }
        }
        return out
    }

    private func invertAll(
        _ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ prefix: UnsafeMutablePointer<UInt64>, count: Int,
        _ s: Scratch
    ) {
        let n = limbCount
        prefix[0] = 1
        for i in 0..<count {
            let next = prefix + (i + 1) * n
            if isZero(a + i * n) {
                next.update(from: prefix + i * n, count: n)
            } else {
                multiplyReduced(next, prefix + i * n, a + i * n, s)
            }
        }
        let inverse = prefix + count * n
        _ = zk_mpz_invert(inverse, inverse, constants.prime, n)
        for i in stride(from: count - 1, through: 0, by: -1) where !isZero(a + i * n) {
            multiplyReduced(out + i * n, inverse, prefix + i * n, s)
            multiplyReduced(inverse, inverse, a + i * n, s)
        }
    }

    /// `a^exponent` for an exponent of any number of limbs; `a^0 = 1`.
    public func vartimePower(_ a: Span<UInt64>, _ exponent: Span<UInt64>) -> [UInt64] {
        precondition(a.count == limbCount, "a residue of this modulus")
        var out = [UInt64](repeating: 0, count: limbCount)
        a.withUnsafeBufferPointer { a in
            exponent.withUnsafeBufferPointer { e in
                guard let a = a.baseAddress else { return }
                if let base = e.baseAddress {
                    zk_mpz_powm(&out, a, base, e.count, constants.prime, limbCount)
                } else {
                    out[0] = 1
                }
            }
        }
        return out
    }

    /// The Legendre symbol: 1 for squares other than zero, -1 for non-squares, 0 for zero.
    public func vartimeLegendre(_ a: Span<UInt64>) -> Int {
        precondition(a.count == limbCount, "a residue of this modulus")
        return a.withUnsafeBufferPointer { a in
            a.baseAddress.map { Int(zk_mpz_jacobi($0, constants.prime, limbCount)) } ?? 0
        }
    }

    /// A square root of `a`, either of the two; `nil` if there is none. Tonelli-Shanks (Cohen, algorithm 1.5.1).
    public func vartimeSquareRoot(_ a: Span<UInt64>) -> [UInt64]? {
        let symbol = vartimeLegendre(a)
        if symbol == 0 { return [UInt64](repeating: 0, count: limbCount) }
        guard symbol == 1 else { return nil }
        // p - 1 = 2^e * odd
        var odd = limbs
        odd[0] &-= 1
        var e = 0
        while odd[0] & 1 == 0 {
            odd = halved(odd)
            e += 1
        }
        // x = a^((odd+1)/2), b = a^odd; odd is odd, so (odd+1)/2 = (odd >> 1) + 1 does not overflow the limbs.
        let half = halved(odd)
        let root = vartimePower(a, half.span)
        var x = times(root, Array(copying: a))
        var b = times(x, root)
        if b == one { return x }
        var order = e
        var z = vartimePower(nonSquare().span, odd.span)
        while b != one {
            var m = 0
            var square = b
            while square != one {
                square = times(square, square)
                m += 1
            }
            guard m < order else { return nil }
            var t = z
            for _ in 0..<(order - m - 1) { t = times(t, t) }
            z = times(t, t)
            order = m
            x = times(x, t)
            b = times(b, z)
        }
        return x
    }

    private var one: [UInt64] {
        var one = [UInt64](repeating: 0, count: limbCount)
        one[0] = 1
        return one
    }

    private func isZero(_ a: UnsafePointer<UInt64>) -> Bool {
        for i in 0..<limbCount where a[i] != 0 { return false }
        return true
    }

    private func times(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var out = [UInt64](repeating: 0, count: limbCount)
        var span = out.mutableSpan
        multiply(a.span, b.span, into: &span)
        return out
    }

    private func halved(_ a: [UInt64]) -> [UInt64] {
        var out = a
        for i in a.indices { out[i] = a[i] >> 1 | (i + 1 < a.count ? a[i + 1] << 63 : 0) }
        return out
    }

    /// The smallest non-square.
    private func nonSquare() -> [UInt64] {
        var candidate = one
        while vartimeLegendre(candidate.span) != -1 { candidate[0] += 1 }
        return candidate
    }
}

extension Array where Element == UInt64 {
    /// The elements of a span.
    fileprivate init(copying span: Span<UInt64>) {
        self = []
        reserveCapacity(span.count)
        for i in 0..<span.count { append(span[i]) }
    }
}
