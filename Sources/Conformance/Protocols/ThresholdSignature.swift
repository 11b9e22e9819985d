// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives

/// A ciphersuite of RFC 9591, section 6: a group and its five hash functions.
struct ThresholdSuite<G: PrimeOrderGroup> {
    let name: String
    let group: String
    let hash: String
    private let context: [UInt8]
    private let digest: HashFunction
    private let toScalar: (_ context: [UInt8], _ label: String, _ message: [UInt8]) -> G.Scalar

    func h1(_ message: [UInt8]) -> G.Scalar { toScalar(context, "rho", message) }
    func h2(_ message: [UInt8]) -> G.Scalar { toScalar(context, "chal", message) }
    func h3(_ message: [UInt8]) -> G.Scalar { toScalar(context, "nonce", message) }
    func h4(_ message: [UInt8]) -> [UInt8] { digest.hash(context + Array("msg".utf8) + message) }
    func h5(_ message: [UInt8]) -> [UInt8] { digest.hash(context + Array("com".utf8) + message) }
    /// The hash for proofs of possession in distributed key generation, which is ZF FROST's, not the RFC's.
    func hdkg(_ message: [UInt8]) -> G.Scalar { toScalar(context, "dkg", message) }

    /// The suite with SHA-512 reduced modulo the order: ristretto255 and Ed25519.
    ///
    /// - Parameter plainChallenge: whether H2 is that of Ed25519, without context and label.
    static func wide(name: String, group: String, context: String, plainChallenge: Bool) -> ThresholdSuite
    where G.Scalar == Ristretto255.Scalar {
        ThresholdSuite(name: name, group: group, hash: "SHA-512", context: Array(context.utf8), digest: .sha512) {
            context, label, message in
            let head = plainChallenge && label == "chal" ? [] : context + Array(label.utf8)
            let hash = SHA512.hash(head + message)
            return G.Scalar(reducingWide: hash.span)
        }
    }

    /// The suite with hash_to_field (RFC 9380, section 5) over SHA-256: P-256.
    static func field(name: String, group: String, context: String) -> ThresholdSuite {
        ThresholdSuite(name: name, group: group, hash: "SHA-256", context: Array(context.utf8), digest: .sha256) {
            context, label, message in
            let uniform = HashFunction.sha256.expand(message, dst: context + Array(label.utf8), count: 48)
            let little: [UInt8] = uniform.reversed()
            return G.Scalar(reducingWide: little.span)
        }
    }
}

/// One participant of a signing session.
struct ThresholdSigner<G: PrimeOrderGroup> {
    let identifier: G.Scalar
    let share: G.Scalar
    let hidingNonce: G.Scalar
    let bindingNonce: G.Scalar

    var hidingCommitment: G.Element { G.multiply(hidingNonce, G.generator) }
    var bindingCommitment: G.Element { G.multiply(bindingNonce, G.generator) }
}

/// One signing session of RFC 9591, section 5, all participants together.
struct ThresholdSession<G: PrimeOrderGroup> {
    let suite: ThresholdSuite<G>
    let publicKey: G.Element
    let message: [UInt8]
    let signers: [ThresholdSigner<G>]

    /// The inputs of the binding factors (section 4.4).
    var bindingFactorInputs: [[UInt8]] {
        let list = signers.flatMap { $0.identifier.bytes + G.encode($0.hidingCommitment) + G.encode($0.bindingCommitment) }
        let prefix = G.encode(publicKey) + suite.h4(message) + suite.h5(list)
        return signers.map { prefix + $0.identifier.bytes }
    }

    /// Binding factors, signature shares and the signature R, z.
    func sign() throws(CaseFailure) -> (factors: [G.Scalar], shares: [G.Scalar], signature: [UInt8]) {
        let factors = bindingFactorInputs.map(suite.h1)
        var commitment = G.identity
        for (signer, factor) in zipEqual(signers, factors) {
            commitment = G.add(commitment, G.add(signer.hidingCommitment, G.multiply(factor, signer.bindingCommitment)))
        }
        let challenge = suite.h2(G.encode(commitment) + G.encode(publicKey) + message)
        var shares: [G.Scalar] = []
        for (signer, factor) in zipEqual(signers, factors) {
            let weight = try interpolation(signer.identifier)
            shares.append(signer.hidingNonce + signer.bindingNonce * factor + weight * signer.share * challenge)
        }
        let z = shares.reduce(G.Scalar.zero) { $0 + $1 }
        return (factors, shares, G.encode(commitment) + z.bytes)
    }

    /// The Lagrange coefficient at 0 (section 4.2).
    private func interpolation(_ identifier: G.Scalar) throws(CaseFailure) -> G.Scalar {
        var (numerator, denominator) = (G.Scalar.one, G.Scalar.one)
        for other in signers where other.identifier != identifier {
            numerator = numerator * other.identifier
            denominator = denominator * (other.identifier - identifier)
        }
        return numerator * (try unwrap(denominator.vartimeInverted(), "equal identifiers"))
    }

    /// Whether R, z is a Schnorr signature (section 3.2 with the challenge of H2).
    static func verify(_ signature: [UInt8], message: [UInt8], publicKey: G.Element, suite: ThresholdSuite<G>) -> Bool {
        let width = G.encode(G.generator).count
        guard signature.count == width + G.Scalar.byteCount, let r = G.decode(Array(signature[..<width])),
            let z = try? G.scalar(Array(signature[width...]))
        else { return false }
        let challenge = suite.h2(G.encode(r) + G.encode(publicKey) + message)
        return G.multiply(z, G.generator) == G.add(r, G.multiply(challenge, publicKey))
    }
}
