// SPDX-License-Identifier: Apache-2.0
import Baselines
import Benchmarking
import Testing

@Suite struct SpreadTests {
    @Test func mediansAndQuartiles() throws {
        let odd = try #require(Spread([5, 1, 3, 2, 4]))
        #expect(odd.median == 3 && odd.min == 1 && odd.max == 5 && odd.q1 == 2 && odd.q3 == 4)
        let even = try #require(Spread([4, 1, 2, 3]))
        #expect(even.median == 2.5 && even.q1 == 1.75 && even.q3 == 3.25)
        let one = try #require(Spread([7]))
        #expect(one.median == 7 && one.q1 == 7 && one.q3 == 7)
        #expect(Spread([]) == nil)
    }
}

/// The baselines compute what they are timed for.
@Suite struct BaselineTests {
    static func scalar(_ value: UInt8, littleEndian: Bool = false) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: 31)
        return littleEndian ? [value] + zeros : zeros + [value]
    }

    @Test func libsodium() throws {
        let sodium = try #require(Sodium.shared, "libsodium is a peer of the tests: scripts/setup test")
        let (two, three, five) = (Self.scalar(2, littleEndian: true), Self.scalar(3, littleEndian: true), Self.scalar(5, littleEndian: true))
        let sum = sodium.add(sodium.multiplyBase(two), sodium.multiplyBase(three))
        #expect(sum == sodium.multiplyBase(five))
        #expect(sodium.subtract(sum, sodium.multiplyBase(two)) == sodium.multiplyBase(three))
        #expect(sodium.isValidPoint(sum, at: 0) && !sodium.isValidPoint([UInt8](repeating: 0xff, count: 32), at: 0))
        // 2 G + 3 H = T + 5 C with H = C = G: T is 0 G, which has an encoding.
        let g = sodium.multiplyBase(Self.scalar(1, littleEndian: true))
        let zero = sodium.subtract(g, g)
        #expect(sodium.verifiesOpening(commitment: g, announcement: zero, challenge: five, m: two, r: three, h: g))
        #expect(!sodium.verifiesOpening(commitment: g, announcement: g, challenge: five, m: two, r: three, h: g))
    }

    @Test func openSSL() throws {
        let openssl = try #require(OpenSSLCurve.p256)
        // The generator of P-256, compressed.
        let g: [UInt8] =
            [0x03, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb]
            + [0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96]
        let point = try #require(openssl.point(g))
        #expect(openssl.encode(point) == g && openssl.decodes(g, at: 0))
        let integers = [2, 3, 4].compactMap { openssl.integer(Self.scalar($0)) }
        // 2 G + 3 G = G + 4 G
        #expect(
            openssl.verifiesOpening(commitment: g, announcement: g, challenge: integers[2], m: integers[0], r: integers[1], h: point))
        #expect(
            !openssl.verifiesOpening(commitment: g, announcement: g, challenge: integers[1], m: integers[0], r: integers[1], h: point))
    }

    @Test func libsecp256k1() throws {
        let library = try #require(Secp256k1Library.shared, "libsecp256k1 is a peer of the tests: scripts/setup test")
        let g = library.multiplyBase(Self.scalar(1))
        #expect(library.encode(library.add(library.multiplyBase(Self.scalar(2)), g)) == library.encode(library.vartimeMultiply(Self.scalar(3), g)))
        let encoded = library.encode(g)
        #expect(
            library.verifiesOpening(
                commitment: encoded, announcement: encoded, challenge: Self.scalar(4), m: Self.scalar(2), r: Self.scalar(3), h: g))
        #expect(
            !library.verifiesOpening(
                commitment: encoded, announcement: encoded, challenge: Self.scalar(3), m: Self.scalar(2), r: Self.scalar(3), h: g))
    }

    @Test func safePrimes() throws {
        for group in [SafePrimeGroup.rfc3526Bits2048, .rfc3526Bits3072] {
            let group = try #require(group)
            let g = group.value([4])
            let (two, three, four) = (group.value([2]), group.value([3]), group.value([4]))
            #expect(group.verifiesOpening(commitment: g, announcement: g, challenge: four, m: two, r: three, g: g, h: g))
            #expect(!group.verifiesOpening(commitment: g, announcement: g, challenge: three, m: two, r: three, g: g, h: g))
        }
    }
}
