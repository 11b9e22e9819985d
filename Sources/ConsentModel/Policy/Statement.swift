// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// The part of a policy that is proved of every row (docs/protocol.md section 3).
///
/// Invariant: names exist in the schema; no attribute is under two clauses; `controller` is a constant; no flag is both required and
/// forbidden; the days lie in the calendar; at least one link.
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
    /// The days on each of which the consent must be in force.
    public let inForce: DayInterval
    /// Indices in the schema's flags of those that must be 1, ascending.
    public let requiredFlags: [Int]
    /// Indices in the schema's flags of those that must be 0, ascending.
    public let forbiddenFlags: [Int]
    /// The attributes with a fixed value, by index in the schema.
    public let constants: [Int: ConsentValue]
    /// The attributes whose values a bundle shows, ascending indices in the schema.
    public let revealed: [Int]
    /// The links, sorted.
    public let links: [Link]
    /// SHA-256 of the RFC 8785 form of ``json``: 32 bytes.
    public let digest: [UInt8]

    /// Checks the invariant.
    ///
    /// - Parameters:
    ///   - require: Flags by group that must be 1.
    ///   - forbid: Flags by group that must be 0.
    ///   - constants: Values by attribute name.
    ///   - reveal: Attribute names.
    public init(
        schema: Schema, inForce: DayInterval, require: [String: [String]] = [:], forbid: [String: [String]] = [:],
        constants: [String: ConsentValue], reveal: [String] = [], links: Set<Link>
    ) throws(ModelError) {
        guard schema.calendar.contains(inForce) else {
            throw ModelError(
                "outside-calendar",
                "in_force \(inForce.first)..\(inForce.last) is not within the calendar \(schema.calendar.first)..\(schema.calendar.last)")
        }
        let required = try Self.indices(require, schema), forbidden = try Self.indices(forbid, schema)
        if let both = required.first(where: forbidden.contains) {
            throw ModelError("clause-conflict", "the flag \(schema.flags[both].name) is both required and forbidden")
        }
        var clauses: [Int: String] = [:]
        func claim(_ name: String, _ clause: String) throws(ModelError) -> Int {
            let index = try schema.requireAttribute(name)
            if let other = clauses.updateValue(clause, forKey: index) {
                throw ModelError("clause-conflict", "the attribute \(name) is under two clauses, \(other) and \(clause)")
            }
            return index
        }
        var constantsByIndex: [Int: ConsentValue] = [:]
        for (name, value) in constants.sorted(by: { $0.key < $1.key }) {
            let index = try claim(name, "constants")
            let attribute = schema.attributes[index]
            guard attribute.accepts(value), Self.json(of: value, attribute) != nil else {
                throw ModelError("invalid-value", "the constant \(name) has the wrong type or is 2^53 or more")
            }
            constantsByIndex[index] = value
        }
        guard let controller = schema.attributeIndex(named: "controller"), constantsByIndex[controller] != nil else {
            throw ModelError(
                "controller-not-pinned", "the statement must fix the controller", hint: "add constants: {controller: ...}")
        }
        var revealed: [Int] = []
        for name in reveal { revealed.append(try claim(name, "reveal")) }
        guard !links.isEmpty else {
            throw ModelError("no-link", "the statement must link record, subject or both", hint: "add link: [record]")
        }
        for link in links.sorted() { _ = try claim(link.rawValue, "link") }

        self.schema = schema
        self.inForce = inForce
        requiredFlags = required
        forbiddenFlags = forbidden
        self.constants = constantsByIndex
        self.revealed = revealed.sorted()
        self.links = links.sorted()
        digest = SHA256.hash(
            Self.json(
                schema: schema, inForce: inForce, required: required, forbidden: forbidden, constants: constantsByIndex,
                revealed: revealed.sorted(), links: links.sorted()
            ).canonical)
    }

    /// The normal form, whose RFC 8785 form is hashed.
    public var json: JSONValue {
        Self.json(
            schema: schema, inForce: inForce, required: requiredFlags, forbidden: forbiddenFlags, constants: constants,
            revealed: revealed, links: links)
    }

    private static func indices(_ flags: [String: [String]], _ schema: Schema) throws(ModelError) -> [Int] {
        var indices = Set<Int>()
        for (group, names) in flags.sorted(by: { $0.key < $1.key }) {
            for name in names {
                guard indices.insert(try schema.requireFlag(name, in: group)).inserted else {
                    throw ModelError("duplicate-name", "the flag \(name) occurs twice in \(group)")
                }
            }
        }
        return indices.sorted()
    }

    /// A constant in the normal form: text, or an integer below 2^53.
    private static func json(of value: ConsentValue, _ attribute: Schema.Attribute) -> JSONValue? {
        guard case .uint(let number) = value else { return attribute.text(of: value).map { .string($0) } }
        return number <= UInt64(JSONValue.largestInteger) ? .integer(Int64(number)) : nil
    }

    private static func json(
        schema: Schema, inForce: DayInterval, required: [Int], forbidden: [Int], constants: [Int: ConsentValue], revealed: [Int],
        links: [Link]
    ) -> JSONValue {
        func grouped(_ indices: [Int]) -> JSONValue {
            var groups: [String: [String]] = [:]
            for index in indices { groups[schema.flags[index].group, default: []].append(schema.flags[index].name) }
            return .object(groups.mapValues { .array($0.sorted().map { .string($0) }) })
        }
        var values: [String: JSONValue] = [:]
        for (index, value) in constants { values[schema.attributes[index].name] = json(of: value, schema.attributes[index]) }
        return .object([
            "constants": .object(values),
            "forbid": grouped(forbidden),
            "in_force": .object(["from": .string(inForce.first.iso8601), "to": .string(inForce.last.iso8601)]),
            "link": .array(links.map { .string($0.rawValue) }),
            "require": grouped(required),
            "reveal": .array(revealed.map { .string(schema.attributes[$0].name) }),
            "schema": .string(Hex.encode(schema.digest)),
            "statement": .integer(0),
        ])
    }
}
