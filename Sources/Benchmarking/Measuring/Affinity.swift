// SPDX-License-Identifier: Apache-2.0
internal import CKernels
internal import Foundation

/// The processors that threads of this process may run on.
enum Affinity {
    /// The processors at the start, lowest first.
    static let cores: [Int] = {
        var mask = [UInt64](repeating: 0, count: 16)
        guard zk_get_affinity(0, &mask, mask.count * 8) == 0 else { return [0] }
        return (0..<1024).filter { mask[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
    }()

    /// How many of them loops use at most: fewer where a container has a quota.
    static let usableCount = min(cores.count, Int(zk_available_cores()))

    /// Restricts every thread of the process to the last `count` of the cores: the first one serves most interrupts.
    ///
    /// - Returns: Whether the system allowed it.
    @discardableResult
    static func pin(toCores count: Int) -> Bool {
        let mask = mask(of: cores.suffix(max(1, count)))
        let threads = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []).compactMap { Int32($0) }
        var isPinned = zk_set_affinity(0, mask, mask.count * 8) == 0
        // A thread that has ended meanwhile is no failure.
        for thread in threads where zk_set_affinity(thread, mask, mask.count * 8) != 0 && errno != ESRCH { isPinned = false }
        // Threads that look for a loop for a moment would take part of a single core.
        usleep(1_000)
        return isPinned
    }

    /// Restricts the calling thread to one core.
    ///
    /// - Returns: Whether the system allowed it.
    static func pinThread(to core: Int) -> Bool {
        let mask = mask(of: [core])
        return zk_set_affinity(0, mask, mask.count * 8) == 0
    }

    private static func mask(of cores: some Sequence<Int>) -> [UInt64] {
        var mask = [UInt64](repeating: 0, count: 16)
        for core in cores { mask[core / 64] |= 1 << UInt64(core % 64) }
        return mask
    }
}
