// SPDX-License-Identifier: Apache-2.0
import Groups
import Testing

/// The faults that ``FaultyToyGroup`` can have.
enum PlantedFault: CaseIterable {
    case associativity, identityIsNotNeutral, lastTermDropped, constantTimeIgnoresHighBits, emptySum, encodingNotCanonical, wrongIndex
    case innerProductUnreduced, multiplyAddForgetsAddend, tablesMixRows, prefixSumsShort
}

/// The toy group with one fault: shows that the law suite notices.
enum FaultyToyGroup: Group {
    @TaskLocal static var fault: PlantedFault?

    typealias Point = ToyGroup.Point
    typealias Scalar = ToyGroup.Scalar
    typealias FixedBases = ToyGroup.FixedBases

    static let name = "faulty"
    static let identity = ToyGroup.identity
    static let generator = ToyGroup.generator
    static let pointByteCount = ToyGroup.pointByteCount
    static let uniformByteCount = ToyGroup.uniformByteCount
    static let scalarLimbCount = ToyGroup.scalarLimbCount

    static func add(_ p: Point, _ q: Point) -> Point {
        if fault == .identityIsNotNeutral && p == identity { return identity }
        let sum = ToyGroup.add(p, q)
        return fault == .associativity && p.value % 16 == 3 ? ToyGroup.add(sum, generator) : sum
    }

    static func negate(_ p: Point) -> Point { ToyGroup.negate(p) }
    static func isIdentity(_ p: Point) -> Bool { ToyGroup.isIdentity(p) }

    static func prefixSums(_ points: [Point]) -> [Point] {
        let sums = ToyGroup.prefixSums(points)
        return fault == .prefixSumsShort ? [identity] + sums.dropLast() : sums
    }

    static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        do {
            return try ToyGroup.decode(canonical: bytes)
        } catch {
            if fault == .encodingNotCanonical && bytes.count == 2 { return [identity] }
            throw fault == .wrongIndex ? PointDecodingError(index: 0, reason: error.reason) : error
        }
    }

    static func encode(_ points: [Point]) -> [UInt8] { ToyGroup.encode(points) }
    static func points(uniformBytes bytes: Span<UInt8>) -> [Point] { ToyGroup.points(uniformBytes: bytes) }

    static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point {
        if fault == .emptySum && points.isEmpty { return generator }
        let count = fault == .lastTermDropped && points.count == 200 ? 199 : points.count
        return ToyGroup.vartimeMultiScalarMul(Array(scalars.prefix(count)), Array(points.prefix(count)))
    }

    static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point {
        var copy = (0..<scalars.count).map { scalars[$0] }
        if fault == .constantTimeIgnoresHighBits { for i in copy.indices { copy[i] &= 0x1ff } }
        return ToyGroup.multiScalarMul(copy.span, points)
    }

    static func fixedBases(_ bases: [Point]) -> FixedBases { ToyGroup.fixedBases(bases) }

    static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: FixedBases) -> [Point] {
        let sums = ToyGroup.multiScalarMul(rows: rows, scalars, bases)
        return fault == .tablesMixRows ? sums.reversed() : sums
    }

    static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>) { ToyGroup.reduce(wide: bytes, into: &out) }

    static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        let zeros = [UInt64](repeating: 0, count: c.count)
        ToyGroup.multiplyAdd(a, b, fault == .multiplyAddForgetsAddend ? zeros.span : c, into: &out)
    }

    static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) { ToyGroup.add(a, b, into: &out) }
    static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) { ToyGroup.subtract(a, b, into: &out) }

    static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>) {
        ToyGroup.innerProduct(a, b, into: &out)
        if fault == .innerProductUnreduced && a.count > 1 { out[0] += ToyGroup.order }
    }
}

@Suite struct GroupLawsCanFailTests {
    @Test(arguments: PlantedFault.allCases) func everyPlantedFaultIsNoticed(_ fault: PlantedFault) throws {
        var broken = 0
        try FaultyToyGroup.$fault.withValue(fault) {
            try checkGroupLaws(FaultyToyGroup.self) { _, _ in broken += 1 }
        }
        #expect(broken > 0)
    }

    @Test func withoutAFaultNothingIsReported() throws {
        var broken = 0
        try FaultyToyGroup.$fault.withValue(.none) {
            try checkGroupLaws(FaultyToyGroup.self) { _, _ in broken += 1 }
        }
        #expect(broken == 0)
    }
}
