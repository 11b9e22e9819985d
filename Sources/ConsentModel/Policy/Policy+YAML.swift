// SPDX-License-Identifier: Apache-2.0
private import Circuits

extension Policy {
    /// Parses a policy file.
    ///
    /// - Parameters:
    ///   - file: Its name, for errors.
    ///   - schema: Finds the schema that the policy names: a built-in name, or a path relative to the policy.
    /// - Throws: ``ModelError`` with line and column.
    public init(
        yaml bytes: [UInt8], file: String? = nil, schema: (String) throws(ModelError) -> Schema
    ) throws(ModelError) {
        do {
            let members = try YAMLReader.read(bytes).members(of: "a policy", required: ["policy", "statement", "acceptance"])
            let name = try SchemaName.parse(try members.required("policy"), "the policy's name")
            let statement = try Self.parseStatement(try members.required("statement"), schema: schema)
            let acceptance = try Self.parseAcceptance(try members.required("acceptance"))
            self.init(name: name, statement: statement, acceptance: acceptance)
        } catch {
            throw error.inFile(file)
        }
    }

    /// Parses a policy that names a built-in schema.
    public init(yaml bytes: [UInt8], file: String? = nil) throws(ModelError) {
        try self.init(yaml: bytes, file: file, schema: Schema.builtIn(named:))
    }

    /// The names of the example policies.
    public static var exampleNames: [String] { Circuits.policyNames }

    /// The text of an example policy, to be copied and changed.
    public static func exampleText(named name: String) -> [UInt8]? { Circuits.policy(named: name) }

    // MARK: Statement

    private static func parseStatement(
        _ node: YAMLNode, schema find: (String) throws(ModelError) -> Schema
    ) throws(ModelError) -> Statement {
        let members = try node.members(
            of: "statement", required: ["schema", "in_force", "constants", "link"], optional: ["require", "forbid", "reveal"])
        let schemaNode = try members.required("schema")
        let schema: Schema
        do throws(ModelError) {
            schema = try find(try schemaNode.text("schema"))
        } catch {
            // An error inside a schema file names that file and keeps its position.
            throw error.file == nil ? error.at(schemaNode.position) : error
        }
        let inForceNode = try members.required("in_force")
        let inForce = try parseInterval(inForceNode)
        guard schema.calendar.contains(inForce) else {
            throw ModelError(
                "outside-calendar",
                "in_force is not within the calendar \(schema.calendar.first)..\(schema.calendar.last) of the schema \(schema.name)",
                position: inForceNode.position)
        }
        let require = try parseFlags(members["require"], "require", schema)
        let forbid = try parseFlags(members["forbid"], "forbid", schema)
        var constants: [String: ConsentValue] = [:]
        for member in try members.required("constants").namedMembers("constants") {
            do throws(ModelError) {
                let attribute = schema.attributes[try schema.requireAttribute(member.name)]
                constants[member.name] = try attribute.value(text: try member.value.text(member.name))
            } catch {
                throw error.at(member.position)
            }
        }
        let reveal = try parseNames(members["reveal"], "reveal") { name throws(ModelError) in _ = try schema.requireAttribute(name) }
        var links = Set<Statement.Link>()
        let linkNode = try members.required("link")
        _ = try parseNames(linkNode, "link") { name throws(ModelError) in
            guard let link = Statement.Link(rawValue: name) else {
                throw ModelError(
                    "unknown-attribute", "only record and subject can be linked", hint: Nearest.hint(name, among: ["record", "subject"]))
            }
            links.insert(link)
        }
        do throws(ModelError) {
            return try Statement(
                schema: schema, inForce: inForce, require: require, forbid: forbid, constants: constants, reveal: reveal, links: links)
        } catch {
            throw error.at(node.position)
        }
    }

    private static func parseInterval(_ node: YAMLNode) throws(ModelError) -> DayInterval {
        let members = try node.members(of: "in_force", required: [], optional: ["on", "from", "to"])
        if let on = members["on"], members["from"] == nil, members["to"] == nil { return DayInterval(on: try on.day("on")) }
        guard let from = members["from"], let to = members["to"], members["on"] == nil else {
            throw ModelError("in-force", "in_force needs either on, or from and to", position: node.position)
        }
        guard let interval = DayInterval(first: try from.day("from"), last: try to.day("to")) else {
            throw ModelError("in-force", "in_force ends before it begins", position: node.position)
        }
        return interval
    }

    private static func parseFlags(_ node: YAMLNode?, _ clause: String, _ schema: Schema) throws(ModelError) -> [String: [String]] {
        guard let node else { return [:] }
        var flags: [String: [String]] = [:]
        for member in try node.namedMembers(clause) {
            guard let group = schema.flagGroup(named: member.name) else {
                throw ModelError(
                    "unknown-flag", "the schema \(schema.name) has no flag group \(member.name)", position: member.position,
                    hint: Nearest.hint(member.name, among: schema.flagGroups.map(\.name)))
            }
            flags[member.name] = try parseNames(member.value, member.name) { name throws(ModelError) in
                _ = try schema.requireFlag(name, in: group.name)
            }
        }
        return flags
    }

    /// A list of distinct texts, not empty, each of which `check` accepts.
    private static func parseNames(
        _ node: YAMLNode?, _ what: String, check: (String) throws(ModelError) -> Void
    ) throws(ModelError) -> [String] {
        guard let node else { return [] }
        var names: [String] = []
        for element in try node.elements(what) {
            let name = try element.text(what)
            guard !names.contains(name) else {
                throw ModelError("duplicate-name", "\(name) occurs twice in \(what)", position: element.position)
            }
            do throws(ModelError) {
                try check(name)
            } catch {
                throw error.at(element.position)
            }
            names.append(name)
        }
        guard !names.isEmpty else {
            throw ModelError("empty-list", "\(what) is empty", position: node.position, hint: "leave it out or name something")
        }
        return names
    }
}
