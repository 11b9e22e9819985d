// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

/// A public integer modulo the order of a group on a Weierstrass curve, encoded in 32 big-endian bytes (SEC 1, 2.3.7).
public struct WeierstrassScalar<Curve: WeierstrassGroup>: GroupScalar {
    // Four limbs, reduced, least significant first, and nothing else: arrays of scalars are read as limbs.
    private var l0: UInt64
    private var l1: UInt64
    private var l2: UInt64
    private var l3: UInt64

    private init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) {
        self.l0 = l0
        self.l1 = l1
        self.l2 = l2
        self.l3 = l3
    }

    public static var byteCount: Int { 32 }
    public static var wideByteCount: Int { 48 }
    public static var zero: WeierstrassScalar { WeierstrassScalar(0, 0, 0, 0) }
    public static var one: WeierstrassScalar { WeierstrassScalar(1, 0, 0, 0) }

    public init(_ value: UInt64) { self.init(value, 0, 0, 0) }

    public init(_ value: UInt128) { self.init(UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64), 0, 0) }

    public init(canonical bytes: Span<UInt8>) throws(ScalarDecodingError) {
        guard bytes.count == Self.byteCount else { throw .length }
        var refused = false
        self = bytes.withUnsafeBufferPointer { bytes in
            Self.result { order, out in
                do throws(ArithmeticError) {
                    try order.decode(canonical: bytes.span, order: .big, into: &out)
                } catch {
                    refused = true
                }
            }
        }
        if refused { throw .notReduced }
    }

    public init(reducingWide bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { bytes in
            Self.result { order, out in order.reduce(wide: bytes.span, order: .little, into: &out) }
        }
    }

    public init(limbs: Span<UInt64>) { self.init(limbs[0], limbs[1], limbs[2], limbs[3]) }

    public var bytes: [UInt8] { withSpan { Curve.curve.order.encode($0, order: .big) } }

    public var limbs: [UInt64] { [l0, l1, l2, l3] }

    public static func + (a: Self, b: Self) -> Self {
        a.withSpan { a in b.withSpan { b in result { order, out in order.add(a, b, into: &out) } } }
    }

    public static func - (a: Self, b: Self) -> Self {
        a.withSpan { a in b.withSpan { b in result { order, out in order.subtract(a, b, into: &out) } } }
    }

    public static func * (a: Self, b: Self) -> Self {
        a.withSpan { a in b.withSpan { b in result { order, out in order.multiply(a, b, into: &out) } } }
    }

    public static prefix func - (a: Self) -> Self { zero - a }

    public func vartimeInverted() -> Self? {
        withSpan { Curve.curve.order.vartimeInverse($0) }.map { WeierstrassScalar($0[0], $0[1], $0[2], $0[3]) }
    }

    /// `sum a[i] * b[i]`.
    ///
    /// - Precondition: equal counts.
    public static func innerProduct(_ a: [Self], _ b: [Self]) -> Self {
        precondition(a.count == b.count, "equal counts")
        return a.withUnsafeBytes { a in
            b.withUnsafeBytes { b in
                let (x, y) = (a.bindMemory(to: UInt64.self), b.bindMemory(to: UInt64.self))
                return result { order, out in order.innerProduct(x.span, y.span, into: &out) }
            }
        }
    }

    /// The scalar whose limbs `body` writes.
    private static func result(_ body: (PrimeModulus, inout MutableSpan<UInt64>) -> Void) -> Self {
        var value = zero
        withUnsafeMutableBytes(of: &value) { bytes in
            let limbs = bytes.bindMemory(to: UInt64.self)
            var out = limbs.mutableSpan
            body(Curve.curve.order, &out)
        }
        return value
    }

    /// Calls `body` with the limbs.
    private func withSpan<R>(_ body: (Span<UInt64>) -> R) -> R {
        withUnsafeBytes(of: self) { body($0.bindMemory(to: UInt64.self).span) }
    }
}

// MARK: Secret scalars, on GMP

extension WeierstrassGroup {
    public static var scalarLimbCount: Int { 4 }

    public static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) {
        curve.order.reduce(wide: bytes, order: .little, into: &out)
    }

    public static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        curve.order.multiplyAdd(a, b, c, into: &out)
    }

    public static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        curve.order.addAll(a, b, into: &out)
    }

    public static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        curve.order.subtractAll(a, b, into: &out)
    }

    public static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        curve.order.innerProduct(a, b, into: &out)
    }
}
