// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// Checks every requirement of ``Group`` against the group laws and a naive double-and-add. Every suite passes it.
///
/// - Parameters:
///   - sizes: The numbers of terms of the multi-scalar multiplications.
///   - seed: Where the pseudorandom operands come from, so that a failure can be repeated.
///   - report: What is done with a broken law: by default it is an issue of the test.
func checkGroupLaws<G: Group>(
    _ group: G.Type, sizes: [Int] = [0, 1, 2, 3, 7, 64, 200], seed: UInt64 = 1,
    report: @escaping (String, SourceLocation) -> Void = { Issue.record(Comment(rawValue: $0), sourceLocation: $1) }
) throws {
    var laws = GroupLaws<G>(seed: seed, report: report)
    laws.groupAxioms()
    try laws.encodings()
    try laws.scalarRing()
    laws.secretScalars()
    laws.multiplication(sizes: sizes)
    laws.fixedBases()
}

/// The laws for one group, with a source of operands.
struct GroupLaws<G: Group> {
    private var generator: SplitMix

    private let report: (String, SourceLocation) -> Void

    init(seed: UInt64, report: @escaping (String, SourceLocation) -> Void) {
        generator = SplitMix(state: seed)
        self.report = report
    }

    /// Reports a law that does not hold.
    func expect(_ holds: Bool, _ what: @autoclosure () -> String = "a law of \(G.name)", at location: SourceLocation = #_sourceLocation) {
        if !holds { report(what(), location) }
    }

    // MARK: Operands

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    mutating func points(_ count: Int) -> [G.Point] {
        let uniform = bytes(count * G.uniformByteCount)
        return G.points(uniformBytes: uniform.span)
    }

    mutating func scalars(_ count: Int) -> [G.Scalar] {
        (0..<count).map { _ in
            let wide = bytes(G.Scalar.wideByteCount)
            return G.Scalar(reducingWide: wide.span)
        }
    }

    var minusOne: G.Scalar { -G.Scalar.one }

    /// 0, 1, 2, q-1, q-2, powers of two less one (of more than 512 bits only around limb boundaries, 32 of them), 128-bit integers, random
    /// ones.
    mutating func edgeScalars() -> [G.Scalar] {
        let two = G.Scalar.one + G.Scalar.one
        var edges = [G.Scalar.zero, .one, two, minusOne, minusOne - .one]
        edges += [G.Scalar(UInt64.max), G.Scalar(UInt64(1) << 63), G.Scalar(UInt128.max), G.Scalar(UInt128(1) << 127)]
        edges += [G.Scalar(UInt128(generator.next()) << 64 | UInt128(generator.next()))]
        var power = G.Scalar.one
        let spacing = 64 * max(1, G.Scalar.byteCount / 256)
        for bit in 1...8 * G.Scalar.byteCount {
            power = power + power
            if G.Scalar.byteCount <= 64 || [0, 1, spacing - 1].contains(bit % spacing) { edges += [power - .one] }
        }
        return edges + scalars(5)
    }

    // MARK: Naive oracles

    func naiveProduct(_ scalar: G.Scalar, _ point: G.Point) -> G.Point {
        var sum = G.identity
        for limb in scalar.limbs.reversed() {
            for bit in (0..<64).reversed() {
                sum = G.add(sum, sum)
                if limb >> UInt64(bit) & 1 == 1 { sum = G.add(sum, point) }
            }
        }
        return sum
    }

    func naiveSum(_ scalars: [G.Scalar], _ points: [G.Point]) -> G.Point {
        var sum = G.identity
        for i in scalars.indices { sum = G.add(sum, naiveProduct(scalars[i], points[i])) }
        return sum
    }

    func constantTimeSum(_ scalars: [G.Scalar], _ points: [G.Point]) -> G.Point {
        let limbs = scalars.flatMap(\.limbs)
        return G.multiScalarMul(limbs.span, points)
    }

    // MARK: Laws

    mutating func groupAxioms() {
        expect(G.isIdentity(G.identity))
        expect(!G.isIdentity(G.generator))
        expect(G.negate(G.identity) == G.identity)
        for _ in 0..<8 {
            let p = points(3)
            expect(G.add(G.add(p[0], p[1]), p[2]) == G.add(p[0], G.add(p[1], p[2])))
            expect(G.add(p[0], p[1]) == G.add(p[1], p[0]))
            for x in p + [G.identity, G.generator] {
                expect(G.add(x, G.identity) == x)
                expect(G.isIdentity(G.add(x, G.negate(x))))
                expect(G.negate(G.negate(x)) == x)
                // Prime order: (q - 1) x + x = 0, and only the identity has a smaller one.
                expect(G.isIdentity(G.add(naiveProduct(minusOne, x), x)))
                expect(G.isIdentity(G.add(x, x)) == G.isIdentity(x))
            }
        }
        for count in [0, 1, 2, 9, 65] {
            let p = points(count)
            let sums = G.prefixSums(p)
            expect(sums.count == count + 1)
            var sum = G.identity
            for i in 0...count {
                expect(sums[i] == sum)
                if i < count { sum = G.add(sum, p[i]) }
            }
        }
        // The map from uniform bytes is a function of the bytes and treats a batch as its parts.
        let uniform = bytes(5 * G.uniformByteCount)
        let together = G.points(uniformBytes: uniform.span)
        expect(together.count == 5)
        for i in 0..<5 {
            let part = Array(uniform[i * G.uniformByteCount..<(i + 1) * G.uniformByteCount])
            let alone = G.points(uniformBytes: part.span)
            expect(alone == [together[i]])
        }
    }

    /// The points, or the refusal.
    func decode(_ bytes: [UInt8]) -> Result<[G.Point], PointDecodingError> {
        do {
            return .success(try G.decode(canonical: bytes.span))
        } catch {
            return .failure(error)
        }
    }

    mutating func encodings() throws {
        for count in [0, 1, 2, 7, 8, 9, 33] {
            let p = points(count)
            let encoded = G.encode(p)
            expect(encoded.count == count * G.pointByteCount)
            expect(try decode(encoded).get() == p)
            for i in 0..<count {
                let one = G.encode([p[i]])
                expect(Array(encoded[i * G.pointByteCount..<(i + 1) * G.pointByteCount]) == one)
                // Another representation of the same element has the same encoding.
                let detour = G.add(G.add(p[i], G.generator), G.negate(G.generator))
                expect(G.encode([detour]) == one)
            }
        }
        let p = points(4)
        let good = G.encode(p)
        for cut in [1, G.pointByteCount - 1, G.pointByteCount + 1] {
            if case .failure(let error) = decode(Array(good.prefix(cut))) { expect(error.reason == .length) } else { expect(false) }
        }
        // A refusal names the first bad encoding.
        let bad = [UInt8](repeating: 0xff, count: G.pointByteCount)
        for i in 0..<4 {
            var altered = good
            altered.replaceSubrange(i * G.pointByteCount..<(i + 1) * G.pointByteCount, with: bad)
            altered.replaceSubrange(3 * G.pointByteCount..<4 * G.pointByteCount, with: bad)
            expect(decode(altered) == .failure(PointDecodingError(index: i, reason: .notCanonical)))
        }
        // One element, one encoding: what is accepted is what would be written.
        for point in p.prefix(2) {
            let encoded = G.encode([point])
            for bit in 0..<8 * encoded.count {
                var altered = encoded
                altered[bit / 8] ^= 1 << UInt8(bit % 8)
                if case .success(let decoded) = decode(altered) {
                    expect(decoded != [point])
                    expect(G.encode(decoded) == altered)
                }
            }
        }
        if case .success(let decoded) = decode(G.encode([G.identity])) { expect(G.isIdentity(decoded[0])) }
    }

    /// Why a scalar was refused, `nil` if it was not.
    func refusal(of bytes: [UInt8]) -> ScalarDecodingError? {
        do {
            _ = try G.Scalar(canonical: bytes.span)
            return nil
        } catch {
            return error
        }
    }

    mutating func scalarRing() throws {
        let edges = edgeScalars()
        let two = G.Scalar.one + .one
        expect(G.Scalar(2 as UInt64) == two)
        expect(G.Scalar(2 as UInt128) == two)
        for a in edges {
            let b = scalars(2)
            expect(a + .zero == a && a * .one == a && a * .zero == .zero)
            expect(a + b[0] == b[0] + a && a * b[0] == b[0] * a)
            expect((a + b[0]) + b[1] == a + (b[0] + b[1]) && (a * b[0]) * b[1] == a * (b[0] * b[1]))
            expect(a * (b[0] + b[1]) == a * b[0] + a * b[1])
            expect(a - b[0] == a + -b[0] && -(-a) == a && a + -a == .zero)
            let inverse = a.vartimeInverted()
            if a == .zero { expect(inverse == nil) } else { expect(inverse.map { $0 * a } == .one) }
            let encoded = a.bytes
            expect(encoded.count == G.Scalar.byteCount)
            expect(try G.Scalar(canonical: encoded.span) == a)
            expect(refusal(of: encoded + [0]) == .length)
            expect(refusal(of: encoded.dropLast()) == .length)
            let limbs = a.limbs
            expect(limbs.count == G.scalarLimbCount)
            let copy = G.Scalar(limbs: limbs.span)
            expect(copy == a && copy.hashValue == a.hashValue)
        }
        let ones = [UInt8](repeating: 0xff, count: G.Scalar.byteCount)
        expect(refusal(of: ones) == .notReduced)
        for count in [0, 1, 2, 100] {
            let a = scalars(count)
            let b = scalars(count)
            var sum = G.Scalar.zero
            for i in 0..<count { sum = sum + a[i] * b[i] }
            expect(G.Scalar.innerProduct(a, b) == sum)
        }
        // Wide reduction against Horner's rule, up to the largest input.
        let (shortest, longest) = (G.Scalar.wideByteCount, max(64, G.Scalar.wideByteCount))
        for length in Set([shortest, min(longest, shortest + 1), longest]) {
            for wide in [bytes(length), [UInt8](repeating: 0xff, count: length), [UInt8](repeating: 0, count: length)] {
                var value = G.Scalar.zero
                for byte in wide.reversed() { value = value * G.Scalar(256 as UInt64) + G.Scalar(UInt64(byte)) }
                let reduced = G.Scalar(reducingWide: wide.span)
                expect(reduced == value)
            }
        }
    }

    /// The operations on limbs against those on public scalars.
    mutating func secretScalars() {
        let n = G.scalarLimbCount
        for wide in [bytes(G.Scalar.wideByteCount), [UInt8](repeating: 0xff, count: G.Scalar.wideByteCount)] {
            var out = [UInt64](repeating: 1, count: n)
            var span = out.mutableSpan
            G.reduce(wide: wide.span, into: &span)
            let expected = G.Scalar(reducingWide: wide.span)
            expect(out == expected.limbs)
        }
        let edges = edgeScalars()
        for count in [1, 2, 5, edges.count] {
            let a = Array(edges.prefix(count))
            let b = Array(edges.suffix(count))
            let (x, y) = (a.flatMap(\.limbs), b.flatMap(\.limbs))
            var out = [UInt64](repeating: 1, count: count * n)
            func check(_ operation: String, _ expected: (Int) -> G.Scalar) {
                for i in 0..<count { expect(Array(out[i * n..<(i + 1) * n]) == expected(i).limbs, "\(operation) \(i)") }
            }
            for factor in [G.Scalar.zero, .one, minusOne] + scalars(2) {
                let f = factor.limbs
                var span = out.mutableSpan
                G.multiplyAdd(x.span, f.span, y.span, into: &span)
                check("multiplyAdd") { a[$0] * factor + b[$0] }
            }
            var sum = out.mutableSpan
            G.add(x.span, y.span, into: &sum)
            check("add") { a[$0] + b[$0] }
            var difference = out.mutableSpan
            G.subtract(x.span, y.span, into: &difference)
            check("subtract") { a[$0] - b[$0] }
            var inner = [UInt64](repeating: 1, count: n)
            var innerSpan = inner.mutableSpan
            G.innerProduct(x.span, y.span, into: &innerSpan)
            expect(inner == G.Scalar.innerProduct(a, b).limbs)
        }
        var inner = [UInt64](repeating: 1, count: n)
        var span = inner.mutableSpan
        let none: [UInt64] = []
        G.innerProduct(none.span, none.span, into: &span)
        expect(inner == G.Scalar.zero.limbs)
    }

    mutating func multiplication(sizes: [Int]) {
        func check(_ scalars: [G.Scalar], _ points: [G.Point], _ what: String) {
            let expected = naiveSum(scalars, points)
            expect(G.vartimeMultiScalarMul(scalars, points) == expected, "vartime, \(what)")
            expect(constantTimeSum(scalars, points) == expected, "constant time, \(what)")
        }
        for scalar in edgeScalars() {
            let p = points(1)
            check([scalar], p, "\(scalar)")
            check([scalar], [G.generator], "\(scalar) * generator")
            check([scalar], [G.identity], "\(scalar) * identity")
        }
        for size in sizes {
            let p = points(size)
            check(scalars(size), p, "random, \(size)")
            check((0..<size).map { _ in G.Scalar(UInt128(generator.next()) << 64 | UInt128(generator.next())) }, p, "128 bits, \(size)")
            for scalar in [G.Scalar.zero, .one, minusOne, G.Scalar(UInt128.max)] {
                check([G.Scalar](repeating: scalar, count: size), p, "all \(scalar), \(size)")
            }
            let edges = edgeScalars()
            check((0..<size).map { edges[$0 % edges.count] }, p, "edges, \(size)")
            let s = scalars(size)
            check(s, [G.Point](repeating: G.generator, count: size), "one repeated point, \(size)")
            check(s, [G.Point](repeating: G.identity, count: size), "identities, \(size)")
            check(s, (0..<size).map { $0 % 3 == 0 ? G.identity : p[$0 / 2] }, "repeats and identities, \(size)")
            // Terms that cancel: s p + s (-p).
            check(s.map { $0 } + s, p + p.map { G.negate($0) }, "cancelling, \(size)")
            check(s + s.map { -$0 }, p + p, "cancelling scalars, \(size)")
        }
    }

    mutating func fixedBases() {
        for (rows, width) in [(0, 1), (1, 1), (3, 2), (2, 5), (5, 40)] {
            var bases = points(width)
            if width > 2 { bases[1] = bases[0]; bases[2] = G.identity }
            let tables = G.fixedBases(bases)
            var all = scalars(rows * width)
            let edges = edgeScalars()
            for i in all.indices where i % 2 == 0 { all[i] = edges[i % edges.count] }
            let limbs = all.flatMap(\.limbs)
            let sums = G.multiScalarMul(rows: rows, limbs.span, tables)
            expect(sums.count == rows)
            for i in sums.indices {
                let row = Array(all[i * width..<(i + 1) * width])
                expect(sums[i] == naiveSum(row, bases))
                expect(sums[i] == constantTimeSum(row, bases))
            }
        }
    }
}
