// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Provers
internal import RangeProofs
internal import Secrets
internal import SigmaProofs
internal import Transcripts

/// Range proofs of one value of 64 bits, each in a context of its own.
struct RangeProofSet<G: Group>: Sendable {
    typealias Transcript = SpongeRangeTranscript<G>

    let parameters: RangeParameters<G>
    let prover: RangeProver<Transcript>
    private let session = SessionID(tag: "zkconsent-bench/range")

    /// - Parameter group: whose generator is the base of values.
    init(_ group: G.Type) throws {
        parameters = try RangeParameters(
            bits: 64, count: 1, valueBase: G.generator,
            blindingBase: G.points(uniformBytes: Inputs.bytes(G.uniformByteCount, seed: 11).span)[0],
            generators: RangeGenerators())
        prover = RangeProver(parameters)
    }

    /// The surrounding statement of proof `index`.
    func context(_ index: Int) -> RangeContext {
        RangeContext(session: session, statement: Inputs.bytes(100, seed: UInt64(index)))
    }

    /// The opening of value `index`.
    func opening(_ index: Int) -> (value: UInt64, blinding: G.Scalar) {
        let bytes = Inputs.bytes(8, seed: UInt64(index) + 1_000)
        return (bytes.reduce(0) { $0 << 8 | UInt64($1) }, Inputs.scalars(G.self, 1, seed: UInt64(index) + 2_000)[0])
    }

    /// The commitment and its proof.
    func prove(_ index: Int) throws -> (commitment: [UInt8], proof: [UInt8]) {
        let (value, blinding) = opening(index)
        let values = SecretLimbs(copying: [value].span)
        let blindings = SecretScalars<G>(copying: [blinding])
        let commitment = prover.commitments(values, blindings: blindings)
        let proof = try prover.prove(values: values, blindings: blindings, commitments: commitment, opening: context(index))
        return (commitment, proof.bytes)
    }
}

/// Benchmarks of range proofs.
enum RangeWorkloads {
    /// Commits and proves, one after the other, the prover's own check included.
    static func prove<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let set = try RangeProofSet(group)
        return [
            BenchmarkCase(name: "range-prove", suite: G.name, n: n, item: "proof", bits: 64, bytes: n * set.parameters.proofByteCount) {
                for index in 0..<n { try check(set.prove(index).proof.count == set.parameters.proofByteCount, "range-prove") }
            }
        ]
    }

    /// From bytes to verdict.
    static func verifyBatch<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let set = try RangeProofSet(group)
        var commitments: [UInt8] = []
        var proofs: [UInt8] = []
        for index in 0..<n {
            let (commitment, proof) = try set.prove(index)
            commitments += commitment
            proofs += proof
        }
        let contexts = (0..<n).map { set.context($0) }
        let few = min(n, 8)
        let single = BenchmarkPeer(name: "our own verification one at a time", items: few) {
            let (v, p) = (set.parameters.statementByteCount, set.parameters.proofByteCount)
            for index in 0..<few {
                let bytes = Array(proofs[index * p..<(index + 1) * p])
                try RangeProof<G>(parsing: bytes.span, for: set.parameters)
                    .verify(set.parameters, commitments: Array(commitments[index * v..<(index + 1) * v]), context: contexts[index])
            }
        }
        return [
            BenchmarkCase(
                name: "range-verify-batch", suite: G.name, n: n, item: "proof", bits: 64, bytes: commitments.count + proofs.count,
                peers: [single]
            ) {
                let parsed = try RangeProofs<SpongeRangeTranscript<G>>(
                    set.parameters, openings: contexts, commitments: commitments.span, proofs: proofs.span)
                try check(parsed.malformed.isEmpty && parsed.statementCount == n, "range-verify-batch")
                var batch = VerificationBatch<G>()
                batch.append(parsed)
                try check(batch.failures().isEmpty, "range-verify-batch")
            }
        ]
    }
}
