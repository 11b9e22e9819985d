// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog

extension PolicyExplanation {
    /// The oldest list of withdrawals that is not remarked on, in seconds.
    private static let oldestFreshness: UInt64 = 31 * 86_400

    /// What the policy leaves open.
    public var warnings: [Warning] { statementWarnings + acceptanceWarnings }

    private var statementWarnings: [Warning] {
        let statement = policy.statement
        var warnings: [Warning] = []
        if statement.inForce == nil {
            warnings.append(
                Warning(code: "no-in-force", message: "no in_force: a consent that has run out, or has not begun, satisfies the statement"))
        }
        for (number, part) in policy.statements.parts.enumerated() {
            let requires =
                !part.requiredFlags.isEmpty
                || !part.alternatives.isEmpty && part.alternatives.allSatisfy { !$0.requiredFlags.isEmpty }
            guard !requires else { continue }
            let place = policy.statements.isSingle ? "" : " under the schema \(policy.statements.labels[number])"
            warnings.append(
                Warning(code: "no-require", message: "nothing is required\(place): a consent to anything satisfies the statement"))
        }
        for clause in statement.ranges where clause.minimum == 0 && clause.maximum == nil {
            warnings.append(
                Warning(
                    code: "range-says-nothing",
                    message: "\(text(clause)): a range with min 0 and no max says next to nothing"))
        }
        for (index, alternative) in statement.alternatives.enumerated() {
            if statement.alternatives.indices.contains(where: { $0 != index && alternative.implies(statement.alternatives[$0]) }) {
                warnings.append(
                    Warning(
                        code: "redundant-alternative",
                        message: "alternative \(index + 1) of any_of only holds where another one does: leave it out"))
            }
        }
        if !statement.revealed.isEmpty, policy.isServable(by: .unlinkable) {
            let names = statement.revealed.map { statement.schema.attributes[$0].name }.joined(separator: ", ")
            warnings.append(
                Warning(
                    code: "reveal-narrows",
                    message:
                        "what reveal shows (\(names)) narrows down which consent an unlinkable proof is about, and links proofs of equal values"
                ))
        }
        return warnings
    }

    private var acceptanceWarnings: [Warning] {
        let acceptance = policy.acceptance
        var warnings: [Warning] = []
        for ledger in acceptance.ledgers {
            let own = "\(ledger.origin)/cosigner"
            if ledger.quorum == 1, ledger.cosigners.contains(where: { $0.name == own }) {
                warnings.append(
                    Warning(
                        code: "issuer-time",
                        message: "ledger \(ledger.origin): the issuer's own cosigner suffices, so every time is the issuer's word"))
            } else if ledger.quorum == 1 {
                warnings.append(
                    Warning(
                        code: "quorum-of-one",
                        message: "ledger \(ledger.origin): a quorum of 1, so one cosigner alone can vouch for another history or time"))
            }
        }
        if case .current(let age) = acceptance.freshness, age > Self.oldestFreshness {
            warnings.append(
                Warning(
                    code: "old-freshness", message: "withdrawals of the last \(Self.duration(age)) may be missing from a proof that holds"))
        }
        if acceptance.loggedBy == nil {
            warnings.append(
                Warning(code: "no-logged-by", message: "no logged_by: a consent that was entered into its ledger afterwards is accepted"))
        }
        if !policy.statement.links.contains(.record), !acceptance.isOneToOne, acceptance.minimumDistinctConsents == nil {
            warnings.append(
                Warning(
                    code: "one-for-all",
                    message: "linked by subject without minimum_distinct_consents: a single person's consent may cover every row"))
        }
        if acceptance.isOneToOne || acceptance.minimumDistinctConsents != nil, policy.statements.isServable(by: .point) {
            warnings.append(
                Warning(
                    code: "counts-by-file",
                    message:
                        "consents are counted file by file: point proofs in files of their own say nothing of each other; have them packed")
            )
        }
        if acceptance.context == nil {
            warnings.append(Warning(code: "no-context", message: "no context: a proof that was made for another audit is accepted"))
        }
        return warnings
    }
}

extension Statement.Alternative {
    /// Whether every clause of `other` is one of this alternative's, so that `other` holds wherever this does.
    fileprivate func implies(_ other: Self) -> Bool {
        Set(other.requiredFlags).isSubset(of: requiredFlags) && Set(other.forbiddenFlags).isSubset(of: forbiddenFlags)
            && other.constants.allSatisfy { constants[$0.key] == $0.value }
    }
}
