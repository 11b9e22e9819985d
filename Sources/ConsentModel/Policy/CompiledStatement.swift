// SPDX-License-Identifier: Apache-2.0
public import Groups
public import SigmaProofs

/// What a tail position of a folded proof stands for (docs/protocol.md section 3, table and tail).
///
/// The order is: hidden attributes, hidden flags, hidden days, blinding factor.
public struct TailLayout: Hashable, Sendable {
    /// The attributes under no clause: ascending indices in the schema.
    public let attributes: [Int]
    /// The flags under no clause: ascending indices in the schema's flags.
    public let flags: [Int]
    /// The calendar days outside `in_force`, all if there is none: ascending offsets from the first calendar day.
    public let days: [Int]

    /// The length of the tail, blinding factor included.
    public var count: Int { attributes.count + flags.count + days.count + 1 }
    /// Where the attributes are.
    public var attributeRange: Range<Int> { 0..<attributes.count }
    /// Where the flags are.
    public var flagRange: Range<Int> { attributes.count..<attributes.count + flags.count }
    /// Where the days are.
    public var dayRange: Range<Int> { flagRange.upperBound..<flagRange.upperBound + days.count }
    /// Where the blinding factor is: `k + t`, the last.
    public var blindingIndex: Int { count - 1 }

    /// The tail of a statement.
    init(_ statement: Statement) {
        let schema = statement.schema
        let linked = statement.links.compactMap { schema.attributeIndex(named: $0.rawValue) }
        let constrained = Set(statement.constants.keys).union(statement.revealed).union(linked)
        let constrainedFlags = Set(statement.requiredFlags).union(statement.forbiddenFlags)
        let inForce = statement.inForce.flatMap { schema.calendarOffsets(of: $0) } ?? 0..<0
        attributes = schema.attributes.indices.filter { !constrained.contains($0) }
        flags = schema.flags.indices.filter { !constrainedFlags.contains($0) }
        days = (0..<schema.calendar.count).filter { !inForce.contains($0) }
    }
}

/// The statements of dataset proofs with the generators of their schemas: everything that the equations (1) to (3) of docs/protocol.md take from
/// the policy. What has one value for each schema is in ``parts``.
public struct CompiledStatement: Sendable {
    /// The clauses for one schema.
    public struct Part: Sendable {
        /// The statement.
        public let statement: Statement
        /// The generators of its schema.
        public let generators: GeneratorTable
        /// The places of its own tail: those of the common tail if there is one schema.
        public let tail: TailLayout
        /// `sum_required F + sum_{d in in_force} E_d + sum_constants v A`, which `C'_i` lacks for every row of the schema alike.
        public let constraint: Suite.Point
        /// The revealed attributes in the order of the columns: indices in the schema.
        public let revealed: [Int]
        /// The bases `A_a` of ``revealed``.
        public let revealedBases: [Suite.Point]
    }

    /// What is proved.
    public let statements: Statements
    /// One for each schema, in the order of ``statements``.
    public let parts: [Part]
    /// Data bases `[G_D, G_D', H]` and one for each link of each further schema, links, and the common tail's bases.
    public let relation: FoldedRelation<Suite>
    /// Where each part's tail is in the common one.
    public let places: TailPlaces

    /// Compiles the statement of one schema.
    ///
    /// - Parameter generators: The table of the statement's schema, if the caller has it already.
    /// - Throws: `proof-kind` for a statement with a clause that does not fold.
    public init(_ statement: Statement, generators: GeneratorTable? = nil) throws(ModelError) {
        try self.init(Statements(statement), generators: generators)
    }

    /// Compiles the statements of a policy.
    ///
    /// - Parameter generators: The table of one of the schemas, if the caller has it already.
    /// - Throws: `proof-kind` for statements with a clause that does not fold; `schema-mismatch`; `schema-generators`.
    public init(_ statements: Statements, generators: GeneratorTable? = nil) throws(ModelError) {
        // The relation below has only linear clauses: without this it would leave the others out.
        try statements.require(servableBy: .dataset)
        guard generators.map({ statements.schemas.contains($0.schema) }) ?? true else {
            throw ModelError("schema-mismatch", "the generators are those of another schema")
        }
        var parts: [Part] = []
        for (number, statement) in statements.parts.enumerated() {
            let table: GeneratorTable
            if let generators, generators.schema == statement.schema {
                table = generators
            } else {
                table = try GeneratorTable(statement.schema, daysOf: parts.first?.generators ?? generators)
            }
            parts.append(try Part(statement, table, revealed: statements.revealed(in: number)))
        }
        if parts.count > 1 { try GeneratorTable.checkDistinct(Self.consentBases(parts.map(\.generators))) }
        places = TailPlaces(parts.map { ($0.tail, $0.generators.schema) })
        relation = try Self.relation(parts, places, links: statements.parts[0].links)
        self.parts = parts
        self.statements = statements
    }

    /// All generators that consents of some schemas have, days and `H` once.
    private static func consentBases(_ tables: [GeneratorTable]) -> [Suite.Point] {
        var days: [Day: Suite.Point] = [:]
        for table in tables {
            for (offset, base) in table.days.enumerated() {
                if let day = table.schema.calendar.first.advanced(by: offset) { days[day] = base }
            }
        }
        return [tables[0].blinding] + tables.flatMap { $0.attributes + $0.flags } + days.values
    }

    private static func relation(
        _ parts: [Part], _ places: TailPlaces, links names: [Statement.Link]
    ) throws(ModelError) -> FoldedRelation<Suite> {
        var dataBases = parts[0].generators.dataBases
        var links: [FoldedRelation<Suite>.Link] = []
        var tailBases = [Suite.Point](repeating: parts[0].generators.blinding, count: places.count)
        for (number, part) in parts.enumerated() {
            let table = part.generators
            for link in names {
                let slot = number == 0 ? link.slot : dataBases.count
                if number > 0 { dataBases.append(dataBases[link.slot]) }
                links.append(.init(slot: slot, base: table.attributes[try table.schema.requireAttribute(link.rawValue)]))
            }
            let own =
                part.tail.attributes.map { table.attributes[$0] } + part.tail.flags.map { table.flags[$0] }
                + part.tail.days.map { table.days[$0] } + [table.blinding]
            for (position, place) in places.ofPart[number].enumerated() { tailBases[place] = own[position] }
        }
        do throws(FoldedRelationError) {
            // The tables, and the check of all of them, have made sure that generators are distinct and none is the identity. Bases of the data side
            // repeat: the slots with one base are told apart by their generators on the other side.
            return try FoldedRelation(uncheckedDataBases: dataBases, links: links, tailBases: tailBases)
        } catch {
            throw ModelError("statement-relation", "the statement has no relation")
        }
    }

    /// The length of every proof: `32 (5 + (n - 1) |L| + 2k + min(T, 4))` bytes for n schemas, `k` the number of times that the tail is halved.
    public var proofByteCount: Int { FoldedProof.byteCount(for: relation) }

    // MARK: One schema

    /// The statement of the first schema.
    public var statement: Statement { parts[0].statement }
    /// The generators of the first schema.
    public var generators: GeneratorTable { parts[0].generators }
    /// The places of the tail of the first schema: of the whole tail if it is the only one.
    public var tail: TailLayout { parts[0].tail }
    /// The constraint of the first schema.
    public var constraint: Suite.Point { parts[0].constraint }
    /// The bases of the revealed attributes of the first schema.
    public var revealedBases: [Suite.Point] { parts[0].revealedBases }
}

extension CompiledStatement.Part {
    /// Compiles the clauses for one schema.
    init(_ statement: Statement, _ table: GeneratorTable, revealed: [Int]) throws(ModelError) {
        let schema = statement.schema
        var constraint = Suite.identity
        if let inForce = statement.inForce {
            guard let days = table.sum(of: inForce) else {
                throw ModelError("outside-calendar", "in_force is not within the calendar")
            }
            constraint = days
        }
        var scalars: [Suite.Scalar] = [], bases: [Suite.Point] = []
        for (index, value) in statement.constants.sorted(by: { $0.key < $1.key }) {
            guard let scalar = schema.attributes[index].scalar(of: value) else {
                throw ModelError("invalid-value", "the constant \(schema.attributes[index].name) has the wrong type")
            }
            scalars.append(scalar)
            bases.append(table.attributes[index])
        }
        constraint = Suite.add(constraint, Suite.vartimeMultiScalarMul(scalars, bases))
        for index in statement.requiredFlags { constraint = Suite.add(constraint, table.flags[index]) }
        self.init(
            statement: statement, generators: table, tail: TailLayout(statement), constraint: constraint, revealed: revealed,
            revealedBases: revealed.map { table.attributes[$0] })
    }
}
