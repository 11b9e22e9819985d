// SPDX-License-Identifier: Apache-2.0
internal import CGMP

/// Primality of public integers of any size. Variable time.
///
/// The test is GMP's: trial division, Baillie-PSW, then Miller-Rabin to `rounds - 24` further bases. No composite is known to pass
/// Baillie-PSW, whoever chose it; the further rounds cost time only.
public enum Primality {
    /// The work of the test: 24 stand for Baillie-PSW, the rest are rounds of Miller-Rabin.
    static let rounds: Int32 = 40

    /// Whether the unsigned integer is prime, up to the test's error. Zero, one and the empty string are not.
    public static func isProbablePrime(_ bytes: Span<UInt8>, order: ByteOrder) -> Bool {
        isProbablePrime(limbs(bytes, order))
    }

    /// Whether `p` and `(p - 1) / 2` are both prime, up to the test's error: a safe prime.
    public static func isSafePrime(_ bytes: Span<UInt8>, order: ByteOrder) -> Bool {
        let p = limbs(bytes, order)
        guard let lowest = p.first, lowest & 1 == 1 else { return false }
        // (p - 1) / 2 of an odd p is p >> 1.
        let half = p.indices.map { p[$0] >> 1 | ($0 + 1 < p.count ? p[$0 + 1] << 63 : 0) }
        return isProbablePrime(half) && isProbablePrime(p)
    }

    /// The same for little-endian limbs, zeros on top allowed.
    static func isProbablePrime(_ limbs: [UInt64]) -> Bool {
        !limbs.isEmpty && zk_mpz_probab_prime(limbs, limbs.count, rounds) > 0
    }

    private static func limbs(_ bytes: Span<UInt8>, _ order: ByteOrder) -> [UInt64] {
        var limbs = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
        for i in 0..<bytes.count {
            let byte = order == .little ? bytes[i] : bytes[bytes.count - 1 - i]
            limbs[i / 8] |= UInt64(byte) << UInt64(8 * (i % 8))
        }
        return limbs
    }
}
