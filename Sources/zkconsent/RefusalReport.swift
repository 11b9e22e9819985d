// SPDX-License-Identifier: Apache-2.0
internal import AuditReport
internal import ConsentModel
internal import ConsentProver
internal import ConsentVerifier
internal import Holding

/// Why `prove` wrote nothing: the first rows for people, all of them for programs.
struct RefusalReport {
    /// The most rows that are listed for people.
    static let listLimit = 10

    /// For people.
    let text: String
    /// `{code, proved, reasons, ...}`.
    let json: JSONValue

    init(_ refusal: HoldingError) {
        switch refusal {
        case .rows(let rows): self.init(rows: rows)
        case .uncommitted(let numbers): self.init(uncommitted: numbers)
        case .findings(let findings): self.init(findings: findings)
        }
    }

    private init(rows: [RowRefusal]) {
        let count = Set(rows.map(\.sourceRow)).count
        var lines = ["refused: \(count) row\(count == 1 ? "" : "s") cannot be proved; nothing was written"]
        lines += Self.listed(rows.map { "  [\($0.code.rawValue)] \($0.message.printable)" })
        for code in Self.codes where rows.contains(where: { $0.code == code }) {
            lines.append("to do [\(code.rawValue)]: \(Self.advice(code))")
        }
        text = lines.joined(separator: "\n")
        json = Self.object(
            "rows",
            rows.map {
                .object([
                    "code": .string($0.code.rawValue), "message": .string($0.message), "row": .integer(Int64($0.row)),
                    "source_row": .integer(Int64($0.sourceRow)),
                ])
            })
    }

    private init(uncommitted numbers: [Int]) {
        var lines = [
            "refused: the file has \(numbers.count) row\(numbers.count == 1 ? "" : "s") that no commitment covers; nothing was written"
        ]
        lines += Self.listed(numbers.map { "  [uncommitted] row \($0) was never committed" })
        lines.append("to do: remove the rows, or commit the table as a new dataset")
        text = lines.joined(separator: "\n")
        json = Self.object(
            "uncommitted",
            numbers.map {
                .object([
                    "code": .string("uncommitted"), "message": .string("row \($0) was never committed"), "row": .null,
                    "source_row": .integer(Int64($0)),
                ])
            })
    }

    private init(findings: [Finding]) {
        var lines = ["refused: the policy does not accept the bundle; nothing was written"]
        lines += Self.listed(findings.map { "  [\($0.code.rawValue)] \($0.message)" })
        if findings.contains(where: { $0.code == .stale }) {
            lines.append("to do: have the issuer sign a new checkpoint (zkconsent ledger checkpoint)")
        }
        text = lines.joined(separator: "\n")
        json = Self.object(
            "policy", findings.map { .object(["code": .string($0.code.rawValue), "message": .string($0.message)]) })
    }

    private static func listed(_ lines: [String]) -> [String] {
        lines.prefix(listLimit) + (lines.count > listLimit ? ["  and \(lines.count - listLimit) more (--json lists all)"] : [])
    }

    private static func object(_ code: String, _ reasons: [JSONValue]) -> JSONValue {
        .object(["code": .string(code), "proved": .bool(false), "reasons": .array(reasons)])
    }

    private static let codes: [RowRefusal.Code] = [.altered, .noConsent, .policy, .revoked, .notInLedger, .dataPoint, .receipt]

    private static func advice(_ code: RowRefusal.Code) -> String {
        switch code {
        case .altered: "restore the records as they were committed, or commit them as a new dataset"
        case .noConsent: "ask for consents for these rows, or commit the table without them"
        case .policy: "ask for consents that satisfy the policy, or commit the table without these rows"
        case .revoked: "remove these rows and commit the table as a new dataset"
        case .notInLedger: "wait until the issuer's checkpoint covers the consents, or commit the table without these rows"
        case .dataPoint: "restore the store of datasets from a backup"
        case .receipt: "restore the receipts from a backup, or ask the issuer for them again"
        }
    }
}
