// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// A forgery for each check of the verifier of OR compositions (docs/protocol.md, section 9): it works once the check is removed.
/// The statements are that somebody knows the logarithm of `Y` or that of `Z`, which nobody does.
@Suite struct DisjunctionTests {
    typealias G = Ristretto255
    typealias Proof = BatchableDisjunctiveProof<G>
    static let session = SigmaTag(application: "soundness", flavor: .disjunctiveBatchable, group: G.self).session
    static let y = FalseRelation.multiply(FalseRelation.random(), FalseRelation.h)
    static let z = FalseRelation.multiply(FalseRelation.random(), FalseRelation.h)

    static func statement(_ first: G.Point = y, _ second: G.Point = z) throws -> Disjunction<G> {
        try Disjunction([FalseRelation.logarithm(of: first), FalseRelation.logarithm(of: second)])
    }

    static func challenge(_ statement: Disjunction<G>, _ announcement: [G.Point]) -> G.Scalar {
        DisjunctiveTranscript(session, statement).challenge(announcement: announcement).scalar
    }

    static func reason(_ statement: Disjunction<G>, _ proof: Proof) -> ProofRejected.Reason? {
        do throws(ProofRejected) { try proof.verify(statement, session: session) } catch { return error.reason }
        return nil
    }

    /// `orSum`: all branches by the simulator.
    @Test func everyBranchSimulated() throws {
        let statement = try Self.statement()
        let (e, r) = ([FalseRelation.random(), FalseRelation.random()], [FalseRelation.random(), FalseRelation.random()])
        let announcement = [FalseRelation.simulated(r[0], e[0], Self.y), FalseRelation.simulated(r[1], e[1], Self.z)]
        let proof = Proof(announcement: announcement, subchallenges: e, responses: r)
        #expect(Self.reason(statement, proof) == .challengeSum)
        let compact = CompactDisjunctiveProof<G>(subchallenges: e, responses: r)
        #expect(throws: ProofRejected(.challengeSum)) { try compact.verify(statement, session: Self.session) }
        #expect(throws: ProofRejected(.challengeSum)) {
            try BatchVerifier.verify([.init(session: Self.session, disjunction: statement, proof: proof)])
        }
    }

    /// `orEquation`: sub-challenges with the right sum, responses at random.
    @Test func otherResponses() throws {
        let statement = try Self.statement()
        let announcement = [G.generator, FalseRelation.h]
        let e = FalseRelation.random()
        let proof = Proof(
            announcement: announcement, subchallenges: [e, Self.challenge(statement, announcement) - e],
            responses: [FalseRelation.random(), FalseRelation.random()])
        #expect(Self.reason(statement, proof) == .equation)
    }

    /// `orAbsorbAnnouncements`: the challenge known first, then the simulator.
    @Test func announcementsChosenLate() throws {
        let statement = try Self.statement()
        let c = Self.challenge(statement, [G.generator, G.generator])
        let (e, r) = (FalseRelation.random(), [FalseRelation.random(), FalseRelation.random()])
        let announcement = [FalseRelation.simulated(r[0], e, Self.y), FalseRelation.simulated(r[1], c - e, Self.z)]
        #expect(Self.reason(statement, Proof(announcement: announcement, subchallenges: [e, c - e], responses: r)) != nil)
    }

    /// `orAbsorbBranches`: `Y` fitted to the challenge, an element whose logarithm the prover does not know.
    @Test func statementChosenLate() throws {
        let (e, r) = (FalseRelation.random(), [FalseRelation.random(), FalseRelation.random()])
        let announcement = [FalseRelation.h, FalseRelation.simulated(r[1], e, Self.z)]
        let c = Self.challenge(try Self.statement(), announcement) - e
        let inverse = try #require(c.vartimeInverted())
        let fitted = FalseRelation.multiply(inverse, FalseRelation.simulated(r[0], .one, FalseRelation.h))
        let proof = Proof(announcement: announcement, subchallenges: [c, e], responses: r)
        #expect(throws: Never.self, "interactively it would pass") { try proof.check(try Self.statement(fitted), challenge: c + e) }
        #expect(Self.reason(try Self.statement(fitted), proof) != nil)
    }

    /// `orIdentity`: an announcement that says nothing about its nonce. The equations hold.
    @Test func identityAnnouncement() throws {
        let x = FalseRelation.random()
        let statement = try Self.statement(FalseRelation.multiply(x, G.generator))
        let (e, r) = (FalseRelation.random(), FalseRelation.random())
        let announcement = [G.identity, FalseRelation.simulated(r, e, Self.z)]
        let c = Self.challenge(statement, announcement) - e
        let proof = Proof(announcement: announcement, subchallenges: [c, e], responses: [c * x, r])
        #expect(Self.reason(statement, proof) == .identityAnnouncement)
        let compact = CompactDisjunctiveProof<G>(subchallenges: [c, e], responses: [c * x, r])
        #expect(throws: ProofRejected(.identityAnnouncement)) { try compact.verify(statement, session: Self.session) }
    }

    /// `orLength`: a second encoding of one proof.
    @Test func trailingBytes() throws {
        let x = SecretScalars<G>(copying: [G.Scalar(UInt64(9))])
        let statement = try Self.statement(FalseRelation.multiply(x.declassified(at: 0, as: .response), G.generator))
        let witness = DisjunctiveWitness(branch: 0, scalars: x, of: statement)
        let proof = try DisjunctiveProver.batchableProof(of: statement, witness: witness, session: Self.session)
        #expect(Self.reason(statement, proof) == nil)
        let bytes = proof.bytes + [0]
        #expect(throws: ProofRejected(.shape)) { try Proof(parsing: bytes.span, for: statement) }
    }

    /// `orNoBranches`: a statement that nothing could prove.
    @Test func noBranches() {
        #expect(throws: DisjunctionError.noBranches) { try Disjunction<G>([]) }
    }
}
