// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// ECDSA and ECDH on the engine's groups P-256 and secp256k1, by their names in Wycheproof.
enum CurveGroup {
    /// Whether (r, s) is an ECDSA signature of a message with this 32-byte hash (SEC 1, section 4.1.4).
    ///
    /// - Parameters:
    ///   - r: A big-endian integer; leading zeros are allowed. So is `s`.
    ///   - key: The uncompressed encoding of a point.
    static func verify(name: String, hash: [UInt8], r: [UInt8], s: [UInt8], key: [UInt8]) throws(CaseFailure) -> Bool {
        switch name {
        case "secp256r1": try verify(P256.self, hash: hash, r: r, s: s, key: key)
        case "secp256k1": try verify(Secp256k1.self, hash: hash, r: r, s: s, key: key)
        default: throw CaseFailure("the curve \(name) is not implemented")
        }
    }

    private static func verify<G: WeierstrassGroup>(
        _: G.Type, hash: [UInt8], r: [UInt8], s: [UInt8], key: [UInt8]
    ) throws(CaseFailure) -> Bool {
        guard let point = try? G.decode(uncompressed: key.span) else { throw CaseFailure("the engine refuses the key") }
        guard let r = scalar(G.self, r), let s = scalar(G.self, s), r != .zero, let inverse = s.vartimeInverted() else { return false }
        let sum = G.vartimeMultiScalarMul([reduce(G.self, hash) * inverse, r * inverse], [G.generator, point])
        guard let (x, _) = G.affineCoordinates(sum) else { return false }
        return reduce(G.self, x) == r
    }

    /// The x coordinate of `scalar * (x, y)`; nil for the neutral element.
    static func multiply(name: String, _ scalar: [UInt8], x: [UInt8], y: [UInt8]) throws(CaseFailure) -> [UInt8]? {
        switch name {
        case "secp256r1": try multiply(P256.self, scalar, x: x, y: y)
        case "secp256k1": try multiply(Secp256k1.self, scalar, x: x, y: y)
        default: throw CaseFailure("the curve \(name) is not implemented")
        }
    }

    private static func multiply<G: WeierstrassGroup>(
        _: G.Type, _ scalar: [UInt8], x: [UInt8], y: [UInt8]
    ) throws(CaseFailure) -> [UInt8]? {
        guard let point = try? G.point(affineX: x.span, y: y.span), let scalar = Self.scalar(G.self, scalar) else {
            throw CaseFailure("the engine refuses the point")
        }
        let product = G.multiScalarMul(scalar.limbs.span, [point])
        try require(product == G.vartimeMultiScalarMul([scalar], [point]), "constant and variable time disagree")
        return G.affineCoordinates(product)?.x
    }

    /// The scalar of a big-endian integer; nil unless it is below the order.
    static func scalar<G: Group>(_: G.Type, _ bytes: [UInt8]) -> G.Scalar? {
        let trimmed = Array(bytes.drop { $0 == 0 })
        guard trimmed.count <= G.Scalar.byteCount else { return nil }
        let padded = [UInt8](repeating: 0, count: G.Scalar.byteCount - trimmed.count) + trimmed
        return try? G.Scalar(canonical: padded.span)
    }

    /// The big-endian integer of at most 64 bytes modulo the order.
    static func reduce<G: Group>(_: G.Type, _ bytes: [UInt8]) -> G.Scalar {
        let little: [UInt8] = bytes.reversed() + [UInt8](repeating: 0, count: max(0, G.Scalar.wideByteCount - bytes.count))
        return G.Scalar(reducingWide: little.span)
    }
}
