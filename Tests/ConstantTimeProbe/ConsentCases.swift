// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import Groups
import Secrets

/// Commitments, folds and bundles of consent.
var consentCases: [ProbeCase] {
    [
        ProbeCase("ConsentCommitter/commit", declassifies: [.commitment]) { _ in
            let sample = try ConsentSample()
            let witness = try sample.witness(rows: 0, receipts: 2)
            _ = ConsentCommitter(sample.generators).commit(witness)
        },
        ProbeCase("DataPointCommitter/commit", declassifies: [.commitment]) { _ in
            // Texts of secret content and public length.
            let texts = (0..<4).map { _ in
                let text = SecretBytes.random(count: 32)
                return text.withSpan { text in (0..<text.count).map { text[$0] } }
            }
            _ = DataPointCommitter().commit(records: Array(texts[0..<2]), subjects: Array(texts[2..<4]))
        },
        ProbeCase("DatasetWitness/fold") { evidence in
            try fold(ConsentSample(), weight: Suite.Scalar(UInt128.max), into: &evidence)
        },
        ProbeCase("DatasetWitness/fold, long weights") { evidence in
            let weight = Suite.Scalar(UInt128.max) * Suite.Scalar(UInt128.max)
            try fold(ConsentSample(), weight: weight, into: &evidence)
        },
        ProbeCase("DatasetWitness/fold, consent-v1", isLong: true) { evidence in
            try fold(ConsentSample(schema: "consent-v1"), weight: Suite.Scalar(UInt128.max), into: &evidence)
        },
        ProbeCase("DatasetProver/prove", declassifies: [.commitment, .announcement, .response]) { _ in
            let sample = try ConsentSample()
            let assembled = try sample.assembled()
            _ = try DatasetProver(statement: sample.compiled).prove(assembled.draft, witness: assembled.witness)
        },
        ProbeCase("PointProver/prove", declassifies: [.commitment, .announcement, .response]) { _ in
            try provePoints(ConsentSample().relation())
        },
        ProbeCase("PointProver/prove, a range", declassifies: [.commitment, .announcement, .response]) { _ in
            try provePoints(ConsentSample().relation(ranges: true))
        },
        ProbeCase("PointProver/prove, alternatives", declassifies: [.commitment, .announcement, .subchallenge, .response]) { _ in
            try provePoints(ConsentSample().relation(alternatives: true))
        },
        ProbeCase("MemberProver/prove", declassifies: [.commitment, .announcement, .response]) { _ in
            let sample = try ConsentSample()
            let members = try sample.members()
            let draft = members.draft
            _ = try MemberProver(try sample.relation()).prove(draft, witness: members.takeWitness())
        },
        ProbeCase("DatasetProver/prove, data points refused", declassifies: [.commitment, .announcement, .response]) { _ in
            try refused(.dataPoint) { $0.dataPoints = Array($0.dataPoints[32...] + $0.dataPoints[..<32]) }
        },
        ProbeCase("DatasetProver/prove, links refused", declassifies: [.commitment, .announcement, .response, .openingCheck]) { _ in
            try refused(.noConsent) { $0.positions.reverse() }
        },
    ]
}

private func provePoints(_ relation: PointRelation) throws {
    let assembled = try ConsentSample().points(relation)
    _ = try PointProver(relation).prove(assembled.draft, witness: assembled.witness)
}

/// A draft with a mistake: the prover's own check fails, and it opens every commitment to name both rows.
private func refused(_ code: RowRefusal.Code, _ spoil: (inout BundleDraft) -> Void) throws {
    let sample = try ConsentSample()
    let assembled = try sample.assembled()
    var draft = assembled.draft
    spoil(&draft)
    do {
        _ = try DatasetProver(statement: sample.compiled).prove(draft, witness: assembled.witness)
    } catch let failure as ProverFailure {
        guard case .rows(let rows) = failure, rows.map(\.code) == [code, code] else { throw failure }
        return
    }
    throw ModelError("probe", "a spoiled draft was not refused")
}

private func fold(_ sample: ConsentSample, weight: Suite.Scalar, into evidence: inout Evidence) throws {
    let witness = try sample.witness(rows: 3, receipts: 2)
    let folded = witness.folded(rho: [.max, 1, 0], weights: [weight, .one], tail: sample.compiled.tail)
    evidence.result(folded.data)
    evidence.result(folded.tail)
}
