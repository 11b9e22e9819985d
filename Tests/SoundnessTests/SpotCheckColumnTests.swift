// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import Testing

/// What a holder chooses about a spot check besides the rows: which column names the data subjects, and whether each row is a record of its own.
@Suite struct SpotCheckColumnTests {
    private func verdict(_ sample: SpotCheckTests.Sample, subjectColumn: String?) throws -> SpotCheckVerdict {
        try SpotCheck(source: .nonce, value: SpotCheckTests.nonce, count: SpotCheckTests.count, subjectColumn: subjectColumn)
            .verify(sample.bundle, openings: sample.file(), policy: sample.world.policy())
    }

    /// A registered dataset whose rows are all one record, committed with fresh blindings: each row opens, and two together do not.
    @Test func oneRecordAsManyRows() throws {
        var sample = try SpotCheckTests.Sample()
        guard case .id(let digest) = sample.world.receipts[0].consent.values["record"] else {
            Issue.record("the consent has no record")
            return
        }
        sample.world.rows = []
        try sample.world.commitRows((0..<12).map { _ in (digest, TestKit.subject(0)) })
        sample.bundle = try sample.world.prove()
        #expect(try sample.world.reasons(sample.bundle) == [])
        sample.openings = try sample.drawn(SpotCheckTests.nonce).map { row in
            let opening = sample.opening(Int(row))
            return SpotCheckOpenings.Opening(index: row, rowNumber: 1, record: sample.records[0], blinding: opening.blinding)
        }
        #expect(try verdict(sample, subjectColumn: nil).findings.map(\.code) == [.repeated, .repeated, .repeated])
    }

    /// The digest of a record does not depend on the subject's column, so that a wrong one that was committed opens: only the auditor can say.
    @Test func theSubjectColumnIsTheAuditors() throws {
        var sample = try SpotCheckTests.Sample()
        let trusting = try verdict(sample, subjectColumn: nil)
        #expect(trusting.holds && trusting.subjectColumn == "subject" && trusting.keyColumns == ["patient"])
        #expect(try verdict(sample, subjectColumn: "subject").holds)
        #expect(try verdict(sample, subjectColumn: "patient").findings.map(\.code) == [.subjectColumn])
        // Another column than the committed one does not open.
        sample.subjectColumn = "patient"
        #expect(try verdict(sample, subjectColumn: nil).findings.map(\.code) == Array(repeating: .opening, count: SpotCheckTests.count))
    }
}
