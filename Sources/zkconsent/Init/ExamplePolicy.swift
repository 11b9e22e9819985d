// SPDX-License-Identifier: Apache-2.0
internal import Circuits
internal import ConsentModel
internal import Issuance
internal import MerkleLog

/// The policy that `init auditor` writes: the built-in example, with a ledger's keys where they are known.
enum ExamplePolicy {
    private static let head = """
        # What must hold for every row (statement), and whom you trust (acceptance). A proof never chooses its policy: this file does.
        # All keys and their meaning: docs/formats.md, Policy.

        """
    private static let paste = """
            # Paste the issuer's keys here, from its ledger.vkey: the line of the ledger itself, and of its cosigner; better still, those
            # of cosigners that do not belong to the issuer. Or: zkconsent init auditor --ledger-vkey ledger.vkey --force

        """

    /// The text; what comes out is parsed before it is handed out.
    static func text(_ keys: LedgerKeys?) throws(ModelError) -> String {
        guard let bytes = Circuits.policy(named: "research") else { throw ModelError("internal", "the example policy is missing") }
        var text = head
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("    - origin:"), let keys else {
                if line.hasPrefix("    - origin:") { text += paste }
                text += replaced(String(line), keys) + "\n"
                continue
            }
            text += "    - origin: \(quoted(keys.name))\n"
        }
        while text.hasSuffix("\n\n") { text.removeLast() }
        _ = try Policy(yaml: Array(text.utf8), file: WorkspaceFile.policy) { name throws(ModelError) in try Schema.builtIn(named: name) }
        return text
    }

    /// A line of the example, with the ledger's keys in place of the example's.
    private static func replaced(_ line: String, _ keys: LedgerKeys?) -> String {
        guard let keys, let all = try? keys.verifierKeys(), let issuer = all.first, let cosigner = all.last else { return line }
        if line.hasPrefix("      key:") { return "      key: \(quoted(issuer.text))" }
        if line.hasPrefix("          - ") {
            return
                "          # The issuer's own timestamps: its word. Better: a cosigner of your own choice.\n          - \(quoted(cosigner.text))"
        }
        if line.contains("The keys of an example") {
            return "    # From the issuer's ledger.vkey. Make sure that it is the issuer's by another way than this file's."
        }
        return line
    }

    /// A YAML text in double quotes: any text of JSON is one.
    private static func quoted(_ text: String) -> String { JSONValue.string(text).canonicalText }
}
