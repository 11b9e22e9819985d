// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentVerifier
internal import Cores
internal import Groups
internal import MembershipProofs
internal import MerkleLog
internal import Provers
internal import Secrets
internal import Transcripts

/// Makes unlinkable point proofs (docs/protocol.md section 14), on all cores.
///
/// Timing: constant in which entries of the range the proofs are about, in the rest of the witness and in the nonces. It depends on the policy, on the
/// numbers of rows and of members, and on whether the proofs hold. Security: as ``PointProver``; `K'` comes fresh with the draft.
public struct MemberProver: Sendable {
    /// Makes the linear and the range parts.
    private let points: PointProver
    private let equations: MemberEquations
    /// Whether the prover checks what it hands out. `false` only in tests of a dishonest holder.
    private let checksItself: Bool

    /// A prover; makes tables.
    public init(_ relation: PointRelation) {
        self.init(PointProver(relation), checksItself: true)
    }

    /// A prover that hands out whatever comes out, as a dishonest holder would.
    package init(dishonestly relation: PointRelation) {
        self.init(PointProver(dishonestly: relation), checksItself: false)
    }

    private init(_ points: PointProver, checksItself: Bool) {
        self.points = points
        self.checksItself = checksItself
        equations = MemberEquations(points.relation)
    }

    /// The bundle of `draft` with its proofs.
    ///
    /// - Parameters:
    ///   - progress: told the number of rows that are done, now and then.
    /// - Throws: ``ProverFailure``, or a ``ModelError`` when the columns do not fit together or the range has no member.
    public func prove(
        _ draft: MemberDraft, witness: consuming MemberWitness, progress: (Int) -> Void = { _ in }
    ) throws -> MemberBundle {
        let relation = points.relation
        let withdrawn = try Self.withdrawn(draft)
        let entries = try PointDraft.column(draft.entries, Bundle.entryByteCount)
        guard let set = MemberSet(entries, schemaID: relation.statement.schema.id, withdrawn: withdrawn),
            let parameters = set.parameters(relation.generators)
        else {
            throw ModelError("member-set", "no entry of the range is of the policy's schema and has not been withdrawn")
        }
        let session = relation.session(draft.header, set: set.set.digest)
        let count = draft.header.dataPoints
        let width = Entry.byteCount
        guard draft.dataPoints.count == 32 * count, draft.elements.count == 32 * count, draft.entries.count == width * draft.header.count,
            witness.leafIndices.count == count
        else { throw ModelError("bundle-columns", "the columns of the draft are not of its rows") }

        var columns = MemberColumns(points: try points(draft, witness.rows, session), membership: [])
        let contexts = equations.contexts(columns.points, session: session)
        let places = Self.places(witness.leafIndices, of: set, from: draft.header.first)
        let prover = MembershipProver<SpongeMembershipTranscript<Suite>>(parameters)
        columns.membership = try membership(prover, draft, places, witness.differences, contexts, progress)

        if checksItself {
            let failures = equations.failures(columns, session: session, parameters)
            guard failures.isEmpty else { throw ProverFailure.rows(failures.map { refusal($0, draft) }) }
        }
        let ranges =
            relation.rangeParameters == nil
            ? nil
            : PointBundle.Ranges(
                commitments: try PointDraft.column(columns.points.rangeCommitments, relation.rangeCommitmentByteCount),
                proofs: try PointDraft.column(columns.points.rangeProofs, relation.rangeProofByteCount))
        return try draft.bundle(
            sigma: columns.points.sigma, ranges: ranges, membership: try PointDraft.column(columns.membership, parameters.proofByteCount))
    }

    /// The positions in the range of entries that the revocations log names.
    private static func withdrawn(_ draft: MemberDraft) throws -> [Int] {
        let width = Bundle.revocationByteCount
        var revoked: Set<[UInt8]> = []
        for start in stride(from: 0, to: draft.revocations.count - width + 1, by: width) {
            revoked.insert(Array(draft.revocations[start + 2..<start + width]))
        }
        let leaves = try LeafHash.hashes(ofEntries: draft.entries, entryByteCount: Entry.byteCount)
        return revoked.isEmpty ? [] : leaves.indices.filter { revoked.contains(leaves[$0].bytes) }
    }

    private func refusal(_ row: Int, _ draft: MemberDraft) -> RowRefusal {
        RowRefusal(
            .receipt, row: row, sourceRow: draft.sourceRows[row],
            "row \(draft.sourceRows[row]) cannot be proved: its data point or its consent does not open to what the stores have, does not "
                + "satisfy the policy, or is not in the range")
    }

    // MARK: Parts

    /// The linear and the range parts of all rows.
    private func points(_ draft: MemberDraft, _ witness: borrowing DatasetWitness, _ session: SessionID) throws -> PointColumns {
        let count = draft.header.dataPoints
        let size = PointProver.chunkRowCount
        let chunks = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
        // The witness is only read, and outlives the call.
        let parts: [PointColumns] = try withUnsafePointer(to: witness) { pointer in
            nonisolated(unsafe) let pointer = pointer
            let results = Parallel.map(chunks.count, minimum: 1) { range in
                range.map { number in
                    Result {
                        let rows = chunks[number]
                        var columns = PointColumns(
                            dataPoints: Array(draft.dataPoints[32 * rows.lowerBound..<32 * rows.upperBound]),
                            consents: Array(draft.elements[32 * rows.lowerBound..<32 * rows.upperBound]),
                            revealed: draft.revealed.map { column in rows.map { column[$0] } }, sigma: BytesColumn(bytes: []),
                            rangeCommitments: [], rangeProofs: [])
                        try points.fill(&columns, pointer.pointee, rows: Array(rows), receipts: Array(rows), session: session)
                        return columns
                    }
                }
            }
            return try results.flatMap { $0 }.map { try $0.get() }
        }
        return PointColumns(
            dataPoints: draft.dataPoints, consents: draft.elements,
            revealed: draft.revealed.map { column in (0..<count).map { column[$0] } },
            sigma: try PointDraft.column(parts.flatMap { $0.sigma.bytes }, points.relation.sigmaByteCount),
            rangeCommitments: parts.flatMap(\.rangeCommitments), rangeProofs: parts.flatMap(\.rangeProofs))
    }

    /// `l` of each row: how many members stand before its entry. Constant time: every member is compared with every index.
    private static func places(_ leafIndices: borrowing SecretLimbs, of set: MemberSet, from first: UInt64) -> SecretLimbs {
        let members = set.positions.map { first + UInt64($0) }
        var places = SecretLimbs(count: leafIndices.count)
        leafIndices.withSpan { indices in
            places.withMutableSpan { places in
                for row in indices.indices {
                    var before: UInt64 = 0
                    // Indices are below 2^54: the difference is negative just when its top bit is set.
                    for member in members { before &+= (member &- indices[row]) >> 63 }
                    places[row] = before
                }
            }
        }
        return places
    }

    /// Rows between two calls of `progress`.
    private static let stepRowCount = 32

    /// The membership parts of all rows, not verified: of a row whose entry is no member it does not hold.
    private func membership(
        _ prover: MembershipProver<SpongeMembershipTranscript<Suite>>, _ draft: MemberDraft, _ places: borrowing SecretLimbs,
        _ differences: borrowing SecretScalars<Suite>, _ contexts: [MembershipContext], _ progress: (Int) -> Void
    ) throws -> [UInt8] {
        let count = contexts.count
        var proofs: [UInt8] = []
        proofs.reserveCapacity(count * prover.parameters.proofByteCount)
        // Both are only read, and outlive the call.
        try withUnsafePointer(to: places) { places in
            try withUnsafePointer(to: differences) { differences in
                nonisolated(unsafe) let (places, differences) = (places, differences)
                for first in stride(from: 0, to: count, by: Self.stepRowCount) {
                    progress(first)
                    let results = Parallel.map(min(Self.stepRowCount, count - first), minimum: 1) { rows in
                        rows.map { row in
                            Result {
                                try membership(prover, draft, first + row, places.pointee, differences.pointee, contexts[first + row])
                            }
                        }
                    }
                    for result in results.joined() { proofs += try result.get() }
                }
            }
        }
        return proofs
    }

    /// The membership part of one row, not verified.
    private func membership(
        _ prover: MembershipProver<SpongeMembershipTranscript<Suite>>, _ draft: MemberDraft, _ row: Int, _ places: borrowing SecretLimbs,
        _ differences: borrowing SecretScalars<Suite>, _ context: MembershipContext
    ) throws -> [UInt8] {
        var place = SecretLimbs(count: 1)
        places.withSpan { all in place.withMutableSpan { $0[0] = all[row] } }
        let difference = differences.rows(1, of: 0, selecting: [row])
        let element = Array(draft.elements[32 * row..<32 * row + 32])
        do throws(ProverError) {
            // Verified with all others in `prove`, which names the rows that do not hold.
            return try prover.unverifiedProof(index: place, difference: difference, element: element, opening: context).bytes
        } catch {
            throw ProverFailure.randomness
        }
    }
}
