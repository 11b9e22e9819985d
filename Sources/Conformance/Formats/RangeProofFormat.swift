// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import RangeProofs

/// Range proofs of the dalek implementation, published ones and damaged ones, under Merlin.
enum RangeProofFormat {
    static let all = [
        VectorFormat(
            "dalek range proofs", standard: "dalek-cryptography/bulletproofs 2.0.0", marker: "transcript_label",
            records: { $0.has("transcript_label", "proof", "commitments") }, case: { $0["id"]?.text },
            check: { (record) throws(CaseFailure) in
                let expected = try record.text("expected")
                try require(expected == "accept" || expected == "reject", "an outcome that does not exist: \(expected)")
                try require(try holds(record) == (expected == "accept"), "the proof \(expected == "accept" ? "is refused" : "is accepted")")
            })
    ]

    /// Whether the proof is one of its commitments under its label. A shape that does not exist is refused like a false proof.
    private static func holds(_ record: VectorValue) throws(CaseFailure) -> Bool {
        let (bits, count) = (try record.integer("n", in: 0...1 << 20), try record.integer("m", in: 0...1 << 20))
        var commitments: [UInt8] = []
        for commitment in try record.list("commitments") { commitments += try commitment.hexadecimal() }
        let (proof, label) = (try record.bytes("proof"), Array(try record.text("transcript_label").utf8))
        do {
            let parameters = try RangeParameters.dalek(bits: bits, count: count)
            try RangeProof<Ristretto255>(parsing: proof.span, for: parameters)
                .verify(parameters, commitments: commitments, transcript: MerlinRangeTranscript.self, opening: label)
        } catch {
            return false
        }
        return true
    }
}
