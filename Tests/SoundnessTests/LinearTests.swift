// SPDX-License-Identifier: Apache-2.0
import Groups
import SigmaProofs
import Testing
import Transcripts

/// A forgery for each check of the verifier of one proof of a linear relation: it works once the check is removed. The statements are that somebody knows the
/// logarithm of an element, which nobody does.
@Suite struct LinearTests {
    typealias G = Ristretto255
    typealias Proof = BatchableProof<G>
    static let session = SigmaTag(application: "soundness", flavor: .batchable, group: G.self).session

    /// The challenge of a transcript that has absorbed only this.
    static func challenge(_ absorbed: [UInt8]) -> G.Scalar {
        var sponge = DuplexSponge(session)
        sponge.absorb(absorbed)
        return G.Scalar(reducingWide: sponge.squeeze(G.Scalar.wideByteCount).span)
    }

    static func reason(_ relation: LinearRelation<G>, _ proof: Proof) -> ProofRejected.Reason? {
        do throws(ProofRejected) { try proof.verify(relation, session: session) } catch { return error.reason }
        return nil
    }

    /// A statement with a proof, whose nonce is `u`.
    static func honest(nonce u: G.Scalar) throws -> (relation: LinearRelation<G>, challenge: G.Scalar, proof: Proof) {
        let x = FalseRelation.random()
        let relation = try FalseRelation.logarithm(of: FalseRelation.multiply(x, G.generator))
        let announcement = [FalseRelation.multiply(u, G.generator)]
        let c = LinearTranscript(session, relation).challenge(announcement: announcement).scalar
        return (relation, c, Proof(announcement: announcement, responses: [u + c * x]))
    }

    @Test func theTranscriptIsThis() throws {
        let (relation, c, proof) = try Self.honest(nonce: FalseRelation.random())
        #expect(Self.reason(relation, proof) == nil)
        #expect(Self.challenge(relation.serialized + G.encode(proof.announcement)) == c)
    }

    /// `linearAbsorbAnnouncement`: the challenge known first, then the simulator.
    @Test func announcementChosenLate() throws {
        let relation = try FalseRelation.logarithm(of: FalseRelation.h)
        let (c, z) = (Self.challenge(relation.serialized), FalseRelation.random())
        let proof = Proof(announcement: [FalseRelation.simulated(z, c, FalseRelation.h)], responses: [z])
        #expect(proof.satisfies(relation, challenge: c), "interactively it would pass")
        #expect(Self.reason(relation, proof) == .equation)
    }

    /// `linearAbsorbRelation`: `Y` fitted to the challenge, an element whose logarithm the prover does not know.
    @Test func statementChosenLate() throws {
        let announcement = [FalseRelation.multiply(FalseRelation.random(), FalseRelation.h)]
        let (c, z) = (Self.challenge(G.encode(announcement)), FalseRelation.random())
        let inverse = try #require(c.vartimeInverted())
        let relation = try FalseRelation.logarithm(
            of: FalseRelation.multiply(inverse, FalseRelation.simulated(z, .one, announcement[0])))
        let proof = Proof(announcement: announcement, responses: [z])
        #expect(proof.satisfies(relation, challenge: c), "interactively it would pass")
        #expect(Self.reason(relation, proof) == .equation)
    }

    /// `linearEquation`: responses at random.
    @Test func otherResponses() throws {
        let relation = try FalseRelation.logarithm(of: FalseRelation.h)
        #expect(Self.reason(relation, Proof(announcement: [G.generator], responses: [FalseRelation.random()])) == .equation)
    }

    /// `linearIdentity`: an announcement that says nothing about its nonce. The equations hold.
    @Test func identityAnnouncement() throws {
        let (relation, c, proof) = try Self.honest(nonce: .zero)
        #expect(proof.satisfies(relation, challenge: c))
        #expect(Self.reason(relation, proof) == .identityAnnouncement)
        let compact = CompactProof<G>(challenge: c, responses: proof.responses)
        #expect(throws: ProofRejected(.identityAnnouncement)) { try compact.verify(relation, session: Self.session) }
    }

    /// `linearLength`: a second encoding of one proof.
    @Test func trailingBytes() throws {
        let (relation, _, proof) = try Self.honest(nonce: FalseRelation.random())
        let bytes = proof.bytes
        #expect(try Proof(parsing: bytes.span, for: relation) == proof)
        for more in [1, 32] {
            let longer = bytes + [UInt8](repeating: 0, count: more)
            #expect(throws: ProofRejected(.shape)) { try Proof(parsing: longer.span, for: relation) }
        }
    }

    /// `compactChallenge`: any challenge and response.
    @Test func otherChallenge() throws {
        let relation = try FalseRelation.logarithm(of: FalseRelation.h)
        let proof = CompactProof<G>(challenge: FalseRelation.random(), responses: [FalseRelation.random()])
        #expect(throws: ProofRejected(.challenge)) { try proof.verify(relation, session: Self.session) }
    }
}
