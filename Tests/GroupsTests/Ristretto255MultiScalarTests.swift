// SPDX-License-Identifier: Apache-2.0
import Groups
import Testing

/// Multi-scalar multiplication against sums of single multiplications, at every switch between methods.
@Suite(.everyKernel) struct Ristretto255MultiScalarTests {
    static let count = 700
    static let points: [R255.Point] = {
        var random = TestRandom(10)
        return random.points(count)
    }()
    static let decoded: [R255.Point] = (try? R255.decode(canonical: R255.encode(points).span)) ?? []
    static let encodings = R255.encode(points)

    /// Kinds of scalars, chosen against recoding, bucket and window code.
    static let kinds: [(String, @Sendable (Int) -> R255.Scalar)] = [
        ("zero", { _ in .zero }),
        ("one", { _ in .one }),
        ("q - 1", { _ in largestScalar }),
        ("2^128 - 1", { _ in R255.Scalar(UInt128.max) }),
        ("2^64 - 1", { _ in R255.Scalar(UInt64.max) }),
        ("all equal", { _ in edgeScalars[100] * edgeScalars[200] }),
        ("edges", { edgeScalars[$0 % edgeScalars.count] }),
        ("one long among short", { $0 == 3 ? largestScalar : R255.Scalar(UInt64($0 % 5)) }),
        ("digits of one bucket", { R255.Scalar($0 % 2 == 0 ? 0x5555_5555_5555_5555_5555_5555_5555_5555 : UInt128(1) << 127) }),
        (
            "128 bits",
            { i in
                var random = TestRandom(UInt64(i))
                return R255.Scalar(UInt128(random.next()) << 64 | UInt128(random.next()))
            }
        ),
        (
            "full",
            { i in
                var random = TestRandom(UInt64(1000 + i))
                return random.scalar()
            }
        ),
    ]

    @Test(arguments: kinds.indices, [0, 1, 2, 3, 8, 17, 91, 92, 93, 189, 190, 191, 511, 512, 513, 700])
    func everyMethodAgreesWithSingleMultiplications(kind: Int, n: Int) {
        let scalars = (0..<n).map(Self.kinds[kind].1)
        let expected = sodiumSum(scalars, Self.encodings)
        let comment = Comment(rawValue: "\(Self.kinds[kind].0), \(n)")
        #expect(R255.encode([R255.vartimeMultiScalarMul(scalars, Array(Self.points.prefix(n)))]) == expected, comment)
        #expect(R255.encode([R255.vartimeMultiScalarMul(scalars, Array(Self.decoded.prefix(n)))]) == expected, comment)
        #expect(R255.encode([R255.multiScalarMul(scalars.flatMap { $0.limbs }.span, Array(Self.points.prefix(n)))]) == expected, comment)
    }

    @Test func scalarsOfEveryLength() {
        // Every bit length and so every number of windows, for the interleaved and the bucket method.
        for bits in 1...252 {
            let top = edgeScalars[7 + 3 * (bits - 1)]
            let cycle: [R255.Scalar] = [top, top + (top - .one), .one, top, .zero]
            let scalars: [R255.Scalar] = (0..<200).map { cycle[$0 % 5] }
            let few = Array(scalars.prefix(6))
            // All points equal, so that one multiplication by the sum of the scalars is the oracle.
            let sum = scalars.reduce(R255.Scalar.zero, +)
            let same = [R255.Point](repeating: Self.points[0], count: 200)
            let expected = sodiumMultiply(sum, piece(Self.encodings, 0))
            #expect(R255.encode([R255.vartimeMultiScalarMul(scalars, same)]) == expected, "\(bits)")
            let fewExpected = sodiumMultiply(few.reduce(R255.Scalar.zero, +), piece(Self.encodings, 0))
            #expect(R255.encode([R255.vartimeMultiScalarMul(few, Array(same.prefix(6)))]) == fewExpected, "\(bits)")
        }
    }

    @Test(arguments: [1024, 4096, 9000, 40000])
    func manyTerms(n: Int) {
        // Points k_i * G with known k_i: the sum of products is the oracle.
        var random = TestRandom(UInt64(n))
        let logarithms = (0..<64).map { _ in random.scalar() }
        let bases = R255.multiScalarMul(rows: 64, logarithms.flatMap { $0.limbs }.span, R255.fixedBases([R255.generator]))
        for short in [true, false] {
            let scalars = (0..<n).map { _ in
                short ? R255.Scalar(UInt128(random.next()) << 64 | UInt128(random.next())) : random.scalar()
            }
            let expected = R255.Scalar.innerProduct(scalars, (0..<n).map { logarithms[$0 % 64] })
            let sum = R255.vartimeMultiScalarMul(scalars, (0..<n).map { bases[$0 % 64] })
            #expect(R255.encode([sum]) == sodiumMultiply(expected, R255.encode([R255.generator])))
        }
    }

    /// More terms than are summed at a time, in parts that begin and end anywhere: no term is left out or taken twice.
    @Test(arguments: [[70_000, 3, 131_080, 9], [1, 0, 65_535, 65_536, 1], [131_073], [2, 131_070, 1]])
    func partsAreSummedInPieces(lengths: [Int]) {
        var random = TestRandom(UInt64(lengths[0]))
        let logarithms = (0..<64).map { _ in random.scalar() }
        let bases = R255.multiScalarMul(rows: 64, logarithms.flatMap { $0.limbs }.span, R255.fixedBases([R255.generator]))
        var expected = R255.Scalar.zero
        let parts = lengths.map { length in
            // Every term has a weight of its own: neighbours do not stand in for one another.
            let scalars = (0..<length).map { _ in R255.Scalar(UInt128(random.next()) << 64 | UInt128(random.next())) }
            expected = expected + R255.Scalar.innerProduct(scalars, (0..<length).map { logarithms[$0 % 64] })
            return PublicTerms<R255>(scalars, (0..<length).map { bases[$0 % 64] })
        }
        #expect(R255.encode([R255.vartimeMultiScalarMul(parts: parts)]) == sodiumMultiply(expected, R255.encode([R255.generator])))
    }

    @Test(arguments: [1, 2, 3, 5, 16, 33, 64, 90, 200])
    func fixedBaseTables(baseCount: Int) {
        let bases = Array(Self.points.prefix(baseCount))
        let tables = R255.fixedBases(bases)
        #expect(tables.count == baseCount)
        let rows = baseCount > 60 ? 3 : 70
        var random = TestRandom(UInt64(baseCount))
        var scalars: [R255.Scalar] = []
        for row in 0..<rows {
            for b in 0..<baseCount {
                scalars.append(row % 2 == 0 ? edgeScalars[(row * baseCount + b) % edgeScalars.count] : random.scalar())
            }
        }
        let sums = R255.encode(R255.multiScalarMul(rows: rows, scalars.flatMap { $0.limbs }.span, tables))
        for row in 0..<rows {
            #expect(piece(sums, row) == sodiumSum(Array(scalars[row * baseCount..<(row + 1) * baseCount]), Self.encodings))
        }
    }

    /// Every window's terms are divided without gaps, whatever the number of cores, and a part is not too short to be worth it.
    @Test(arguments: [1, 2, 3, 5, 8, 13, 64], [1, 91, 2_047, 8_191, 8_192, 65_536, 131_072])
    func windowsAreDivided(cores: Int, terms: Int) {
        for windows in 1...32 {
            let tasks = WindowTask.tasks(windows: windows, terms: terms, cores: cores)
            #expect(tasks.map(\.window) == tasks.map(\.window).sorted(by: >))
            for window in 0..<windows {
                let parts = tasks.filter { $0.window == window }.map(\.terms)
                #expect(parts.first?.lowerBound == 0 && parts.last?.upperBound == terms)
                for index in parts.indices.dropFirst() { #expect(parts[index].lowerBound == parts[index - 1].upperBound) }
                #expect(parts.count == 1 || parts.allSatisfy { $0.count >= 2_048 })
            }
            #expect(tasks.count >= windows && tasks.count <= windows + 2 * cores)
        }
    }

    /// Windows that are left over are split for all cores, or the last ones in two; not where that costs more than it gives.
    @Test(arguments: [
        (10, 65_536, 1, 10), (10, 65_536, 2, 12), (18, 65_536, 2, 20), (10, 65_536, 3, 12), (10, 65_536, 4, 12), (10, 65_536, 64, 70),
        (10, 8_191, 2, 10), (10, 8_192, 2, 12), (10, 8_192, 3, 12), (10, 4_000, 3, 10), (13, 8_192, 13, 13), (26, 8_192, 13, 26),
    ])
    func numbersOfTasks(windows: Int, terms: Int, cores: Int, count: Int) {
        #expect(WindowTask.tasks(windows: windows, terms: terms, cores: cores).count == count)
    }

    @Test func emptySums() {
        #expect(R255.isIdentity(R255.vartimeMultiScalarMul([], [])))
        #expect(R255.isIdentity(R255.multiScalarMul([UInt64]().span, [])))
        let none = R255.fixedBases([])
        #expect(R255.multiScalarMul(rows: 3, [UInt64]().span, none) == [R255.identity, R255.identity, R255.identity])
        #expect(R255.multiScalarMul(rows: 0, [UInt64]().span, R255.fixedBases([R255.generator])).isEmpty)
        #expect(R255.prefixSums([]) == [R255.identity])
    }

    @Test func prefixSumsAreSums() {
        let sums = R255.prefixSums(Array(Self.points.prefix(20)))
        #expect(sums.count == 21)
        for i in 0..<20 { #expect(sums[i + 1] == R255.add(sums[i], Self.points[i])) }
    }
}
