// SPDX-License-Identifier: Apache-2.0

/// Schoolbook arithmetic on 32-bit digits, least significant first, without leading zeros: the oracle of the tests.
struct NaiveInteger: Equatable {
    var digits: [UInt32]

    init(digits: [UInt32]) {
        self.digits = digits
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    init(limbs: [UInt64]) {
        self.init(digits: limbs.flatMap { [UInt32(truncatingIfNeeded: $0), UInt32($0 >> 32)] })
    }

    /// The low `count` 64-bit limbs.
    func limbs(_ count: Int) -> [UInt64] {
        (0..<count).map { i in
            let low = 2 * i < digits.count ? digits[2 * i] : 0
            let high = 2 * i + 1 < digits.count ? digits[2 * i + 1] : 0
            return UInt64(high) << 32 | UInt64(low)
        }
    }

    var bitWidth: Int { 32 * digits.count - (digits.last?.leadingZeroBitCount ?? 0) }

    func bit(_ i: Int) -> UInt32 { digits[i / 32] >> UInt32(i % 32) & 1 }

    static func + (a: NaiveInteger, b: NaiveInteger) -> NaiveInteger {
        var out: [UInt32] = []
        var carry: UInt64 = 0
        for i in 0...max(a.digits.count, b.digits.count) {
            let sum = carry + UInt64(i < a.digits.count ? a.digits[i] : 0) + UInt64(i < b.digits.count ? b.digits[i] : 0)
            out.append(UInt32(truncatingIfNeeded: sum))
            carry = sum >> 32
        }
        return NaiveInteger(digits: out)
    }

    /// `a >= b`.
    static func - (a: NaiveInteger, b: NaiveInteger) -> NaiveInteger {
        var out: [UInt32] = []
        var borrow: Int64 = 0
        for i in a.digits.indices {
            let difference = Int64(a.digits[i]) - Int64(i < b.digits.count ? b.digits[i] : 0) - borrow
            out.append(UInt32(truncatingIfNeeded: difference))
            borrow = difference < 0 ? 1 : 0
        }
        return NaiveInteger(digits: out)
    }

    static func * (a: NaiveInteger, b: NaiveInteger) -> NaiveInteger {
        var out = [UInt32](repeating: 0, count: a.digits.count + b.digits.count + 1)
        for i in a.digits.indices {
            var carry: UInt64 = 0
            for j in b.digits.indices {
                let t = UInt64(a.digits[i]) * UInt64(b.digits[j]) + UInt64(out[i + j]) + carry
                out[i + j] = UInt32(truncatingIfNeeded: t)
                carry = t >> 32
            }
            out[i + b.digits.count] = UInt32(carry)
        }
        return NaiveInteger(digits: out)
    }

    static func < (a: NaiveInteger, b: NaiveInteger) -> Bool {
        if a.digits.count != b.digits.count { return a.digits.count < b.digits.count }
        for i in a.digits.indices.reversed() where a.digits[i] != b.digits[i] { return a.digits[i] < b.digits[i] }
        return false
    }

    /// The remainder, bit by bit.
    static func % (a: NaiveInteger, p: NaiveInteger) -> NaiveInteger {
        var r = NaiveInteger(digits: [])
        for i in stride(from: a.bitWidth - 1, through: 0, by: -1) {
            r = r + r + NaiveInteger(digits: [a.bit(i)])
            if !(r < p) { r = r - p }
        }
        return r
    }
}
