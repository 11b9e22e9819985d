// SPDX-License-Identifier: Apache-2.0

/// Signed digits of width `w` of a scalar of up to 256 bits: ``SignedDigits`` with a fifth limb, for an order close to `2^256` leaves no room
/// for the bias.
///
/// Timing: constant time in the scalar; width, count and position are public.
struct SignedWindows: Sendable {
    /// Limbs of a biased scalar.
    static let limbCount = 5
    /// Bits of a digit, `1...16`.
    let width: Int
    /// The number of digits.
    let count: Int
    /// `sum over i < count - 1 of 2^(w i + w - 1)`.
    private let bias: [UInt64]

    /// Digits for scalars below `2^bits`, `bits <= 256`.
    init(width: Int, bits: Int) {
        self.width = width
        count = max(1, (bits + width) / width)
        var bias = [UInt64](repeating: 0, count: SignedWindows.limbCount)
        for i in 0..<count - 1 {
            let position = width * i + width - 1
            bias[position / 64] |= 1 << UInt64(position % 64)
        }
        self.bias = bias
    }

    /// Writes the sum of the four limbs of a scalar and the bias, five limbs, from which ``digit(_:of:)`` reads.
    func setBiased(_ out: UnsafeMutablePointer<UInt64>, _ scalar: UnsafePointer<UInt64>) {
        var carry: UInt128 = 0
        for i in 0..<SignedWindows.limbCount {
            let sum = UInt128(i < 4 ? scalar[i] : 0) + UInt128(bias[i]) + carry
            out[i] = UInt64(truncatingIfNeeded: sum)
            carry = sum >> 64
        }
    }

    /// Digit `index` of the scalar whose biased form is at `biased`: in `-2^(w-1) ..< 2^(w-1)`, the last one in `0 ... 2^(w-1)`.
    @inline(__always)
    func digit(_ index: Int, of biased: UnsafePointer<UInt64>) -> Int {
        let position = width &* index
        let (limb, shift) = (position >> 6, UInt64(truncatingIfNeeded: position & 63))
        var window = biased[limb] &>> shift
        if Int(shift) + width > 64 && limb + 1 < SignedWindows.limbCount { window |= biased[limb + 1] &<< (64 &- shift) }
        window &= (1 &<< UInt64(truncatingIfNeeded: width)) &- 1
        return Int(truncatingIfNeeded: window) &- (index == count &- 1 ? 0 : 1 &<< (width &- 1))
    }
}
