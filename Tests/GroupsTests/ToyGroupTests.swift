// SPDX-License-Identifier: Apache-2.0
import Groups
import Testing

/// The toy group passes the laws, and where it is cheap every element and scalar is tried.
@Suite struct ToyGroupTests {
    /// `k * generator` by repeated addition.
    static let multiples: [ToyGroup.Point] = {
        var all = [ToyGroup.identity]
        for _ in 1..<ToyGroup.order { all.append(ToyGroup.add(all[all.count - 1], ToyGroup.generator)) }
        return all
    }()

    @Test func laws() throws {
        try checkGroupLaws(ToyGroup.self)
    }

    @Test func modulusAndOrderArePrime() {
        func isPrime(_ n: UInt64) -> Bool { (2..<n).allSatisfy { n % $0 != 0 } }
        #expect(isPrime(ToyGroup.order) && isPrime(ToyGroup.modulus))
        #expect(ToyGroup.modulus == 2 * ToyGroup.order + 1)
    }

    @Test func theGeneratorGeneratesEverySquare() {
        let squares = Set((1..<ToyGroup.modulus).map { $0 * $0 % ToyGroup.modulus })
        #expect(Set(Self.multiples.map(\.value)) == squares)
        #expect(Self.multiples.count == Int(ToyGroup.order))
        #expect(ToyGroup.add(Self.multiples[1018], ToyGroup.generator) == ToyGroup.identity)
    }

    @Test func everyPairOfBytesIsDecodedOrRefused() {
        let elements = Set(Self.multiples.map(\.value))
        for value in UInt64(0)...0xffff {
            let bytes = [UInt8(value >> 8), UInt8(value & 0xff)]
            let decoded = try? ToyGroup.decode(canonical: bytes.span)
            guard (decoded != nil) == elements.contains(value) else {
                Issue.record("\(value)")
                continue
            }
            if let decoded, ToyGroup.encode(decoded) != bytes { Issue.record("\(value) is written differently") }
        }
    }

    @Test func everyMultipleAndEverySum() {
        var wrong = 0
        for a in 0..<1019 {
            let limb = [UInt64(a)]
            if ToyGroup.multiScalarMul(limb.span, [ToyGroup.generator]) != Self.multiples[a] { wrong += 1 }
            if ToyGroup.vartimeMultiScalarMul([ToyGroup.Scalar(UInt64(a))], [ToyGroup.generator]) != Self.multiples[a] { wrong += 1 }
            if ToyGroup.negate(Self.multiples[a]) != Self.multiples[(1019 - a) % 1019] { wrong += 1 }
            for b in 0..<1019 where ToyGroup.add(Self.multiples[a], Self.multiples[b]) != Self.multiples[(a + b) % 1019] { wrong += 1 }
        }
        #expect(wrong == 0)
    }
}
