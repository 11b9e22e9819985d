// SPDX-License-Identifier: Apache-2.0

internal import Groups
public import MembershipProofs
public import Secrets
internal import SigmaProofs

/// Proves that an element differs from some member of a set by a multiple of `H` only (docs/protocol.md, section 11).
///
/// Timing: constant in the index, the difference and the nonces: every member is multiplied, whichever is the one. It depends on the size of the set.
/// Security: nonces are fresh for every proof and hedged with witness and statement (`NonceGenerator`); ``prove(index:difference:element:opening:)`` hands
/// out no proof that does not verify. The intermediate elements, which tell the index, are wiped over ristretto255.
public struct MembershipProver<T: MembershipTranscript>: Sendable {
    public typealias G = T.G

    /// The set and the bases.
    public let parameters: MembershipParameters<G>

    /// A prover of statements about one set.
    public init(_ parameters: MembershipParameters<G>) {
        self.parameters = parameters
    }

    /// Proves membership.
    ///
    /// - Parameters:
    ///   - index: `l`, one limb: `0 <= l < M`. A larger one counts modulo `4^m`, and places from `M` on hold the last member.
    ///   - difference: `delta`, one scalar: `K_l - K' = delta H`.
    ///   - element: `K'`, encoded.
    ///   - opening: What the transcript begins with: the whole statement that surrounds this one.
    /// - Throws: ``ProverError/witnessDoesNotSatisfy`` when the element does not differ so from that member.
    public func prove(
        index: borrowing SecretLimbs, difference: borrowing SecretScalars<G>, element: [UInt8], opening: T.Opening
    ) throws(ProverError) -> MembershipProof<G> {
        let proof = try unverifiedProof(index: index, difference: difference, element: element, opening: opening)
        do throws(ProofRejected) {
            try proof.verify(parameters, element: element, transcript: T.self, opening: opening)
        } catch {
            throw .witnessDoesNotSatisfy
        }
        return proof
    }

    /// A proof that nobody has verified. Only for a caller that verifies it, at best in a batch with others, before anybody sees it, and throws it away if
    /// it does not hold: made of a wrong witness it shows everybody `K_l - K' - delta H`, which can tell the member. Whoever has no such check calls
    /// ``prove(index:difference:element:opening:)``.
    ///
    /// - Parameters: as there.
    /// - Throws: when the witness has not the form of one; not when it is wrong.
    package func unverifiedProof(
        index: borrowing SecretLimbs, difference: borrowing SecretScalars<G>, element: [UInt8], opening: T.Opening
    ) throws(ProverError) -> MembershipProof<G> {
        guard index.count == 1, difference.count == 1, element.count == G.pointByteCount else { throw .witnessCount }
        let witness = index.withSpan { SecretScalars<G>(integers: $0) }.appending(difference)
        let statement = parameters.statementBytes(element: element) + T.bytes(of: opening)
        var generator = witness.withBytes { NonceGenerator(label: "membership/" + G.name, witness: $0, statement: statement.span) }
        let bits = digitBits(index)
        for _ in 0..<LinearProver<G>.attempts {
            guard let bytes = attempt(bits, difference, element, opening, &generator) else { continue }
            return MembershipProof<G>(unchecked: bytes)
        }
        throw .degenerateAnnouncement
    }

    /// `b_(j,i)`: a word for each value of each digit, 1 where it is the digit's.
    private func digitBits(_ index: borrowing SecretLimbs) -> SecretLimbs {
        let base = MembershipShape.base
        var bits = SecretLimbs(count: base * parameters.set.shape.digits)
        index.withSpan { index in
            bits.withMutableSpan { bits in
                for place in 0..<bits.count {
                    let difference = index[0] >> UInt64(2 * (place / base)) & 3 ^ UInt64(place % base)
                    // 1 if the two are equal: 0 - 1 has the top bit, which 0 - 0 has not.
                    bits[place] = ((difference | (0 &- difference)) >> 63) ^ 1
                }
            }
        }
        return bits
    }

    /// One proof; `nil` if an announcement is the identity, which does not happen in a large group.
    private func attempt(
        _ bits: borrowing SecretLimbs, _ difference: borrowing SecretScalars<G>, _ element: [UInt8], _ opening: T.Opening,
        _ generator: inout NonceGenerator
    ) -> [UInt8]? {
        let (base, digits) = (MembershipShape.base, parameters.set.shape.digits)
        let b = bits.withSpan { SecretScalars<G>(integers: $0) }
        let masks = generator.scalars(G.self, count: (base - 1) * digits)
        let blindings = generator.scalars(G.self, count: 4)
        let rho = generator.scalars(G.self, count: digits)

        // a_(j,0) = -sum of the others
        let none = SecretScalars<G>(zeros: 1)
        var a = SecretScalars<G>(zeros: base * digits)
        for j in 0..<digits {
            var sum = none.copy()
            for i in 1..<base {
                let mask = masks.selecting([(base - 1) * j + i - 1])
                mask.withScalar(0) { a.set(limbs: $0, at: base * j + i) }
                sum = sum.adding(mask)
            }
            let first = none.subtracting(sum)
            first.withScalar(0) { a.set(limbs: $0, at: base * j) }
        }

        // A = Com(a; r_A), B = Com(b; r_B), C = Com(a - 2 a b; r_C), D = Com(-a^2; r_D)
        let ab = a.multiplied(pairwise: b)
        let c = a.subtracting(ab.adding(ab))
        let d = SecretScalars<G>(zeros: a.count).subtracting(a.multiplied(pairwise: a))
        func commitment(_ values: borrowing SecretScalars<G>, _ place: Int) -> G.Point {
            blindings.selecting([place]).appending(values).multiScalarMul(parameters.bases.points)
        }
        var announcement = [commitment(a, 0), commitment(b, 1), commitment(c, 2), commitment(d, 3)]

        // Q_k = P_k + rho_k H
        var polynomial = bits.withSpan { bits in
            masks.withSpan { G.selectionPolynomial(parameters.set.members.points, bits: bits, masks: $0, base: base) }
        }
        defer { G.wipe(&polynomial) }
        for k in 0..<digits {
            announcement.append(G.add(polynomial[k], rho.selecting([k]).multiScalarMul([parameters.blindingBase])))
        }
        guard let sent = published(G.self, announcement) else { return nil }
        let announced = G.encode(sent)
        let x = T.challenge(opening, parameters, element: element.span, announcement: announced.span)

        // f = b x + a for i > 0, z_A = r_B x + r_A, z_C = r_C x + r_D, z = delta x^m - sum_k rho_k x^k
        let slots = (0..<base * digits).filter { $0 % base > 0 }
        let f = b.selecting(slots).responses(challenge: x, nonces: masks).declassified(as: .response)
        let z = blindings.selecting([1, 2]).responses(challenge: x, nonces: blindings.selecting([0, 3])).declassified(as: .response)
        var powers = [G.Scalar.one]
        for _ in 0..<digits { powers.append(powers[powers.count - 1] * x) }
        let last = rho.appending(difference).innerProduct(SecretScalars(copying: powers[..<digits].map { -$0 } + [powers[digits]]))
        let responses = f + z + [last.declassified(at: 0, as: .response)]
        return announced + responses.flatMap(\.bytes)
    }
}
