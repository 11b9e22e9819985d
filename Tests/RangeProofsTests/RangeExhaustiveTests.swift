// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import RangeProofs
import Secrets
import SigmaProofs
import Testing
import Transcripts

/// Every value of the toy group of order 1019, for every number of bits that fits.
@Suite struct RangeExhaustiveTests {
    typealias G = ToyGroup

    /// A value that fits is always proved. One that does not is provable with the soundness error only: (N + m + 5 + 4k)/q for the challenges and
    /// 2/q for the weights of a batch, in each of the attempts that the prover makes of its own accord.
    @Test(arguments: [1, 2, 4, 8]) func everyValue(bits: Int) throws {
        let parameters = try RangeParameters<G>(
            anyBits: bits, count: 1, valueBase: G.generator, blindingBase: G.points(uniformBytes: [UInt8](3..<21).span)[0],
            generators: RangeGenerators())
        let prover = RangeProver<SpongeRangeTranscript<G>>(parameters)
        var (accepted, outside) = (0, 0)
        for value in 0..<ToyGroup.order {
            let values = SecretLimbs(copying: [value].span)
            let blindings = SecretScalars<G>(copying: [G.Scalar(value &* 31 &+ 7)])
            let commitments = prover.commitments(values, blindings: blindings)
            let context = RangeContext(session: SessionID(tag: "toy"), statement: [UInt8(value & 0xff), UInt8(value >> 8)])
            let points = try G.decode(canonical: commitments.span)
            // Refused for another reason.
            guard !G.isIdentity(points[0]) else { continue }
            var isProved = true
            do throws(ProverError) {
                let proof = try prover.prove(values: values, blindings: blindings, commitments: commitments, opening: context)
                #expect(proof.bytes.count == parameters.proofByteCount)
            } catch {
                isProved = false
            }
            if value < 1 << UInt64(bits) {
                #expect(isProved, "\(value)")
            } else {
                outside += 1
                accepted += isProved ? 1 : 0
            }
        }
        let k = bits.trailingZeroBitCount
        let roots = bits + 1 + 5 + 4 * k + 2
        let bound = Double(outside) * Double(roots) / Double(ToyGroup.order)
        #expect(Double(accepted) <= bound + 4 * bound.squareRoot(), "\(accepted) of \(outside) accepted, bound \(bound)")
    }
}
