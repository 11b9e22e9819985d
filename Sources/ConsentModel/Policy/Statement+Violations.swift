// SPDX-License-Identifier: Apache-2.0

extension Statement {
    /// Why a consent does not satisfy the statement, one sentence for each clause, in the order of the clauses; empty if it does.
    ///
    /// Links compare with a data point and are not looked at. Sentences name clauses and days, not the values of attributes.
    ///
    /// - Parameter kind: The proof that shall be made: `in_force` is about the calendar in a dataset proof, and about `not_before` and
    ///   `expires` in a point proof. That proofs of this kind can serve the statement at all is asked elsewhere, ``obstacles(to:)``.
    public func violations(of consent: Consent, for kind: ProofKind = .dataset) -> [String] {
        var reasons = flagViolations(of: consent, required: requiredFlags, forbidden: forbiddenFlags)
        if kind == .dataset, let inForce {
            if inForce.first < consent.inForce.first {
                reasons.append("in_force: not in force on \(inForce.first); it begins on \(consent.inForce.first)")
            }
            if consent.inForce.last < inForce.last {
                reasons.append("in_force: not in force on \(inForce.last); it ends on \(consent.inForce.last)")
            }
        }
        reasons += constantViolations(of: consent, constants)
        for index in revealed where consent.values[schema.attributes[index].name] == nil {
            reasons.append("reveal: there is no \(schema.attributes[index].name)")
        }
        for clause in (kind == .dataset ? nil : try? pointRanges()) ?? ranges {
            if let reason = rangeViolation(of: consent, clause) { reasons.append(reason) }
        }
        if !alternatives.isEmpty, holdingAlternatives(of: consent).isEmpty {
            reasons.append("any_of: none of the \(alternatives.count) alternatives holds")
        }
        return reasons
    }

    /// The indices in ``alternatives`` of those that hold, ascending.
    public func holdingAlternatives(of consent: Consent) -> [Int] {
        alternatives.indices.filter { index in
            let alternative = alternatives[index]
            return flagViolations(of: consent, required: alternative.requiredFlags, forbidden: alternative.forbiddenFlags).isEmpty
                && constantViolations(of: consent, alternative.constants).isEmpty
        }
    }

    /// Why a range does not hold, said of `in_force` where the policy's own range of the attribute, if it has one, holds.
    private func rangeViolation(of consent: Consent, _ clause: RangeClause) -> String? {
        let name = schema.attributes[clause.attribute].name
        let own = ranges.first { $0.attribute == clause.attribute }
        guard case .uint(let value) = consent.values[name] else {
            return (own == nil ? "in_force" : "range") + ": there is no \(name)"
        }
        guard !clause.holds(value, bits: rangeBits) else { return nil }
        if let own, !own.holds(value, bits: rangeBits) {
            return "range: \(name) is too \(value < own.minimum ? "small" : "large")"
        }
        return "in_force: \(name) is too \(value < clause.minimum ? "early" : "late")"
    }

    private func flagViolations(of consent: Consent, required: [Int], forbidden: [Int]) -> [String] {
        var reasons: [String] = []
        for index in required {
            let flag = schema.flags[index]
            if !consent.has(flag.name, in: flag.group) { reasons.append("require: \(flag.group) does not include \(flag.name)") }
        }
        for index in forbidden {
            let flag = schema.flags[index]
            if consent.has(flag.name, in: flag.group) { reasons.append("forbid: \(flag.group) includes \(flag.name)") }
        }
        return reasons
    }

    private func constantViolations(of consent: Consent, _ constants: [Int: ConsentValue]) -> [String] {
        constants.keys.sorted().compactMap { index in
            let name = schema.attributes[index].name
            return consent.values[name] == constants[index] ? nil : "constants: \(name) has another value"
        }
    }
}
