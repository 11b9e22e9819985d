// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

extension SafePrimeGroup {
    /// An integer modulo `q = (p - 1) / 2`.
    public struct Scalar: GroupScalar {
        /// Little-endian, reduced.
        public let limbs: [UInt64]

        private init(reduced limbs: [UInt64]) { self.limbs = limbs }

        private init(_ body: (inout MutableSpan<UInt64>) -> Void) {
            var limbs = [UInt64](repeating: 0, count: constants.order.limbCount)
            var span = limbs.mutableSpan
            body(&span)
            self.limbs = limbs
        }

        public static var byteCount: Int { constants.order.byteCount }
        public static var wideByteCount: Int { byteCount + 16 }
        public static var zero: Scalar { Scalar { _ in } }
        public static var one: Scalar { Scalar { $0[0] = 1 } }

        public init(_ value: UInt64) {
            let wide = [value]
            self.init { constants.order.reduce(wide: wide.span, into: &$0) }
        }

        public init(_ value: UInt128) {
            let wide = [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)]
            self.init { constants.order.reduce(wide: wide.span, into: &$0) }
        }

        public init(canonical bytes: Span<UInt8>) throws(ScalarDecodingError) {
            var limbs = [UInt64](repeating: 0, count: constants.order.limbCount)
            var span = limbs.mutableSpan
            do {
                try constants.order.decode(canonical: bytes, order: .big, into: &span)
            } catch {
                throw error == .length ? .length : .notReduced
            }
            self.limbs = limbs
        }

        public init(reducingWide bytes: Span<UInt8>) {
            var limbs = [UInt64](repeating: 0, count: constants.order.limbCount)
            var span = limbs.mutableSpan
            constants.order.reduce(wide: bytes, order: .little, into: &span)
            self.limbs = limbs
        }

        public init(limbs: Span<UInt64>) {
            precondition(limbs.count == constants.order.limbCount, "one scalar")
            self.limbs = (0..<limbs.count).map { limbs[$0] }
        }

        public var bytes: [UInt8] { constants.order.encode(limbs.span, order: .big) }

        public static func + (a: Scalar, b: Scalar) -> Scalar {
            Scalar { constants.order.add(a.limbs.span, b.limbs.span, into: &$0) }
        }

        public static func - (a: Scalar, b: Scalar) -> Scalar {
            Scalar { constants.order.subtract(a.limbs.span, b.limbs.span, into: &$0) }
        }

        public static func * (a: Scalar, b: Scalar) -> Scalar {
            Scalar { constants.order.multiply(a.limbs.span, b.limbs.span, into: &$0) }
        }

        public static prefix func - (a: Scalar) -> Scalar {
            Scalar { constants.order.negate(a.limbs.span, into: &$0) }
        }

        public func vartimeInverted() -> Scalar? {
            constants.order.vartimeInverse(limbs.span).map(Scalar.init(reduced:))
        }

        public static func innerProduct(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
            precondition(a.count == b.count, "equal counts")
            let (x, y) = (a.flatMap(\.limbs), b.flatMap(\.limbs))
            return Scalar { constants.order.innerProduct(x.span, y.span, into: &$0) }
        }
    }

    // MARK: Secret scalars

    public static var scalarLimbCount: Int { constants.order.limbCount }

    public static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) {
        constants.order.reduce(wide: bytes, order: .little, into: &out)
    }

    public static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        constants.order.multiplyAdd(a, b, c, into: &out)
    }

    public static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        constants.order.addAll(a, b, into: &out)
    }

    public static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        constants.order.subtractAll(a, b, into: &out)
    }

    public static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        constants.order.innerProduct(a, b, into: &out)
    }
}
