// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Provers
internal import Secrets
internal import SigmaProofs

/// The folded proof by itself: what a dataset proof costs beside its columns. `n` is the number of places of the tail.
struct FoldedProofSet<G: Group>: Sendable {
    let relation: FoldedRelation<G>
    let bases: FoldedBases<G>
    /// `D*` and `C'`.
    let folded: (data: G.Point, consent: G.Point)
    /// The scalars of the data bases, then of the tail.
    let scalars: [G.Scalar]

    init(_ group: G.Type, tailCount: Int) throws {
        let points = G.points(uniformBytes: Inputs.bytes(G.uniformByteCount * (tailCount + 4), seed: 30).span)
        relation = try FoldedRelation(
            dataBases: Array(points[..<3]), links: [.init(slot: 0, base: points[3])], tailBases: Array(points[4...]))
        bases = FoldedBases(relation)
        scalars = Inputs.scalars(G.self, 3 + tailCount, seed: 31)
        folded = (
            G.vartimeMultiScalarMul(Array(scalars[..<3]), relation.dataBases),
            G.vartimeMultiScalarMul([scalars[0]] + scalars[3...], relation.consentBases)
        )
    }

    /// A transcript as after the weights of the rows.
    func transcript() -> WeightedTranscript {
        FoldedTranscript(sessionTag: "zkconsent/bench/folded", absorbing: [G.encode([folded.data, folded.consent])]).weighted()
    }

    func prove() throws -> FoldedProof<G> {
        try FoldedProver.prove(
            relation, data: SecretScalars(copying: Array(scalars[..<3])), tail: SecretScalars(copying: Array(scalars[3...])),
            transcript: transcript())
    }

    func verify(_ proof: [UInt8]) throws {
        let proof = try FoldedProof<G>(parsing: proof.span, for: relation)
        try FoldedMember(bases, foldedData: folded.data, foldedConsent: folded.consent, transcript: transcript(), proof: proof).check()
    }
}

/// Benchmarks of folded proofs without their columns.
enum FoldedWorkloads {
    /// Announcements in constant time, responses and compression: `folded-prove`; the compression alone: `folded-compress`.
    static func prove<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let set = try FoldedProofSet(group, tailCount: n)
        let bytes = FoldedProof<G>.byteCount(for: set.relation)
        let (values, bases) = (Array(set.scalars[3...]), set.relation.tailBases)
        let challenges = Inputs.scalars(G.self, CompressedTail<G>.roundCount(n), seed: 32)
        return [
            BenchmarkCase(name: "folded-prove", suite: G.name, n: n, item: "place of the tail", bytes: bytes) {
                try check(set.prove().bytes.count == bytes, "folded-prove")
            },
            BenchmarkCase(name: "folded-compress", suite: G.name, n: n, item: "place of the tail") {
                var round = -1
                let tail = TailCompressor<G>.compress(values, bases) { _ in
                    round += 1
                    return challenges[round]
                }
                try check(tail?.rounds.count == challenges.count, "folded-compress")
            },
        ]
    }

    /// From the proof's bytes and the folded columns to the verdict.
    static func verify<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let set = try FoldedProofSet(group, tailCount: n)
        let proof = try set.prove().bytes
        return [
            BenchmarkCase(name: "folded-verify", suite: G.name, n: n, item: "place of the tail", bytes: proof.count) {
                try set.verify(proof)
            }
        ]
    }
}
