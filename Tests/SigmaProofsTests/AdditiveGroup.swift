// SPDX-License-Identifier: Apache-2.0

import Groups

/// The order of an ``AdditiveGroup``: a prime below 2^63.
protocol PrimeOrder: Sendable {
    static var q: UInt64 { get }
}

/// 3, for exhaustive tests of batches and compositions over all statements.
enum Order3: PrimeOrder { static var q: UInt64 { 3 } }
/// 5, for exhaustive tests of compositions.
enum Order5: PrimeOrder { static var q: UInt64 { 5 } }
/// 7, for exhaustive tests of proofs with many parts.
enum Order7: PrimeOrder { static var q: UInt64 { 7 } }
/// 11, for exhaustive tests over all statements.
enum Order11: PrimeOrder { static var q: UInt64 { 11 } }
/// 13, for exhaustive tests.
enum Order13: PrimeOrder { static var q: UInt64 { 13 } }
/// 2^61 - 1, where a wrong proof passes by chance in one run out of 10^18.
enum OrderM61: PrimeOrder { static var q: UInt64 { (1 << 61) - 1 } }

/// The integers modulo a prime under addition: a group in which logarithms are division, so that tests can compute everything.
/// Elements and scalars are 8 little-endian bytes; the identity has an encoding.
enum AdditiveGroup<Order: PrimeOrder>: Group {
    struct Point: Sendable, Equatable {
        let value: UInt64
    }

    struct Scalar: GroupScalar {
        let value: UInt64
        static var byteCount: Int { 8 }
        static var wideByteCount: Int { 24 }
        static var zero: Scalar { Scalar(UInt64(0)) }
        static var one: Scalar { Scalar(UInt64(1)) }
        init(_ value: UInt64) { self.value = value % Order.q }
        init(_ value: UInt128) { self.value = UInt64(value % UInt128(Order.q)) }
        init(canonical bytes: Span<UInt8>) throws(ScalarDecodingError) {
            guard bytes.count == 8 else { throw .length }
            let value = integer(bytes)
            guard value < Order.q else { throw .notReduced }
            self.value = value
        }
        init(reducingWide bytes: Span<UInt8>) { value = reduceWide(bytes) }
        init(limbs: Span<UInt64>) { value = limbs[0] }
        var bytes: [UInt8] { littleEndianBytes(value) }
        var limbs: [UInt64] { [value] }
        static func + (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value + b.value) }
        static func - (a: Scalar, b: Scalar) -> Scalar { Scalar(a.value + Order.q - b.value) }
        static func * (a: Scalar, b: Scalar) -> Scalar { Scalar(UInt128(a.value) * UInt128(b.value)) }
        static prefix func - (a: Scalar) -> Scalar { Scalar(Order.q - a.value) }
        func vartimeInverted() -> Scalar? {
            guard value != 0 else { return nil }
            var (result, base, exponent) = (Scalar.one, self, Order.q - 2)
            while exponent > 0 {
                if exponent & 1 == 1 { result = result * base }
                base = base * base
                exponent >>= 1
            }
            return result
        }
        static func innerProduct(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
            precondition(a.count == b.count)
            return a.indices.reduce(.zero) { $0 + a[$1] * b[$1] }
        }
    }

    static var name: String { "additive\(Order.q)" }
    static var identity: Point { Point(value: 0) }
    static var generator: Point { Point(value: 1) }
    static var pointByteCount: Int { 8 }
    static var uniformByteCount: Int { 24 }
    static var scalarLimbCount: Int { 1 }

    static func point(_ value: UInt64) -> Point { Point(value: value % Order.q) }

    static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        guard bytes.count % 8 == 0 else { throw PointDecodingError(index: bytes.count / 8, reason: .length) }
        var points: [Point] = []
        for index in 0..<bytes.count / 8 {
            let value = integer(bytes.extracting(8 * index..<8 * index + 8))
            guard value < Order.q else { throw PointDecodingError(index: index, reason: .notCanonical) }
            points.append(Point(value: value))
        }
        return points
    }
    static func encode(_ points: [Point]) -> [UInt8] { points.flatMap { littleEndianBytes($0.value) } }
    static func points(uniformBytes bytes: Span<UInt8>) -> [Point] {
        (0..<bytes.count / 24).map { Point(value: reduceWide(bytes.extracting(24 * $0..<24 * $0 + 24))) }
    }
    static func add(_ p: Point, _ q: Point) -> Point { point(p.value + q.value) }
    static func negate(_ p: Point) -> Point { point(Order.q - p.value) }
    static func isIdentity(_ p: Point) -> Bool { p.value == 0 }
    static func prefixSums(_ points: [Point]) -> [Point] {
        points.reduce(into: [identity]) { $0.append(add($0[$0.count - 1], $1)) }
    }
    static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point {
        Point(value: Scalar.innerProduct(scalars, points.map { Scalar($0.value) }).value)
    }
    static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point {
        vartimeMultiScalarMul((0..<scalars.count).map { Scalar(scalars[$0]) }, points)
    }
    static func fixedBases(_ bases: [Point]) -> [Point] { bases }
    static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: [Point]) -> [Point] {
        (0..<rows).map { multiScalarMul(scalars.extracting($0 * bases.count..<($0 + 1) * bases.count), bases) }
    }
    static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) { out[0] = reduceWide(bytes) }
    static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<a.count { out[i] = (Scalar(a[i]) * Scalar(b[0]) + Scalar(c[i])).value }
    }
    static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<a.count { out[i] = (Scalar(a[i]) + Scalar(b[i])).value }
    }
    static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        for i in 0..<a.count { out[i] = (Scalar(a[i]) - Scalar(b[i])).value }
    }
    static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        out[0] = (0..<a.count).reduce(Scalar.zero) { $0 + Scalar(a[$1]) * Scalar(b[$1]) }.value
    }

    private static func reduceWide(_ bytes: Span<UInt8>) -> UInt64 {
        var value: UInt128 = 0
        for i in stride(from: bytes.count - 1, through: 0, by: -1) { value = (value << 8 | UInt128(bytes[i])) % UInt128(Order.q) }
        return UInt64(value)
    }
}

private func integer(_ bytes: Span<UInt8>) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
}

private func littleEndianBytes(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
}
