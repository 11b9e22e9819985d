// SPDX-License-Identifier: Apache-2.0

private import Dispatch

extension SHAKE128 {
    /// Concatenates the first `byteCount` bytes of `SHAKE128(prefix || LE64(b))` for each `b` in `blocks`, over all cores.
    ///
    /// One permutation makes one block. Timing: depends on the counts only.
    ///
    /// - Parameters:
    ///   - prefix: At most `rate - 9` bytes, public: the state is not wiped between blocks.
    ///   - byteCount: `0...rate`.
    ///   - out: `blocks.count * byteCount` bytes.
    package static func fillCounterBlocks(
        prefix: [UInt8], blocks: Range<UInt64>, byteCount: Int, into out: UnsafeMutableRawBufferPointer
    ) {
        precondition(prefix.count + 9 <= rate && 0...rate ~= byteCount, "one permutation a block")
        precondition(out.count == blocks.count * byteCount, "room for every block")
        let parts = blocks.count < 256 ? 1 : 64
        nonisolated(unsafe) let out = out
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let (first, last) = (blocks.count * part / parts, blocks.count * (part + 1) / parts)
            var template = KeccakState()
            prefix.withUnsafeBytes { template.xor($0, at: 0) }
            template.xor(0x1f, at: prefix.count + 8)
            template.xor(0x80, at: rate - 1)
            var state = KeccakState()
            for index in first..<last {
                state.assign(from: template)
                withUnsafeBytes(of: (blocks.lowerBound + UInt64(index)).littleEndian) { state.xor($0, at: prefix.count) }
                state.permute()
                state.copy(from: 0, into: UnsafeMutableRawBufferPointer(rebasing: out[index * byteCount..<(index + 1) * byteCount]))
            }
        }
    }
}
