// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

extension Ristretto255Reference {
    /// SQRT_RATIO_M1, RFC 9496 section 3.1.3, from its specification instead of its algorithm.
    ///
    /// - Returns: (true, +sqrt(u/v)), (true, 0) for u = 0, (false, 0) for v = 0 and u != 0, else (false, +sqrt(SQRT_M1 u/v)).
    package static func sqrtRatioM1(_ u: Element, _ v: Element) -> (wasSquare: Bool, root: Element) {
        if u == Element(0) { return (true, Element(0)) }
        if v == Element(0) { return (false, Element(0)) }
        let ratio = u * v.inverse
        if let root = field.vartimeSquareRoot(ratio.limbs.span) { return (true, Element(limbs: root).magnitude) }
        let other = sqrtM1 * ratio
        guard let root = field.vartimeSquareRoot(other.limbs.span) else { preconditionFailure("one of x and i x is a square") }
        return (false, Element(limbs: root).magnitude)
    }

    /// The complete addition law of twisted Edwards curves with a = -1.
    package static func add(_ p: Point, _ q: Point) -> Point {
        let product = d * p.x * q.x * p.y * q.y
        return Point(
            x: (p.x * q.y + p.y * q.x) * (one + product).inverse,
            y: (p.y * q.y + p.x * q.x) * (one - product).inverse)
    }

    /// `-p`.
    package static func negate(_ p: Point) -> Point {
        Point(x: -p.x, y: p.y)
    }

    /// Equality of ristretto255 elements, section 4.3.3: x1 y2 = y1 x2 or y1 y2 = x1 x2.
    package static func equal(_ p: Point, _ q: Point) -> Bool {
        p.x * q.y == p.y * q.x || p.y * q.y == p.x * q.x
    }

    /// `scalar * p`, the scalar in little-endian bytes of any number, by doubling and adding.
    package static func multiply(_ p: Point, _ scalar: [UInt8]) -> Point {
        var sum = identity
        for byte in scalar.reversed() {
            for bit in (0..<8).reversed() {
                sum = add(sum, sum)
                if byte >> UInt8(bit) & 1 == 1 { sum = add(sum, p) }
            }
        }
        return sum
    }

    /// Decoding, section 4.3.1; `nil` for anything but the canonical encoding of an element.
    package static func decode(_ bytes: [UInt8]) -> Point? {
        guard bytes.count == 32 else { return nil }
        let s = Element(reducing: bytes)
        guard s.bytes == bytes, !s.isNegative else { return nil }
        let ss = s * s
        let u1 = one - ss
        let u2 = one + ss
        let v = -(d * u1 * u1) - u2 * u2
        let (wasSquare, invsqrt) = sqrtRatioM1(one, v * u2 * u2)
        let denX = invsqrt * u2
        let denY = invsqrt * denX * v
        let x = (Element(2) * s * denX).magnitude
        let y = u1 * denY
        guard wasSquare, !(x * y).isNegative, y != Element(0) else { return nil }
        return Point(x: x, y: y)
    }

    /// Encoding, section 4.3.2, with z0 = 1.
    package static func encode(_ p: Point) -> [UInt8] {
        let t = p.x * p.y
        let u1 = (one + p.y) * (one - p.y)
        let u2 = t
        let invsqrt = sqrtRatioM1(one, u1 * u2 * u2).root
        let den1 = invsqrt * u1
        let den2 = invsqrt * u2
        let zInverse = den1 * den2 * t
        let rotate = (t * zInverse).isNegative
        let x = rotate ? p.y * sqrtM1 : p.x
        var y = rotate ? p.x * sqrtM1 : p.y
        let denInverse = rotate ? den1 * invsqrtAMinusD : den2
        if (x * zInverse).isNegative { y = -y }
        return (denInverse * (one - y)).magnitude.bytes
    }

    /// Element derivation from 64 uniform bytes, section 4.3.4.
    package static func point(uniformBytes bytes: [UInt8]) -> Point {
        add(map(Array(bytes[0..<32])), map(Array(bytes[32..<64])))
    }

    /// MAP: the top bit is ignored, the value is reduced.
    private static func map(_ bytes: [UInt8]) -> Point {
        var masked = bytes
        masked[31] &= 0x7f
        let t = Element(reducing: masked)
        let r = sqrtM1 * t * t
        let u = (r + one) * oneMinusDSquared
        let v = (-one - r * d) * (r + d)
        let (wasSquare, root) = sqrtRatioM1(u, v)
        let s = wasSquare ? root : -(root * t).magnitude
        let c = wasSquare ? -one : r
        let n = c * (r - one) * dMinusOneSquared - v
        let w0 = Element(2) * s * v
        let w1 = n * sqrtADMinusOne
        let w2 = one - s * s
        let w3 = one + s * s
        // (w0 w3 : w2 w1 : w1 w3) in projective coordinates
        let zInverse = (w1 * w3).inverse
        return Point(x: w0 * w3 * zInverse, y: w2 * w1 * zInverse)
    }
}
