// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import Transcripts

/// A dataset of random rows over any group, as the consent layer would make it: record, subject, blinding on the side of the data; the record
/// (and perhaps the subject) and a tail on the side of the consent.
struct FoldedSample<G: Group>: Sendable {
    let relation: FoldedRelation<G>
    /// For each row the scalars of `dataBases`, then those of `tailBases`.
    var witness: [[G.Scalar]]
    /// For each row.
    var dataPoints: [G.Point]
    var consents: [G.Point]
    /// Tells apart what would be the same statement: over a small group there are few, and each has its fixed weights.
    var number: UInt64 = 0

    static var tag: String { "zkconsent/test/folded/" + G.name }

    /// Elements made from labels: of unknown relation in real groups.
    static func bases(_ count: Int, _ label: String) -> [G.Point] {
        (0..<count).map { index in
            // Small groups may give the identity or a repetition; the label is tried with another counter then.
            let bytes = SHAKE128.hash(Array("\(label)/\(index)".utf8), count: G.uniformByteCount)
            return G.points(uniformBytes: bytes.span)[0]
        }
    }

    static func relation(linkingSubject: Bool = false, tailCount: Int = 4) throws -> FoldedRelation<G> {
        for attempt in 0..<200 {
            let consent = bases(2 + tailCount, "consent \(attempt)")
            let relation = try? FoldedRelation<G>(
                dataBases: bases(3, "data \(attempt)"),
                links: [.init(slot: 0, base: consent[0])] + (linkingSubject ? [.init(slot: 1, base: consent[1])] : []),
                tailBases: Array(consent[2...]))
            if let relation { return relation }
        }
        throw FoldedRelationError.duplicateBase
    }

    /// `rows` honest rows.
    init(rows: Int, relation: FoldedRelation<G>) {
        self.relation = relation
        let count = relation.dataBases.count + relation.tailBases.count
        witness = (0..<rows).map { _ in SecretScalars<G>.random(count: count).declassified(as: .response) }
        dataPoints = []
        consents = []
        for x in witness {
            dataPoints.append(G.vartimeMultiScalarMul(Array(x[..<relation.dataBases.count]), relation.dataBases))
            consents.append(
                G.vartimeMultiScalarMul(
                    relation.links.map { x[$0.slot] } + x[relation.dataBases.count...], relation.consentBases))
        }
    }

    /// What both sides absorb.
    var statement: [[UInt8]] {
        [Array("suite".utf8), littleEndian(number), littleEndian(UInt64(dataPoints.count)), G.encode(dataPoints), G.encode(consents)]
    }

    func transcript() -> WeightedTranscript {
        FoldedTranscript(sessionTag: Self.tag, absorbing: statement).weighted()
    }

    /// The folded witness `sum rho_i x_i`.
    func foldedWitness(_ weights: RowWeights) -> [G.Scalar] {
        let rho = weights.weights(count: witness.count).map { G.Scalar($0) }
        return witness[0].indices.map { k in G.Scalar.innerProduct(rho, witness.map { $0[k] }) }
    }

    func prove() throws -> FoldedProof<G> {
        let transcript = transcript()
        let folded = foldedWitness(transcript.weights)
        let d = relation.dataBases.count
        return try FoldedProver.prove(
            relation, data: SecretScalars(copying: Array(folded[..<d])), tail: SecretScalars(copying: Array(folded[d...])),
            transcript: transcript)
    }

    /// The verifier on this statement; `nil` if it accepts.
    func rejection(of proof: FoldedProof<G>) -> ProofRejected.Reason? {
        do throws(ProofRejected) {
            try member(proof).check()
            return nil
        } catch {
            return error.reason
        }
    }

    /// The equations of `proof` for this statement.
    func member(_ proof: FoldedProof<G>) throws(ProofRejected) -> FoldedMember<G> {
        let transcript = transcript()
        let weights = transcript.weights.weights(count: dataPoints.count)
        return try FoldedMember(
            FoldedBases(relation), foldedData: FoldedVerifier<G>.fold(weights, dataPoints),
            foldedConsent: FoldedVerifier<G>.fold(weights, consents), transcript: transcript, proof: proof)
    }
}
