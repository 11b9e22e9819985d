// SPDX-License-Identifier: Apache-2.0
import Cores
import Dispatch
import Foundation
import Synchronization
import Testing

/// Loops in quick succession, from many threads and within one another: each task is done once, and nobody is within a loop that has ended.
@Suite struct WorkerPoolTests {
    @Test(arguments: [0, 5, 400])
    func loopsFollowOneAnother(_ microseconds: UInt32) {
        for round in 0..<2_000 {
            let sum = Atomic<Int>(0)
            Parallel.tasks(5, workers: 2 + round % 3) { next in
                while let task = next() { sum.add(task + 1, ordering: .relaxed) }
            }
            #expect(sum.load(ordering: .relaxed) == 15)
            // Threads linger for 300 microseconds.
            if microseconds > 0 && round % 20 == 0 { usleep(microseconds) }
        }
    }

    /// The values of a loop are gone when it has returned: a thread that came late would write to them.
    @Test func nobodyIsWithinALoopThatHasEnded() {
        for round in 0..<2_000 {
            let within = Atomic<Int>(0)
            let inside = UnsafeMutablePointer<Int>.allocate(capacity: 8)
            inside.initialize(repeating: 0, count: 8)
            Parallel.tasks(8, workers: 4) { next in
                within.add(1, ordering: .relaxed)
                while let task = next() { inside[task] += 1 }
                if round % 100 == 0 { usleep(500) }
                within.subtract(1, ordering: .relaxed)
            }
            #expect(within.load(ordering: .relaxed) == 0)
            #expect((0..<8).allSatisfy { inside[$0] == 1 })
            inside.update(repeating: -1, count: 8)
            inside.deallocate()
        }
    }

    @Test func manyThreadsHaveLoopsAtTheSameTime() {
        let sum = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 16) { caller in
            for _ in 0..<200 {
                Parallel.tasks(4, workers: 3) { next in
                    while let task = next() {
                        Parallel.tasks(3, workers: 2) { inner in
                            while let number = inner() { sum.add(caller + task + number, ordering: .relaxed) }
                        }
                    }
                }
            }
        }
        // 200 times, 12 pairs of each caller: the callers' numbers add to 120, the tasks' to 6, the inner numbers to 3.
        #expect(sum.load(ordering: .relaxed) == 200 * (120 * 12 + 16 * (6 * 3 + 3 * 4)))
    }

    /// Both workers are at work at the same time: each waits for the other, which no single thread could survive.
    @Test func twoWorkAtTheSameTime() {
        for _ in 0..<50 {
            let arrived = Atomic<Int>(0)
            Parallel.tasks(2, workers: 2) { next in
                while next() != nil {
                    arrived.add(1, ordering: .relaxed)
                    while arrived.load(ordering: .relaxed) < 2 { usleep(10) }
                }
            }
            #expect(arrived.load(ordering: .relaxed) == 2)
        }
    }

    /// Time in which threads wait is counted: of two that are at work one is done earlier, and both wait for other loops afterwards.
    @Test func waitingIsCounted() {
        let before = Parallel.idleTime
        let arrived = Atomic<Int>(0)
        Parallel.tasks(2, workers: 2) { next in
            while let task = next() {
                arrived.add(1, ordering: .relaxed)
                while arrived.load(ordering: .relaxed) < 2 { usleep(10) }
                if task == 1 { usleep(2_000) }
            }
        }
        usleep(10_000)
        #expect(Parallel.idleTime > before)
    }
}
