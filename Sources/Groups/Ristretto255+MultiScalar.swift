// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

// Multi-scalar multiplication that is constant time in the scalars: Straus' method with signed radix-16 digits and masked scans.

extension Ristretto255 {
    /// Points of a chunk: its tables of 1 KB each stay in the second-level cache, and its own doublings cost little per point.
    private static let strausChunk = 128

    /// `sum scalars[i] * points[i]`, on all cores; constant time in the scalars, whose limbs are below the order.
    public static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point {
        precondition(scalars.count == 4 * points.count, "four limbs per point")
        let count = points.count
        if count == 0 { return identity }
        if count >= VectorKernel.strausMinimum && Kernel.current == .ifma {
            return scalars.withUnsafeBufferPointer { limbs in
                points.withUnsafeBufferPointer { points in
                    guard let limbs = limbs.baseAddress, let points = points.baseAddress else { return identity }
                    return Point(VectorKernel.straus(limbs, points, count: count, bits: 253))
                }
            }
        }
        let chunks = (count + strausChunk - 1) / strausChunk
        // Balanced over the cores when there are few chunks.
        let parts = chunks < 4 * Parallel.coreCount && count >= 16 ? max(chunks, min(Parallel.coreCount, count / 8)) : chunks
        let partial = UnsafeMutablePointer<EdwardsPoint>.allocate(capacity: parts)
        defer {
            zk_wipe(partial, parts * MemoryLayout<EdwardsPoint>.stride)
            partial.deallocate()
        }
        scalars.withUnsafeBufferPointer { limbs in
            Parallel.each(parts, parallel: true) { part in
                let range = count * part / parts..<count * (part + 1) / parts
                points.withUnsafeBufferPointer { points in
                    let first = limbs.baseAddress.map { $0 + 4 * range.lowerBound }
                    guard let limbs = first, let points = points.baseAddress else { return }
                    (partial + part).initialize(to: straus(limbs, points + range.lowerBound, count: range.count))
                }
            }
        }
        var sum = EdwardsPoint.identity
        for part in 0..<parts { sum = sum + partial[part] }
        return Point(sum)
    }

    /// `sum scalars[i] * points[i]` for `count` scalars of four limbs. Tables are wiped, too: points may be secret.
    static func straus(_ limbs: UnsafePointer<UInt64>, _ points: UnsafePointer<Point>, count: Int) -> EdwardsPoint {
        let digits = SignedDigits(width: 4, bits: 253)
        let tables = UnsafeMutablePointer<ProjectiveNiels>.allocate(capacity: 8 * count)
        let biased = UnsafeMutablePointer<ScalarLimbs>.allocate(capacity: count)
        defer {
            zk_wipe(biased, count * MemoryLayout<ScalarLimbs>.stride)
            zk_wipe(tables, 8 * count * MemoryLayout<ProjectiveNiels>.stride)
            biased.deallocate()
            tables.deallocate()
        }
        for i in 0..<count {
            (biased + i).initialize(to: digits.biased(ScalarLimbs(limbs[4 * i], limbs[4 * i + 1], limbs[4 * i + 2], limbs[4 * i + 3])))
            let point = points[i].edwards
            let single = point.projectiveNiels
            (tables + 8 * i).initialize(to: single)
            var multiple = point
            for j in 1..<8 {
                multiple = multiple + single
                (tables + 8 * i + j).initialize(to: multiple.projectiveNiels)
            }
        }
        var sum = EdwardsPoint.identity
        for index in (0..<digits.count).reversed() {
            if index < digits.count - 1 { sum = sum.doubled(times: 4) }
            for i in 0..<count {
                let digit = SecretDigit(digits.digit(index, of: biased + i))
                sum = sum + ProjectiveNiels.lookUp(tables + 8 * i, entries: 8, digit)
            }
        }
        return sum
    }
}
