// SPDX-License-Identifier: Apache-2.0
import Groups
import SigmaProofs
import Testing
import Transcripts

/// What columns of linear parts are refused for before any equation. All equations hold here but in the last test.
@Suite struct FamilyColumnTests {
    typealias G = Ristretto255
    typealias S = G.Scalar

    static let session = SessionID(tag: "soundness/family-columns")
    static let five = S(UInt64(5))
    /// The logarithm of `K`, which here the prover knows.
    let k = FalseRelation.random()
    /// `Y - 5 K = s G`, `Y` own.
    let family: RelationFamily<G>

    init() throws {
        let template = try LinearRelation<G>(
            elements: [G.generator, FalseRelation.multiply(k, G.generator), FalseRelation.h],
            equations: [
                .init(
                    image: [.init(element: 2), .init(element: 1, coefficient: -Self.five)], terms: [.init(scalar: 0, element: 0)])
            ])
        family = try RelationFamily(template: template, ownElements: [2])
    }

    /// `Y` with the witness `s`.
    func element(_ s: S) -> G.Point { FalseRelation.multiply(s + Self.five * k, G.generator) }

    /// The proof with the nonce `u`, its response last.
    func proof(_ s: S, nonce u: S = FalseRelation.random()) -> [UInt8] {
        let (statement, announcement) = (G.encode([element(s)]), G.encode([FalseRelation.multiply(u, G.generator)]))
        let c = family.challenges(statements: statement.span, announcements: announcement.span, session: Self.session)[0]
        return announcement + (u + c * s).bytes
    }

    func parsed(_ own: [G.Point], _ proofs: [[UInt8]]) throws -> FamilyProofs<G> {
        let (statements, all) = (G.encode(own), proofs.flatMap { $0 })
        return try FamilyProofs(family, statements: statements.span, proofs: all.span, session: Self.session)
    }

    /// The statements that a batch refuses: one that holds, and then this one.
    func refused(_ own: G.Point, _ proof: [UInt8]) throws -> [Int] {
        let s = FalseRelation.random()
        var batch = VerificationBatch<G>()
        batch.append(try parsed([element(s), own], [self.proof(s), proof]))
        return batch.failures().map(\.statement)
    }

    @Test func honestProofsHold() throws {
        let s = FalseRelation.random()
        #expect(try refused(element(s), proof(s)) == [])
    }

    /// `familyElementIdentity`: `Y` is the identity, `s = -5k`.
    @Test func identityElement() throws {
        let s = -(Self.five * k)
        #expect(G.isIdentity(element(s)))
        #expect(try parsed([element(s)], [proof(s)]).malformed == [0])
        #expect(try refused(element(s), proof(s)) == [1])
    }

    /// `familyImageIdentity`: `Y` is `5 K`, `s = 0`.
    @Test func identityImage() throws {
        #expect(!G.isIdentity(element(.zero)))
        #expect(try parsed([element(.zero)], [proof(.zero)]).malformed == [0])
        #expect(try refused(element(.zero), proof(.zero)) == [1])
    }

    /// `familyAnnouncementIdentity`: the nonce is zero.
    @Test func identityAnnouncement() throws {
        let s = FalseRelation.random()
        let proof = proof(s, nonce: .zero)
        #expect(proof[..<32].allSatisfy { $0 == 0 })
        #expect(try parsed([element(s)], [proof]).malformed == [0])
        #expect(try refused(element(s), proof) == [1])
    }

    /// `familyResponses`: the response plus the order.
    @Test func responsePlusOrder() throws {
        let s = FalseRelation.random()
        var proof = proof(s)
        proof.replaceSubrange(32..., with: plusOrder(proof[32...]))
        #expect(try parsed([element(s)], [proof]).malformed == [0])
        #expect(try refused(element(s), proof) == [1])
    }

    /// `verificationMalformed`: nobody knows a witness, and the announcement is no element. Its equation weighs nothing.
    @Test func malformedRowsWeighNothing() throws {
        let proof = [UInt8](repeating: 0xff, count: 32) + S.zero.bytes
        let parsed = try parsed([FalseRelation.h], [proof])
        #expect(parsed.malformed == [0])
        var sum = WeightedEquations<G>()
        parsed.add(0..<1, weights: [.one], to: &sum)
        #expect(G.isIdentity(sum.sum))
        #expect(try refused(FalseRelation.h, proof) == [1])
    }
}
