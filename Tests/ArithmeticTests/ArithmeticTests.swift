// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import TestSupport
import Testing

/// Every operation against the schoolbook oracle, on edge values and random ones.
@Suite struct ResidueTests {
    /// 0, 1, 2, p-2, p-1, the largest values with patterns of ones, and random residues.
    static func operands(_ m: PrimeModulus) -> [[UInt64]] {
        let p = NaiveInteger(limbs: m.limbs)
        var generator = SplitMix(state: UInt64(m.bitWidth))
        var values: [NaiveInteger] = [0, 1, 2].map { NaiveInteger(digits: [$0]) }
        values += [p - NaiveInteger(digits: [1]), p - NaiveInteger(digits: [2])]
        values.append(NaiveInteger(limbs: [UInt64](repeating: .max, count: m.limbCount)))
        values.append(NaiveInteger(limbs: [UInt64](repeating: 0, count: m.limbCount - 1) + [m.limbs[m.limbCount - 1]]))
        for _ in 0..<(m.limbCount > 10 ? 3 : 12) {
            values.append(NaiveInteger(limbs: (0..<m.limbCount).map { _ in generator.next() }))
        }
        return values.map { ($0 % p).limbs(m.limbCount) }
    }

    static func run(_ m: PrimeModulus, _ body: (inout MutableSpan<UInt64>) -> Void) -> [UInt64] {
        var out = [UInt64](repeating: 0xaaaa, count: m.limbCount)
        var span = out.mutableSpan
        body(&span)
        return out
    }

    @Test(arguments: primes) func ringOperations(_ named: NamedPrime) {
        let m = named.modulus
        let p = NaiveInteger(limbs: m.limbs)
        let values = Self.operands(m)
        let naive = values.map { NaiveInteger(limbs: $0) }
        for i in values.indices {
            let a = values[i]
            #expect(Self.run(m) { m.negate(a.span, into: &$0) } == ((p - naive[i]) % p).limbs(m.limbCount))
            #expect(Self.run(m) { m.square(a.span, into: &$0) } == ((naive[i] * naive[i]) % p).limbs(m.limbCount))
            for j in values.indices {
                let b = values[j]
                #expect(Self.run(m) { m.add(a.span, b.span, into: &$0) } == ((naive[i] + naive[j]) % p).limbs(m.limbCount))
                #expect(Self.run(m) { m.subtract(a.span, b.span, into: &$0) } == ((naive[i] + p - naive[j]) % p).limbs(m.limbCount))
                #expect(Self.run(m) { m.multiply(a.span, b.span, into: &$0) } == ((naive[i] * naive[j]) % p).limbs(m.limbCount))
                let equal = m.equal(a.span, b.span)
                #expect(equal == (naive[i] == naive[j] ? 1 : 0))
                #expect(Self.run(m) { m.select(1, a.span, b.span, into: &$0) } == a)
                #expect(Self.run(m) { m.select(0, a.span, b.span, into: &$0) } == b)
            }
            let isZero = m.isZero(a.span)
            #expect(isZero == (naive[i].digits.isEmpty ? 1 : 0))
        }
    }

    @Test(arguments: primes) func inverses(_ named: NamedPrime) {
        let m = named.modulus
        let one: [UInt64] = [1] + [UInt64](repeating: 0, count: m.limbCount - 1)
        let values = Self.operands(m)
        for a in values {
            let inverse = Self.run(m) { m.invert(a.span, into: &$0) }
            let vartime = m.vartimeInverse(a.span)
            if m.isZero(a.span) == 1 {
                #expect(inverse == a)
                #expect(vartime == nil)
            } else {
                #expect(Self.run(m) { m.multiply(a.span, inverse.span, into: &$0) } == one)
                #expect(vartime == inverse)
            }
        }
        let all = values.flatMap { $0 }
        let expected = values.flatMap { a in Self.run(m) { m.invert(a.span, into: &$0) } }
        let together = m.vartimeInverses(all.span)
        #expect(together == expected)
        let none: [UInt64] = []
        let empty = m.vartimeInverses(none.span)
        #expect(empty.isEmpty)
    }

    @Test(arguments: primes) func squareRoots(_ named: NamedPrime) throws {
        let m = named.modulus
        var squares = 0
        for a in Self.operands(m) {
            let square = Self.run(m) { m.square(a.span, into: &$0) }
            let found = m.vartimeSquareRoot(square.span)
            let root = try #require(found)
            #expect(Self.run(m) { m.square(root.span, into: &$0) } == square)
            let symbol = m.vartimeLegendre(square.span)
            #expect(symbol == (a.allSatisfy { $0 == 0 } ? 0 : 1))
            let own = m.vartimeSquareRoot(a.span)
            #expect((own == nil) == (m.vartimeLegendre(a.span) == -1))
            squares += own == nil ? 0 : 1
        }
        #expect(squares > 0)
    }

    @Test(arguments: primes) func powers(_ named: NamedPrime) {
        let m = named.modulus
        for a in Self.operands(m).prefix(7) {
            var out = [UInt64](repeating: 7, count: 9 * m.limbCount)
            var span = out.mutableSpan
            m.powers(of: a.span, into: &span)
            for i in 0..<9 {
                let power = Array(out[i * m.limbCount..<(i + 1) * m.limbCount])
                let exponent = [UInt64(i)]
                let expected = m.vartimePower(a.span, exponent.span)
                #expect(power == expected)
            }
            // Fermat: a^p = a
            let p = m.limbs
            let frobenius = m.vartimePower(a.span, p.span)
            #expect(frobenius == a)
            let none: [UInt64] = []
            let empty = m.vartimePower(a.span, none.span)
            #expect(empty[0] == 1)
        }
    }

    @Test(arguments: primes) func bulk(_ named: NamedPrime) {
        let m = named.modulus
        let n = m.limbCount
        let p = NaiveInteger(limbs: m.limbs)
        let values = Self.operands(m)
        let a = values.flatMap { $0 }
        let b = values.reversed().flatMap { $0 }
        let largest = values[3]
        var out = [UInt64](repeating: 7, count: a.count)
        for factor in [values[0], values[1], values[3], values[values.count - 1]] {
            var span = out.mutableSpan
            m.multiplyAdd(a.span, factor.span, b.span, into: &span)
            for i in values.indices {
                let expected =
                    (NaiveInteger(limbs: values[i]) * NaiveInteger(limbs: factor)
                        + NaiveInteger(limbs: values[values.count - 1 - i])) % p
                #expect(Array(out[i * n..<(i + 1) * n]) == expected.limbs(n))
            }
        }
        var sum = NaiveInteger(digits: [])
        for i in values.indices { sum = sum + NaiveInteger(limbs: values[i]) * NaiveInteger(limbs: values[values.count - 1 - i]) }
        #expect(Self.run(m) { m.innerProduct(a.span, b.span, into: &$0) } == (sum % p).limbs(n))
        let none: [UInt64] = []
        #expect(Self.run(m) { m.innerProduct(none.span, none.span, into: &$0) } == [UInt64](repeating: 0, count: n))
        // 1,000 products of p-1 by p-1: the sum is 1,000, and the accumulator needs its extra limb.
        let many = [[UInt64]](repeating: largest, count: 1000).flatMap { $0 }
        let thousand = (NaiveInteger(digits: [1000]) % p).limbs(n)
        #expect(Self.run(m) { m.innerProduct(many.span, many.span, into: &$0) } == thousand)
        for i in values.indices {
            var span = out.mutableSpan
            m.addAll(a.span, b.span, into: &span)
            let x = values[i]
            let y = values[values.count - 1 - i]
            #expect(Array(out[i * n..<(i + 1) * n]) == Self.run(m) { m.add(x.span, y.span, into: &$0) })
            var span2 = out.mutableSpan
            m.subtractAll(a.span, b.span, into: &span2)
            #expect(Array(out[i * n..<(i + 1) * n]) == Self.run(m) { m.subtract(x.span, y.span, into: &$0) })
            var span3 = out.mutableSpan
            m.multiplyAll(a.span, b.span, into: &span3)
            #expect(Array(out[i * n..<(i + 1) * n]) == Self.run(m) { m.multiply(x.span, y.span, into: &$0) })
        }
    }

    @Test(arguments: primes) func wideReduction(_ named: NamedPrime) {
        let m = named.modulus
        let p = NaiveInteger(limbs: m.limbs)
        var generator = SplitMix(state: 5)
        for count in [0, 1, 2, m.limbCount, m.limbCount + 1, 2 * m.limbCount, 2 * m.limbCount + 1, 5 * m.limbCount + 3] where count < 130 {
            for ones in [true, false] {
                let wide = (0..<count).map { _ in ones ? UInt64.max : generator.next() }
                let expected = (NaiveInteger(limbs: wide) % p).limbs(m.limbCount)
                #expect(Self.run(m) { m.reduce(wide: wide.span, into: &$0) } == expected)
                let bytes = wide.flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
                #expect(Self.run(m) { m.reduce(wide: bytes.span, order: .little, into: &$0) } == expected)
                let big = Array(bytes.reversed())
                #expect(Self.run(m) { m.reduce(wide: big.span, order: .big, into: &$0) } == expected)
            }
        }
        let three: [UInt8] = [1, 2, 3]
        let expected = (NaiveInteger(digits: [0x030201]) % p).limbs(m.limbCount)
        #expect(Self.run(m) { m.reduce(wide: three.span, order: .little, into: &$0) } == expected)
    }
}

/// Encodings and the choice of modulus: what must be refused.
@Suite struct DecodingTests {
    static func decode(_ m: PrimeModulus, _ bytes: [UInt8], _ order: ByteOrder) throws(ArithmeticError) -> [UInt64] {
        var out = [UInt64](repeating: 0, count: m.limbCount)
        var span = out.mutableSpan
        try m.decode(canonical: bytes.span, order: order, into: &span)
        return out
    }

    @Test(arguments: primes) func roundTrip(_ named: NamedPrime) throws {
        let m = named.modulus
        for a in ResidueTests.operands(m) {
            for order in [ByteOrder.little, .big] {
                let bytes = m.encode(a.span, order: order)
                #expect(bytes.count == m.byteCount)
                #expect(try Self.decode(m, bytes, order) == a)
                #expect(throws: ArithmeticError.length) { try Self.decode(m, bytes + [0], order) }
                #expect(throws: ArithmeticError.length) { try Self.decode(m, Array(bytes.dropLast()), order) }
            }
        }
    }

    @Test(arguments: primes) func refusesUnreduced(_ named: NamedPrime) {
        let m = named.modulus
        let one = NaiveInteger(digits: [1])
        let p = NaiveInteger(limbs: m.limbs)
        let tooLarge = [p, p + one, NaiveInteger(limbs: [UInt64](repeating: .max, count: m.limbCount))]
        for value in tooLarge {
            let little = value.limbs(m.limbCount).flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
            let bytes = Array(little.prefix(m.byteCount))
            #expect(throws: ArithmeticError.notReduced) { try Self.decode(m, bytes, .little) }
            #expect(throws: ArithmeticError.notReduced) { try Self.decode(m, bytes.reversed(), .big) }
            let limbs = value.limbs(m.limbCount)
            let reduced = m.isReduced(limbs.span)
            #expect(reduced == 0)
        }
        let largest = (p - one).limbs(m.limbCount)
        let reduced = m.isReduced(largest.span)
        #expect(reduced == 1)
    }

    @Test(
        arguments: [
            ([0x00], ArithmeticError.notPrime), ([], .notPrime), ([0x01], .notPrime), ([0x02], .evenModulus), ([0x04], .evenModulus),
            ([0x09], .notPrime), ([0x02, 0x31], .notPrime), ([0x01] + [UInt8](repeating: 0, count: 1023) + [0x01], .tooLarge),
        ] as [([UInt8], ArithmeticError)])
    func refusesModulus(_ bytes: [UInt8], _ error: ArithmeticError) {
        #expect(throws: error) { try PrimeModulus(bytes: bytes.span, order: .big) }
    }

    @Test func leadingZerosOfTheModulusDoNotMatter() throws {
        let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0x03, 0xfb]
        let m = try PrimeModulus(bytes: bytes.span, order: .big)
        #expect(m.limbs == [1019])
        #expect(m.byteCount == 2)
        #expect(m.bitWidth == 10)
    }
}
