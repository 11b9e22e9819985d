// SPDX-License-Identifier: Apache-2.0

/// Files that are recognised and not run, with the reason.
enum DataFormats {
    static let all: [VectorFormat] = [
        skipped("dalek challenges", "the proofs whose challenges these are do not lie beside the file") { file in
            file.records.contains { $0["challenges"]?.has("y", "z", "x", "w") ?? false }
        },
        skipped("checkpoint", "a signed note without any verifier key beside it", recognises: LogFormats.isCheckpoint),
        skipped("FHIR resource", "a FHIR resource: data, without an expected outcome") { file in
            file.json?["resourceType"] != nil || file.json == nil && file.text?.contains("xmlns=\"http://hl7.org/fhir\"") ?? false
        },
        skipped("sigstore trusted root", "a sigstore trusted root: keys, without an expected outcome") {
            $0.json?["mediaType"]?.text?.contains("trustedroot") ?? false
        },
        skipped("sigstore bundle", "a sigstore bundle: whether it is to be accepted is not in the file, and certificates are out of scope")
        {
            $0.json?["mediaType"]?.text?.contains("sigstore") ?? false
        },
        skipped("sigsum proof", "a sigsum proof: the signed message and the keys, which it names by their hashes, are in no file") { file in
            guard let text = file.text else { return false }
            return text.hasPrefix("version=") && text.contains("\nlog=") && text.contains("\nroot_hash=")
        },
        skipped("IAB consent strings", "IAB consent strings are not implemented") { file in
            file.records.contains {
                $0.has("direction", "string") || $0.has("string", "version") || $0.has("tc_string") || $0.has("string", "expect")
            }
        },
        skipped("JSON schema", "a JSON schema: describes a format, has no cases") { $0.json?["$schema"] != nil },
        skipped("JSON-LD", "JSON-LD: data, without an expected outcome") { $0.json?["@context"] != nil },
        skipped("log description", "a log's or witness's description: its keys are used for the checkpoints beside it") { file in
            file.json?.has("monitoring_url") ?? false
        },
        skipped("log entries", "entries of a log without tiles of hashes beside them") {
            $0.json == nil && CertificateBundle($0.bytes) != nil
        },
        skipped("JSON lines", "JSON lines: data, without an expected outcome") { file in
            guard file.json == nil, file.looksLikeJSON, let line = file.text?.prefix(while: { !$0.isNewline }) else { return false }
            return VectorValue(parsing: Array(line.utf8)) != nil
        },
        skipped("zkconsent", "a file of zkconsent: zkconsent verify judges it", recognises: isOurs),
        skipped("empty file", "an empty file") { $0.bytes.isEmpty },
    ]

    /// Whether the file is a bundle, a list of withdrawals, a sealed file, a policy or a JSON record of zkconsent.
    private static func isOurs(_ file: VectorFile) -> Bool {
        if file.bytes.starts(with: Array("zkconsent/".utf8)) { return true }
        if file.bytes.dropFirst(8).starts(with: Array(#"{"__metadata__":{"#.utf8)) {
            return String(decoding: file.bytes.prefix(65_536), as: UTF8.self).contains(#""format":"zkconsent-"#)
        }
        if let kind = file.json?["kind"]?.text {
            return ["point", "subject-receipt", "withdrawal", "spot-check-openings"].contains(kind) && file.json?["version"] != nil
        }
        return file.text.map { $0.hasPrefix("policy: ") && $0.contains("\nstatement:\n") } ?? false
    }

    private static func skipped(
        _ name: String, _ reason: String, recognises: @escaping @Sendable (VectorFile) -> Bool
    ) -> VectorFormat {
        VectorFormat(name, standard: "", skipped: reason, recognises: recognises)
    }
}
