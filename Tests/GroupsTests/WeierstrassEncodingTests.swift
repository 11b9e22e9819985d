// SPDX-License-Identifier: Apache-2.0
import Arithmetic
import Groups
import TestSupport
import Testing

/// Encodings that must be refused, the subgroup of BLS12-381, and the complete formulas held to the affine reference.
@Suite struct WeierstrassEncodingTests {
    private func accepts<G: WeierstrassGroup>(_ group: G.Type, _ bytes: [UInt8]) -> Bool { G.decoded(bytes) != nil }

    /// `x + p` for a small `x`, as long as `p`; `nil` if it does not fit.
    private func plusModulus<G: WeierstrassGroup>(_ group: G.Type, _ x: UInt8) -> [UInt8] {
        var sum = G.parameters.p
        var carry = UInt16(x)
        for i in sum.indices.reversed() {
            carry += UInt16(sum[i])
            sum[i] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        return sum
    }

    private func sec1<G: WeierstrassGroup>(_ group: G.Type) throws {
        let generator = G.encode([G.generator])
        let coordinates = try #require(G.affineCoordinates(G.generator))
        for prefix in UInt8.min...UInt8.max {
            let altered = [prefix] + generator.dropFirst()
            let accepted = prefix == 2 || prefix == 3
            #expect(accepts(G.self, altered) == accepted)
            let uncompressed = [prefix] + coordinates.x + coordinates.y
            #expect((G.decodedUncompressed(uncompressed) != nil) == (prefix == 4))
        }
        let flipped = G.decoded([generator[0] ^ 1] + generator.dropFirst())
        #expect(flipped == [G.negate(G.generator)])
        // The identity has no encoding; the placeholder that encode writes is refused.
        #expect(G.encode([G.identity]) == [UInt8](repeating: 0, count: 33))
        #expect(!accepts(G.self, [UInt8](repeating: 0, count: 33)) && !accepts(G.self, [0]))
        // x and x + p are the same residue; only x is an encoding. About half of all x are those of points.
        var found = 0
        for x in UInt8(0)..<60 {
            let small = [UInt8](repeating: 0, count: 31) + [x]
            if accepts(G.self, [2] + small) { found += 1 }
            #expect(accepts(G.self, [2] + small) == accepts(G.self, [3] + small))
            #expect(!accepts(G.self, [2] + plusModulus(G.self, x)))
        }
        #expect((20...40).contains(found))
        // Uncompressed: y of another point, y + p, zeros, wrong lengths.
        let (x, y) = coordinates
        for bad in [
            [4] + x + x, [4] + y + x, [4] + x + [UInt8](repeating: 0xff, count: 32), [UInt8](repeating: 0, count: 65), [4] + x, [4], [],
            [4] + x + y + [0],
        ] as [[UInt8]] {
            #expect(G.decodedUncompressed(bad) == nil)
        }
    }

    @Test func p256Encodings() throws { try sec1(P256.self) }
    @Test func secp256k1Encodings() throws { try sec1(Secp256k1.self) }

    @Test func bls12381Encodings() {
        typealias G = BLS12381G1
        let generator = G.encode([G.generator])
        #expect(
            hex(generator)
                == "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb")
        for flags in UInt8(0)..<8 {
            let altered = [generator[0] & 0x1f | flags << 5] + generator.dropFirst()
            #expect(accepts(G.self, altered) == (flags == 0b100 || flags == 0b101))
        }
        let negated = G.decoded([generator[0] ^ 0x20] + generator.dropFirst())
        #expect(negated == [G.negate(G.generator)])
        let infinity: [UInt8] = [0xc0] + [UInt8](repeating: 0, count: 47)
        #expect(G.encode([G.identity]) == infinity && accepts(G.self, infinity))
        for position in 0..<48 {
            for bit in 0..<8 where !(position == 0 && bit >= 6) {
                var altered = infinity
                altered[position] |= 1 << UInt8(bit)
                #expect(!accepts(G.self, altered))
            }
        }
        #expect(!accepts(G.self, [0x40] + infinity.dropFirst()) && !accepts(G.self, [UInt8](repeating: 0, count: 48)))
        // x + p, below 2^381.
        for x in UInt8(0)..<40 {
            var large = plusModulus(G.self, x)
            large[0] |= 0x80
            #expect(!accepts(G.self, large))
        }
    }

    /// The endomorphism's answer is that of `q P = 0`, on points inside and outside, and outside ones are refused.
    @Test func subgroupOfBLS12381() {
        typealias G = BLS12381G1
        let order = G.parameters.q
        func orderTimes(_ p: G.Point) -> G.Point {
            var sum = G.identity
            for byte in order {
                for bit in (0..<8).reversed() {
                    sum = G.add(sum, sum)
                    if byte >> UInt8(bit) & 1 == 1 { sum = G.add(sum, p) }
                }
            }
            return sum
        }
        var random = TestRandom(5)
        var (inside, outside) = (0, 0)
        for i in 0..<(runsLongTests ? 5000 : 60) {
            let mapped = G.mapped(random.bytes(64))
            // The order of q times a point divides the cofactor.
            var point = mapped
            if i % 3 == 1 { point = G.hashed(random.bytes(128))[0] }
            if i % 3 == 2 {
                let cleared = G.hashed(random.bytes(128))[0]
                point = G.add(i % 2 == 0 ? mapped : orderTimes(mapped), i % 4 < 2 ? cleared : G.identity)
            }
            let expected = G.isIdentity(orderTimes(point))
            #expect(G.isInSubgroup(point) == expected)
            let encoding = G.encode([point])
            #expect(accepts(G.self, encoding) == expected)
            if expected { inside += 1 } else { outside += 1 }
        }
        #expect(G.isInSubgroup(G.identity) && inside >= 20 && outside >= 40)
        // A point of order 3: x = 0, y = 2.
        let zero = [UInt8](repeating: 0, count: 48)
        #expect(!accepts(G.self, [0x80] + zero.dropFirst()) && !accepts(G.self, [0xa0] + zero.dropFirst()))
    }

    // MARK: The affine reference

    private func againstReference<G: WeierstrassGroup>(_ group: G.Type) throws {
        let parameters = G.parameters
        let reference = try AffineReference(p: parameters.p, a: parameters.a, b: parameters.b)
        func plain(_ p: G.Point) -> AffineReference.Point {
            G.affineCoordinates(p).map { (reference.element($0.x), reference.element($0.y)) }
        }
        func equal(_ p: G.Point, _ q: AffineReference.Point) -> Bool {
            let (p, q) = (G.affineCoordinates(p), reference.bytes(q))
            return p?.x == q?.x && p?.y == q?.y
        }
        var random = TestRandom(6)
        let points = G.hashed(random.bytes(20 * G.uniformByteCount)) + [G.identity, G.generator]
        for p in points {
            #expect(reference.contains(plain(p)))
            #expect(equal(G.add(p, p), reference.add(plain(p), plain(p))))
            #expect(equal(G.add(p, G.negate(p)), nil) && equal(G.negate(p), reference.negate(plain(p))))
            for q in points { #expect(equal(G.add(p, q), reference.add(plain(p), plain(q)))) }
        }
        #expect(reference.multiply(plain(G.generator), parameters.q) == nil)
        for p in points.prefix(6) {
            let scalar = G.scalar(random.bytes(48))
            #expect(equal(G.product(scalar, p), reference.multiply(plain(p), scalar.bytes)))
        }
    }

    @Test func p256AgainstTheReference() throws { try againstReference(P256.self) }
    @Test func secp256k1AgainstTheReference() throws { try againstReference(Secp256k1.self) }
    @Test func bls12381AgainstTheReference() throws { try againstReference(BLS12381G1.self) }
}
