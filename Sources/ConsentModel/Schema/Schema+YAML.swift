// SPDX-License-Identifier: Apache-2.0
private import Circuits

extension Schema {
    /// Parses a schema file.
    ///
    /// - Parameter file: Its name, for errors.
    /// - Throws: ``ModelError`` with line and column.
    public init(yaml bytes: [UInt8], file: String? = nil) throws(ModelError) {
        do {
            self = try Self.parse(try YAMLReader.read(bytes))
        } catch {
            throw error.inFile(file)
        }
    }

    /// The names of the built-in schemas, the default first.
    public static var builtInNames: [String] { Circuits.schemaNames }

    /// A built-in schema.
    public static func builtIn(named name: String) throws(ModelError) -> Schema {
        guard let text = Circuits.schema(named: name) else {
            throw ModelError(
                "unknown-schema", "there is no built-in schema \(name)",
                hint: Nearest.hint(name, among: builtInNames) ?? "a schema file's path ends in .yaml")
        }
        return try Schema(yaml: text, file: "\(name).yaml")
    }

    private static func parse(_ root: YAMLNode) throws(ModelError) -> Schema {
        let members = try root.members(of: "a schema", required: ["schema", "version", "calendar", "attributes", "flags"])
        let name = try SchemaName.parse(try members.required("schema"), "the schema's name")
        let version = try members.required("version").integer("version", in: 1...1_000_000)
        let calendar = try parseCalendar(try members.required("calendar"))
        var names = SchemaName.Unique("attribute or group", reserved: ["id", "in_force"])
        let attributes = try parseAttributes(try members.required("attributes"), &names)
        let groups = try parseGroups(try members.required("flags"), &names)
        return Schema(name: name, version: version, attributes: attributes, flagGroups: groups, calendar: calendar)
    }

    private static func parseCalendar(_ node: YAMLNode) throws(ModelError) -> DayInterval {
        let members = try node.members(of: "calendar", required: ["from", "days"])
        let first = try members.required("from").day("from")
        let count = try members.required("days").integer("days", in: 1...UInt64(Limit.days))
        guard let last = first.advanced(by: Int(count) - 1), let calendar = DayInterval(first: first, last: last) else {
            throw ModelError("out-of-range", "the calendar must end by 2199-12-31", position: node.position)
        }
        return calendar
    }

    private static func parseAttributes(_ node: YAMLNode, _ names: inout SchemaName.Unique) throws(ModelError) -> [Attribute] {
        var attributes: [Attribute] = []
        let elements = try node.elements("attributes")
        guard elements.count <= Limit.attributes else {
            throw ModelError("too-many", "more than \(Limit.attributes) attributes", position: node.position)
        }
        for element in elements {
            let members = try element.members(of: "an attribute", required: ["name", "kind"], optional: ["type", "unit"])
            let name = try names.insert(try members.required("name"))
            let kindNode = try members.required("kind")
            switch try kindNode.text("kind") {
            case "id":
                let type = try SchemaName.parse(try members.required("type"), "type")
                if let unit = members["unit"] { throw ModelError("schema-kind", "an id has no unit", position: unit.position) }
                attributes.append(Attribute(name: name, kind: .id(type: type)))
            case "uint":
                if let type = members["type"] { throw ModelError("schema-kind", "a uint has no type", position: type.position) }
                if let unit = members["unit"], try unit.text("unit") != "day" {
                    throw ModelError("schema-kind", "the only unit is day", position: unit.position)
                }
                attributes.append(Attribute(name: name, kind: .uint(isDay: members["unit"] != nil)))
            default:
                throw ModelError("schema-kind", "kind must be id or uint", position: kindNode.position)
            }
        }
        for name in ["record", "subject", "controller"] {
            guard attributes.contains(Attribute(name: name, kind: .id(type: name))) else {
                throw ModelError(
                    "schema-attribute", "a schema needs the attribute \(name) of kind id and type \(name)", position: node.position)
            }
        }
        return attributes
    }

    private static func parseGroups(_ node: YAMLNode, _ names: inout SchemaName.Unique) throws(ModelError) -> [FlagGroup] {
        var groups: [FlagGroup] = []
        var count = 0
        for element in try node.elements("flags") {
            let members = try element.members(of: "a flag group", required: ["group", "values"])
            let name = try names.insert(try members.required("group"))
            let valuesNode = try members.required("values")
            let elements = try valuesNode.elements("values")
            count += elements.count
            guard !elements.isEmpty else { throw ModelError("empty-list", "a group needs a flag", position: valuesNode.position) }
            guard count <= Limit.flags else {
                throw ModelError("too-many", "more than \(Limit.flags) flags", position: valuesNode.position)
            }
            var flags = SchemaName.Unique("flag", reserved: [])
            var values: [String] = []
            for value in elements { values.append(try flags.insert(value)) }
            groups.append(FlagGroup(name: name, values: values))
        }
        return groups
    }
}

/// Names in schemas: `[A-Za-z][A-Za-z0-9_-]{0,63}`.
enum SchemaName {
    /// Whether `text` is such a name.
    static func isValid(_ text: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        func isOther(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isOther($0) }
    }

    static func parse(_ node: YAMLNode, _ what: String) throws(ModelError) -> String {
        let text = try node.text(what)
        guard isValid(text) else {
            throw ModelError(
                "invalid-name", "\(what) must be a letter and then up to 63 letters, digits, _ and -", position: node.position)
        }
        return text
    }

    /// Names that must differ.
    struct Unique {
        private let what: String
        private let reserved: Set<String>
        private var seen = Set<String>()

        init(_ what: String, reserved: Set<String>) {
            self.what = what
            self.reserved = reserved
        }

        mutating func insert(_ node: YAMLNode) throws(ModelError) -> String {
            let name = try SchemaName.parse(node, "the name of a \(what)")
            guard !reserved.contains(name) else {
                throw ModelError("invalid-name", "the name \(name) is reserved", position: node.position)
            }
            guard seen.insert(name).inserted else {
                throw ModelError("duplicate-name", "the \(what) \(name) occurs twice", position: node.position)
            }
            return name
        }
    }
}
