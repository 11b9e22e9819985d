// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// The choice of a safe prime, as a type: what ``SafePrimeGroup`` is generic over.
public protocol SafePrimeParameters: Sendable {
    /// The constants of the prime, made once (a `static let`).
    static var constants: SafePrimeConstants { get }
}

/// A safe prime `p = 2q + 1` and what is precomputed for its subgroup of order `q`. All of it public.
public struct SafePrimeConstants: Sendable {
    /// The name of the group in ciphersuite identifiers.
    public let name: String
    let field: PrimeModulus
    let order: PrimeModulus
    let powers: MontgomeryModulus
    /// The limbs of the generator: 2 if it is a square modulo `p` (`p = 7 mod 8`, which all published primes are), else 4.
    let generator: [UInt64]
    /// The limbs of 1.
    let one: [UInt64]

    /// A safe prime chosen by the caller; checks that `p` and `(p - 1) / 2` are prime, which takes up to seconds.
    ///
    /// - Parameter safePrime: Most significant byte first, at most 8192 bits.
    /// - Returns: `nil` unless it is a safe prime above 5, so that `q` is odd.
    public init?(name: String, safePrime bytes: [UInt8]) {
        guard bytes.count <= 1032, Primality.isSafePrime(bytes.span, order: .big),
            let field = try? PrimeModulus(bytes: bytes.span, order: .big), field.limbs != [5]
        else { return nil }
        self.init(name: name, field: field)
    }

    /// One of the primes of RFC 3526 and RFC 7919: `2^n - 2^(n-64) - 1 + 2^64 (floor(2^(n-130) x) + offset)` for `x` = pi or e.
    ///
    /// - Parameter digits: The leading 64-bit words of `x`, beginning with its highest bit.
    init(name: String, digits: [UInt64], bitWidth: Int, offset: UInt64) {
        // floor(2^(n-130) x) is the first n/64 - 2 words, as x has two bits before the point. The lowest limb of p is 2^64 - 1, which
        // takes one from the limbs above.
        let middle = bitWidth / 64 - 2
        var limbs = [UInt64.max]
        var carry = offset - 1
        for i in (0..<middle).reversed() {
            let sum = UInt128(digits[i]) + UInt128(carry)
            limbs.append(UInt64(truncatingIfNeeded: sum))
            carry = UInt64(truncatingIfNeeded: sum >> 64)
        }
        limbs.append(.max)
        self.init(name: name, field: PrimeModulus(published: limbs))
    }

    private init(name: String, field: PrimeModulus) {
        self.name = name
        self.field = field
        let p = field.limbs
        var q = p.indices.map { p[$0] >> 1 | ($0 + 1 < p.count ? p[$0 + 1] << 63 : 0) }
        if q.last == 0 { q.removeLast() }
        order = PrimeModulus(published: q)
        powers = MontgomeryModulus(field)
        let zeros = [UInt64](repeating: 0, count: p.count - 1)
        one = [1] + zeros
        let two = [2] + zeros
        generator = field.vartimeLegendre(two.span) == 1 ? two : [4] + zeros
    }

    /// `p`, most significant byte first.
    public var modulus: [UInt8] { Self.bytes(field) }
    /// `q = (p - 1) / 2`, most significant byte first.
    public var groupOrder: [UInt8] { Self.bytes(order) }

    private static func bytes(_ modulus: PrimeModulus) -> [UInt8] {
        let limbs = modulus.limbs
        return (0..<modulus.byteCount).reversed().map { UInt8(truncatingIfNeeded: limbs[$0 / 8] >> UInt64(8 * ($0 % 8))) }
    }
}
