// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import Groups
import Testing

/// The native field and scalars, operation by operation, against GMP.
@Suite struct Ristretto255ArithmeticTests {
    static let p = PrimeModulus(constant: "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")
    static let q = PrimeModulus(constant: "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")

    /// 256-bit integers around every boundary of carries and reductions, and random ones.
    static let integers: [[UInt64]] = {
        let top: UInt64 = 0x7fff_ffff_ffff_ffff
        var result: [[UInt64]] = []
        for low: UInt64 in [0, 1, 18, 19, 20, 37, 38, 39, .max - 38, .max - 37, .max - 36, .max - 19, .max - 18, .max - 17, .max] {
            for middle: UInt64 in [0, .max] {
                for high: UInt64 in [0, 1, top - 1, top, top + 1, .max - 1, .max] { result.append([low, middle, middle, high]) }
            }
        }
        result += [[4095, 0, 0, top + 1], [1 << 12, 0, 0, top + 1], q.limbs, p.limbs]
        var random = TestRandom(20)
        return result + (0..<60).map { _ in (0..<4).map { _ in random.next() } }
    }()

    /// Applies an operation of the reference.
    private static func reference(_ body: (inout MutableSpan<UInt64>) -> Void) -> [UInt64] {
        var out: [UInt64] = [0, 0, 0, 0]
        var span = out.mutableSpan
        body(&span)
        return out
    }

    private static func element(_ limbs: [UInt64]) -> Field25519 { Field25519(limbs[0], limbs[1], limbs[2], limbs[3]) }

    private static func limbs(_ element: Field25519) -> [UInt64] {
        let bytes = element.encoding
        return (0..<4).map { i in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[8 * i + $1]) << UInt64(8 * $1) } }
    }

    @Test func fieldOperationsOfTwo() {
        for a in Self.integers {
            let x = Self.reference { Self.p.reduce(wide: a.span, into: &$0) }
            #expect(Self.limbs(Self.element(a)) == x)
            for b in Self.integers {
                let y = Self.reference { Self.p.reduce(wide: b.span, into: &$0) }
                let (u, v) = (Self.element(a), Self.element(b))
                let product = u * v
                #expect(Self.limbs(u + v) == Self.reference { Self.p.add(x.span, y.span, into: &$0) })
                #expect(Self.limbs(u - v) == Self.reference { Self.p.subtract(x.span, y.span, into: &$0) })
                #expect(Self.limbs(product) == Self.reference { Self.p.multiply(x.span, y.span, into: &$0) })
                #expect(Self.isTight(product))
                #expect((Field25519.equalMask(u, v) == .max) == (x == y))
                if Self.isTight(v) {
                    #expect(Self.limbs(Field25519.subtractTight(u, v)) == Self.limbs(u - v))
                    if Self.isTight(u) { #expect(Self.limbs(Field25519.addTight(u, v)) == Self.limbs(u + v)) }
                }
            }
        }
    }

    /// Whether the representative is below `2^255 + 2^12`.
    private static func isTight(_ a: Field25519) -> Bool {
        let (b, _, _, top) = a.rawLimbs
        return top < 0x8000_0000_0000_0000 || a.rawLimbs == (b, 0, 0, 0x8000_0000_0000_0000) && b < 4096
    }

    @Test func fieldOperationsOfOne() {
        for a in Self.integers {
            let x = Self.reference { Self.p.reduce(wide: a.span, into: &$0) }
            let u = Self.element(a)
            let square = u.squared()
            let minus = Self.reference { Self.p.negate(x.span, into: &$0) }
            #expect(Self.limbs(square) == Self.reference { Self.p.square(x.span, into: &$0) })
            #expect(Self.isTight(square) && Self.isTight(u.negated()) && Self.isTight(u.absolute()) && Self.isTight(u.tightened()))
            #expect(Self.limbs(u.negated()) == minus)
            #expect(Self.limbs(u.inverted()) == Self.reference { Self.p.invert(x.span, into: &$0) })
            #expect((u.isNegativeMask == .max) == (x[0] & 1 == 1))
            #expect((u.isZeroMask == .max) == (x == [0, 0, 0, 0]))
            #expect(Self.limbs(u.absolute()) == (x[0] & 1 == 1 ? minus : x))
            #expect(u.vartimeIsReduced == (a == x))
        }
    }

    @Test func ratiosHaveTheRootsThatTheyClaim() {
        var squares = 0
        for (i, a) in Self.integers.enumerated() {
            let u = Self.element(a)
            let v = Self.element(Self.integers[(7 * i + 3) % Self.integers.count])
            let (wasSquare, root) = Field25519.sqrtRatioM1(u, v)
            #expect(root.isNegativeMask == 0)
            if v.isZeroMask != 0 {
                #expect(root.isZeroMask != 0 && (wasSquare != 0) == (u.isZeroMask != 0))
                continue
            }
            let expected = Field25519.select(Field25519.sqrtM1 * u, u, wasSquare)
            #expect(Field25519.equalMask(v * root.squared(), expected) != 0)
            if wasSquare != 0 { squares += 1 }
        }
        #expect(squares > Self.integers.count / 4 && squares < Self.integers.count * 3 / 4 + 10)
    }

    @Test func constantsOfRFC9496() {
        let one = Field25519.one
        let d = Field25519.zero - Self.element([121665, 0, 0, 0]) * Self.element([121666, 0, 0, 0]).inverted()
        #expect(Field25519.equalMask(d, .d) != 0)
        #expect(Field25519.equalMask(d + d, .twoD) != 0)
        #expect(Field25519.equalMask(Field25519.sqrtM1.squared(), .zero - one) != 0 && Field25519.sqrtM1.isNegativeMask == 0)
        #expect(Field25519.equalMask(Field25519.sqrtADMinusOne.squared(), .zero - d - one) != 0)
        #expect(Field25519.equalMask(Field25519.invSqrtAMinusD.squared() * (.zero - one - d), one) != 0)
        #expect(Field25519.equalMask(.oneMinusDSquared, one - d.squared()) != 0)
        #expect(Field25519.equalMask(.dMinusOneSquared, (d - one).squared()) != 0)
    }

    // MARK: Scalars

    /// Reduced scalars around the boundaries.
    static let scalars: [[UInt64]] = integers.map { a in reference { q.reduce(wide: a.span, into: &$0) } }

    private static func scalar(_ limbs: [UInt64]) -> R255.Scalar { R255.Scalar(limbs: limbs.span) }

    @Test func scalarOperations() {
        for a in Self.scalars {
            #expect((-Self.scalar(a)).limbs == Self.reference { Self.q.negate(a.span, into: &$0) })
            let inverse = Self.reference { Self.q.invert(a.span, into: &$0) }
            #expect(Self.scalar(a).vartimeInverted()?.limbs == (a == [0, 0, 0, 0] ? nil : inverse))
            for b in Self.scalars {
                #expect((Self.scalar(a) + Self.scalar(b)).limbs == Self.reference { Self.q.add(a.span, b.span, into: &$0) })
                #expect((Self.scalar(a) - Self.scalar(b)).limbs == Self.reference { Self.q.subtract(a.span, b.span, into: &$0) })
                #expect((Self.scalar(a) * Self.scalar(b)).limbs == Self.reference { Self.q.multiply(a.span, b.span, into: &$0) })
            }
        }
    }

    @Test func secretScalarsInBulk() {
        let a = Self.scalars.flatMap { $0 }
        let b = Self.scalars.reversed().flatMap { $0 }
        for factor in Self.scalars.prefix(40) + [largestScalar.limbs] {
            #expect(
                Self.bulk { R255.multiplyAdd(a.span, factor.span, b.span, into: &$0) }
                    == Self.bulk { Self.q.multiplyAdd(a.span, factor.span, b.span, into: &$0) })
        }
        #expect(Self.bulk { R255.add(a.span, b.span, into: &$0) } == Self.bulk { Self.q.addAll(a.span, b.span, into: &$0) })
        #expect(Self.bulk { R255.subtract(a.span, b.span, into: &$0) } == Self.bulk { Self.q.subtractAll(a.span, b.span, into: &$0) })
        let worst = (0..<5000).flatMap { _ in largestScalar.limbs }
        for (x, y) in [(a, b), (worst, worst), ([], [])] {
            let expected = Self.reference { Self.q.innerProduct(x.span, y.span, into: &$0) }
            #expect(Self.reference { R255.innerProduct(x.span, y.span, into: &$0) } == expected)
            let scalars = [x, y].map { limbs in (0..<limbs.count / 4).map { Self.scalar(Array(limbs[4 * $0..<4 * $0 + 4])) } }
            #expect(R255.Scalar.innerProduct(scalars[0], scalars[1]).limbs == expected)
        }
    }

    private static func bulk(_ body: (inout MutableSpan<UInt64>) -> Void) -> [UInt64] {
        var out = [UInt64](repeating: 0, count: 4 * scalars.count)
        var span = out.mutableSpan
        body(&span)
        return out
    }

    @Test func wideReduction() {
        for (i, low) in Self.integers.enumerated() {
            let high = Self.integers[(i * 11 + 5) % Self.integers.count]
            let bytes = (low + high).flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
            for count in [48, 56, 64] {
                let limbs = Array((low + high).prefix(count / 8))
                let expected = Self.reference { Self.q.reduce(wide: limbs.span, into: &$0) }
                #expect(R255.Scalar(reducingWide: Array(bytes.prefix(count)).span).limbs == expected)
                if count == 48 { #expect(Self.reference { R255.reduce(wide: Array(bytes.prefix(48)).span, into: &$0) } == expected) }
            }
        }
    }

    @Test func scalarEncodings() throws {
        for a in Self.integers {
            let bytes = a.flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
            if Self.q.isReduced(a.span) == 1 {
                let scalar = try R255.Scalar(canonical: bytes.span)
                #expect(scalar.limbs == a && scalar.bytes == bytes)
            } else {
                #expect(throws: ScalarDecodingError.notReduced) { try R255.Scalar(canonical: bytes.span) }
            }
        }
        for count in [0, 31, 33] {
            #expect(throws: ScalarDecodingError.length) { try R255.Scalar(canonical: [UInt8](repeating: 0, count: count).span) }
        }
        #expect(R255.Scalar(UInt128.max).limbs == [.max, .max, 0, 0] && R255.Scalar(UInt64.max).limbs == [.max, 0, 0, 0])
    }
}
