// SPDX-License-Identifier: Apache-2.0

extension Consent {
    /// Reads the normalised form (docs/formats.md, Consents).
    ///
    /// Attributes that are left out: `not_before` and `expires` (uints of unit day) are the ends of `in_force`, another uint is 0, another
    /// id the empty text; `record`, `subject` and `controller` must be present. Unknown members and flags are refused.
    public init(json: JSONValue, schema: Schema) throws(ModelError) {
        guard let members = json.object else { throw ModelError("consent-type", "a consent must be a JSON object") }
        let known = ["id", "in_force"] + schema.attributes.map(\.name) + schema.flagGroups.map(\.name)
        for name in members.keys.sorted() where !known.contains(name) {
            throw ModelError(
                "unknown-key", "the schema \(schema.name) has no attribute or flag group \(name)", hint: Nearest.hint(name, among: known))
        }
        guard let id = members["id"]?.string, !id.isEmpty, id.utf8.count <= 1_024 else {
            throw ModelError("invalid-value", "id must be text of 1 to 1024 bytes")
        }
        let inForce = try Self.interval(members["in_force"])
        var values: [String: ConsentValue] = [:]
        for attribute in schema.attributes {
            if let member = members[attribute.name] {
                values[attribute.name] = try attribute.value(json: member)
            } else {
                values[attribute.name] = try attribute.defaultValue(inForce: inForce)
            }
        }
        var flags: [String: Set<String>] = [:]
        for group in schema.flagGroups {
            guard let member = members[group.name] else { continue }
            guard let elements = member.array else { throw ModelError("invalid-value", "\(group.name) must be a list of flags") }
            var set = Set<String>()
            for element in elements {
                guard let flag = element.string else { throw ModelError("invalid-value", "\(group.name) must be a list of flags") }
                guard set.insert(flag).inserted else { throw ModelError("duplicate-name", "\(flag) occurs twice in \(group.name)") }
            }
            if !set.isEmpty { flags[group.name] = set }
        }
        self.init(id: id, values: values, flags: flags, inForce: inForce)
        try validate(against: schema)
    }

    /// Checks that the consent fits the schema: every attribute has a value of its kind, `subject` and `controller` are not empty, every
    /// flag exists, `in_force` lies in the calendar, and the integer dates grant no day that the calendar does not.
    public func validate(against schema: Schema) throws(ModelError) {
        for attribute in schema.attributes {
            guard let value = values[attribute.name] else { throw ModelError("missing-key", "the consent has no \(attribute.name)") }
            guard attribute.accepts(value) else { throw ModelError("invalid-value", "\(attribute.name) has the wrong type") }
            if ["subject", "controller"].contains(attribute.name), value == .id([]) {
                throw ModelError("invalid-value", "\(attribute.name) must not be empty")
            }
        }
        for name in values.keys.sorted() where schema.attributeIndex(named: name) == nil {
            throw ModelError(
                "unknown-key", "the schema \(schema.name) has no attribute \(name)",
                hint: Nearest.hint(name, among: schema.attributes.map(\.name)))
        }
        for (group, set) in flags.sorted(by: { $0.key < $1.key }) {
            for flag in set.sorted() { _ = try schema.requireFlag(flag, in: group) }
        }
        guard schema.calendar.contains(inForce) else {
            throw ModelError(
                "outside-calendar",
                "in_force \(inForce.first)..\(inForce.last) is not within the calendar \(schema.calendar.first)..\(schema.calendar.last)",
                hint: "shorten in_force to the calendar of the schema \(schema.name)")
        }
        try checkDates(schema)
    }

    /// A dataset proof shows the days of `in_force`, a point proof `not_before` and `expires`: the second may not say more than the first. Beyond the
    /// calendar's own ends the first can say nothing.
    private func checkDates(_ schema: Schema) throws(ModelError) {
        func day(_ name: String) -> UInt64? {
            guard let index = schema.attributeIndex(named: name), schema.attributes[index].kind == .uint(isDay: true),
                case .uint(let day) = values[name]
            else { return nil }
            return day
        }
        let first = UInt64(inForce.first.number), last = UInt64(inForce.last.number)
        if let begin = day("not_before"), begin < first, inForce.first != schema.calendar.first {
            throw ModelError(
                "date-conflict", "not_before is earlier than in_force", hint: "leave not_before out: it is then the first day of in_force")
        }
        if let end = day("expires"), end > last, inForce.last != schema.calendar.last {
            throw ModelError(
                "date-conflict", "expires is later than in_force", hint: "leave expires out: it is then the last day of in_force")
        }
    }

    /// The normalised form, which ``init(json:schema:)`` reads back.
    public func json(schema: Schema) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id),
            "in_force": .object(["from": .string(inForce.first.iso8601), "to": .string(inForce.last.iso8601)]),
        ]
        for attribute in schema.attributes {
            if let value = values[attribute.name] { members[attribute.name] = attribute.json(of: value) }
        }
        for group in schema.flagGroups {
            guard let set = flags[group.name], !set.isEmpty else { continue }
            members[group.name] = .array(group.values.filter(set.contains).map { .string($0) })
        }
        return .object(members)
    }

    private static func interval(_ json: JSONValue?) throws(ModelError) -> DayInterval {
        guard let members = json?.object, Set(members.keys) == ["from", "to"],
            let first = members["from"]?.string.flatMap(Day.init(iso8601:)), let last = members["to"]?.string.flatMap(Day.init(iso8601:))
        else { throw ModelError("invalid-value", "in_force must be {\"from\":\"YYYY-MM-DD\",\"to\":\"YYYY-MM-DD\"}") }
        guard let interval = DayInterval(first: first, last: last) else {
            throw ModelError("invalid-value", "in_force ends (\(last)) before it begins (\(first))")
        }
        return interval
    }
}

extension Schema.Attribute {
    /// What an absent attribute means.
    func defaultValue(inForce: DayInterval) throws(ModelError) -> ConsentValue {
        switch (kind, name) {
        case (.uint(isDay: true), "not_before"): return .uint(UInt64(inForce.first.number))
        case (.uint(isDay: true), "expires"): return .uint(UInt64(inForce.last.number))
        case (.uint, _): return .uint(0)
        case (.id, "subject"), (.id, "controller"): throw ModelError("missing-key", "the consent has no \(name)")
        case (.id, _):
            guard !isRecord else { throw ModelError("missing-key", "the consent has no \(name)") }
            return .id([])
        }
    }
}

extension Schema {
    /// The index of a flag; an unknown group or flag is refused with the nearest known one.
    public func requireFlag(_ flag: String, in group: String) throws(ModelError) -> Int {
        guard let known = flagGroup(named: group) else {
            throw ModelError(
                "unknown-flag", "there is no flag group \(group)", schema: name,
                hint: Nearest.hint(group, among: flagGroups.map(\.name)))
        }
        guard let index = flagIndex(flag, in: group) else {
            throw ModelError(
                "unknown-flag", "\(group) has no flag \(flag)", schema: name, hint: Nearest.hint(flag, among: known.values))
        }
        return index
    }

    /// The index of an attribute; an unknown one is refused with the nearest known one.
    public func requireAttribute(_ attribute: String) throws(ModelError) -> Int {
        guard let index = attributeIndex(named: attribute) else {
            throw ModelError(
                "unknown-attribute", "there is no attribute \(attribute)", schema: name,
                hint: Nearest.hint(attribute, among: attributes.map(\.name)))
        }
        return index
    }
}
