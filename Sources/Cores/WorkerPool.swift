// SPDX-License-Identifier: Apache-2.0
private import CKernels
private import Dispatch
private import Synchronization

/// Threads that run a loop together with the thread that has it, and stay awake for a moment afterwards.
///
/// A sleeping thread needs 30 to 130 microseconds to begin (docs/performance.md), a verification has dozens of loops, and loops follow one another: a thread
/// that is awake begins within one. Threads come from the dispatch library. None is needed: a loop ends when its own thread finds nothing left to do and those
/// that came are done.
enum WorkerPool {
    /// How long a thread stays awake without a loop, in nanoseconds.
    private static let lingering: UInt64 = 300_000

    /// Threads that linger and that no loop has asked for.
    private static let free = Atomic<Int>(0)
    /// Loops for those that were asked, an entry for each of them.
    private static let invitations = Mutex<[Loop]>([])
    /// The length of ``invitations``, for those that look often.
    private static let invited = Atomic<Int>(0)
    /// Nanoseconds that threads have looked for work so far: processor time in which nothing is done.
    private static let idle = Atomic<UInt64>(0)

    /// See ``Parallel/idleTime``.
    static var idleTime: UInt64 { idle.load(ordering: .relaxed) }

    /// Calls `body` on this thread and on at most `count - 1` others at the same time, and waits.
    static func run(_ count: Int, _ body: () -> Void) {
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                let loop = Loop(pointer)
                invite(count - 1, to: loop)
                body()
                idle.add(loop.close(), ordering: .relaxed)
            }
        }
    }

    private static func invite(_ count: Int, to loop: Loop) {
        let asked = takeFree(upTo: count)
        if asked > 0 {
            invitations.withLock { $0.append(contentsOf: repeatElement(loop, count: asked)) }
            invited.add(asked, ordering: .releasing)
        }
        for _ in asked..<count { DispatchQueue.global().async { work(from: loop) } }
    }

    /// Takes lingering threads: each of them will look until it finds an invitation.
    private static func takeFree(upTo count: Int) -> Int {
        var threads = free.load(ordering: .relaxed)
        while threads > 0 {
            let taken = min(threads, count)
            let result = free.compareExchange(expected: threads, desired: threads - taken, ordering: .acquiringAndReleasing)
            if result.exchanged { return taken }
            threads = result.original
        }
        return 0
    }

    /// What a thread does: the loop it was made for, and all to which it is invited while it lingers.
    private static func work(from first: Loop) {
        var loop: Loop? = first
        while let current = loop {
            current.join()
            loop = nextLoop()
        }
    }

    /// The next loop, or `nil` if there was none for a while.
    private static func nextLoop() -> Loop? {
        free.add(1, ordering: .relaxed)
        let start = zk_monotonic_time()
        defer { idle.add(zk_monotonic_time() - start, ordering: .relaxed) }
        while true {
            if invited.load(ordering: .acquiring) > 0, let loop = invitations.withLock({ $0.popLast() }) {
                invited.subtract(1, ordering: .relaxed)
                return loop
            }
            // One that a loop has asked for stays until it has the invitation.
            if zk_monotonic_time() - start > lingering, takeFree(upTo: 1) == 1 { return nil }
            zk_spin()
        }
    }

    /// A loop that other threads may join until it is closed.
    private final class Loop: Sendable {
        /// Valid while the loop is open or somebody is within.
        nonisolated(unsafe) private let body: UnsafePointer<() -> Void>
        /// How many others are within, ``closed`` and ``isWaiting``.
        private let state = Atomic<Int>(0)
        private let end = DispatchSemaphore(value: 0)

        private static let closed = 1 << 32
        private static let isWaiting = 1 << 33
        /// How long the end is looked for before the thread sleeps, in nanoseconds.
        private static let patience: UInt64 = 300_000

        init(_ body: UnsafePointer<() -> Void>) { self.body = body }

        /// Calls the body unless the loop is closed.
        func join() {
            var within = state.load(ordering: .relaxed)
            repeat {
                guard within < Self.closed else { return }
                let result = state.compareExchange(expected: within, desired: within + 1, ordering: .acquiring)
                if result.exchanged { break }
                within = result.original
            } while true
            call()
            if state.subtract(1, ordering: .acquiringAndReleasing).newValue == Self.closed + Self.isWaiting { end.signal() }
        }

        /// A function of its own: its copy of the closure ends before the loop does.
        @inline(never)
        private func call() { body.pointee() }

        /// Lets nobody in and waits for those who are within; returns the nanoseconds that it was awake for nothing.
        func close() -> UInt64 {
            guard state.add(Self.closed, ordering: .acquiringAndReleasing).newValue != Self.closed else { return 0 }
            let start = zk_monotonic_time()
            while state.load(ordering: .acquiring) != Self.closed {
                let waited = zk_monotonic_time() - start
                if waited > Self.patience {
                    if state.add(Self.isWaiting, ordering: .acquiringAndReleasing).newValue != Self.closed + Self.isWaiting { end.wait() }
                    return waited
                }
                zk_spin()
            }
            return zk_monotonic_time() - start
        }
    }
}
