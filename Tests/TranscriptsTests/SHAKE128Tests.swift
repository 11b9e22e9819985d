// SPDX-License-Identifier: Apache-2.0

import CKernels
import TestSupport
import Testing
import Transcripts

@Suite struct SHAKE128Tests {
    /// The input of a length: a fixed byte pattern that both sides can make.
    static func input(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) }
    }

    static let inputLengths = [0, 1, 7, 8, 9, 31, 100, 166, 167, 168, 169, 170, 335, 336, 337, 503, 504, 505, 1_000, 4_096]
    static let outputLengths = [0, 1, 16, 32, 167, 168, 169, 336, 337, 700]

    /// Python's hashlib is the oracle; one process answers every pair of lengths.
    @Test func agreesWithPython() throws {
        let script = """
            import hashlib
            for n in \(Self.inputLengths):
                m = bytes((i * 7 + n) & 255 for i in range(n))
                for k in \(Self.outputLengths):
                    print(hashlib.shake_128(m).hexdigest(k))
            """
        let result = try run("python3", ["-c", script])
        try #require(result.status == 0, "\(result.errorText)")
        let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == Self.inputLengths.count * Self.outputLengths.count + 1)
        var line = 0
        for n in Self.inputLengths {
            for k in Self.outputLengths {
                #expect(hex(SHAKE128.hash(Self.input(n), count: k)) == lines[line], "input \(n), output \(k)")
                line += 1
            }
        }
    }

    /// Cutting the input or the output anywhere changes nothing.
    @Test(arguments: [1, 3, 8, 13, 167, 168, 169])
    func incremental(_ step: Int) {
        let message = Self.input(700)
        let whole = SHAKE128.hash(message, count: 700)
        var xof = SHAKE128()
        for start in stride(from: 0, to: 700, by: step) {
            xof.absorb(Array(message[start..<min(start + step, 700)]))
        }
        var reader = xof.finished()
        var output: [UInt8] = []
        while output.count < 700 { output += reader.read(min(step, 700 - output.count)) }
        #expect(output == whole)
    }

    /// A reader taken in the middle does not disturb the input.
    @Test func readerIsACopy() {
        var xof = SHAKE128()
        xof.absorb([1, 2, 3])
        var early = xof.reader()
        xof.absorb([4])
        var late = xof.finished()
        #expect(early.read(200) == SHAKE128.hash([1, 2, 3], count: 200))
        #expect(late.read(200) == SHAKE128.hash([1, 2, 3, 4], count: 200))
    }

    /// The batch continues the input like one message after the other, whatever stands in the current block and however many there are.
    @Test(arguments: [1, 7, 8, 9, 64, 300], [0, 1, 100, 167, 168, 200])
    func batchEqualsOneByOne(count: Int, inputCount: Int) {
        let input = Self.input(inputCount)
        for (messageCount, outputCount) in [(8, 160), (1, 1), (68, 48), (167, 168), (168, 169), (400, 400)] {
            let messages = (0..<count * messageCount).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ $0 >> 8) }
            var xof = SHAKE128()
            xof.absorb(input)
            let expected = (0..<count).flatMap {
                SHAKE128.hash(input + messages[$0 * messageCount..<($0 + 1) * messageCount], count: outputCount)
            }
            HashingPath.each { path in
                let outputs = xof.hashEach(messages.span, messageByteCount: messageCount, byteCount: outputCount)
                #expect(outputs == expected, "\(path), messages of \(messageCount), outputs of \(outputCount)")
            }
        }
    }

    /// The way that a test asks for is the one that is taken: a suspended kernel writes nothing.
    @Test func theKernelIsSuspended() {
        HashingPath.each { path in
            let messages = [UInt8](repeating: 3, count: 8 * 8)
            var outputs = [UInt8](repeating: 0xaa, count: 8 * 200)
            let isHashed = zk_shake128_x8([UInt64](repeating: 0, count: 25), 0, messages, 8, 8, &outputs, 200)
            #expect(isHashed == (path == .vector ? 1 : 0))
            let output = SHAKE128.hash(Array(messages[..<8]), count: 200)
            #expect(outputs == (path == .vector ? (0..<8).flatMap { _ in output } : [UInt8](repeating: 0xaa, count: 8 * 200)))
        }
    }
}
