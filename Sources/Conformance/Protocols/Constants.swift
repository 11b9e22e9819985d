// SPDX-License-Identifier: Apache-2.0

/// Binary digits of pi and e, computed: the primes of RFC 3526 and RFC 7919 are made of them.
enum Constants {
    /// Digits that are computed beyond those that are asked for: the sums have fewer than 2^16 terms, each cut off below 1.
    private static let guardLimbs = 1

    /// A number below 4 with `limbs.count` limbs after two bits, little-endian: `value * 2^(64 * limbs.count - 2)`.
    private struct Fixed {
        var limbs: [UInt64]

        /// A small integer over a power of two: `value` in 0...3.
        init(_ value: UInt64, count: Int) {
            limbs = [UInt64](repeating: 0, count: count)
            limbs[count - 1] = value << 62
        }

        var isZero: Bool { limbs.allSatisfy { $0 == 0 } }

        func divided(by divisor: UInt64) -> Fixed {
            var (result, remainder) = (self, UInt64(0))
            for index in limbs.indices.reversed() {
                (result.limbs[index], remainder) = divisor.dividingFullWidth((remainder, limbs[index]))
            }
            return result
        }

        mutating func add(_ other: Fixed) {
            var carry: UInt64 = 0
            for index in limbs.indices {
                let sum = UInt128(limbs[index]) + UInt128(other.limbs[index]) + UInt128(carry)
                (limbs[index], carry) = (UInt64(truncatingIfNeeded: sum), UInt64(truncatingIfNeeded: sum >> 64))
            }
        }

        mutating func subtract(_ other: Fixed) {
            var borrow: UInt64 = 0
            for index in limbs.indices {
                let (a, first) = limbs[index].subtractingReportingOverflow(other.limbs[index])
                let (b, second) = a.subtractingReportingOverflow(borrow)
                (limbs[index], borrow) = (b, first || second ? 1 : 0)
            }
        }
    }

    /// `floor(x * 2^(64 count - 2))` in big-endian bytes, without the guard digits.
    private static func digits(_ value: Fixed) -> [UInt8] {
        value.limbs.dropFirst(guardLimbs).reversed().flatMap { limb in
            (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(56 - 8 * $0)) }
        }
    }

    /// The first 64 `count` bits of pi: `pi = 16 arctan(1/5) - 4 arctan(1/239)` (Machin 1706), here `4 (4 arctan(1/5) - arctan(1/239))`.
    static func pi(limbs count: Int) -> [UInt8] {
        func arctangent(_ numerator: UInt64, _ x: UInt64) -> Fixed {
            var power = Fixed(numerator, count: count + guardLimbs).divided(by: x)
            var sum = power
            var odd: UInt64 = 1
            while !power.isZero {
                power = power.divided(by: x * x)
                odd += 2
                let term = power.divided(by: odd)
                if odd % 4 == 3 { sum.subtract(term) } else { sum.add(term) }
            }
            return sum
        }
        // pi / 4 is below 1; the two multiplications by 4 are additions, modulo 4.
        var quarter = Fixed(0, count: count + guardLimbs)
        for _ in 0..<4 { quarter.add(arctangent(1, 5)) }
        quarter.subtract(arctangent(1, 239))
        var sum = quarter
        for _ in 0..<3 { sum.add(quarter) }
        return digits(sum)
    }

    /// The first 64 `count` bits of e, the sum of the inverse factorials.
    static func e(limbs count: Int) -> [UInt8] {
        var term = Fixed(1, count: count + guardLimbs)
        var sum = term
        var index: UInt64 = 0
        while !term.isZero {
            index += 1
            term = term.divided(by: index)
            sum.add(term)
        }
        return digits(sum)
    }
}
