// SPDX-License-Identifier: Apache-2.0

/// The prime-order group ristretto255 of RFC 9496.
///
/// Field and points are native 64-bit limbs; nothing here depends on the processor.
///
/// Timing: decoding, equality of points and everything named `vartime` take variable time, all of it on public data; the rest is
/// constant time in its scalar operands.
public enum Ristretto255: Group {
    /// An element: a coset of points of the Edwards curve, held by one of them.
    public struct Point: Sendable, Equatable {
        /// The representative.
        var edwards: EdwardsPoint

        @inline(__always)
        init(_ edwards: EdwardsPoint) { self.edwards = edwards }

        /// Equality in the group (RFC 9496, 4.3.3): `x1 y2 = y1 x2` or `y1 y2 = x1 x2`.
        public static func == (p: Point, q: Point) -> Bool {
            let (a, b) = (p.edwards, q.edwards)
            return (Field25519.equalMask(a.x * b.y, a.y * b.x) | Field25519.equalMask(a.y * b.y, a.x * b.x)) != 0
        }
    }

    public static let name = "ristretto255"
    public static let identity = Point(.identity)
    public static let generator = Point(.generator)

    // MARK: Group law

    public static func add(_ p: Point, _ q: Point) -> Point { Point(p.edwards + q.edwards) }

    public static func negate(_ p: Point) -> Point { Point(p.edwards.negated()) }

    /// Equality with (0, 1), which is `x = 0` or `y = 0`.
    public static func isIdentity(_ p: Point) -> Bool { (p.edwards.x.isZeroMask | p.edwards.y.isZeroMask) != 0 }

    public static func prefixSums(_ points: [Point]) -> [Point] {
        [Point](unsafeUninitializedCapacity: points.count + 1) { buffer, initialized in
            var sum = EdwardsPoint.identity
            buffer.initializeElement(at: 0, to: Point(sum))
            for i in points.indices {
                sum = sum + points[i].edwards
                buffer.initializeElement(at: i + 1, to: Point(sum))
            }
            initialized = points.count + 1
        }
    }
}
