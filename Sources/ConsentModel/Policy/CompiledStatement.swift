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

/// A statement of dataset proofs with the generators of its schema: everything that the equations (1) to (3) of docs/protocol.md take from
/// the policy.
public struct CompiledStatement: Sendable {
    /// The statement.
    public let statement: Statement
    /// The generators of its schema.
    public let generators: GeneratorTable
    /// Data bases `[G_D, G_D', H]`, links, and the tail's bases in the order of ``tail``.
    public let relation: FoldedRelation<Suite>
    /// What the tail positions stand for.
    public let tail: TailLayout
    /// `sum_required F + sum_{d in in_force} E_d + sum_constants v A`, which `C'_i` lacks for every row alike.
    public let constraint: Suite.Point
    /// The bases `A_a` of the revealed attributes, in the order of the statement's `revealed`.
    public let revealedBases: [Suite.Point]

    /// Compiles a statement.
    ///
    /// - Parameter generators: The table of the statement's schema, if the caller has it already.
    /// - Throws: `proof-kind` for a statement with a clause that does not fold.
    public init(_ statement: Statement, generators: GeneratorTable? = nil) throws(ModelError) {
        // The relation below has only linear clauses: without this it would leave the others out.
        try statement.require(servableBy: .dataset)
        let table: GeneratorTable
        if let generators {
            guard generators.schema == statement.schema else {
                throw ModelError("schema-mismatch", "the generators are those of another schema")
            }
            table = generators
        } else {
            table = try GeneratorTable(statement.schema)
        }
        let schema = statement.schema
        let tail = TailLayout(statement)
        var tailBases = tail.attributes.map { table.attributes[$0] }
        tailBases += tail.flags.map { table.flags[$0] }
        tailBases += tail.days.map { table.days[$0] }
        tailBases.append(table.blinding)
        var links: [FoldedRelation<Suite>.Link] = []
        for link in statement.links {
            links.append(.init(slot: link.slot, base: table.attributes[try schema.requireAttribute(link.rawValue)]))
        }
        do throws(FoldedRelationError) {
            // The table has checked that all its generators are distinct and none is the identity.
            relation = try FoldedRelation(distinctDataBases: table.dataBases, links: links, tailBases: tailBases)
        } catch {
            throw ModelError("statement-relation", "the statement has no relation")
        }
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
        self.constraint = constraint
        self.statement = statement
        self.tail = tail
        self.generators = table
        revealedBases = statement.revealed.map { table.attributes[$0] }
    }

    /// The length of every proof: `32 (5 + T)` bytes.
    public var proofByteCount: Int { FoldedProof.byteCount(for: relation) }
}
