// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// Reads the member `statement`, whose `schema` is one or a list.
    static func parseStatements(
        _ node: YAMLNode, schema find: (String) throws(ModelError) -> Schema
    ) throws(ModelError) -> Statements {
        let members = try node.members(
            of: "statement", required: ["schema", "link"],
            optional: ["constants", "in_force", "require", "forbid", "reveal", "range", "range_bits", "any_of"])
        let schemaNode = try members.required("schema")
        guard case .sequence(let elements) = schemaNode.content else {
            _ = try members.required("constants")
            return Statements(try parseStatement(members, try schema(schemaNode, find)))
        }
        guard (1...Statements.schemaLimit).contains(elements.count) else {
            throw ModelError(
                "schema-count", "schema must be one, or a list of 1 to \(Statements.schemaLimit)", position: schemaNode.position)
        }
        var statements: [Statement] = []
        for element in elements {
            let statement = try parseStatement(of: element, members, find)
            for name in try attributeNames(members) {
                do throws(ModelError) {
                    for other in statements { try Statements.checkKind(of: name, other.schema, statement.schema) }
                } catch {
                    throw error.at(element.position)
                }
            }
            statements.append(statement)
        }
        do throws(ModelError) {
            return try Statements(statements)
        } catch {
            throw error.at(schemaNode.position)
        }
    }

    /// One element of a list of schemas: a name, or a mapping with clauses of its own.
    private static func parseStatement(
        of element: YAMLNode, _ members: YAMLMembers, _ find: (String) throws(ModelError) -> Schema
    ) throws(ModelError) -> Statement {
        var own: YAMLMembers?
        if case .mapping = element.content {
            own = try element.members(of: "an element of schema", required: ["name"], optional: ["require", "forbid", "constants"])
        }
        let schema = try schema(try own?.required("name") ?? element, find)
        do throws(ModelError) {
            return try parseStatement(members, schema, own: own)
        } catch {
            let isUnknown = error.code == "unknown-flag" || error.code == "unknown-attribute"
            throw ModelError(
                error.code, error.message.contains(schema.name) ? error.message : "\(error.message) in the schema \(schema.name)",
                file: error.file, position: error.position ?? element.position,
                hint: error.hint ?? (isUnknown ? "a clause for one schema only stands beside its name in the list" : nil))
        }
    }

    private static func schema(_ node: YAMLNode, _ find: (String) throws(ModelError) -> Schema) throws(ModelError) -> Schema {
        let name = try node.text("schema")
        do throws(ModelError) {
            return try find(name)
        } catch {
            // An error inside a schema file names that file and keeps its position.
            throw error.file == nil ? error.at(node.position) : error
        }
    }

    /// The attributes that the clauses common to all schemas name.
    private static func attributeNames(_ members: YAMLMembers) throws(ModelError) -> [String] {
        var names: [String] = []
        func add(_ members: YAMLMembers) throws(ModelError) {
            for key in ["constants", "range"] {
                if let node = members[key] { names += try node.namedMembers(key).map(\.name) }
            }
        }
        try add(members)
        if let reveal = members["reveal"] { for node in try reveal.elements("reveal") { names.append(try node.text("reveal")) } }
        if let alternatives = members["any_of"] {
            for element in try alternatives.elements("any_of") {
                try add(try element.members(of: "an alternative", required: [], optional: ["require", "forbid", "constants"]))
            }
        }
        return names
    }
}

extension Statement.Choice {
    /// Adds the clauses that a policy has for one schema only.
    ///
    /// - Throws: `clause-conflict` for a constant that is there already. Flags that are there already are refused by ``Statement``.
    mutating func add(_ own: Statement.Choice) throws(ModelError) {
        require.merge(own.require, uniquingKeysWith: +)
        forbid.merge(own.forbid, uniquingKeysWith: +)
        for (name, value) in own.constants.sorted(by: { $0.key < $1.key }) {
            guard constants.updateValue(value, forKey: name) == nil else {
                throw ModelError("clause-conflict", "\(name) has a constant for all schemas and another for one of them")
            }
        }
    }
}
