// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives

/// The curve edwards25519 as plainly as possible, over the engine's field: all its points, also those outside the group of prime order.
/// Reference for signatures and vectors; variable time, public data only.
enum EdwardsCurve {
    /// A point in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.
    struct Point: Equatable {
        let x: Field25519
        let y: Field25519
        let z: Field25519
        let t: Field25519

        static func == (p: Point, q: Point) -> Bool {
            Field25519.equalMask(p.x * q.z, q.x * p.z) != 0 && Field25519.equalMask(p.y * q.z, q.y * p.z) != 0
        }
    }

    static let identity = Point(x: .zero, y: .one, z: .one, t: .zero)
    static let generator = decoded(0x58, rest: 0x66) ?? identity
    /// The order of the prime-order group, little-endian.
    static let order: [UInt8] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0x10,
    ]

    /// The point of these affine coordinates; nil unless it is on the curve.
    static func point(x: Field25519, y: Field25519) -> Point? {
        let (xx, yy) = (x.squared(), y.squared())
        guard Field25519.equalMask(yy - xx, Field25519.d * xx * yy + .one) != 0 else { return nil }
        return Point(x: x, y: y, z: .one, t: x * y)
    }

    // MARK: Encoding

    /// The point of 32 bytes, canonical or not; nil if y belongs to no point. RFC 8032, section 5.1.3 without the two checks of canonicity.
    static func decode(lenient bytes: [UInt8]) -> Point? {
        guard bytes.count == 32 else { return nil }
        var masked = bytes
        masked[31] &= 0x7f
        guard let y = Field25519(littleEndian: masked) else { return nil }
        let yy = y.squared()
        let (wasSquare, root) = Field25519.sqrtRatioM1(yy - .one, Field25519.d * yy + .one)
        guard wasSquare != 0 else { return nil }
        let x = (root.isNegativeMask != 0) == (bytes[31] >> 7 == 1) ? root : root.negated()
        return Point(x: x, y: y, z: .one, t: x * y)
    }

    /// The point of its canonical encoding; nil for other bytes.
    static func decode(canonical bytes: [UInt8]) -> Point? {
        guard let point = decode(lenient: bytes), encode(point) == bytes else { return nil }
        return point
    }

    static func encode(_ point: Point) -> [UInt8] {
        let inverse = point.z.inverted()
        var bytes = (point.y * inverse).canonicalBytes
        if (point.x * inverse).isNegativeMask != 0 { bytes[31] |= 0x80 }
        return bytes
    }

    private static func decoded(_ first: UInt8, rest: UInt8) -> Point? {
        decode(lenient: [first] + [UInt8](repeating: rest, count: 31))
    }

    /// The ristretto255 encoding of the element that the point stands for (RFC 9496, section 4.3.2, whose names these are).
    static func encodeRistretto(_ point: Point) -> [UInt8] {
        let (x0, y0, z0, t0) = (point.x, point.y, point.z, point.t)
        let u1 = (z0 + y0) * (z0 - y0)
        let u2 = x0 * y0
        let (_, invsqrt) = Field25519.sqrtRatioM1(.one, u1 * u2.squared())
        let (den1, den2) = (invsqrt * u1, invsqrt * u2)
        let zInv = den1 * den2 * t0
        let isRotated = (t0 * zInv).isNegativeMask != 0
        let x = isRotated ? y0 * Field25519.sqrtM1 : x0
        var y = isRotated ? x0 * Field25519.sqrtM1 : y0
        let denInv = isRotated ? den1 * Field25519.invSqrtAMinusD : den2
        if (x * zInv).isNegativeMask != 0 { y = y.negated() }
        let s = denInv * (z0 - y)
        return (s.isNegativeMask != 0 ? s.negated() : s).canonicalBytes
    }

    // MARK: Group law

    static func add(_ p: Point, _ q: Point) -> Point {
        let a = (p.y - p.x) * (q.y - q.x)
        let b = (p.y + p.x) * (q.y + q.x)
        let c = p.t * Field25519.twoD * q.t
        let d = (p.z + p.z) * q.z
        let (e, f, g, h) = (b - a, d - c, d + c, b + a)
        return Point(x: e * f, y: g * h, z: f * g, t: e * h)
    }

    static func negate(_ p: Point) -> Point {
        Point(x: p.x.negated(), y: p.y, z: p.z, t: p.t.negated())
    }

    /// `scalar * point` for any little-endian integer, not reduced.
    static func multiply(_ scalar: [UInt8], _ point: Point) -> Point {
        var sum = identity
        for byte in scalar.reversed() {
            for bit in (0..<8).reversed() {
                sum = add(sum, sum)
                if byte >> UInt8(bit) & 1 == 1 { sum = add(sum, point) }
            }
        }
        return sum
    }

    /// Whether the point is one of the 8 of small order.
    static func isSmallOrder(_ point: Point) -> Bool { multiply([8], point) == identity }

    /// Whether the point is in the group of prime order.
    static func isTorsionFree(_ point: Point) -> Bool { multiply(order, point) == identity }
}
