// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier

extension AuditReport {
    /// The result of one bundle for a person: the verdict first, then the facts, or each reason with what to do about it. Names that a bundle chose
    /// have their control characters written out.
    public func text(of result: BundleResult) -> String {
        switch result.outcome {
        case .unreadable(let error):
            return "\(result.file.printable): cannot be judged\n  \("\(error)".printable)"
        case .judged(let verdict):
            return
                ([(verdict.holds ? "\(result.file.printable): holds" : "\(result.file.printable): DOES NOT HOLD")] + reasons(verdict)
                + facts(verdict, result))
                .joined(separator: "\n")
        }
    }

    private func reasons(_ verdict: Verdict) -> [String] {
        var lines: [String] = []
        for (position, finding) in verdict.findings.enumerated() {
            lines.append("  [\(finding.code.rawValue)] \(finding.message.printable)")
            let isLast = position + 1 == verdict.findings.count || verdict.findings[position + 1].code != finding.code
            if isLast { lines.append("      \(finding.code.advice)") }
        }
        return lines
    }

    private func facts(_ verdict: Verdict, _ result: BundleResult) -> [String] {
        let dataset = verdict.dataset.isEmpty ? "of an unregistered dataset" : "of the dataset \"\(verdict.dataset.printable)\""
        let name = verdict.kind == .dataset ? dataset : "as given, each proved by itself"
        var lines = [
            "  \(counted(verdict.dataPoints, "data point")) \(name), \(verdict.kind == .dataset ? "held" : "said to be held") by \(verdict.holder.printable)"
                + (verdict.context.isEmpty ? "" : ", for \"\(verdict.context.printable)\""),
            covering(verdict),
        ]
        if verdict.mostPerConsent > 1 { lines.append("  " + covering(verdict.multiplicities)) }
        for schema in verdict.schemas {
            lines.append(
                "  under the schema \(schema.label.printable): \(counted(schema.consents, "consent")) for "
                    + counted(schema.dataPoints, "data point"))
        }
        if verdict.distinctDataPoints < verdict.dataPoints {
            lines.append("  only \(verdict.distinctDataPoints) of the data points are distinct")
        }
        for ledger in verdict.ledgers {
            let word = isTimeTheIssuersWord(ledger.origin) ? ", by the issuer's own word" : ""
            lines.append(
                "  \(ledger.origin.printable): \(ledger.consents) of \(counted(ledger.consentsSize, "consent")), "
                    + "\(counted(ledger.revocationsSize, "withdrawal")) as of \(Timestamp(seconds: ledger.revocationsTime).rfc3339)\(word)")
        }
        if let since = verdict.withdrawnSince { lines.append("  " + withdrawn(since, verdict)) }
        lines.append("  policy \(policy.name), judged at \(judgedAt.rfc3339)")
        lines.append("  proof \(verdict.proofByteCount) bytes in a file of \(result.byteCount ?? 0)")
        return lines
    }

    /// What covers the data points: consents, or some of a set.
    private func covering(_ verdict: Verdict) -> String {
        guard verdict.kind == .unlinkable else {
            return
                "  \(counted(verdict.distinctConsents, "distinct consent")); one covers at most \(counted(verdict.mostPerConsent, "data point"))"
        }
        guard let members = verdict.members else { return "  the set of consents that they are about was not made" }
        return "  each about one of \(counted(members.members, "consent")), those that count of the entries "
            + "\(members.range.lowerBound)..\(members.range.upperBound - 1); which one, and how many in all, is hidden"
    }

    /// How many consents cover how many data points, on one line.
    private func covering(_ multiplicities: Multiplicities) -> String {
        let shown = 8
        var parts = multiplicities.groups.prefix(shown).map { "\($0.dataPointsEach): \($0.consents)" }
        let rest = multiplicities.groups.dropFirst(shown)
        if let first = rest.first {
            parts.append("\(first.dataPointsEach) or more: \(rest.reduce(0) { $0 + $1.consents })")
        }
        return "consents by the number of data points that they cover: " + parts.joined(separator: ", ")
    }

    /// What was withdrawn since, and where nobody looked.
    private func withdrawn(_ since: Verdict.WithdrawnSince, _ verdict: Verdict) -> String {
        let unasked = verdict.ledgers.filter { $0.newest == nil }.map(\.origin.printable)
        let unlooked = unasked.isEmpty ? "" : "; no newer list of \(unasked.joined(separator: ", ")) was given"
        guard let dataPoints = since.dataPoints else {
            return
                "withdrawn since: \(since.consents) of \(counted(verdict.members?.members ?? 0, "consent")) of the set; which data points they cover "
                + "cannot be told" + unlooked
        }
        return "withdrawn since: \(dataPoints) of \(counted(verdict.dataPoints, "data point")), "
            + "covered by \(since.consents) of \(counted(verdict.distinctConsents, "consent"))"
            + unlooked
    }

    private func counted(_ count: some BinaryInteger, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
