// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Groups
internal import Synchronization

/// Runs at the same time that do not work together: what they reach is what a machine gives to its cores.
enum Copies {
    /// Calls `body` `repeats` times on each of `cores`, at the same time, and waits. Each core has a thread that keeps to it, so that loops within `body`
    /// are not divided.
    ///
    /// - Returns: Calls per nanosecond of elapsed time, the sum over the cores. Each counts from its own beginning to its own end: what one gains when
    ///   another ends before it counts for the copies.
    static func rate(on cores: some Collection<Int>, _ repeats: Int, _ body: () throws -> Void) throws -> Double {
        try withoutActuallyEscaping(body) { body in
            try withUnsafePointer(to: body) { body in
                nonisolated(unsafe) let body = body
                let kernel = Kernel.current
                let rates = Mutex(Result<Double, any Error>.success(0))
                let (ready, start, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
                for core in cores {
                    let thread = Thread {
                        Affinity.pinThread(to: core)
                        ready.signal()
                        start.wait()
                        let time = Result { try kernel.running { try BenchmarkClock.wall.measure(repeats, body.pointee) } }
                        rates.withLock { sum in sum = sum.flatMap { sum in time.map { sum + Double(repeats) / $0 } } }
                        end.signal()
                    }
                    thread.stackSize = 8 << 20
                    thread.start()
                }
                for _ in cores { ready.wait() }
                for _ in cores { start.signal() }
                for _ in cores { end.wait() }
                return try rates.withLock { $0 }.get()
            }
        }
    }
}
