// SPDX-License-Identifier: Apache-2.0

/// The last rounds of the permutation Keccak-f[1600] of FIPS 202 section 3, unrolled over the 25 lanes; lane `x + 5 y` is `A[x, y]`.
///
/// Timing: constant.
///
/// - Parameters:
///   - state: 25 lanes, permuted in place.
///   - rounds: `1...24`: 24 for Keccak-f[1600], 12 for the Keccak-p[1600, 12] of RFC 9861.
func keccakPermute(_ state: UnsafeMutablePointer<UInt64>, rounds: Int) {
    var lanes = KeccakLanes(state)
    for constant in 24 - rounds..<24 {
        lanes.round(keccakRoundConstants[constant])
    }
    lanes.store(into: state)
}

/// The constants of step iota, FIPS 202 section 3.2.5: bit `2^j - 1` of round `i` is output `j + 7 i` of the LFSR `x^8+x^6+x^5+x^4+1`.
private let keccakRoundConstants: InlineArray<24, UInt64> = [
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]

/// The state in 25 separate variables, so that the compiler keeps lanes in registers.
private struct KeccakLanes {
    var a0: UInt64, a1: UInt64, a2: UInt64, a3: UInt64, a4: UInt64
    var a5: UInt64, a6: UInt64, a7: UInt64, a8: UInt64, a9: UInt64
    var a10: UInt64, a11: UInt64, a12: UInt64, a13: UInt64, a14: UInt64
    var a15: UInt64, a16: UInt64, a17: UInt64, a18: UInt64, a19: UInt64
    var a20: UInt64, a21: UInt64, a22: UInt64, a23: UInt64, a24: UInt64

    @inline(__always)
    init(_ lanes: UnsafeMutablePointer<UInt64>) {
        a0 = lanes[0]
        a1 = lanes[1]
        a2 = lanes[2]
        a3 = lanes[3]
        a4 = lanes[4]
        a5 = lanes[5]
        a6 = lanes[6]
        a7 = lanes[7]
        a8 = lanes[8]
        a9 = lanes[9]
        a10 = lanes[10]
        a11 = lanes[11]
        a12 = lanes[12]
        a13 = lanes[13]
        a14 = lanes[14]
        a15 = lanes[15]
        a16 = lanes[16]
        a17 = lanes[17]
        a18 = lanes[18]
        a19 = lanes[19]
        a20 = lanes[20]
        a21 = lanes[21]
        a22 = lanes[22]
        a23 = lanes[23]
        a24 = lanes[24]
    }

    @inline(__always)
    func store(into lanes: UnsafeMutablePointer<UInt64>) {
        lanes[0] = a0
        lanes[1] = a1
        lanes[2] = a2
        lanes[3] = a3
        lanes[4] = a4
        lanes[5] = a5
        lanes[6] = a6
        lanes[7] = a7
        lanes[8] = a8
        lanes[9] = a9
        lanes[10] = a10
        lanes[11] = a11
        lanes[12] = a12
        lanes[13] = a13
        lanes[14] = a14
        lanes[15] = a15
        lanes[16] = a16
        lanes[17] = a17
        lanes[18] = a18
        lanes[19] = a19
        lanes[20] = a20
        lanes[21] = a21
        lanes[22] = a22
        lanes[23] = a23
        lanes[24] = a24
    }

    /// Theta, then rho and pi (`b`), then chi and iota.
    @inline(__always)
    mutating func round(_ constant: UInt64) {
        let c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20
        let c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21
        let c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22
        let c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23
        let c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24
        let d0 = c4 ^ rotate(c1, 1)
        let d1 = c0 ^ rotate(c2, 1)
        let d2 = c1 ^ rotate(c3, 1)
        let d3 = c2 ^ rotate(c4, 1)
        let d4 = c3 ^ rotate(c0, 1)
        let b0 = a0 ^ d0
        let b1 = rotate(a6 ^ d1, 44)
        let b2 = rotate(a12 ^ d2, 43)
        let b3 = rotate(a18 ^ d3, 21)
        let b4 = rotate(a24 ^ d4, 14)
        let b5 = rotate(a3 ^ d3, 28)
        let b6 = rotate(a9 ^ d4, 20)
        let b7 = rotate(a10 ^ d0, 3)
        let b8 = rotate(a16 ^ d1, 45)
        let b9 = rotate(a22 ^ d2, 61)
        let b10 = rotate(a1 ^ d1, 1)
        let b11 = rotate(a7 ^ d2, 6)
        let b12 = rotate(a13 ^ d3, 25)
        let b13 = rotate(a19 ^ d4, 8)
        let b14 = rotate(a20 ^ d0, 18)
        let b15 = rotate(a4 ^ d4, 27)
        let b16 = rotate(a5 ^ d0, 36)
        let b17 = rotate(a11 ^ d1, 10)
        let b18 = rotate(a17 ^ d2, 15)
        let b19 = rotate(a23 ^ d3, 56)
        let b20 = rotate(a2 ^ d2, 62)
        let b21 = rotate(a8 ^ d3, 55)
        let b22 = rotate(a14 ^ d4, 39)
        let b23 = rotate(a15 ^ d0, 41)
        let b24 = rotate(a21 ^ d1, 2)
        a0 = b0 ^ (~b1 & b2) ^ constant
        a1 = b1 ^ (~b2 & b3)
        a2 = b2 ^ (~b3 & b4)
        a3 = b3 ^ (~b4 & b0)
        a4 = b4 ^ (~b0 & b1)
        a5 = b5 ^ (~b6 & b7)
        a6 = b6 ^ (~b7 & b8)
        a7 = b7 ^ (~b8 & b9)
        a8 = b8 ^ (~b9 & b5)
        a9 = b9 ^ (~b5 & b6)
        a10 = b10 ^ (~b11 & b12)
        a11 = b11 ^ (~b12 & b13)
        a12 = b12 ^ (~b13 & b14)
        a13 = b13 ^ (~b14 & b10)
        a14 = b14 ^ (~b10 & b11)
        a15 = b15 ^ (~b16 & b17)
        a16 = b16 ^ (~b17 & b18)
        a17 = b17 ^ (~b18 & b19)
        a18 = b18 ^ (~b19 & b15)
        a19 = b19 ^ (~b15 & b16)
        a20 = b20 ^ (~b21 & b22)
        a21 = b21 ^ (~b22 & b23)
        a22 = b22 ^ (~b23 & b24)
        a23 = b23 ^ (~b24 & b20)
        a24 = b24 ^ (~b20 & b21)
    }

    @inline(__always)
    func rotate(_ lane: UInt64, _ count: UInt64) -> UInt64 {
        lane &<< count | lane &>> (64 &- count)
    }
}
