// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// Over a group of 2^61 - 1, where a change passes by chance with probability 2^-61.
@Suite struct LinearProofRejectionTests {
    typealias G = AdditiveGroup<OrderM61>
    static let session = SigmaTag(application: "zkconsent-test", flavor: .batchable, group: G.self).session
    static let compactSession = SigmaTag(application: "zkconsent-test", flavor: .compact, group: G.self).session

    static func samples() throws -> [Sample<G>] {
        let h = G.point(987_654_321)
        return [
            try .chaumPedersen(x: .init(UInt64(31)), h: h),
            try .pedersen(m: .init(UInt64(70)), r: .init(UInt64(20)), h: h),
            try .opensTo(m: .init(UInt64(40)), r: .init(UInt64(90)), h: h),
        ]
    }

    static func accepts(_ bytes: [UInt8], _ relation: LinearRelation<G>, _ session: SessionID) -> Bool {
        do {
            let proof = try BatchableProof<G>(parsing: bytes.span, for: relation)
            try proof.verify(relation, session: session)
            return true
        } catch {
            return false
        }
    }

    static func acceptsCompact(_ bytes: [UInt8], _ relation: LinearRelation<G>, _ session: SessionID) -> Bool {
        do {
            let proof = try CompactProof<G>(parsing: bytes.span, for: relation)
            try proof.verify(relation, session: session)
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: 0..<3)
    func everyBitFlipIsRejected(_ index: Int) throws {
        let sample = try Self.samples()[index]
        let proof = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: Self.session).bytes
        let compact = try LinearProver.compactProof(of: sample.relation, witness: sample.secret, session: Self.compactSession).bytes
        #expect(Self.accepts(proof, sample.relation, Self.session))
        #expect(Self.acceptsCompact(compact, sample.relation, Self.compactSession))
        for bit in 0..<8 * proof.count {
            var changed = proof
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!Self.accepts(changed, sample.relation, Self.session), "bit \(bit)")
        }
        for bit in 0..<8 * compact.count {
            var changed = compact
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!Self.acceptsCompact(changed, sample.relation, Self.compactSession), "bit \(bit)")
        }
        for changed in [proof + [0], Array(proof.dropLast()), Array(proof.dropFirst()), []] {
            #expect(!Self.accepts(changed, sample.relation, Self.session))
        }
        for changed in [compact + [0], Array(compact.dropLast()), Array(compact.dropFirst()), []] {
            #expect(!Self.acceptsCompact(changed, sample.relation, Self.compactSession))
        }
    }

    /// Another session, another statement, swapped equations, the other flavor (vectors F1b, F2b, F3, F4 of the draft).
    @Test func anotherContextIsRejected() throws {
        let samples = try Self.samples()
        let sample = samples[0]
        let proof = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: Self.session)
        let other = SigmaTag(application: "zkconsent-tesu", flavor: .batchable, group: G.self).session
        #expect(!Self.accepts(proof.bytes, sample.relation, other))
        #expect(!Self.accepts(proof.bytes, sample.relation, Self.compactSession))
        let swapped = try LinearRelation<G>(elements: sample.relation.elements, equations: sample.relation.equations.reversed())
        #expect(!Self.accepts(proof.bytes, swapped, Self.session))
        let changed = try Sample<G>.chaumPedersen(x: .init(UInt64(32)), h: sample.relation.elements[1]).relation
        #expect(!Self.accepts(proof.bytes, changed, Self.session))
        let challenge = LinearTranscript(Self.session, sample.relation).challenge(announcement: proof.announcement).scalar
        let recoded = CompactProof<G>(challenge: challenge, responses: proof.responses)
        #expect(!Self.acceptsCompact(recoded.bytes, sample.relation, Self.compactSession))
    }

    @Test func identityAndShapeAreRefused() throws {
        let sample = try Self.samples()[0]
        let proof = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: Self.session)
        for position in 0..<2 {
            var bytes = proof.bytes
            bytes.replaceSubrange(8 * position..<8 * position + 8, with: [UInt8](repeating: 0, count: 8))
            #expect(throws: ProofRejected(.identityAnnouncement)) { try BatchableProof(parsing: bytes.span, for: sample.relation) }
            bytes.replaceSubrange(8 * position..<8 * position + 8, with: littleEndian(OrderM61.q))
            #expect(throws: ProofRejected(.announcementEncoding)) { try BatchableProof(parsing: bytes.span, for: sample.relation) }
        }
        var bytes = proof.bytes
        bytes.replaceSubrange(16..<24, with: littleEndian(OrderM61.q))
        #expect(throws: ProofRejected(.scalarEncoding)) { try BatchableProof(parsing: bytes.span, for: sample.relation) }
        let short = BatchableProof<G>(announcement: [proof.announcement[0]], responses: proof.responses)
        #expect(throws: ProofRejected(.shape)) { try short.verify(sample.relation, session: Self.session) }
        let long = BatchableProof<G>(announcement: proof.announcement, responses: proof.responses + [.zero])
        #expect(throws: ProofRejected(.shape)) { try long.verify(sample.relation, session: Self.session) }
        let empty = CompactProof<G>(challenge: .one, responses: [])
        #expect(throws: ProofRejected(.shape)) { try empty.verify(sample.relation, session: Self.session) }
    }

    @Test(arguments: 0..<3)
    func theProverRefusesAWrongWitness(_ index: Int) throws {
        let sample = try Self.samples()[index]
        for position in sample.witness.indices {
            var witness = sample.witness
            witness[position] = witness[position] + .one
            let secret = SecretScalars<G>(copying: witness)
            #expect(throws: ProverError.witnessDoesNotSatisfy) {
                try LinearProver.batchableProof(of: sample.relation, witness: secret, session: Self.session)
            }
            #expect(throws: ProverError.witnessDoesNotSatisfy) {
                try LinearProver.compactProof(of: sample.relation, witness: secret, session: Self.session)
            }
        }
        let long = SecretScalars<G>(copying: sample.witness + [.one])
        #expect(throws: ProverError.witnessCount) {
            try LinearProver.batchableProof(of: sample.relation, witness: long, session: Self.session)
        }
    }

    /// Proving the same statement twice gives different announcements; repeated zero nonces are refused and not looped on for ever.
    @Test func noncesAreFresh() throws {
        let sample = try Self.samples()[1]
        let proofs = try (0..<20).map { _ in
            try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: Self.session)
        }
        #expect(Set(proofs.map { $0.announcement[0].value }).count == proofs.count)
        #expect(throws: ProverError.degenerateAnnouncement) {
            try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: Self.session) {
                SecretScalars(zeros: $0)
            }
        }
    }

    @Test func rejectionsLookAlike() {
        #expect("\(ProofRejected(.equation))" == "\(ProofRejected(.identityAnnouncement))")
    }
}
