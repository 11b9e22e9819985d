// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentVerifier
internal import MerkleLog
internal import Primitives

/// What was verified, under which policy, when and with what result: to be archived (docs/formats.md, Audit report).
public struct AuditReport: Sendable {
    /// The auditor's policy.
    public let policy: Policy
    /// Its file as the auditor named it.
    public let policyFile: String
    /// The time by which freshness was judged.
    public let judgedAt: Timestamp
    /// The time of the run by the auditor's clock.
    public let madeAt: Timestamp
    /// The program that verified, with its version.
    public let program: String
    /// The bundles in the order in which they were verified.
    public var results: [BundleResult] = []

    /// A report without results.
    public init(policy: Policy, policyFile: String, judgedAt: Timestamp, madeAt: Timestamp, program: String) {
        self.policy = policy
        self.policyFile = policyFile
        self.judgedAt = judgedAt
        self.madeAt = madeAt
        self.program = program
    }

    /// Whether there are bundles and every one holds.
    public var holds: Bool { !results.isEmpty && results.allSatisfy(\.holds) }

    /// The report; its RFC 8785 form is the file.
    public var json: JSONValue {
        .object([
            "bundles": .array(results.map { json(of: $0) }), "holds": .bool(holds), "judged_at": .string(judgedAt.rfc3339),
            "kind": .string("audit-report"), "made_at": .string(madeAt.rfc3339), "meaning": Self.meaning, "policy": policyJSON,
            "program": .string(program), "version": .integer(1),
        ])
    }

    private static let meaning = JSONValue.object([
        "does_not_say": .array(ProofMeaning.doesNotSay.map { .string($0) }), "hides": .string(ProofMeaning.hides),
        "rests_on": .array(ProofMeaning.restsOn.map { .string($0) }), "states": .string(ProofMeaning.states),
    ])

    // MARK: Policy

    private var policyJSON: JSONValue {
        .object([
            "acceptance": policy.acceptance.json,
            "file": .string(policyFile), "name": .string(policy.name), "schema": policy.statements.schemaNames,
            "schema_digest": policy.statements.schemaDigests, "statement": policy.statements.json,
            "statement_digest": .string(Hex.encode(policy.statements.digest)),
        ])
    }
}

extension Statements {
    /// The name of the schema; of several a list.
    var schemaNames: JSONValue { isSingle ? .string(schemas[0].name) : .array(labels.map { .string($0) }) }
    /// The digest of the schema; of several a list.
    var schemaDigests: JSONValue {
        isSingle ? .string(Hex.encode(schemas[0].digest)) : .array(schemas.map { .string(Hex.encode($0.digest)) })
    }
}

extension JSONValue {
    /// A count; exact below 2^53.
    static func count(_ value: UInt64) -> JSONValue { .integer(Int64(clamping: value)) }
    /// A count that is not negative.
    static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }
}
