// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import Secrets
import SigmaProofs
import Synchronization
import TestSupport
import Testing
import Transcripts

/// A forgery for each check of the compressed tail (docs/protocol.md sections 4.1 and 4.3): what would be accepted once the check is removed.
///
/// One row, `D = rec G + s H` and `C = rec R + <h, tail>`. The tail has ten places, two rounds, unless a test says otherwise.
@Suite struct TailTests {
    typealias G = Ristretto255
    typealias Scalar = G.Scalar

    static func points(_ count: Int) -> [G.Point] {
        let bytes = SHAKE128.hash(Array("soundness tail".utf8), count: 64 * count)
        return G.points(uniformBytes: bytes.span)
    }

    /// A statement with the scalars that its prover uses, `rec s h_0 ...`, which need not be a witness.
    struct Statement {
        let relation: FoldedRelation<G>
        var scalars: [Scalar]
        var dataPoint: G.Point
        var consent: G.Point

        /// A true one. With `sharesBase` the record has the same generator on both sides.
        init(tailCount: Int = 10, sharesBase: Bool = false) throws {
            let points = TailTests.points(tailCount + 4)
            relation = try FoldedRelation(
                dataBases: [points[0], points[1]], links: [.init(slot: 0, base: sharesBase ? points[0] : points[2])],
                tailBases: Array(points[3..<3 + tailCount]))
            scalars = SecretScalars<G>.random(count: 2 + tailCount).declassified(as: .response)
            dataPoint = G.vartimeMultiScalarMul(Array(scalars[..<2]), relation.dataBases)
            consent = G.vartimeMultiScalarMul([scalars[0]] + scalars[2...], relation.consentBases)
        }

        /// An element that has nothing to do with the relation.
        var outside: G.Point { TailTests.points(relation.tailBases.count + 4).last ?? G.generator }

        func transcript() -> WeightedTranscript {
            FoldedTranscript(sessionTag: "soundness/tail", absorbing: [G.encode([dataPoint, consent])]).weighted()
        }

        var weight: Scalar { Scalar(transcript().weights.weights(count: 1)[0]) }

        /// The honest prover's messages for these scalars.
        func proof() throws -> FoldedProof<G> {
            let folded = scalars.map { weight * $0 }
            return try FoldedProver.prove(
                relation, data: SecretScalars(copying: Array(folded[..<2])), tail: SecretScalars(copying: Array(folded[2...])),
                transcript: transcript())
        }

        func challenges(_ proof: FoldedProof<G>) throws -> FoldedChallenges<G> {
            try FoldedVerifier.challenges(relation, transcript: transcript(), proof: proof)
        }

        func member(_ proof: FoldedProof<G>) throws -> FoldedMember<G> {
            try FoldedMember(
                FoldedBases(relation), foldedData: G.vartimeMultiScalarMul([weight], [dataPoint]),
                foldedConsent: G.vartimeMultiScalarMul([weight], [consent]), transcript: transcript(), proof: proof)
        }

        /// Whether the verifier accepts, by itself.
        func accepts(_ proof: FoldedProof<G>) -> Bool {
            do { try member(proof).check() } catch { return false }
            return true
        }

        /// The weights of the two equations in a batch of this proof alone, whose verifier has no randomness of its own.
        func batchWeights(_ proof: FoldedProof<G>) throws -> [Scalar] {
            let spy = Spy(member: try member(proof))
            _ = TailTests.batchAccepts(spy)
            return spy.seen.withLock { $0 }
        }
    }

    /// A member of a batch that tells the weights it was given first.
    final class Spy: BatchMember {
        let member: FoldedMember<G>
        let seen = Mutex<[Scalar]>([])

        init(member: FoldedMember<G>) { self.member = member }

        var statementCount: Int { member.statementCount }
        var equationCount: Int { member.equationCount }
        var malformed: [Int] { member.malformed }
        var digest: [UInt8] { member.digest }
        func add(_ statements: Range<Int>, weights: [Scalar], to sum: inout WeightedEquations<G>) {
            seen.withLock { if $0.isEmpty { $0 = weights } }
            member.add(statements, weights: weights, to: &sum)
        }
    }

    static func batchAccepts(_ member: any BatchMember<G>) -> Bool {
        var batch = VerificationBatch<G>()
        batch.append(member)
        return batch.failures(randomness: []).isEmpty
    }

    /// A batch whose weights are those that the forger knew.
    static func sumIsZero(_ member: FoldedMember<G>, _ weights: [Scalar]) -> Bool {
        var sum = WeightedEquations<G>()
        member.add(0..<1, weights: weights, to: &sum)
        return G.isIdentity(sum.sum)
    }

    static func multiply(_ x: Scalar, _ p: G.Point) -> G.Point { G.vartimeMultiScalarMul([x], [p]) }

    static func with(
        _ proof: FoldedProof<G>, dataResponses: [Scalar]? = nil, rounds: [CompressedTail<G>.Round]? = nil, last: [Scalar]? = nil
    ) -> FoldedProof<G> {
        FoldedProof(
            announcement: proof.announcement, dataResponses: dataResponses ?? proof.dataResponses,
            tail: .init(rounds: rounds ?? proof.tail.rounds, last: last ?? proof.tail.last))
    }

    @Test(arguments: [1, 4, 5, 10, 40])
    func honest(_ tailCount: Int) throws {
        let statement = try Statement(tailCount: tailCount)
        let proof = try statement.proof()
        #expect(statement.accepts(proof))
        #expect(try Self.batchAccepts(statement.member(proof)))
    }

    /// `tailAbsorbRounds`: a consent with a component that no clause allows; either cross term of either round is solved from equation (3).
    @Test func roundChosenLate() throws {
        var statement = try Statement()
        statement.consent = G.add(statement.consent, statement.outside)
        let proof = try statement.proof()
        #expect(!statement.accepts(proof))
        let challenges = try statement.challenges(proof)
        let scalars = proof.tail.verifierScalars(challenges: challenges.rounds, count: 10)
        // Right side minus left side is E_0 c rho times what is outside.
        let error = Self.multiply(-scalars.target * challenges.announcement * statement.weight, statement.outside)
        for round in 0..<2 {
            for isLeft in [true, false] {
                let inverse = try #require((isLeft ? scalars.left[round] : scalars.right[round]).vartimeInverted())
                var rounds = proof.tail.rounds
                let (left, right) = (rounds[round].left, rounds[round].right)
                let correction = Self.multiply(inverse, error)
                rounds[round] = .init(left: isLeft ? G.add(left, correction) : left, right: isLeft ? right : G.add(right, correction))
                let forged = Self.with(proof, rounds: rounds)
                let (data, consent) = (
                    Self.multiply(statement.weight, statement.dataPoint), Self.multiply(statement.weight, statement.consent)
                )
                #expect(throws: Never.self, "the forgery is right for the old challenges") {
                    try FoldedVerifier.check(
                        FoldedBases(statement.relation), foldedData: data, foldedConsent: consent, challenges: challenges, proof: forged)
                }
                #expect(!statement.accepts(forged))
            }
        }
    }

    /// `tailAbsorbResponses`: a data point about one record and a consent about another, with one generator for records; the shared response is chosen
    /// for the sum of the equations once the weights of a batch are known.
    @Test func responsesChosenLate() throws {
        var statement = try Statement(sharesBase: true)
        statement.dataPoint = G.add(statement.dataPoint, statement.relation.dataBases[0])
        let proof = try statement.proof()
        let (weights, challenges) = (try statement.batchWeights(proof), try statement.challenges(proof))
        #expect(weights.count == 2)
        #expect(try !Self.batchAccepts(statement.member(proof)))
        let target = proof.tail.verifierScalars(challenges: challenges.rounds, count: 10).target
        // w_2 (z - c rho) + w_3 E_0 z = w_3 E_0 z_honest + w_2 z_honest.
        let inverse = try #require((weights[0] + weights[1] * target).vartimeInverted())
        let shift = weights[0] * challenges.announcement * statement.weight * inverse
        let forged = Self.with(proof, dataResponses: [proof.dataResponses[0] + shift, proof.dataResponses[1]])
        let old = try FoldedMemberWithChallenges(statement, forged, challenges)
        #expect(old.sumIsZero(weights), "the forgery is right for the old challenges and weights")
        #expect(try !Self.batchAccepts(statement.member(forged)))
        #expect(!statement.accepts(forged))
    }

    /// `tailAbsorbLast`: a data point with a component along a generator of the tail; the last scalar balances it once the weights are known.
    @Test func lastScalarsChosenLate() throws {
        for place in 0..<3 {
            var statement = try Statement(tailCount: 3)
            statement.dataPoint = G.add(statement.dataPoint, statement.relation.tailBases[place])
            let proof = try statement.proof()
            let (weights, challenges) = (try statement.batchWeights(proof), try statement.challenges(proof))
            var last = proof.tail.last
            let inverse = try #require(weights[1].vartimeInverted())
            last[place] = last[place] + weights[0] * challenges.announcement * statement.weight * inverse
            let forged = Self.with(proof, last: last)
            #expect(try Self.sumIsZero(statement.member(forged), weights), "the forgery is right for the old weights")
            #expect(try !Self.batchAccepts(statement.member(forged)))
            #expect(!statement.accepts(forged))
        }
    }

    /// `proofIdentity`: a prover whose nonce and witness are both zero at the one place that the lower half multiplies. Proofs say something with every
    /// element, or they are refused.
    @Test func identityCrossTerm() throws {
        var statement = try Statement(tailCount: 5)
        statement.scalars[2] = .zero
        statement.consent = G.vartimeMultiScalarMul([statement.scalars[0]] + statement.scalars[2...], statement.relation.consentBases)
        var nonces = SecretScalars<G>.random(count: 7).declassified(as: .response)
        nonces[2] = .zero
        let relation = statement.relation
        let announcement = FoldedAnnouncement<G>(
            data: G.vartimeMultiScalarMul(Array(nonces[..<2]), relation.dataBases),
            consent: G.vartimeMultiScalarMul([nonces[0]] + nonces[2...], relation.consentBases))
        let announced: AnnouncedTranscript<G> = statement.transcript().announced(announcement)
        let x = announced.challenge.scalar * statement.weight
        let z = nonces.indices.map { nonces[$0] + x * statement.scalars[$0] }
        #expect(z[2] == .zero)
        var transcript = announced.answered(Array(z[..<2]))
        let round = CompressedTail<G>.Round(left: G.identity, right: Self.multiply(z[6], relation.tailBases[0]))
        let e = transcript.challenge(round).scalar
        let forged = FoldedProof<G>(
            announcement: announcement, dataResponses: Array(z[..<2]),
            tail: .init(rounds: [round], last: [z[2] + e * z[6], z[3], z[4], z[5]]))
        #expect(!statement.accepts(forged))
        let bytes = forged.bytes
        #expect(throws: ProofRejected.self) { try FoldedProof<G>(parsing: bytes.span, for: relation) }
    }

    /// `proofLength`: one proof, two encodings.
    @Test func trailingBytes() throws {
        let statement = try Statement()
        let bytes = try statement.proof().bytes
        for extra in [1, 32, 64, 128] {
            let longer = bytes + [UInt8](repeating: 0, count: extra)
            #expect(throws: ProofRejected.self) { try FoldedProof<G>(parsing: longer.span, for: statement.relation) }
        }
    }

    /// Every bit of every part of the compressed tail, the identity, encodings that are not canonical, exchanged parts, parts of another proof.
    @Test func everyChangeOfTheTail() throws {
        let statement = try Statement()
        let (proof, other) = (try statement.proof(), try statement.proof())
        let (bytes, otherBytes) = (proof.bytes, other.bytes)
        #expect(bytes.count == 32 * (2 + 2 + 4 + 4))
        func refuses(_ bytes: [UInt8]) -> Bool {
            guard let proof = try? FoldedProof<G>(parsing: bytes.span, for: statement.relation) else { return true }
            return !statement.accepts(proof)
        }
        #expect(!refuses(bytes))
        for bit in 8 * 128..<8 * bytes.count {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(refuses(changed), "bit \(bit)")
        }
        for part in 4..<12 {
            let range = 32 * part..<32 * part + 32
            for filling in [UInt8(0), 0xff, 1] {
                var changed = bytes
                changed.replaceSubrange(range, with: [UInt8](repeating: filling, count: 32))
                #expect(refuses(changed), "part \(part) of \(filling)")
            }
            var moved = bytes
            moved.replaceSubrange(range, with: otherBytes[range])
            #expect(refuses(moved), "part \(part) of another proof")
            // Plus p or q: another encoding of the same element or scalar.
            let modulus: [UInt8] = part < 8 ? [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f] : Self.order
            var (sum, carry) = (bytes, 0)
            for index in 0..<32 {
                carry += Int(bytes[32 * part + index]) + Int(modulus[index])
                sum[32 * part + index] = UInt8(carry & 0xff)
                carry >>= 8
            }
            #expect(carry > 0 || refuses(sum), "part \(part) not reduced")
            for second in part + 1..<12 {
                var swapped = bytes
                swapped.replaceSubrange(range, with: bytes[32 * second..<32 * second + 32])
                swapped.replaceSubrange(32 * second..<32 * second + 32, with: bytes[range])
                #expect(refuses(swapped), "parts \(part) and \(second) exchanged")
            }
        }
        // Rounds left out, added, exchanged; the tail in full.
        #expect(refuses(Array(bytes[..<128] + bytes[192...])))
        #expect(refuses(Array(bytes[..<192] + bytes[128...])))
        #expect(refuses(Array(bytes[..<128] + bytes[192..<256] + bytes[128..<192] + bytes[256...])))
        #expect(refuses(Array(bytes[..<128] + otherBytes[128...])))
    }

    /// `q`, little-endian.
    private static let order: [UInt8] =
        [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        ] + [UInt8](repeating: 0, count: 15) + [0x10]

    /// The two equations for challenges that are given, in the sum of a batch.
    struct FoldedMemberWithChallenges {
        let data: G.Point
        let consent: G.Point

        init(_ statement: Statement, _ proof: FoldedProof<G>, _ challenges: FoldedChallenges<G>) throws {
            let (relation, c, rho) = (statement.relation, challenges.announcement, statement.weight)
            data = G.vartimeMultiScalarMul(
                proof.dataResponses + [-.one, -(c * rho)], relation.dataBases + [proof.announcement.data, statement.dataPoint])
            let s = proof.tail.verifierScalars(challenges: challenges.rounds, count: relation.tailBases.count)
            let rounds = proof.tail.rounds
            let scalars = [s.target * proof.dataResponses[0]] + s.bases + [-s.target, -(s.target * c * rho)]
            consent = G.vartimeMultiScalarMul(
                scalars + s.left.map { -$0 } + s.right.map { -$0 },
                relation.consentBases + [proof.announcement.consent, statement.consent] + rounds.map { $0.left } + rounds.map { $0.right })
        }

        func sumIsZero(_ weights: [Scalar]) -> Bool { G.isIdentity(G.vartimeMultiScalarMul(weights, [data, consent])) }
    }
}
