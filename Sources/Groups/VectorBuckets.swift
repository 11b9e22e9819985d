// SPDX-License-Identifier: Apache-2.0
internal import CKernels

/// Pippenger's bucket method on the vector kernel, variable time, public data only.
///
/// Windows are tasks that the cores take one after the other; windows that would be left over are split by points. Memory is
/// taken per call and core, and many terms are summed in chunks, so that it is bounded.
enum VectorBuckets {
    /// Most terms at a time: their rows of 128 bytes stay in the last-level cache.
    static let chunk = 1 << 17
    /// Fewest terms that are worth a second core.
    private static let parallelMinimum = 256

    /// `sum scalars[i] * points[i]` for scalars below `2^bits`.
    static func sum(
        _ scalars: UnsafePointer<Ristretto255.Scalar>, _ points: UnsafePointer<Ristretto255.Point>, count: Int, bits: Int
    ) -> EdwardsPoint {
        let chunks = (count + chunk - 1) / chunk
        var sum = EdwardsPoint.identity
        for k in 0..<chunks {
            let range = count * k / chunks..<count * (k + 1) / chunks
            sum = sum + chunkSum(scalars + range.lowerBound, points + range.lowerBound, count: range.count, bits: bits)
        }
        return sum
    }

    /// A window and the points of a task.
    private struct Task {
        let window: Int
        let range: Range<Int>
    }

    private static func chunkSum(
        _ scalars: UnsafePointer<Ristretto255.Scalar>, _ points: UnsafePointer<Ristretto255.Point>, count: Int, bits: Int
    ) -> EdwardsPoint {
        let plan = BucketPlan.best(count: count, bits: bits)
        let cores = count >= parallelMinimum ? Parallel.coreCount : 1
        let tasks = tasks(windows: plan.windows.count, count: count, cores: cores)
        // One more row for the identity; more places for scalars, for vectors are read whole.
        let stride = (count + 7) / 8 * 8 + 8
        let partial = UnsafeMutablePointer<EdwardsPoint>.allocate(capacity: tasks.count)
        defer { partial.deallocate() }
        ScratchMemory.with(128 * (count + 1) + 32 * stride) { memory in
            let rows = memory.assumingMemoryBound(to: UInt64.self)
            sumTasks(plan, tasks, scalars, points, count, rows, rows + 16 * (count + 1), stride, cores: cores, into: partial)
        }
        var sum = EdwardsPoint.identity
        var position = plan.windows.count
        for (index, task) in tasks.enumerated() {
            if task.window < position && position < plan.windows.count { sum = sum.doubled(times: plan.width) }
            position = task.window
            sum = sum + partial[index]
        }
        return sum
    }

    /// Prepares rows and biased scalars and computes the partial sum of each task.
    private static func sumTasks(
        _ plan: BucketPlan, _ tasks: [Task], _ scalars: UnsafePointer<Ristretto255.Scalar>, _ points: UnsafePointer<Ristretto255.Point>,
        _ count: Int, _ rows: UnsafeMutablePointer<UInt64>, _ biased: UnsafeMutablePointer<UInt64>, _ stride: Int, cores: Int,
        into partial: UnsafeMutablePointer<EdwardsPoint>
    ) {
        zk_ifma_identity_row(rows + 16 * count)
        Parallel.chunks((count + 7) / 8, minimum: parallelMinimum / 16) { blocks in
            let (start, end) = (8 * blocks.lowerBound, min(count, 8 * blocks.upperBound))
            zk_ifma_rows(VectorKernel.words(points + start), end - start, rows + 16 * start)
            let limbs = UnsafeRawPointer(scalars + start).assumingMemoryBound(to: UInt64.self)
            zk_ifma_bias(limbs, end - start, plan.bias, plan.largeBias, biased + start, stride)
        }
        Parallel.tasks(tasks.count, workers: cores) { next in
            let bytes = tasks.map { zk_ifma_window_bytes($0.range.count, plan.windows[$0.window].buckets) }.max() ?? 0
            ScratchMemory.with(bytes) { workspace in
                while let task = next() {
                    (partial + task).initialize(to: windowSum(plan, tasks[task], count, rows, biased, stride, workspace))
                }
            }
        }
    }

    /// The tasks, highest windows first. With `w` windows and `c` cores, `w mod c` windows are split into as many parts as keeps all
    /// cores busy.
    private static func tasks(windows: Int, count: Int, cores: Int) -> [Task] {
        let left = windows % cores
        let parts = left == 0 ? 1 : min((cores + left - 1) / left, max(1, count / 2048))
        return (0..<windows).reversed().flatMap { window in
            let parts = window < left ? parts : 1
            return (0..<parts).map { Task(window: window, range: count * $0 / parts..<count * ($0 + 1) / parts) }
        }
    }

    /// `sum digit(window, scalars[i]) * points[i]` over the points of a task.
    private static func windowSum(
        _ plan: BucketPlan, _ task: Task, _ count: Int, _ rows: UnsafeMutablePointer<UInt64>, _ biased: UnsafeMutablePointer<UInt64>,
        _ stride: Int, _ workspace: UnsafeMutableRawPointer
    ) -> EdwardsPoint {
        let window = plan.windows[task.window]
        var description = zk_ifma_window(
            biased: biased + task.range.lowerBound, stride: stride, count: task.range.count,
            identity: UInt32(count - task.range.lowerBound), position: UInt32(plan.width * task.window), mask: window.mask,
            offset: window.offset, buckets: window.buckets)
        return withUnsafeTemporaryAllocation(of: EdwardsPoint.self, capacity: 16) { sums in
            guard let weighted = sums.baseAddress else { return .identity }
            let words = UnsafeMutableRawPointer(weighted).assumingMemoryBound(to: UInt64.self)
            let segment = zk_ifma_window_sum(&description, rows + 16 * task.range.lowerBound, workspace, words, words + 128)
            let plain = weighted + 8
            // sum weighted[l] + segment * sum l * plain[l], the latter as a sum of suffix sums, times segment by doubling and adding.
            var (suffix, multiples) = (plain[7], plain[7])
            for l in (1..<7).reversed() {
                suffix = suffix + plain[l]
                multiples = multiples + suffix
            }
            let step = multiples.projectiveNiels
            for bit in (0..<(Int.bitWidth - segment.leadingZeroBitCount - 1)).reversed() {
                multiples = multiples.doubled()
                if segment >> bit & 1 == 1 { multiples = multiples + step }
            }
            return (0..<8).reduce(multiples) { $0 + weighted[$1] }
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

    /// - Precondition: `width` in `2...15`; at least two windows if `bits >= 252`.
    init(width: Int, bits: Int) {
        let isFull = bits >= 252
        let signedBits = isFull ? 252 : bits
        let count = isFull ? (252 + width - 1) / width : max(1, (bits + width) / width)
        let topBits = signedBits - width * (count - 1)
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

    /// Nanoseconds of a term, of a bucket and of a window, measured on one core.
    private static let (termCost, bucketCost, windowCost) = (10.4, 23.0, 2500.0)

    /// The plan of least cost.
    static func best(count: Int, bits: Int) -> BucketPlan {
        var best = BucketPlan(width: 4, bits: bits)
        var least = Double.infinity
        for width in 4...15 {
            let plan = BucketPlan(width: width, bits: bits)
            let cost = plan.windows.reduce(0.0) { $0 + termCost * Double(count) + bucketCost * Double($1.buckets) + windowCost }
            if cost < least { (best, least) = (plan, cost) }
        }
        return best
    }
}
