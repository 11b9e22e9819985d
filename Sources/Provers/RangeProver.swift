// SPDX-License-Identifier: Apache-2.0

internal import Groups
public import RangeProofs
public import Secrets
internal import SigmaProofs

/// Proves ranges of committed values (docs/protocol.md, section 10).
///
/// Timing: constant in values, blindings and nonces, up to the vectors `l` and `r`. These are responses: uniform, whatever the values are,
/// because the nonces `s_L`, `s_R` mask them, and revealing them would complete a zero-knowledge proof. The inner-product argument only shortens that message, so that it
/// takes variable time.
/// Security: nonces are fresh for every proof and hedged with openings, values and the whole statement (`NonceGenerator`); a proof that does not verify
/// never leaves this type.
public struct RangeProver<T: RangeTranscript & ~Copyable>: Sendable {
    /// The group of the transcript.
    public typealias G = T.G

    /// The shape and the bases.
    public let parameters: RangeParameters<G>
    /// `B`, `H`.
    private let bases: G.FixedBases
    /// `G_i + H_i`.
    private let bitTable: G.SelectionTable
    /// `-sum_i H_i`.
    private let allZeroBits: G.Point

    /// Tables for proofs of one shape.
    public init(_ parameters: RangeParameters<G>) {
        self.parameters = parameters
        bases = G.fixedBases([parameters.valueBase, parameters.blindingBase])
        bitTable = G.selectionTable(parameters.left.indices.map { G.add(parameters.left[$0], parameters.right[$0]) })
        allZeroBits = G.negate(parameters.right.reduce(G.identity) { G.add($0, $1) })
    }

    /// `V_j = v_j B + gamma_j H`, encoded: public from here on.
    ///
    /// - Parameters:
    ///   - values: as many as the caller likes.
    ///   - blindings: one for each, uniform, used for nothing else.
    public func commitments(_ values: borrowing SecretLimbs, blindings: borrowing SecretScalars<G>) -> [UInt8] {
        precondition(values.count == blindings.count, "a blinding for each value")
        let rows = values.withSpan { SecretScalars<G>(integers: $0) }.interleaved(with: blindings)
        var bytes = G.encode(rows.withSpan { G.multiScalarMul(rows: blindings.count, $0, bases) })
        declassify(&bytes, as: .commitment)
        return bytes
    }

    /// Proves that the values of commitments are in `0 ..< 2^n`.
    ///
    /// - Parameters:
    ///   - values: `v_0 ... v_(m-1)`.
    ///   - blindings: `gamma_0 ... gamma_(m-1)`.
    ///   - commitments: `V_0 ... V_(m-1)`, encoded.
    ///   - opening: What the transcript begins with: the whole statement that surrounds this one.
    /// - Throws: ``ProverError/witnessDoesNotSatisfy`` when a value is too large, or does not belong to its commitment.
    public func prove(
        values: borrowing SecretLimbs, blindings: borrowing SecretScalars<G>, commitments: [UInt8], opening: T.Opening
    ) throws(ProverError) -> RangeProof<G> {
        let size = parameters.count
        guard values.count == size, blindings.count == size, commitments.count == parameters.statementByteCount else { throw .witnessCount }
        let witness = values.withSpan { SecretScalars<G>(integers: $0) }.appending(blindings)
        let statement = parameters.statementBytes(commitments: commitments) + T.bytes(of: opening)
        var generator = witness.withBytes { NonceGenerator(label: "range/" + G.name, witness: $0, statement: statement.span) }
        let bits = SecretBits(values, count: parameters.bits)
        for _ in 0..<LinearProver<G>.attempts {
            guard let bytes = attempt(bits, blindings, commitments, opening, &generator) else { continue }
            let proof = RangeProof<G>(unchecked: bytes)
            do throws(ProofRejected) {
                try proof.verify(parameters, commitments: commitments, transcript: T.self, opening: opening)
            } catch {
                throw .witnessDoesNotSatisfy
            }
            return proof
        }
        throw .degenerateAnnouncement
    }

    /// One proof; `nil` if an announcement is the identity or a challenge is zero, which does not happen in a large group.
    private func attempt(
        _ bits: borrowing SecretBits, _ blindings: borrowing SecretScalars<G>, _ commitments: [UInt8], _ opening: T.Opening,
        _ generator: inout NonceGenerator
    ) -> [UInt8]? {
        let width = parameters.width
        var transcript = T(opening, parameters, commitments: commitments.span)

        // A = <a_L, G> + <a_R, H> + alpha H, a_R = a_L - 1; S = <s_L, G> + <s_R, H> + rho H
        let vectorBlindings = generator.scalars(G.self, count: 2)
        let left = generator.scalars(G.self, count: width)
        let right = generator.scalars(G.self, count: width)
        let chosen = bits.withWords { G.subsetSums(rows: 1, bits: $0, wordsPerRow: bits.wordCount, of: bitTable)[0] }
        let blinding = SecretScalars<G>(zeros: 1).appending(vectorBlindings.selecting([0]))
            .withSpan { G.multiScalarMul(rows: 1, $0, bases)[0] }
        let masks = left.appending(right).appending(vectorBlindings.selecting([1]))
        let maskSum = masks.multiScalarMul(parameters.left + parameters.right + [parameters.blindingBase])
        guard let vectors = published(G.self, [G.add(G.add(chosen, allZeroBits), blinding), maskSum]) else { return nil }
        let vectorBytes = G.encode(vectors)
        let (y, z) = transcript.vectorChallenges(vectorBytes.span)
        guard let yInverse = y.vartimeInverted() else { return nil }

        // l(X) = a_L - z 1 + s_L X, r(X) = y^i (a_R + z 1 + s_R X) + z^(2+j) 2^(i mod n)
        let powers = RangePowers<G>(parameters, y: y, z: z)
        let secretPowers = SecretScalars<G>(copying: powers.ofY)
        let secretBits = bits.scalars(G.self)
        let left0 = secretBits.adding(SecretScalars(copying: [G.Scalar](repeating: -z, count: width)))
        let right0 = secretBits.multiplied(pairwise: secretPowers).adding(SecretScalars(copying: powers.constantOfRight))
        let right1 = right.multiplied(pairwise: secretPowers)

        // t(X) = <l(X), r(X)> = t_0 + t_1 X + t_2 X^2
        let coefficients = left0.innerProduct(right1).adding(left.innerProduct(right0)).appending(left.innerProduct(right1))
        let polynomialBlindings = generator.scalars(G.self, count: 2)
        let rows = coefficients.interleaved(with: polynomialBlindings)
        guard let polynomial = published(G.self, rows.withSpan { G.multiScalarMul(rows: 2, $0, bases) }) else { return nil }
        let polynomialBytes = G.encode(polynomial)
        let x = transcript.polynomialChallenge(polynomialBytes.span)
        // With x = 0 nothing would mask the bits.
        guard x != .zero else { return nil }

        let l = left.responses(challenge: x, nonces: left0).declassified(as: .response)
        let r = right1.responses(challenge: x, nonces: right0).declassified(as: .response)
        let tx = G.Scalar.innerProduct(l, r)
        let blindingPowers = SecretScalars<G>(copying: [x, x * x] + powers.ofZ)
        let taux = polynomialBlindings.appending(blindings).innerProduct(blindingPowers).declassified(at: 0, as: .response)
        let mu = vectorBlindings.innerProduct(SecretScalars(copying: [.one, x])).declassified(at: 0, as: .response)
        let responses = tx.bytes + taux.bytes + mu.bytes
        let w = transcript.productChallenge(responses.span)

        var argument = InnerProductProver<G>(
            left: parameters.left, right: parameters.right, rightWeights: powers.ofY(inverse: yInverse),
            product: G.vartimeMultiScalarMul([w], [parameters.productBase]), a: l, b: r)
        var rounds: [UInt8] = []
        while argument.length > 1 {
            let announcement = argument.announcement()
            guard !announcement.contains(where: { G.isIdentity($0) }) else { return nil }
            let bytes = G.encode(announcement)
            let u = transcript.roundChallenge(bytes.span)
            guard let uInverse = u.vartimeInverted() else { return nil }
            argument.fold(u, uInverse)
            rounds += bytes
        }
        return vectorBytes + polynomialBytes + responses + rounds + argument.a[0].bytes + argument.b[0].bytes
    }
}
