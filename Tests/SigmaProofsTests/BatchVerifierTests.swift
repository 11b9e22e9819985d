// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import SigmaProofs
import Testing
import Transcripts

/// What a batch accepts and its weights; what it refuses is in `BatchRejectionTests`.
@Suite struct BatchVerifierTests {
    typealias G = AdditiveGroup<OrderM61>
    typealias Item = BatchVerifier<G>.Item

    /// A proof of a linear relation with its statement.
    struct Member {
        var session: SessionID
        var relation: LinearRelation<G>
        var proof: BatchableProof<G>
        var item: Item { Item(session: session, relation: relation, proof: proof) }
    }

    /// Each sample relation twice, each under a session of its own.
    static func members() throws -> [Member] {
        let samples = try LinearProofRejectionTests.samples() + LinearProofRejectionTests.samples()
        return try samples.enumerated().map { index, sample in
            let session = SessionID(tag: "batch \(index)")
            let proof = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: session)
            return Member(session: session, relation: sample.relation, proof: proof)
        }
    }

    static func disjunctive(_ branch: Int, session: SessionID) throws -> Item {
        let sample = try DisjunctionRejectionTests.sample()
        return Item(session: session, disjunction: sample.disjunction, proof: try sample.prove(branch, session: session))
    }

    static func accepts(_ items: [Item], randomness: [UInt8] = []) -> Bool {
        do { try BatchVerifier.verify(items, randomness: randomness) } catch { return false }
        return true
    }

    @Test func everySubsetOfValidProofsIsAccepted() throws {
        let items = try Self.members().map(\.item)
        for mask in 0..<1 << items.count {
            let subset = items.indices.filter { mask >> $0 & 1 == 1 }.map { items[$0] }
            #expect(Self.accepts(subset))
        }
        #expect(Self.accepts(items, randomness: [1, 2, 3]))
        #expect(Self.accepts(items + items), "duplicates are allowed")
    }

    @Test func theEmptyBatchIsAccepted() {
        #expect(Self.accepts([]))
        #expect(Self.accepts([], randomness: [1]))
        #expect(BatchVerifier<G>.weights([], randomness: []).isEmpty)
    }

    @Test func bothKindsInAnyOrder() throws {
        let linear = try Self.members().prefix(3).map(\.item)
        let disjunctive = try (0..<3).map { try Self.disjunctive($0, session: SessionID(tag: "or \($0)")) }
        #expect(Self.accepts(disjunctive))
        #expect(Self.accepts(linear + disjunctive))
        #expect(Self.accepts(disjunctive + linear, randomness: [9]))
        #expect(Self.accepts([disjunctive[0], linear[0], disjunctive[0], linear[2], disjunctive[2]]))
    }

    @Test func overRistretto() throws {
        typealias R = Ristretto255
        let h = FoldedSample<R>.bases(1, "h")[0]
        let or = try DisjunctionSample<R>.mixed(h: h)
        let session = SessionID(tag: "ristretto")
        let linear = try Sample<R>.chaumPedersen(x: .init(UInt64(5)), h: h)
        let proof = try LinearProver.batchableProof(of: linear.relation, witness: linear.secret, session: session)
        let items: [BatchVerifier<R>.Item] = try [
            .init(session: session, relation: linear.relation, proof: proof),
            .init(session: session, disjunction: or.disjunction, proof: or.prove(2, session: session)),
        ]
        #expect(throws: Never.self) { try BatchVerifier.verify(items) }
        let wrong = try or.prove(1, session: SessionID(tag: "another"))
        #expect(throws: ProofRejected.self) {
            try BatchVerifier.verify(items + [.init(session: session, disjunction: or.disjunction, proof: wrong)])
        }
    }

    /// The weights are those of the draft: 16 bytes for each equation from a sponge over session, statement, proof.
    @Test func weightsAreTheDrafts() throws {
        let members = try Self.members()
        var input = SessionID(tag: "irtf-cfrg-sigma-protocols/batch-verify").bytes + [UInt8](repeating: 0, count: 136)
        for member in members { input += member.session.bytes + member.relation.serialized + member.proof.bytes }
        let items = members.map(\.item)
        let count = members.reduce(0) { $0 + $1.relation.equations.count }
        #expect(BatchVerifier.weights(items, randomness: []) == Self.weights(input, count))
        #expect(BatchVerifier.weights(items, randomness: [0]) == Self.weights(input + [0], count))

        // A disjunction is absorbed with its sub-challenges and responses, and has a weight for each equation of each branch.
        let sample = try DisjunctionRejectionTests.sample()
        let session = SessionID(tag: "or")
        let proof = try sample.prove(1, session: session)
        input += session.bytes + sample.disjunction.serialized + proof.bytes
        let mixed = items + [Item(session: session, disjunction: sample.disjunction, proof: proof)]
        #expect(BatchVerifier.weights(mixed, randomness: []) == Self.weights(input, count + 4))
    }

    static func weights(_ input: [UInt8], _ count: Int) -> [G.Scalar] {
        let bytes = SHAKE128.hash(input, count: 16 * count)
        return (0..<count).map { i in
            (0..<16).reduce(G.Scalar.zero) { sum, j in sum + G.Scalar(UInt128(bytes[16 * i + j]) << UInt128(8 * j)) }
        }
    }

    /// Any byte of any proof, statement or session changes every weight.
    @Test func weightsDependOnEverything() throws {
        let sample = try DisjunctionRejectionTests.sample()
        let (session, members) = (SessionID(tag: "or"), try Self.members())
        let proof = try sample.prove(1, session: session)
        func weights(_ proof: BatchableDisjunctiveProof<G>, _ session: SessionID, _ first: Int) -> [G.Scalar] {
            let item = Item(session: session, disjunction: sample.disjunction, proof: proof)
            return BatchVerifier.weights([members[first].item, item], randomness: [])
        }
        let (t, c, z) = (proof.announcement, proof.subchallenges, proof.responses)
        var variants = [weights(proof, session, 1), weights(proof, SessionID(tag: "other"), 1), weights(proof, session, 4)]
        for index in t.indices {
            var changed = t
            changed[index] = G.add(changed[index], G.generator)
            variants.append(weights(.init(announcement: changed, subchallenges: c, responses: z), session, 1))
        }
        for index in c.indices {
            var changed = c
            changed[index] = changed[index] + .one
            variants.append(weights(.init(announcement: t, subchallenges: changed, responses: z), session, 1))
        }
        for index in z.indices {
            var changed = z
            changed[index] = changed[index] + .one
            variants.append(weights(.init(announcement: t, subchallenges: c, responses: changed), session, 1))
        }
        #expect(Set(variants.flatMap { $0 }).count == variants.count * 5, "no weight occurs twice")
    }
}
