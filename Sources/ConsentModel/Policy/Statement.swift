// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// The part of a policy that is proved (docs/protocol.md section 3).
///
/// Invariant: names exist in the schema; no attribute is under two clauses; `controller` is a constant; no flag is under two clauses; the
/// days lie in the calendar; at least one link; ranges are of uints, not empty, below `2^rangeBits` wide and at most ``claimLimit``
/// claims; alternatives are none or 2...``alternativeLimit`` different ones, each with a clause, none with a flag or an attribute of the
/// clauses outside.
public struct Statement: Hashable, Sendable {
    /// An attribute that must equal the one in the data point.
    public enum Link: String, Hashable, Sendable, CaseIterable, Comparable {
        /// The record.
        case record
        /// The data subject.
        case subject

        /// Orders by name.
        public static func < (a: Link, b: Link) -> Bool { a.rawValue < b.rawValue }

        /// The position in ``GeneratorTable/dataBases``.
        public var slot: Int { self == .record ? 0 : 1 }
    }

    /// The schema.
    public let schema: Schema
    /// The days on each of which the consent must be in force; `nil` if no day is asked for.
    public let inForce: DayInterval?
    /// Indices in the schema's flags of those that must be 1, ascending.
    public let requiredFlags: [Int]
    /// Indices in the schema's flags of those that must be 0, ascending.
    public let forbiddenFlags: [Int]
    /// The attributes with a fixed value, by index in the schema.
    public let constants: [Int: ConsentValue]
    /// The attributes whose values a bundle shows, ascending indices in the schema.
    public let revealed: [Int]
    /// The attributes that must lie in a range, ascending by index in the schema. A point proof of ``inForce`` has more: ``pointRanges()``.
    public let ranges: [RangeClause]
    /// The `n` of every range claim: 8, 16, 32 or 64. A value with a lower bound only is also proved to be below `minimum + 2^n`.
    public let rangeBits: Int
    /// The alternatives of which one must hold, in their canonical order: by the bytes of their RFC 8785 form. Empty if there are none.
    public let alternatives: [Alternative]
    /// The links, sorted.
    public let links: [Link]
    /// SHA-256 of the RFC 8785 form of ``json``: 32 bytes. One of several schemas has part in ``Statements/digest``.
    public private(set) var digest: [UInt8]
    /// How many schemas the policy lists, this one included: see ``Statements``.
    public private(set) var schemaCount = 1

    /// Checks the invariant.
    ///
    /// - Parameters:
    ///   - require: Flags by group that must be 1.
    ///   - forbid: Flags by group that must be 0.
    ///   - constants: Values by attribute name.
    ///   - reveal: Attribute names.
    ///   - ranges: Bounds by attribute name.
    ///   - rangeBits: 8, 16, 32 or 64; by default 32, or 64 if a range is wider than that.
    ///   - anyOf: Alternatives in any order; none, or 2...``alternativeLimit``.
    public init(
        schema: Schema, inForce: DayInterval?, require: [String: [String]] = [:], forbid: [String: [String]] = [:],
        constants: [String: ConsentValue], reveal: [String] = [], ranges: [String: Bounds] = [:], rangeBits: Int? = nil,
        anyOf: [Choice] = [], links: Set<Link>
    ) throws(ModelError) {
        if let inForce, !schema.calendar.contains(inForce) {
            throw ModelError(
                "outside-calendar",
                "in_force \(inForce.first)..\(inForce.last) is not within the calendar \(schema.calendar.first)..\(schema.calendar.last)")
        }
        var claims = ClauseClaims(schema)
        let common = try Alternative(Choice(require: require, forbid: forbid, constants: constants), &claims)
        guard let controller = schema.attributeIndex(named: "controller"), common.constants[controller] != nil else {
            throw ModelError(
                "controller-not-pinned", "the statement must fix the controller", hint: "add constants: {controller: ...}")
        }
        var revealed: [Int] = []
        for name in reveal { revealed.append(try claims.attribute(name, "reveal")) }
        guard !links.isEmpty else {
            throw ModelError("no-link", "the statement must link record, subject or both", hint: "add link: [record]")
        }
        for link in links.sorted() { _ = try claims.attribute(link.rawValue, "link") }
        var clauses: [RangeClause] = []
        for (name, bounds) in ranges.sorted(by: { $0.key < $1.key }) {
            let index = try claims.attribute(name, "range")
            try bounds.check(schema.attributes[index])
            clauses.append(RangeClause(attribute: index, minimum: bounds.minimum, maximum: bounds.maximum))
        }
        clauses.sort { $0.attribute < $1.attribute }
        if rangeBits != nil, clauses.isEmpty, inForce == nil {
            throw ModelError("range-bits", "range_bits without range or in_force means nothing", hint: "leave range_bits out")
        }
        self.rangeBits = try Self.checkedRangeBits(rangeBits, clauses, schema)
        alternatives = try Self.checkedAlternatives(anyOf, claims)

        self.schema = schema
        self.inForce = inForce
        requiredFlags = common.requiredFlags
        forbiddenFlags = common.forbiddenFlags
        self.constants = common.constants
        self.revealed = revealed.sorted()
        self.ranges = clauses
        self.links = links.sorted()
        digest = []
        digest = SHA256.hash(json.canonical)
    }

    /// The statement as one of `count`, each about another schema.
    func among(_ count: Int) -> Statement {
        var statement = self
        statement.schemaCount = count
        return statement
    }
}

/// Which clause every flag and attribute is under, so that none is under two.
struct ClauseClaims {
    let schema: Schema
    private var attributes: [Int: String] = [:]
    private var flags: [Int: String] = [:]

    init(_ schema: Schema) { self.schema = schema }

    /// Puts an attribute under a clause.
    mutating func attribute(_ name: String, _ clause: String) throws(ModelError) -> Int {
        let index = try schema.requireAttribute(name)
        if let other = attributes.updateValue(clause, forKey: index) {
            throw ModelError("clause-conflict", "the attribute \(name) is under two clauses, \(other) and \(clause)")
        }
        return index
    }

    /// Puts flags under a clause; ascending indices.
    mutating func flags(_ names: [String: [String]], _ clause: String) throws(ModelError) -> [Int] {
        var indices: [Int] = []
        for (group, names) in names.sorted(by: { $0.key < $1.key }) {
            for name in names {
                let index = try schema.requireFlag(name, in: group)
                guard !indices.contains(index) else {
                    throw ModelError("duplicate-name", "the flag \(name) occurs twice in \(group)")
                }
                if let other = flags.updateValue(clause, forKey: index) {
                    throw ModelError("clause-conflict", "the flag \(name) is under two clauses, \(other) and \(clause)")
                }
                indices.append(index)
            }
        }
        return indices.sorted()
    }
}
