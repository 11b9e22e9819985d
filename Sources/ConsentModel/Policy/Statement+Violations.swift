// SPDX-License-Identifier: Apache-2.0

extension Statement {
    /// Why a consent does not satisfy the statement, one sentence for each clause, in the order of the clauses; empty if it does.
    ///
    /// Links compare with a data point and are not looked at. Sentences name clauses and days, not the values of attributes.
    public func violations(of consent: Consent) -> [String] {
        var reasons: [String] = []
        for index in requiredFlags {
            let flag = schema.flags[index]
            if !consent.has(flag.name, in: flag.group) { reasons.append("require: \(flag.group) does not include \(flag.name)") }
        }
        for index in forbiddenFlags {
            let flag = schema.flags[index]
            if consent.has(flag.name, in: flag.group) { reasons.append("forbid: \(flag.group) includes \(flag.name)") }
        }
        if inForce.first < consent.inForce.first {
            reasons.append("in_force: not in force on \(inForce.first); it begins on \(consent.inForce.first)")
        }
        if consent.inForce.last < inForce.last {
            reasons.append("in_force: not in force on \(inForce.last); it ends on \(consent.inForce.last)")
        }
        for index in constants.keys.sorted() {
            let attribute = schema.attributes[index]
            if consent.values[attribute.name] != constants[index] { reasons.append("constants: \(attribute.name) has another value") }
        }
        for index in revealed where consent.values[schema.attributes[index].name] == nil {
            reasons.append("reveal: there is no \(schema.attributes[index].name)")
        }
        return reasons
    }
}
