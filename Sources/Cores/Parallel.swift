// SPDX-License-Identifier: Apache-2.0
private import CKernels
private import Synchronization

/// Splitting loops over the cores that this process may use. Bodies write to disjoint places only.
///
/// Work is handed out in ``Shares``: each core takes the next one when it is done with its last, so that a core that something else keeps busy does less.
package enum Parallel {
    /// The number of cores that the calling thread may run on, at least 1; within ``pieces(_:minimum:most:granule:_:)`` its share of them. Asked anew
    /// each time: benchmarks and `taskset` change it. A container's quota of processor time, asked once, counts as so many cores.
    package static var coreCount: Int { max(1, Int(zk_core_count())) }

    /// Nanoseconds of processor time so far in which threads looked for a loop or waited for one another: see ``WorkerPool``.
    package static var idleTime: UInt64 { WorkerPool.idleTime }

    /// Calls `body` for disjoint ranges that cover `0..<count`, on all cores; once where a second core would get fewer than `minimum`.
    ///
    /// - Parameters:
    ///   - minimum: Fewest elements that are worth a block.
    ///   - granule: Ranges begin at multiples of it where there are many elements: what a vector kernel takes at a time.
    package static func chunks(_ count: Int, minimum: Int, granule: Int = 1, _ body: (Range<Int>) -> Void) {
        let blocks = Shares(blocksOf: count, minimum: minimum, granule: granule)
        guard blocks.count > 1 else {
            if count > 0 { body(0..<count) }
            return
        }
        concurrently(blocks.count) { body(blocks[$0]) }
    }

    /// The results of `body` for ranges as in ``chunks(_:minimum:granule:_:)``, in their order.
    package static func map<Value>(_ count: Int, minimum: Int, _ body: (Range<Int>) -> Value) -> [Value] {
        let blocks = Shares(blocksOf: count, minimum: minimum, granule: 1)
        return [Value](unsafeUninitializedCapacity: blocks.count) { values, initialized in
            if let out = values.baseAddress {
                each(blocks.count, parallel: true) { (out + $0).initialize(to: body(blocks[$0])) }
            }
            initialized = blocks.count
        }
    }

    /// What cores have gathered of ranges as in ``chunks(_:minimum:granule:_:)``: each core begins with `initial` and adds one range after the other.
    ///
    /// - Returns: At most a value for each core, in no order.
    package static func gather<Value>(
        _ count: Int, minimum: Int, _ initial: () -> Value, _ body: (inout Value, Range<Int>) -> Void
    ) -> [Value] {
        let blocks = Shares(blocksOf: count, minimum: minimum, granule: 1)
        nonisolated(unsafe) var values: [Value] = []
        let lock = Mutex(())
        tasks(blocks.count, workers: blocks.count > 1 ? coreCount : 1) { next in
            guard let first = next() else { return }
            var value = initial()
            body(&value, blocks[first])
            while let block = next() { body(&value, blocks[block]) }
            lock.withLock { _ in values.append(value) }
        }
        return values
    }

    /// The results of `body` for ranges that cover `0..<count`, in their order: each core works through a range by itself, loops within
    /// `body` included, so that cores wait for one another only at the end.
    ///
    /// - Parameters:
    ///   - minimum: Fewest elements that a core should have; with fewer there is one range, and loops within `body` use all cores.
    ///   - most: Most elements of a range on a few cores; on many cores ranges are shorter, down to `minimum`.
    ///   - granule: Ranges begin at multiples of it.
    package static func pieces<Value>(
        _ count: Int, minimum: Int, most: Int, granule: Int = 8, _ body: (Range<Int>) -> Value
    ) -> [Value] {
        let cores = count < 2 * max(1, minimum) ? 1 : coreCount
        let pieces = Shares(piecesOf: count, minimum: minimum, most: most, granule: granule, cores: cores)
        guard cores > 1 else { return (0..<pieces.count).map { body(pieces[$0]) } }
        let share = max(1, cores / pieces.count)
        return [Value](unsafeUninitializedCapacity: pieces.count) { values, initialized in
            if let out = values.baseAddress {
                concurrently(pieces.count) { piece in
                    let before = zk_limit_cores(Int32(share))
                    defer { _ = zk_limit_cores(before) }
                    (out + piece).initialize(to: body(pieces[piece]))
                }
            }
            initialized = pieces.count
        }
    }

    /// Calls `body` for `0..<count`, on all cores if `parallel`.
    package static func each(_ count: Int, parallel: Bool, _ body: (Int) -> Void) {
        if parallel && count > 1 {
            concurrently(count, body)
        } else {
            for i in 0..<count { body(i) }
        }
    }

    /// Runs `body` in at most `workers` workers at the same time; each takes the tasks `0..<count` that are left, one after the other.
    package static func tasks(_ count: Int, workers: Int, _ body: (_ next: () -> Int?) -> Void) {
        tasks(count, workers: workers, after: 0, { _ in }, then: body)
    }

    /// Runs `preparation` for `0..<preparations` and, when all of it is done, `body` as in ``tasks(_:workers:_:)``: the same workers, woken once.
    package static func tasks(
        _ count: Int, workers: Int, after preparations: Int, _ preparation: (Int) -> Void, then body: (_ next: () -> Int?) -> Void
    ) {
        let toPrepare = TaskCounter(preparations)
        let left = TaskCounter(count)
        let prepared = Atomic<Int>(0)
        workersAtOnce(min(max(preparations, count), workers)) {
            while let number = toPrepare.next() {
                preparation(number)
                prepared.add(1, ordering: .releasing)
            }
            // The rest is in the hands of other workers that run, or would run if they had a processor.
            if prepared.load(ordering: .acquiring) < preparations {
                WorkerPool.idling {
                    if WorkerPool.spin(until: { prepared.load(ordering: .acquiring) == preparations }) { return }
                    while prepared.load(ordering: .acquiring) < preparations { zk_nap() }
                }
            }
            body { left.next() }
        }
    }

    /// Tasks that workers take one after the other.
    private struct TaskCounter: ~Copyable {
        private let count: Int
        private let taken = Atomic<Int>(0)

        init(_ count: Int) { self.count = count }

        func next() -> Int? {
            let task = taken.add(1, ordering: .relaxed).oldValue
            return task < count ? task : nil
        }
    }

    /// An array of `count` elements whose parts are filled by `body` as in ``chunks(_:minimum:granule:_:)``; it must initialise its whole range.
    package static func array<Element>(
        _ count: Int, minimum: Int, granule: Int = 1, _ body: (UnsafeMutablePointer<Element>, Range<Int>) -> Void
    ) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress {
                chunks(count, minimum: minimum, granule: granule) { body(base, $0) }
            }
            initialized = count
        }
    }

    /// Calls `body` for `0..<count` on all cores and waits; each core takes the next number when it is done.
    private static func concurrently(_ count: Int, _ body: (Int) -> Void) {
        tasks(count, workers: coreCount) { next in
            while let number = next() { body(number) }
        }
    }

    /// Calls `body` at most `count` times at the same time, and at least once unless `count` is 0, and waits. The calls share nothing but atomics and
    /// disjoint memory.
    private static func workersAtOnce(_ count: Int, _ body: () -> Void) {
        if count > 1 {
            WorkerPool.run(count, body)
        } else if count == 1 {
            body()
        }
    }
}
