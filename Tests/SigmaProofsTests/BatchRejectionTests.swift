// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import SigmaProofs
import Testing
import Transcripts

@Suite struct BatchRejectionTests {
    typealias G = AdditiveGroup<OrderM61>
    typealias Item = BatchVerifier<G>.Item
    typealias Member = BatchVerifierTests.Member

    static func accepts(_ items: [Item], randomness: [UInt8] = []) -> Bool { BatchVerifierTests.accepts(items, randomness: randomness) }

    @Test(arguments: 0..<6)
    func oneBadProofAtAnyPosition(_ position: Int) throws {
        let members = try BatchVerifierTests.members()
        let good = members[position]
        func rejects(_ session: SessionID, _ relation: LinearRelation<G>, _ proof: BatchableProof<G>) -> Bool {
            var items = members.map(\.item)
            items[position] = Item(session: session, relation: relation, proof: proof)
            return !Self.accepts(items) && !Self.accepts(items, randomness: [7]) && !Self.accepts([items[position]])
        }
        let (t, z) = (good.proof.announcement, good.proof.responses)
        for part in 0..<z.count + t.count {
            var (responses, announcement) = (z, t)
            if part < z.count {
                responses[part] = responses[part] + .one
            } else {
                announcement[part - z.count] = G.add(announcement[part - z.count], G.generator)
            }
            #expect(rejects(good.session, good.relation, .init(announcement: announcement, responses: responses)))
        }
        #expect(rejects(SessionID(tag: "another"), good.relation, good.proof))
        #expect(rejects(good.session, members[(position + 1) % 6].relation, good.proof), "another relation")
        #expect(rejects(members[(position + 1) % 6].session, good.relation, good.proof), "another session")
        // The same relation and another session: a valid proof at the wrong place.
        #expect(rejects(good.session, good.relation, members[(position + 3) % 6].proof))
        // Shapes and identities.
        #expect(rejects(good.session, good.relation, .init(announcement: [], responses: [])))
        #expect(rejects(good.session, good.relation, .init(announcement: t + [t[0]], responses: z)))
        #expect(rejects(good.session, good.relation, .init(announcement: t, responses: z + [.zero])))
        for index in t.indices {
            var announcement = t
            announcement[index] = G.identity
            #expect(rejects(good.session, good.relation, .init(announcement: announcement, responses: z)))
        }
    }

    /// Fifty proofs, the bad one at every position.
    @Test func oneBadAmongFifty() throws {
        let members = try BatchVerifierTests.members()
        let many = (0..<50).map { members[$0 % members.count].item }
        #expect(Self.accepts(many))
        let good = members[0]
        let wrong = BatchableProof<G>(announcement: good.proof.announcement, responses: good.proof.responses.map { $0 + .one })
        for position in many.indices {
            var items = many
            items[position] = Item(session: good.session, relation: good.relation, proof: wrong)
            #expect(!Self.accepts(items), "position \(position)")
            items.remove(at: position)
            #expect(Self.accepts(items))
        }
    }

    /// A proof over an identity announcement that satisfies its equations (a nonce of zero) is refused in a batch as it is alone.
    @Test func identityAnnouncementsThatFit() throws {
        let sample = try LinearProofRejectionTests.samples()[1]
        let session = SessionID(tag: "zero nonce")
        let c = LinearTranscript(session, sample.relation).challenge(announcement: [G.identity]).scalar
        let proof = BatchableProof<G>(announcement: [G.identity], responses: sample.witness.map { c * $0 })
        #expect(proof.satisfies(sample.relation, challenge: c))
        let item = Item(session: session, relation: sample.relation, proof: proof)
        #expect(throws: ProofRejected(.identityAnnouncement)) { try BatchVerifier.verify([item]) }
        #expect(throws: ProofRejected(.identityAnnouncement)) {
            try BatchVerifier.verify([try BatchVerifierTests.members()[0].item, item])
        }
        let bytes = proof.bytes
        #expect(throws: ProofRejected(.identityAnnouncement)) { try BatchableProof(parsing: bytes.span, for: sample.relation) }
    }

    // MARK: Errors that cancel

    /// A proof whose equations are off by `errors`: `announcement[i] + c image[i] - map[i] == errors[i]`.
    static func faulty(_ sample: Sample<G>, _ session: SessionID, errors: [G.Scalar]) -> Item {
        let nonces = sample.witness.indices.map { G.Scalar(UInt64(1_000 + $0)) }
        let relation = sample.relation
        let announcement = relation.equations.indices.map { i in
            let terms = relation.equations[i].terms
            return G.vartimeMultiScalarMul(
                terms.map { $0.coefficient * nonces[Int($0.scalar)] } + [errors[i]],
                terms.map { relation.elements[Int($0.element)] } + [G.generator])
        }
        let c = LinearTranscript(session, relation).challenge(announcement: announcement).scalar
        let responses = sample.witness.indices.map { nonces[$0] + c * sample.witness[$0] }
        return Item(session: session, relation: relation, proof: .init(announcement: announcement, responses: responses))
    }

    /// A proof of the disjunction whose equations are off by `errors`, four of them, and whose sum is right.
    static func faultyDisjunction(_ session: SessionID, errors: [G.Scalar]) throws -> Item {
        let sample = try DisjunctionRejectionTests.sample()
        let branches = sample.disjunction.branches
        let e = [G.Scalar(UInt64(77)), G.Scalar(UInt64(78))]
        let z = [1_001, 1_002, 1_003].map { G.Scalar(UInt64($0)) }
        let u = G.Scalar(UInt64(1_000))
        let announcement =
            branches[0].simulate(challenge: .zero, responses: [u]) + branches[1].simulate(challenge: e[0], responses: [z[0], z[1]])
            + branches[2].simulate(challenge: e[1], responses: [z[2]])
        let shifted = announcement.indices.map { G.add(announcement[$0], G.vartimeMultiScalarMul([errors[$0]], [G.generator])) }
        let c = DisjunctiveTranscript(session, sample.disjunction).challenge(announcement: shifted).scalar
        let c0 = c - e[0] - e[1]
        return Item(
            session: session, disjunction: sample.disjunction,
            proof: .init(announcement: shifted, subchallenges: [c0] + e, responses: [u + c0 * .init(UInt64(31))] + z))
    }

    /// Errors that cancel under equal weights: in two proofs, in two equations of one proof, in two branches, across the kinds.
    @Test func cancellingErrorsAreRejected() throws {
        let e = G.Scalar(UInt64(12_345))
        let zero = G.Scalar.zero
        let samples = try LinearProofRejectionTests.samples()
        let (first, second) = (SessionID(tag: "first"), SessionID(tag: "second"))
        #expect(Self.accepts([Self.faulty(samples[1], first, errors: [zero])]), "the construction itself is right")
        #expect(Self.accepts([try Self.faultyDisjunction(first, errors: [zero, zero, zero, zero])]))
        var attacks = [
            [Self.faulty(samples[1], first, errors: [e]), Self.faulty(samples[2], second, errors: [-e])],
            [Self.faulty(samples[0], first, errors: [e, -e])],
            [Self.faulty(samples[0], first, errors: [e, e]), Self.faulty(samples[0], second, errors: [-e, -e])],
            // One statement and session, opposite errors; and one error twice, the only pair that does not cancel under equal weights.
            [Self.faulty(samples[1], first, errors: [e]), Self.faulty(samples[1], first, errors: [-e])],
            [Self.faulty(samples[1], first, errors: [e]), Self.faulty(samples[1], first, errors: [e])],
            [try Self.faultyDisjunction(first, errors: [e, zero, zero, zero]), Self.faulty(samples[1], second, errors: [-e])],
            [
                try Self.faultyDisjunction(first, errors: [zero, e, e, zero]),
                try Self.faultyDisjunction(second, errors: [zero, -e, -e, zero]),
            ],
        ]
        for i in 0..<4 {
            for j in 0..<4 where i != j {
                var errors = [zero, zero, zero, zero]
                (errors[i], errors[j]) = (e, -e)
                attacks.append([try Self.faultyDisjunction(first, errors: errors)])
            }
        }
        for (index, attack) in attacks.enumerated() {
            let count = BatchVerifier.weights(attack, randomness: []).count
            let equal = [G.Scalar](repeating: .one, count: count)
            let cancels = (try? BatchVerifier.check(attack, challenges: attack.map(\.challenge), weights: equal)) != nil
            #expect(cancels == (index != 4), "the attack works against equal weights")
            #expect(!Self.accepts(attack))
            #expect(!Self.accepts(attack.reversed()))
            #expect(!Self.accepts(attack, randomness: [1]))
            for item in attack { #expect(!Self.accepts([item])) }
        }
    }

    /// An error in the sum of one disjunction is not paid for by another: sums take no weight.
    @Test func sumsDoNotCancel() throws {
        let sample = try DisjunctionRejectionTests.sample()
        let session = SessionID(tag: "sums")
        func off(_ delta: G.Scalar) throws -> Item {
            let proof = try sample.prove(0, session: session)
            // The true branch answers for a sub-challenge that is off: every equation holds.
            let branches = sample.disjunction.branches
            let (e, z) = (Array(proof.subchallenges[1...]), Array(proof.responses[1...]))
            let u = G.Scalar(UInt64(5))
            let announcement = branches[0].simulate(challenge: .zero, responses: [u]) + proof.announcement[2...]
            let c = DisjunctiveTranscript(session, sample.disjunction).challenge(announcement: announcement).scalar
            let c0 = c - e[0] - e[1] + delta
            return Item(
                session: session, disjunction: sample.disjunction,
                proof: .init(announcement: announcement, subchallenges: [c0] + e, responses: [u + c0 * .init(UInt64(31))] + z))
        }
        #expect(Self.accepts([try off(.zero), try off(.zero)]))
        #expect(!Self.accepts([try off(.one), try off(-.one)]))
        #expect(throws: ProofRejected(.challengeSum)) { try BatchVerifier.verify([try off(.one)]) }
    }

    /// With weights that a prover knew before its responses, one linear equation is all that is left to satisfy.
    @Test func responsesChosenAfterTheWeights() throws {
        let sample = try LinearProofRejectionTests.samples()[1]
        let session = SessionID(tag: "late")
        let announcement = [G.point(33)]
        let c = LinearTranscript(session, sample.relation).challenge(announcement: announcement).scalar
        // The weakened verifier's weights: a batch of two proofs that absorbs no responses.
        let weights = BatchVerifierTests.weights(session.bytes + sample.relation.serialized, 2)
        // Errors (w1, -w0): the first proof is off by w1, the second by -w0.
        func item(_ error: G.Scalar) -> Item {
            // z1 = 0: z0 G = t + c image - error, and logarithms are division.
            let z0 = G.Scalar(announcement[0].value) + c * G.Scalar(sample.relation.image[0].value) - error
            return Item(session: session, relation: sample.relation, proof: .init(announcement: announcement, responses: [z0, .zero]))
        }
        let forged = [item(weights[1]), item(-weights[0])]
        #expect(throws: Never.self) { try BatchVerifier.check(forged, challenges: [c, c], weights: weights) }
        #expect(!Self.accepts(forged))
    }

    /// The hook for tests refuses counts that do not match; it is never reached with such from a batch.
    @Test func countsOfWeightsAndChallenges() throws {
        let items = try BatchVerifierTests.members().prefix(2).map(\.item)
        let weights = BatchVerifier.weights(items, randomness: [])
        let challenges = items.map(\.challenge)
        #expect(throws: Never.self) { try BatchVerifier.check(items, challenges: challenges, weights: weights) }
        #expect(throws: ProofRejected(.batch)) { try BatchVerifier.check(items, challenges: challenges, weights: weights + [.one]) }
        #expect(throws: ProofRejected(.batch)) {
            try BatchVerifier.check(items, challenges: challenges, weights: Array(weights.dropLast()))
        }
        #expect(throws: ProofRejected(.batch)) { try BatchVerifier.check(items, challenges: [challenges[0]], weights: weights) }
    }
}
