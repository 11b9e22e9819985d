// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// The oblivious pseudorandom functions of RFC 9497 with their batched DLEQ proofs, over any group.
struct ObliviousFunction<G: Group>: Sendable {
    /// The group and its hash function.
    let suite: GroupSuite<G>
    /// 0 OPRF, 1 VOPRF, 2 POPRF.
    let mode: Int
    /// `OPRFV1-mode-identifier`.
    let context: [UInt8]

    init(suite: GroupSuite<G>, mode: Int, identifier: String) {
        self.suite = suite
        self.mode = mode
        context = Array("OPRFV1-".utf8) + [UInt8(truncatingIfNeeded: mode)] + Array(("-" + identifier).utf8)
    }

    /// The tag of HashToGroup.
    var groupTag: [UInt8] { Array("HashToGroup-".utf8) + context }

    private func hashToScalar(_ message: [UInt8]) -> G.Scalar {
        suite.hashToScalar(message, dst: Array("HashToScalar-".utf8) + context)
    }

    /// DeriveKeyPair (section 3.2.1).
    func deriveKey(seed: [UInt8], info: [UInt8]) throws(CaseFailure) -> G.Scalar {
        let input = seed + prefixed16(info)
        for counter in 0...UInt8.max {
            let key = suite.hashToScalar(input + [counter], dst: Array("DeriveKeyPair".utf8) + context)
            if key != .zero { return key }
        }
        throw CaseFailure("no key can be derived")
    }

    /// The tweak of the POPRF: the hash of the public information (section 3.3.3).
    func tweak(info: [UInt8]) -> G.Scalar {
        hashToScalar(Array("Info".utf8) + prefixed16(info))
    }

    /// The output for an input and its unblinded evaluation.
    func finalize(input: [UInt8], info: [UInt8], unblinded: G.Point) -> [UInt8] {
        let head = prefixed16(input) + (mode == 2 ? prefixed16(info) : [])
        return suite.hash.hash(head + prefixed16(suite.encode(unblinded)) + Array("Finalize".utf8))
    }

    // MARK: DLEQ proofs, section 2.2

    /// A proof that `B = k A` and every `D[i] = k C[i]`.
    struct Proof: Equatable {
        let challenge: G.Scalar
        let response: G.Scalar
    }

    /// The sums of the `C` and of the `D`, weighted by hashes of the whole statement (ComputeComposites).
    private func composites(_ b: G.Point, _ c: [G.Point], _ d: [G.Point]) -> (m: G.Point, z: G.Point) {
        let seedTag = Array("Seed-".utf8) + context
        let seed = suite.hash.hash(prefixed16(suite.encode(b)) + prefixed16(seedTag))
        let weights = c.indices.map { i in
            hashToScalar(
                prefixed16(seed) + bigEndian16(i) + prefixed16(suite.encode(c[i])) + prefixed16(suite.encode(d[i]))
                    + Array("Composite".utf8))
        }
        return (G.vartimeMultiScalarMul(weights, c), G.vartimeMultiScalarMul(weights, d))
    }

    private func challenge(_ b: G.Point, _ rest: [G.Point]) -> G.Scalar {
        hashToScalar(([b] + rest).flatMap { prefixed16(suite.encode($0)) } + Array("Challenge".utf8))
    }

    /// GenerateProof with the given nonce; `c` and `d` have equal counts.
    func prove(k: G.Scalar, a: G.Point, b: G.Point, c: [G.Point], d: [G.Point], nonce: G.Scalar) -> Proof {
        let (m, z) = composites(b, c, d)
        let challenge = challenge(b, [m, z, suite.multiply(nonce, a), suite.multiply(nonce, m)])
        return Proof(challenge: challenge, response: nonce - challenge * k)
    }

    /// VerifyProof; `c` and `d` have equal counts.
    func verify(_ proof: Proof, a: G.Point, b: G.Point, c: [G.Point], d: [G.Point]) -> Bool {
        let (m, z) = composites(b, c, d)
        let t2 = G.vartimeMultiScalarMul([proof.response, proof.challenge], [a, b])
        let t3 = G.vartimeMultiScalarMul([proof.response, proof.challenge], [m, z])
        return challenge(b, [m, z, t2, t3]) == proof.challenge
    }
}
