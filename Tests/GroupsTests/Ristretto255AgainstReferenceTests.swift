// SPDX-License-Identifier: Apache-2.0
import Groups
import TestSupport
import Testing

/// The native ristretto255 under the group laws and against the plain reference on GMP.
@Suite(.everyKernel) struct Ristretto255AgainstReferenceTests {
    typealias R = Ristretto255Reference

    @Test func laws() throws {
        try checkGroupLaws(Ristretto255.self)
    }

    @Test func mapScalarProductAndSum() throws {
        var generator = SplitMix(state: 9)
        func bytes() -> [UInt8] { (0..<64).map { _ in UInt8(truncatingIfNeeded: generator.next()) } }
        for _ in 0..<20 {
            let (a, b, wide) = (bytes(), bytes(), bytes())
            let (p, q) = (R.point(uniformBytes: a), R.point(uniformBytes: b))
            let uniform = a + b
            let points = Ristretto255.points(uniformBytes: uniform.span)
            #expect(Ristretto255.encode(points) == R.encode(p) + R.encode(q))
            #expect(Ristretto255.encode([Ristretto255.add(points[0], points[1])]) == R.encode(R.add(p, q)))
            #expect(Ristretto255.encode([Ristretto255.negate(points[0])]) == R.encode(R.negate(p)))
            let scalar = Ristretto255.Scalar(reducingWide: wide.span)
            let product = R.encode(R.multiply(p, wide))
            #expect(Ristretto255.encode([Ristretto255.vartimeMultiScalarMul([scalar], [points[0]])]) == product)
            let limbs = scalar.limbs
            let constantTime = Ristretto255.multiScalarMul(limbs.span, [points[0]])
            #expect(Ristretto255.encode([constantTime]) == product)
        }
    }

    /// What one accepts the other accepts: random strings, valid encodings with one bit changed, and the invalid ones of the RFC.
    @Test func decodingAgrees() {
        var generator = SplitMix(state: 10)
        var accepted = 0
        func check(_ encoding: [UInt8]) {
            let reference = R.decode(encoding)
            let native = try? Ristretto255.decode(canonical: encoding.span)
            #expect((reference == nil) == (native == nil), "\(hex(encoding))")
            if let reference, let native {
                accepted += 1
                #expect(Ristretto255.encode(native) == encoding && R.encode(reference) == encoding)
            }
        }
        for i in 0..<400 {
            var encoding = (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            if i % 2 == 0 { encoding[0] &= 0xfe; encoding[31] &= 0x7f }
            check(encoding)
        }
        let uniform = (0..<64).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let valid = R.encode(R.point(uniformBytes: uniform))
        for bit in 0..<256 {
            var altered = valid
            altered[bit / 8] ^= 1 << UInt8(bit % 8)
            check(altered)
        }
        // Encodings around p and around 2^255.
        for low in UInt8(0xe0)...0xff {
            for high in [UInt8(0x7f), 0xff] { check([low] + [UInt8](repeating: 0xff, count: 30) + [high]) }
        }
        for low in UInt8(0)...20 { check([low] + [UInt8](repeating: 0, count: 31)) }
        #expect(accepted > 100)
    }
}
