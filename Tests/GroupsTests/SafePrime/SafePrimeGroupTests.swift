// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// The law suite for modular groups of every shape, and refusals.
@Suite struct SafePrimeGroupTests {
    /// The published groups whose laws are checked every time; the others need the long mode.
    static let quick: Set<String> = ["modp1536", "ffdhe2048"]

    @Test(arguments: smallGroups.dropFirst()) func lawsOfSmallGroups(_ parameters: NamedParameters) throws {
        func check<P: SafePrimeParameters>(_: P.Type) throws { try checkGroupLaws(SafePrimeGroup<P>.self) }
        try check(parameters.type)
    }

    @Test(arguments: publishedGroups.filter { runsLongTests || quick.contains($0.constants.name) })
    func laws(_ parameters: NamedParameters) throws {
        func check<P: SafePrimeParameters>(_: P.Type) throws {
            try checkGroupLaws(SafePrimeGroup<P>.self, sizes: parameters.bitWidth <= 2048 ? [0, 1, 2, 3, 17] : [0, 1, 2, 9])
        }
        try check(parameters.type)
    }

    /// What decoding refuses: zero, the modulus and above, non-squares, wrong lengths.
    @Test(arguments: smallGroups + publishedGroups) func refusals(_ parameters: NamedParameters) throws {
        func check<P: SafePrimeParameters>(_: P.Type) throws {
            typealias G = SafePrimeGroup<P>
            let p = P.constants.modulus
            let size = p.count
            #expect(G.pointByteCount == size)
            /// `p + delta` for small deltas.
            func near(_ delta: Int) -> [UInt8] {
                var bytes = p
                var carry = delta
                for i in bytes.indices.reversed() {
                    carry += Int(bytes[i])
                    bytes[i] = UInt8(truncatingIfNeeded: carry)
                    carry >>= 8
                }
                return bytes
            }
            let zero = [UInt8](repeating: 0, count: size)
            let one = G.encode([G.identity])
            let four = zero.dropLast() + [4]
            // -4 and -1 are no squares, for p = 3 mod 4.
            var refused = [zero, near(0), near(1), near(-1), near(-4), [UInt8](repeating: 0xff, count: size)]
            // p = 3 mod 4, so that of x and -x exactly one is a square.
            var generator = SplitMix(state: 7)
            for _ in 0..<4 {
                let uniform = (0..<G.uniformByteCount).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                let square = G.encode(G.points(uniformBytes: uniform.span))
                var negative = p
                var borrow = 0
                for i in negative.indices.reversed() {
                    let difference = Int(p[i]) - Int(square[i]) - borrow
                    negative[i] = UInt8(truncatingIfNeeded: difference)
                    borrow = difference < 0 ? 1 : 0
                }
                refused.append(negative)
                #expect(try G.decoded(square).count == 1)
            }
            for bytes in refused {
                #expect(throws: PointDecodingError(index: 0, reason: .notCanonical)) { try G.decoded(bytes) }
                let second = one + bytes + zero
                #expect(throws: PointDecodingError(index: 1, reason: .notCanonical)) { try G.decoded(second) }
            }
            for bytes in [one + [0], [0] + one, Array(one.dropFirst())] where bytes.count % size != 0 {
                #expect(throws: PointDecodingError(index: bytes.count / size, reason: .length)) { try G.decoded(bytes) }
            }
            let accepted = one + four
            #expect(try G.decoded(accepted).first == G.identity)
            let q = P.constants.groupOrder
            #expect(throws: ScalarDecodingError.notReduced) { try G.decodedScalar(q) }
            #expect(throws: ScalarDecodingError.length) { try G.decodedScalar(q + [0]) }
        }
        try check(parameters.type)
    }

    /// 2 is the generator exactly where it is a square; in every published group it is.
    @Test func generators() {
        func last<P: SafePrimeParameters>(_: P.Type) -> UInt8 { SafePrimeGroup<P>.encode([SafePrimeGroup<P>.generator]).last ?? 0 }
        #expect(last(Small11.self) == 4 && last(Small65.self) == 4 && last(Small256.self) == 4)
        #expect(last(Small2039.self) == 2 && last(Small64.self) == 2)
        for parameters in publishedGroups { #expect(last(parameters.type) == 2) }
    }

    @Test(arguments: ["", "00", "01", "02", "03", "05", "0d", "07f6", "07f5", "0805", "c000000000002449"])
    func refusedModuli(_ digits: String) throws {
        let modulus = try #require(bytes(hex: digits))
        #expect(SafePrimeConstants(name: "x", safePrime: modulus) == nil)
    }

    @Test func refusedLargeModulus() {
        let even = [1] + [UInt8](repeating: 0, count: 1024)
        #expect(SafePrimeConstants(name: "x", safePrime: even) == nil)
    }

    /// Over the toy group's prime, every product and every power agrees with the toy group.
    @Test func agreesWithTheToyGroup() throws {
        typealias G = SafePrimeGroup<Small2039>
        var wrong = 0
        let elements = try (1..<ToyGroup.modulus).compactMap { value -> (G.Point, ToyGroup.Point)? in
            let bytes = [UInt8(value >> 8), UInt8(value & 0xff)]
            let toy = try? ToyGroup.decode(canonical: bytes.span)
            let ours = try? G.decoded(bytes)
            try #require((toy == nil) == (ours == nil))
            guard let toy, let ours else { return nil }
            return (ours[0], toy[0])
        }
        #expect(elements.count == 1019)
        func same(_ a: G.Point, _ b: ToyGroup.Point) -> Bool { G.encode([a]) == ToyGroup.encode([b]) }
        for (i, (p, toy)) in elements.enumerated() {
            let (r, other) = elements[(i * 31 + 7) % 1019]
            if !same(G.add(p, r), ToyGroup.add(toy, other)) || !same(G.negate(p), ToyGroup.negate(toy)) { wrong += 1 }
            let tables = G.fixedBases([p])
            for scalar in stride(from: UInt64(i % 5), to: 1019, by: 5) {
                let limb = [scalar]
                let expected = ToyGroup.multiScalarMul(limb.span, [toy])
                if !same(G.multiScalarMul(limb.span, [p]), expected) { wrong += 1 }
                if !same(G.vartimeMultiScalarMul([G.Scalar(scalar)], [p]), expected) { wrong += 1 }
                if !same(G.multiScalarMul(rows: 1, limb.span, tables)[0], expected) { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    /// The variable-time method changes with the number of terms; all of them agree with the constant-time sum.
    @Test(arguments: [1, 2, 16, 40, 300, 1500]) func manyTerms(_ count: Int) {
        typealias G = SafePrimeGroup<Small193>
        var generator = SplitMix(state: UInt64(count))
        let uniform = (0..<count * G.uniformByteCount).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let points = G.points(uniformBytes: uniform.span)
        for bits in [1, 7, 64, 128, 192] {
            let scalars = points.indices.map { _ in
                var wide = (0..<24).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                for i in 0..<24 { wide[i] &= 8 * i + 8 <= bits ? 0xff : 8 * i >= bits ? 0 : UInt8(1 << (bits - 8 * i)) - 1 }
                return G.Scalar(reducingWide: wide.span)
            }
            let limbs = scalars.flatMap(\.limbs)
            let expected = G.multiScalarMul(limbs.span, points)
            #expect(G.vartimeMultiScalarMul(scalars, points) == expected)
        }
    }
}
