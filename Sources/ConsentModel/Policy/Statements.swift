// SPDX-License-Identifier: Apache-2.0
private import FaultInjection
internal import Primitives

/// What a policy asks of every row: one statement, or one for each schema that it lists (docs/protocol.md section 4.6).
///
/// Invariant: 1...``schemaLimit`` statements in strictly ascending order of their schemas' digests, whose first 16 bytes differ; all have the same
/// days, links and revealed attributes, and these are of the same kinds.
public struct Statements: Hashable, Sendable {
    /// The most schemas of a policy.
    public static let schemaLimit = 8

    /// One statement for each schema.
    public let parts: [Statement]
    /// What a proof is bound to, 32 bytes: the digest of the one statement, or SHA-256 of the RFC 8785 form of ``json``.
    public let digest: [UInt8]

    /// The statement of a policy with one schema.
    public init(_ statement: Statement) {
        parts = [statement]
        digest = statement.digest
    }

    /// Statements about different schemas, in any order.
    ///
    /// - Throws: `schema-count`, `duplicate-schema`, `schema-clauses`, `schema-kind`.
    public init(_ statements: [Statement]) throws(ModelError) {
        guard (1...Self.schemaLimit).contains(statements.count) else {
            throw ModelError("schema-count", "a policy has 1 to \(Self.schemaLimit) schemas")
        }
        let sorted = statements.sorted { $0.schema.digest.lexicographicallyPrecedes($1.schema.digest) }
        for index in sorted.indices.dropFirst() where !Fault.isRemoved(.schemasDistinct) {
            let (before, after) = (sorted[index - 1].schema, sorted[index].schema)
            guard before.digest != after.digest else {
                throw ModelError("duplicate-schema", "the schema \(Self.labels(of: sorted.map(\.schema))[index]) occurs twice")
            }
            guard before.id != after.id else {
                let labels = Self.labels(of: sorted.map(\.schema))
                throw ModelError(
                    "duplicate-schema", "entries could not tell the schemas \(labels[index - 1]) and \(labels[index]) apart")
            }
        }
        for index in sorted.indices.dropFirst() { try Self.checkAgreement(sorted, 0, index) }
        parts = sorted.count == 1 ? sorted : sorted.map { $0.among(sorted.count) }
        digest = sorted.count == 1 ? sorted[0].digest : SHA256.hash(Self.json(of: sorted).canonical)
    }

    /// Days, links and revealed attributes are those of the whole.
    private static func checkAgreement(_ statements: [Statement], _ first: Int, _ second: Int) throws(ModelError) {
        let (a, b, schemas) = (statements[first], statements[second], statements.map(\.schema))
        func refuse(_ clause: String) -> ModelError {
            let labels = labels(of: schemas)
            return ModelError("schema-clauses", "\(clause) must be the same under the schemas \(labels[first]) and \(labels[second])")
        }
        guard a.inForce == b.inForce else { throw refuse("in_force") }
        guard a.links == b.links else { throw refuse("link") }
        let names = a.revealed.map { a.schema.attributes[$0].name }
        guard Set(names) == Set(b.revealed.map { b.schema.attributes[$0].name }) else { throw refuse("reveal") }
        for name in names { try checkKind(of: name, schemas, first, second) }
    }

    /// Refuses an attribute that has not the same kind in two schemas of a list.
    ///
    /// - Throws: `schema-kind`.
    static func checkKind(of name: String, _ schemas: [Schema], _ first: Int, _ second: Int) throws(ModelError) {
        guard let a = schemas[first].attribute(named: name)?.kind, let b = schemas[second].attribute(named: name)?.kind, a != b,
            !Fault.isRemoved(.schemasKind)
        else { return }
        let labels = labels(of: schemas)
        throw ModelError(
            "schema-kind", "\(name) is \(a.words) in the schema \(labels[first]) and \(b.words) in \(labels[second])",
            hint: "one clause cannot mean both: write it for each schema by itself, or one policy for each")
    }

    /// Whether there is one schema: then everything is as if there were no list.
    public var isSingle: Bool { parts.count == 1 }
    /// The schemas, in ascending order of their digests.
    public var schemas: [Schema] { parts.map(\.schema) }

    /// A name for each schema, in words: its version where names alone do not tell them apart, then its digest.
    public var labels: [String] { Self.labels(of: schemas) }

    /// The same for any list of schemas, which may have one twice.
    static func labels(of schemas: [Schema]) -> [String] {
        let count = Set(schemas).count
        let names = schemas.map(\.name)
        if Set(names).count == count { return names }
        let versions = schemas.map { "\($0.name) version \($0.version)" }
        return Set(versions).count == count ? versions : schemas.map { "\($0.name) \(Hex.encode($0.id))" }
    }

    /// The revealed attributes, in the order of the columns: that of the first schema.
    public var revealedAttributes: [RevealedAttribute] { parts[0].revealedAttributes }

    /// For a part, the indices in its schema of ``revealedAttributes``.
    func revealed(in part: Int) -> [Int] {
        parts[0].revealed.compactMap { parts[part].schema.attributeIndex(named: parts[0].schema.attributes[$0].name) }
    }

    /// The normal form: that of the one statement, or a list of them.
    public var json: JSONValue { isSingle ? parts[0].json : Self.json(of: parts) }

    private static func json(of parts: [Statement]) -> JSONValue {
        .object(["schemas": .array(parts.map(\.json)), "statement": Statement.version.json])
    }

    /// Why proofs of this kind cannot serve the statements, each reason once; empty if they can.
    public func obstacles(to kind: Statement.ProofKind) -> [Statement.Reason] {
        var reasons: [Statement.Reason] = []
        for reason in parts.flatMap({ $0.obstacles(to: kind) }) where !reasons.contains(reason) { reasons.append(reason) }
        return reasons
    }

    /// Whether proofs of this kind can serve the statements.
    public func isServable(by kind: Statement.ProofKind) -> Bool { obstacles(to: kind).isEmpty }

    /// Refuses a kind of proofs that cannot serve the statements: `proof-kind`, naming the first clause.
    public func require(servableBy kind: Statement.ProofKind) throws(ModelError) {
        for part in parts { try part.require(servableBy: kind) }
    }
}

extension Schema.Attribute.Kind {
    /// In words, for errors.
    fileprivate var words: String {
        switch self {
        case .id(let type): "an id of type \(type)"
        case .uint(let isDay): isDay ? "a uint of unit day" : "a uint"
        }
    }
}
