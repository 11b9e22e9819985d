// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import RangeProofs
import Secrets
import SigmaProofs
import Transcripts

/// Statements with openings over ristretto255, and their proofs.
struct RangeSample {
    typealias G = Ristretto255
    typealias Transcript = SpongeRangeTranscript<G>

    /// Two independent bases that are not the generator.
    static let bases: [G.Point] = {
        let uniform = (0..<128).map { UInt8(truncatingIfNeeded: 37 &* $0 &+ 5) }
        return G.points(uniformBytes: uniform.span)
    }()
    static let session = SessionID(tag: "tests/range")

    let parameters: RangeParameters<G>
    let context: RangeContext
    let commitments: [UInt8]
    let proof: RangeProof<G>

    /// A proof about `values`, with blindings of the system.
    init(bits: Int, values: [UInt64], statement: [UInt8] = [1, 2, 3]) throws {
        parameters = try Self.parameters(bits: bits, count: values.count)
        context = RangeContext(session: Self.session, statement: statement)
        let prover = RangeProver<Transcript>(parameters)
        let secret = SecretLimbs(copying: values.span)
        let blindings = SecretScalars<G>.random(count: values.count)
        commitments = prover.commitments(secret, blindings: blindings)
        proof = try prover.prove(values: secret, blindings: blindings, commitments: commitments, opening: context)
    }

    static func parameters(bits: Int, count: Int) throws -> RangeParameters<G> {
        try RangeParameters(
            bits: bits, count: count, valueBase: bases[0], blindingBase: bases[1], generators: StandardRangeGenerators.ristretto255)
    }

    /// Why a proof is refused; `nil` if it is not.
    static func reason(
        _ parameters: RangeParameters<G>, _ commitments: [UInt8], _ proof: [UInt8], _ context: RangeContext
    ) -> ProofRejected.Reason? {
        do throws(ProofRejected) {
            try RangeProof<G>(parsing: proof.span, for: parameters).verify(parameters, commitments: commitments, context: context)
        } catch {
            return error.reason
        }
        return nil
    }

    /// Why these bytes are refused as the proof of this statement.
    func reason(_ bytes: [UInt8]) -> ProofRejected.Reason? { Self.reason(parameters, commitments, bytes, context) }
}
