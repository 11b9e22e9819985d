// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentVerifier
internal import Cores
internal import Groups
internal import Primitives
internal import Provers
internal import RangeProofs
internal import Secrets
internal import SigmaProofs
internal import Transcripts

/// Makes point proofs in bulk (docs/protocol.md section 12), on all cores.
///
/// Timing: constant in the witness and the nonces. Security: nonces are fresh for every chunk of rows and hedged with the witness and the statements
/// (`NonceGenerator`). The prover checks its proofs with the verifier's equations before it hands anything out, and names the rows that fail.
public struct PointProver: Sendable {
    /// What is proved.
    public let relation: PointRelation
    let equations: PointEquations
    /// The bases of equation 0.
    let dataBases: Suite.FixedBases
    /// The bases of equation 1, for each branch.
    let consentBases: [Suite.FixedBases]
    /// `B`, `H`: the bases of the equations of range commitments.
    let rangeBases: Suite.FixedBases
    /// Proves ranges, if there are range clauses.
    let rangeProver: RangeProver<SpongeRangeTranscript<Suite>>?
    /// Whether the prover checks what it hands out. `false` only in tests of a dishonest holder.
    private let checksItself: Bool

    /// Rows that are proved at a time, by one core.
    static let chunkRowCount = 128

    /// A prover; makes tables.
    public init(_ relation: PointRelation) {
        self.init(relation, checksItself: true)
    }

    /// A prover that hands out whatever comes out, as a dishonest holder would.
    package init(dishonestly relation: PointRelation) {
        self.init(relation, checksItself: false)
    }

    private init(_ relation: PointRelation, checksItself: Bool) {
        self.relation = relation
        self.checksItself = checksItself
        equations = PointEquations(relation)
        dataBases = Suite.fixedBases(relation.generators.dataBases)
        rangeBases = Suite.fixedBases([PointRelation.valueBase, relation.generators.blinding])
        rangeProver = relation.rangeParameters.map { RangeProver($0) }
        consentBases = relation.branches.map { branch in
            let template = branch.family.template
            return Suite.fixedBases(template.equations[1].terms.map { template.elements[Int($0.element)] })
        }
    }

    /// The bundle of `draft` with its proofs.
    ///
    /// - Throws: ``ProverFailure``, or a ``ModelError`` when the columns do not fit together.
    public func prove(_ draft: PointDraft, witness: borrowing DatasetWitness) throws -> PointBundle {
        let count = draft.positions.count
        let sessions = draft.header.ledgers.map {
            relation.session(holder: draft.header.holder, context: draft.header.context, origin: $0.origin)
        }
        // Rows of one ledger have one session.
        let groups = sessions.indices.map { number in
            (0..<count).filter { draft.entryLedgers[Int(draft.positions[$0])] == UInt64(number) }
        }
        var parts = Parts(relation, rows: count)
        var failures: [Int] = []
        for (number, rows) in groups.enumerated() where !rows.isEmpty {
            let chunks = stride(from: 0, to: rows.count, by: Self.chunkRowCount).map {
                Array(rows[$0..<min($0 + Self.chunkRowCount, rows.count)])
            }
            let proved = try inParallel(chunks, draft, witness, sessions[number])
            for (chunk, rows) in chunks.enumerated() {
                parts.set(proved[chunk], rows: rows)
                failures += proved[chunk].failures.map { rows[$0] }
            }
        }
        guard failures.isEmpty || !checksItself else {
            throw ProverFailure.rows(failures.sorted().map { refusal($0, draft) })
        }
        return try draft.bundle(sigma: parts.sigma, width: relation.sigmaByteCount, ranges: parts.ranges(relation))
    }

    private func refusal(_ row: Int, _ draft: PointDraft) -> RowRefusal {
        RowRefusal(
            .receipt, row: row, sourceRow: draft.sourceRows[row],
            "row \(draft.sourceRows[row]) cannot be proved: its data point or its consent does not open to what the stores have, or does not "
                + "satisfy the policy")
    }

    /// Proves chunks of rows on all cores.
    private func inParallel(
        _ chunks: [[Int]], _ draft: PointDraft, _ witness: borrowing DatasetWitness, _ session: SessionID
    ) throws -> [PointProofs] {
        // The witness is only read, and outlives the call.
        try withUnsafePointer(to: witness) { pointer in
            nonisolated(unsafe) let pointer = pointer
            let results = Parallel.map(chunks.count, minimum: 1) { range in
                range.map { number in
                    Result { try prove(chunks[number], draft, pointer.pointee, session) }
                }
            }
            return try results.flatMap { $0 }.map { try $0.get() }
        }
    }

    private func prove(
        _ rows: [Int], _ draft: PointDraft, _ witness: borrowing DatasetWitness, _ session: SessionID
    ) throws -> PointProofs {
        let receipts = rows.map { draft.receipts[Int(draft.positions[$0])] }
        var columns = PointColumns(
            dataPoints: rows.flatMap { draft.dataPoints[32 * $0..<32 * $0 + 32] },
            consents: rows.flatMap { row in
                let start = Int(draft.positions[row]) * Bundle.entryByteCount + Entry.consentRange.lowerBound
                return draft.entries[start..<start + 32]
            }, revealed: draft.revealed.map { column in rows.map { column[Int(draft.positions[$0])] } }, sigma: BytesColumn(bytes: []),
            rangeCommitments: [], rangeProofs: [])
        try fill(&columns, witness, rows: rows, receipts: receipts, session: session)
        return PointProofs(
            sigma: columns.sigma.bytes, rangeCommitments: columns.rangeCommitments, rangeProofs: columns.rangeProofs,
            failures: checksItself ? equations.failures(columns, session: session) : [])
    }
}

/// The proofs of a chunk of rows.
struct PointProofs: Sendable {
    let sigma: [UInt8]
    let rangeCommitments: [UInt8]
    let rangeProofs: [UInt8]
    /// The rows of the chunk whose proofs do not hold.
    let failures: [Int]
}

/// The columns of proofs while they are filled, chunk by chunk.
private struct Parts {
    private let widths: (sigma: Int, commitments: Int, proofs: Int)
    private(set) var sigma: [UInt8]
    private var commitments: [UInt8]
    private var proofs: [UInt8]

    init(_ relation: PointRelation, rows: Int) {
        widths = (relation.sigmaByteCount, relation.rangeCommitmentByteCount, relation.rangeProofByteCount)
        sigma = [UInt8](repeating: 0, count: rows * widths.sigma)
        commitments = [UInt8](repeating: 0, count: rows * widths.commitments)
        proofs = [UInt8](repeating: 0, count: rows * widths.proofs)
    }

    mutating func set(_ chunk: PointProofs, rows: [Int]) {
        func place(_ source: [UInt8], _ width: Int, _ out: inout [UInt8]) {
            guard width > 0, source.count == rows.count * width else { return }
            for (number, row) in rows.enumerated() {
                out.replaceSubrange(row * width..<(row + 1) * width, with: source[number * width..<(number + 1) * width])
            }
        }
        place(chunk.sigma, widths.sigma, &sigma)
        place(chunk.rangeCommitments, widths.commitments, &commitments)
        place(chunk.rangeProofs, widths.proofs, &proofs)
    }

    func ranges(_ relation: PointRelation) throws(ModelError) -> PointBundle.Ranges? {
        guard relation.rangeParameters != nil else { return nil }
        return PointBundle.Ranges(
            commitments: try PointDraft.column(commitments, widths.commitments), proofs: try PointDraft.column(proofs, widths.proofs))
    }
}
