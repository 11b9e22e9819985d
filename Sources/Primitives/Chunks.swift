// SPDX-License-Identifier: Apache-2.0
private import CKernels
private import Dispatch

/// Splitting loops over the processors that this process may use. Bodies write to disjoint places only.
package enum Chunks {
    /// The number of processors, at least 1. Asked anew each time: benchmarks and `taskset` change it.
    static var coreCount: Int { max(1, Int(zk_core_count())) }
    /// The number of processors that this process may use, at least 1.
    package static var processorCount: Int { coreCount }

    /// Calls `body` for disjoint ranges that cover `0..<count`, at the same time: one per processor, or a single one when a part would be below
    /// `minimum`.
    package static func run(_ count: Int, minimum: Int, _ body: (Range<Int>) -> Void) {
        let ranges = ranges(count, minimum: minimum)
        guard ranges.count > 1 else {
            if count > 0 { body(0..<count) }
            return
        }
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let shared = body
            DispatchQueue.concurrentPerform(iterations: ranges.count) { shared(ranges[$0]) }
        }
    }

    /// The results of `body` for ranges as in ``run(_:minimum:_:)``, in their order.
    package static func map<Value>(_ count: Int, minimum: Int, _ body: (Range<Int>) -> Value) -> [Value] {
        let ranges = ranges(count, minimum: minimum)
        return [Value](unsafeUninitializedCapacity: ranges.count) { values, initialized in
            nonisolated(unsafe) let out = values.baseAddress
            run(ranges.count, minimum: 1) { parts in
                guard let out else { return }
                for part in parts { (out + part).initialize(to: body(ranges[part])) }
            }
            initialized = ranges.count
        }
    }

    /// The ranges; none for a count of 0.
    private static func ranges(_ count: Int, minimum: Int) -> [Range<Int>] {
        let parts = max(count > 0 ? 1 : 0, min(coreCount, count / max(1, minimum)))
        return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
    }
}
