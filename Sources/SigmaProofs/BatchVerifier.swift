// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
internal import Transcripts

/// Verifies many batchable proofs with one random linear combination (draft-irtf-cfrg-sigma-protocols-03, "Batch verification"), of linear relations
/// and of disjunctions.
///
/// Every equation of every proof has its own 128-bit weight. Deterministic weights are squeezed from a sponge that absorbed every
/// session, statement and proof, sub-challenges and responses included; fresh verifier randomness can be added to it. A false proof is accepted
/// with probability at most 2^-128, which without that randomness is the chance of each attempt that an adversary can hash. A failure names no
/// proof: verify them one by one then.
public struct BatchVerifier<G: Group>: Sendable {
    static var batchTag: String { "irtf-cfrg-sigma-protocols/batch-verify" }

    /// Verifies all items; the empty batch is accepted.
    ///
    /// - Parameter randomness: Fresh bytes of the verifier's, absorbed last. Empty: the draft's deterministic weights.
    public static func verify(_ items: [Item], randomness: [UInt8] = []) throws(ProofRejected) {
        guard items.count <= Int(UInt32.max) else { throw ProofRejected(.batch) }
        for item in items { try item.checkShape() }
        try check(items, challenges: items.map(\.challenge), weights: weights(items, randomness: randomness))
    }

    /// The equation of the batch for given challenges, one for each item, and given weights, one for each equation: without a transcript it
    /// proves nothing. Of items of the right shape.
    package static func check(_ items: [Item], challenges: [G.Scalar], weights: [G.Scalar]) throws(ProofRejected) {
        guard challenges.count == items.count else { throw ProofRejected(.batch) }
        var scalars: [G.Scalar] = []
        var points: [G.Point] = []
        var announcements: [G.Point] = []
        var next = weights.makeIterator()
        for (item, challenge) in zip(items, challenges) {
            for part in try item.parts(challenge: challenge) {
                let relation = part.relation
                // Statement elements are shared by the equations of a part: their scalars are collected before the multiplication.
                var elementScalars = [G.Scalar](repeating: .zero, count: relation.elements.count)
                for equation in relation.equations {
                    guard let weight = next.next() else { throw ProofRejected(.batch) }
                    let weightedChallenge = weight * part.challenge
                    for term in equation.image {
                        elementScalars[Int(term.element)] = elementScalars[Int(term.element)] + weightedChallenge * term.coefficient
                    }
                    for term in equation.terms {
                        let response = weight * term.coefficient * part.responses[part.responses.startIndex + Int(term.scalar)]
                        elementScalars[Int(term.element)] = elementScalars[Int(term.element)] - response
                    }
                }
                scalars += elementScalars
                points += relation.elements
                announcements += part.announcement
            }
        }
        guard announcements.count == weights.count else { throw ProofRejected(.batch) }
        // Two multiplications, for the weights of the announcements are half as long as the rest.
        let sum = G.add(G.vartimeMultiScalarMul(weights, announcements), G.vartimeMultiScalarMul(scalars, points))
        guard Fault.isRemoved(.batchEquation) || G.isIdentity(sum) else { throw ProofRejected(.batch) }
    }

    /// One weight for each equation, items in order; within a disjunction branches in order.
    package static func weights(_ items: [Item], randomness: [UInt8]) -> [G.Scalar] {
        var sponge = DuplexSponge(SessionID(tag: batchTag))
        for item in items {
            sponge.absorb(item.session.bytes)
            sponge.absorb(item.statementBytes)
            if !Fault.isRemoved(.batchAbsorbProofs) { sponge.absorb(item.proofBytes) }
        }
        sponge.absorb(randomness)
        let count = items.reduce(0) { $0 + $1.equationCount }
        let bytes = sponge.squeeze(16 * count)
        return (0..<count).map { equation in
            let index = Fault.isRemoved(.batchWeightForEach) ? 0 : equation
            let chunk = bytes[16 * index..<16 * (index + 1)]
            return G.Scalar(chunk.reversed().reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
        }
    }
}
