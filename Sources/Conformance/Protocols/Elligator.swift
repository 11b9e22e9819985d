// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// Hashing to curve25519 and edwards25519 by Elligator 2 (RFC 9380, sections 6.7.1 and 6.8.2) over the engine's field. Reference.
enum Elligator {
    private static let j = Field25519(486_662, 0, 0, 0)
    /// `sqrt(-486664)`, the even root.
    private static let c1 = Field25519.sqrtRatioM1(Field25519.zero - Field25519(486_664, 0, 0, 0), .one).root

    /// Points of the Montgomery curve, affine.
    private typealias MontgomeryPoint = (s: Field25519, t: Field25519)

    /// Field elements, mapped points and result of 48 uniform bytes for each element.
    static func hash(_ uniform: [UInt8], isMontgomery: Bool) throws(CaseFailure) -> HashToCurveFormat.Hashed {
        var elements: [Field25519] = []
        for start in stride(from: 0, to: uniform.count, by: 48) {
            elements.append(try unwrap(reduce(Array(uniform[start..<start + 48])), "a field element"))
        }
        let mapped = elements.map(map)
        var sum = EdwardsCurve.identity
        for point in mapped { sum = EdwardsCurve.add(sum, edwards(point)) }
        sum = EdwardsCurve.multiply([8], sum)
        func coordinates(_ point: MontgomeryPoint) -> HashToCurveFormat.Coordinates {
            HashToCurveFormat.Coordinates(x: point.s.bigEndianBytes, y: point.t.bigEndianBytes)
        }
        func coordinates(_ point: EdwardsCurve.Point) -> HashToCurveFormat.Coordinates {
            let inverse = point.z.inverted()
            return HashToCurveFormat.Coordinates(x: (point.x * inverse).bigEndianBytes, y: (point.y * inverse).bigEndianBytes)
        }
        return HashToCurveFormat.Hashed(
            elements: elements.map(\.bigEndianBytes),
            mapped: mapped.map { isMontgomery ? coordinates($0) : coordinates(edwards($0)) },
            result: isMontgomery ? coordinates(montgomery(sum)) : coordinates(sum))
    }

    /// The big-endian integer of 48 bytes modulo p.
    private static func reduce(_ bytes: [UInt8]) -> Field25519? {
        let little = Array(bytes.reversed())
        guard let low = Field25519(littleEndian: Array(little[..<32])),
            let high = Field25519(littleEndian: Array(little[32...]) + [UInt8](repeating: 0, count: 16))
        else { return nil }
        // 2^256 = 38 modulo p.
        return low + high * Field25519(38, 0, 0, 0)
    }

    /// `map_to_curve_elligator2_curve25519`, section 6.7.1 with Z = 2.
    private static func map(_ u: Field25519) -> MontgomeryPoint {
        let two = Field25519(2, 0, 0, 0)
        var x1 = (Field25519.zero - j) * (Field25519.one + two * u.squared()).inverted()
        if x1.isZeroMask != 0 { x1 = Field25519.zero - j }
        let (isSquare, root1) = Field25519.sqrtRatioM1(value(x1), .one)
        if isSquare != 0 { return (x1, root1.isNegativeMask != 0 ? root1 : root1.negated()) }
        let x2 = Field25519.zero - x1 - j
        return (x2, Field25519.sqrtRatioM1(value(x2), .one).root)
    }

    /// `x^3 + J x^2 + x`.
    private static func value(_ x: Field25519) -> Field25519 { ((x + j) * x + .one) * x }

    /// The rational map of RFC 7748; the identity for its exceptions.
    private static func edwards(_ point: MontgomeryPoint) -> EdwardsCurve.Point {
        let denominator = point.t * (point.s + .one)
        guard denominator.isZeroMask == 0 else { return EdwardsCurve.identity }
        let x = c1 * point.s * point.t.inverted()
        let y = (point.s - .one) * (point.s + .one).inverted()
        return EdwardsCurve.Point(x: x, y: y, z: .one, t: x * y)
    }

    /// Its inverse; (0, 0) where it has none.
    private static func montgomery(_ point: EdwardsCurve.Point) -> MontgomeryPoint {
        let inverse = point.z.inverted()
        let (x, y) = (point.x * inverse, point.y * inverse)
        let s = (Field25519.one + y) * (Field25519.one - y).inverted()
        return (s, c1 * s * x.inverted())
    }
}

extension Field25519 {
    /// The 32 big-endian bytes of the representative below p.
    var bigEndianBytes: [UInt8] { canonicalBytes.reversed() }
}
