// SPDX-License-Identifier: Apache-2.0
internal import CGMP

// Variable time: public operands only. Straus' method with sliding windows for few terms, Pippenger's buckets for many. An inverse
// costs as much as many products here, so digits are unsigned, other than for curves.
extension MontgomeryModulus {
    /// `product bases[i]^exponents[i]`, one residue; 1 if there are none.
    ///
    /// - Parameters:
    ///   - bases: `count * limbCount` limbs, reduced.
    ///   - exponents: as many integers, `exponents.count / count` limbs each; the cost follows the longest.
    package func vartimePowerProduct(_ bases: Span<UInt64>, _ exponents: Span<UInt64>) -> [UInt64] {
        let n = limbCount
        let count = bases.count / n
        let exponentLimbs = exponents.count / max(1, count)
        precondition(bases.count == count * n && exponents.count == count * exponentLimbs, "one exponent for each base")
        let bits = longest(exponents, exponentLimbs)
        var out = [UInt64](repeating: 0, count: n)
        out[0] = 1
        guard bits > 0 else { return out }
        if count == 1 { return modulus.vartimePower(bases, exponents) }
        var span = out.mutableSpan
        withOperands(bases, exponents, &span) { bases, exponents, out in
            let terms = Terms(bases: bases, exponents: exponents, exponentLimbs: exponentLimbs, count: count, bits: bits)
            let plan = Plan(count: count, bits: bits)
            if plan.buckets {
                vartimeBuckets(terms, width: plan.width, out)
            } else {
                vartimeStraus(terms, width: plan.width, out)
            }
        }
        return out
    }

    /// The operands of a product.
    private struct Terms {
        let bases: UnsafePointer<UInt64>
        let exponents: UnsafePointer<UInt64>
        let exponentLimbs: Int
        let count: Int
        /// No exponent is longer.
        let bits: Int
    }

    /// The method of fewest products.
    private struct Plan {
        var buckets = false
        var width = 1

        init(count: Int, bits: Int) {
            let (count, bits) = (Double(count), Double(bits))
            var best = Double.infinity
            for width in 1...7 {
                // A window of an average length and the odd powers for each term.
                let cost = count * (bits / Double(width + 1) + Double(1 << (width - 1)))
                if cost < best { (best, self.width) = (cost, width) }
            }
            for width in 2...14 {
                let cost = (bits / Double(width)).rounded(.up) * (count + Double(2 << width))
                if cost < best { (best, self.width, buckets) = (cost, width, true) }
            }
        }
    }

    /// The position after the highest bit that is set in any of the exponents.
    private func longest(_ exponents: Span<UInt64>, _ exponentLimbs: Int) -> Int {
        var union = [UInt64](repeating: 0, count: exponentLimbs)
        for i in 0..<exponents.count { union[i % exponentLimbs] |= exponents[i] }
        guard let top = union.lastIndex(where: { $0 != 0 }) else { return 0 }
        return 64 * (top + 1) - union[top].leadingZeroBitCount
    }

    /// `out = a * b / R mod p`.
    @inline(__always)
    private func vartimeMultiply(
        _ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, _ s: UnsafeMutablePointer<UInt64>
    ) {
        zk_mpn_mul_n(s, a, b, limbCount)
        reduce(out, s)
    }

    /// `out = a^2 / R mod p`.
    @inline(__always)
    private func vartimeSquare(
        _ out: UnsafeMutablePointer<UInt64>, _ a: UnsafePointer<UInt64>, _ s: UnsafeMutablePointer<UInt64>
    ) {
        zk_mpn_sqr(s, a, limbCount)
        reduce(out, s)
    }

    /// `width` bits from `position` on of exponent `index`.
    @inline(__always)
    private func digit(_ terms: Terms, _ index: Int, _ position: Int, _ width: Int) -> UInt64 {
        windowDigit(terms.exponents + index * terms.exponentLimbs, count: terms.exponentLimbs, position: position, width: width)
    }

    /// Sliding windows that end in a one, so that only odd powers are needed.
    private func vartimeStraus(_ terms: Terms, width: Int, _ out: UnsafeMutablePointer<UInt64>) {
        let (n, count, bits) = (limbCount, terms.count, terms.bits)
        let entries = 1 << (width - 1)
        // digits[position * count + i]: the odd digit of exponent i whose lowest bit is at `position`, or 0.
        var digits = [UInt8](repeating: 0, count: bits * count)
        withMemory(count * entries * n, wiped: false) { tables in
            withMemory(2 * n + scratchLimbCount, wiped: false) { sum in
                let (double, scratch) = (sum + n, sum + 2 * n)
                for i in 0..<count {
                    let table = tables + i * entries * n
                    convert(table, fromPlain: terms.bases + i * n, scratch)
                    if entries > 1 { vartimeSquare(double, table, scratch) }
                    for j in 1..<max(1, entries) { vartimeMultiply(table + j * n, table + (j - 1) * n, double, scratch) }
                    var position = 0
                    while position < bits {
                        let window = digit(terms, i, position, width)
                        if window & 1 == 0 {
                            position += window == 0 ? width : window.trailingZeroBitCount
                        } else {
                            digits[position * count + i] = UInt8(window)
                            position += width
                        }
                    }
                }
                sum.update(from: one, count: n)
                var started = false
                for position in (0..<bits).reversed() {
                    if started { vartimeSquare(sum, sum, scratch) }
                    for i in 0..<count where digits[position * count + i] != 0 {
                        started = true
                        vartimeMultiply(sum, sum, tables + (i * entries + Int(digits[position * count + i]) >> 1) * n, scratch)
                    }
                }
                convert(out, toPlain: sum, scratch)
            }
        }
    }

    /// One bucket for each digit other than zero; an empty bucket costs nothing.
    private func vartimeBuckets(_ terms: Terms, width: Int, _ out: UnsafeMutablePointer<UInt64>) {
        let (n, count, bits) = (limbCount, terms.count, terms.bits)
        let bucketCount = (1 << width) - 1
        var filled = [Bool](repeating: false, count: bucketCount)
        withMemory((count + bucketCount) * n, wiped: false) { entered in
            withMemory(2 * n + scratchLimbCount, wiped: false) { sum in
                let (suffix, scratch, buckets) = (sum + n, sum + 2 * n, entered + count * n)
                for i in 0..<count { convert(entered + i * n, fromPlain: terms.bases + i * n, scratch) }
                sum.update(from: one, count: n)
                for window in (0..<(bits + width - 1) / width).reversed() {
                    for _ in 0..<width { vartimeSquare(sum, sum, scratch) }
                    for b in filled.indices { filled[b] = false }
                    for i in 0..<count {
                        let value = Int(digit(terms, i, window * width, width))
                        guard value > 0 else { continue }
                        let bucket = buckets + (value - 1) * n
                        if filled[value - 1] {
                            vartimeMultiply(bucket, bucket, entered + i * n, scratch)
                        } else {
                            bucket.update(from: entered + i * n, count: n)
                            filled[value - 1] = true
                        }
                    }
                    // product bucket[b]^(b + 1) as the product of all suffix products.
                    var started = false
                    for b in (0..<bucketCount).reversed() {
                        if filled[b] && started {
                            vartimeMultiply(suffix, suffix, buckets + b * n, scratch)
                        } else if filled[b] {
                            suffix.update(from: buckets + b * n, count: n)
                            started = true
                        }
                        if started { vartimeMultiply(sum, sum, suffix, scratch) }
                    }
                }
                convert(out, toPlain: sum, scratch)
            }
        }
    }
}
