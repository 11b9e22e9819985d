// SPDX-License-Identifier: Apache-2.0
import AuditReport
import Circuits
import ConsentModel
import Groups
import RelationNotation
import SigmaProofs

extension FuzzTarget {
    /// JSON, YAML and the notation of relations.
    static let texts = [
        FuzzTarget(name: "json", summary: "JSON; its canonical form is read back as itself") { bytes in
            guard let value = try? JSONValue(parsing: bytes) else { return false }
            let canonical = value.canonical
            guard let again = try? JSONValue(parsing: canonical) else { fatalError("the canonical form is refused") }
            require(again.canonical == canonical, "the canonical form is not a fixed point")
            return true
        },
        FuzzTarget(name: "policy", summary: "policies of the built-in schemas") { bytes in
            guard let policy = try? Policy(yaml: bytes) else { return false }
            let explanation = PolicyExplanation(policy)
            let lines = explanation.text.split(separator: "\n").map(String.init)
            require(lines == lines.map(\.printable), "an explanation is not printable")
            _ = explanation.json(file: "policy.yaml")
            return (try? CompiledStatement(policy.statements)) != nil
        },
        FuzzTarget(name: "schema", summary: "schemas") { bytes in
            (try? Schema(yaml: bytes)) != nil
        },
        FuzzTarget(name: "relation", summary: "relation files, unrolled and compiled") { bytes in
            guard let declaration = try? RelationDeclaration(parsing: bytes) else { return false }
            guard let unrolled = try? declaration.unrolled() else { return false }
            require(!unrolled.indexNotation.joined().isEmpty, "a relation without equations")
            _ = try? unrolled.compiled(Ristretto255.self, values: RelationValues())
            return true
        },
        FuzzTarget(name: "values", summary: "files of values and of witnesses for relations") { bytes in
            guard let values = try? RelationValues(parsing: bytes) else { return false }
            var isComplete = false
            for declaration in declarations {
                guard let sizes = try? values.sizes(of: declaration), let unrolled = try? declaration.unrolled(sizes: sizes) else {
                    continue
                }
                if let relation = try? unrolled.compiled(Ristretto255.self, values: values) {
                    let again = try? LinearRelation<Ristretto255>(parsing: relation.serialized)
                    require(again?.serialized == relation.serialized, "a compiled relation is refused")
                    isComplete = true
                }
                guard (try? values.refuseUnknown(unrolled, isWitness: true)) != nil else { continue }
                isComplete = (try? values.witness(of: unrolled, Ristretto255.self)) != nil || isComplete
            }
            return isComplete
        },
        FuzzTarget(name: "consent", summary: "consents in JSON") { bytes in
            guard let json = try? JSONValue(parsing: bytes), let schema = try? Schema.builtIn(named: "consent-v1") else { return false }
            return (try? Consent(json: json, schema: schema)) != nil
        },
        FuzzTarget(name: "manifest", summary: "registered manifests") { bytes in
            guard let manifest = try? Manifest(parsing: bytes) else { return false }
            require(manifest.leaf == bytes, "a manifest has two encodings")
            return true
        },
        FuzzTarget(name: "withdrawal", summary: "withdrawals and data subjects' receipts") { bytes in
            let statement = try? WithdrawalStatement(parsing: bytes), receipt = try? SubjectReceipt(parsing: bytes)
            return statement != nil || receipt != nil
        },
    ]

    /// One with a public scalar, one with a size, vectors and a family.
    private static let declarations = ["opens_to", "bits"].compactMap { name in
        Circuits.relation(named: name).flatMap { try? RelationDeclaration(parsing: $0) }
    }
}
