// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores

// Variable-time sums over points that come again, on the vector kernel: with the multiples 2^(wk) P at hand, the digits of all windows go
// into the same buckets. There is one set of buckets instead of one for each window, so that windows are wider, and nothing is doubled.

extension Ristretto255 {
    /// Row forms of `2^(width spacing j) P` for every point and every position j. Windows `spacing j + r` of equal r share a pass.
    public final class PublicTables: @unchecked Sendable {
        let plan: BucketPlan
        let layout: PublicTableLayout
        let count: Int
        /// Position by position, and the identity at the end. Written by the initialiser only.
        let rows: UnsafeMutablePointer<UInt64>

        init(_ points: [Point]) {
            count = points.count
            layout = PublicTableLayout.best(count: points.count)
            plan = BucketPlan(width: layout.width, bits: 253)
            let (rowCount, count) = (layout.positions * count, count)
            rows = UnsafeMutableRawPointer.allocate(byteCount: 128 * (rowCount + 1), alignment: 64).assumingMemoryBound(to: UInt64.self)
            zk_ifma_identity_row(rows + 16 * rowCount)
            let layout = layout
            nonisolated(unsafe) let rows = rows
            var multiples = points
            multiples.withUnsafeMutableBufferPointer { multiples in
                guard let base = multiples.baseAddress else { return }
                nonisolated(unsafe) let words = VectorKernel.words(base)
                Parallel.chunks((count + 7) / 8, minimum: 4) { blocks in
                    let (start, end) = (8 * blocks.lowerBound, min(count, 8 * blocks.upperBound))
                    for position in 0..<layout.positions {
                        if position > 0 { zk_ifma_double(words + 16 * start, end - start, UInt32(layout.width * layout.spacing)) }
                        zk_ifma_rows(words + 16 * start, end - start, rows + 16 * (position * count + start))
                    }
                }
            }
        }

        deinit { rows.deallocate() }
    }

    /// Tables for the vector kernel; `nil` on the portable one, which has none, and for no points.
    public static func publicTables(_ points: [Point]) -> PublicTables? {
        Kernel.current == .ifma && !points.isEmpty ? PublicTables(points) : nil
    }

    /// By the measured costs of the vector kernel on one core; tables must save a twentieth.
    public static func publicTablesPay(_ count: Int, beside others: Int) -> Bool {
        guard Kernel.current == .ifma, count > 0 else { return false }
        let apart = PublicTableLayout.best(count: count).cost(count: count) + vartimeCost(others)
        return apart < 0.95 * vartimeCost(count + others)
    }

    /// Nanoseconds of a sum of `count` terms with full scalars on one core of the vector kernel.
    private static func vartimeCost(_ count: Int) -> Double {
        if count == 0 { return 0 }
        if count < vectorBucketMinimum { return 13_000 + 8_800 * Double((count + 7) / 8) }
        return BucketPlan.bestWidth(count: count, bits: 253).cost
    }

    /// `sum scalars[i] * points[i]` of the points of the tables. Variable time: for public scalars.
    public static func vartimeMultiScalarMul(_ scalars: [Scalar], _ tables: PublicTables) -> Point {
        precondition(scalars.count == tables.count, "one scalar per point")
        return scalars.withUnsafeBufferPointer { scalars in
            guard let scalars = scalars.baseAddress else { return identity }
            return Point(sum(UnsafeRawPointer(scalars).assumingMemoryBound(to: UInt64.self), tables))
        }
    }

    /// A pass and the terms of a task: terms are positions, and in each of them points.
    private struct Task {
        let pass: Int
        let terms: Range<Int>
    }

    private static func sum(_ limbs: UnsafePointer<UInt64>, _ tables: PublicTables) -> EdwardsPoint {
        let (plan, layout, count) = (tables.plan, tables.layout, tables.count)
        let cores = layout.positions * count >= 4_096 ? Parallel.coreCount : 1
        let tasks = (0..<layout.spacing).reversed().flatMap { pass in
            let terms = count * layout.windows(pass: pass, of: plan.windows.count)
            let parts = max(1, min(cores, terms / 2_048), (terms + VectorBuckets.chunk - 1) / VectorBuckets.chunk)
            return (0..<parts).map { Task(pass: pass, terms: terms * $0 / parts..<terms * ($0 + 1) / parts) }
        }
        let stride = (count + 7) / 8 * 8 + 8
        let digitPlaces = layout.positions * count + 16
        let partial = UnsafeMutablePointer<zk_ifma_partial>.allocate(capacity: tasks.count)
        defer { partial.deallocate() }
        ScratchMemory.with(8 * (4 * stride + layout.spacing * digitPlaces)) { memory in
            let biased = memory.assumingMemoryBound(to: UInt64.self)
            let digits = biased + 4 * stride
            zk_ifma_bias(limbs, count, plan.bias, plan.largeBias, biased, stride)
            let half = UInt64(1) << UInt64(plan.width - 1)
            for window in plan.windows.indices {
                var description = plan.window(window, biased, stride: stride, count: count, identity: 0)
                let (position, pass) = (window / layout.spacing, window % layout.spacing)
                zk_ifma_window_digits(&description, half, digits + pass * digitPlaces + position * count)
            }
            Parallel.tasks(tasks.count, workers: cores) { next in
                let most = tasks.map(\.terms.count).max() ?? 0
                ScratchMemory.with(zk_ifma_window_bytes(most, Int(half))) { workspace in
                    while let index = next() {
                        let (task, first) = (tasks[index], tasks[index].terms.lowerBound)
                        var window = zk_ifma_window(
                            biased: digits + task.pass * digitPlaces + first, stride: 0, count: task.terms.count,
                            identity: UInt32(layout.positions * count - first), position: 0, weight: UInt32(plan.width * task.pass),
                            mask: 4 * half - 1, offset: half, buckets: Int(half))
                        zk_ifma_window_sum(&window, tables.rows + 16 * first, workspace, partial + index)
                    }
                }
            }
        }
        return VectorBuckets.combined(partial, tasks.count)
    }
}

/// The width of windows and the number of passes of tables for some number of points.
struct PublicTableLayout: Sendable {
    /// Bits of a window.
    let width: Int
    /// The number of passes.
    let spacing: Int
    /// Multiples of each point.
    let positions: Int

    /// Most bytes of tables, unless one multiple of each point takes more: larger ones are no longer read from the last-level cache.
    static let limit = 9 << 20

    /// The number of windows that pass `pass` adds up.
    func windows(pass: Int, of windows: Int) -> Int { (windows - pass + spacing - 1) / spacing }

    /// Nanoseconds of a sum: terms cost more where the tables exceed the second-level cache.
    func cost(count: Int) -> Double {
        let terms = count * positions
        let distance = terms > 8_192 ? 1.15 : 1
        return Double(spacing) * BucketPlan.passCost(terms: Int(distance * Double(terms)), buckets: 1 << (width - 1)) + 2_000
    }

    /// The layout of least cost within ``limit``.
    static func best(count: Int) -> PublicTableLayout {
        var best = layout(width: 4, count: count)
        for width in 5...15 {
            let next = layout(width: width, count: count)
            if next.cost(count: count) < best.cost(count: count) { best = next }
        }
        return best
    }

    private static func layout(width: Int, count: Int) -> PublicTableLayout {
        let windows = BucketPlan.windowCount(width: width, bits: 253)
        let most = max(1, limit / (128 * max(1, count)))
        let spacing = (windows + most - 1) / most
        return PublicTableLayout(width: width, spacing: spacing, positions: (windows + spacing - 1) / spacing)
    }
}
