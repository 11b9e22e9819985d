// SPDX-License-Identifier: Apache-2.0
import CKernels
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

    /// Now and then two are at work at the same time: each sees the other.
    @Test func twoWorkAtTheSameTime() {
        guard Parallel.coreCount > 1 else { return }
        // All others may be in loops of other tests.
        for _ in 0..<10_000 {
            let arrived = Atomic<Int>(0)
            let met = Atomic<Int>(0)
            Parallel.tasks(2, workers: 2) { next in
                while next() != nil {
                    arrived.add(1, ordering: .relaxed)
                    usleep(200)
                    if arrived.load(ordering: .relaxed) == 2 { met.add(1, ordering: .relaxed) }
                }
            }
            // One alone meets itself once, in its second task.
            if met.load(ordering: .relaxed) == 2 { return }
        }
        Issue.record("in none of 10,000 loops were two at work")
    }

    /// A thread that helps receives no signals but those of its own faults, so that a crash on it is reported as on any other.
    @Test func faultsOnAHelperAreReported() {
        guard Parallel.coreCount > 1 else { return }
        let caller = pthread_self()
        // 0: not seen, 1: as it shall be, 2: not so.
        let seen = Atomic<Int>(0)
        for _ in 0..<10_000 where seen.load(ordering: .relaxed) == 0 {
            Parallel.tasks(2, workers: 2) { next in
                while next() != nil {
                    usleep(200)
                    guard pthread_self() != caller else { continue }
                    var mask = sigset_t()
                    pthread_sigmask(SIG_BLOCK, nil, &mask)
                    let isOpen = [SIGILL, SIGTRAP, SIGFPE, SIGBUS, SIGSEGV, SIGSYS].allSatisfy { sigismember(&mask, $0) == 0 }
                    let isBlocked = [SIGINT, SIGTERM, SIGHUP].allSatisfy { sigismember(&mask, $0) == 1 }
                    seen.store(isOpen && isBlocked ? 1 : 2, ordering: .relaxed)
                }
            }
        }
        #expect(seen.load(ordering: .relaxed) == 1)
    }

    /// The limit of the thread whose loop it is holds for those who help.
    @Test func aLimitHoldsForThoseWhoHelp() {
        let most = Atomic<Int>(0)
        for _ in 0..<200 {
            let before = zk_limit_cores(1)
            Parallel.tasks(4, workers: 2) { next in
                while next() != nil {
                    usleep(50)
                    most.max(Parallel.coreCount, ordering: .relaxed)
                }
            }
            _ = zk_limit_cores(before)
        }
        #expect(most.load(ordering: .relaxed) == 1)
    }
}

/// What control groups allow: the least quota of a group and those around it.
@Suite struct QuotaTests {
    @Test func theLeastQuotaCounts() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-quota-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ text: String, _ path: String) throws {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        func cores(_ membership: String) throws -> Int32 {
            try write(membership, "membership")
            return zk_quota_cores(folder.appending(path: "membership").path, folder.appending(path: "mount").path)
        }
        #expect(zk_quota_cores("/nowhere", "/nowhere") == 0)
        #expect(try cores("0::/a/b\n") == 0)
        try write("max 100000\n", "mount/a/b/cpu.max")
        #expect(try cores("0::/a/b\n") == 0)
        try write("350000 100000\n", "mount/a/cpu.max")
        #expect(try cores("1:cpu:/x\n0::/a/b\n") == 4)
        try write("50000 100000\n", "mount/a/b/cpu.max")
        #expect(try cores("0::/a/b\n") == 1)
        #expect(try cores("0::/a\n") == 4)
        try write("200000 100000\n", "mount/cpu.max")
        #expect(try cores("0::/a\n") == 2)
        #expect(try cores("0::/\n") == 2)
        #expect(try cores("1:cpu:/a/b\n") == 0)
        for wrong in ["", "0 0", "-5 100000", "5 -1", "x y", "9223372036854775807 1"] {
            try write(wrong, "mount/cpu.max")
            #expect(try cores("0::/\n") == 0, "\(wrong)")
        }
    }
}
