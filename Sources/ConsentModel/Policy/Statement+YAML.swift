// SPDX-License-Identifier: Apache-2.0

extension Policy {
    /// Reads the clauses of the member `statement` under one schema.
    ///
    /// - Parameters:
    ///   - members: those of `statement`.
    ///   - choice: its clauses `require`, `forbid` and `constants`, with those that the policy has for this schema only.
    static func parseStatement(
        _ members: YAMLMembers, _ schema: Schema, _ choice: Statement.Choice
    ) throws(ModelError) -> Statement {
        let inForce = try members["in_force"].map { node throws(ModelError) in try parseInterval(node, schema) }
        let reveal = try parseNames(members["reveal"], "reveal") { name throws(ModelError) in _ = try schema.requireAttribute(name) }
        let ranges = try parseRanges(members["range"], schema)
        let rangeBits = try members["range_bits"].map { node throws(ModelError) in Int(try node.integer("range_bits", in: 8...64)) }
        let alternatives = try parseAlternatives(members["any_of"], schema)
        let links = try parseLinks(try members.required("link"))
        do throws(ModelError) {
            return try Statement(
                schema: schema, inForce: inForce, require: choice.require, forbid: choice.forbid, constants: choice.constants,
                reveal: reveal, ranges: ranges, rangeBits: rangeBits, anyOf: alternatives, links: links)
        } catch {
            throw error.at(members.position)
        }
    }

    /// The clauses `require`, `forbid` and `constants`, which a statement and an alternative have.
    static func parseChoice(_ members: YAMLMembers, _ schema: Schema) throws(ModelError) -> Statement.Choice {
        Statement.Choice(
            require: try parseFlags(members["require"], "require", schema), forbid: try parseFlags(members["forbid"], "forbid", schema),
            constants: try parseConstants(members["constants"], schema))
    }

    private static func parseConstants(_ node: YAMLNode?, _ schema: Schema) throws(ModelError) -> [String: ConsentValue] {
        guard let node else { return [:] }
        var constants: [String: ConsentValue] = [:]
        for member in try node.namedMembers("constants") {
            do throws(ModelError) {
                let attribute = schema.attributes[try schema.requireAttribute(member.name)]
                constants[member.name] = try attribute.value(text: try member.value.text(member.name))
            } catch {
                throw error.at(member.position)
            }
        }
        return constants
    }

    private static func parseAlternatives(_ node: YAMLNode?, _ schema: Schema) throws(ModelError) -> [Statement.Choice] {
        guard let node else { return [] }
        let elements = try node.elements("any_of")
        guard (2...Statement.alternativeLimit).contains(elements.count) else {
            throw ModelError(
                "alternative-count", "any_of must have 2 to \(Statement.alternativeLimit) alternatives", position: node.position,
                hint: elements.count == 1 ? "write the clauses of a single alternative without any_of" : nil)
        }
        var choices: [Statement.Choice] = []
        for element in elements {
            let members = try element.members(of: "an alternative", required: [], optional: ["require", "forbid", "constants"])
            let choice = try parseChoice(members, schema)
            guard choice != Statement.Choice() else {
                throw ModelError(
                    "empty-alternative", "an alternative of any_of has no clause", position: element.position,
                    hint: "it would always hold: leave any_of out")
            }
            choices.append(choice)
        }
        return choices
    }

    private static func parseRanges(_ node: YAMLNode?, _ schema: Schema) throws(ModelError) -> [String: Statement.Bounds] {
        guard let node else { return [:] }
        var ranges: [String: Statement.Bounds] = [:]
        for member in try node.namedMembers("range") {
            do throws(ModelError) {
                let attribute = schema.attributes[try schema.requireAttribute(member.name)]
                let bounds = try parseBounds(member.value, attribute)
                try bounds.check(attribute)
                ranges[member.name] = bounds
            } catch {
                throw error.at(member.position)
            }
        }
        guard !ranges.isEmpty else {
            throw ModelError("empty-list", "range is empty", position: node.position, hint: "leave it out or name something")
        }
        return ranges
    }

    private static func parseBounds(_ node: YAMLNode, _ attribute: Schema.Attribute) throws(ModelError) -> Statement.Bounds {
        let members = try node.members(of: "a range", required: [], optional: ["min", "max"])
        func bound(_ name: String) throws(ModelError) -> UInt64? {
            guard let node = members[name] else { return nil }
            let text = try node.text(name)
            do throws(ModelError) {
                guard case .uint(let value) = try attribute.value(text: text) else { return nil }
                return value
            } catch {
                throw error.at(node.position)
            }
        }
        guard case .uint = attribute.kind else {
            throw ModelError(
                "range-kind", "\(attribute.name) is an id, and only a uint can lie in a range", position: node.position)
        }
        let maximum = try bound("max")
        guard let minimum = try bound("min") else {
            guard maximum != nil else {
                throw ModelError("missing-key", "a range needs the key min", position: node.position)
            }
            throw ModelError(
                "range-upper-bound",
                "an upper bound alone proves nothing: a commitment holds its value modulo the group order only, and -1 is below every bound",
                position: node.position, hint: "add min: 0")
        }
        return Statement.Bounds(minimum: minimum, maximum: maximum)
    }

    private static func parseLinks(_ node: YAMLNode) throws(ModelError) -> Set<Statement.Link> {
        var links = Set<Statement.Link>()
        _ = try parseNames(node, "link", ifEmpty: "write link: [record], or link: [record, subject]") { name throws(ModelError) in
            guard let link = Statement.Link(rawValue: name) else {
                throw ModelError(
                    "unknown-attribute", "only record and subject can be linked", hint: Nearest.hint(name, among: ["record", "subject"]))
            }
            links.insert(link)
        }
        return links
    }

    private static func parseInterval(_ node: YAMLNode, _ schema: Schema) throws(ModelError) -> DayInterval {
        let interval = try parseInterval(node)
        guard schema.calendar.contains(interval) else {
            throw ModelError(
                "outside-calendar",
                "in_force is not within the calendar \(schema.calendar.first)..\(schema.calendar.last)", schema: schema.name,
                position: node.position)
        }
        return interval
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
                    "unknown-flag", "there is no flag group \(member.name)", schema: schema.name, position: member.position,
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
        _ node: YAMLNode?, _ what: String, ifEmpty hint: String = "leave it out or name something",
        check: (String) throws(ModelError) -> Void
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
            throw ModelError("empty-list", "\(what) is empty", position: node.position, hint: hint)
        }
        return names
    }
}
