// SPDX-License-Identifier: Apache-2.0

private import CKernels
internal import Cores

extension SHAKE128 {
    /// The outputs for many messages of equal length that all continue this input, concatenated: for each message, the first `byteCount`
    /// bytes of `SHAKE128(input || message)`. Eight at a time where the processor has AVX-512, over all cores.
    ///
    /// Timing: depends on the counts only. Security: for public messages; working states are not wiped.
    ///
    /// - Parameters:
    ///   - messages: `count * messageByteCount` bytes.
    ///   - messageByteCount: The length of one message, at least 1.
    ///   - byteCount: The length of one output, at least 1.
    public borrowing func hashEach(_ messages: Span<UInt8>, messageByteCount: Int, byteCount: Int) -> [UInt8] {
        precondition(messageByteCount > 0 && byteCount > 0 && messages.count % messageByteCount == 0, "whole messages")
        let count = messages.count / messageByteCount
        return messages.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: count * byteCount) { output, initialized in
                // Groups of eight stay together; below some hundred messages the dispatch costs more than it gains.
                Parallel.chunks(count, minimum: 128, granule: 8) { range in
                    fill(
                        UnsafeMutableBufferPointer(rebasing: output[range.lowerBound * byteCount..<range.upperBound * byteCount]),
                        byteCount,
                        UnsafeBufferPointer(rebasing: input[range.lowerBound * messageByteCount..<range.upperBound * messageByteCount]),
                        messageByteCount)
                }
                initialized = count * byteCount
            }
        }
    }

    /// The outputs of one part, by the vector kernel or one after the other.
    private borrowing func fill(
        _ output: UnsafeMutableBufferPointer<UInt8>, _ byteCount: Int, _ messages: UnsafeBufferPointer<UInt8>, _ messageByteCount: Int
    ) {
        let count = messages.count / messageByteCount
        let isDone = xof.state.withLanes { lanes in
            zk_shake128_x8(lanes, xof.position, messages.baseAddress, messageByteCount, count, output.baseAddress, byteCount)
        }
        guard isDone == 0 else { return }
        var work = KeccakXOF(.shake128)
        var reader = Reader(.shake128)
        for index in 0..<count {
            work.assign(from: xof)
            work.absorb(
                UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(messages)[index * messageByteCount..<(index + 1) * messageByteCount]))
            reader.restart(after: work)
            reader.fill(
                UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[index * byteCount..<(index + 1) * byteCount]))
        }
    }
}
