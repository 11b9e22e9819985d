// SPDX-License-Identifier: Apache-2.0

import Groups

/// `(Z_q)^4` with scalars modulo `q`: four generators without relations, which is how a prover sees generators whose logarithms it does not
/// know (the generic group idealised). In a cyclic group of toy size every element is a multiple of every other and every Pedersen commitment
/// has all openings; here a statement can be false. For small `q` only.
enum IndependentGroup<Order: PrimeOrder>: Group {
    typealias Cyclic = AdditiveGroup<Order>
    typealias Scalar = Cyclic.Scalar

    struct Point: Sendable, Equatable, Hashable {
        let coordinates: SIMD4<UInt64>
    }

    /// The element with these coordinates; those left out are zero.
    static func point(_ a: UInt64, _ b: UInt64 = 0, _ c: UInt64 = 0, _ d: UInt64 = 0) -> Point { reduced(SIMD4(a, b, c, d)) }

    private static func reduced(_ v: SIMD4<UInt64>) -> Point {
        Point(coordinates: SIMD4(v[0] % Order.q, v[1] % Order.q, v[2] % Order.q, v[3] % Order.q))
    }

    static var name: String { "independent\(Order.q)" }
    static var identity: Point { point(0) }
    static var generator: Point { point(1) }
    static var pointByteCount: Int { 32 }
    static var uniformByteCount: Int { 96 }
    static var scalarLimbCount: Int { 1 }

    static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        let coordinates = try Cyclic.decode(canonical: bytes).map(\.value)
        guard coordinates.count % 4 == 0 else { throw PointDecodingError(index: coordinates.count / 4, reason: .length) }
        return (0..<coordinates.count / 4).map {
            point(coordinates[4 * $0], coordinates[4 * $0 + 1], coordinates[4 * $0 + 2], coordinates[4 * $0 + 3])
        }
    }
    static func encode(_ points: [Point]) -> [UInt8] {
        points.flatMap { point in (0..<4).flatMap { Scalar(point.coordinates[$0]).bytes } }
    }
    static func points(uniformBytes bytes: Span<UInt8>) -> [Point] {
        let coordinates = Cyclic.points(uniformBytes: bytes).map(\.value)
        return (0..<coordinates.count / 4).map {
            point(coordinates[4 * $0], coordinates[4 * $0 + 1], coordinates[4 * $0 + 2], coordinates[4 * $0 + 3])
        }
    }
    static func add(_ p: Point, _ q: Point) -> Point { reduced(p.coordinates &+ q.coordinates) }
    static func negate(_ p: Point) -> Point { reduced(SIMD4(repeating: Order.q) &- p.coordinates) }
    static func isIdentity(_ p: Point) -> Bool { p == identity }
    static func prefixSums(_ points: [Point]) -> [Point] {
        points.reduce(into: [identity]) { $0.append(add($0[$0.count - 1], $1)) }
    }
    static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point {
        precondition(scalars.count == points.count, "equal counts")
        var sum = SIMD4<UInt64>(repeating: 0)
        for i in points.indices { sum &+= SIMD4(repeating: scalars[i].value) &* points[i].coordinates }
        return reduced(sum)
    }
    static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point {
        vartimeMultiScalarMul((0..<scalars.count).map { Scalar(scalars[$0]) }, points)
    }
    static func fixedBases(_ bases: [Point]) -> [Point] { bases }
    static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: [Point]) -> [Point] {
        (0..<rows).map { multiScalarMul(scalars.extracting($0 * bases.count..<($0 + 1) * bases.count), bases) }
    }
    static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) { Cyclic.reduce(wide: bytes, into: &out) }
    static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        Cyclic.multiplyAdd(a, b, c, into: &out)
    }
    static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) { Cyclic.add(a, b, into: &out) }
    static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        Cyclic.subtract(a, b, into: &out)
    }
    static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        Cyclic.innerProduct(a, b, into: &out)
    }
}
