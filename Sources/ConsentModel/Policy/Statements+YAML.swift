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
            let schema = try schema(schemaNode, find)
            return Statements(try parseStatement(members, schema, try parseChoice(members, schema)))
        }
        guard (1...Statements.schemaLimit).contains(elements.count) else {
            throw ModelError(
                "schema-count", "schema must be one, or a list of 1 to \(Statements.schemaLimit)", position: schemaNode.position)
        }
        let list = try SchemaList(elements) { node throws(ModelError) in try schema(node, find) }
        var statements: [Statement] = []
        for number in list.schemas.indices { statements.append(try parseStatement(number, of: list, members)) }
        do throws(ModelError) {
            return try Statements(statements)
        } catch {
            throw error.at(schemaNode.position)
        }
    }

    /// The list `schema`, its names resolved.
    private struct SchemaList {
        let positions: [ModelError.Position]
        let schemas: [Schema]
        /// What tells them apart, in words.
        let labels: [String]
        /// The members of elements with clauses of their own.
        let own: [YAMLMembers?]

        /// Each element is a name, or a mapping with clauses of its own.
        init(_ elements: [YAMLNode], _ find: (YAMLNode) throws(ModelError) -> Schema) throws(ModelError) {
            var (schemas, own) = ([Schema](), [YAMLMembers?]())
            for element in elements {
                var members: YAMLMembers?
                if case .mapping = element.content {
                    members = try element.members(
                        of: "an element of schema", required: ["name"], optional: ["require", "forbid", "constants"])
                }
                schemas.append(try find(try members?.required("name") ?? element))
                own.append(members)
            }
            positions = elements.map(\.position)
            self.schemas = schemas
            labels = Statements.labels(of: schemas)
            self.own = own
        }
    }

    /// The statement of one schema of a list.
    private static func parseStatement(
        _ number: Int, of list: SchemaList, _ members: YAMLMembers
    ) throws(ModelError) -> Statement {
        let schema = list.schemas[number]
        let statement: Statement
        do throws(ModelError) {
            var choice = try parseCommonChoice(number, of: list, members)
            if let own = list.own[number] { try choice.add(try parseChoice(own, schema)) }
            statement = try parseStatement(members, schema, choice)
        } catch {
            throw error.inSchema(list.labels[number]).at(list.positions[number])
        }
        do throws(ModelError) {
            for name in try attributeNames(members) {
                for other in 0..<number { try Statements.checkKind(of: name, list.schemas, other, number) }
            }
        } catch {
            throw error.at(list.positions[number])
        }
        return statement
    }

    /// The clauses `require`, `forbid` and `constants` for all schemas, under one of them.
    private static func parseCommonChoice(
        _ number: Int, of list: SchemaList, _ members: YAMLMembers
    ) throws(ModelError) -> Statement.Choice {
        do throws(ModelError) {
            return try parseChoice(members, list.schemas[number])
        } catch {
            let isUnknown = error.code == "unknown-flag" || error.code == "unknown-attribute"
            guard isUnknown, list.schemas.contains(where: { has(what: error.position, of: members, $0) }) else { throw error }
            var error = error
            error.hint = [error.hint, "a clause for one schema only stands beside its name in the list"].compactMap { $0 }.joined(
                separator: "; ")
            throw error
        }
    }

    /// Whether `schema` has the flag, the group of flags or the attribute that stands at `position` in these clauses.
    private static func has(what position: ModelError.Position?, of members: YAMLMembers, _ schema: Schema) -> Bool {
        for clause in ["require", "forbid"] {
            for group in (try? members[clause]?.namedMembers(clause)) ?? [] {
                if group.position == position { return schema.flagGroup(named: group.name) != nil }
                for flag in (try? group.value.elements(group.name)) ?? [] where flag.position == position {
                    return (try? flag.text(group.name)).flatMap { schema.flagIndex($0, in: group.name) } != nil
                }
            }
        }
        let constants = (try? members["constants"]?.namedMembers("constants")) ?? []
        return constants.contains { $0.position == position && schema.attributeIndex(named: $0.name) != nil }
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
                throw ModelError("clause-conflict", "\(name) has a constant for all schemas and one of its own")
            }
        }
    }
}
