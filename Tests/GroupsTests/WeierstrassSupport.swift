// SPDX-License-Identifier: Apache-2.0
import Groups

// The requirements that take spans, over arrays.
extension WeierstrassGroup {
    /// The points, `nil` if an encoding is refused.
    static func decoded(_ bytes: [UInt8]) -> [Point]? { try? decode(canonical: bytes.span) }

    /// The point, `nil` if the uncompressed encoding is refused.
    static func decodedUncompressed(_ bytes: [UInt8]) -> Point? { try? decode(uncompressed: bytes.span) }

    /// Hash to the curve.
    static func hashed(_ uniform: [UInt8]) -> [Point] { points(uniformBytes: uniform.span) }

    /// Encode to the curve.
    static func hashedNonuniform(_ uniform: [UInt8]) -> [Point] { nonuniformPoints(uniformBytes: uniform.span) }

    /// The image of one field element.
    static func mapped(_ u: [UInt8]) -> Point { mapToCurve(u.span) }

    /// The constant-time product.
    static func product(_ scalar: Scalar, _ point: Point) -> Point {
        let limbs = scalar.limbs
        return multiScalarMul(limbs.span, [point])
    }

    /// 48 little-endian bytes, reduced.
    static func scalar(_ wide: [UInt8]) -> Scalar { Scalar(reducingWide: wide.span) }
}
