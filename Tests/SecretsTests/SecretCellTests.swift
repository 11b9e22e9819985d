// SPDX-License-Identifier: Apache-2.0
import Groups
import Secrets
import Synchronization
import Testing

@Suite struct SecretCellTests {
    /// What the test hook saw.
    final class Seen: Sendable {
        let bytes = Mutex<[UInt8]?>(nil)
    }

    @Test(arguments: [0, 1, 3, 1000]) func memoryIsWipedBeforeItIsFreed(_ count: Int) {
        let seen = Seen()
        var before: [UInt64] = []
        do {
            var cell = SecretLimbs(count: count) { buffer in seen.bytes.withLock { $0 = Array(buffer) } }
            cell.withMutableSpan { for i in 0..<count { $0[i] = .max } }
            before = cell.withSpan { span in (0..<count).map { span[$0] } }
            let untouched = seen.bytes.withLock { $0 }
            #expect(untouched == nil)
        }
        #expect(before == [UInt64](repeating: .max, count: count))
        let after = seen.bytes.withLock { $0 }
        #expect(after == [UInt8](repeating: 0, count: 8 * count))
    }

    @Test func movesKeepTheAddress() {
        var cell = SecretBytes(count: 32)
        cell.withMutableSpan { $0[5] = 7 }
        let first = cell.withSpan { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
        let moved = cell
        let second = moved.withSpan { $0.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
        #expect(first == second)
        let value = moved.withSpan { $0[5] }
        #expect(value == 7)
    }

    @Test func startsAtZeroCopiesAndWipes() {
        var cell = SecretLimbs(count: 4)
        let sum = cell.withSpan { span in (0..<4).reduce(0) { $0 | span[$1] } }
        #expect(sum == 0)
        cell.withMutableSpan { $0[1] = 0x0102_0304_0506_0708 }
        let copy = cell.copy()
        cell.wipe()
        let wiped = cell.withSpan { $0[1] }
        let kept = copy.withBytes { bytes in (8..<16).map { bytes[$0] } }
        #expect(wiped == 0)
        #expect(kept == [8, 7, 6, 5, 4, 3, 2, 1])
    }

    @Test func systemRandomnessDiffersEachTime() {
        let draws = (0..<50).map { _ in SystemRandom.bytes(32) }
        #expect(Set(draws).count == 50)
        #expect(SystemRandom.bytes(0).isEmpty)
        #expect(SystemRandom.bytes(100_000).contains { $0 != 0 })
    }
}

@Suite struct SecretScalarsTests {
    typealias Scalar = ToyGroup.Scalar

    @Test func storesAndDeclassifies() {
        var cell = SecretScalars<ToyGroup>(copying: [Scalar(1 as UInt64), Scalar(5 as UInt64), Scalar(1018 as UInt64)])
        #expect(cell.count == 3)
        cell.set(Scalar(7 as UInt64), at: 1)
        let all = cell.declassified(as: .response)
        let one = cell.declassified(at: 1, as: .response)
        #expect(all == [Scalar(1 as UInt64), Scalar(7 as UInt64), Scalar(1018 as UInt64)])
        #expect(one == Scalar(7 as UInt64))
        let values: [UInt64] = [0, 1018, 1019, .max]
        let integers = SecretScalars<ToyGroup>(integers: values.span).declassified(as: .response)
        #expect(integers == values.map { Scalar($0) })
    }

    @Test func arithmetic() {
        let x = SecretScalars<ToyGroup>(copying: [3, 1018, 0].map { Scalar(UInt64($0)) })
        let y = SecretScalars<ToyGroup>(copying: [10, 2, 500].map { Scalar(UInt64($0)) })
        let c = Scalar(600 as UInt64)
        let responses = x.responses(challenge: c, nonces: y.copy()).declassified(as: .response)
        let sum = x.adding(y).declassified(as: .response)
        let difference = x.subtracting(y).declassified(as: .response)
        let inner = x.innerProduct(y).declassified(as: .response)
        var accumulated = y.copy()
        accumulated.accumulate(c, times: x)
        let accumulatedValues = accumulated.declassified(as: .response)
        let xs = x.declassified(as: .response)
        let ys = y.declassified(as: .response)
        for i in 0..<3 {
            #expect(responses[i] == ys[i] + c * xs[i])
            #expect(accumulatedValues[i] == responses[i])
            #expect(sum[i] == xs[i] + ys[i])
            #expect(difference[i] == xs[i] - ys[i])
        }
        #expect(inner == [Scalar.innerProduct(xs, ys)])
        let points = [ToyGroup.generator, ToyGroup.identity, ToyGroup.generator]
        let product = x.multiScalarMul(points)
        #expect(product == ToyGroup.vartimeMultiScalarMul(xs, points))
    }

    @Test func randomScalarsAreReducedAndSpread() {
        let none: [UInt8] = []
        for scalars in [
            SecretScalars<ToyGroup>.random(count: 20_000).declassified(as: .response),
            SecretScalars<ToyGroup>.random(count: 20_000, hedgedWith: none.span).declassified(as: .response),
        ] {
            var histogram = [Int](repeating: 0, count: 1019)
            for s in scalars { histogram[Int(s.value)] += 1 }
            // Mean 19.6 each; a chi-square statistic of 1,018 degrees of freedom exceeds 1,400 with probability below 10^-13.
            let statistic = histogram.reduce(0.0) { $0 + (Double($1) - 19.63) * (Double($1) - 19.63) / 19.63 }
            #expect(statistic < 1400)
        }
    }
}

@Suite struct NonceGeneratorTests {
    static func draw(_ label: String, _ witness: [UInt8], _ statement: [UInt8], _ random: UInt8) -> [UInt8] {
        var fixed = SecretBytes(count: 64)
        fixed.withMutableSpan { $0[63] = random }
        var generator = NonceGenerator(label: label, witness: witness.span, statement: statement.span, random: fixed)
        var out = [UInt8](repeating: 0, count: 150)
        var span = out.mutableSpan
        generator.fill(&span)
        return out
    }

    @Test func everyInputMatters() {
        let draws = [
            Self.draw("a", [1], [2], 0), Self.draw("b", [1], [2], 0), Self.draw("a", [3], [2], 0), Self.draw("a", [1], [3], 0),
            Self.draw("a", [1], [2], 1), Self.draw("a", [1, 2], [], 0), Self.draw("a", [], [1, 2], 0), Self.draw("", [], [], 0),
        ]
        #expect(Set(draws).count == draws.count)
        #expect(Self.draw("a", [1], [2], 0) == draws[0])
    }

    @Test func neverRepeatsWithinOneGenerator() {
        let none: [UInt8] = []
        var generator = NonceGenerator(label: "test", witness: none.span, statement: none.span)
        var blocks: Set<[UInt8]> = []
        for _ in 0..<100 {
            var out = [UInt8](repeating: 0, count: 64)
            var span = out.mutableSpan
            generator.fill(&span)
            blocks.insert(out)
        }
        #expect(blocks.count == 100)
        let first = generator.scalars(ToyGroup.self, count: 30).declassified(as: .response)
        let second = generator.scalars(ToyGroup.self, count: 30).declassified(as: .response)
        #expect(first != second)
    }

    /// The construction is the documented one: computed with hashlib.
    @Test func knownOutput() {
        let expected: [UInt8] = [
            0xf5, 0x7b, 0xfe, 0x7e, 0x55, 0x37, 0xf3, 0x38, 0xf7, 0x59, 0xe0, 0x70, 0x08, 0x64, 0xa5, 0x8c,
        ]
        let drawn = Self.draw("label", [1, 2, 3], [4], 9)
        #expect(Array(drawn.prefix(16)) == expected)
    }
}
