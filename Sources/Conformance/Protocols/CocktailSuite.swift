// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives
internal import Transcripts

/// A ciphersuite of C2SP COCKTAIL-DKG (v0.2): a group, its hash functions and its cipher. Names are the specification's.
struct CocktailSuite<G: PrimeOrderGroup> {
    let name: String
    let digest: HashFunction
    let cipher: ExtendedNonceCipher
    /// The start of the prefixes of H6, H7 and the nonces; nil for the tagged hashes of BIP-340.
    let prefix: String?
    /// The scalar of a hash in the byte order of the suite.
    let reduce: ([UInt8]) -> G.Scalar
    /// The bytes of a shared point.
    let encodeShared: (G.Element) -> [UInt8]

    /// What is hashed for this purpose, from the first byte.
    func input(_ purpose: String, _ body: [UInt8]) -> [UInt8] {
        if let prefix { return Array((prefix + purpose).utf8) + body }
        let tag = digest.hash(Array(("COCKTAIL-DKG/" + purpose).utf8))
        return tag + tag + body
    }

    /// HashToScalar of a whole input: two hashes for P-256, whose order is too far below 2^256 for one.
    func hashToScalar(_ input: [UInt8]) -> G.Scalar {
        guard prefix != nil, digest.byteCount == 32 else { return reduce(digest.hash(input)) }
        return reduce(digest.hash([1] + input) + digest.hash([2] + input).prefix(16))
    }

    /// A hash of the seed of a file: how all its secrets are made.
    func derive(_ seed: [UInt8], _ threshold: Int, _ count: Int, _ label: String) -> [UInt8] {
        digest.hash(
            seed + Array(name.utf8) + littleEndian(UInt32(truncatingIfNeeded: threshold))
                + littleEndian(UInt32(truncatingIfNeeded: count)) + Array(label.utf8))
    }

    /// The context of a session.
    func context(tag: [UInt8], keys: [[UInt8]]) -> [UInt8] {
        let name = Array(name.utf8)
        return digest.hash(
            Array("COCKTAIL-DKG-CONTEXT".utf8) + bigEndian(tag.count) + tag + bigEndian(name.count) + name
                + littleEndian(UInt32(truncatingIfNeeded: keys.count)) + keys.flatMap { $0 })
    }

    private func bigEndian(_ value: Int) -> [UInt8] { littleEndian(UInt64(value)).reversed() }

    // MARK: Encryption of shares

    /// Key and nonce of a share, from the two shared points (H6).
    func cipherKey(shared: [UInt8], from sender: [UInt8], _ ephemeral: [UInt8], to recipient: [UInt8], context: [UInt8])
        -> (key: [UInt8], nonce: [UInt8])
    {
        let body = shared + ephemeral + sender + recipient
        func h6(_ extra: [UInt8]) -> [UInt8] {
            digest.hash(input("H6", body + (prefix == nil ? [] : littleEndian(UInt64(extra.count))) + extra))
        }
        if digest.byteCount >= 56 {
            let bytes = h6(context)
            return (Array(bytes[..<32]), Array(bytes[32..<56]))
        }
        func extra(_ label: String) -> [UInt8] {
            littleEndian(UInt64(context.count)) + context + littleEndian(UInt64(label.utf8.count)) + Array(label.utf8)
        }
        return (h6(extra("key")), Array(h6(extra("nonce")).prefix(24)))
    }

    // MARK: Signatures

    /// A Schnorr signature with everything on the way to it.
    struct Signed {
        let nonceInput: [UInt8]
        let nonce: G.Scalar
        let commitment: [UInt8]
        let challengeInput: [UInt8]
        let challenge: G.Scalar
        let signature: [UInt8]
    }

    func sign(_ secret: G.Scalar, _ message: [UInt8]) -> Signed {
        let nonceInput = input("NONCE", secret.bytes + message)
        let nonce = hashToScalar(nonceInput)
        let commitment = G.encode(G.multiply(nonce, G.generator))
        let challengeInput = input("H7", commitment + G.encode(G.multiply(secret, G.generator)) + message)
        let challenge = hashToScalar(challengeInput)
        return Signed(
            nonceInput: nonceInput, nonce: nonce, commitment: commitment, challengeInput: challengeInput, challenge: challenge,
            signature: commitment + (nonce + challenge * secret).bytes)
    }

    func verify(_ signature: [UInt8], _ key: G.Element, _ message: [UInt8]) -> Bool {
        let width = G.encode(key).count
        guard signature.count == width + G.Scalar.byteCount, let r = G.decode(Array(signature[..<width])),
            let z = try? G.scalar(Array(signature[width...]))
        else { return false }
        let challenge = hashToScalar(input("H7", G.encode(r) + G.encode(key) + message))
        return G.multiply(z, G.generator) == G.add(r, G.multiply(challenge, key))
    }
}

/// The suites whose groups the engine or its references have.
enum CocktailSuites {
    static var p256: CocktailSuite<EngineGroup<P256>> {
        CocktailSuite(
            name: "COCKTAIL(P-256, SHA-256)", digest: .sha256, cipher: .xaes256GCM, prefix: "COCKTAIL-DKG-P256-SHA256-",
            reduce: { CurveGroup.reduce(P256.self, $0) }, encodeShared: EngineGroup<P256>.encode)
    }

    static var secp256k1: CocktailSuite<EngineGroup<Secp256k1>> {
        CocktailSuite(
            name: "COCKTAIL(secp256k1, SHA-256)", digest: .sha256, cipher: .xaes256GCM, prefix: nil,
            reduce: { CurveGroup.reduce(Secp256k1.self, $0) }, encodeShared: EngineGroup<Secp256k1>.encode)
    }

    static var ristretto255: CocktailSuite<EngineGroup<Ristretto255>> {
        CocktailSuite(
            name: "COCKTAIL(Ristretto255, SHA-512)", digest: .sha512, cipher: .xchaCha20Poly1305,
            prefix: "COCKTAIL-DKG-Ristretto255-SHA512-", reduce: { Ristretto255.Scalar(reducingWide: $0.span) },
            encodeShared: EngineGroup<Ristretto255>.encode)
    }

    static func ed25519(encodeShared: @escaping (EdwardsCurve.Point) -> [UInt8]) -> CocktailSuite<Edwards25519> {
        CocktailSuite(
            name: "COCKTAIL(Ed25519, SHA-512)", digest: .sha512, cipher: .xchaCha20Poly1305,
            prefix: "COCKTAIL-DKG-Ed25519-SHA512-", reduce: { Ristretto255.Scalar(reducingWide: $0.span) },
            encodeShared: encodeShared)
    }
}
