// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import MerkleLog

extension TestWorld {
    /// A policy file of the world's clauses, for programs that read one.
    ///
    /// - Parameter acceptance: further lines of the acceptance.
    func policyText(quorum: Int? = nil, acceptance: [String] = []) throws -> String {
        let clauses = clauses
        let schema = kit.schema
        func list(_ names: [String]) -> String { "[" + names.joined(separator: ", ") + "]" }
        func flags(_ groups: [String: [String]]) -> String {
            let inOrder = schema.flagGroups.compactMap { group in groups[group.name].map { "\(group.name): \(list($0))" } }
            return "{" + inOrder.joined(separator: ", ") + "}"
        }
        let constants = clauses.constants.sorted { $0.key < $1.key }.map { name, value -> String in
            switch value {
            case .uint(let number): "\(name): \(number)"
            case .id(let bytes): "\(name): \"\(String(decoding: bytes, as: UTF8.self))\""
            }
        }
        var lines = [
            "policy: test", "statement:", "  schema: \(schema.name)",
            "  in_force: {from: \(clauses.inForce.first), to: \(clauses.inForce.last)}",
            "  require: \(flags(clauses.require))", "  forbid: \(flags(clauses.forbid))",
            "  constants: {\(constants.joined(separator: ", "))}",
        ]
        if !clauses.reveal.isEmpty { lines.append("  reveal: \(list(clauses.reveal))") }
        lines += ["  link: \(list(clauses.links.sorted().map(\.rawValue)))", "acceptance:", "  ledgers:"]
        for ledger in ledgers {
            let trusted = try ledger.trusted(quorum: quorum)
            let keys = list(trusted.cosigners.map { "\"\($0.text)\"" })
            lines += [
                "    - origin: \(ledger.origin)", "      key: \(trusted.key.text)",
                "      cosigners: {quorum: \(trusted.quorum), keys: \(keys)}",
            ]
        }
        lines.append("  freshness: {\(freshness == .asOf ? "as_of: true" : "current: 1d")}")
        return (lines + acceptance.map { "  " + $0 }).map { $0 + "\n" }.joined()
    }
}
