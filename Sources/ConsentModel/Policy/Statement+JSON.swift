// SPDX-License-Identifier: Apache-2.0
internal import Primitives

extension Statement {
    /// Of the normal form.
    static let version = FormatVersion(1, of: "a statement")

    /// The normal form, whose RFC 8785 form is hashed (docs/formats.md, Policy).
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "constants": Self.json(of: constants, schema),
            "forbid": Self.json(ofFlags: forbiddenFlags, schema),
            "in_force": inForce.map { .object(["from": .string($0.first.iso8601), "to": .string($0.last.iso8601)]) } ?? .null,
            "link": .array(links.map { .string($0.rawValue) }),
            "require": Self.json(ofFlags: requiredFlags, schema),
            "reveal": .array(revealed.map { .string(schema.attributes[$0].name) }),
            "schema": .string(Hex.encode(schema.digest)),
            "statement": Self.version.json,
        ]
        if !alternatives.isEmpty { members["any_of"] = .array(alternatives.map { Self.json(of: $0, schema) }) }
        if !ranges.isEmpty {
            var bounds: [String: JSONValue] = [:]
            for clause in ranges {
                var members: [String: JSONValue] = ["min": .integer(Int64(clause.minimum))]
                if let maximum = clause.maximum { members["max"] = .integer(Int64(maximum)) }
                bounds[schema.attributes[clause.attribute].name] = .object(members)
            }
            members["range"] = .object(bounds)
        }
        // Without ranges it matters for in_force in point proofs; 32 is what a statement without ranges has by itself.
        if !ranges.isEmpty || rangeBits != 32 { members["range_bits"] = .integer(Int64(rangeBits)) }
        return .object(members)
    }

    /// The normal form of an alternative: its three members, each present.
    static func json(of alternative: Alternative, _ schema: Schema) -> JSONValue {
        .object([
            "constants": json(of: alternative.constants, schema), "forbid": json(ofFlags: alternative.forbiddenFlags, schema),
            "require": json(ofFlags: alternative.requiredFlags, schema),
        ])
    }

    /// A constant in the normal form: text, or an integer below 2^53.
    static func json(of value: ConsentValue, _ attribute: Schema.Attribute) -> JSONValue? {
        guard case .uint(let number) = value else { return attribute.text(of: value).map { .string($0) } }
        return number <= UInt64(JSONValue.largestInteger) ? .integer(Int64(number)) : nil
    }

    private static func json(of constants: [Int: ConsentValue], _ schema: Schema) -> JSONValue {
        var values: [String: JSONValue] = [:]
        for (index, value) in constants { values[schema.attributes[index].name] = json(of: value, schema.attributes[index]) }
        return .object(values)
    }

    private static func json(ofFlags indices: [Int], _ schema: Schema) -> JSONValue {
        var groups: [String: [String]] = [:]
        for index in indices { groups[schema.flags[index].group, default: []].append(schema.flags[index].name) }
        return .object(groups.mapValues { .array($0.sorted().map { .string($0) }) })
    }
}
