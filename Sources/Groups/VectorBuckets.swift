// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

/// Pippenger's bucket method on the vector kernel, variable time, public data only.
///
/// Of many terms each core takes pieces and sums them by itself. Of fewer, windows are tasks that the cores take one after the other; windows that would be
/// left over are split by points. Memory is taken per call and core, and bounded by the length of a chunk.
enum VectorBuckets {
    /// Most terms that one core, or all cores together, sum at a time: rows of 128 bytes, which stay in the last-level cache where not many cores share it.
    static let chunk = 1 << 17
    /// Fewest terms that a core sums by itself: then cores neither share rows nor wait for one another.
    private static let pieceMinimum = 1 << 16
    /// Fewest terms that are worth a second core.
    private static let parallelMinimum = 256
    /// Terms that a core makes ready at a time.
    private static let block = 1_024
    /// The same where there are few for each core.
    private static let minimumBlock = 128

    /// The sum of the terms of all parts, for scalars below `2^bits`.
    static func sum(_ parts: [PublicTerms<Ristretto255>], bits: Int) -> EdwardsPoint {
        let total = parts.reduce(0) { $0 + $1.points.count }
        let sum = { (range: Range<Int>) in chunkSum(blocks(of: parts, range), count: range.count, bits: bits) }
        if total / Parallel.coreCount >= pieceMinimum {
            return Parallel.pieces(total, minimum: pieceMinimum, most: chunk, sum).reduce(.identity) { $0 + $1 }
        }
        let chunks = (total + chunk - 1) / chunk
        return (0..<chunks).reduce(.identity) { $0 + sum(total * $1 / chunks..<total * ($1 + 1) / chunks) }
    }

    /// The terms `range` of all parts, in blocks of whole vectors, enough of them for every core.
    private static func blocks(of parts: [PublicTerms<Ristretto255>], _ range: Range<Int>) -> [Block] {
        let length = min(block, max(minimumBlock, range.count / Parallel.coreCount / 8 * 8))
        var blocks: [Block] = []
        // Where the part begins among all terms.
        var first = 0
        for part in parts {
            let end = min(range.upperBound - first, part.points.count)
            var start = max(range.lowerBound - first, 0)
            while start < end {
                let next = min(end, start + length)
                blocks.append(Block(terms: part, range: start..<next, place: first + start - range.lowerBound))
                start = next
            }
            first += part.points.count
        }
        return blocks
    }

    /// Some terms of a part, and where they stand in a chunk.
    private struct Block {
        let terms: PublicTerms<Ristretto255>
        let range: Range<Int>
        let place: Int

        /// Writes their rows and biased scalars, whose words are `stride` apart.
        func prepare(_ plan: BucketPlan, _ rows: UnsafeMutablePointer<UInt64>, _ biased: UnsafeMutablePointer<UInt64>, stride: Int) {
            terms.points.withUnsafeBufferPointer { points in
                guard let points = points.baseAddress else { return }
                zk_ifma_rows(VectorKernel.words(points + range.lowerBound), range.count, rows + 16 * place)
            }
            terms.scalars.withUnsafeBytes { scalars in
                let limbs = scalars.assumingMemoryBound(to: UInt64.self).baseAddress.map { $0 + 4 * range.lowerBound }
                zk_ifma_bias(limbs, range.count, plan.bias, plan.largeBias, biased + place, stride)
            }
        }
    }

    /// The sum of `count` terms in blocks.
    private static func chunkSum(_ blocks: [Block], count: Int, bits: Int) -> EdwardsPoint {
        let plan = BucketPlan.best(count: count, bits: bits)
        let cores = count >= parallelMinimum ? Parallel.coreCount : 1
        let tasks = WindowTask.tasks(windows: plan.windows.count, terms: count, cores: cores)
        let bytes = tasks.map { zk_ifma_window_bytes($0.terms.count, plan.windows[$0.window].buckets) }.max() ?? 0
        // One more row for the identity; more places for scalars, for vectors are read whole.
        let stride = (count + 7) / 8 * 8 + 8
        let partial = UnsafeMutablePointer<zk_ifma_partial>.allocate(capacity: tasks.count)
        defer { partial.deallocate() }
        ScratchMemory.with(128 * (count + 1) + 32 * stride) { memory in
            let rows = memory.assumingMemoryBound(to: UInt64.self)
            let biased = rows + 16 * (count + 1)
            zk_ifma_identity_row(rows + 16 * count)
            Parallel.tasks(tasks.count, workers: cores, after: blocks.count) { number in
                blocks[number].prepare(plan, rows, biased, stride: stride)
            } then: { next in
                ScratchMemory.with(bytes) { workspace in
                    while let task = next() {
                        let range = tasks[task].terms
                        var window = plan.window(
                            tasks[task].window, biased + range.lowerBound, stride: stride, count: range.count,
                            identity: count - range.lowerBound)
                        zk_ifma_window_sum(&window, rows + 16 * range.lowerBound, workspace, partial + task)
                    }
                }
            }
        }
        return combined(partial, tasks.count)
    }

    /// The sum of partial sums, highest windows first.
    static func combined(_ partial: UnsafeMutablePointer<zk_ifma_partial>, _ count: Int) -> EdwardsPoint {
        withUnsafeTemporaryAllocation(of: EdwardsPoint.self, capacity: 1) { point in
            guard let point = point.baseAddress else { return .identity }
            zk_ifma_combine(partial, count, UnsafeMutableRawPointer(point).assumingMemoryBound(to: UInt64.self))
            return point.pointee
        }
    }
}

/// A window of a sum, and some of its terms: what one core does at a time.
package struct WindowTask: Equatable, Sendable {
    /// The window.
    package let window: Int
    /// The terms.
    package let terms: Range<Int>

    /// Fewest terms of half a window.
    private static let halfMinimum = 4_096
    /// Fewest terms of a part of a window that would be left over.
    private static let partMinimum = 2_048

    /// The tasks of a sum, highest windows first.
    ///
    /// With `w` windows and `c` cores, `w mod c` windows are split into as many parts as keeps all cores busy. Where none are left over, the last `c` are
    /// split in two, for cores are seldom equally fast; not where that is many of the windows, since each half has to weigh all buckets.
    package static func tasks(windows: Int, terms count: Int, cores: Int) -> [WindowTask] {
        let left = windows % cores
        let halves = cores > 1 && windows >= 4 * cores && count >= 2 * halfMinimum
        let (split, parts) =
            left > 0 ? (left, min((cores + left - 1) / left, max(1, count / partMinimum))) : (halves ? cores : 0, 2)
        return (0..<windows).reversed().flatMap { window in
            let parts = window < split ? parts : 1
            return (0..<parts).map { WindowTask(window: window, terms: count * $0 / parts..<count * ($0 + 1) / parts) }
        }
    }
}

/// The windows of a bucket multiplication.
///
/// As in ``SignedDigits``, a bias turns the windows of a scalar into signed digits. Full scalars, of 252 bits or more, are first brought to
/// `-2^251 - 2^125 ... 2^251`, so that their top digit is signed too; shorter ones have an unsigned top digit.
struct BucketPlan: Sendable {
    /// One window: its digit is `(biased >> position) & mask - offset`, of magnitude at most `buckets`.
    struct Window: Sendable {
        let mask: UInt64
        let offset: UInt64
        let buckets: Int
    }
    /// Bits of every window but the last.
    let width: Int
    let windows: [Window]
    /// What is added to scalars, and to those of at least `2^251`.
    let bias: [UInt64]
    let largeBias: [UInt64]

    /// The number of windows of `width` bits and the bits of the last one.
    private static func shape(width: Int, bits: Int) -> (count: Int, topBits: Int) {
        let isFull = bits >= 252
        let signedBits = isFull ? 252 : bits
        let count = isFull ? (252 + width - 1) / width : max(1, (bits + width) / width)
        return (count, signedBits - width * (count - 1))
    }

    /// The number of windows.
    static func windowCount(width: Int, bits: Int) -> Int { shape(width: width, bits: bits).count }

    /// - Precondition: `width` in `4...15`; at least two windows if `bits >= 252`.
    init(width: Int, bits: Int) {
        let isFull = bits >= 252
        let (count, topBits) = Self.shape(width: width, bits: bits)
        var bias: [UInt64] = [0, 0, 0, 0]
        for i in 0..<count - 1 {
            let position = width * i + width - 1
            bias[position / 64] |= 1 << UInt64(position % 64)
        }
        if isFull { bias[3] |= 1 << 59 }
        self.width = width
        self.bias = bias
        let limbs = ScalarLimbs(bias[0], bias[1], bias[2], bias[3])
        let large = isFull ? ScalarLimbs.subtracting(limbs, ScalarLimbs.modulus).0 : limbs
        largeBias = [large.l0, large.l1, large.l2, large.l3]
        let half = 1 << (width - 1)
        let top = isFull ? 1 << (topBits - 1) : 0
        windows =
            [Window](repeating: Window(mask: 1 << UInt64(width) - 1, offset: UInt64(half), buckets: half), count: count - 1)
            + [Window(mask: .max, offset: UInt64(top), buckets: isFull ? top : 1 << topBits)]
    }

    /// Window `index` of `count` biased scalars, whose words are `stride` apart; `identity` is the index of the identity's row.
    func window(
        _ index: Int, _ biased: UnsafePointer<UInt64>, stride: Int, count: Int, identity: Int
    ) -> zk_ifma_window {
        let window = windows[index]
        return zk_ifma_window(
            biased: biased, stride: stride, count: count, identity: UInt32(identity), position: UInt32(width * index),
            weight: UInt32(width * index), mask: window.mask, offset: window.offset, buckets: window.buckets)
    }

    /// Nanoseconds of a term, of a bucket and of a window, measured on one core.
    private static let (termCost, bucketCost, windowCost) = (10.4, 23.0, 700.0)

    /// Nanoseconds of a pass over `terms` terms with `buckets` buckets.
    static func passCost(terms: Int, buckets: Int) -> Double {
        termCost * Double(terms) + bucketCost * Double(buckets) + windowCost
    }

    /// Nanoseconds that a sum of `count` terms takes.
    static func cost(width: Int, bits: Int, count: Int) -> Double {
        let (windows, topBits) = shape(width: width, bits: bits)
        let topBuckets = 1 << (bits >= 252 ? topBits - 1 : topBits)
        return Double(windows - 1) * passCost(terms: count, buckets: 1 << (width - 1)) + passCost(terms: count, buckets: topBuckets)
    }

    /// The width of least cost, and the cost.
    static func bestWidth(count: Int, bits: Int) -> (width: Int, cost: Double) {
        var best = (width: 4, cost: cost(width: 4, bits: bits, count: count))
        for width in 5...15 {
            let cost = cost(width: width, bits: bits, count: count)
            if cost < best.cost { best = (width, cost) }
        }
        return best
    }

    /// The plan of least cost.
    static func best(count: Int, bits: Int) -> BucketPlan { BucketPlan(width: bestWidth(count: count, bits: bits).width, bits: bits) }
}
