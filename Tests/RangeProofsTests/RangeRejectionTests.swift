// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import RangeProofs
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// What is not a proof of this statement.
@Suite struct RangeRejectionTests {
    typealias G = Ristretto255

    /// Every bit of a proof of 8 bits, and of its commitment.
    @Test func everyBit() throws {
        let sample = try RangeSample(bits: 8, values: [99])
        for bit in 0..<8 * sample.proof.bytes.count {
            var bytes = sample.proof.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(sample.reason(bytes) != nil, "bit \(bit)")
        }
        for bit in 0..<256 {
            var commitments = sample.commitments
            commitments[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(RangeSample.reason(sample.parameters, commitments, sample.proof.bytes, sample.context) != nil, "bit \(bit)")
        }
    }

    /// Proofs of nothing but zeros, ones, or identities with right scalars, for the commitment zero and others.
    @Test func constantProofs() throws {
        for (bits, count) in [(8, 1), (64, 2)] {
            let parameters = try RangeSample.parameters(bits: bits, count: count)
            let context = RangeContext(session: RangeSample.session, statement: [])
            let commitments = [
                [UInt8](repeating: 0, count: 32 * count), G.encode([G.Point](repeating: G.generator, count: count)),
            ]
            for commitment in commitments {
                for byte in [UInt8(0), 1, 0x7f, 0xff] {
                    let proof = [UInt8](repeating: byte, count: parameters.proofByteCount)
                    #expect(RangeSample.reason(parameters, commitment, proof, context) == .shape)
                }
            }
        }
    }

    /// The identity in the place of any element; scalars that are not reduced; a commitment that is the identity.
    @Test func encodings() throws {
        let sample = try RangeSample(bits: 8, values: [7, 9])
        let order: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0x10,
        ]
        let parts = sample.proof.bytes.count / 32
        let scalars: Set<Int> = [4, 5, 6, parts - 2, parts - 1]
        for part in 0..<parts {
            var bytes = sample.proof.bytes
            bytes.replaceSubrange(32 * part..<32 * (part + 1), with: scalars.contains(part) ? order : [UInt8](repeating: 0, count: 32))
            #expect(sample.reason(bytes) == .shape, "part \(part)")
        }
        // The value 0 with the blinding 0.
        let zero = SecretLimbs(count: 2)
        let blindings = SecretScalars<G>(zeros: 2)
        let prover = RangeProver<RangeSample.Transcript>(sample.parameters)
        let identities = prover.commitments(zero, blindings: blindings)
        #expect(throws: ProverError.witnessDoesNotSatisfy) {
            _ = try prover.prove(values: zero, blindings: blindings, commitments: identities, opening: sample.context)
        }
        let dalek = try RangeParameters.dalek(bits: 8, count: 2)
        let merlin = RangeProver<MerlinRangeTranscript>(dalek)
        #expect(throws: Never.self, "dalek's form accepts it") {
            _ = try merlin.prove(values: zero, blindings: blindings, commitments: identities, opening: [1])
        }
    }

    @Test func lengths() throws {
        let sample = try RangeSample(bits: 8, values: [7])
        let bytes = sample.proof.bytes
        for other in [[], Array(bytes.dropLast()), Array(bytes.dropLast(32)), Array(bytes.dropLast(64)), bytes + [0], bytes + bytes] {
            #expect(sample.reason(other) == .shape)
        }
    }

    /// Commitments in another order, one of them in the place of all, fewer or more than the proof is about.
    @Test func otherCommitments() throws {
        let sample = try RangeSample(bits: 8, values: [1, 2, 3, 4])
        let v = (0..<4).map { Array(sample.commitments[32 * $0..<32 * ($0 + 1)]) }
        func reason(_ order: [Int]) -> ProofRejected.Reason? {
            RangeSample.reason(sample.parameters, order.flatMap { v[$0] }, sample.proof.bytes, sample.context)
        }
        #expect(reason([0, 1, 2, 3]) == nil)
        for order in [[1, 0, 2, 3], [3, 2, 1, 0], [0, 0, 0, 0], [0, 1, 2, 2]] { #expect(reason(order) == .equation) }
        for order in [[], [0], [0, 1], [0, 1, 2], [0, 1, 2, 3, 3]] { #expect(reason(order) == .shape) }
    }

    /// A proof of `n` bits and `m` values for other `n` and `m`, where the length would fit: 64 = 16 x 4 = 32 x 2 = 64 x 1.
    @Test func otherSizes() throws {
        let sample = try RangeSample(bits: 16, values: [1, 1, 1, 1])
        for (bits, count) in [(32, 2), (64, 1), (8, 8)] {
            let parameters = try RangeSample.parameters(bits: bits, count: count)
            #expect(parameters.proofByteCount == sample.proof.bytes.count)
            let commitments = Array((sample.commitments + sample.commitments).prefix(32 * count))
            #expect(RangeSample.reason(parameters, commitments, sample.proof.bytes, sample.context) == .equation)
        }
    }

    /// Another session, context, or pair of bases.
    @Test func elsewhere() throws {
        let sample = try RangeSample(bits: 8, values: [7])
        let contexts = [
            RangeContext(session: RangeSample.session, statement: [1, 2]),
            RangeContext(session: RangeSample.session, statement: [1, 2, 3, 0]),
            RangeContext(session: SessionID(tag: "tests/other"), statement: [1, 2, 3]),
        ]
        for context in contexts {
            #expect(RangeSample.reason(sample.parameters, sample.commitments, sample.proof.bytes, context) == .equation)
        }
        let (b, h) = (RangeSample.bases[0], RangeSample.bases[1])
        for (value, blinding) in [(h, b), (b, G.generator), (G.generator, h)] {
            let parameters = try RangeParameters(
                bits: 8, count: 1, valueBase: value, blindingBase: blinding, generators: StandardRangeGenerators.ristretto255)
            #expect(RangeSample.reason(parameters, sample.commitments, sample.proof.bytes, sample.context) == .equation)
        }
    }

    /// Parts of two proofs of one statement do not make a third.
    @Test func mixedProofs() throws {
        let parameters = try RangeSample.parameters(bits: 8, count: 1)
        let prover = RangeProver<RangeSample.Transcript>(parameters)
        let values = SecretLimbs(copying: [UInt64(7)].span)
        let blindings = SecretScalars<G>.random(count: 1)
        let commitments = prover.commitments(values, blindings: blindings)
        let context = RangeContext(session: RangeSample.session, statement: [])
        let proofs = try (0..<2).map { _ in
            try prover.prove(values: values, blindings: blindings, commitments: commitments, opening: context).bytes
        }
        for part in 1..<proofs[0].count / 32 {
            let mixed = Array(proofs[0][..<(32 * part)] + proofs[1][(32 * part)...])
            #expect(RangeSample.reason(parameters, commitments, mixed, context) == .equation, "from part \(part) on")
        }
    }

    /// A wrong opening of the right value.
    @Test func wrongOpening() throws {
        let sample = try RangeSample(bits: 8, values: [7])
        let prover = RangeProver<RangeSample.Transcript>(sample.parameters)
        for value in [UInt64(7), 8] {
            #expect(throws: ProverError.witnessDoesNotSatisfy) {
                _ = try prover.prove(
                    values: SecretLimbs(copying: [value].span), blindings: SecretScalars.random(count: 1), commitments: sample.commitments,
                    opening: sample.context)
            }
        }
        #expect(throws: ProverError.witnessCount) {
            _ = try prover.prove(
                values: SecretLimbs(count: 2), blindings: SecretScalars.random(count: 2), commitments: sample.commitments,
                opening: sample.context)
        }
    }

    /// Random changes, most of them into well-formed proofs: none is accepted. A million under `make test-long`.
    @Test(arguments: [(8, [7]), (64, [.max]), (16, [1, 2, 3, 4])] as [(Int, [UInt64])])
    func mutations(bits: Int, values: [UInt64]) async throws {
        let sample = try RangeSample(bits: bits, values: values)
        let donors = try (0..<2).map { _ in try RangeSample(bits: bits, values: values).proof.bytes }
        #expect(sample.reason(sample.proof.bytes) == nil)
        let tally = try await MutationTally.of(
            runsLongTests ? 1_000_000 : 400, sample.proof.bytes, donors: donors, layout: [(4, 3), (2 * sample.parameters.rounds, 2)]
        ) { bytes in
            let reason = sample.reason(bytes)
            return reason == nil ? .accepted : reason == .shape ? .malformed : .refused
        }
        #expect(tally.accepted == 0 && tally.isMostlyWellFormed, "\(tally)")
    }
}
