// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
private import FaultInjection
internal import MembershipProofs
internal import MerkleLog
internal import SigmaProofs
internal import Transcripts

/// Verifies unlinkable point proofs under one policy of the auditor (docs/protocol.md section 14): bundles of the kind `members`.
///
/// The set is made here, from the entries of the range, which are in the ledger, and the list of withdrawals that counts. The policy, the schema,
/// the generators and the constraints are the auditor's own. Timing: variable; everything here is public.
public struct MemberVerifier: BundleVerifier, Sendable {
    /// The auditor's policy.
    public let policy: Policy
    /// The relations of its statement.
    public let relation: PointRelation
    private let equations: MemberEquations

    /// Rows that are checked at a time.
    public static let chunkRowCount = 1_024

    /// Prepares the relations once for any number of bundles.
    ///
    /// - Parameter generators: the table of the policy's schema, if the caller has it already.
    /// - Throws: errors of the policy's statement under its schema; `proof-kind` when the policy cannot be served by unlinkable proofs.
    public init(policy: Policy, generators: GeneratorTable? = nil) throws(ModelError) {
        try policy.require(servableBy: .unlinkable)
        self.policy = policy
        relation = try PointRelation(policy.statement, generators: generators)
        equations = MemberEquations(relation)
    }

    /// Reads a bundle that must reveal exactly what the policy reveals.
    ///
    /// - Throws: structural errors, see ``MemberBundle``; `bundle-statement`.
    public func parse(_ bytes: [UInt8], file: String? = nil) throws(ModelError) -> MemberBundle {
        try reading(bytes, file: file) { () throws(ModelError) in
            try MemberBundle.parse(bytes, file: file, revealing: relation.revealedAttributes)
        }
    }

    /// Checks everything; all findings are collected, so that a report says what there is to mend.
    ///
    /// - Throws: when the auditor's own evidence cannot be used: a revocation list or withdrawal that does not verify.
    public func verify(_ bundle: MemberBundle, evidence: Evidence) throws(ModelError) -> Verdict {
        var verdict = Verdict(bundle, memory: evidence.memory)
        verdict.kind = .unlinkable
        verdict.distinctConsents = 0
        verdict.columnByteCount = bundle.dataPoints.byteCount + bundle.entries.byteCount
        checkHeader(bundle, &verdict)
        let hashes = bundle.entries.withSpan { try? LeafHash.hashes(ofEntries: $0, entryByteCount: Bundle.entryByteCount) }
        let leaves = EntryLeaves(hashes ?? [])
        guard let ledger = try checkLedger(bundle, leaves: leaves, evidence: evidence, &verdict) else { return verdict }
        let withdrawals = try withdrawn(bundle, leaves: leaves, evidence: evidence, verdict)
        let bySubjects = leaves.positions(of: withdrawals.counted.map { leaves.hashes[$0].node })
        var gone = Fault.isRemoved(.memberRevoked) ? [] : leaves.positions(of: ledger.revoked)
        if !Fault.isRemoved(.memberWithdrawn) { gone += bySubjects }
        let schemaID = policy.statement.schema.id
        guard let set = MemberSet(bundle.entries, schemaID: schemaID, withdrawn: gone),
            let parameters = set.parameters(relation.generators)
        else {
            verdict.findings.append(
                Finding(
                    .set, "no entry of the range is of the policy's schema and has not been withdrawn", ledger: bundle.header.ledger.origin,
                    reason: "set-empty"))
            return verdict
        }
        verdict.members = Verdict.MemberFacts(range: bundle.header.range, members: set.positions.count)
        verdict.ledgers[0].consents = set.positions.count
        countWithdrawnSince(
            leaves.positions(of: ledger.since) + leaves.positions(of: withdrawals.since.map { leaves.hashes[$0].node }), set, &verdict)
        let missing = Set(gone).subtracting(leaves.positions(of: ledger.own)).filter {
            bundle.entries[$0][Entry.schemaIDRange].elementsEqual(schemaID)
        }
        checkProofs(bundle, set.set.digest, parameters, withdrawnFromSet: missing, &verdict)
        return verdict
    }

    // MARK: The ledger

    /// The withdrawals of the accepted ledger.
    private struct Revocations {
        /// Those of the list that counts.
        let revoked: [NodeHash]
        /// Those of the bundle's own list, which the set of the prover was made with.
        let own: [NodeHash]
        /// Those that a newer list has beyond the one that counts.
        let since: [NodeHash]
    }

    /// The checks of the one ledger: checkpoints, inclusion of the whole range, its revocations and their age. `nil` unless the checkpoints were
    /// accepted.
    private func checkLedger(
        _ bundle: MemberBundle, leaves: EntryLeaves, evidence: Evidence, _ verdict: inout Verdict
    ) throws(ModelError) -> Revocations? {
        let elsewhere = try withdrawnElsewhere(bundle, evidence)
        let ledger = bundle.header.ledger
        let known = policy.acceptance.ledger(origin: ledger.origin)
        guard let trusted = Fault.isRemoved(.ledgerTrust) ? known ?? policy.acceptance.ledgers.first : known else {
            verdict.findings.append(
                Finding(.unknownLedger, "the policy does not trust the ledger \(ledger.origin)", ledger: ledger.origin))
            return nil
        }
        var check = LedgerCheck(trusted: trusted, policy: policy, evidence: evidence)
        let hashes = leaves.hashes
        let result = try bundle.entryIndices.withSpan { (indices) throws(ModelError) in
            try check.run(
                ledger, indices: indices, leaves: hashes.span, inclusion: bundle.inclusions[0].bytes, revocations: bundle.revocations[0],
                memory: &verdict.memory)
        }
        verdict.findings += check.findings
        guard let result else { return nil }
        verdict.ledgers.append(
            Verdict.LedgerFacts(
                origin: ledger.origin, consentsSize: result.consents.treeSize, consents: bundle.header.count, counted: result.counted,
                newest: result.newest))
        // The list that counts extends the bundle's, or is it.
        return Revocations(
            revoked: result.revoked + elsewhere.flatMap(\.revoked), own: Array(result.revoked.prefix(bundle.revocations[0].count)),
            since: Array(result.withdrawnSince) + elsewhere.flatMap(\.since))
    }

    private func countWithdrawnSince(_ positions: [Int], _ set: MemberSet, _ verdict: inout Verdict) {
        guard policy.acceptance.freshness == .asOf else { return }
        verdict.withdrawnSince = Verdict.WithdrawnSince(
            consents: Set(positions).intersection(set.positions).count, dataPoints: nil)
    }

    // MARK: Proofs

    /// - Parameter withdrawnFromSet: positions of entries that were in the set of the bundle's own list and are not in the auditor's.
    private func checkProofs(
        _ bundle: MemberBundle, _ set: [UInt8], _ parameters: MembershipParameters<Suite>, withdrawnFromSet: Set<Int>,
        _ verdict: inout Verdict
    ) {
        guard Fault.isRemoved(.memberRevealedColumns) || bundle.revealed.map(\.attribute) == relation.revealedAttributes else {
            verdict.findings.append(
                Finding(.statement, "the bundle reveals other attributes than the policy demands", reason: "revealed-columns"))
            return
        }
        guard hasPointWidths(bundle) else {
            verdict.findings.append(
                Finding(.statement, "the proofs have not the form that the policy's statement gives", reason: "member-widths"))
            return
        }
        let session = relation.session(bundle.header, set: set)
        let ledger = bundle.header.ledger.origin
        let range = "the entries \(Self.text(bundle.header.range)) of \(ledger)/consents"
        let hasMembershipWidth =
            Fault.isRemoved(.memberMembershipWidth) || bundle.membership.rowByteCount == parameters.proofByteCount
        guard withdrawnFromSet.isEmpty else {
            guard !hasMembershipWidth || !failures(bundle, session, parameters, limit: 1).isEmpty else { return }
            verdict.findings.append(
                Finding(
                    .set,
                    "of \(range) \(withdrawnFromSet.count) \(withdrawnFromSet.count == 1 ? "has" : "have") been withdrawn that the bundle's "
                        + "own list does not have, and the proofs do not hold for what is left; whether they held before was not looked at",
                    ledger: ledger, entryIndex: withdrawnFromSet.min().map { bundle.entryIndices[$0] }, reason: "set-changed"))
            return
        }
        guard hasMembershipWidth else {
            verdict.findings.append(
                Finding(.set, "the membership proofs have not the length that the set gives", ledger: ledger, reason: "member-widths"))
            return
        }
        // One more than are listed tells that there are others.
        verdict.add(failures(bundle, session, parameters, limit: Verdict.listLimit + 1), limit: Verdict.listLimit) { row in
            Finding(.proof, "the proof of row \(row) about \(range) does not hold", ledger: ledger, row: row, reason: "member-proof")
        }
    }

    /// A range of leaf indices, for people.
    static func text(_ range: Range<UInt64>) -> String { "\(range.lowerBound)..\(range.upperBound - 1)" }

    private func hasPointWidths(_ bundle: MemberBundle) -> Bool {
        let widths = bundle.ranges.map { ($0.commitments.rowByteCount, $0.proofs.rowByteCount) } ?? (0, 0)
        return (Fault.isRemoved(.memberSigmaWidth) || bundle.sigma.rowByteCount == relation.sigmaByteCount)
            && (Fault.isRemoved(.memberWidths) || widths == (relation.rangeCommitmentByteCount, relation.rangeProofByteCount))
    }

    /// Rows whose proofs do not hold, ascending: all of them, or at least `limit`.
    private func failures(
        _ bundle: MemberBundle, _ session: SessionID, _ parameters: MembershipParameters<Suite>, limit: Int
    ) -> [Int] {
        var failures: [Int] = []
        let count = bundle.header.dataPoints
        for start in stride(from: 0, to: count, by: Self.chunkRowCount) where failures.count < limit {
            let rows = start..<min(start + Self.chunkRowCount, count)
            failures += equations.failures(bundle.columns(rows), session: session, parameters, limit: limit).map { start + $0 }
        }
        return failures
    }
}

extension MemberBundle {
    /// The columns of a range of rows.
    package func columns(_ rows: Range<Int>) -> MemberColumns {
        MemberColumns(
            points: PointColumns(
                dataPoints: dataPoints.rows(rows).bytes, consents: elements.rows(rows).bytes,
                revealed: revealed.map { column in rows.map { column[$0] } }, sigma: sigma.rows(rows),
                rangeCommitments: ranges.map { $0.commitments.rows(rows).bytes } ?? [],
                rangeProofs: ranges.map { $0.proofs.rows(rows).bytes } ?? []),
            membership: membership.rows(rows).bytes)
    }
}
