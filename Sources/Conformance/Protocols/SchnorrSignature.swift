// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives

/// BIP-340 signatures over the engine's secp256k1. Variable names are the BIP's. Test keys only.
package enum SchnorrSignature {
    private typealias Scalar = Secp256k1.Scalar

    private static func taggedHash(_ tag: String, _ bytes: [UInt8]) -> [UInt8] {
        let hash = SHA256.hash(Array(tag.utf8))
        return SHA256.hash(hash + hash + bytes)
    }

    /// The secret key whose public key has an even y, and the x coordinate of that public key.
    private static func keyPair(_ secret: [UInt8]) throws(CaseFailure) -> (d: Scalar, x: [UInt8]) {
        guard let scalar = try? Scalar(canonical: secret.span), scalar != .zero else { throw CaseFailure("no secret key") }
        return try evenPair(scalar)
    }

    /// `scalar` or its negative, whichever gives a point of even y, and the x coordinate of the point.
    private static func evenPair(_ scalar: Scalar) throws(CaseFailure) -> (d: Scalar, x: [UInt8]) {
        let point = Secp256k1.multiScalarMul(scalar.limbs.span, [Secp256k1.generator])
        let (x, y) = try unwrap(Secp256k1.affineCoordinates(point), "the neutral element")
        return (y.last.map { $0 & 1 == 0 } ?? false ? scalar : -scalar, x)
    }

    /// The 32-byte public key.
    package static func publicKey(_ secret: [UInt8]) throws(CaseFailure) -> [UInt8] {
        try keyPair(secret).x
    }

    /// The signature with the given auxiliary randomness.
    package static func sign(secret: [UInt8], message: [UInt8], randomness: [UInt8]) throws(CaseFailure) -> [UInt8] {
        try require(randomness.count == 32, "randomness of \(randomness.count) bytes")
        let (d, p) = try keyPair(secret)
        let mask = taggedHash("BIP0340/aux", randomness)
        let t = zipEqual(d.bytes, mask).map { $0 ^ $1 }
        let k0 = CurveGroup.reduce(Secp256k1.self, taggedHash("BIP0340/nonce", t + p + message))
        try require(k0 != .zero, "a nonce of 0")
        let (k, r) = try evenPair(k0)
        let e = CurveGroup.reduce(Secp256k1.self, taggedHash("BIP0340/challenge", r + p + message))
        return r + (k + e * d).bytes
    }

    /// Whether the signature is valid.
    package static func verify(_ signature: [UInt8], message: [UInt8], key: [UInt8]) -> Bool {
        let encoding = [0x02] + key
        guard signature.count == 64, key.count == 32, let p = (try? Secp256k1.decode(canonical: encoding.span))?.first else { return false }
        let (r, sBytes) = (Array(signature[..<32]), Array(signature[32...]))
        guard let s = try? Scalar(canonical: sBytes.span) else { return false }
        let e = CurveGroup.reduce(Secp256k1.self, taggedHash("BIP0340/challenge", r + key + message))
        let point = Secp256k1.vartimeMultiScalarMul([s, -e], [Secp256k1.generator, p])
        guard let (x, y) = Secp256k1.affineCoordinates(point), let last = y.last else { return false }
        return last & 1 == 0 && x == r
    }
}
