// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import MerkleLog
internal import Primitives

/// A policy in plain words: every clause, what an auditor learns, which kinds of proofs can serve it, and what to think about.
public struct PolicyExplanation: Sendable {
    /// One clause.
    public struct Clause: Hashable, Sendable {
        /// Its key in the policy file.
        public let key: String
        /// What it demands, without a full stop.
        public let text: String
    }

    /// Something that the policy leaves open and that its author may not have meant to.
    public struct Warning: Hashable, Sendable {
        /// A short kebab-case name, stable across releases.
        public let code: String
        /// What is left open, without a full stop.
        public let message: String
    }

    /// The policy.
    public let policy: Policy

    /// Explains a policy.
    public init(_ policy: Policy) {
        self.policy = policy
    }

    // MARK: Statement

    /// What is proved, in the order of the documentation.
    public var statementClauses: [Clause] {
        let statements = policy.statements
        let ofPart = statements.parts.map { Self.clauses(of: $0) }
        let labelled = statements.parts.indices.map { (ofPart[$0], statements.labels[$0]) }
        var clauses = statements.parts.indices.map { part in
            Clause(key: "schema", text: "\(statements.labels[part]), digest \(Hex.encode(statements.schemas[part].digest))")
        }
        // What is asked under every schema is said once; the clauses of one schema stand where they belong.
        for key in Self.statementKeys {
            clauses += ofPart[0].filter { clause in clause.key == key && ofPart.allSatisfy { $0.contains(clause) } }
            for (part, label) in labelled {
                let own = part.filter { clause in clause.key == key && !ofPart.allSatisfy { $0.contains(clause) } }
                clauses += own.map { Clause(key: key, text: "of consents under \(label): \($0.text)") }
            }
        }
        return clauses
    }

    private static let statementKeys = ["in_force", "require", "forbid", "constants", "range", "any_of", "reveal", "link"]

    /// The clauses for one schema, in the order of the documentation.
    private static func clauses(of statement: Statement) -> [Clause] {
        let schema = statement.schema
        var clauses: [Clause] = []
        if let days = statement.inForce {
            let span = days.count == 1 ? "on \(days.first)" : "on each of the \(days.count) days from \(days.first) to \(days.last)"
            clauses.append(Clause(key: "in_force", text: "the consent is in force \(span)"))
        }
        clauses += Self.clauses(statement.requiredFlags, statement.forbiddenFlags, statement.constants, schema)
        for clause in statement.ranges { clauses.append(Clause(key: "range", text: text(clause, schema))) }
        for (number, alternative) in statement.alternatives.enumerated() {
            let parts = Self.clauses(alternative.requiredFlags, alternative.forbiddenFlags, alternative.constants, schema).map(\.text)
            let lead = number == 0 ? "one of these \(statement.alternatives.count) holds: " : "or "
            clauses.append(Clause(key: "any_of", text: lead + parts.joined(separator: ", and ")))
        }
        for index in statement.revealed {
            clauses.append(Clause(key: "reveal", text: "\(schema.attributes[index].name) is shown"))
        }
        for link in statement.links {
            clauses.append(Clause(key: "link", text: "the \(link.rawValue) of the consent is the \(link.rawValue) of the data point"))
        }
        return clauses
    }

    private static func clauses(
        _ required: [Int], _ forbidden: [Int], _ constants: [Int: ConsentValue], _ schema: Schema
    ) -> [Clause] {
        var clauses: [Clause] = []
        for index in required {
            clauses.append(Clause(key: "require", text: "\(schema.flags[index].group) includes \(schema.flags[index].name)"))
        }
        for index in forbidden {
            clauses.append(Clause(key: "forbid", text: "\(schema.flags[index].group) does not include \(schema.flags[index].name)"))
        }
        for index in constants.keys.sorted() {
            let attribute = schema.attributes[index]
            let value = constants[index].flatMap { attribute.text(of: $0) } ?? ""
            clauses.append(Clause(key: "constants", text: "\(attribute.name) is \(attribute.kind.isText ? "\"\(value)\"" : value)"))
        }
        return clauses
    }

    /// A range in words.
    func text(_ clause: Statement.RangeClause) -> String { Self.text(clause, policy.statement.schema) }

    private static func text(_ clause: Statement.RangeClause, _ schema: Schema) -> String {
        let attribute = schema.attributes[clause.attribute]
        func bound(_ value: UInt64) -> String { attribute.text(of: .uint(value)) ?? String(value) }
        guard let maximum = clause.maximum else { return "\(attribute.name) is at least \(bound(clause.minimum))" }
        return "\(attribute.name) is from \(bound(clause.minimum)) to \(bound(maximum))"
    }

    // MARK: Acceptance

    /// Whom and what the auditor accepts.
    public var acceptanceClauses: [Clause] {
        let acceptance = policy.acceptance
        var clauses = acceptance.ledgers.map { ledger in
            Clause(
                key: "ledgers",
                text: "\(ledger.origin), cosigned by at least \(ledger.quorum) of \(ledger.cosigners.map(\.name).joined(separator: ", "))")
        }
        switch acceptance.freshness {
        case .current(let age):
            clauses.append(Clause(key: "freshness", text: "the list of withdrawals is at most \(Self.duration(age)) old"))
        case .asOf:
            let day = policy.statement.inForce.map { " (\($0.last))" } ?? ""
            clauses.append(Clause(key: "freshness", text: "the list of withdrawals was made after the last day of in_force\(day)"))
        }
        if let day = acceptance.loggedBy {
            clauses.append(Clause(key: "logged_by", text: "every consent was in its ledger by the end of \(day)"))
        }
        if let minimum = acceptance.minimumDistinctConsents {
            clauses.append(Clause(key: "minimum_distinct_consents", text: "there are at least \(minimum) different consents"))
        }
        if acceptance.isOneToOne { clauses.append(Clause(key: "one_to_one", text: "every data point has a consent of its own")) }
        if let context = acceptance.context { clauses.append(Clause(key: "context", text: "proofs were made for \"\(context)\"")) }
        return clauses
    }

    /// Seconds in the largest unit that is exact.
    static func duration(_ seconds: UInt64) -> String {
        for (unit, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] as [(String, UInt64)] where seconds % length == 0 {
            return "\(seconds / length) \(unit)\(seconds == length ? "" : "s")"
        }
        return "\(seconds) seconds"
    }

    // MARK: What is seen

    /// What whoever checks a proof learns, and what stays hidden.
    public var disclosures: [String] {
        let statement = policy.statement
        var lines = ["which entry of which ledger covers which data point, how many there are, repeats, and later withdrawals"]
        if policy.isServable(by: .unlinkable) {
            lines.append("of unlinkable proofs instead: the range of a ledger that the consents are in, and how many data points there are")
        }
        let names = policy.statements.revealedAttributes.map(\.name)
        if !names.isEmpty { lines.append("for every consent that is used: the value of \(names.joined(separator: ", "))") }
        if !policy.statements.isSingle { lines.append("for every consent that is used: its schema") }
        if !statement.alternatives.isEmpty { lines.append("not which of the alternatives holds") }
        if !statement.ranges.isEmpty { lines.append("not the values within their ranges") }
        return lines
    }
}

extension Schema.Attribute.Kind {
    /// Whether values are text for people, to be quoted.
    fileprivate var isText: Bool {
        if case .id = self { return true }
        return false
    }
}
