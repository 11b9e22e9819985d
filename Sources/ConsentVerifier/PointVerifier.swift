// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
private import FaultInjection
internal import SigmaProofs
internal import Transcripts

/// Verifies point proofs under one policy of the auditor (docs/protocol.md section 12): bundles of the kind `points`, and single proofs as
/// bundles of one row.
///
/// The policy, the schema, the generators and the constraints are the auditor's own. Equations are checked in closed chunks of rows, so that what is
/// decoded at a time does not grow with the bundle. Timing: variable; everything here is public.
public struct PointVerifier: BundleVerifier, Sendable {
    /// The auditor's policy.
    public let policy: Policy
    /// The relations of its statement.
    public let relation: PointRelation
    private let equations: PointEquations

    /// So many rows that do not hold are counted; the first few of them are listed. Then the search ends, so that the cost of a bundle of
    /// false rows is bounded by a few times that of one that holds.
    public static let failureLimit = 1_000

    /// Prepares the relations once for any number of bundles.
    ///
    /// - Parameter generators: the table of the policy's schema, if the caller has it already.
    /// - Throws: errors of the policy's statement under its schema; why it has no point proofs.
    public init(policy: Policy, generators: GeneratorTable? = nil) throws(ModelError) {
        self.policy = policy
        relation = try PointRelation(policy.statement, generators: generators)
        equations = PointEquations(relation)
    }

    /// Reads a bundle that must reveal exactly what the policy reveals.
    ///
    /// - Throws: structural errors, see ``PointBundle``; `bundle-statement`.
    public func parse(_ bytes: [UInt8], file: String? = nil) throws(ModelError) -> PointBundle {
        try reading(bytes, file: file) { () throws(ModelError) in
            try PointBundle.parse(bytes, file: file, revealing: relation.revealedAttributes)
        }
    }

    /// The bundle of a single proof, which must reveal exactly what the policy reveals.
    ///
    /// - Throws: errors of ``PointFile/bundle(_:)``; `bundle-statement`.
    public func bundle(of point: PointFile, file: String? = nil) throws(ModelError) -> PointBundle {
        try reading(file, statement: { point.statement }) { () throws(ModelError) in try point.bundle(relation) }
    }

    /// Checks everything; all findings are collected, so that a report says what there is to mend.
    ///
    /// - Throws: when the auditor's own evidence cannot be used: a revocation list or withdrawal that does not verify.
    public func verify(_ bundle: PointBundle, evidence: Evidence) throws(ModelError) -> Verdict {
        var verdict = Verdict(bundle, memory: evidence.memory)
        verdict.kind = .point
        checkHeader(bundle, &verdict)
        let leaves = checkEntries(bundle, &verdict)
        _ = try checkLedgers(bundle, leaves: leaves, evidence: evidence, &verdict)
        try checkWithdrawals(bundle, leaves: leaves, evidence: evidence, &verdict)
        checkCounts(&verdict)
        checkProofs(bundle, &verdict)
        return verdict
    }

    // MARK: Proofs

    private func checkProofs(_ bundle: PointBundle, _ verdict: inout Verdict) {
        guard Fault.isRemoved(.pointRevealedColumns) || bundle.revealed.map(\.attribute) == relation.revealedAttributes else {
            verdict.findings.append(
                Finding(.statement, "the bundle reveals other attributes than the policy demands", reason: "revealed-columns"))
            return
        }
        guard hasWidths(bundle) else {
            verdict.findings.append(
                Finding(.statement, "the proofs have not the form that the policy's statement gives", reason: "point-widths"))
            return
        }
        // One more than are counted tells that there are others.
        let failures = failures(bundle, limit: Self.failureLimit + 1)
        verdict.add(failures, limit: Self.failureLimit) { row in
            let entry = Int(bundle.positions[row])
            let ledger = bundle.header.ledgers[Int(bundle.entryLedgers[entry])].origin
            return Finding(
                .proof, "the proof of row \(row) about entry \(bundle.entryIndices[entry]) of \(ledger)/consents does not hold",
                ledger: ledger,
                entryIndex: bundle.entryIndices[entry], row: row, reason: "point-proof")
        }
    }

    private func hasWidths(_ bundle: PointBundle) -> Bool {
        let widths = bundle.ranges.map { ($0.commitments.rowByteCount, $0.proofs.rowByteCount) } ?? (0, 0)
        return (Fault.isRemoved(.pointSigmaWidth) || bundle.sigma.rowByteCount == relation.sigmaByteCount)
            && (Fault.isRemoved(.pointWidths)
                || widths == (relation.rangeCommitmentByteCount, relation.rangeProofByteCount))
    }

    /// Rows whose proofs do not hold, ascending: all of them, or at least `limit`.
    private func failures(_ bundle: PointBundle, limit: Int) -> [Int] {
        let sessions = bundle.header.ledgers.map { ledger in
            relation.session(holder: bundle.header.holder, context: bundle.header.context, origin: ledger.origin)
        }
        var failures: [Int] = []
        let count = bundle.header.dataPoints
        let size = equations.chunkRowCount
        for first in stride(from: 0, to: count, by: size) where failures.count < limit {
            let chunk = first..<min(first + size, count)
            if sessions.count == 1 {
                failures += equations.failures(bundle.columns(chunk), session: sessions[0], limit: limit).map { first + $0 }
                continue
            }
            // Rows of one ledger have one session.
            for (number, session) in sessions.enumerated() where failures.count < limit {
                let rows = chunk.filter { bundle.entryLedgers[Int(bundle.positions[$0])] == UInt64(number) }
                guard !rows.isEmpty else { continue }
                failures += equations.failures(bundle.columns(rows), session: session, limit: limit).map { rows[$0] }
            }
        }
        return failures.sorted()
    }
}

extension PointBundle {
    /// The columns of a range of rows.
    func columns(_ rows: Range<Int>) -> PointColumns {
        PointColumns(
            dataPoints: dataPoints.withSpan(of: rows) { span in span.withUnsafeBufferPointer { Array($0) } }, consents: consents(rows),
            revealed: values(rows), sigma: sigma.rows(rows),
            rangeCommitments: ranges.map { $0.commitments.rows(rows).bytes } ?? [],
            rangeProofs: ranges.map { $0.proofs.rows(rows).bytes } ?? [])
    }

    /// The columns of chosen rows.
    func columns(_ rows: [Int]) -> PointColumns {
        PointColumns(
            dataPoints: rows.flatMap { dataPoints[$0] }, consents: consents(rows), revealed: values(rows), sigma: sigma.chosen(rows),
            rangeCommitments: ranges.map { $0.commitments.chosen(rows).bytes } ?? [],
            rangeProofs: ranges.map { $0.proofs.chosen(rows).bytes } ?? [])
    }

    private func consents(_ rows: some Collection<Int>) -> [UInt8] {
        let start = Entry.consentRange.lowerBound
        return [UInt8](unsafeUninitializedCapacity: 32 * rows.count) { out, initialized in
            let out = UnsafeMutableRawBufferPointer(out)
            entries.withSpan { entries in
                entries.withUnsafeBytes { entries in
                    for (number, row) in rows.enumerated() {
                        let source = Int(positions[row]) * Bundle.entryByteCount + start
                        UnsafeMutableRawBufferPointer(rebasing: out[32 * number..<32 * number + 32])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: entries[source..<source + 32]))
                    }
                }
            }
            initialized = 32 * rows.count
        }
    }

    private func values(_ rows: some Collection<Int>) -> [[ConsentValue]] {
        revealed.map { column in rows.map { column[Int(positions[$0])] } }
    }
}

extension BytesColumn {
    /// The rows at these positions, copied.
    fileprivate func chosen(_ rows: [Int]) -> BytesColumn {
        BytesColumn(rows.flatMap { self[$0] }, rowByteCount: rowByteCount) ?? BytesColumn(bytes: [])
    }
}
