// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// Every position in a block of lanes, every number of elements, and decoding advice.
@Suite(.everyKernel) struct Ristretto255LaneTests {
    /// Encodings that RFC 9496 refuses, a few for each reason.
    static let invalid: [[UInt8]] = {
        var p = [UInt8](repeating: 0xff, count: 32)
        p[0] = 0xed
        p[31] = 0x7f
        var zeroPlusP = p  // p itself: 0 not canonical
        zeroPlusP[0] = 0xed
        var twoPlusP = p
        twoPlusP[0] = 0xef
        var minusOne = p
        minusOne[0] = 0xec
        var one = [UInt8](repeating: 0, count: 32)
        one[0] = 1
        var topBit = [UInt8](repeating: 0, count: 32)
        topBit[31] = 0x80
        return [zeroPlusP, twoPlusP, minusOne, one, topBit, [UInt8](repeating: 0xff, count: 32)] + nonElements
    }()

    /// Even integers below p that are no encodings: of a non-square, or with a negative or vanishing coordinate.
    private static let nonElements: [[UInt8]] = {
        var random = TestRandom(55)
        var found: [[UInt8]] = []
        while found.count < 6 {
            var bytes = random.bytes(32)
            bytes[0] &= 0xfe
            bytes[31] &= 0x7f
            if Ristretto255Reference.decode(bytes) == nil { found.append(bytes) }
        }
        return found
    }()

    @Test(arguments: invalid.indices)
    func anInvalidEncodingIsFoundInEveryLane(index: Int) {
        var random = TestRandom(56)
        let encodings = R255.encode(random.points(72))
        for count in [2, 24, 25, 48, 72] {
            for lane in 0..<count {
                var bytes = Array(encodings.prefix(32 * count))
                bytes.replaceSubrange(32 * lane..<32 * lane + 32, with: Self.invalid[index])
                // A later one does not hide it.
                if lane + 3 < count { bytes[32 * (count - 1)] |= 1 }
                #expect(throws: PointDecodingError(index: lane, reason: .notCanonical)) { try R255.decode(canonical: bytes.span) }
                let good = Array(encodings.prefix(32 * count))
                let advice = R255.decodingAdvice(for: good.span)
                #expect(throws: PointDecodingError(index: lane, reason: .notCanonical)) {
                    try R255.decode(canonical: bytes.span, advice: advice.span)
                }
            }
        }
    }

    @Test func everyNumberOfElements() throws {
        var random = TestRandom(57)
        let uniform = random.bytes(64 * 75)
        let expected = (0..<75).map { Ristretto255Reference.encode(Ristretto255Reference.point(uniformBytes: piece(uniform, $0, 64))) }
        for count in 0...75 {
            let some = Array(uniform.prefix(64 * count))
            let points = R255.points(uniformBytes: some.span)
            let encoded = R255.encode(points)
            #expect(encoded == Array(expected.prefix(count).joined()))
            let decoded = try R255.decode(canonical: encoded.span)
            #expect(decoded == points && R255.encode(decoded) == encoded)
        }
    }

    @Test func sumsOfEverySize() {
        var random = TestRandom(58)
        let points = random.points(70)
        let scalars = (0..<70).map { $0 % 3 == 0 ? edgeScalars[(11 * $0) % edgeScalars.count] : random.scalar() }
        let encodings = R255.encode(points)
        var sum = R255.identity
        for count in 0...70 {
            if count > 0 {
                // Term by term on the reference.
                let term = Ristretto255Reference.decode(piece(encodings, count - 1)).map {
                    Ristretto255Reference.multiply($0, scalars[count - 1].bytes)
                }
                let bytes = term.map { Ristretto255Reference.encode($0) } ?? []
                let decoded = try? R255.decode(canonical: bytes.span)
                sum = R255.add(sum, decoded?.first ?? R255.identity)
            }
            let some = Array(scalars.prefix(count))
            #expect(R255.vartimeMultiScalarMul(some, Array(points.prefix(count))) == sum, "\(count)")
            let limbs = some.flatMap { $0.limbs }
            let constantTime = R255.multiScalarMul(limbs.span, Array(points.prefix(count)))
            #expect(constantTime == sum, "\(count)")
        }
    }

    /// Around the switches of method and the splitting by length.
    @Test(arguments: [189, 190, 191, 239, 240, 241, 255, 256, 257, 495, 496, 497, 512, 2100])
    func sumsAroundTheSwitches(count: Int) {
        var random = TestRandom(UInt64(count))
        let logarithms = (0..<16).map { _ in random.scalar() }
        let limbs = logarithms.flatMap { $0.limbs }
        let few = R255.multiScalarMul(rows: 16, limbs.span, R255.fixedBases([R255.generator]))
        let points = (0..<count).map { few[$0 % 16] }
        for shortShare in [0, 1, 255, 256, 257, count - 256, count - 1, count] where (0...count).contains(shortShare) {
            let scalars = (0..<count).map { i in
                i < shortShare ? R255.Scalar(UInt128(random.next()) << 64 | UInt128(random.next())) : random.scalar()
            }
            let expected = R255.Scalar.innerProduct(scalars, (0..<count).map { logarithms[$0 % 16] })
            #expect(R255.encode([R255.vartimeMultiScalarMul(scalars, points)]) == sodiumMultiply(expected, R255.encode([R255.generator])))
        }
    }

    /// Scalars around 2^251, where the vector kernel changes sign, and of every single bit, at the widths of many terms.
    @Test(arguments: [3000, 30000])
    func edgesAmongManyTerms(count: Int) {
        var random = TestRandom(59)
        let half = R255.Scalar(UInt64(2)).vartimeInverted() ?? .zero
        let edges = edgeScalars + [half, half - .one, half + .one]
        let logarithm = random.scalar()
        let limbs = logarithm.limbs
        let point = R255.multiScalarMul(limbs.span, [R255.generator])
        let points = [R255.Point](repeating: point, count: count)
        for shift in [0, 1, 5] {
            let scalars = (0..<count).map { edges[($0 + shift * $0 / 7) % edges.count] }
            let sum = scalars.reduce(R255.Scalar.zero, +) * logarithm
            #expect(R255.encode([R255.vartimeMultiScalarMul(scalars, points)]) == sodiumMultiply(sum, R255.encode([R255.generator])))
        }
    }

    // MARK: Advice

    @Test func adviceIsTheInverseRootAndTheSameOnEveryKernel() {
        var random = TestRandom(60)
        let encodings = R255.encode(random.points(50) + [R255.identity, R255.generator]) + Self.invalid.flatMap { $0 }
        let advice = R255.decodingAdvice(for: encodings.span)
        let portable = Kernel.$forced.withValue(.portable) { R255.decodingAdvice(for: encodings.span) }
        #expect(advice == portable)
        for i in 52..<52 + Self.invalid.count { #expect(piece(advice, i) == [UInt8](repeating: 0, count: 32)) }
    }

    @Test func adviceNeverChangesAResult() throws {
        var random = TestRandom(61)
        let points = random.points(60) + [R255.identity, R255.generator]
        let encodings = R255.encode(points)
        let right = R255.decodingAdvice(for: encodings.span)
        func decodes(_ advice: [UInt8]) throws -> Bool {
            let decoded = try R255.decode(canonical: encodings.span, advice: advice.span)
            return decoded == points && R255.encode(decoded) == encodings
        }
        #expect(try decodes(right))
        for kind in 0..<8 {
            // All wrong, and one wrong lane at a time.
            #expect(try decodes((0..<62).flatMap { Self.wrong(kind, piece(right, $0), &random) }))
            for lane in 0..<62 {
                var advice = right
                advice.replaceSubrange(32 * lane..<32 * lane + 32, with: Self.wrong(kind, piece(right, lane), &random))
                #expect(try decodes(advice))
            }
        }
        #expect(try decodes([]))
        #expect(try decodes(Array(right.dropLast())))
    }

    @Test func adviceDoesNotMakeInvalidEncodingsValid() {
        var random = TestRandom(62)
        for bad in Self.invalid {
            let encodings = bad + R255.encode(random.points(30))
            let honest = R255.decodingAdvice(for: encodings.span)
            var advices = (0..<8).map { Self.wrong($0, piece(honest, 0), &random) }
            // The root of another representative of the same integer, and roots for the integer reduced.
            advices += [Self.rootOfAnything(bad), Self.negated(Self.rootOfAnything(bad))]
            for advice in advices {
                let all = advice + honest.dropFirst(32)
                #expect(throws: PointDecodingError(index: 0, reason: .notCanonical)) {
                    try R255.decode(canonical: encodings.span, advice: all.span)
                }
            }
        }
    }

    /// Wrong advice made of the right one: its negative, times i, zero, not canonical, random, one bit off, one.
    private static func wrong(_ kind: Int, _ right: [UInt8], _ random: inout TestRandom) -> [UInt8] {
        switch kind {
        case 0: return negated(right)
        case 1: return times(right, Field25519.sqrtM1)
        case 2: return negated(times(right, Field25519.sqrtM1))
        case 3: return [UInt8](repeating: 0, count: 32)
        case 4: return plusModulus(right)
        case 5: return random.bytes(32)
        case 6:
            var altered = right
            let bit = Int(random.next() % 256)
            altered[bit / 8] ^= 1 << UInt8(bit % 8)
            return altered
        default: return [1] + [UInt8](repeating: 0, count: 31)
        }
    }

    private static func bytes(_ a: Field25519) -> [UInt8] {
        let r = a.reduced().rawLimbs
        return [r.0, r.1, r.2, r.3].flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
    }

    private static func field(_ bytes: [UInt8]) -> Field25519 {
        let limbs = (0..<4).map { i in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[8 * i + $1]) << UInt64(8 * $1) } }
        return Field25519(limbs[0], limbs[1], limbs[2], limbs[3])
    }

    private static func negated(_ a: [UInt8]) -> [UInt8] { bytes(field(a).negated()) }
    private static func times(_ a: [UInt8], _ b: Field25519) -> [UInt8] { bytes(field(a) * b) }

    /// The integer plus p; it needs 256 bits at most.
    private static func plusModulus(_ a: [UInt8]) -> [UInt8] {
        var carry = 0
        let p: [Int] = [0xed] + [Int](repeating: 0xff, count: 30) + [0x7f]
        return (0..<32).map { i in
            let sum = Int(a[i]) + p[i] + carry
            carry = sum >> 8
            return UInt8(sum & 0xff)
        }
    }

    /// SQRT_RATIO_M1(1, v u2^2) of the integer, whether or not it decodes.
    private static func rootOfAnything(_ encoding: [UInt8]) -> [UInt8] {
        let s = field(encoding)
        let ss = s.squared()
        let u2Squared = (Field25519.one + ss).squared()
        let v = (Field25519.zero - Field25519.d * (Field25519.one - ss).squared()) - u2Squared
        return bytes(Field25519.sqrtRatioM1(.one, v * u2Squared).root)
    }
}
