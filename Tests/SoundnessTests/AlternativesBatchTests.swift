// SPDX-License-Identifier: Apache-2.0
import Groups
import SigmaProofs
import Testing

/// Disjunctions in the one batch (docs/protocol.md, sections 9 and 12.5): what the verifier of one proof refuses is refused and named, wherever it stands,
/// and nothing cancels.
@Suite struct AlternativesBatchTests {
    typealias G = Ristretto255
    typealias S = G.Scalar
    typealias Row = AlternativesForger.Row

    let forger: AlternativesForger
    /// Rows with a witness for either branch in turn, and their proofs.
    let rows: [Row]
    let proofs: [[UInt8]]

    init() throws {
        let forger = try AlternativesForger()
        self.forger = forger
        rows = (0..<6).map { .random($0 % 2) }
        proofs = try rows.map { try forger.proof($0).bytes }
    }

    /// Accepts `count` honest proofs.
    @Test(arguments: [0, 1, 2, 7, 8, 9, 33, 200])
    func honestProofsHold(count: Int) throws {
        let own = (0..<count).map { Row.random($0 % 3 == 0 ? 0 : 1) }
        let made = try own.map { try forger.proof($0).bytes }
        #expect(try forger.refused(own, made) == [])
        #expect(forger.refusedOneByOne(own, made) == [])
    }

    /// One flipped bit in any byte of a proof: batch and single verifier name the same row.
    @Test func everyByteOfOneProof() throws {
        for position in proofs[3].indices {
            var changed = proofs
            changed[3][position] ^= 1 << UInt8(position % 8)
            #expect(try forger.refused(rows, changed) == [3], "byte \(position)")
            #expect(forger.refusedOneByOne(rows, changed) == [3])
        }
    }

    /// Another statement: own elements exchanged, replaced, the identity, and one that makes an image the identity.
    @Test func otherStatements() throws {
        let special = FalseRelation.multiply(AlternativesForger.five, AlternativesForger.k)
        let changes: [[G.Point]] = [
            [rows[2].own[1], rows[2].own[0]], rows[1].own, [G.identity, rows[2].own[1]], [rows[2].own[0], G.identity],
            [rows[2].own[0], special],
        ]
        for own in changes {
            var changed = rows
            changed[2] = Row(own: own, branch: 0, witness: [])
            #expect(try forger.refused(changed, proofs) == [2])
            #expect(forger.refusedOneByOne(changed, proofs) == [2])
        }
    }

    /// Every equation of every branch, in every row: one false announcement with everything else right.
    @Test(arguments: 0..<6, AlternativesForger.branches)
    func oneFalseEquation(row: Int, branch: Int) throws {
        for equation in 0..<2 {
            var changed = proofs
            changed[row] = try forger.proof(rows[row], errors: [(branch, equation, G.generator)]).bytes
            #expect(try forger.parsed(rows, changed).malformed == [], "only an equation is false")
            #expect(try forger.refused(rows, changed) == [row])
            #expect(forger.refusedOneByOne(rows, changed) == [row])
        }
    }

    /// Errors that cancel without weights: of two rows, of the branches of one row, of the equations of one branch.
    @Test func errorsDoNotCancel() throws {
        let (plus, minus) = (FalseRelation.h, G.negate(FalseRelation.h))
        for branch in AlternativesForger.branches {
            for equation in 0..<2 {
                var changed = proofs
                changed[1] = try forger.proof(rows[1], errors: [(branch, equation, plus)]).bytes
                changed[4] = try forger.proof(rows[4], errors: [(branch, equation, minus)]).bytes
                #expect(try forger.refused(rows, changed) == [1, 4])
            }
        }
        for errors in [
            [(0, 0, plus), (1, 0, minus)], [(0, 1, plus), (1, 1, minus)], [(0, 0, plus), (0, 1, minus)], [(1, 0, plus), (1, 1, minus)],
        ] {
            var changed = proofs
            changed[2] = try forger.proof(rows[2], errors: errors).bytes
            #expect(try forger.refused(rows, changed) == [2])
        }
    }

    /// Any set of bad rows is named exactly.
    @Test func everySubsetOfBadRows() throws {
        for mask in 0..<64 {
            var changed = proofs
            for row in 0..<6 where mask >> row & 1 == 1 {
                if row % 2 == 0 {
                    changed[row] = try forger.proof(rows[row], errors: [(row / 2 % 2, 1, FalseRelation.h)]).bytes
                } else {
                    changed[row].replaceSubrange(128..<160, with: [UInt8](repeating: 0xff, count: 32))
                }
            }
            #expect(try forger.refused(rows, changed) == (0..<6).filter { mask >> $0 & 1 == 1 })
        }
    }

    // MARK: Sub-challenges

    /// Sub-challenges that are congruent to the right ones, but not reduced: one proof would have two encodings.
    @Test(arguments: AlternativesForger.branches)
    func subchallengePlusOrder(branch: Int) throws {
        var order = (-S.one).limbs
        order[0] += 1
        let proof = try forger.proof(rows[0])
        var bytes = proof.bytes
        var value = proof.subchallenges[branch].limbs
        var carry: UInt64 = 0
        for limb in 0..<4 {
            let wide = UInt128(value[limb]) + UInt128(order[limb]) + UInt128(carry)
            (value[limb], carry) = (UInt64(truncatingIfNeeded: wide), UInt64(truncatingIfNeeded: wide >> 64))
        }
        let encoded = value.flatMap { limb in (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) } }
        bytes.replaceSubrange(128 + 32 * branch..<160 + 32 * branch, with: encoded)
        var changed = proofs
        changed[0] = bytes
        #expect(try forger.parsed(rows, changed).malformed == [0])
        #expect(try forger.refused(rows, changed) == [0])
    }

    /// `anyOfSum`: all branches by the simulator, so that every equation holds.
    @Test func everyBranchSimulated() throws {
        let row = Row.refuted()
        let c = [FalseRelation.random(), FalseRelation.random()]
        let z = [[FalseRelation.random()], (0..<3).map { _ in FalseRelation.random() }]
        let t = try [0, 1].map { try forger.simulated(row, $0, c[$0], z[$0]) }
        let forged = AlternativesForger.Proof(announcements: t, subchallenges: c, responses: z).bytes
        #expect(try forger.refused([rows[0], row], [proofs[0], forged]) == [1])
    }

    /// `anyOfAbsorbAnnouncements`: the challenge known first, then the simulator. Encodings of the identity are zeros.
    @Test func announcementsChosenLate() throws {
        let row = Row.refuted()
        let c = try forger.challenge(row, [[G.identity, G.identity], [G.identity, G.identity]])
        let first = FalseRelation.random()
        let z = [[FalseRelation.random()], (0..<3).map { _ in FalseRelation.random() }]
        let t = [try forger.simulated(row, 0, first, z[0]), try forger.simulated(row, 1, c - first, z[1])]
        let forged = AlternativesForger.Proof(announcements: t, subchallenges: [first, c - first], responses: z).bytes
        #expect(try forger.refused([rows[0], row], [proofs[0], forged]) == [1])
    }

    /// `anyOfBatchDigest`: responses chosen once the weights are known, so that the errors of two equations cancel.
    @Test func responsesChosenForTheWeights() throws {
        // Equation 0 of branch 1 is wrong by `e G`, which a response of equation 1, over `G` too, takes back.
        let error = FalseRelation.random()
        let row = rows[1]
        let honest = try forger.proof(row, errors: [(1, 0, FalseRelation.multiply(error, G.generator))])
        func forged(_ weights: [S]) throws -> [UInt8] {
            var proof = honest
            // w_2 error - w_3 delta = 0
            let inverse = try #require(weights[3].vartimeInverted())
            proof.responses[1][2] = proof.responses[1][2] + weights[2] * error * inverse
            return proof.bytes
        }
        let spy = WeightSpy(try forger.parsed([row], [forged([.one, .one, .one, .one])]))
        var probe = VerificationBatch<G>()
        probe.append(spy)
        _ = probe.failures(randomness: [1])
        let weights = spy.seen.weights
        let second = try forger.parsed([row], [forged(weights)])
        var sum = WeightedEquations<G>()
        second.add(0..<1, weights: weights, to: &sum)
        #expect(G.isIdentity(sum.sum), "the forgery is right")
        var batch = VerificationBatch<G>()
        batch.append(second)
        #expect(batch.failures(randomness: [1]).count == 1)
    }

    // MARK: Shapes

    /// Parts of two branches exchanged; the branches of the statement in the other order.
    @Test func exchangedBranches() throws {
        let honest = try forger.proof(rows[0])
        var announcements = honest
        announcements.announcements.swapAt(0, 1)
        var subchallenges = honest
        subchallenges.subchallenges.swapAt(0, 1)
        var both = announcements
        both.subchallenges.swapAt(0, 1)
        for proof in [announcements, subchallenges, both] {
            var changed = proofs
            changed[0] = proof.bytes
            #expect(try forger.refused(rows, changed) == [0])
        }
        let reversed = try AlternativesForger(reversed: true)
        #expect(try reversed.refused(rows, proofs) == Array(0..<6))
        var turned = honest
        turned.announcements.swapAt(0, 1)
        turned.subchallenges.swapAt(0, 1)
        turned.responses.swapAt(0, 1)
        #expect(try reversed.refused([rows[0]], [turned.bytes]) == [0], "the order is in the transcript")
    }

    @Test func columnsOfOtherLengths() throws {
        let statements = G.encode(rows.flatMap(\.own))
        let all = proofs.flatMap { $0 }
        for (own, proof) in [
            (64, all.count), (statements.count - 1, all.count), (statements.count, all.count - 1), (statements.count, 320), (0, 320),
        ] {
            let (s, p) = (Array(statements[..<own]), Array(all[..<proof]))
            #expect(throws: ProofRejected.self) {
                try DisjunctionProofs(forger.family, statements: s.span, proofs: p.span, session: AlternativesForger.session)
            }
        }
    }

    @Test func familiesOfOtherForms() throws {
        #expect(throws: RelationFamilyError.branches) { try DisjunctionFamily<G>([]) }
        let y = try FalseRelation.logarithm(of: FalseRelation.h)
        let one = try RelationFamily(template: y, ownElements: [1])
        let two = forger.family.branches[0]
        #expect(throws: RelationFamilyError.branches) { try DisjunctionFamily([one, two]) }
    }
}
