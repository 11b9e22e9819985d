// SPDX-License-Identifier: Apache-2.0
public import Groups
public import RangeProofs
public import SigmaProofs
public import Transcripts

/// Everything that the equations of point proofs take from a policy: its statement with the generators of its schema (docs/protocol.md section 12).
public struct PointRelation: Sendable {
    /// The statement.
    public let statement: Statement
    /// The generators of its schema.
    public let generators: GeneratorTable
    /// The relation, or with alternatives those of the branches, in their order.
    public let branches: [PointBranch]
    /// With alternatives, the disjunctions of the branches.
    public let alternatives: DisjunctionFamily<Suite>?
    /// Whether the proof is of a disjunction.
    public var isDisjunction: Bool { alternatives != nil }
    /// The bases `A_a` of the revealed attributes, in the order of the statement's `revealed`.
    public let revealedBases: [Suite.Point]
    /// The attributes under range clauses, by index in the schema, in the order of the clauses.
    public let rangeAttributes: [Int]
    /// What is claimed of each of them.
    public let bounds: [RangeBound]
    /// The shape of range proofs, if there are range clauses.
    public let rangeParameters: RangeParameters<Suite>?

    /// `B`, the base of values in range commitments.
    public static let valueBase = Generators.derive([[Array("range".utf8), Array("value".utf8)]])[0]

    /// Compiles a statement.
    ///
    /// - Parameter generators: The table of the statement's schema, if the caller has it already.
    /// - Throws: why the statement has no point proofs.
    public init(_ statement: Statement, generators: GeneratorTable? = nil) throws(ModelError) {
        let table: GeneratorTable
        if let generators {
            guard generators.schema == statement.schema else {
                throw ModelError("schema-mismatch", "the generators are those of another schema")
            }
            table = generators
        } else {
            table = try GeneratorTable(statement.schema)
        }
        let clauses = try statement.pointRanges()
        rangeAttributes = clauses.map(\.attribute)
        bounds = clauses.map { clause in
            clause.maximum.map { .within(clause.minimum...max(clause.minimum, $0)) } ?? .atLeast(clause.minimum)
        }
        var branches: [PointBranch] = []
        func add(_ required: [Int], _ forbidden: [Int], _ constants: [Int: ConsentValue]) throws(ModelError) {
            branches.append(
                try PointBranch(
                    statement, table, required: statement.requiredFlags + required, forbidden: statement.forbiddenFlags + forbidden,
                    constants: statement.constants.merging(constants) { common, _ in common }, ranges: clauses.map(\.attribute),
                    valueBase: clauses.isEmpty ? nil : Self.valueBase))
        }
        for choice in statement.alternatives { try add(choice.requiredFlags, choice.forbiddenFlags, choice.constants) }
        do throws(RelationFamilyError) {
            alternatives = branches.isEmpty ? nil : try DisjunctionFamily(branches.map(\.family))
        } catch {
            throw ModelError("statement-relation", "the alternatives have no relation: \(error)")
        }
        if branches.isEmpty { try add([], [], [:]) }
        self.branches = branches
        do throws(RangeParametersError) {
            rangeParameters =
                clauses.isEmpty
                ? nil
                : try RangeParameters(
                    bits: statement.rangeBits, count: RangeBound.count(bounds), valueBase: Self.valueBase, blindingBase: table.blinding,
                    generators: StandardRangeGenerators.ristretto255)
        } catch {
            throw ModelError("statement-relation", "the range clauses have no range proof: \(error)")
        }
        self.statement = statement
        self.generators = table
        revealedBases = statement.revealed.map { table.attributes[$0] }
    }

    // MARK: Lengths

    /// The length of `sigma` in bytes: the linear parts of all branches, with alternatives their sub-challenges too.
    public var sigmaByteCount: Int {
        alternatives?.proofByteCount ?? BatchableProof<Suite>.byteCount(for: branches[0].family.template)
    }

    /// The length of the range commitments of one proof in bytes.
    public var rangeCommitmentByteCount: Int { 32 * rangeAttributes.count }
    /// The length of one range proof in bytes; 0 without range clauses.
    public var rangeProofByteCount: Int { rangeParameters?.proofByteCount ?? 0 }
    /// The columns that every bundle of this statement has, in schema order.
    public var revealedAttributes: [RevealedAttribute] { statement.revealedAttributes }

    // MARK: Transcripts

    /// The session of the proofs about entries of one ledger.
    public func session(holder: String, context: String, origin: String) -> SessionID {
        PointSession(
            flavor: isDisjunction ? .disjunctiveBatchable : .batchable, statementDigest: statement.digest,
            schemaDigest: statement.schema.digest, holder: holder, context: context, origin: origin
        ).id
    }
}

extension PointRelation {
    /// The disjunction of the branches over the encodings `D K'' V_1 ... V_r`; `nil` if one does not decode, or makes a branch no valid relation.
    public func disjunction(own encodings: [UInt8]) -> Disjunction<Suite>? {
        guard let alternatives, encodings.count == alternatives.statementByteCount, let own = try? Suite.decode(canonical: encodings.span)
        else { return nil }
        return alternatives.disjunction(own: own)
    }
}
