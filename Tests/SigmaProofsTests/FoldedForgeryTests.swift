// SPDX-License-Identifier: Apache-2.0

import Groups
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// Why the two equations of a folded proof are checked each on its own (DESIGN 4.3, step 6).
///
/// A verifier that merges them with a factor gamma which the prover knows before it fixes the shared response accepts a data point and a consent
/// about two different records. The forgery needs the shared scalar to have the same generator on both sides (or generators whose relation
/// the prover knows); with generators of unknown relation we know of none, and check separately all the same.
@Suite struct FoldedForgeryTests {
    /// The weakened verifier: `(D) + gamma (C)` with gamma drawn from the challenge, thus before the responses.
    static func mergedVerifierAccepts<G: Group>(
        _ relation: FoldedRelation<G>, data: G.Point, consent: G.Point, transcript: consuming WeightedTranscript, proof: FoldedProof<G>
    ) -> Bool {
        let c = transcript.challenge(proof.announcement).scalar
        let gamma = gamma(c, G.self)
        let linked = relation.links.map { proof.dataResponses[$0.slot] }
        let left = G.vartimeMultiScalarMul(
            proof.dataResponses + (linked + proof.tailResponses).map { gamma * $0 }, relation.dataBases + relation.consentBases)
        let right = G.vartimeMultiScalarMul(
            [.one, c, gamma, gamma * c], [proof.announcement.data, data, proof.announcement.consent, consent])
        return left == right
    }

    static func gamma<G: Group>(_ challenge: G.Scalar, _ group: G.Type) -> G.Scalar {
        G.Scalar(reducingWide: SHAKE128.hash(challenge.bytes, count: G.Scalar.wideByteCount).span)
    }

    /// One row whose data point has record `data` and whose consent has record `consent`, with the forger's proof.
    func forge<G: Group>(_ group: G.Type, data: UInt64, consent: UInt64) throws -> (FoldedSample<G>, FoldedProof<G>) {
        let bases = FoldedSample<G>.bases(3, "forgery")
        let relation = try FoldedRelation<G>(
            dataBases: [bases[0], bases[1]], links: [.init(slot: 0, base: bases[0])], tailBases: [bases[2], bases[1]])
        var sample = FoldedSample<G>(rows: 1, relation: relation)
        let (rec1, rec2) = (G.Scalar(data), G.Scalar(consent))
        let (s, a, r) = (sample.witness[0][1], sample.witness[0][2], sample.witness[0][3])
        sample.dataPoints = [G.vartimeMultiScalarMul([rec1, s], [bases[0], bases[1]])]
        sample.consents = [G.vartimeMultiScalarMul([rec2, a, r], [bases[0], bases[2], bases[1]])]

        let transcript = sample.transcript()
        let rho = transcript.weights.weights(count: 1).map { G.Scalar($0) }[0]
        let u = SecretScalars<G>.random(count: 4).declassified(as: .response)
        let announcement = FoldedAnnouncement<G>(
            data: G.vartimeMultiScalarMul([u[0], u[1]], [bases[0], bases[1]]),
            consent: G.vartimeMultiScalarMul([u[0], u[2], u[3]], [bases[0], bases[2], bases[1]]))
        let c = transcript.challenge(announcement).scalar
        let x = c * rho
        let gamma = Self.gamma(c, G.self)
        let inverse = try #require((.one + gamma).vartimeInverted())
        let shared = ((u[0] + x * rec1) + gamma * (u[0] + x * rec2)) * inverse
        let proof = FoldedProof<G>(
            announcement: announcement, dataResponses: [shared, u[1] + x * s], tailResponses: [u[2] + x * a, u[3] + x * r])
        return (sample, proof)
    }

    func check<G: Group>(_ group: G.Type) throws {
        let (sample, proof) = try forge(G.self, data: 1, consent: 2)
        let transcript = sample.transcript()
        let rho = transcript.weights.weights(count: 1)
        let accepted = Self.mergedVerifierAccepts(
            sample.relation, data: FoldedVerifier<G>.fold(rho, sample.dataPoints),
            consent: FoldedVerifier<G>.fold(rho, sample.consents), transcript: transcript, proof: proof)
        #expect(accepted, "the forgery works on the weakened verifier")
        #expect(sample.rejection(of: proof) == .dataEquation)

        let (honest, honestProof) = try forge(G.self, data: 7, consent: 7)
        #expect(honest.rejection(of: honestProof) == nil, "with equal records the same construction is an honest proof")
    }

    @Test func mergedEquationsAreForgeable() throws {
        try check(AdditiveGroup<OrderM61>.self)
        try check(Ristretto255.self)
    }

    /// Leaving out either equation accepts a false row: a proof that satisfies exactly one.
    @Test func eachEquationIsNeeded() throws {
        typealias G = AdditiveGroup<OrderM61>
        let relation = try FoldedSample<G>.relation()
        var sample = FoldedSample<G>(rows: 3, relation: relation)
        sample.consents[1] = G.add(sample.consents[1], relation.links[0].base)
        #expect(try sample.rejection(of: sample.prove()) == .consentEquation, "the equation on the data alone holds")
        // The prover who uses the consent's record satisfies the other equation instead.
        sample.witness[1][0] = sample.witness[1][0] + .one
        #expect(try sample.rejection(of: sample.prove()) == .dataEquation)
        sample.dataPoints[1] = G.add(sample.dataPoints[1], relation.dataBases[0])
        #expect(try sample.rejection(of: sample.prove()) == nil)
    }

    /// A value outside of the transcript could be chosen after the weights: one integer equation is no defence (prototype, attack 2).
    @Test func unboundValuesAreForgeable() {
        typealias S = Ristretto255.Scalar
        let rho = FoldedTranscript(sessionTag: "t", absorbing: [[1]]).weighted().weights.weights(count: 4).map { S($0) }
        let honest = [30, 40, 50, 60].map { S(UInt64($0)) }
        var false3 = [18, 18, 18].map { S(UInt64($0)) }
        let missing = S.innerProduct(rho, honest) - S.innerProduct(Array(rho[..<3]), false3)
        false3.append(missing * (rho[3].vartimeInverted() ?? .zero))
        #expect(S.innerProduct(rho, honest) == S.innerProduct(rho, false3))
        #expect(honest != false3)
    }
}
