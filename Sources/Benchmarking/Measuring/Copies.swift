// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Groups
internal import Synchronization

/// Runs at the same time that do not work together: what they reach is what a machine gives to its cores.
enum Copies {
    /// What the threads of the copies have in common.
    private struct State {
        /// When all begin; `nil`: they do not.
        var beginning: Double?
        var pinned = 0
        var rate = 0.0
        var failure: (any Error)?
    }

    /// Calls `body` `repeats` times on each of `cores`, at the same time, and waits. Each core has a thread that keeps to it, so that loops within `body`
    /// are not divided.
    ///
    /// - Returns: Calls per nanosecond of elapsed time, the sum over the cores: each counts from the common beginning to its own end, so that what one
    ///   gains when another ends before it counts for the copies. `nil` where the system refuses a thread or does not keep it to its core.
    static func rate(on cores: some Collection<Int>, _ repeats: Int, _ body: () throws -> Void) throws -> Double? {
        try withoutActuallyEscaping(body) { body in
            try withUnsafePointer(to: body) { body in
                // Called by threads that find a beginning only, and their ends are waited for.
                nonisolated(unsafe) let body = body
                let kernel = Kernel.current
                let state = Mutex(State())
                let (ready, start, end) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
                for core in cores {
                    let thread = Thread {
                        let isPinned = Affinity.pinThread(to: core)
                        state.withLock { $0.pinned += isPinned ? 1 : 0 }
                        ready.signal()
                        start.wait()
                        guard let beginning = state.withLock({ $0.beginning }) else { return }
                        let result = Result { try kernel.running { for _ in 0..<repeats { try body.pointee() } } }
                        let time = BenchmarkClock.wall.now - beginning
                        state.withLock { state in
                            if case .failure(let error) = result { state.failure = error }
                            state.rate += Double(repeats) / time
                        }
                        end.signal()
                    }
                    thread.stackSize = 8 << 20
                    thread.start()
                }
                let areThere = cores.allSatisfy { _ in ready.wait(timeout: .now() + .seconds(10)) == .success }
                let begun = state.withLock { state in
                    guard areThere, state.pinned == cores.count else { return false }
                    state.beginning = BenchmarkClock.wall.now
                    return true
                }
                for _ in cores { start.signal() }
                guard begun else { return nil }
                for _ in cores { end.wait() }
                return try state.withLock { state in
                    if let failure = state.failure { throw failure }
                    return state.rate
                }
            }
        }
    }
}
