// SPDX-License-Identifier: Apache-2.0
internal import CGMP

/// An odd prime `p` of up to 8192 bits and arithmetic modulo it on GMP's fixed-limb functions.
///
/// Residues are `limbCount` little-endian 64-bit limbs, reduced (`< p`), in the plain (not Montgomery) representation. Every operation
/// takes reduced inputs and gives reduced outputs.
///
/// | symbol | identifier | |
/// |---|---|---|
/// | `p`, `n`, `b` | `limbs`, `limbCount`, `2^64` | |
/// | `mu` | `reciprocal` | `floor(b^2n / p)`, Barrett reduction: Handbook of Applied Cryptography, algorithm 14.42 |
///
/// Timing: constant in the values of the operands, except functions with `vartime` in their name. The modulus is public.
/// Security: scratch memory is wiped after each call.
public struct PrimeModulus: Sendable {
    /// The largest accepted size of a modulus.
    public static let maximumBitWidth = 8192

    let constants: ModulusConstants
    /// The number of 64-bit limbs of a residue.
    public let limbCount: Int
    /// The number of bits of the modulus.
    public let bitWidth: Int
    /// The number of bytes of an encoded residue.
    public var byteCount: Int { (bitWidth + 7) / 8 }

    /// The odd prime with the given encoding (leading zeros allowed). Public data: variable time.
    ///
    /// Primality is Baillie-PSW with further Miller-Rabin rounds: no composite is known to pass the first, and each round
    /// lowers the chance of an unlucky one by 1/4.
    public init(bytes: Span<UInt8>, order: ByteOrder) throws(ArithmeticError) {
        var limbs = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
        for i in 0..<bytes.count {
            let byte = order == .little ? bytes[i] : bytes[bytes.count - 1 - i]
            limbs[i / 8] |= UInt64(byte) << UInt64(8 * (i % 8))
        }
        while limbs.last == 0 { limbs.removeLast() }
        guard let top = limbs.last else { throw .notPrime }
        bitWidth = 64 * limbs.count - top.leadingZeroBitCount
        guard bitWidth <= Self.maximumBitWidth else { throw .tooLarge }
        guard limbs[0] & 1 == 1 else { throw .evenModulus }
        guard zk_mpz_probab_prime(limbs, limbs.count, 30) > 0 else { throw .notPrime }
        limbCount = limbs.count
        constants = ModulusConstants(prime: limbs)
    }

    /// A published prime whose primality the tests check, for at thousands of bits checking takes up to a second.
    ///
    /// - Parameter limbs: Little-endian, the top one not zero, at most ``maximumBitWidth`` bits.
    /// - Precondition: an odd prime above 2; only the size and the lowest bit are looked at.
    package init(published limbs: [UInt64]) {
        guard let top = limbs.last, top != 0, limbs[0] & 1 == 1, limbs != [1] else { preconditionFailure("not an odd prime") }
        bitWidth = 64 * limbs.count - top.leadingZeroBitCount
        precondition(bitWidth <= Self.maximumBitWidth, "a larger modulus than supported")
        limbCount = limbs.count
        constants = ModulusConstants(prime: limbs)
    }

    /// The odd prime written in hexadecimal digits, most significant first, in the source code.
    ///
    /// - Precondition: it is one; anything else is a programming error and stops the program.
    public init(constant hex: StaticString) {
        var bytes: [UInt8] = []
        var pending: UInt8?
        let digits = Array(String(describing: hex).utf8)
        if digits.count % 2 == 1 { pending = 0 }
        for digit in digits {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { preconditionFailure("not a hexadecimal digit") }
            if let high = pending {
                bytes.append(high << 4 | UInt8(value))
                pending = nil
            } else {
                pending = UInt8(value)
            }
        }
        do {
            try self.init(bytes: bytes.span, order: .big)
        } catch {
            preconditionFailure("not an odd prime")
        }
    }

    /// The limbs of the modulus itself.
    public var limbs: [UInt64] {
        Array(UnsafeBufferPointer(start: constants.prime, count: limbCount))
    }
}

/// The numbers that depend on the modulus only, at a stable address. Never written after initialisation.
final class ModulusConstants: @unchecked Sendable {
    /// `p`, with one zero limb above: `n + 1` limbs.
    let prime: UnsafeMutablePointer<UInt64>
    /// `floor(b^2n / p)`: `n + 1` limbs.
    let reciprocal: UnsafeMutablePointer<UInt64>
    /// `p - 2`: `n` limbs.
    let primeMinusTwo: UnsafeMutablePointer<UInt64>
    /// Limbs of scratch that `mpn_sec_mul` and `mpn_sec_sqr` ask for, at the sizes used here.
    let secretScratch: Int
    /// How often a Barrett remainder of a product of two residues can exceed `p`: 1 or 2.
    let productCorrections: Int

    init(prime limbs: [UInt64]) {
        let n = limbs.count
        prime = .allocate(capacity: n + 1)
        reciprocal = .allocate(capacity: n + 1)
        primeMinusTwo = .allocate(capacity: n)
        prime.initialize(repeating: 0, count: n + 1)
        reciprocal.initialize(repeating: 0, count: n + 1)
        for i in 0..<n { prime[i] = limbs[i] }

        // floor(b^2n / p) has exactly n + 1 limbs, for b^(n-1) < p < b^n.
        var dividend = [UInt64](repeating: 0, count: 2 * n + 1)
        dividend[2 * n] = 1
        var quotient = [UInt64](repeating: 0, count: n + 2)
        var remainder = [UInt64](repeating: 0, count: n)
        zk_mpn_tdiv_qr(&quotient, &remainder, dividend, 2 * n + 1, limbs, n)
        for i in 0...n { reciprocal[i] = quotient[i] }

        // p >= 3, so p - 2 does not underflow.
        var borrow: UInt64 = 2
        for i in 0..<n {
            let (difference, underflow) = limbs[i].subtractingReportingOverflow(borrow)
            primeMinusTwo.advanced(by: i).initialize(to: difference)
            borrow = underflow ? 1 : 0
        }
        secretScratch = max(
            zk_mpn_sec_mul_itch(n + 1, n + 1), zk_mpn_sec_mul_itch(n + 1, n), zk_mpn_sec_mul_itch(n, n), zk_mpn_sec_sqr_itch(n))
        // The quotient estimate is short of x / p by less than 1 + b^(n-1)/p + x/b^2n. With x < p^2 and
        // 2^(64(n-1)+1) <= p < 2^(64n-1) the two fractions are at most 1/2 and 1/4, so one correction is enough.
        let top = limbs[n - 1]
        productCorrections = top >= 2 && top >> 63 == 0 ? 1 : 2
    }

    deinit {
        prime.deallocate()
        reciprocal.deallocate()
        primeMinusTwo.deallocate()
    }
}
