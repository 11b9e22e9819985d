// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Primitives

extension PolicyExplanation {
    /// The explanation for people.
    public var text: String {
        var lines = ["policy \(policy.name), statement \(Hex.encode(policy.statements.digest))"]
        func section(_ title: String, _ rows: [(String, String)]) {
            guard !rows.isEmpty else { return }
            let width = rows.map(\.0.count).max() ?? 0
            lines.append(title)
            var previous = ""
            for (key, text) in rows {
                let shown = key == previous ? "" : key
                lines.append("  \(shown)\(String(repeating: " ", count: width - shown.count))  \(text.printable)")
                previous = key
            }
        }
        section("What is proved (statement):", statementClauses.map { ($0.key, $0.text) })
        section("Whom the auditor trusts (acceptance, no part of a proof):", acceptanceClauses.map { ($0.key, $0.text) })
        section("What a proof shows to whoever checks it:", disclosures.map { ("", "- \($0)") })
        section("Which proofs can serve it:", Statement.ProofKind.allCases.flatMap { kindRows($0) })
        section("To think about:", warnings.map { ("", "- \($0.message)") })
        return lines.joined(separator: "\n")
    }

    private func kindRows(_ kind: Statement.ProofKind) -> [(String, String)] {
        let obstacles = policy.obstacles(to: kind)
        guard obstacles.isEmpty else {
            return obstacles.map { obstacle in
                (kind.rawValue, "no, \(obstacle.clause): \(obstacle.message)" + (obstacle.hint.map { " (\($0))" } ?? ""))
            }
        }
        guard kind != .dataset, let ranges = try? policy.statement.pointRanges(), !ranges.isEmpty else { return [(kind.rawValue, "yes")] }
        let head = (kind.rawValue, "yes, with ranges of \(policy.statement.rangeBits) bits:")
        return [head] + ranges.map { (kind.rawValue, "  \(text($0))") }
    }

    /// The explanation for programs.
    ///
    /// - Parameter file: The policy's file as the user named it.
    public func json(file: String) -> JSONValue {
        func json(_ clauses: [Clause]) -> JSONValue {
            .array(clauses.map { .object(["key": .string($0.key), "text": .string($0.text)]) })
        }
        var kinds: [String: JSONValue] = [:]
        for kind in Statement.ProofKind.allCases {
            let obstacles = policy.obstacles(to: kind)
            kinds[kind.rawValue] = .object([
                "obstacles": .array(
                    obstacles.map { obstacle in
                        .object([
                            "clause": .string(obstacle.clause), "hint": obstacle.hint.map { .string($0) } ?? .null,
                            "message": .string(obstacle.message),
                        ])
                    }),
                "servable": .bool(obstacles.isEmpty),
            ])
        }
        return .object([
            "acceptance": policy.acceptance.json, "disclosures": .array(disclosures.map { .string($0) }),
            "explanation": .object(["acceptance": json(acceptanceClauses), "statement": json(statementClauses)]), "file": .string(file),
            "kind": .string("policy-check"), "name": .string(policy.name), "proofs": .object(kinds),
            "schema": policy.statements.schemaNames,
            "schema_digest": policy.statements.schemaDigests, "statement": policy.statements.json,
            "statement_digest": .string(Hex.encode(policy.statements.digest)),
            "warnings": .array(warnings.map { .object(["code": .string($0.code), "message": .string($0.message)]) }),
        ])
    }
}
