// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
public import ConsentVerifier
internal import MerkleLog
internal import Primitives

/// What a spot check found, for people and programs (docs/formats.md, Spot check report). It names rows and entries, no record.
public struct SpotCheckReport: Sendable {
    /// The answer.
    public let verdict: SpotCheckVerdict
    /// Whether the records were compared with the auditor's own copy.
    public let hasCopy: Bool

    /// The report on an answer.
    public init(verdict: SpotCheckVerdict, hasCopy: Bool) {
        self.verdict = verdict
        self.hasCopy = hasCopy
    }

    /// The members of the report about the spot check itself.
    public var json: [String: JSONValue] {
        let draw = verdict.draw
        return [
            "beacon_time": verdict.beaconTime.map { .string(Timestamp(seconds: $0).rfc3339) } ?? .null,
            "compared_with_copy": .bool(hasCopy),
            "confidence": .object([
                "caught_if_1_percent_false": .count(verdict.detection(percent: 1)),
                "caught_if_5_percent_false": .count(verdict.detection(percent: 5)),
                "excluded_at_95_percent": .count(verdict.excluded), "unit": .string("millionths"),
            ]),
            "data_points": .count(draw.dataPoints), "dataset": .string(verdict.dataset),
            "findings": .array(
                verdict.findings.map { finding in
                    .object([
                        "code": .string(finding.code.rawValue), "message": .string(finding.message),
                        "row": finding.row.map { .count($0) } ?? .null,
                    ])
                }),
            "key_columns": .array(verdict.keyColumns.map { .string($0) }), "kind": .string("spot-check-report"),
            "root": .string(Hex.encode(draw.root.bytes)), "rows_drawn": .count(draw.count),
            "rows_opened": .array(
                verdict.rows.map { row in
                    .object([
                        "entry_index": .count(row.entryIndex), "leaf": .string(Hex.encode(row.leaf)), "ledger": .string(row.ledger),
                        "row": .count(row.index), "row_number": .count(row.rowNumber),
                    ])
                }),
            "source": .string(draw.source.rawValue), "subject_column": verdict.subjectColumn.map { .string($0) } ?? .null,
            "value": .string(draw.value), "version": .integer(1),
        ]
    }

    /// The report for a person: the first few rows and findings.
    public var text: String {
        let limit = 10
        let draw = verdict.draw
        var lines = [
            "spot check of \"\(verdict.dataset.printable)\": \(verdict.holds ? "holds" : "DOES NOT HOLD")",
            "  \(draw.count) of \(draw.dataPoints) rows drawn by the \(draw.source.rawValue) \(draw.value.printable)",
        ]
        for finding in verdict.findings.prefix(limit) { lines.append("  [\(finding.code.rawValue)] \(finding.message.printable)") }
        if verdict.findings.count > limit { lines.append("  and \(verdict.findings.count - limit) more findings") }
        for row in verdict.rows.prefix(limit) {
            lines.append(
                "  row \(row.index) (row \(row.rowNumber) of the file): entry \(row.entryIndex) of \(row.ledger.printable)/consents")
        }
        if verdict.rows.count > limit { lines.append("  and \(verdict.rows.count - limit) more rows") }
        lines.append("  " + subjects)
        if draw.source == .beacon, verdict.beaconTime == nil {
            lines.append("  nothing shows that the dataset was registered before the beacon's value was known: give --beacon-time")
        }
        if verdict.holds {
            lines.append(
                "  caught with probability \(percent(verdict.detection(percent: 1))) if 1 % of the rows were not as the holder says, "
                    + "\(percent(verdict.detection(percent: 5))) if 5 %")
            lines.append("  more than \(percent(verdict.excluded)) of false rows excluded with 95 % confidence")
        }
        lines.append(hasCopy ? "  every opened record was looked up in your copy" : "  whether the records are true is for you to see")
        return lines.joined(separator: "\n")
    }

    /// What names the data subjects: the digest of a record does not depend on it, so that only a person sees a wrong column.
    private var subjects: String {
        let word = verdict.isSubjectColumnKnown ? "as you said" : "as the holder says"
        guard let subject = verdict.subjectColumn else { return "no column names the data subjects" }
        return "the column \(subject.printable) names the data subjects, \(word)"
    }

    /// Millionths as a percentage with four decimals.
    private func percent(_ millionths: Int) -> String {
        let fraction = String(millionths % 10_000)
        return "\(millionths / 10_000).\(String(repeating: "0", count: 4 - fraction.count))\(fraction) %"
    }
}
