// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import MerkleLog

extension TestWorld {
    /// A policy file of the world's clauses, for programs that read one.
    ///
    /// - Parameter acceptance: further lines of the acceptance.
    func policyText(quorum: Int? = nil, acceptance: [String] = []) throws -> String {
        let points = PointClauses(
            require: clauses.require, forbid: clauses.forbid, constants: clauses.constants, reveal: clauses.reveal, links: clauses.links,
            inForce: clauses.inForce)
        return try policyText(points, quorum: quorum, acceptance: acceptance)
    }

    /// A policy file of clauses for point proofs.
    func policyText(_ clauses: PointClauses, quorum: Int? = nil, acceptance: [String] = []) throws -> String {
        var lines = ["policy: test", "statement:", "  schema: \(kit.schema.name)"]
        if let days = clauses.inForce { lines.append("  in_force: {from: \(days.first), to: \(days.last)}") }
        lines += flags("require", clauses.require) + flags("forbid", clauses.forbid) + constants(clauses.constants)
        if !clauses.reveal.isEmpty { lines.append("  reveal: \(list(clauses.reveal))") }
        let ranges = clauses.ranges.sorted { $0.key < $1.key }.map { name, bounds in
            "\(name): {min: \(bounds.minimum)\(bounds.maximum.map { ", max: \($0)" } ?? "")}"
        }
        if !ranges.isEmpty { lines.append("  range: {\(ranges.joined(separator: ", "))}") }
        if let bits = clauses.rangeBits { lines.append("  range_bits: \(bits)") }
        if !clauses.anyOf.isEmpty { lines.append("  any_of:") }
        for choice in clauses.anyOf {
            let parts = flags("require", choice.require) + flags("forbid", choice.forbid) + constants(choice.constants)
            lines.append("    - {" + parts.map { $0.drop { $0 == " " } }.joined(separator: ", ") + "}")
        }
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

    private func list(_ names: [String]) -> String { "[" + names.joined(separator: ", ") + "]" }

    private func flags(_ clause: String, _ groups: [String: [String]]) -> [String] {
        let inOrder = kit.schema.flagGroups.compactMap { group in groups[group.name].map { "\(group.name): \(list($0))" } }
        return inOrder.isEmpty ? [] : ["  \(clause): {\(inOrder.joined(separator: ", "))}"]
    }

    private func constants(_ constants: [String: ConsentValue]) -> [String] {
        let texts = constants.sorted { $0.key < $1.key }.map { name, value -> String in
            switch value {
            case .uint(let number): "\(name): \(number)"
            case .id(let bytes): "\(name): \"\(String(decoding: bytes, as: UTF8.self))\""
            }
        }
        return texts.isEmpty ? [] : ["  constants: {\(texts.joined(separator: ", "))}"]
    }
}
