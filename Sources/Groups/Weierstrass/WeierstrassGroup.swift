// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// A group of points of a short Weierstrass curve. All requirements of ``Group`` are met from ``curve``.
///
/// Timing: as ``Group`` says. Points and encodings are public.
public protocol WeierstrassGroup: Group
where Point == WeierstrassPoint<Self>, Scalar == WeierstrassScalar<Self>, FixedBases == WeierstrassFixedBases<Self> {
    /// The coordinates of a point: `3n` limbs without padding.
    associatedtype Coordinates: Sendable, BitwiseCopyable
    /// The constants of the group.
    static var curve: WeierstrassCurve { get }
}

/// An element of a group on a Weierstrass curve, in projective coordinates.
public struct WeierstrassPoint<Curve: WeierstrassGroup>: Sendable, Equatable {
    /// `X, Y, Z` in Montgomery form.
    var coordinates: Curve.Coordinates

    /// A copy of the `3n` limbs at `address`.
    init(loading address: UnsafePointer<UInt64>) {
        coordinates = UnsafeRawPointer(address).loadUnaligned(as: Curve.Coordinates.self)
    }

    /// The point that `body` writes.
    init(_ body: (WeierstrassCurve, UnsafeMutablePointer<UInt64>, WeierstrassCurve.Workspace) -> Void) {
        let curve = Curve.curve
        self = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: curve.pointLimbCount) { buffer in
            guard let out = buffer.baseAddress else { preconditionFailure("a point has limbs") }
            curve.withWorkspace { body(curve, out, $0) }
            return WeierstrassPoint(loading: out)
        }
    }

    /// Calls `body` with the address of the coordinates.
    func withLimbs<R>(_ body: (UnsafePointer<UInt64>) -> R) -> R {
        withUnsafeBytes(of: coordinates) { bytes in
            guard let base = bytes.baseAddress else { preconditionFailure("a point has limbs") }
            return body(base.assumingMemoryBound(to: UInt64.self))
        }
    }

    /// Equality in the group.
    public static func == (p: WeierstrassPoint, q: WeierstrassPoint) -> Bool {
        let curve = Curve.curve
        return p.withLimbs { p in q.withLimbs { q in curve.withWorkspace { curve.equalMask(p, q, $0) } } } != 0
    }
}

/// Calls `body` with the address of the elements, whose storage is limbs only; the address of nothing is never read.
func withLimbs<Element, R>(of elements: [Element], _ body: (UnsafePointer<UInt64>) -> R) -> R {
    elements.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return withUnsafePointer(to: 0, body) }
        return body(base.assumingMemoryBound(to: UInt64.self))
    }
}

/// Calls `body` with the address of a span; the address of nothing is never read.
func withLimbs<R>(of span: Span<UInt64>, _ body: (UnsafePointer<UInt64>) -> R) -> R {
    span.withUnsafeBufferPointer { limbs in
        guard let base = limbs.baseAddress else { return withUnsafePointer(to: 0, body) }
        return body(base)
    }
}

extension WeierstrassGroup {
    public static var identity: Point { Point { curve, out, _ in curve.setIdentity(out) } }
    public static var generator: Point { withLimbs(of: curve.generator) { Point(loading: $0) } }

    // MARK: Group law

    public static func add(_ p: Point, _ q: Point) -> Point {
        p.withLimbs { p in q.withLimbs { q in Point { curve, out, w in curve.add(out, p, q, w) } } }
    }

    public static func negate(_ p: Point) -> Point {
        p.withLimbs { p in Point { curve, out, _ in curve.negate(out, p) } }
    }

    public static func isIdentity(_ p: Point) -> Bool { p.withLimbs { curve.identityMask($0) } != 0 }

    public static func prefixSums(_ points: [Point]) -> [Point] {
        let curve = Self.curve
        return withLimbs(of: points) { limbs in
            array(points.count + 1) { out in
                curve.setIdentity(out)
                curve.withWorkspace { w in
                    for i in 0..<points.count {
                        let sum = out + i * curve.pointLimbCount
                        curve.add(sum + curve.pointLimbCount, sum, limbs + i * curve.pointLimbCount, w)
                    }
                }
            }
        }
    }

    /// An array of `count` points whose limbs `body` writes.
    static func array(_ count: Int, _ body: (UnsafeMutablePointer<UInt64>) -> Void) -> [Point] {
        precondition(MemoryLayout<Point>.stride == 8 * curve.pointLimbCount, "coordinates without padding")
        return [Point](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0, let base = UnsafeMutableRawPointer(buffer.baseAddress) {
                body(base.assumingMemoryBound(to: UInt64.self))
            }
            initialized = count
        }
    }

    // MARK: Multi-scalar multiplication

    public static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point {
        precondition(scalars.count == points.count, "one scalar per point")
        return withLimbs(of: scalars) { scalars in
            withLimbs(of: points) { limbs in
                Point { curve, out, _ in curve.vartimeMultiScalarMul(out, scalars, limbs, count: points.count) }
            }
        }
    }

    public static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point {
        precondition(scalars.count == 4 * points.count, "four limbs per point")
        return withLimbs(of: scalars) { scalars in
            withLimbs(of: points) { limbs in
                Point { curve, out, _ in curve.multiScalarMul(out, scalars, limbs, count: points.count) }
            }
        }
    }

    public static func fixedBases(_ bases: [Point]) -> WeierstrassFixedBases<Self> {
        let spacing = curve.combSpacing(count: bases.count)
        let table = withLimbs(of: bases) { curve.combTable($0, count: bases.count, spacing: spacing) }
        return WeierstrassFixedBases(count: bases.count, spacing: spacing, table: table)
    }

    public static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: WeierstrassFixedBases<Self>) -> [Point] {
        precondition(scalars.count == 4 * rows * bases.count, "four limbs per row and base")
        return withLimbs(of: scalars) { scalars in
            withLimbs(of: bases.table) { table in
                array(rows) { out in
                    curve.multiScalarMul(rows: rows, out, scalars, table, count: bases.count, spacing: bases.spacing)
                }
            }
        }
    }
}

/// Precomputed multiples of fixed, public bases on a Weierstrass curve.
public struct WeierstrassFixedBases<Curve: WeierstrassGroup>: Sendable {
    /// The number of bases.
    public let count: Int
    /// Digits between two positions of the comb.
    let spacing: Int
    /// Bases, positions, multiples.
    let table: [UInt64]
}
