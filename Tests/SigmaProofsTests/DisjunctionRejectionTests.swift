// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// Malicious provers of disjunctions, over a group of 2^61 - 1, where a wrong proof passes by chance once in 10^18 runs.
@Suite struct DisjunctionRejectionTests {
    typealias G = AdditiveGroup<OrderM61>
    typealias Proof = BatchableDisjunctiveProof<G>
    static let session = DisjunctionSample<G>.session

    static func sample(known: [Bool] = [true, true, true]) throws -> DisjunctionSample<G> {
        try .mixed(h: G.point(987_654_321), known: known)
    }

    /// A statement without a witness: `Y` and `Z` have different logarithms, in either branch.
    static func falseSample() throws -> DisjunctionSample<G> {
        let relations = try [3, 5].map { wrong in
            let h = G.point(11)
            let elements = [G.generator, h, G.point(7), G.point(77 + UInt64(wrong))]
            return try LinearRelation<G>(
                elements: elements,
                equations: [
                    .init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0)]),
                    .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 1)]),
                ])
        }
        return try .init(relations.map { Sample(relation: $0, witness: [.init(UInt64(7))]) }, known: [true, true])
    }

    static func random(_ count: Int) -> [G.Scalar] { SecretScalars<G>.random(count: count).declassified(as: .response) }

    static func challenge(_ sample: DisjunctionSample<G>, _ announcement: [G.Point]) -> G.Scalar {
        DisjunctiveTranscript(session, sample.disjunction).challenge(announcement: announcement).scalar
    }

    // MARK: Bytes

    @Test(arguments: 0..<3)
    func everyBitFlipIsRejected(_ branch: Int) throws {
        let sample = try Self.sample()
        let (proof, compact) = (try sample.prove(branch).bytes, try sample.proveCompact(branch).bytes)
        #expect(sample.accepts(proof) && sample.accepts(compact: compact))
        for bit in 0..<8 * proof.count {
            var changed = proof
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!sample.accepts(changed), "bit \(bit)")
        }
        for bit in 0..<8 * compact.count {
            var changed = compact
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!sample.accepts(compact: changed), "bit \(bit)")
        }
        for changed in [proof + [0], Array(proof.dropLast()), Array(proof.dropFirst()), proof + proof, proof + littleEndian(UInt64(0)), []]
        {
            #expect(!sample.accepts(changed))
        }
        for changed in [compact + [0], Array(compact.dropLast()), Array(compact.dropFirst()), compact + littleEndian(UInt64(0)), []] {
            #expect(!sample.accepts(compact: changed))
        }
    }

    @Test func encodingsThatAreNotCanonical() throws {
        let sample = try Self.sample()
        let bytes = try sample.prove(1).bytes
        func reason(_ word: Int, _ value: UInt64) -> ProofRejected.Reason? {
            var changed = bytes
            changed.replaceSubrange(8 * word..<8 * word + 8, with: littleEndian(value))
            do throws(ProofRejected) { _ = try Proof(parsing: changed.span, for: sample.disjunction) } catch { return error.reason }
            return nil
        }
        for word in 0..<4 {
            #expect(reason(word, 0) == .identityAnnouncement)
            for value in [OrderM61.q, OrderM61.q + 5, .max] { #expect(reason(word, value) == .announcementEncoding) }
        }
        for word in 4..<11 {
            #expect(reason(word, 0) == nil)
            for value in [OrderM61.q, OrderM61.q + 5, .max] { #expect(reason(word, value) == .scalarEncoding) }
        }
        let compact = try sample.proveCompact(1).bytes
        for word in 0..<7 {
            var changed = compact
            changed.replaceSubrange(8 * word..<8 * word + 8, with: littleEndian(OrderM61.q))
            #expect(throws: ProofRejected(.scalarEncoding)) { try CompactDisjunctiveProof(parsing: changed.span, for: sample.disjunction) }
        }
    }

    @Test func wrongShapes() throws {
        let sample = try Self.sample()
        let proof = try sample.prove(0)
        let (t, c, z) = (proof.announcement, proof.subchallenges, proof.responses)
        let zero = G.Scalar.zero
        for changed in [
            Proof(announcement: [], subchallenges: c, responses: z), Proof(announcement: t + [t[0]], subchallenges: c, responses: z),
            Proof(announcement: t, subchallenges: [], responses: z), Proof(announcement: t, subchallenges: c + [zero], responses: z),
            Proof(announcement: t, subchallenges: Array(c[..<2]), responses: [c[2]] + z),
            Proof(announcement: t, subchallenges: c, responses: []), Proof(announcement: t, subchallenges: c, responses: z + [zero]),
            Proof(announcement: t, subchallenges: c + [z[0]], responses: Array(z[1...])),
        ] {
            #expect(sample.rejection(changed) == .shape)
        }
        for changed in [
            CompactDisjunctiveProof<G>(subchallenges: c + [zero], responses: z), .init(subchallenges: c, responses: z + [zero]),
            .init(subchallenges: [], responses: []), .init(subchallenges: Array(c[..<2]), responses: [c[2]] + z),
        ] {
            #expect(sample.rejection(compact: changed) == .shape)
        }
    }

    // MARK: The sum

    @Test func theSumIsExact() throws {
        let sample = try Self.sample()
        let proof = try sample.prove(1)
        for branch in 0..<3 {
            for delta: UInt64 in [1, 2, 1 << 32, OrderM61.q - 1] {
                var c = proof.subchallenges
                c[branch] = c[branch] + .init(delta)
                #expect(
                    sample.rejection(Proof(announcement: proof.announcement, subchallenges: c, responses: proof.responses)) == .challengeSum
                )
            }
        }
        // A prover who answers for a sub-challenge that is off by one satisfies every equation and not the sum.
        let all = sample.disjunction.branches
        for delta: UInt64 in [0, 1, OrderM61.q - 1] {
            let (z1, z2, e) = (Self.random(2), Self.random(1), Self.random(2))
            let u = Self.random(1)
            let announcement =
                all[0].simulate(challenge: .zero, responses: u) + all[1].simulate(challenge: e[0], responses: z1)
                + all[2].simulate(challenge: e[1], responses: z2)
            let c0 = Self.challenge(sample, announcement) - e[0] - e[1] + .init(delta)
            let forged = Proof(
                announcement: announcement, subchallenges: [c0, e[0], e[1]], responses: [u[0] + c0 * .init(UInt64(31))] + z1 + z2)
            #expect(sample.rejection(forged) == (delta == 0 ? nil : .challengeSum))
        }
    }

    /// Sub-challenges exchanged, or shifted from one to another: the sum stays, the equations break.
    @Test func exchangedSubchallenges() throws {
        let sample = try Self.sample()
        let proof = try sample.prove(2)
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            var swapped = proof.subchallenges
            swapped.swapAt(a, b)
            #expect(
                sample.rejection(Proof(announcement: proof.announcement, subchallenges: swapped, responses: proof.responses)) == .equation)
            var shifted = proof.subchallenges
            (shifted[a], shifted[b]) = (shifted[a] + .one, shifted[b] - .one)
            #expect(
                sample.rejection(Proof(announcement: proof.announcement, subchallenges: shifted, responses: proof.responses)) == .equation)
        }
    }

    /// Whoever simulates all branches has chosen the challenge: a verifier without the sum accepts, ours does not.
    @Test func everyBranchSimulated() throws {
        for sample in [try Self.sample(), try Self.falseSample()] {
            let d = sample.disjunction
            let e = Self.random(d.branches.count)
            let z = d.branches.map { Self.random($0.scalarCount) }
            let announcement = d.branches.indices.flatMap { d.branches[$0].simulate(challenge: e[$0], responses: z[$0]) }
            let forged = Proof(announcement: announcement, subchallenges: e, responses: z.flatMap { $0 })
            let sum = e.reduce(.zero) { $0 + $1 }
            #expect(throws: Never.self, "interactively it answers one challenge") { try forged.check(d, challenge: sum) }
            #expect(sample.rejection(forged) == .challengeSum)
            #expect(sample.rejection(compact: .init(subchallenges: e, responses: z.flatMap { $0 }), session: Self.session) == .challengeSum)
            // Repaired afterwards, it breaks the equations instead.
            for branch in d.branches.indices {
                var repaired = e
                repaired[branch] = repaired[branch] + Self.challenge(sample, announcement) - sum
                #expect(
                    sample.rejection(Proof(announcement: announcement, subchallenges: repaired, responses: z.flatMap { $0 })) == .equation)
            }
        }
    }

    @Test func aFalseDisjunctionHasNoProof() throws {
        let sample = try Self.falseSample()
        for branch in 0..<2 { #expect(throws: ProverError.witnessDoesNotSatisfy) { try sample.prove(branch) } }
    }

    // MARK: The statement

    /// Branches dropped, doubled, replaced, exchanged: the bytes of the proof fitted to the new shape where that can be done.
    @Test func anotherStatement() throws {
        let sample = try Self.sample()
        let proof = try sample.prove(0)
        let (t, c, z) = (proof.announcement, proof.subchallenges, proof.responses)
        let b = sample.disjunction.branches
        func rejection(_ branches: [LinearRelation<G>], _ proof: Proof) throws -> ProofRejected.Reason? {
            try DisjunctionSample<G>(branches.map { Sample(relation: $0, witness: []) }, known: branches.map { _ in false }).rejection(
                proof)
        }
        // The order.
        let reordered = Proof(
            announcement: [t[2], t[0], t[1], t[3]], subchallenges: [c[1], c[0], c[2]], responses: [z[1], z[2], z[0], z[3]])
        #expect(try rejection([b[1], b[0], b[2]], reordered) == .challengeSum)
        // A branch dropped: its sub-challenge is missing in the sum; and it was in the transcript.
        let dropped = Proof(announcement: Array(t[..<3]), subchallenges: [c[0], c[1]], responses: Array(z[..<3]))
        #expect(try rejection([b[0], b[1]], dropped) == .challengeSum)
        let moved = Proof(announcement: Array(t[..<3]), subchallenges: [c[0], c[1] + c[2]], responses: Array(z[..<3]))
        #expect(try rejection([b[0], b[1]], moved) == .challengeSum)
        #expect(try rejection([b[0], b[1]], proof) == .shape)
        // A branch doubled.
        let doubled = Proof(announcement: t + [t[3]], subchallenges: c + [c[2]], responses: z + [z[3]])
        #expect(try rejection(b + [b[2]], doubled) == .challengeSum)
        // An easy branch added, with its own simulated part.
        let easy = try Sample<G>.opensTo(m: .one, r: .init(UInt64(2)), h: G.point(9))
        let added = Proof(
            announcement: t + easy.relation.simulate(challenge: .zero, responses: [.one]), subchallenges: c + [.zero], responses: z + [.one]
        )
        #expect(try rejection(b + [easy.relation], added) == .challengeSum)
        // A branch replaced by one of the same shape.
        let other = try Sample<G>.opensTo(m: .init(UInt64(41)), r: .init(UInt64(90)), h: G.point(987_654_321)).relation
        #expect(try rejection([b[0], b[1], other], proof) == .challengeSum)
        // The statement in a single branch.
        #expect(try rejection([b[0]], Proof(announcement: Array(t[..<2]), subchallenges: [c[0]], responses: [z[0]])) == .challengeSum)
    }

    @Test func anotherSession() throws {
        let sample = try Self.sample()
        let proof = try sample.prove(0)
        for session in [
            SigmaTag(application: "zkconsent-tesu", flavor: .disjunctiveBatchable, group: G.self).session,
            DisjunctionSample<G>.compactSession,
            LinearProofRejectionTests.session,
        ] {
            #expect(sample.rejection(proof, session: session) == .challengeSum)
        }
        // The other flavor with the same numbers, and back.
        let recoded = CompactDisjunctiveProof<G>(subchallenges: proof.subchallenges, responses: proof.responses)
        #expect(sample.rejection(compact: recoded) == .challengeSum)
        #expect(sample.rejection(compact: recoded, session: Self.session) == nil, "the sessions alone keep the flavors apart")
    }

    @Test func identityAnnouncements() throws {
        let sample = try Self.sample()
        let b = sample.disjunction.branches
        // Nonces of zero in the true branch: every equation holds.
        let (z1, z2, e) = (Self.random(2), Self.random(1), Self.random(2))
        let announcement =
            [G.identity, G.identity] + b[1].simulate(challenge: e[0], responses: z1) + b[2].simulate(challenge: e[1], responses: z2)
        let c0 = Self.challenge(sample, announcement) - e[0] - e[1]
        let proof = Proof(announcement: announcement, subchallenges: [c0, e[0], e[1]], responses: [c0 * .init(UInt64(31))] + z1 + z2)
        #expect(throws: Never.self) { try proof.check(sample.disjunction, challenge: Self.challenge(sample, announcement)) }
        #expect(sample.rejection(proof) == .identityAnnouncement)
        let compact = CompactDisjunctiveProof<G>(subchallenges: proof.subchallenges, responses: proof.responses)
        #expect(sample.rejection(compact: compact, session: Self.session) == .identityAnnouncement)
        let zeros = CompactDisjunctiveProof<G>(subchallenges: [.zero, .zero, .zero], responses: [.zero, .zero, .zero, .zero])
        #expect(sample.rejection(compact: zeros) == .identityAnnouncement)
    }
}
