// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

// The steps of RFC 9380 one by one, and points of the whole curve: what tests and vectors look at.

extension WeierstrassGroup {
    /// `hash_to_field` after `expand_message`, RFC 9380, 5.2: the elements, each big-endian, of whole parts of ``uniformByteCount`` / 2 bytes.
    package static func fieldElements(uniformBytes bytes: Span<UInt8>) -> [[UInt8]] {
        let size = curve.fieldElementByteCount
        return (0..<bytes.count / size).map { i in
            FieldElement(reducing: bytes.extracting(i * size..<(i + 1) * size), in: curve.field).bytes
        }
    }

    /// `map_to_curve(u)`, RFC 9380, 3: a point of the curve, outside the subgroup if there is a cofactor. Bytes are reduced.
    package static func mapToCurve(_ u: Span<UInt8>) -> Point {
        let mapped = curve.map.point(FieldElement(reducing: u, in: curve.field))
        return Point { curve, out, _ in
            mapped.x.store(to: out)
            mapped.y.store(to: out + curve.n)
            mapped.z.store(to: out + 2 * curve.n)
        }
    }

    /// Whether a point of the curve is an element of the group: the check that decoding makes.
    package static func isInSubgroup(_ point: Point) -> Bool {
        point.withLimbs { point in curve.withWorkspace { curve.isInSubgroup(point, $0) } }
    }

    /// The constants of the curve, big-endian: the field's `p`, the order `q`, `a` and `b`.
    package static var parameters: (p: [UInt8], q: [UInt8], a: [UInt8], b: [UInt8]) {
        let zero = FieldElement(zeroOf: curve.field)
        let one = FieldElement(oneOf: curve.field)
        let p = bytes(curve.field.modulus.limbs, count: curve.field.modulus.byteCount)
        let q = bytes(curve.order.limbs, count: curve.order.byteCount)
        return (p, q, (curve.a == .zero ? zero : zero - one - one - one).bytes, curve.b.bytes)
    }

    /// The lowest `count` bytes of an integer, big-endian.
    private static func bytes(_ limbs: [UInt64], count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: limbs[$0 / 8] >> UInt64(8 * ($0 % 8))) }
    }
}
