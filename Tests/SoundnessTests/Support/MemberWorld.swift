// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups

extension TestWorld {
    /// Proves every row unlinkably about a range of the first ledger; `edit` changes the columns before the proofs are made.
    func proveMembers(
        _ clauses: PointClauses = .linear, range: Range<UInt64>? = nil, dishonestly: Bool = false, view: LedgerView? = nil,
        edit: (inout MemberDraft) throws -> Void = { _ in }
    ) throws -> MemberBundle {
        let relation = try relation(clauses)
        let assembled = try assembleMembers(clauses, range: range, dishonestly: dishonestly, view: view)
        var draft = assembled.draft
        try edit(&draft)
        let prover = dishonestly ? MemberProver(dishonestly: relation) : MemberProver(relation)
        return try prover.prove(draft, witness: assembled.takeWitness())
    }

    func assembleMembers(
        _ clauses: PointClauses = .linear, range: Range<UInt64>? = nil, dishonestly: Bool = false, view: LedgerView? = nil
    ) throws -> DatasetAssembler.AssembledMembers {
        let leaves = ledgers[0].consents.leaves
        let range = range ?? 0..<UInt64(leaves.count)
        var assembler = DatasetAssembler(
            members: try relation(clauses).statement, ledger: try view ?? ledgers[0].view(), range: range, rows: rows.count,
            receipts: receipts.count, dishonestly: dishonestly)
        try fill(&assembler)
        return try assembler.finishMembers(
            holder: holder, context: context, entries: { range in range.flatMap { leaves[Int($0)] } })
    }

    func verify(
        _ bundle: MemberBundle, _ clauses: PointClauses = .linear, policy: Policy? = nil, evidence: Evidence = Evidence(now: now)
    ) throws -> Verdict {
        try MemberVerifier(policy: try policy ?? self.policy(clauses), generators: kit.generators).verify(bundle, evidence: evidence)
    }

    /// The reasons of a verdict, in order; empty if the bundle holds.
    func reasons(
        _ bundle: MemberBundle, _ clauses: PointClauses = .linear, policy: Policy? = nil, evidence: Evidence = Evidence(now: now)
    ) throws -> [String] {
        try verify(bundle, clauses, policy: policy, evidence: evidence).findings.map(\.reason)
    }
}

/// The parts of a bundle of unlinkable point proofs, to be changed and put together again.
struct MemberParts {
    var header: MemberHeader
    var entries: [[UInt8]]
    var dataPoints: [[UInt8]]
    var elements: [[UInt8]]
    var inclusion: [UInt8]
    var revocations: [UInt8]
    var revealed: [RevealedColumn]
    var sigma: [[UInt8]]
    var rangeCommitments: [[UInt8]]
    var rangeProofs: [[UInt8]]
    var membership: [[UInt8]]

    init(_ bundle: MemberBundle) {
        func rows(_ column: BytesColumn?) -> [[UInt8]] { column.map { column in (0..<column.count).map { column[$0] } } ?? [] }
        header = bundle.header
        entries = rows(bundle.entries)
        dataPoints = rows(bundle.dataPoints)
        elements = rows(bundle.elements)
        inclusion = bundle.inclusions[0].bytes
        revocations = bundle.revocations[0].bytes
        revealed = bundle.revealed
        sigma = rows(bundle.sigma)
        rangeCommitments = rows(bundle.ranges?.commitments)
        rangeProofs = rows(bundle.ranges?.proofs)
        membership = rows(bundle.membership)
    }

    func bundle() throws -> MemberBundle {
        func column(_ rows: [[UInt8]]) -> BytesColumn { bytesColumn(rows.flatMap { $0 }, rows.first?.count ?? 1) }
        var header = header
        header.dataPoints = dataPoints.count
        header.count = entries.count
        return try MemberBundle(
            header: header, entries: bytesColumn(entries.flatMap { $0 }, Bundle.entryByteCount), dataPoints: column(dataPoints),
            elements: column(elements), inclusion: bytesColumn(inclusion, 32),
            revocations: bytesColumn(revocations, Bundle.revocationByteCount), revealed: revealed, sigma: column(sigma),
            ranges: rangeProofs.isEmpty ? nil : .init(commitments: column(rangeCommitments), proofs: column(rangeProofs)),
            membership: column(membership))
    }
}
