// SPDX-License-Identifier: Apache-2.0

/// Signed digits of width `w` of a scalar `s < 2^bits` without a carry from digit to digit.
///
/// With `k = sum over i < count - 1 of 2^(w i + w - 1)`, the digits of `s` are the `w`-bit windows of `s + k`, minus `2^(w-1)` in every
/// window but the last. Digits are in `-2^(w-1) ..< 2^(w-1)`, the last one in `0 ... 2^(w-1)`, because `w * count >= bits + 1`.
///
/// Timing: constant time in the scalar; width, count and position are public.
struct SignedDigits: Sendable {
    /// Bits of a digit, `1...16`.
    let width: Int
    /// The number of digits.
    let count: Int
    /// The integer `k`.
    private let bias: ScalarLimbs

    /// Digits for scalars below `2^bits`, `bits <= 253`.
    init(width: Int, bits: Int) {
        self.width = width
        count = max(1, (bits + width) / width)
        var limbs: [UInt64] = [0, 0, 0, 0]
        for i in 0..<count - 1 {
            let position = width * i + width - 1
            limbs[position / 64] |= 1 << UInt64(position % 64)
        }
        bias = ScalarLimbs(limbs[0], limbs[1], limbs[2], limbs[3])
    }

    /// `s + k`, from which ``digit(_:of:)`` reads.
    @inline(__always)
    func biased(_ scalar: ScalarLimbs) -> ScalarLimbs { ScalarLimbs.adding(scalar, bias) }

    /// Digit `index` of the scalar whose biased form is at `biased` (four limbs).
    @inline(__always)
    func digit(_ index: Int, of biased: UnsafePointer<ScalarLimbs>) -> Int {
        let position = width &* index
        let limbs = UnsafeRawPointer(biased).assumingMemoryBound(to: UInt64.self)
        let (limb, shift) = (position >> 6, UInt64(truncatingIfNeeded: position & 63))
        var window = limbs[limb] &>> shift
        if Int(shift) + width > 64 && limb < 3 { window |= limbs[limb + 1] &<< (64 &- shift) }
        window &= (1 &<< UInt64(truncatingIfNeeded: width)) &- 1
        return Int(truncatingIfNeeded: window) &- (index == count &- 1 ? 0 : 1 &<< (width &- 1))
    }
}
