// SPDX-License-Identifier: Apache-2.0
import CSodium
import Groups
import TestSupport
import Testing

/// Decoding, encoding, the group law, hashing and multiplication, held to libsodium.
@Suite(.everyKernel) struct Ristretto255SodiumTests {
    /// Whether libsodium accepts an encoding. It ignores bit 255, which RFC 9496 refuses.
    private func sodiumAccepts(_ encoding: [UInt8]) -> Bool {
        encoding[31] < 128 && crypto_core_ristretto255_is_valid_point(encoding) == 1
    }

    private func accepts(_ encoding: [UInt8]) -> Bool {
        (try? R255.decode(canonical: encoding.span)) != nil
    }

    @Test func decodingOfRandomBytes() throws {
        var random = TestRandom(1)
        var accepted = 0
        for _ in 0..<(runsLongTests ? 600_000 : 6_000) {
            var encoding = random.bytes(32)
            // Half of them pass the first two checks, and then one in four is an element.
            if random.next() & 1 == 0 {
                encoding[0] &= 0xfe
                encoding[31] &= 0x7f
            }
            let expected = sodiumAccepts(encoding)
            #expect(accepts(encoding) == expected)
            if expected {
                accepted += 1
                #expect(R255.encode(try R255.decode(canonical: encoding.span)) == encoding)
            }
        }
        #expect(accepted > 400)
    }

    @Test func decodingOfSmallAndLargeIntegers() {
        var encodings: [[UInt8]] = []
        for low in 0..<256 {
            for high: UInt8 in [0x00, 0x01, 0x7e, 0x7f, 0x80, 0xff] {
                for fill: UInt8 in [0x00, 0xff] {
                    var encoding = [UInt8](repeating: fill, count: 32)
                    encoding[0] = UInt8(low)
                    encoding[31] = high
                    encodings.append(encoding)
                }
            }
        }
        for encoding in encodings { #expect(accepts(encoding) == sodiumAccepts(encoding), "\(encoding)") }
    }

    @Test func everyBitFlipOfEncodings() {
        var random = TestRandom(2)
        let encodings = R255.encode(random.points(12))
        for i in 0..<12 {
            for bit in 0..<256 {
                var encoding = piece(encodings, i)
                encoding[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(accepts(encoding) == sodiumAccepts(encoding))
            }
        }
    }

    @Test(arguments: [1, 31, 33, 63])
    func lengthsThatAreNoWholeEncodings(count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(throws: PointDecodingError(index: count / 32, reason: .length)) { try R255.decode(canonical: bytes.span) }
    }

    @Test func theLowestRefusedIndexIsReportedAcrossChunks() {
        var random = TestRandom(3)
        let encodings = R255.encode(random.points(600))
        for lowest in [0, 1, 298, 299, 300, 301, 599] {
            var bad = encodings
            for i in [lowest, 599] { bad[32 * i] |= 1 }
            #expect(throws: PointDecodingError(index: lowest, reason: .notCanonical)) { try R255.decode(canonical: bad.span) }
        }
    }

    @Test func theIdentityIsEncodedAsZeros() throws {
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(try R255.decode(canonical: zeros.span) == [R255.identity])
        #expect(R255.encode([R255.identity]) == zeros)
        #expect(try R255.decode(canonical: [UInt8]().span).isEmpty)
        #expect(R255.encode([]).isEmpty)
    }

    @Test func hashingToTheGroup() {
        var random = TestRandom(4)
        var inputs = (0..<(runsLongTests ? 200_000 : 2_000)).map { _ in random.bytes(64) }
        inputs += [[UInt8](repeating: 0, count: 64), [UInt8](repeating: 255, count: 64), [UInt8](repeating: 1, count: 64)]
        let encodings = R255.encode(R255.points(uniformBytes: inputs.flatMap { $0 }.span))
        for i in inputs.indices {
            var expected = [UInt8](repeating: 0, count: 32)
            #expect(crypto_core_ristretto255_from_hash(&expected, inputs[i]) == 0)
            #expect(piece(encodings, i) == expected)
        }
    }

    @Test func additionAndSubtraction() {
        var random = TestRandom(5)
        // Unnormalised operands, doublings, inverses and the identity among them.
        var points = random.points(40)
        points += R255.prefixSums(points)
        points += points.prefix(10).map { R255.negate($0) } + [R255.identity, R255.generator]
        let encodings = R255.encode(points)
        for i in points.indices {
            for j in points.indices where (i + j) % 3 == 0 || i == j {
                var sum = [UInt8](repeating: 0, count: 32)
                var difference = sum
                #expect(crypto_core_ristretto255_add(&sum, piece(encodings, i), piece(encodings, j)) == 0)
                #expect(crypto_core_ristretto255_sub(&difference, piece(encodings, i), piece(encodings, j)) == 0)
                let ours = [R255.add(points[i], points[j]), R255.add(points[i], R255.negate(points[j]))]
                #expect(R255.encode(ours) == sum + difference)
                #expect((points[i] == points[j]) == (piece(encodings, i) == piece(encodings, j)))
                #expect(R255.isIdentity(ours[1]) == (points[i] == points[j]))
            }
        }
    }

    @Test func singleMultiplications() {
        var random = TestRandom(6)
        let points = random.points(4) + [R255.generator]
        let encodings = R255.encode(points)
        let scalars = edgeScalars + (0..<(runsLongTests ? 50_000 : 1_000)).map { _ in random.scalar() }
        for (i, scalar) in scalars.enumerated() {
            let k = i % points.count
            let expected = sodiumMultiply(scalar, piece(encodings, k))
            #expect(R255.encode([R255.vartimeMultiScalarMul([scalar], [points[k]])]) == expected)
            #expect(R255.encode([R255.multiScalarMul(scalar.limbs.span, [points[k]])]) == expected)
        }
        // Many rows of one fixed base.
        let bases = R255.fixedBases([points[0]])
        let rows = R255.multiScalarMul(rows: scalars.count, scalars.flatMap { $0.limbs }.span, bases)
        let encoded = R255.encode(rows)
        for i in scalars.indices { #expect(piece(encoded, i) == sodiumMultiply(scalars[i], piece(encodings, 0))) }
    }

    @Test func multiplesOfTheIdentityVanish() {
        for scalar in edgeScalars.prefix(10) {
            #expect(R255.isIdentity(R255.vartimeMultiScalarMul([scalar], [R255.identity])))
            #expect(R255.isIdentity(R255.multiScalarMul(scalar.limbs.span, [R255.identity])))
        }
    }
}
