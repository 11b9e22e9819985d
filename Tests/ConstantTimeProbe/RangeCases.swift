// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import RangeProofs
import Secrets
import SigmaProofs
import Transcripts

/// Range proofs over a group: values and blindings are secret, in every bit.
func rangeCases<G: Group>(_ group: G.Type, isSlow: Bool = false) -> [ProbeCase] {
    [
        rangeCase(group, "one value of 8 bits", bits: 8, count: 1, isLong: isSlow),
        rangeCase(group, "two values of 32 bits", bits: 32, count: 2, isLong: true),
        ProbeCase(G.name + "/multiply") { evidence in
            let a = SecretScalars<G>.random(count: 3)
            let b = SecretScalars<G>.random(count: 3)
            a.multiplied(pairwise: b).withSpan { span in evidence.result((0..<span.count).map { span[$0] }) }
        },
        ProbeCase(G.name + "/subsetSums, a bit for each point", isLong: isSlow) { evidence in
            let table = G.selectionTable(bases(group, 5))
            let bits = SecretLimbs(count: 2)
            bits.classify()
            evidence.result(G.encode(bits.withSpan { G.subsetSums(rows: 2, bits: $0, wordsPerRow: 1, of: table) }))
        },
    ]
}

private func rangeCase<G: Group>(_ group: G.Type, _ what: String, bits: Int, count: Int, isLong: Bool) -> ProbeCase {
    ProbeCase(G.name + "/RangeProver, " + what, isLong: isLong, declassifies: [.commitment, .announcement, .response]) { _ in
        let points = bases(group, 2)
        let parameters = try RangeParameters<G>(
            bits: bits, count: count, valueBase: points[0], blindingBase: points[1], generators: RangeGenerators<G>())
        let prover = RangeProver<SpongeRangeTranscript<G>>(parameters)
        var values = SecretLimbs(count: count)
        values.withMutableSpan { for index in 0..<count { $0[index] = 20 + UInt64(index) } }
        values.classify()
        // The bounds leave the difference to each value, as many as there are.
        let bounds: [RangeBound] = count == 1 ? [.atLeast(18)] : [.within(18...99)]
        let blindings = SecretScalars<G>.random(count: 1)
        var first = SecretLimbs(count: 1)
        values.withSpan { source in first.withMutableSpan { $0[0] = source[0] } }
        let committed = prover.commitments(first, blindings: blindings)
        let openings = try prover.openings(first, blindings: blindings, bounds: bounds)
        let commitments = G.encode(try parameters.commitments(G.decode(canonical: committed.span), bounds: bounds))
        _ = try prover.prove(
            values: openings.values, blindings: openings.blindings, commitments: commitments,
            opening: RangeContext(session: SessionID(tag: "probe"), statement: [1]))
    }
}
