// SPDX-License-Identifier: Apache-2.0
private import CKernels
private import Dispatch
private import Synchronization

/// Threads that run a loop together with the thread that has it, and stay awake for a moment afterwards.
///
/// A sleeping thread needs 25 to 130 microseconds to begin (docs/performance.md), a verification has dozens of loops, and loops follow one another: a thread
/// that is awake begins after two. There is at most one thread for each other core, with the affinity of the thread that needed it first. None is
/// needed: a loop ends when its own thread finds nothing left to do and those that came are done; where all are busy with other loops, nobody comes.
///
/// Only numbers agree: as many threads look for a loop as are counted in ``lookers`` and were asked and have no invitation yet. Any of them takes any one.
enum WorkerPool {
    /// How long a thread stays awake with nothing to do, in nanoseconds.
    private static let patience: UInt64 = 300_000

    /// Threads that were made, or that the system refused.
    private static let threads = Atomic<Int>(0)
    /// Threads that look for a loop and that none has asked for.
    private static let lookers = Atomic<Int>(0)
    /// The same, asleep.
    private static let sleepers = Atomic<Int>(0)
    private static let alarm = DispatchSemaphore(value: 0)
    /// Loops for the threads that were asked, an entry for each.
    private static let invitations = Mutex<[Loop]>([])
    /// How many entries there are that nobody is about to take.
    private static let invited = Atomic<Int>(0)
    /// See ``Parallel/idleTime``.
    private static let idle = Atomic<UInt64>(0)

    /// See ``Parallel/idleTime``.
    static var idleTime: UInt64 { idle.load(ordering: .relaxed) }

    /// Counts the processor time of `body`, in which a thread only waits, as idle.
    static func idling<Value>(_ body: () -> Value) -> Value {
        let start = zk_thread_time()
        defer { idle.add(zk_thread_time() &- start, ordering: .relaxed) }
        return body()
    }

    /// Waits awake until `isDone`; `false` if that took too long.
    static func spin(until isDone: () -> Bool) -> Bool {
        let start = DispatchTime.now().uptimeNanoseconds
        var round: UInt32 = 0
        while !isDone() {
            if round % 16 == 15, DispatchTime.now().uptimeNanoseconds &- start > patience { return false }
            zk_spin(round)
            round &+= 1
        }
        return true
    }

    /// Calls `body` on this thread and on at most `count - 1` others at the same time, and waits.
    static func run(_ count: Int, _ body: () -> Void) {
        withoutActuallyEscaping(body) { body in
            withUnsafePointer(to: body) { pointer in
                let loop = Loop(pointer)
                invite(count - 1, to: loop)
                body()
                loop.close()
            }
        }
    }

    private static func invite(_ count: Int, to loop: Loop) {
        let awake = take(from: lookers, upTo: count)
        let asleep = take(from: sleepers, upTo: count - awake)
        post(awake + asleep, loop)
        for _ in 0..<asleep { alarm.signal() }
        for _ in awake + asleep..<count {
            guard startThread() else { return }
            post(1, loop)
        }
    }

    private static func post(_ count: Int, _ loop: Loop) {
        guard count > 0 else { return }
        invitations.withLock { $0.append(contentsOf: repeatElement(loop, count: count)) }
        invited.add(count, ordering: .releasing)
    }

    /// Takes off a number; returns how much.
    private static func take(from number: borrowing Atomic<Int>, upTo most: Int) -> Int {
        var value = number.load(ordering: .relaxed)
        while value > 0 && most > 0 {
            let taken = min(value, most)
            let result = number.compareExchange(expected: value, desired: value - taken, ordering: .acquiringAndReleasing)
            if result.exchanged { return taken }
            value = result.original
        }
        return 0
    }

    /// Makes a thread, which looks for an invitation; `false` if there is no core for it.
    private static func startThread() -> Bool {
        let limit = Int(zk_available_cores()) - 1
        guard threads.load(ordering: .relaxed) < limit else { return false }
        guard threads.add(1, ordering: .relaxed).newValue <= limit else {
            threads.subtract(1, ordering: .relaxed)
            return false
        }
        return zk_start_thread { WorkerPool.help() } == 0
    }

    /// What a thread does.
    private static func help() {
        while true {
            nextLoop().join()
            lookers.add(1, ordering: .relaxed)
        }
    }

    private static func nextLoop() -> Loop {
        while true {
            if let loop = idling(look) { return loop }
            sleepers.add(1, ordering: .releasing)
            alarm.wait()
        }
    }

    /// The loop of an invitation, or `nil` if there was none for a while; whoever was asked finds one.
    private static func look() -> Loop? {
        while !spin(until: { take(from: invited, upTo: 1) == 1 }) {
            if take(from: lookers, upTo: 1) == 1 { return nil }
        }
        return invitations.withLock { $0.popLast() }
    }

    /// A loop that other threads may join until it is closed.
    private final class Loop: Sendable {
        /// Valid while the loop is open or somebody is within.
        nonisolated(unsafe) private let body: UnsafePointer<() -> Void>
        /// How many others are within, ``closed`` and ``isWaiting``.
        private let state = Atomic<Int>(0)
        private let end = DispatchSemaphore(value: 0)
        /// The limit of cores of the thread whose loop it is: it holds for all who are within.
        private let coreLimit: Int32

        private static let closed = 1 << 32
        private static let isWaiting = 1 << 33

        init(_ body: UnsafePointer<() -> Void>) {
            self.body = body
            coreLimit = zk_limit_cores(0)
            _ = zk_limit_cores(coreLimit)
        }

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
        private func call() {
            let before = zk_limit_cores(coreLimit)
            defer { _ = zk_limit_cores(before) }
            body.pointee()
        }

        /// Lets nobody in and waits for those who are within.
        func close() {
            guard state.add(Self.closed, ordering: .acquiringAndReleasing).newValue != Self.closed else { return }
            guard !WorkerPool.idling({ WorkerPool.spin { state.load(ordering: .acquiring) == Self.closed } }) else { return }
            if state.add(Self.isWaiting, ordering: .acquiringAndReleasing).newValue != Self.closed + Self.isWaiting { end.wait() }
        }
    }
}
