// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives

/// The three variants of RFC 8032, section 5.1, written after its text on the reference curve. Test keys only: not constant time.
package enum Ed25519Variant {
    /// Ed25519 of RFC 8032.
    case pure
    /// Ed25519ctx, with its context.
    case context([UInt8])
    /// Ed25519ph, over SHA-512 of the message.
    case prehashed

    private typealias Scalar = Ristretto255.Scalar

    /// dom2(F, C).
    private var domain: [UInt8] {
        let label = Array("SigEd25519 no Ed25519 collisions".utf8)
        switch self {
        case .pure: return []
        case .context(let context): return label + [0, UInt8(truncatingIfNeeded: context.count)] + context
        case .prehashed: return label + [1, 0]
        }
    }

    /// PH(M).
    private func prehash(_ message: [UInt8]) -> [UInt8] {
        if case .prehashed = self { return SHA512.hash(message) }
        return message
    }

    private func challenge(_ r: [UInt8], _ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let hash = SHA512.hash(domain + r + key + prehash(message))
        return Scalar(reducingWide: hash.span).bytes
    }

    /// The public key of a seed and the signature of a message (sections 5.1.5, 5.1.6).
    package func sign(seed: [UInt8], message: [UInt8]) throws(CaseFailure) -> (key: [UInt8], signature: [UInt8]) {
        try require(seed.count == 32, "a secret key of \(seed.count) bytes")
        if case .context(let context) = self { try require(context.count <= 255, "a context of \(context.count) bytes") }
        var hash = SHA512.hash(seed)
        hash[0] &= 248
        hash[31] = hash[31] & 127 | 64
        let secret = Array(hash[..<32])
        let key = EdwardsCurve.encode(EdwardsCurve.multiply(secret, EdwardsCurve.generator))
        let nonceHash = SHA512.hash(domain + hash[32...] + prehash(message))
        let nonce = Scalar(reducingWide: nonceHash.span)
        let r = EdwardsCurve.encode(EdwardsCurve.multiply(nonce.bytes, EdwardsCurve.generator))
        let wideChallenge = challenge(r, key, message) + [UInt8](repeating: 0, count: 32)
        let wideSecret = secret + [UInt8](repeating: 0, count: 32)
        let s = nonce + Scalar(reducingWide: wideChallenge.span) * Scalar(reducingWide: wideSecret.span)
        return (key, r + s.bytes)
    }

    /// The ledger's rule, for any variant.
    package func verify(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool {
        guard signature.count == 64, let a = EdwardsCurve.decode(canonical: key), !EdwardsCurve.isSmallOrder(a) else { return false }
        let (r, s) = (Array(signature[..<32]), Array(signature[32...]))
        guard (try? Scalar(canonical: s.span)) != nil else { return false }
        let sum = EdwardsCurve.add(
            EdwardsCurve.multiply(s, EdwardsCurve.generator),
            EdwardsCurve.multiply(challenge(r, key, message), EdwardsCurve.negate(a)))
        return EdwardsCurve.encode(sum) == r
    }
}

/// The ledger's rule of docs/protocol.md on the reference curve: canonical key, not of small order, s below the order, R byte for byte.
enum Ed25519Rule {
    static func verify(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool {
        Ed25519Variant.pure.verify(signature, message, key)
    }
}
