// SPDX-License-Identifier: Apache-2.0

// Variable-time multi-scalar multiplication on public data: interleaved NAF (Straus) for few terms, buckets (Pippenger) for many.

extension Ristretto255 {
    /// From this number of terms on, buckets are faster (measured).
    private static let bucketMinimum = 190
    /// The same for the vector kernel: at 96 terms buckets save 5 %, at 64 they cost 20 %.
    static let vectorBucketMinimum = 92
    /// Weights are this short. A call with many of them and longer scalars is split.
    private static let shortBits = 128
    /// From this number of short scalars on, splitting pays.
    private static let splitMinimum = 256

    public static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point {
        precondition(scalars.count == points.count, "one scalar per point")
        let bits = bitCount(scalars)
        if bits == 0 { return identity }
        if bits > shortBits, let (short, long) = split(scalars, points) {
            return add(vartimeMultiScalarMul(short.scalars, short.points), vartimeMultiScalarMul(long.scalars, long.points))
        }
        if points.count >= VectorKernel.strausMinimum && Kernel.current == .ifma {
            if points.count >= vectorBucketMinimum { return Point(VectorBuckets.sum([PublicTerms(scalars, points)], bits: bits)) }
            return scalars.withUnsafeBytes { scalars in
                points.withUnsafeBufferPointer { points in
                    guard let limbs = scalars.assumingMemoryBound(to: UInt64.self).baseAddress, let base = points.baseAddress else {
                        return identity
                    }
                    return Point(VectorKernel.straus(limbs, base, count: points.count, bits: bits))
                }
            }
        }
        return points.count < bucketMinimum
            ? Point(vartimeStraus(scalars, points, bits: bits)) : Point(VartimeBuckets.sum(scalars, points, bits: bits))
    }

    public static func vartimeMultiScalarMul(parts: [PublicTerms<Ristretto255>]) -> Point {
        let count = parts.reduce(0) { $0 + $1.points.count }
        guard parts.count > 1, count >= vectorBucketMinimum, Kernel.current == .ifma else {
            let joined = parts.count == 1 ? parts[0] : PublicTerms(parts.flatMap(\.scalars), parts.flatMap(\.points))
            return vartimeMultiScalarMul(joined.scalars, joined.points)
        }
        // The buckets read points where they are: joining them would copy 128 bytes for each.
        let bits = parts.reduce(0) { max($0, bitCount($1.scalars)) }
        return bits == 0 ? identity : Point(VectorBuckets.sum(parts, bits: bits))
    }

    /// Bits of the longest scalar.
    private static func bitCount(_ scalars: [Scalar]) -> Int {
        var longest = ScalarLimbs.zero
        for scalar in scalars {
            let s = scalar.value
            longest = ScalarLimbs(longest.l0 | s.l0, longest.l1 | s.l1, longest.l2 | s.l2, longest.l3 | s.l3)
        }
        return longest.vartimeBitCount
    }

    /// Terms of one length class.
    private typealias Terms = (scalars: [Scalar], points: [Point])

    /// The terms with scalars of at most ``shortBits`` bits and the others, if there are enough of the former to be summed by themselves.
    private static func split(_ scalars: [Scalar], _ points: [Point]) -> (short: Terms, long: Terms)? {
        let isShort = scalars.map { $0.value.l2 | $0.value.l3 == 0 }
        let count = isShort.reduce(0) { $0 + ($1 ? 1 : 0) }
        guard count >= splitMinimum && count < scalars.count else { return nil }
        var short: Terms = ([], [])
        var long: Terms = ([], [])
        short.scalars.reserveCapacity(count)
        short.points.reserveCapacity(count)
        long.scalars.reserveCapacity(scalars.count - count)
        long.points.reserveCapacity(scalars.count - count)
        for i in scalars.indices {
            if isShort[i] {
                short.scalars.append(scalars[i])
                short.points.append(points[i])
            } else {
                long.scalars.append(scalars[i])
                long.points.append(points[i])
            }
        }
        return (short, long)
    }

    /// Straus' method with width-5 non-adjacent forms: eight odd multiples per point, one addition in six bits.
    private static func vartimeStraus(_ scalars: [Scalar], _ points: [Point], bits: Int) -> EdwardsPoint {
        let count = points.count
        let digitCount = bits + 1
        return withUnsafeTemporaryAllocation(of: ProjectiveNiels.self, capacity: 8 * count) { tables in
            withUnsafeTemporaryAllocation(of: Int8.self, capacity: digitCount * count) { digits in
                for i in 0..<count {
                    let double = points[i].edwards.doubled().projectiveNiels
                    var multiple = points[i].edwards
                    tables.initializeElement(at: 8 * i, to: multiple.projectiveNiels)
                    for j in 1..<8 {
                        multiple = multiple + double
                        tables.initializeElement(at: 8 * i + j, to: multiple.projectiveNiels)
                    }
                    scalars[i].value.vartimeNonAdjacentForm(digitCount: digitCount) { position, digit in
                        digits.initializeElement(at: position * count + i, to: digit)
                    }
                }
                var sum = EdwardsPoint.identity
                for position in (0..<digitCount).reversed() {
                    sum = sum.doubled()
                    for i in 0..<count {
                        let digit = Int(digits[position * count + i])
                        if digit > 0 {
                            sum = sum + tables[8 * i + digit >> 1]
                        } else if digit < 0 {
                            sum = sum - tables[8 * i + (-digit) >> 1]
                        }
                    }
                }
                return sum
            }
        }
    }
}

extension ScalarLimbs {
    /// The position after the highest bit that is set. Variable time.
    var vartimeBitCount: Int {
        if l3 != 0 { return 256 - l3.leadingZeroBitCount }
        if l2 != 0 { return 192 - l2.leadingZeroBitCount }
        if l1 != 0 { return 128 - l1.leadingZeroBitCount }
        return 64 - l0.leadingZeroBitCount
    }

    /// The width-5 non-adjacent form: digits 0 or odd in `-15...15`, calls `body` for every position in `0..<digitCount`. Variable time.
    ///
    /// - Parameter digitCount: one more than the bits of the scalar.
    func vartimeNonAdjacentForm(digitCount: Int, _ body: (Int, Int8) -> Void) {
        var rest = self
        var position = 0
        while position < digitCount {
            var digit = 0
            if rest.l0 & 1 == 1 {
                digit = Int(rest.l0 & 31)
                if digit > 15 {
                    digit -= 32
                    rest = ScalarLimbs.adding(rest, ScalarLimbs(UInt64(-digit), 0, 0, 0))
                } else {
                    rest.l0 -= UInt64(digit)
                }
            }
            body(position, Int8(digit))
            rest = ScalarLimbs(
                rest.l0 >> 1 | rest.l1 << 63, rest.l1 >> 1 | rest.l2 << 63, rest.l2 >> 1 | rest.l3 << 63, rest.l3 >> 1)
            position += 1
        }
    }
}
