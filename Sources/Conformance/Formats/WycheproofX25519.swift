// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// X25519 (RFC 7748, section 5) over the engine's field.
enum WycheproofX25519 {
    static let check: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        if test.group["curve"]?.text == "curve448" { throw CaseFailure(skipped: AffineCurve.otherCurve) }
        try test.group.match("curve", text: "curve25519")
        let (secret, point) = (try test.test.bytes("private"), try test.test.bytes("public"))
        guard secret.count == 32, point.count == 32 else { return try test.settle(false) }
        let shared = try unwrap(multiply(secret, point), "a coordinate")
        try test.test.match("shared", shared)
        let flags = try test.flags()
        try require(flags.contains("ZeroSharedSecret") == shared.allSatisfy { $0 == 0 }, "ZeroSharedSecret differs")
        try test.settle(true, open: ["Twist", "LowOrderPublic", "NonCanonicalPublic", "ZeroSharedSecret"])
    }

    /// The function X25519 by the Montgomery ladder of section 5, whose names are the RFC's.
    static func multiply(_ scalar: [UInt8], _ u: [UInt8]) -> [UInt8]? {
        var k = scalar
        k[0] &= 248
        k[31] = k[31] & 127 | 64
        var masked = u
        masked[31] &= 127
        guard let x1 = Field25519(littleEndian: masked) else { return nil }
        let a24 = Field25519(121_665, 0, 0, 0)
        var (x2, z2, x3, z3) = (Field25519.one, Field25519.zero, x1, Field25519.one)
        var swap: UInt8 = 0
        for t in (0..<255).reversed() {
            let bit = k[t / 8] >> UInt8(t % 8) & 1
            if swap != bit { (x2, z2, x3, z3) = (x3, z3, x2, z2) }
            swap = bit
            let (a, b) = (x2 + z2, x2 - z2)
            let (aa, bb) = (a.squared(), b.squared())
            let e = aa - bb
            let (c, d) = (x3 + z3, x3 - z3)
            let (da, cb) = (d * a, c * b)
            x3 = (da + cb).squared()
            z3 = x1 * (da - cb).squared()
            x2 = aa * bb
            z2 = e * (aa + a24 * e)
        }
        if swap == 1 { (x2, z2) = (x3, z3) }
        return (x2 * z2.inverted()).canonicalBytes
    }
}
