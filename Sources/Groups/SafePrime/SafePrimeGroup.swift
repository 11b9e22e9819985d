// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import Cores

/// The subgroup of squares modulo a safe prime `p = 2q + 1`: the classical setting of Schnorr's protocols, of prime order `q`.
///
/// The protocol's notation is additive, so `add` multiplies and the identity is 1.
///
/// | | |
/// |---|---|
/// | generator | 2 where it is a square (every published prime here is 7 modulo 8), else 4 |
/// | element | as many bytes as `p`, most significant first; `1 <= x < p` and the Legendre symbol is 1; the identity is accepted |
/// | scalar | as many bytes as `q`, most significant first, `< q` |
/// | uniform bytes | 16 bytes more than `p`: `(1 + wide(b) mod q)^2` |
///
/// Every square has exactly one root in `1...q`, so mapped elements are uniform within `2^-128`. RFC 9380 has no suite for this group.
///
/// Timing: decoding, encoding, the group law and everything named `vartime` may take variable time, all of it on public data; the rest is
/// constant time in its scalar operands.
public enum SafePrimeGroup<Parameters: SafePrimeParameters>: Group {
    /// A square modulo `p` other than zero.
    public struct Point: Sendable, Equatable, Hashable {
        /// Little-endian, reduced.
        let limbs: [UInt64]
    }

    static var constants: SafePrimeConstants { Parameters.constants }

    public static var name: String { constants.name }
    public static var identity: Point { Point(limbs: constants.one) }
    public static var generator: Point { Point(limbs: constants.generator) }

    // MARK: Group law

    public static func add(_ p: Point, _ q: Point) -> Point {
        Point(limbs: residue { constants.field.multiply(p.limbs.span, q.limbs.span, into: &$0) })
    }

    public static func negate(_ p: Point) -> Point {
        guard let inverse = constants.field.vartimeInverse(p.limbs.span) else { preconditionFailure("zero is not an element") }
        return Point(limbs: inverse)
    }

    public static func isIdentity(_ p: Point) -> Bool { p.limbs == constants.one }

    public static func prefixSums(_ points: [Point]) -> [Point] {
        var sums = [identity]
        sums.reserveCapacity(points.count + 1)
        for p in points { sums.append(add(sums[sums.count - 1], p)) }
        return sums
    }

    // MARK: Encoding

    public static var pointByteCount: Int { constants.field.byteCount }

    public static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        let size = pointByteCount
        guard bytes.count % size == 0 else { throw PointDecodingError(index: bytes.count / size, reason: .length) }
        let decoded: [Point?] = bytes.withUnsafeBufferPointer { bytes in
            Parallel.array(bytes.count / size, minimum: 8) { out, range in
                for i in range {
                    let encoding = UnsafeBufferPointer(rebasing: bytes[i * size..<(i + 1) * size])
                    (out + i).initialize(to: vartimeElement(encoding))
                }
            }
        }
        var points: [Point] = []
        points.reserveCapacity(decoded.count)
        for i in decoded.indices {
            guard let point = decoded[i] else { throw PointDecodingError(index: i, reason: .notCanonical) }
            points.append(point)
        }
        return points
    }

    /// The element with this encoding; `nil` for integers that are zero, not reduced or no squares.
    private static func vartimeElement(_ bytes: UnsafeBufferPointer<UInt8>) -> Point? {
        let field = constants.field
        var limbs = [UInt64](repeating: 0, count: field.limbCount)
        for i in bytes.indices { limbs[i / 8] |= UInt64(bytes[bytes.count - 1 - i]) << UInt64(8 * (i % 8)) }
        guard field.isReduced(limbs.span) == 1, field.vartimeLegendre(limbs.span) == 1 else { return nil }
        return Point(limbs: limbs)
    }

    public static func encode(_ points: [Point]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(points.count * pointByteCount)
        for point in points { bytes += constants.field.encode(point.limbs.span, order: .big) }
        return bytes
    }

    public static var uniformByteCount: Int { pointByteCount + 16 }

    public static func points(uniformBytes bytes: Span<UInt8>) -> [Point] {
        let (field, order, size) = (constants.field, constants.order, uniformByteCount)
        return (0..<bytes.count / size).map { i in
            var root = [UInt64](repeating: 0, count: order.limbCount)
            var span = root.mutableSpan
            order.reduce(wide: bytes.extracting(i * size..<(i + 1) * size), order: .little, into: &span)
            // At most q < p, in the limbs of the field.
            root += [UInt64](repeating: 0, count: field.limbCount - order.limbCount)
            var carry: UInt64 = 1
            for j in root.indices {
                let sum = UInt128(root[j]) + UInt128(carry)
                root[j] = UInt64(truncatingIfNeeded: sum)
                carry = UInt64(truncatingIfNeeded: sum >> 64)
            }
            return Point(limbs: residue { field.square(root.span, into: &$0) })
        }
    }

    /// A new residue modulo `p` that `body` writes.
    static func residue(_ body: (inout MutableSpan<UInt64>) -> Void) -> [UInt64] {
        var limbs = [UInt64](repeating: 0, count: constants.field.limbCount)
        var span = limbs.mutableSpan
        body(&span)
        return limbs
    }
}
