// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Dispatch
internal import Synchronization

/// Splitting loops over the cores. Bodies write to disjoint places only.
enum Parallel {
    /// The number of cores that the calling thread may run on, at least 1. Asked anew each time: benchmarks and `taskset` change it.
    static var coreCount: Int { max(1, Int(zk_core_count())) }

    /// Calls `body` for disjoint ranges that cover `0..<count`: one per core, or a single one when a part would be below `minimum`.
    static func chunks(_ count: Int, minimum: Int, _ body: (Range<Int>) -> Void) {
        let most = count / max(1, minimum)
        let parts = most > 1 ? min(coreCount, most) : 1
        guard parts > 1 else {
            if count > 0 { body(0..<count) }
            return
        }
        concurrently(parts) { part in body(count * part / parts..<count * (part + 1) / parts) }
    }

    /// Calls `body` for `0..<count`, at the same time if `parallel`.
    static func each(_ count: Int, parallel: Bool, _ body: (Int) -> Void) {
        if parallel && count > 1 && coreCount > 1 {
            concurrently(count, body)
        } else {
            for i in 0..<count { body(i) }
        }
    }

    /// Runs `body` in `workers` workers at the same time; each takes the tasks `0..<count` that are left, one after the other.
    static func tasks(_ count: Int, workers: Int, _ body: (_ next: () -> Int?) -> Void) {
        let taken = Atomic<Int>(0)
        each(min(count, workers), parallel: true) { _ in
            body {
                let task = taken.add(1, ordering: .relaxed).oldValue
                return task < count ? task : nil
            }
        }
    }

    /// An array of `count` elements whose parts are filled at the same time by `body`, which must initialise its whole range.
    static func array<Element>(
        _ count: Int, minimum: Int, _ body: (UnsafeMutablePointer<Element>, Range<Int>) -> Void
    ) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress {
                chunks(count, minimum: minimum) { body(base, $0) }
            }
            initialized = count
        }
    }

    /// Calls `body` for `0..<count` at the same time and waits. The closures of this module share nothing but disjoint memory.
    private static func concurrently(_ count: Int, _ body: (Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let shared = body
            DispatchQueue.concurrentPerform(iterations: count) { shared($0) }
        }
    }
}
