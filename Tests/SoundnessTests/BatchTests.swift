// SPDX-License-Identifier: Apache-2.0
import Groups
import SigmaProofs
import Testing
import Transcripts

/// A forgery for each check of the batch verifier: false statements that it accepts once the check is removed.
@Suite struct BatchTests {
    typealias G = Ristretto255
    typealias Item = BatchVerifier<G>.Item
    static let session = SessionID(tag: "soundness/batch")

    static func accepts(_ items: [Item]) -> Bool {
        do { try BatchVerifier.verify(items) } catch { return false }
        return true
    }

    /// `batchEquation`.
    @Test func falseProof() throws {
        let relation = try FalseRelation.equalLogarithms(.one, FalseRelation.random())
        let proof = BatchableProof<G>(announcement: [G.generator, FalseRelation.h], responses: [FalseRelation.random()])
        #expect(!Self.accepts([Item(session: Self.session, relation: relation, proof: proof)]))
    }

    /// The verifier's randomness is in the weights, every verification draws its own, and weights use all of 128 bits.
    @Test func weightsAreTheVerifiersOwn() throws {
        let statement = try TailTests.Statement()
        let member = try statement.member(statement.proof())
        func weights(_ verify: (VerificationBatch<G>) -> [VerificationBatch<G>.Place]) -> [[UInt64]] {
            let spy = WeightSpy(member)
            var batch = VerificationBatch<G>()
            batch.append(spy)
            #expect(verify(batch).isEmpty)
            return spy.seen.weights.map(\.limbs)
        }
        let given = (UInt8(0)..<64).map { byte in weights { $0.failures(randomness: [byte]) } }
        let drawn = (0..<2).map { _ in weights { $0.failures() } }
        #expect(weights { $0.failures(randomness: [0]) } == given[0])
        let all = (given + drawn).flatMap { $0 }
        #expect(all.count == 2 * 66 && Set(all).count == all.count)
        #expect((0..<4).map { limb in all.reduce(0) { $0 | $1[limb] } } == [.max, .max, 0, 0])
    }

    /// `batchWeightForEach`: the errors of two proofs, neither of which holds, cancel under equal weights.
    @Test func cancellingErrors() throws {
        let (x, error) = (FalseRelation.random(), FalseRelation.random())
        let relation = try FalseRelation.equalLogarithms(x, x)
        func item(_ sign: G.Scalar) -> Item {
            let u = FalseRelation.random()
            let announcement = [
                FalseRelation.multiply(u + sign * error, G.generator), FalseRelation.multiply(u + sign * error, FalseRelation.h),
            ]
            let c = LinearTranscript(Self.session, relation).challenge(announcement: announcement).scalar
            return Item(session: Self.session, relation: relation, proof: .init(announcement: announcement, responses: [u + c * x]))
        }
        let forged = [item(.one), item(-.one)]
        let equal = [G.Scalar](repeating: FalseRelation.random(), count: 4)
        #expect(throws: Never.self) { try BatchVerifier.check(forged, challenges: forged.map(\.challenge), weights: equal) }
        #expect(!Self.accepts(forged))
        #expect(!Self.accepts([forged[0]]))
        #expect(!Self.accepts([forged[1]]))
    }

    /// `batchAbsorbProofs`: two proofs of one false statement, whose responses solve the two equations that remain once the weights are known; and
    /// one proof of a disjunction of two false statements, likewise.
    @Test func responsesChosenLate() throws {
        let (x, y) = (FalseRelation.random(), FalseRelation.random())
        let relation = try FalseRelation.equalLogarithms(x, y)
        let u = [FalseRelation.random(), FalseRelation.random()]
        let announcements = u.map { [FalseRelation.multiply($0, G.generator), FalseRelation.multiply($0, FalseRelation.h)] }
        func linear(_ z: [G.Scalar]) -> [Item] {
            (0..<2).map {
                Item(session: Self.session, relation: relation, proof: .init(announcement: announcements[$0], responses: [z[$0]]))
            }
        }
        let dummy = linear([.zero, .zero])
        let forged = linear(try solved(u, dummy.map(\.challenge), x, y, BatchVerifier.weights(dummy, randomness: [])))
        #expect(forged.map(\.challenge) == dummy.map(\.challenge))
        try checks(forged, BatchVerifier.weights(dummy, randomness: []))

        let statement = try Disjunction([relation, relation])
        func disjunctive(_ c: [G.Scalar], _ z: [G.Scalar]) -> [Item] {
            [
                Item(
                    session: Self.session, disjunction: statement,
                    proof: .init(announcement: announcements[0] + announcements[1], subchallenges: c, responses: z))
            ]
        }
        let blank = disjunctive([.zero, .zero], [.zero, .zero])
        let c = [G.Scalar.one, blank[0].challenge - .one]
        let weights = BatchVerifier.weights(blank, randomness: [])
        try checks(disjunctive(c, try solved(u, c, x, y, weights)), weights)
    }

    /// The forgery passes with the weights it was made for, and not with those that depend on it.
    func checks(_ forged: [Item], _ weights: [G.Scalar]) throws {
        #expect(throws: Never.self, "the forgery is right") {
            try BatchVerifier.check(forged, challenges: forged.map(\.challenge), weights: weights)
        }
        #expect(!Self.accepts(forged))
    }

    /// Responses with which the weighted sums along `G` and along `H` are both zero.
    func solved(_ u: [G.Scalar], _ c: [G.Scalar], _ x: G.Scalar, _ y: G.Scalar, _ w: [G.Scalar]) throws -> [G.Scalar] {
        let alongG = (w[0], w[2], w[0] * (u[0] + c[0] * x) + w[2] * (u[1] + c[1] * x))
        let alongH = (w[1], w[3], w[1] * (u[0] + c[0] * y) + w[3] * (u[1] + c[1] * y))
        let (a, b) = try #require(FalseRelation.solve(alongG, alongH))
        return [a, b]
    }
}
