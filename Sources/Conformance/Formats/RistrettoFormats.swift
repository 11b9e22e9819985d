// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives

/// The vectors of RFC 9496, appendix A.
enum RistrettoFormats {
    static let all = [multiples, invalidEncodings, derivations, roots]
    private static let suite = GroupSuite<Ristretto255>.ristretto255
    private static let standard = "RFC 9496"

    static let multiples = VectorFormat(
        "ristretto255 multiples", standard: standard, marker: "encoding",
        records: { $0.has("id", "scalar", "encoding") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            let value = try record.unsigned("scalar")
            let scalar = Ristretto255.Scalar(value)
            try record.match("encoding", suite.encode(suite.multiply(scalar, Ristretto255.generator)))
            try record.match("encoding", suite.encode(Ristretto255.multiScalarMul(scalar.limbs.span, [Ristretto255.generator])))
            let decoded = try suite.element(try record.bytes("encoding"))
            try require(decoded == suite.multiply(scalar, Ristretto255.generator), "the encoding decodes to another element")
        })

    static let invalidEncodings = VectorFormat(
        "ristretto255 invalid encodings", standard: standard, marker: "encoding",
        records: { $0.has("id", "class", "encoding") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            let encoding = try record.bytes("encoding")
            let isAccepted = (try? Ristretto255.decode(canonical: encoding.span)) != nil
            try requireVerdict(isAccepted, expected: false)
            try record.match("class", text: defect(encoding))
        })

    static let derivations = VectorFormat(
        "ristretto255 element derivation", standard: standard, marker: "sha512_of",
        records: { $0.has("id", "input", "output") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            if record["sha512_of"] != nil { try record.match("input", SHA512.hash(Array(try record.text("sha512_of").utf8))) }
            let input = try record.bytes("input")
            try require(input.count == 64, "input of \(input.count) bytes")
            try record.match("output", Ristretto255.encode(Ristretto255.points(uniformBytes: input.span)))
        })

    static let roots = VectorFormat(
        "SQRT_RATIO_M1", standard: standard, marker: "was_square",
        records: { $0.has("u", "v", "was_square", "r") }, case: { $0["id"]?.text },
        check: { (record) throws(CaseFailure) in
            let (u, v) = (try field(record.bytes("u")), try field(record.bytes("v")))
            let (wasSquare, root) = Field25519.sqrtRatioM1(u, v)
            try record.match("was_square", wasSquare != 0)
            try record.match("r", root.canonicalBytes)
        })

    private static func field(_ bytes: [UInt8]) throws(CaseFailure) -> Field25519 {
        try unwrap(Field25519(littleEndian: bytes), "a field element of \(bytes.count) bytes")
    }

    /// Why RFC 9496, section 4.3.1 refuses an encoding, in the words of its appendix.
    private static func defect(_ encoding: [UInt8]) -> String {
        guard let s = Field25519(littleEndian: encoding), s.canonicalBytes == encoding else { return "Non-canonical field encodings" }
        if s.isNegativeMask != 0 { return "Negative field elements" }
        let ss = s.squared()
        let (u1, u2) = (Field25519.one - ss, Field25519.one + ss)
        let v = (Field25519.zero - Field25519.d * u1.squared()) - u2.squared()
        let (wasSquare, inverse) = Field25519.sqrtRatioM1(.one, v * u2.squared())
        if wasSquare == 0 { return "Non-square x^2" }
        let x = ((s + s) * inverse * u2).absolute()
        let y = u1 * (inverse * inverse * u2 * v)
        if (x * y).isNegativeMask != 0 { return "Negative xy value" }
        return y.isZeroMask != 0 ? "s = -1, which causes y = 0" : "none"
    }
}

extension Field25519 {
    /// The integer in exactly 32 little-endian bytes, taken modulo p.
    init?(littleEndian bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        var limbs: [UInt64] = [0, 0, 0, 0]
        for i in 0..<32 { limbs[i / 8] |= UInt64(bytes[i]) << UInt64(8 * (i % 8)) }
        self.init(limbs[0], limbs[1], limbs[2], limbs[3])
    }

    /// The 32 little-endian bytes of the representative below p.
    var canonicalBytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { store(to: base) }
        }
        return bytes
    }
}
