// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// The reference against RFC 9496 (vectors/02-rfc9496-ristretto255).
@Suite struct Ristretto255ReferenceTests {
    typealias R = Ristretto255Reference

    struct Multiple: Decodable { let id: String; let scalar: UInt8; let encoding: String }
    struct Invalid: Decodable { let id: String; let encoding: String }
    struct Derivation: Decodable { let id: String; let input: String; let output: String }
    struct Root: Decodable { let id: String; let u: String; let v: String; let was_square: Bool; let r: String }

    static func file<T: Decodable>(_ name: String) throws -> [T] {
        try vectorJSON("02-rfc9496-ristretto255/\(name).json")
    }

    /// Section 4.1.
    @Test func constants() throws {
        func decimal(_ digits: String) -> R.Element {
            digits.reduce(R.Element(0)) { $0 * R.Element(10) + R.Element(UInt64($1.wholeNumberValue ?? 0)) }
        }
        #expect(R.d == decimal("37095705934669439343138083508754565189542113879843219016388785533085940283555"))
        #expect(R.sqrtM1 == decimal("19681161376707505956807079304988542015446066515923890162744021073123829784752"))
        #expect(R.sqrtADMinusOne == decimal("25063068953384623474111414158702152701244531502492656460079210482610430750235"))
        #expect(R.invsqrtAMinusD == decimal("54469307008909316920995813868745141605393597292927456921205312896311721017578"))
        #expect(R.oneMinusDSquared == decimal("1159843021668779879193775521855586647937357759715417654439879720876111806838"))
        #expect(R.dMinusOneSquared == decimal("40440834346308536858101042469323190826248399146238708352240133220865137265952"))
    }

    @Test func multiples() throws {
        let vectors: [Multiple] = try Self.file("multiples")
        #expect(vectors.count >= 10)
        for vector in vectors {
            let expected = try #require(bytes(hex: vector.encoding))
            let point = R.multiply(R.generator, [vector.scalar])
            #expect(R.encode(point) == expected, "\(vector.id)")
            let decoded = try #require(R.decode(expected))
            #expect(R.equal(decoded, point))
        }
    }

    @Test func invalidEncodings() throws {
        let vectors: [Invalid] = try Self.file("invalid_encodings")
        #expect(vectors.count >= 10)
        for vector in vectors {
            let encoding = try #require(bytes(hex: vector.encoding))
            #expect(R.decode(encoding) == nil, "\(vector.id)")
        }
        #expect(R.decode([]) == nil)
        #expect(R.decode([UInt8](repeating: 0, count: 33)) == nil)
    }

    @Test func derivation() throws {
        let vectors: [Derivation] = try Self.file("element_derivation")
        #expect(vectors.count >= 4)
        for vector in vectors {
            let input = try #require(bytes(hex: vector.input))
            #expect(hex(R.encode(R.point(uniformBytes: input))) == vector.output, "\(vector.id)")
        }
    }

    @Test func squareRootOfARatio() throws {
        let vectors: [Root] = try Self.file("sqrt_ratio_m1")
        #expect(vectors.count >= 2)
        for vector in vectors {
            let u = R.Element(reducing: try #require(bytes(hex: vector.u)))
            let v = R.Element(reducing: try #require(bytes(hex: vector.v)))
            let result = R.sqrtRatioM1(u, v)
            #expect(result.wasSquare == vector.was_square && hex(result.root.bytes) == vector.r, "\(vector.id)")
        }
    }

    @Test func groupLaws() throws {
        var generator = SplitMix(state: 3)
        let order = try #require(bytes(hex: "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        for _ in 0..<5 {
            let p = (0..<3).map { _ in R.point(uniformBytes: (0..<64).map { _ in UInt8(truncatingIfNeeded: generator.next()) }) }
            #expect(R.equal(R.add(R.add(p[0], p[1]), p[2]), R.add(p[0], R.add(p[1], p[2]))))
            #expect(R.equal(R.add(p[0], R.negate(p[0])), R.identity))
            #expect(!R.equal(p[0], p[1]))
            #expect(R.encode(R.multiply(p[0], order)) == [UInt8](repeating: 0, count: 32))
            let encoded = R.encode(p[0])
            let decoded = try #require(R.decode(encoded))
            #expect(R.equal(decoded, p[0]) && R.encode(decoded) == encoded)
        }
        #expect(R.equal(R.multiply(R.generator, order), R.identity))
    }
}
