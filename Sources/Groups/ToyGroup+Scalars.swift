// SPDX-License-Identifier: Apache-2.0

extension ToyGroup {
    /// An integer modulo 1019.
    public struct Scalar: GroupScalar {
        /// The representative in `0..<1019`.
        public let value: UInt64

        private init(reduced value: UInt64) { self.value = value }

        public static let byteCount = 2
        public static let wideByteCount = 18
        public static let zero = Scalar(reduced: 0)
        public static let one = Scalar(reduced: 1)

        public init(_ value: UInt64) { self.value = value % order }
        public init(_ value: UInt128) { self.value = UInt64(value % UInt128(order)) }

        public init(canonical bytes: Span<UInt8>) throws(ScalarDecodingError) {
            guard bytes.count == 2 else { throw .length }
            let value = UInt64(bytes[0]) | UInt64(bytes[1]) << 8
            guard value < order else { throw .notReduced }
            self.value = value
        }

        public init(reducingWide bytes: Span<UInt8>) { value = remainder(bytes, order) }
        public init(limbs: Span<UInt64>) { value = limbs[0] }

        public var bytes: [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
        public var limbs: [UInt64] { [value] }

        public static func + (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value + b.value) }
        public static func - (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value + order - b.value) }
        public static func * (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value * b.value) }
        public static prefix func - (a: Scalar) -> Scalar { Scalar(order - a.value) }

        public func vartimeInverted() -> Scalar? {
            guard value != 0 else { return nil }
            // Fermat: a^(q-2)
            var inverse = Scalar.one
            for _ in 0..<order - 2 { inverse = inverse * self }
            return inverse
        }

        public static func innerProduct(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
            precondition(a.count == b.count, "equal counts")
            return a.indices.reduce(zero) { $0 + a[$1] * b[$1] }
        }
    }

    // MARK: Secret scalars, one limb each

    public static let scalarLimbCount = 1

    public static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) {
        out[0] = remainder(bytes, order)
    }

    public static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<out.count { out[i] = (a[i] * b[0] + c[i]) % order }
    }

    public static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<out.count { out[i] = (a[i] + b[i]) % order }
    }

    public static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<out.count { out[i] = (a[i] + order - b[i]) % order }
    }

    public static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        precondition(a.count == b.count, "equal counts")
        out[0] = 0
        for i in 0..<a.count { out[0] = (out[0] + a[i] * b[i]) % order }
    }

    // MARK: Multi-scalar multiplication

    public static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point {
        precondition(scalars.count == points.count, "equal counts")
        return points.indices.reduce(identity) { add($0, multiply(points[$1], scalars[$1].value)) }
    }

    public static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point {
        precondition(scalars.count == points.count, "equal counts")
        var sum = identity
        for i in points.indices { sum = add(sum, multiply(points[i], scalars[i])) }
        return sum
    }

    /// No tables: the bases themselves.
    public struct FixedBases: Sendable {
        let bases: [Point]
    }

    public static func fixedBases(_ bases: [Point]) -> FixedBases {
        FixedBases(bases: bases)
    }

    public static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: FixedBases) -> [Point] {
        let width = bases.bases.count
        precondition(scalars.count == rows * width, "one scalar for each row and base")
        var sums: [Point] = []
        for i in 0..<rows { sums.append(multiScalarMul(scalars.extracting(i * width..<(i + 1) * width), bases.bases)) }
        return sums
    }
}
