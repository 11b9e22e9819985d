// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentVerifier
internal import MerkleLog
internal import Primitives

extension AuditReport {
    /// The element of the report for one bundle, which is also what `verify --json` prints.
    public func json(of result: BundleResult) -> JSONValue {
        var members: [String: JSONValue] = [
            "bytes": result.byteCount.map { .count($0) } ?? .null, "file": .string(result.file),
            "sha256": result.digest.map { .string(Hex.encode($0)) } ?? .null,
        ]
        switch result.outcome {
        case .unreadable(let error):
            members["verdict"] = .string("unreadable")
            members["error"] = error.json
        case .judged(let verdict):
            members["verdict"] = .string(verdict.holds ? "holds" : "does-not-hold")
            members.merge(Self.facts(verdict)) { $1 }
            members["ledgers"] = .array(verdict.ledgers.map { json(of: $0) })
            members["sizes"] = Self.sizes(result, verdict)
            if !verdict.schemas.isEmpty { members["schemas"] = .array(verdict.schemas.map { Self.json(of: $0) }) }
        }
        return .object(members)
    }

    private static func facts(_ verdict: Verdict) -> [String: JSONValue] {
        let isCounted = verdict.kind != .unlinkable
        return [
            "context": .string(verdict.context), "data_points": .count(verdict.dataPoints), "dataset": .string(verdict.dataset),
            "distinct_consents": isCounted ? .count(verdict.distinctConsents) : .null,
            "distinct_data_points": .count(verdict.distinctDataPoints),
            "findings": .array(
                verdict.findings.map { finding in
                    .object([
                        "advice": .string(finding.code.advice), "code": .string(finding.code.rawValue),
                        "entry_index": finding.entryIndex.map { .count($0) } ?? .null,
                        "ledger": finding.ledger.map { .string($0) } ?? .null,
                        "message": .string(finding.message), "row": finding.row.map { .count($0) } ?? .null,
                    ])
                }),
            "holder": .string(verdict.holder), "kind": .string(verdict.kind.rawValue),
            "members": verdict.members.map {
                .object(["entries": .count($0.range.count), "first_entry": .count($0.range.lowerBound), "members": .count($0.members)])
            } ?? .null,
            "most_data_points_per_consent": isCounted ? .count(verdict.mostPerConsent) : .null,
            "multiplicities": .array(
                verdict.multiplicities.groups.map { group in
                    .object([
                        "consents": .count(group.consents), "data_points": .count(group.dataPoints),
                        // Version 1 has ranges; each is of one number.
                        "from": .count(group.dataPointsEach), "to": .count(group.dataPointsEach),
                    ])
                }),
            "withdrawn_since": verdict.withdrawnSince.map {
                .object(["consents": .count($0.consents), "data_points": $0.dataPoints.map { .count($0) } ?? .null])
            } ?? .null,
        ]
    }

    private static func json(of schema: Verdict.SchemaFacts) -> JSONValue {
        .object([
            "consents": .count(schema.consents), "data_points": .count(schema.dataPoints), "digest": .string(Hex.encode(schema.digest)),
            "schema": .string(schema.label),
        ])
    }

    private func json(of ledger: Verdict.LedgerFacts) -> JSONValue {
        .object([
            "consents_size": .count(ledger.consentsSize), "consents_used": .count(ledger.consents),
            "newest": ledger.newest.map {
                .object(["size": .count($0.size), "time": .string(Timestamp(seconds: $0.time).rfc3339)])
            } ?? .null,
            "origin": .string(ledger.origin),
            "revocations_size": .count(ledger.revocationsSize),
            "revocations_time": .string(Timestamp(seconds: ledger.revocationsTime).rfc3339),
            "time_by": .string(isTimeTheIssuersWord(ledger.origin) ? "issuer" : "cosigners"),
        ])
    }

    /// Whether the issuer could have made the quorum of a ledger without anybody else, as far as the cosigners' names tell.
    func isTimeTheIssuersWord(_ origin: String) -> Bool {
        guard let ledger = policy.acceptance.ledger(origin: origin) else { return true }
        return ledger.quorum <= ledger.cosigners.count { $0.name == origin + "/cosigner" }
    }

    private static func sizes(_ result: BundleResult, _ verdict: Verdict) -> JSONValue {
        let counted = verdict.proofByteCount + verdict.columnByteCount + verdict.evidenceByteCount
        // A file of one point proof is text all through: there is no telling its header from the rest.
        let header = result.headerByteCount ?? max(0, (result.byteCount ?? 0) - counted)
        let rest = (result.byteCount ?? 0) - header - counted
        return .object([
            "columns": .count(verdict.columnByteCount), "evidence": .count(verdict.evidenceByteCount), "header": .count(header),
            "proof": .count(verdict.proofByteCount), "revealed": .count(max(0, rest)),
        ])
    }
}
