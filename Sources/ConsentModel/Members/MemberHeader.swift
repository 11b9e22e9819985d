// SPDX-License-Identifier: Apache-2.0

/// The text `bundle` in the metadata of a bundle of unlinkable point proofs (docs/formats.md, Bundle of unlinkable point proofs).
///
/// Nothing here is verified. Signed notes are texts; the verifier opens them.
public struct MemberHeader: BundleHeading, Hashable {
    /// The kind of proof.
    public static let kind = "members"
    /// The form of the proofs.
    public static let form = "member/1"
    /// The most entries of a range.
    public static let rangeLimit = 65_536

    /// The number of rows, 1...2^32.
    public var dataPoints: Int
    /// Who made the proofs, by their own word.
    public var holder: String
    /// What they were made for; may be empty.
    public var context: String
    /// The ledger of the range.
    public var ledger: BundleHeader.Ledger
    /// The leaf index of the first entry of the range, below 2^53.
    public var first: UInt64
    /// The number of entries in the range, 1 to ``rangeLimit``.
    public var count: Int
    /// The schema digest, 32 bytes.
    public var schema: [UInt8]
    /// The statement digest, 32 bytes.
    public var statement: [UInt8]

    /// The one ledger.
    public var ledgers: [BundleHeader.Ledger] { [ledger] }
    /// The entries of the range: how many of them cover the rows cannot be told.
    public var distinctConsents: Int { count }
    /// The leaf indices of the range.
    public var range: Range<UInt64> { first..<first + UInt64(count) }

    /// A header with these contents; ``check()`` is the caller's.
    public init(
        dataPoints: Int, holder: String, context: String, ledger: BundleHeader.Ledger, first: UInt64, count: Int, schema: [UInt8],
        statement: [UInt8]
    ) {
        self.dataPoints = dataPoints
        self.holder = holder
        self.context = context
        self.ledger = ledger
        self.first = first
        self.count = count
        self.schema = schema
        self.statement = statement
    }

    /// Parses the text strictly: RFC 8785 form, every member, no other member.
    ///
    /// - Throws: as `BundleHeader`.
    init(parsing text: String) throws(ModelError) {
        var reader = try BundleHeader.reader(of: text, kind: Self.kind, form: Self.form)
        dataPoints = try reader.integer("data_points", in: 1...BundleHeader.countLimit)
        holder = try reader.text("holder")
        context = try reader.text("context")
        let ledgers = try BundleHeader.ledgers(&reader)
        guard ledgers.count == 1 else {
            throw ModelError("bundle-ledgers", "there are \(ledgers.count) ledgers, and the range is of exactly one")
        }
        ledger = ledgers[0]
        var range = try reader.object("range")
        first = UInt64(try range.integer("first", in: 0...Int(JSONValue.largestInteger)))
        count = try range.integer("count", in: 1...Self.rangeLimit)
        try range.finish()
        schema = try reader.digest("schema")
        statement = try reader.digest("statement")
        try reader.finish()
        try check()
    }

    /// Refuses numbers out of range and digests of a wrong length.
    ///
    /// - Throws: `bundle-count`, `bundle-range`, `bundle-member`.
    func check() throws(ModelError) {
        guard (1...BundleHeader.countLimit).contains(dataPoints) else {
            throw ModelError("bundle-count", "the number of data points is not 1 <= N <= 2^32")
        }
        guard (1...Self.rangeLimit).contains(count), first <= UInt64(JSONValue.largestInteger) else {
            throw ModelError("bundle-range", "the range is not of 1 to \(Self.rangeLimit) entries from an index below 2^53")
        }
        try checkParts()
    }

    /// The object whose RFC 8785 form is the text.
    var json: JSONValue {
        .object([
            "context": .string(context),
            "data_points": .integer(Int64(dataPoints)),
            "form": .string(Self.form),
            "holder": .string(holder),
            "kind": .string(Self.kind),
            "ledgers": .array([ledger.json]),
            "range": .object(["count": .integer(Int64(count)), "first": .integer(Int64(first))]),
            "schema": .hex(schema),
            "statement": .hex(statement),
            "suite": .string(BundleHeader.suite),
            "version": BundleHeader.version.json,
        ])
    }
}
