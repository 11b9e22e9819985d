// SPDX-License-Identifier: Apache-2.0
import Groups
import Testing

/// `decodeEach` finds exactly what decoding one encoding after the other refuses, on both sides of the ends of its blocks.
@Suite struct DecodeEachTests {
    @Test(.everyKernel, arguments: [0, 1, 2, 47, 48, 49, 96, 97, 150]) func ristretto255(count: Int) throws {
        try check(Ristretto255.self, count)
    }

    @Test(arguments: [0, 1, 48, 49]) func curves(count: Int) throws {
        try check(P256.self, count)
        try check(BLS12381G1.self, count)
    }

    private func check<G: Group>(_ group: G.Type, _ count: Int) throws {
        let uniform = (0..<count * G.uniformByteCount).map { UInt8(truncatingIfNeeded: 89 &* $0 &+ $0 / 251) }
        let points = G.points(uniformBytes: uniform.span)
        let encoded = G.encode(points)
        let size = G.pointByteCount
        for bad in [[], [0], [count - 1], [47, 48], [0, 46, 49, 95], Array(0..<count)] as [[Int]] {
            let bad = bad.filter { (0..<count).contains($0) }
            var bytes = encoded
            for index in bad { for i in 0..<size { bytes[index * size + i] = 0xff } }
            let (decoded, refused) = G.decodeEach(canonical: bytes.span)
            #expect(refused == bad && decoded.count == count)
            #expect(decoded.indices.allSatisfy { bad.contains($0) ? G.isIdentity(decoded[$0]) : decoded[$0] == points[$0] })
        }
    }
}
