// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// What a consent says: its attributes, flags and calendar, each of which has a generator of its own (docs/formats.md, Schema).
///
/// Invariant: names are valid and unique, attribute and group names together; `record`, `subject` and `controller` exist with the types of
/// these names; at most ``Limit`` of everything; the calendar lies in ``Day/numbers``.
public struct Schema: Hashable, Sendable {
    /// An attribute, committed as a scalar.
    public struct Attribute: Hashable, Sendable {
        /// How a value becomes a scalar.
        public enum Kind: Hashable, Sendable {
            /// A hash of canonical bytes under a semantic type.
            case id(type: String)
            /// The integer itself; `isDay` when it counts days since 1970-01-01.
            case uint(isDay: Bool)
        }

        /// The name.
        public let name: String
        /// How a value becomes a scalar.
        public let kind: Kind
    }

    /// A group of flags.
    public struct FlagGroup: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The flags in file order.
        public let values: [String]
    }

    /// One flag with its group, an element of ``flags``.
    public struct Flag: Hashable, Sendable {
        /// The group.
        public let group: String
        /// The name within the group.
        public let name: String
    }

    /// The largest numbers of everything.
    public enum Limit {
        /// Attributes.
        public static let attributes = 64
        /// Flags of all groups.
        public static let flags = 1_024
        /// Calendar days.
        public static let days = 36_525
    }

    /// The name, e.g. `consent-v1`.
    public let name: String
    /// The version, at least 1.
    public let version: UInt64
    /// The attributes in file order.
    public let attributes: [Attribute]
    /// The groups in file order.
    public let flagGroups: [FlagGroup]
    /// The days that have a generator.
    public let calendar: DayInterval
    /// All flags in file order.
    public let flags: [Flag]
    /// SHA-256 of the RFC 8785 form of ``json``: 32 bytes.
    public let digest: [UInt8]

    private let attributeIndices: [String: Int]
    private let flagIndices: [Flag: Int]

    /// The first 16 bytes of the digest, as entries carry it.
    public var id: [UInt8] { Array(digest.prefix(16)) }

    /// A schema of parts that the parser has checked.
    init(name: String, version: UInt64, attributes: [Attribute], flagGroups: [FlagGroup], calendar: DayInterval) {
        self.name = name
        self.version = version
        self.attributes = attributes
        self.flagGroups = flagGroups
        self.calendar = calendar
        flags = flagGroups.flatMap { group in group.values.map { Flag(group: group.name, name: $0) } }
        attributeIndices = Dictionary(uniqueKeysWithValues: attributes.enumerated().map { ($1.name, $0) })
        flagIndices = Dictionary(uniqueKeysWithValues: flags.enumerated().map { ($1, $0) })
        digest = SHA256.hash(
            Self.json(name: name, version: version, attributes: attributes, flagGroups: flagGroups, calendar: calendar).canonical)
    }

    /// The index of an attribute in ``attributes``.
    public func attributeIndex(named name: String) -> Int? { attributeIndices[name] }

    /// The attribute of this name.
    public func attribute(named name: String) -> Attribute? { attributeIndices[name].map { attributes[$0] } }

    /// The index of a flag in ``flags``.
    public func flagIndex(_ name: String, in group: String) -> Int? { flagIndices[Flag(group: group, name: name)] }

    /// The group of this name.
    public func flagGroup(named name: String) -> FlagGroup? { flagGroups.first { $0.name == name } }

    /// The value whose RFC 8785 form is hashed.
    public var json: JSONValue {
        Self.json(name: name, version: version, attributes: attributes, flagGroups: flagGroups, calendar: calendar)
    }

    private static func json(
        name: String, version: UInt64, attributes: [Attribute], flagGroups: [FlagGroup], calendar: DayInterval
    ) -> JSONValue {
        let attributes = attributes.map { attribute -> JSONValue in
            var members: [String: JSONValue] = ["name": .string(attribute.name)]
            switch attribute.kind {
            case .id(let type):
                members["kind"] = .string("id")
                members["type"] = .string(type)
            case .uint(let isDay):
                members["kind"] = .string("uint")
                if isDay { members["unit"] = .string("day") }
            }
            return .object(members)
        }
        let groups = flagGroups.map { group -> JSONValue in
            .object(["group": .string(group.name), "values": .array(group.values.map { .string($0) })])
        }
        return .object([
            "attributes": .array(attributes),
            "calendar": .object(["days": .integer(Int64(calendar.count)), "from": .string(calendar.first.iso8601)]),
            "flags": .array(groups),
            "schema": .string(name),
            "version": .integer(Int64(version)),
        ])
    }
}
