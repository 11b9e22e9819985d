// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic

extension Ristretto255 {
    /// A public integer modulo `l = 2^252 + 27742317777372353535851937790883648493`, encoded in 32 little-endian bytes.
    public struct Scalar: GroupScalar {
        /// The value, below `l`.
        var value: ScalarLimbs

        @inline(__always)
        init(_ value: ScalarLimbs) { self.value = value }

        public static var byteCount: Int { 32 }
        public static var wideByteCount: Int { 48 }
        public static let zero = Scalar(ScalarLimbs.zero)
        public static let one = Scalar(ScalarLimbs(1, 0, 0, 0))

        public init(_ value: UInt64) { self.value = ScalarLimbs(value, 0, 0, 0) }

        public init(_ value: UInt128) {
            self.value = ScalarLimbs(UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64), 0, 0)
        }

        public init(canonical bytes: Span<UInt8>) throws(ScalarDecodingError) {
            guard bytes.count == 32 else { throw .length }
            let value = ScalarLimbs(littleEndian: bytes, at: 0)
            guard value.vartimeIsReduced else { throw .notReduced }
            self.value = value
        }

        public init(reducingWide bytes: Span<UInt8>) {
            value = ScalarLimbs.reduce(low: ScalarLimbs(littleEndian: bytes, at: 0), high: ScalarLimbs(littleEndian: bytes, at: 32))
        }

        public init(limbs: Span<UInt64>) { value = ScalarLimbs(limbs, at: 0) }

        public var bytes: [UInt8] {
            var result: [UInt8] = []
            result.reserveCapacity(32)
            for limb in [value.l0, value.l1, value.l2, value.l3] {
                for shift in 0..<8 { result.append(UInt8(truncatingIfNeeded: limb >> UInt64(8 * shift))) }
            }
            return result
        }

        public var limbs: [UInt64] { [value.l0, value.l1, value.l2, value.l3] }

        public static func + (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value + b.value) }
        public static func - (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value - b.value) }
        public static func * (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value * b.value) }
        public static prefix func - (a: Scalar) -> Scalar { Scalar(ScalarLimbs.zero - a.value) }

        public func vartimeInverted() -> Scalar? { value == .zero ? nil : Scalar(value.inverted()) }

        /// `sum a[i] * b[i]`.
        ///
        /// - Precondition: equal counts.
        public static func innerProduct(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
            precondition(a.count == b.count, "equal counts")
            var limbs: [UInt64] = [0, 0, 0, 0]
            a.withUnsafeBytes { a in
                b.withUnsafeBytes { b in
                    // A scalar is its four limbs.
                    let (x, y) = (a.bindMemory(to: UInt64.self), b.bindMemory(to: UInt64.self))
                    var out = limbs.mutableSpan
                    modulus.innerProduct(x.span, y.span, into: &out)
                }
            }
            return Scalar(limbs: limbs.span)
        }
    }

    // MARK: Secret scalars, on GMP

    /// The group order as GMP's modulus.
    private static let modulus = PrimeModulus(constant: "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")

    public static var scalarLimbCount: Int { 4 }

    public static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) {
        modulus.reduce(wide: bytes, order: .little, into: &out)
    }

    public static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        modulus.multiplyAdd(a, b, c, into: &out)
    }

    public static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        modulus.addAll(a, b, into: &out)
    }

    public static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        modulus.subtractAll(a, b, into: &out)
    }

    public static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        modulus.innerProduct(a, b, into: &out)
    }
}

extension ScalarLimbs {
    /// The integer in up to 32 little-endian bytes from `offset`; missing bytes are 0.
    init(littleEndian bytes: Span<UInt8>, at offset: Int) {
        var limbs: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for i in 0..<min(32, max(0, bytes.count - offset)) {
            let shifted = UInt64(bytes[offset + i]) << UInt64(8 * (i & 7))
            switch i >> 3 {
            case 0: limbs.0 |= shifted
            case 1: limbs.1 |= shifted
            case 2: limbs.2 |= shifted
            default: limbs.3 |= shifted
            }
        }
        self.init(limbs.0, limbs.1, limbs.2, limbs.3)
    }
}
