// SPDX-License-Identifier: Apache-2.0

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
        /// - Precondition: equal counts; a surplus on one side is ignored.
        public static func innerProduct(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
            assert(a.count == b.count)
            var sum = ScalarAccumulator()
            for i in 0..<min(a.count, b.count) { sum.add(a[i].value, b[i].value) }
            return Scalar(sum.reduced)
        }
    }

    // MARK: Secret scalars

    public static var scalarLimbCount: Int { 4 }

    public static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) {
        ScalarLimbs.reduce(low: ScalarLimbs(littleEndian: bytes, at: 0), high: ScalarLimbs(littleEndian: bytes, at: 32))
            .store(to: &out, at: 0)
    }

    public static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        // b in Montgomery form, so that each product is one Montgomery multiplication.
        let factor = ScalarLimbs.montgomery(ScalarLimbs(b, at: 0), ScalarLimbs.r2)
        for i in 0..<out.count / 4 {
            (ScalarLimbs.montgomery(ScalarLimbs(a, at: i), factor) + ScalarLimbs(c, at: i)).store(to: &out, at: i)
        }
    }

    public static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<out.count / 4 { (ScalarLimbs(a, at: i) + ScalarLimbs(b, at: i)).store(to: &out, at: i) }
    }

    public static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<out.count / 4 { (ScalarLimbs(a, at: i) - ScalarLimbs(b, at: i)).store(to: &out, at: i) }
    }

    public static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        var sum = ScalarAccumulator()
        for i in 0..<a.count / 4 { sum.add(ScalarLimbs(a, at: i), ScalarLimbs(b, at: i)) }
        sum.reduced.store(to: &out, at: 0)
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
