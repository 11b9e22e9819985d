// SPDX-License-Identifier: Apache-2.0

/// The text `bundle` in the metadata of a bundle of point proofs: a bundle's header without a manifest, for a point proof is about its data point
/// as given (docs/formats.md, Bundle of point proofs).
///
/// Nothing here is verified. Signed notes are texts; the verifier opens them.
public struct PointHeader: BundleHeading, Hashable {
    /// The kind of proof.
    public static let kind = "points"
    /// The form of the proofs.
    public static let form = "point/1"

    /// The number of rows, 1...2^32.
    public var dataPoints: Int
    /// The number of entries, 1 to that of rows.
    public var distinctConsents: Int
    /// Who made the proofs, by their own word.
    public var holder: String
    /// What they were made for; may be empty.
    public var context: String
    /// The ledgers, in strictly ascending order of the UTF-8 bytes of their origins.
    public var ledgers: [BundleHeader.Ledger]
    /// The schema digest, 32 bytes.
    public var schema: [UInt8]
    /// The statement digest, 32 bytes.
    public var statement: [UInt8]

    /// A header with these contents; ``BundleHeading/checkHeading()`` is the caller's.
    public init(
        dataPoints: Int, distinctConsents: Int, holder: String, context: String, ledgers: [BundleHeader.Ledger], schema: [UInt8],
        statement: [UInt8]
    ) {
        self.dataPoints = dataPoints
        self.distinctConsents = distinctConsents
        self.holder = holder
        self.context = context
        self.ledgers = ledgers
        self.schema = schema
        self.statement = statement
    }

    /// Parses the text strictly: RFC 8785 form, every member, no other member.
    ///
    /// - Throws: as `BundleHeader`.
    init(parsing text: String) throws(ModelError) {
        var reader = try BundleHeader.reader(of: text, kind: Self.kind, form: Self.form)
        dataPoints = try reader.integer("data_points", in: 1...BundleHeader.countLimit)
        distinctConsents = try reader.integer("distinct_consents", in: 1...BundleHeader.countLimit)
        holder = try reader.text("holder")
        context = try reader.text("context")
        ledgers = try BundleHeader.ledgers(&reader)
        schema = try reader.digest("schema")
        statement = try reader.digest("statement")
        try reader.finish()
        try checkHeading()
    }

    /// The object whose RFC 8785 form is the text.
    var json: JSONValue {
        .object([
            "context": .string(context),
            "data_points": .integer(Int64(dataPoints)),
            "distinct_consents": .integer(Int64(distinctConsents)),
            "form": .string(Self.form),
            "holder": .string(holder),
            "kind": .string(Self.kind),
            "ledgers": .array(ledgers.map(\.json)),
            "schema": .hex(schema),
            "statement": .hex(statement),
            "suite": .string(BundleHeader.suite),
            "version": BundleHeader.version.json,
        ])
    }
}
