// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Memory that large sums of public data work in, kept for the next one: giving eight megabytes back to the system and having them
/// zeroed again costs a third of a 128-bit sum over 65,536 points. Not for secrets.
enum ScratchMemory {
    /// A buffer aligned to 64 bytes; whoever took it owns it.
    private struct Buffer: @unchecked Sendable {
        let base: UnsafeMutableRawPointer
        let capacity: Int
    }

    /// Most bytes that are kept.
    private static let limit = 48 << 20
    private static let kept = Mutex<[Buffer]>([])

    /// Calls `body` with at least `count` bytes of any content.
    static func with<Result>(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Result) -> Result {
        let buffer = take(count)
        defer { giveBack(buffer) }
        return body(buffer.base)
    }

    /// The smallest kept buffer that suffices, or a new one.
    private static func take(_ count: Int) -> Buffer {
        let found: Buffer? = kept.withLock { buffers in
            var best: Int?
            for i in buffers.indices where buffers[i].capacity >= count {
                if let b = best, buffers[b].capacity <= buffers[i].capacity { continue }
                best = i
            }
            return best.map { buffers.remove(at: $0) }
        }
        return found ?? Buffer(base: .allocate(byteCount: count, alignment: 64), capacity: count)
    }

    /// Keeps the buffer; the smallest are freed when there are too many bytes.
    private static func giveBack(_ buffer: Buffer) {
        let freed: [Buffer] = kept.withLock { buffers in
            buffers.append(buffer)
            buffers.sort { $0.capacity > $1.capacity }
            var total = 0
            var dropped: [Buffer] = []
            buffers.removeAll { buffer in
                total += buffer.capacity
                guard total > limit else { return false }
                total -= buffer.capacity
                dropped.append(buffer)
                return true
            }
            return dropped
        }
        for buffer in freed { buffer.base.deallocate() }
    }
}
