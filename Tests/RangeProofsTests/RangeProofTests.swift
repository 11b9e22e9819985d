// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import RangeProofs
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Proofs of ours: every shape, both ends of every range, our prover under dalek's transcript.
@Suite struct RangeProofTests {
    typealias G = Ristretto255

    @Test(arguments: [8, 16, 32, 64]) func bothEnds(bits: Int) throws {
        let largest = UInt64.max >> UInt64(64 - bits)
        for value in [0, 1, largest / 3, largest - 1, largest] {
            let sample = try RangeSample(bits: bits, values: [value])
            #expect(sample.proof.bytes.count == sample.parameters.proofByteCount)
            #expect(sample.reason(sample.proof.bytes) == nil, "\(bits) bits, \(value)")
        }
    }

    @Test(arguments: [(8, 2), (8, 8), (16, 4), (32, 2), (64, 2), (64, 4), (8, 64)]) func aggregated(bits: Int, count: Int) throws {
        var random = SplitMix(state: UInt64(bits * count))
        let values = (0..<count).map { _ in random.next() >> UInt64(64 - bits) }
        let sample = try RangeSample(bits: bits, values: values)
        #expect(sample.reason(sample.proof.bytes) == nil)
    }

    /// The largest shape, 64 values of 64 bits; one wrong bit of one value, in the witness or in the statement.
    @Test(.enabled(if: runsLongTests)) func largest() throws {
        let parameters = try RangeSample.parameters(bits: 64, count: 64)
        let prover = RangeProver<RangeSample.Transcript>(parameters)
        var random = SplitMix(state: 64)
        var values = (0..<64).map { _ in random.next() as UInt64 }
        let blindings = SecretScalars<G>.random(count: 64)
        let commitments = prover.commitments(SecretLimbs(copying: values.span), blindings: blindings)
        let context = RangeContext(session: RangeSample.session, statement: [])
        let proof = try prover.prove(
            values: SecretLimbs(copying: values.span), blindings: blindings, commitments: commitments, opening: context)
        #expect(proof.bytes.count == 1_056)
        #expect(RangeSample.reason(parameters, commitments, proof.bytes, context) == nil)
        values[37] ^= 1 << 41
        #expect(throws: ProverError.witnessDoesNotSatisfy) {
            _ = try prover.prove(
                values: SecretLimbs(copying: values.span), blindings: blindings, commitments: commitments, opening: context)
        }
        let others = prover.commitments(SecretLimbs(copying: values.span), blindings: blindings)
        #expect(RangeSample.reason(parameters, others, proof.bytes, context) == .equation)
    }

    @Test func lengths() throws {
        #expect(try RangeSample.parameters(bits: 8, count: 1).proofByteCount == 480)
        #expect(try RangeSample.parameters(bits: 64, count: 1).proofByteCount == 672)
        #expect(try RangeSample.parameters(bits: 64, count: 64).proofByteCount == 1_056)
    }

    @Test func shapesThatDoNotExist() throws {
        for (bits, count) in [(0, 1), (7, 1), (24, 1), (128, 1), (4, 1), (8, 0), (8, 3), (8, 128), (-8, 1)] {
            #expect(throws: RangeParametersError.self) { _ = try RangeSample.parameters(bits: bits, count: count) }
        }
        let generators = StandardRangeGenerators.ristretto255
        #expect(throws: RangeParametersError.bases) {
            _ = try RangeParameters(
                bits: 8, count: 1, valueBase: G.generator, blindingBase: G.generator, generators: generators)
        }
        #expect(throws: RangeParametersError.bases) {
            _ = try RangeParameters(
                bits: 8, count: 1, valueBase: G.identity, blindingBase: G.generator, generators: generators)
        }
    }

    /// Two proofs of one statement have nothing in common.
    @Test func fresh() throws {
        let parameters = try RangeSample.parameters(bits: 8, count: 1)
        let prover = RangeProver<RangeSample.Transcript>(parameters)
        let values = SecretLimbs(copying: [UInt64(7)].span)
        let blindings = SecretScalars<G>.random(count: 1)
        let commitments = prover.commitments(values, blindings: blindings)
        let context = RangeContext(session: RangeSample.session, statement: [])
        let proofs = try (0..<2).map { _ in
            try prover.prove(values: values, blindings: blindings, commitments: commitments, opening: context).bytes
        }
        for start in stride(from: 0, to: proofs[0].count, by: 32) {
            #expect(proofs[0][start..<start + 32] != proofs[1][start..<start + 32])
        }
    }

    /// Our prover's proofs verify in dalek's form too.
    @Test func underMerlin() throws {
        let parameters = try RangeParameters.dalek(bits: 32, count: 2)
        let prover = RangeProver<MerlinRangeTranscript>(parameters)
        let values = SecretLimbs(copying: [UInt64(0), 4_294_967_295].span)
        let blindings = SecretScalars<G>.random(count: 2)
        let commitments = prover.commitments(values, blindings: blindings)
        let label = Array("label".utf8)
        let proof = try prover.prove(values: values, blindings: blindings, commitments: commitments, opening: label)
        #expect(throws: Never.self) {
            try proof.verify(parameters, commitments: commitments, transcript: MerlinRangeTranscript.self, opening: label)
        }
        #expect(throws: ProofRejected.self) {
            try proof.verify(parameters, commitments: commitments, transcript: MerlinRangeTranscript.self, opening: label + [0])
        }
    }

    /// A value that is too large, and a wrong opening: the prover's own check stops them.
    @Test(arguments: [(8, UInt64(256)), (8, .max), (16, 65_536), (32, 1 << 32)]) func tooLarge(bits: Int, value: UInt64) {
        #expect(throws: ProverError.witnessDoesNotSatisfy) { _ = try RangeSample(bits: bits, values: [value]) }
        #expect(throws: ProverError.witnessDoesNotSatisfy) { _ = try RangeSample(bits: bits, values: [0, value]) }
    }

    /// Many transcripts at a time give the challenges of one after the other.
    @Test func lockstep() throws {
        let parameters = try RangeSample.parameters(bits: 8, count: 2)
        let noise = (0..<11 * parameters.proofByteCount).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ $0 / 251) }
        let values = Array(noise[..<(11 * parameters.statementByteCount)])
        for lengths in [[UInt8](repeating: 5, count: 11), Array(0..<11)] {
            for vary in [UInt8(0), 1] {
                let openings = (0..<11).map { index in
                    RangeContext(
                        session: RangeSample.session, statement: [vary * UInt8(index)] + [UInt8](repeating: 9, count: Int(lengths[index])))
                }
                let together = RangeSample.Transcript.challenges(openings, parameters, commitments: values.span, proofs: noise.span)
                let alone = RangeSample.Transcript.challengesOneByOne(openings, parameters, commitments: values.span, proofs: noise.span)
                #expect(together == alone && together.count == 11)
            }
        }
    }

    /// A batch of many, some of which do not hold: each is named.
    @Test func batch() throws {
        let samples = try (0..<9).map { try RangeSample(bits: 8, values: [UInt64($0)], statement: [UInt8($0)]) }
        var proofs = samples.flatMap(\.proof.bytes)
        let commitments = samples.flatMap(\.commitments)
        func failures(_ proofs: [UInt8]) throws -> (malformed: [Int], failures: [Int]) {
            let member = try RangeProofs<RangeSample.Transcript>(
                samples[0].parameters, openings: samples.map(\.context), commitments: commitments.span, proofs: proofs.span)
            var batch = VerificationBatch<G>()
            batch.append(member)
            return (member.malformed, batch.failures().map(\.statement))
        }
        #expect(try failures(proofs) == ([], []))
        let width = samples[0].proof.bytes.count
        proofs[3 * width + 4 * 32] ^= 1
        proofs[7 * width + width - 1] = 0xff
        #expect(try failures(proofs) == ([7], [3, 7]))
    }
}
