// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection

extension BundleHeader {
    /// Parses the text strictly: RFC 8785 form, every member, no other member.
    ///
    /// - Throws: `bundle-kind`, `format-newer`, `format-trial`, `bundle-form`, `bundle-suite`, `bundle-not-canonical`, `bundle-member`,
    ///   `bundle-member-missing`, `bundle-member-unknown`, `bundle-count`, `bundle-schemas`, `bundle-ledgers`, or an error of the JSON parser.
    init(parsing text: String) throws(ModelError) {
        var (reader, form) = try Self.reader(of: text, kind: Self.kind, forms: [Self.form, Self.severalForm])
        dataPoints = try reader.integer("data_points", in: 1...Self.countLimit)
        distinctConsents = try reader.integer("distinct_consents", in: 1...Self.countLimit)
        holder = try reader.text("holder")
        context = try reader.text("context")
        ledgers = try Self.ledgers(&reader)
        manifest = try ManifestEvidence(reader.object("manifest"))
        if form == Self.form {
            schemas = [try reader.digest("schema")]
        } else {
            schemas = try reader.digests("schema", limit: Statements.schemaLimit)
            guard schemas.count > 1 else { throw ModelError("bundle-schemas", "one schema has the form \(Self.form)") }
        }
        statement = try reader.digest("statement")
        try reader.finish()
        try check()
    }

    /// The members of a bundle's text after those that every kind begins with: kind, version, form, suite. The text is in RFC 8785 form.
    ///
    /// - Throws: `bundle-kind`, `format-newer`, `format-trial`, `bundle-form`, `bundle-suite`, `bundle-not-canonical`, or an error of the JSON parser.
    static func reader(of text: String, kind: String, form: String) throws(ModelError) -> MemberReader {
        try reader(of: text, kind: kind, forms: [form]).reader
    }

    /// The same where there are several forms; the first is named in errors.
    static func reader(of text: String, kind: String, forms: [String]) throws(ModelError) -> (reader: MemberReader, form: String) {
        let bytes = Array(text.utf8)
        let value = try JSONValue(parsing: bytes, limits: .init(byteCount: Safetensors.headerLimit, depth: 6, nodeCount: 20_000))
        var reader = try MemberReader(value, format: "bundle")
        // The kind and the version come first: the rest of another version may look different.
        guard try reader.text("kind") == kind else {
            throw ModelError(
                "bundle-kind", "the bundle's kind is not \(kind)",
                hint: "this program verifies bundles of the kinds dataset, points and members")
        }
        try version.check(reader.integer("version", in: 0...Int(JSONValue.largestInteger)))
        let form = try reader.text("form")
        guard forms.contains(form) else {
            throw ModelError("bundle-form", "the form of the proof is not \(forms[0])", hint: "a newer zkconsent may read it")
        }
        guard try reader.text("suite") == Self.suite else {
            throw ModelError("bundle-suite", "the suite is not \(Self.suite)", hint: "a newer zkconsent may read it")
        }
        guard Fault.isRemoved(.bundleCanonicalText) || bytes == value.canonical else {
            throw ModelError("bundle-not-canonical", "the text bundle in the metadata is not in canonical form (RFC 8785)")
        }
        return (reader, form)
    }

    /// Takes the ledgers of a header.
    static func ledgers(_ reader: inout MemberReader) throws(ModelError) -> [Ledger] {
        var ledgers: [Ledger] = []
        for (number, value) in try reader.array("ledgers", limit: ledgerLimit).enumerated() {
            ledgers.append(try Ledger(MemberReader(value, format: "bundle", place: "ledgers[\(number)]")))
        }
        return ledgers
    }

    /// The object whose RFC 8785 form is the text.
    var json: JSONValue {
        .object([
            "context": .string(context),
            "data_points": .integer(Int64(dataPoints)),
            "distinct_consents": .integer(Int64(distinctConsents)),
            "form": .string(form),
            "holder": .string(holder),
            "kind": .string(Self.kind),
            "ledgers": .array(ledgers.map(\.json)),
            "manifest": manifest.json,
            "schema": schemas.count == 1 ? .hex(schema) : .array(schemas.map { .hex($0) }),
            "statement": .hex(statement),
            "suite": .string(Self.suite),
            "version": Self.version.json,
        ])
    }
}

extension BundleHeader.Ledger {
    init(_ members: consuming MemberReader) throws(ModelError) {
        var reader = members
        origin = try reader.text("origin")
        consents = try reader.text("consents")
        revocations = try reader.text("revocations")
        let value = try reader.take("logged")
        logged = value == .null ? nil : try .init(MemberReader(value, format: "bundle", place: reader.path("logged")))
        try reader.finish()
    }

    var json: JSONValue {
        .object([
            "consents": .string(consents), "logged": logged?.json ?? .null, "origin": .string(origin), "revocations": .string(revocations),
        ])
    }
}

extension BundleHeader.Logged {
    init(_ members: consuming MemberReader) throws(ModelError) {
        var reader = members
        checkpoint = try reader.text("checkpoint")
        consistency = try reader.digests("consistency", limit: BundleHeader.hashLimit)
        try reader.finish()
    }

    var json: JSONValue {
        .object(["checkpoint": .string(checkpoint), "consistency": .array(consistency.map { .hex($0) })])
    }
}

extension BundleHeader.ManifestEvidence {
    fileprivate init(_ members: consuming MemberReader) throws(ModelError) {
        var reader = members
        origin = try reader.text("origin")
        checkpoint = try reader.text("checkpoint")
        entry = try reader.text("entry")
        index = UInt64(try reader.integer("index", in: 0...Int(JSONValue.largestInteger)))
        inclusion = try reader.digests("inclusion", limit: BundleHeader.hashLimit)
        try reader.finish()
    }

    fileprivate var json: JSONValue {
        .object([
            "checkpoint": .string(checkpoint), "entry": .string(entry), "inclusion": .array(inclusion.map { .hex($0) }),
            "index": .integer(Int64(index)), "origin": .string(origin),
        ])
    }
}
