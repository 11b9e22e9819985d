// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// The test vectors of RFC 9496, appendix A.
@Suite(.everyKernel) struct Ristretto255VectorTests {
    struct Multiple: Decodable {
        let id: String
        let scalar: UInt64
        let encoding: String
    }

    struct Invalid: Decodable {
        let id: String
        let encoding: String
    }

    struct Derivation: Decodable {
        let id: String
        let input: String
        let output: String
    }

    struct Root: Decodable {
        let id: String
        let u: String
        let v: String
        let was_square: Bool
        let r: String
    }

    static let folder = "02-rfc9496-ristretto255"

    @Test func multiplesOfTheGenerator() throws {
        let vectors: [Multiple] = try vectorJSON("\(Self.folder)/multiples.json")
        #expect(vectors.count == 10)
        for vector in vectors {
            let expected = try #require(bytes(hex: vector.encoding))
            let scalar = R255.Scalar(vector.scalar)
            let sums = R255.prefixSums([R255.Point](repeating: R255.generator, count: Int(vector.scalar)))
            #expect(R255.encode([sums[sums.count - 1]]) == expected, "\(vector.id)")
            #expect(R255.encode([R255.vartimeMultiScalarMul([scalar], [R255.generator])]) == expected, "\(vector.id)")
            #expect(R255.encode([R255.multiScalarMul(scalar.limbs.span, [R255.generator])]) == expected, "\(vector.id)")
            #expect(try R255.decode(canonical: expected.span) == [sums[sums.count - 1]], "\(vector.id)")
        }
    }

    @Test func invalidEncodingsAreRefused() throws {
        let vectors: [Invalid] = try vectorJSON("\(Self.folder)/invalid_encodings.json")
        #expect(vectors.count == 19)
        let good = R255.encode([R255.generator])
        for vector in vectors {
            let bad = try #require(bytes(hex: vector.encoding))
            #expect(throws: PointDecodingError(index: 0, reason: .notCanonical), "\(vector.id)") { try R255.decode(canonical: bad.span) }
            let batch = good + good + bad + good + bad
            #expect(throws: PointDecodingError(index: 2, reason: .notCanonical), "\(vector.id)") { try R255.decode(canonical: batch.span) }
        }
    }

    @Test func elementDerivation() throws {
        let vectors: [Derivation] = try vectorJSON("\(Self.folder)/element_derivation.json")
        #expect(vectors.count == 7)
        for vector in vectors {
            let input = try #require(bytes(hex: vector.input))
            #expect(hex(R255.encode(R255.points(uniformBytes: input.span))) == vector.output, "\(vector.id)")
        }
    }

    @Test func squareRootsOfRatios() throws {
        let vectors: [Root] = try vectorJSON("\(Self.folder)/sqrt_ratio_m1.json")
        #expect(vectors.count == 4)
        for vector in vectors {
            let u = Field25519(try #require(bytes(hex: vector.u)))
            let v = Field25519(try #require(bytes(hex: vector.v)))
            let (wasSquare, root) = Field25519.sqrtRatioM1(u, v)
            #expect((wasSquare != 0) == vector.was_square, "\(vector.id)")
            #expect(hex(root.encoding) == vector.r, "\(vector.id)")
        }
    }
}

extension Field25519 {
    /// The integer in 32 little-endian bytes.
    init(_ bytes: [UInt8]) {
        var limbs: [UInt64] = [0, 0, 0, 0]
        for i in 0..<32 { limbs[i / 8] |= UInt64(bytes[i]) << UInt64(8 * (i % 8)) }
        self.init(limbs[0], limbs[1], limbs[2], limbs[3])
    }

    /// The canonical bytes.
    var encoding: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { store(to: base) }
        }
        return bytes
    }
}
