// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Cores
internal import Glibc

/// The clock of a row.
public enum BenchmarkClock: String, Sendable, CaseIterable {
    /// Elapsed time.
    case wall
    /// Time that this process spent on all its cores: for one thread on a machine that others use too.
    case cpu

    /// Nanoseconds since some fixed moment.
    var now: Double {
        var time = timespec()
        clock_gettime(self == .wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    /// The nanoseconds that `repeats` calls of `body` take.
    func measure(_ repeats: Int = 1, _ body: () throws -> Void) rethrows -> Double {
        let start = now
        for _ in 0..<repeats { try body() }
        return now - start
    }
}

/// How many cores had something to do since it was made.
struct CoreWatch {
    private let elapsed = BenchmarkClock.wall.now
    private let processed = BenchmarkClock.cpu.now
    private let idle = Parallel.idleTime

    /// Processor time, without what threads spent looking for work, divided by elapsed time.
    var busyCores: Double {
        (BenchmarkClock.cpu.now - processed - Double(Parallel.idleTime - idle)) / (BenchmarkClock.wall.now - elapsed)
    }
}

/// The memory of this process.
enum PeakMemory {
    /// Starts a new maximum from what is in use now; `false` where the system has no such switch.
    static func reset() -> Bool {
        zk_release_memory()
        guard let file = fopen("/proc/self/clear_refs", "w") else { return false }
        defer { fclose(file) }
        return fputs("5", file) >= 0
    }

    /// The largest resident size since ``reset()`` in bytes.
    static func read() -> Int? {
        guard let file = fopen("/proc/self/status", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix("VmHWM:") else { continue }
            return text.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
        }
        return nil
    }
}
