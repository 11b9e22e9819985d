// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import Cores

// Variable-time multi-scalar multiplication on public data: interleaved digits (Straus) for few terms, buckets (Pippenger) for many.

extension WeierstrassCurve {
    /// From this number of terms on, buckets are faster.
    private static let bucketMinimum = 100
    /// From this number of terms on, windows are spread over the cores.
    private static let parallelMinimum = 64

    /// `out = sum scalars[i] * points[i]`. Cost follows the longest scalar.
    func vartimeMultiScalarMul(_ out: MutableLimbs, _ scalars: Limbs, _ points: Limbs, count: Int) {
        setIdentity(out)
        let bits = vartimeBitCount(scalars, count: count)
        guard bits > 0 else { return }
        let cores = count >= Self.parallelMinimum ? Parallel.coreCount : 1
        let width = count < Self.bucketMinimum ? 4 : VartimeBuckets.width(count: count, bits: bits, cores: cores)
        let digits = SignedWindows(width: width, bits: bits)
        let biased = MutableLimbs.allocate(capacity: count * SignedWindows.limbCount)
        defer { biased.deallocate() }
        for i in 0..<count { digits.setBiased(biased + i * SignedWindows.limbCount, scalars + 4 * i) }
        if count < Self.bucketMinimum {
            vartimeStraus(out, digits, biased, points, count: count)
        } else {
            vartimeBuckets(out, digits, biased, points, count: count)
        }
    }

    /// The position after the highest bit set in any of the scalars.
    private func vartimeBitCount(_ scalars: Limbs, count: Int) -> Int {
        for limb in (0..<4).reversed() {
            var any: UInt64 = 0
            for i in 0..<count { any |= scalars[4 * i + limb] }
            if any != 0 { return 64 * (limb + 1) - any.leadingZeroBitCount }
        }
        return 0
    }

    /// One table of eight multiples per point and a chain of doublings for all.
    private func vartimeStraus(_ out: MutableLimbs, _ digits: SignedWindows, _ biased: Limbs, _ points: Limbs, count: Int) {
        let size = pointLimbCount
        let tables = MutableLimbs.allocate(capacity: 8 * count * size)
        defer { tables.deallocate() }
        withWorkspace { w in
            for i in 0..<count { fillMultiples(tables + 8 * i * size, points + i * size, count: 8, w) }
            for index in (0..<digits.count).reversed() {
                if index < digits.count - 1 { double(out, times: digits.width, w) }
                for i in 0..<count {
                    let digit = digits.digit(index, of: biased + i * SignedWindows.limbCount)
                    vartimeAdd(out, tables + (8 * i + max(0, abs(digit) - 1)) * size, sign: digit, w)
                }
            }
        }
    }

    /// Every window is a task of its own: it adds each point to the bucket of its digit and sums the buckets.
    private func vartimeBuckets(_ out: MutableLimbs, _ digits: SignedWindows, _ biased: Limbs, _ points: Limbs, count: Int) {
        let size = pointLimbCount
        let windows = MutableLimbs.allocate(capacity: digits.count * size)
        defer { windows.deallocate() }
        Parallel.each(digits.count, parallel: count >= Self.parallelMinimum) { task in
            let window = digits.count - 1 - task
            withWorkspace { w in windowSum(windows + window * size, digits, window, biased, points, count: count, w) }
        }
        withWorkspace { w in
            for window in (0..<digits.count).reversed() {
                if window < digits.count - 1 { double(out, times: digits.width, w) }
                add(out, out, windows + window * size, w)
            }
        }
    }

    /// `out = sum digit(window, scalars[i]) * points[i]`.
    private func windowSum(
        _ out: MutableLimbs, _ digits: SignedWindows, _ window: Int, _ biased: Limbs, _ points: Limbs, count: Int, _ w: Workspace
    ) {
        let size = pointLimbCount
        let bucketCount = 1 << (digits.width - 1)
        let buckets = MutableLimbs.allocate(capacity: bucketCount * size)
        defer { buckets.deallocate() }
        for b in 0..<bucketCount { setIdentity(buckets + b * size) }
        for i in 0..<count {
            // Bucket b holds the points of digit b + 1 and the negatives of those of digit -(b + 1).
            let digit = digits.digit(window, of: biased + i * SignedWindows.limbCount)
            if digit != 0 { vartimeAdd(buckets + (abs(digit) - 1) * size, points + i * size, sign: digit, w) }
        }
        // sum (b + 1) * bucket[b] as the sum of all the suffix sums.
        setIdentity(out)
        let suffix = w.point
        setIdentity(suffix)
        for b in (0..<bucketCount).reversed() {
            add(suffix, suffix, buckets + b * size, w)
            add(out, out, suffix, w)
        }
    }

    /// `sum = sum + p`, `sum`, or `sum - p` by the sign.
    @inline(__always)
    private func vartimeAdd(_ sum: MutableLimbs, _ p: Limbs, sign: Int, _ w: Workspace) {
        if sign > 0 {
            add(sum, sum, p, w)
        } else if sign < 0 {
            negate(w.point, p)
            add(sum, sum, w.point, w)
        }
    }
}
