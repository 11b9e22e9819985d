// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Groups
import SigmaProofs
import Testing

/// Forgeries of the linear part of point and unlinkable proofs (docs/protocol.md, section 12) that work when something is chosen after its challenge, or after
/// the weights of its batch.
@Suite struct PointTranscriptTests {
    typealias G = Suite
    typealias S = Suite.Scalar

    /// Rows whose consents are about other records.
    static func worldOfOtherRecords(_ rows: Int) throws -> TestWorld {
        var world = try TestWorld.honest(rows)
        for row in 0..<rows {
            var consent = world.receipts[row].consent
            consent.values["record"] = .id(otherRecord(row))
            try world.reissue(row, consent)
        }
        return world
    }

    static func otherRecord(_ row: Int) -> [UInt8] { TestKit.record(1_000 + row) }

    // MARK: The transcript

    /// `pointAbsorbElements`: `D`, `K''` and `V` in turn solved from their equation, once the challenge is known. The encoding of the identity is zeros.
    @Test(arguments: 0..<3)
    func elementChosenLate(_ place: Int) throws {
        let world = try TestWorld.honest(1)
        let forger = try PointForger(world, .ranged)
        var row = try forger.opened(world, 0)
        let nonces = forger.nonces(row)
        var announcements = forger.map(nonces)
        announcements[place] = FalseRelation.multiply(FalseRelation.random(), FalseRelation.h)
        let c = forger.challenge([UInt8](repeating: 0, count: 96), G.encode(announcements))
        let z = forger.responses(nonces, c, row)
        row.own[place] = try forger.fitted(place, announcements[place], c, z)
        #expect(forger.holds(row.own, announcements, c, z), "interactively it would pass")
        #expect(try forger.refused([row.own], [forger.bytes(announcements, z)]) == [0])
    }

    /// The same in a bundle: the holder chooses a `D` that nobody can open for a consent of whomever.
    @Test func dataPointChosenLate() throws {
        let world = try TestWorld.honest(1)
        let forger = try PointForger(world, .linear)
        var row = try forger.opened(world, 0)
        let nonces = forger.nonces(row)
        var announcements = forger.map(nonces)
        announcements[0] = FalseRelation.multiply(FalseRelation.random(), FalseRelation.h)
        let c = forger.challenge([UInt8](repeating: 0, count: 64), G.encode(announcements))
        let z = forger.responses(nonces, c, row)
        row.own[0] = try forger.fitted(0, announcements[0], c, z)
        #expect(forger.holds(row.own, announcements, c, z), "interactively it would pass")
        var parts = try PointParts(world.provePoints(dishonestly: true))
        parts.dataPoints[0] = G.encode([row.own[0]])
        parts.sigma[0] = forger.bytes(announcements, z)
        #expect(try world.verify(parts.bundle()).findings.map(\.row) == [0])
    }

    /// `pointAbsorbAnnouncement`: the challenge known first, then the simulator, for a consent about another record.
    @Test func announcementChosenLate() throws {
        let world = try Self.worldOfOtherRecords(1)
        let forger = try PointForger(world, .linear)
        let row = try forger.opened(world, 0)
        let c = forger.challenge(G.encode(row.own), [UInt8](repeating: 0, count: 64))
        let z = forger.nonces(row)
        let announcements = forger.simulated(row.own, c, z)
        #expect(forger.holds(row.own, announcements, c, z), "interactively it would pass")
        var parts = try PointParts(world.provePoints(dishonestly: true))
        parts.sigma[0] = forger.bytes(announcements, z)
        #expect(try world.verify(parts.bundle()).findings.map(\.row) == [0])
    }

    // MARK: The batch

    /// `familyBatchDigest`, `verificationDigests`: two rows without a consent, whose responses for the record are chosen once the weights are known, so that
    /// the sums of the errors along both generators of records are zero.
    @Test func responsesChosenForTheWeights() throws {
        let world = try Self.worldOfOtherRecords(2)
        let forger = try PointForger(world, .linear)
        let rows = try (0..<2).map { try forger.opened(world, $0) }
        let others = (0..<2).map { Identifier.scalar(type: "record", bytes: Self.otherRecord($0)) }
        let nonces = rows.map { forger.nonces($0) }
        let announcements = nonces.map { forger.map($0) }
        let c = rows.indices.map { forger.challenge(G.encode(rows[$0].own), G.encode(announcements[$0])) }
        func forged(_ records: [S]) throws -> FamilyProofs<G> {
            let proofs = rows.indices.map { row in
                var z = forger.responses(nonces[row], c[row], rows[row])
                z[0] = records[row]
                return forger.bytes(announcements[row], z)
            }
            return try forger.parsed(rows.map(\.own), proofs)
        }
        // Of D and of K of the first row, then of the second.
        let w = try StatementsSpy(forged([.zero, .zero])).weights { _ = $0.failures(randomness: [1]) }
        try #require(w.count == 4)
        let data = rows.indices.map { nonces[$0][0] + c[$0] * rows[$0].witness[0] }
        let consents = rows.indices.map { nonces[$0][0] + c[$0] * others[$0] }
        let (first, second) = try #require(
            FalseRelation.solve((w[0], w[2], w[0] * data[0] + w[2] * data[1]), (w[1], w[3], w[1] * consents[0] + w[3] * consents[1])))
        let proofs = try forged([first, second])
        #expect(proofs.malformed == [])
        var sum = WeightedEquations<G>()
        proofs.add(0..<2, weights: w, to: &sum)
        #expect(G.isIdentity(sum.sum), "the forgery is right")
        var batch = VerificationBatch<G>()
        batch.append(proofs)
        #expect(batch.failures(randomness: [1]).map(\.statement) == [0, 1])
    }

    /// `verificationRandomness`: two verifications of the same bytes have different weights, and neither has those that a prover can compute.
    @Test func weightsAreTheVerifiersOwn() throws {
        let world = try TestWorld.honest(1)
        let forger = try PointForger(world, .linear)
        let row = try forger.opened(world, 0)
        let spy = StatementsSpy(try forger.parsed([row.own], [forger.proof(row)]))
        let known = spy.weights { _ = $0.failures(randomness: []) }
        let weights = (0..<2).map { _ in spy.weights { _ = $0.failures() } }
        #expect(known.count == 2 && weights.allSatisfy { $0.count == 2 })
        #expect(weights[0] != weights[1])
        #expect(weights.allSatisfy { $0 != known })
        #expect(spy.weights { _ = $0.failures(randomness: []) } == known, "without randomness a prover can compute them")
    }
}
