// SPDX-License-Identifier: Apache-2.0
internal import Cores

/// Pippenger's bucket method with signed digits, variable time, public data only.
///
/// Every window of the scalars is a task of its own: it adds each point to the bucket of its digit and sums the buckets. With more
/// cores than windows the points are split too. Nothing is allocated per point.
enum VartimeBuckets {
    /// From this number of terms on, windows are spread over the cores.
    private static let parallelMinimum = 512

    /// `sum scalars[i] * points[i]` for scalars below `2^bits`.
    static func sum(_ scalars: [Ristretto255.Scalar], _ points: [Ristretto255.Point], bits: Int) -> EdwardsPoint {
        let count = points.count
        let parallel = count >= parallelMinimum
        let cores = parallel ? Parallel.coreCount : 1
        let digits = SignedDigits(width: width(count: count, bits: bits, cores: cores), bits: bits)
        let parts = max(1, min(count / 4096, 2 * cores / digits.count))

        let prepared = UnsafeMutablePointer<AffineNiels>.allocate(capacity: count)
        let biased = UnsafeMutablePointer<ScalarLimbs>.allocate(capacity: count)
        let partial = UnsafeMutablePointer<EdwardsPoint>.allocate(capacity: digits.count * parts)
        defer {
            prepared.deallocate()
            biased.deallocate()
            partial.deallocate()
        }
        Parallel.chunks(count, minimum: parallelMinimum / 2) { range in
            for i in range { (biased + i).initialize(to: digits.biased(scalars[i].value)) }
            prepare(points, range, into: prepared)
        }
        Parallel.each(digits.count * parts, parallel: parallel) { task in
            let (window, part) = (digits.count - 1 - task / parts, task % parts)
            let range = count * part / parts..<count * (part + 1) / parts
            (partial + window * parts + part).initialize(to: windowSum(digits, window, range, biased, prepared))
        }
        var sum = EdwardsPoint.identity
        for window in (0..<digits.count).reversed() {
            if window < digits.count - 1 { sum = sum.doubled(times: digits.width) }
            for part in 0..<parts { sum = sum + partial[window * parts + part] }
        }
        return sum
    }

    /// The digit width of least cost, in additions: one for each point and two dearer ones for each bucket, per window.
    static func width(count: Int, bits: Int, cores: Int) -> Int {
        var best = (cost: Double.infinity, width: 1)
        for width in 3...15 {
            let windows = (bits + width) / width
            // With few cores whole rounds of windows count; with many the points are split.
            let rounds = cores <= 4 ? Double((windows + cores - 1) / cores) : Double(windows) / Double(cores)
            let cost = rounds * (Double(count) * (width > 12 ? 1.1 : 1) + 2.4 * Double(1 << (width - 1)))
            if cost < best.cost { best = (cost, width) }
        }
        return best.width
    }

    /// Writes the additive forms of points `range`, with one inversion for each 64 of them that are not all stored with `Z = 1`.
    private static func prepare(_ points: [Ristretto255.Point], _ range: Range<Int>, into out: UnsafeMutablePointer<AffineNiels>) {
        let blockSize = 64
        withUnsafeTemporaryAllocation(of: Field25519.self, capacity: 2 * blockSize) { scratch in
            guard let inverses = scratch.baseAddress else { return }
            for start in stride(from: range.lowerBound, to: range.upperBound, by: blockSize) {
                let block = start..<min(start + blockSize, range.upperBound)
                if block.allSatisfy({ points[$0].edwards.vartimeHasUnitZ }) {
                    for i in block { (out + i).initialize(to: points[i].edwards.affineNielsOfUnitZ) }
                } else {
                    for i in block { (inverses + i - start).initialize(to: points[i].edwards.z) }
                    Field25519.invert(inverses, count: block.count, scratch: inverses + blockSize)
                    for i in block { (out + i).initialize(to: points[i].edwards.affineNiels(inverseZ: inverses[i - start])) }
                }
            }
        }
    }

    /// `sum digit(window, scalars[i]) * points[i]` over `range`.
    private static func windowSum(
        _ digits: SignedDigits, _ window: Int, _ range: Range<Int>, _ biased: UnsafeMutablePointer<ScalarLimbs>,
        _ points: UnsafeMutablePointer<AffineNiels>
    ) -> EdwardsPoint {
        let bucketCount = 1 << (digits.width - 1)
        let buckets = UnsafeMutablePointer<EdwardsPoint>.allocate(capacity: bucketCount)
        defer { buckets.deallocate() }
        buckets.initialize(repeating: .identity, count: bucketCount)
        for i in range {
            // Bucket b holds the points of digit b + 1 and the negatives of those of digit -(b + 1).
            let digit = digits.digit(window, of: biased + i)
            if digit > 0 {
                buckets[digit - 1] = buckets[digit - 1] + points[i]
            } else if digit < 0 {
                buckets[-digit - 1] = buckets[-digit - 1] - points[i]
            }
        }
        // sum (b + 1) * bucket[b] as the sum of all the suffix sums.
        var suffix = EdwardsPoint.identity
        var sum = EdwardsPoint.identity
        for b in (0..<bucketCount).reversed() {
            suffix = suffix + buckets[b]
            sum = sum + suffix
        }
        return sum
    }
}
