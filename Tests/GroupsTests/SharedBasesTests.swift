// SPDX-License-Identifier: Apache-2.0
import Groups
import Testing

/// Sums over points that come again, before and after tables are made, against plain sums.
@Suite(.everyKernel) struct SharedBasesTests {
    /// Points `k_i G` with known `k_i`, and the latter.
    static let known: (logarithms: [R255.Scalar], points: [R255.Point]) = {
        var random = TestRandom(31)
        let logarithms = (0..<64).map { _ in random.scalar() }
        return (logarithms, R255.multiScalarMul(rows: 64, logarithms.flatMap { $0.limbs }.span, R255.fixedBases([R255.generator])))
    }()

    /// `scalar * G`.
    private func multiple(_ scalar: R255.Scalar) -> R255.Point { R255.vartimeMultiScalarMul([scalar], [R255.generator]) }

    @Test(arguments: [1, 2, 7, 8, 9, 64, 130, 700], Ristretto255MultiScalarTests.kinds.indices)
    func tablesGiveTheSameSums(n: Int, kind: Int) throws {
        let points = Array(Ristretto255MultiScalarTests.points.prefix(n))
        guard let tables = R255.publicTables(points) else {
            #expect(Kernel.current == .portable)
            return
        }
        let scalars = (0..<n).map(Ristretto255MultiScalarTests.kinds[kind].1)
        #expect(R255.vartimeMultiScalarMul(scalars, tables) == R255.vartimeMultiScalarMul(scalars, points))
    }

    /// More points than tables have room for in one pass, and more terms than a core takes at a time.
    @Test(arguments: [4_000, 6_000, 40_000])
    func largeTables(n: Int) {
        guard let tables = R255.publicTables((0..<n).map { Self.known.points[$0 % 64] }) else {
            #expect(Kernel.current == .portable)
            return
        }
        var random = TestRandom(UInt64(n))
        let scalars = (0..<n).map { $0 % 7 == 0 ? edgeScalars[$0 % edgeScalars.count] : random.scalar() }
        let expected = R255.Scalar.innerProduct(scalars, (0..<n).map { Self.known.logarithms[$0 % 64] })
        #expect(R255.vartimeMultiScalarMul(scalars, tables) == multiple(expected))
    }

    @Test func noTablesOfNoPoints() {
        #expect(R255.publicTables([]).map { _ in true } == nil)
        #expect(R255.isIdentity(R255.vartimeMultiScalarMul(shared: [], short: PublicTerms(), full: PublicTerms())))
        let none = SharedBases<R255>([])
        #expect(R255.isIdentity(R255.vartimeMultiScalarMul(shared: [(none, [])], short: PublicTerms(), full: PublicTerms())))
    }

    /// Every use gives the same sum, before tables are made, when they are, and after.
    @Test(arguments: [(3, 0, 0), (66, 1, 2), (130, 20, 20), (700, 0, 300), (2, 300, 300)])
    func everyUse(fixed: Int, short: Int, full: Int) {
        var random = TestRandom(UInt64(fixed))
        let points = Self.known.points + Ristretto255MultiScalarTests.points
        let (first, second) = (SharedBases<R255>(Array(points.prefix(fixed))), SharedBases<R255>([R255.generator]))
        for use in 0...SharedBases<R255>.usesBeforeTables + 2 {
            let scalars = (0..<fixed).map { _ in random.scalar() }
            let terms = PublicTerms<R255>((0..<full).map { _ in random.scalar() }, Array(points.prefix(full)))
            let shortTerms = PublicTerms<R255>(
                (0..<short).map { _ in R255.Scalar(UInt128(random.next()) << 64 | UInt128(random.next())) }, Array(points.suffix(short)))
            let sum = R255.vartimeMultiScalarMul(
                shared: [(first, scalars), (second, [R255.Scalar(UInt64(use))])], short: shortTerms, full: terms)
            let expected = R255.vartimeMultiScalarMul(
                scalars + terms.scalars + shortTerms.scalars + [R255.Scalar(UInt64(use))],
                first.points + terms.points + shortTerms.points + [R255.generator])
            #expect(sum == expected, "use \(use)")
        }
    }

    /// Terms in parts of any size, as one sum; the last shape has more terms than are summed at a time.
    @Test(.everyKernel, arguments: [[], [1], [0, 5], [3, 1, 90, 8], [257, 0, 1_001, 13], [50_001, 50_003, 40_005]])
    func parts(_ sizes: [Int]) {
        var random = TestRandom(UInt64(sizes.count))
        let points = Array(Ristretto255MultiScalarTests.points.prefix(50))
        for isShort in [false, true] {
            var expected = [R255.Scalar](repeating: .zero, count: points.count)
            let parts = sizes.map { size in
                let scalars = (0..<size).map { _ in
                    isShort ? R255.Scalar(UInt128(random.next()) << 64 | UInt128(random.next())) : random.scalar()
                }
                for (index, scalar) in scalars.enumerated() { expected[index % points.count] = expected[index % points.count] + scalar }
                return PublicTerms<R255>(scalars, scalars.indices.map { points[$0 % points.count] })
            }
            #expect(R255.vartimeMultiScalarMul(parts: parts) == R255.vartimeMultiScalarMul(expected, points))
        }
    }

    /// A group without tables.
    @Test func otherGroups() {
        let bases = SharedBases<ToyGroup>([ToyGroup.generator, ToyGroup.negate(ToyGroup.generator)])
        for use in 0..<30 {
            let sum = ToyGroup.vartimeMultiScalarMul(
                shared: [(bases, [ToyGroup.Scalar(UInt64(use)), ToyGroup.Scalar(UInt64(3))])],
                short: PublicTerms([.one], [ToyGroup.generator]), full: PublicTerms([.one], [ToyGroup.generator]))
            let expected = ToyGroup.vartimeMultiScalarMul(
                [ToyGroup.Scalar(UInt64(use)), -ToyGroup.Scalar(UInt64(1))], [ToyGroup.generator, ToyGroup.generator])
            #expect(sum == expected)
        }
    }
}
