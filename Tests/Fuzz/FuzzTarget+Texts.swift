// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Groups
import RelationNotation

extension FuzzTarget {
    /// JSON, YAML and the notation of relations.
    static let texts = [
        FuzzTarget(name: "json", summary: "JSON; its canonical form is read back as itself") { bytes in
            guard let value = try? JSONValue(parsing: bytes) else { return }
            let canonical = value.canonical
            guard let again = try? JSONValue(parsing: canonical) else { fatalError("the canonical form is refused") }
            require(again.canonical == canonical, "the canonical form is not a fixed point")
        },
        FuzzTarget(name: "policy", summary: "policies of the built-in schemas") { bytes in
            guard let policy = try? Policy(yaml: bytes) else { return }
            require(policy.statement.digest.count == 32, "a policy without a digest")
            _ = try? CompiledStatement(policy.statements)
        },
        FuzzTarget(name: "schema", summary: "schemas") { bytes in
            guard let schema = try? Schema(yaml: bytes) else { return }
            require(schema.digest.count == 32, "a schema without a digest")
        },
        FuzzTarget(name: "relation", summary: "relation files, unrolled and compiled") { bytes in
            guard let declaration = try? RelationDeclaration(parsing: bytes) else { return }
            guard let unrolled = try? declaration.unrolled() else { return }
            require(!unrolled.indexNotation.joined().isEmpty, "a relation without equations")
            _ = try? unrolled.compiled(Ristretto255.self, values: RelationValues())
        },
        FuzzTarget(name: "consent", summary: "consents in JSON") { bytes in
            guard let json = try? JSONValue(parsing: bytes), let schema = try? Schema.builtIn(named: "consent-v1") else { return }
            _ = try? Consent(json: json, schema: schema)
        },
        FuzzTarget(name: "manifest", summary: "registered manifests") { bytes in
            guard let manifest = try? Manifest(parsing: bytes) else { return }
            require(manifest.leaf == bytes, "a manifest has two encodings")
        },
        FuzzTarget(name: "withdrawal", summary: "withdrawals and data subjects' receipts") { bytes in
            _ = try? WithdrawalStatement(parsing: bytes)
            _ = try? SubjectReceipt(parsing: bytes)
        },
    ]
}
