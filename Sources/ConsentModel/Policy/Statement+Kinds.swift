// SPDX-License-Identifier: Apache-2.0
private import FaultInjection

extension Statement {
    /// What a statement can be proved of.
    public enum ProofKind: String, Hashable, Sendable, CaseIterable {
        /// All rows of a dataset at once, over the calendar commitments `C`: only conjunctions of linear clauses fold.
        case dataset
        /// One data point, over the commitment `K` of attributes and flags: it has no calendar, so `in_force` is proved by ranges of the
        /// integers `not_before` and `expires`.
        case point
        /// One data point as well, over an unnamed entry of a range of a ledger. What is said of the consent is what `point` says.
        case unlinkable

        /// The kind in a sentence, with its article.
        var phrase: String {
            switch self {
            case .dataset: "a dataset proof"
            case .point: "a point proof"
            case .unlinkable: "an unlinkable point proof"
            }
        }
    }

    /// Why proofs of a kind cannot serve a statement, for one clause.
    public struct Reason: Hashable, Sendable {
        /// The clause: a key of the policy file.
        public let clause: String
        /// One sentence without a full stop.
        public let message: String
        /// What to do.
        public let hint: String?
    }

    /// Why proofs of this kind cannot serve the statement, in the order of the clauses; empty if they can.
    public func obstacles(to kind: ProofKind) -> [Reason] {
        switch kind {
        case .point: return listObstacles ?? pointPlan().obstacles
        case .unlinkable:
            if let listObstacles { return listObstacles }
            let isLinked = links.contains(.record) || Fault.isRemoved(.memberRecordLink)
            let unlinked = Reason(
                clause: "link", message: "without a link to the record one unnamed consent could cover any number of data points",
                hint: "write link: [record]")
            return pointPlan().obstacles + (isLinked ? [] : [unlinked])
        case .dataset:
            var reasons: [Reason] = []
            for clause in ranges {
                reasons.append(
                    Reason(
                        clause: "range", message: "a range of \(schema.attributes[clause.attribute].name) is not linear, and does not fold",
                        hint: "use point proofs, or a flag that the issuer sets"))
            }
            if !alternatives.isEmpty {
                reasons.append(
                    Reason(
                        clause: "any_of", message: "alternatives do not fold",
                        hint: "use point proofs, or one policy for each alternative"))
            }
            return reasons
        }
    }

    /// Why point proofs of any kind cannot serve a statement that is one of several schemas; `nil` if it is the only one.
    private var listObstacles: [Reason]? {
        guard schemaCount > 1 else { return nil }
        return [
            Reason(
                clause: "schema", message: "the policy lists \(schemaCount) schemas, whose point proofs would have different forms",
                hint: "use a dataset proof, or one policy for each schema")
        ]
    }

    /// Whether proofs of this kind can serve the statement.
    public func isServable(by kind: ProofKind) -> Bool { obstacles(to: kind).isEmpty }

    /// Refuses a kind of proofs that cannot serve the statement: `proof-kind`, naming the first clause.
    public func require(servableBy kind: ProofKind) throws(ModelError) {
        guard let first = obstacles(to: kind).first, !Fault.isRemoved(.statementKind) else { return }
        throw first.error(kind)
    }

    /// The ranges that a point proof proves, ascending by attribute: ``ranges``, narrowed or completed by ``inForce``: `not_before` is from 0
    /// to its first day, `expires` at least its last day. Their width is ``rangeBits``, their claims at most ``claimLimit``.
    ///
    /// - Throws: `proof-kind` when point proofs cannot serve the statement.
    public func pointRanges() throws(ModelError) -> [RangeClause] {
        try require(servableBy: .point)
        return pointPlan().ranges
    }

    /// The ranges of a point proof, and why there is none.
    private func pointPlan() -> (ranges: [RangeClause], obstacles: [Reason]) {
        guard let inForce else { return (ranges, []) }
        var byAttribute: [Int: RangeClause] = [:], obstacles: [Reason] = []
        for clause in ranges { byAttribute[clause.attribute] = clause }
        func refuse(_ message: String, _ hint: String? = nil) {
            obstacles.append(Reason(clause: "in_force", message: message, hint: hint))
        }
        let first = UInt64(inForce.first.number), last = UInt64(inForce.last.number)
        for (name, bounds) in [("not_before", Bounds(minimum: 0, maximum: first)), ("expires", Bounds(minimum: last))] {
            guard let index = schema.attributeIndex(named: name), schema.attributes[index].kind == .uint(isDay: true) else {
                refuse("it needs the attribute \(name), a uint of unit day, which the schema \(schema.name) does not have")
                continue
            }
            if case .uint(let value) = constants[index] {
                // A constant that is early or late enough says it already.
                if value < bounds.minimum || value > bounds.maximum ?? .max { refuse("the constant \(name) contradicts it") }
                continue
            }
            guard !revealed.contains(index), !alternatives.contains(where: { $0.constants[index] != nil }) else {
                refuse("it puts \(name) in a range, which is under another clause", "leave \(name) out of reveal and any_of")
                continue
            }
            let given = byAttribute[index]
            let minimum = max(bounds.minimum, given?.minimum ?? 0)
            let maximum = [bounds.maximum, given?.maximum].compactMap { $0 }.min()
            let clause = RangeClause(attribute: index, minimum: minimum, maximum: maximum)
            guard maximum ?? .max >= minimum else {
                refuse("the range of \(name) contradicts it")
                continue
            }
            guard Self.neededBits(clause) <= rangeBits else {
                refuse("\(name) needs \(Self.neededBits(clause)) bits, and range_bits is \(rangeBits)", "leave range_bits out")
                continue
            }
            byAttribute[index] = clause
        }
        let clauses = byAttribute.values.sorted { $0.attribute < $1.attribute }
        if clauses.reduce(0, { $0 + $1.claimCount }) > Self.claimLimit {
            refuse("with it there are more than \(Self.claimLimit) range claims")
        }
        return (clauses, obstacles)
    }
}

extension Statement.Reason {
    /// The error for a kind of proofs that cannot serve a policy.
    func error(_ kind: Statement.ProofKind) -> ModelError {
        ModelError("proof-kind", "\(kind.phrase) cannot serve \(clause): \(message)", hint: hint)
    }
}

extension Policy {
    /// Why proofs of this kind cannot serve the policy, in the order of the clauses; empty if they can. Beside its statement: what counts consents
    /// cannot be checked where no row names its consent.
    public func obstacles(to kind: Statement.ProofKind) -> [Statement.Reason] {
        var reasons = statements.obstacles(to: kind)
        guard kind == .unlinkable else { return reasons }
        let message = "how many consents cover the data points cannot be told", hint = "use point proofs, or leave the clause out"
        if acceptance.minimumDistinctConsents != nil {
            reasons.append(.init(clause: "minimum_distinct_consents", message: message, hint: hint))
        }
        if acceptance.isOneToOne { reasons.append(.init(clause: "one_to_one", message: message, hint: hint)) }
        return reasons
    }

    /// Whether proofs of this kind can serve the policy.
    public func isServable(by kind: Statement.ProofKind) -> Bool { obstacles(to: kind).isEmpty }

    /// Refuses a kind of proofs that cannot serve the policy: `proof-kind`, naming the first clause.
    public func require(servableBy kind: Statement.ProofKind) throws(ModelError) {
        try statements.require(servableBy: kind)
        guard let first = obstacles(to: kind).first, !Fault.isRemoved(.memberCounts) else { return }
        throw first.error(kind)
    }
}
