// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups

/// What a statement of point proofs is made of, to be changed clause by clause. The consents of ``TestKit/consent(_:)`` satisfy it.
struct PointClauses: Sendable {
    var require: [String: [String]] = ["purposes": ["ScientificResearch"], "data_categories": ["Health"]]
    var forbid: [String: [String]] = ["purposes": ["Marketing"]]
    var constants: [String: ConsentValue] = ["controller": .id(Array("https://hospital.example".utf8))]
    var reveal: [String] = []
    var ranges: [String: Statement.Bounds] = [:]
    var rangeBits: Int?
    var anyOf: [Statement.Choice] = []
    var links: Set<Statement.Link> = [.record]
    var inForce: DayInterval?

    /// Clauses of every kind that a linear relation has.
    static let linear = PointClauses()
    /// With values in the clear.
    static let revealing = with { $0.reveal = ["notice", "age"] }
    /// With an interval and bits that make tests fast.
    static let ranged = with { clauses in
        clauses.ranges = ["age": .init(minimum: 18, maximum: 90)]
        clauses.rangeBits = 8
    }
    /// With alternatives, of which even consents satisfy the second and odd ones the first.
    static let alternatives = with { clauses in
        clauses.anyOf = [
            .init(require: ["data_categories": ["Location"]]),
            .init(forbid: ["data_categories": ["Location"]], constants: [:]),
        ]
    }
    /// Alternatives and a range.
    static let everything = with { clauses in
        clauses.anyOf = alternatives.anyOf
        clauses.ranges = ["age": .init(minimum: 16)]
        clauses.rangeBits = 8
        clauses.reveal = ["notice"]
        clauses.links = [.record, .subject]
    }

    static func with(_ edit: (inout PointClauses) -> Void) -> PointClauses {
        var clauses = PointClauses()
        edit(&clauses)
        return clauses
    }

    func statement(_ schema: Schema) throws -> Statement {
        try Statement(
            schema: schema, inForce: inForce, require: require, forbid: forbid, constants: constants, reveal: reveal, ranges: ranges,
            rangeBits: rangeBits, anyOf: anyOf, links: links)
    }
}

extension TestWorld {
    /// The relations of clauses.
    func relation(_ clauses: PointClauses = .linear) throws -> PointRelation {
        try PointRelation(clauses.statement(kit.schema), generators: kit.generators)
    }

    /// Proves every row by itself; `edit` changes the columns before the proofs are made.
    func provePoints(
        _ clauses: PointClauses = .linear, dishonestly: Bool = false, views: [LedgerView]? = nil,
        edit: (inout PointDraft) throws -> Void = { _ in }
    ) throws -> PointBundle {
        let relation = try relation(clauses)
        var assembler = DatasetAssembler(
            relation.statement, .point, ledgers: try views ?? ledgers.map { try $0.view() }, rows: rows.count, receipts: receipts.count,
            dishonestly: dishonestly)
        try fill(&assembler)
        let assembled = try assembler.finishPoints(holder: holder, context: context)
        var draft = assembled.draft
        try edit(&draft)
        let prover = dishonestly ? PointProver(dishonestly: relation) : PointProver(relation)
        return try prover.prove(draft, witness: assembled.witness)
    }

    /// The auditor's policy.
    func policy(
        _ clauses: PointClauses, loggedBy: Day? = nil, minimum: UInt64? = nil, oneToOne: Bool = false, context: String? = nil
    ) throws -> Policy {
        Policy(
            name: "test", statement: try clauses.statement(kit.schema),
            acceptance: Policy.Acceptance(
                ledgers: try ledgers.map { try $0.trusted() }, freshness: freshness, loggedBy: loggedBy, minimumDistinctConsents: minimum,
                isOneToOne: oneToOne, context: context))
    }

    func verify(
        _ bundle: PointBundle, _ clauses: PointClauses = .linear, policy: Policy? = nil, evidence: Evidence = Evidence(now: now)
    ) throws -> Verdict {
        try PointVerifier(policy: try policy ?? self.policy(clauses), generators: kit.generators).verify(bundle, evidence: evidence)
    }

    /// The reasons of a verdict, in order; empty if the bundle holds.
    func reasons(
        _ bundle: PointBundle, _ clauses: PointClauses = .linear, policy: Policy? = nil, evidence: Evidence = Evidence(now: now)
    ) throws -> [String] {
        try verify(bundle, clauses, policy: policy, evidence: evidence).findings.map(\.reason)
    }
}

/// The parts of a bundle of point proofs, to be changed and put together again.
struct PointParts {
    var header: PointHeader
    var positions: [UInt64]
    var entryLedgers: [UInt64]
    var entryIndices: [UInt64]
    var entries: [[UInt8]]
    var dataPoints: [[UInt8]]
    var inclusions: [[UInt8]]
    var revocations: [[UInt8]]
    var revealed: [RevealedColumn]
    var sigma: [[UInt8]]
    var rangeCommitments: [[UInt8]]
    var rangeProofs: [[UInt8]]

    init(_ bundle: PointBundle) {
        func rows(_ column: BytesColumn?) -> [[UInt8]] { column.map { column in (0..<column.count).map { column[$0] } } ?? [] }
        header = bundle.header
        positions = bundle.positions.values
        entryLedgers = bundle.entryLedgers.values
        entryIndices = bundle.entryIndices.values
        entries = rows(bundle.entries)
        dataPoints = rows(bundle.dataPoints)
        inclusions = bundle.inclusions.map(\.bytes)
        revocations = bundle.revocations.map(\.bytes)
        revealed = bundle.revealed
        sigma = rows(bundle.sigma)
        rangeCommitments = rows(bundle.ranges?.commitments)
        rangeProofs = rows(bundle.ranges?.proofs)
    }

    func bundle() throws -> PointBundle {
        var header = header
        header.dataPoints = dataPoints.count
        header.distinctConsents = entries.count
        func column(_ rows: [[UInt8]]) -> BytesColumn { bytesColumn(rows.flatMap { $0 }, rows.first?.count ?? 1) }
        return try PointBundle(
            header: header, positions: U64Column(positions), entryLedgers: U64Column(entryLedgers), entryIndices: U64Column(entryIndices),
            entries: bytesColumn(entries.flatMap { $0 }, Bundle.entryByteCount), dataPoints: bytesColumn(dataPoints.flatMap { $0 }, 32),
            inclusions: inclusions.map { bytesColumn($0, 32) },
            revocations: revocations.map { bytesColumn($0, Bundle.revocationByteCount) },
            revealed: revealed, sigma: column(sigma),
            ranges: rangeProofs.isEmpty ? nil : .init(commitments: column(rangeCommitments), proofs: column(rangeProofs)))
    }
}
