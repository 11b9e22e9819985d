// SPDX-License-Identifier: Apache-2.0
internal import CKernels

// Reading a table of multiples at a secret digit: every entry is read and masked, so addresses and branches are public.

/// All ones if `a == b`.
@inline(__always)
func secretEqualMask(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let x = a ^ b
    return zk_barrier(((x | (0 &- x)) >> 63) &- 1)
}

/// A secret digit as a magnitude and a mask of its sign.
struct SecretDigit {
    /// `|digit|`.
    let magnitude: UInt64
    /// All ones if `digit < 0`.
    let negative: UInt64

    @inline(__always)
    init(_ digit: Int) {
        negative = zk_barrier(UInt64(bitPattern: Int64(digit >> 63)))
        magnitude = (UInt64(bitPattern: Int64(digit)) ^ negative) &- negative
    }
}

extension AffineNiels {
    /// `digit * P` from the table of `1P, 2P, ..., entries P`. Constant time in the digit.
    @inline(__always)
    static func lookUp(_ table: UnsafePointer<AffineNiels>, entries: Int, _ digit: SecretDigit) -> AffineNiels {
        typealias Vector = SIMD4<UInt64>
        let words = UnsafeRawPointer(table)
        let zeroMask = secretEqualMask(digit.magnitude, 0) & 1
        var (a, b, c) = (Vector(zeroMask, 0, 0, 0), Vector(zeroMask, 0, 0, 0), Vector.zero)
        for i in 0..<entries {
            let mask = Vector(repeating: secretEqualMask(digit.magnitude, UInt64(i + 1)))
            let entry = words + 96 * i
            a |= mask & entry.loadUnaligned(as: Vector.self)
            b |= mask & entry.loadUnaligned(fromByteOffset: 32, as: Vector.self)
            c |= mask & entry.loadUnaligned(fromByteOffset: 64, as: Vector.self)
        }
        return AffineNiels(yPlusX: Field25519(a), yMinusX: Field25519(b), xy2d: Field25519(c)).negated(if: digit.negative)
    }

    /// `-P` if `mask` is all ones.
    @inline(__always)
    func negated(if mask: UInt64) -> AffineNiels {
        AffineNiels(
            yPlusX: Field25519.select(yPlusX, yMinusX, mask), yMinusX: Field25519.select(yMinusX, yPlusX, mask),
            xy2d: Field25519.select(xy2d, Field25519.zero - xy2d, mask))
    }
}

extension ProjectiveNiels {
    /// `digit * P` from the table of `1P, 2P, ..., entries P`. Constant time in the digit.
    @inline(__always)
    static func lookUp(_ table: UnsafePointer<ProjectiveNiels>, entries: Int, _ digit: SecretDigit) -> ProjectiveNiels {
        typealias Vector = SIMD4<UInt64>
        let words = UnsafeRawPointer(table)
        let zeroMask = secretEqualMask(digit.magnitude, 0) & 1
        let one = Vector(zeroMask, 0, 0, 0)
        var (a, b, c, d) = (one, one, one, Vector.zero)
        for i in 0..<entries {
            let mask = Vector(repeating: secretEqualMask(digit.magnitude, UInt64(i + 1)))
            let entry = words + 128 * i
            a |= mask & entry.loadUnaligned(as: Vector.self)
            b |= mask & entry.loadUnaligned(fromByteOffset: 32, as: Vector.self)
            c |= mask & entry.loadUnaligned(fromByteOffset: 64, as: Vector.self)
            d |= mask & entry.loadUnaligned(fromByteOffset: 96, as: Vector.self)
        }
        return ProjectiveNiels(yPlusX: Field25519(a), yMinusX: Field25519(b), z: Field25519(c), t2d: Field25519(d))
            .negated(if: digit.negative)
    }

    /// `-P` if `mask` is all ones.
    @inline(__always)
    func negated(if mask: UInt64) -> ProjectiveNiels {
        ProjectiveNiels(
            yPlusX: Field25519.select(yPlusX, yMinusX, mask), yMinusX: Field25519.select(yMinusX, yPlusX, mask), z: z,
            t2d: Field25519.select(t2d, Field25519.zero - t2d, mask))
    }
}

extension Field25519 {
    /// The limbs in the lanes of a vector.
    @inline(__always)
    fileprivate init(_ limbs: SIMD4<UInt64>) { self.init(limbs[0], limbs[1], limbs[2], limbs[3]) }
}
