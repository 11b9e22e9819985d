// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import Testing
import Transcripts

@Suite struct DisjunctionTests {
    typealias Large = AdditiveGroup<OrderM61>
    typealias Tiny = AdditiveGroup<Order13>

    @Test func everyTrueBranchProves() throws {
        try proves(Large.self, h: Large.point(987_654_321))
        try proves(ToyGroup.self, h: ToyGroup.vartimeMultiScalarMul([.init(UInt64(77))], [ToyGroup.generator]))
        try proves(Ristretto255.self, h: FoldedSample<Ristretto255>.bases(1, "h")[0])
    }

    func proves<G: Group>(_ group: G.Type, h: G.Point) throws {
        for known in 0..<3 {
            // Nobody knows a witness for the others: the prover is given one alone.
            let sample = try DisjunctionSample<G>.mixed(h: h, known: (0..<3).map { $0 == known })
            let (proof, compact) = (try sample.prove(known), try sample.proveCompact(known))
            #expect(sample.rejection(proof) == nil)
            #expect(sample.rejection(compact: compact) == nil)
            let (bytes, compactBytes) = (proof.bytes, compact.bytes)
            #expect(bytes.count == 4 * G.pointByteCount + 7 * G.Scalar.byteCount)
            #expect(bytes.count == BatchableDisjunctiveProof.byteCount(for: sample.disjunction))
            #expect(compactBytes.count == 7 * G.Scalar.byteCount)
            #expect(try BatchableDisjunctiveProof(parsing: bytes.span, for: sample.disjunction) == proof)
            #expect(try CompactDisjunctiveProof(parsing: compactBytes.span, for: sample.disjunction) == compact)
            // The equations of the document, written out.
            let c = DisjunctiveTranscript(DisjunctionSample<G>.session, sample.disjunction).challenge(announcement: proof.announcement)
            #expect(proof.subchallenges.reduce(.zero) { $0 + $1 } == c.scalar, "(5)")
            let responses = [Array(proof.responses[..<1]), Array(proof.responses[1..<3]), Array(proof.responses[3...])]
            let expected = (0..<3).flatMap { b in
                sample.disjunction.branches[b].simulate(challenge: proof.subchallenges[b], responses: responses[b])
            }
            #expect(expected == proof.announcement, "(6)")
        }
    }

    @Test func oneBranchIsThatRelation() throws {
        let all = try DisjunctionSample<Large>.mixed(h: Large.point(5))
        let sample = try DisjunctionSample<Large>([.init(relation: all.disjunction.branches[1], witness: all.witnesses[1]!)], known: [true])
        let proof = try sample.prove(0)
        #expect(sample.rejection(proof) == nil)
        let c = DisjunctiveTranscript(DisjunctionSample<Large>.session, sample.disjunction).challenge(announcement: proof.announcement)
        #expect(proof.subchallenges == [c.scalar])
        // It is no linear proof under either session, nor the other way round.
        let linear = BatchableProof<Large>(announcement: proof.announcement, responses: proof.responses)
        for session in [DisjunctionSample<Large>.session, LinearProofRejectionTests.session] {
            #expect(throws: ProofRejected(.equation)) { try linear.verify(sample.disjunction.branches[0], session: session) }
        }
    }

    @Test func manyBranches() throws {
        let samples = try (1...40).map { try Sample<Large>.chaumPedersen(x: .init(UInt64($0)), h: Large.point(UInt64(1_000 + $0))) }
        let sample = try DisjunctionSample<Large>(samples, known: samples.map { _ in true })
        for branch in [0, 17, 39] {
            let proof = try sample.prove(branch)
            #expect(sample.rejection(proof) == nil)
            #expect(proof.bytes.count == 8 * (80 + 40 + 40))
        }
    }

    // MARK: The statement

    @Test func theStatementsEncodingIsInjective() throws {
        let branches = try DisjunctionSample<Large>.mixed(h: Large.point(5)).disjunction.branches
        let disjunctions = try [
            Disjunction(branches), Disjunction(branches.reversed()), Disjunction([branches[0]]), Disjunction([branches[0], branches[0]]),
            Disjunction([branches[0], branches[1]]), Disjunction([branches[1], branches[0]]), Disjunction(branches + [branches[2]]),
        ]
        let encodings = disjunctions.map(\.serialized)
        #expect(Set(encodings).count == encodings.count)
        for (index, a) in encodings.enumerated() {
            for (other, b) in encodings.enumerated() where index != other { #expect(!b.starts(with: a), "prefix-free") }
            #expect(Array(a[..<4]) == [0, 0, 0, 0])
            #expect(throws: LinearRelationError.self) { try LinearRelation<Large>(parsing: a) }
            #expect(try Disjunction<Large>(parsing: a).serialized == a)
        }
        for branch in branches { #expect(throws: DisjunctionError.length) { try Disjunction<Large>(parsing: branch.serialized) } }
    }

    @Test func badStatementsAreRefused() throws {
        let branch = try Sample<Large>.chaumPedersen(x: .init(UInt64(3)), h: Large.point(5)).relation
        #expect(throws: DisjunctionError.noBranches) { try Disjunction<Large>([]) }
        #expect(throws: DisjunctionError.noBranches) { try Disjunction<Large>(parsing: [0, 0, 0, 0, 0, 0, 0, 0]) }
        let many = [LinearRelation<Large>](repeating: branch, count: Disjunction<Large>.maximumBranchCount)
        #expect(throws: Never.self) { try Disjunction(many) }
        #expect(throws: DisjunctionError.tooManyBranches) { try Disjunction(many + [branch]) }
        let good = try Disjunction([branch, branch]).serialized
        for count in 0..<good.count {
            #expect(throws: DisjunctionError.length) { try Disjunction<Large>(parsing: Array(good[..<count])) }
        }
        #expect(throws: DisjunctionError.length) { try Disjunction<Large>(parsing: good + [0]) }
        #expect(throws: DisjunctionError.length) { try Disjunction<Large>(parsing: good, limits: .init(byteCount: good.count - 1)) }
        #expect(throws: DisjunctionError.length) { try Disjunction<Large>(parsing: [0, 0, 0, 0, 255, 255, 255, 255]) }
        #expect(throws: DisjunctionError.length) { try Disjunction<Large>(parsing: [0, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255]) }
        var spoiled = good
        spoiled.replaceSubrange(spoiled.count - 8..<spoiled.count, with: littleEndian(OrderM61.q))
        #expect(throws: DisjunctionError.branch(1, .elementEncoding)) { try Disjunction<Large>(parsing: spoiled) }
        let empty = littleEndian(UInt32(0)) + littleEndian(UInt32(1)) + lengthPrefixed([])
        #expect(throws: DisjunctionError.branch(0, .length)) { try Disjunction<Large>(parsing: empty) }
    }

    @Test func tagsAreDistinct() {
        let flavors: [SigmaTag.Flavor] = [.batchable, .compact, .disjunctiveBatchable, .disjunctiveCompact]
        let applications = ["a", "a-OR", "a-", "a-DSFS", "a-ORDSFS", "a-DSFS-with-sigma-proofs_Shake128_ristretto255"]
        let tags = applications.flatMap { a in flavors.map { SigmaTag(application: a, flavor: $0, group: Ristretto255.self).text } }
        #expect(Set(tags).count == tags.count)
        #expect(tags[2] == "a-ORDSFS-with-sigma-proofs_Shake128_ristretto255")
    }

    // MARK: The prover

    @Test func theProverRefusesAWitnessOfNoBranch() throws {
        let sample = try DisjunctionSample<Large>.mixed(h: Large.point(5))
        let (d, session) = (sample.disjunction, DisjunctionSample<Large>.session)
        func error(_ branch: Int, _ scalars: [UInt64]) -> ProverError? {
            let secret = SecretScalars<Large>(copying: scalars.map { Large.Scalar($0) })
            let witness = DisjunctiveWitness(branch: branch, scalars: secret, of: d)
            do throws(ProverError) {
                _ = try DisjunctiveProver.batchableProof(of: d, witness: witness, session: session)
            } catch {
                let again = DisjunctiveWitness(branch: branch, scalars: secret, of: d)
                #expect(throws: error) { try DisjunctiveProver.compactProof(of: d, witness: again, session: session) }
                return error
            }
            return nil
        }
        #expect(error(0, [31]) == nil)
        #expect(error(1, [70, 20]) == nil)
        #expect(error(2, [90]) == nil)
        for branch in 0..<3 {
            for scalars: [UInt64] in [[32], [70, 21], [20, 70], [0, 0], [], [91]] {
                #expect(error(branch, scalars) == .witnessDoesNotSatisfy, "branch \(branch), \(scalars)")
            }
        }
        // A witness of one branch said to be of another, or of none.
        #expect(error(1, [31]) == .witnessDoesNotSatisfy)
        #expect(error(0, [90]) == .witnessDoesNotSatisfy)
        for branch in [3, 4, 1 << 40, Int.max, -1, Int.min] { #expect(error(branch, [31]) == .witnessDoesNotSatisfy) }
        #expect(error(0, [31, 0, 0]) == .witnessCount)
        let short = DisjunctiveWitness<Large>(branch: SecretLimbs(count: 1), scalars: SecretScalars(zeros: 1))
        #expect(throws: ProverError.witnessCount) { try DisjunctiveProver.batchableProof(of: d, witness: short, session: session) }
        let noIndex = DisjunctiveWitness<Large>(branch: SecretLimbs(count: 0), scalars: SecretScalars(zeros: 2))
        #expect(throws: ProverError.witnessCount) { try DisjunctiveProver.batchableProof(of: d, witness: noIndex, session: session) }
    }

    @Test func noncesAreFresh() throws {
        let sample = try DisjunctionSample<Large>.mixed(h: Large.point(5))
        let proofs = try (0..<30).map { try sample.prove($0 % 3) }
        for position in 0..<4 { #expect(Set(proofs.map { $0.announcement[position].value }).count == proofs.count) }
        for position in 0..<3 { #expect(Set(proofs.map { $0.subchallenges[position].value }).count == proofs.count) }
        for position in 0..<4 { #expect(Set(proofs.map { $0.responses[position].value }).count == proofs.count) }
    }

    /// Which branch is true cannot be read off: over the toy group the distributions of every sub-challenge and response are flat, for each branch.
    @Test func everyPartIsUniformWhicheverBranchIsTrue() throws {
        let h = ToyGroup.vartimeMultiScalarMul([.init(UInt64(77))], [ToyGroup.generator])
        let sample = try DisjunctionSample<ToyGroup>.mixed(h: h)
        let (trials, buckets) = (4_000, 16)
        for branch in 0..<3 {
            var counts = [[Int]](repeating: [Int](repeating: 0, count: buckets), count: 7)
            for _ in 0..<trials {
                let proof = try sample.prove(branch)
                for (index, scalar) in (proof.subchallenges + proof.responses).enumerated() {
                    counts[index][Int(scalar.value) * buckets / Int(ToyGroup.order)] += 1
                }
            }
            for (index, row) in counts.enumerated() {
                let expected = Double(trials) / Double(buckets)
                let chiSquare = row.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
                // 15 degrees of freedom: above 100 with probability 1e-14, buckets of slightly unequal width included.
                #expect(chiSquare < 100, "branch \(branch), scalar \(index): \(row)")
            }
        }
    }
}
