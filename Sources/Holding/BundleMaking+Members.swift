// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentProver
internal import ConsentVerifier
internal import Stores

extension BundleMaking {
    /// Makes unlinkable point proofs of rows of a dataset, one for each.
    ///
    /// - Parameters:
    ///   - chosen: the rows to prove, by their numbers in the file of records, from 1; `nil` for all.
    ///   - range: leaf indices of the consents log, the set that the proofs are about; `nil` for the whole ledger, as far as the policy lets it count.
    /// - Throws: as ``makePoints(dataset:records:rows:context:now:progress:)``; `member-ledger`, `range-size`, `range-beyond`, `range-needed`.
    public func makeMembers(
        dataset name: String, records: RecordFile, rows chosen: Set<Int>? = nil, range: Range<UInt64>? = nil, context: String, now: UInt64,
        progress: HoldingProgress.Handler = { _ in }
    ) throws -> MadeBundle {
        guard case .members(let verifier) = judge else { throw ModelError("proof-kind", "this maker does not make unlinkable proofs") }
        guard ledgers.count == 1, let ledger = ledgers.first else {
            throw ModelError(
                "member-ledger", "unlinkable proofs are about a range of one ledger, and \(ledgers.count) are given",
                hint: "give one --ledger, and prove the rows of each ledger in a file of their own")
        }
        let view = try LedgerView(ledger, policy: policy)
        let dataset = try datasets.dataset(named: name)
        let compared = try compare(dataset, records, chosen, progress)
        let count = compared.positions?.count ?? dataset.count
        let statement = verifier.relation.statement
        var selection = try ReceiptSelection(receipts, ledgers: ledgers, schemas: [statement.schema])

        /// Shows rows and receipts to an assembler.
        func fill(_ assembler: inout DatasetAssembler) throws {
            _ = try add(dataset, compared, to: &assembler, progress)
            for refusal in compared.altered { assembler.refuse(refusal) }
            try add(&selection, to: &assembler, progress)
        }

        do {
            guard let range = try checked(range, view) else {
                var assembler = DatasetAssembler(points: statement, ledgers: [view], rows: count, receipts: selection.total)
                try fill(&assembler)
                let draft = try assembler.finishPoints(holder: "", context: context, consent: { try selection.consent($0) }).draft
                throw Self.rangeNeeded(draft.positions.map { draft.entryIndices[Int($0)] }, view)
            }
            var assembler = DatasetAssembler(members: statement, ledger: view, range: range, rows: count, receipts: selection.total)
            try fill(&assembler)
            progress(HoldingProgress(stage: .ledgers, done: 0, total: 0))
            let assembled = try assembler.finishMembers(
                holder: try Manifest(parsing: dataset.manifest).holder, context: context,
                entries: { try Array(ledger.leaves(.consents, Int($0.lowerBound)..<Int($0.upperBound)).joined()) },
                consent: { try selection.consent($0) })
            guard chosen != nil || compared.comparison.uncommitted.isEmpty else {
                throw HoldingError.uncommitted(compared.comparison.uncommitted)
            }
            let draft = assembled.draft
            let bundle = try MemberProver(verifier.relation).prove(draft, witness: assembled.takeWitness()) {
                progress(HoldingProgress(stage: .proving, done: $0, total: count))
            }
            let made = try judged(BundleWriter.encode(bundle), now: now, progress)
            if let findings = made.verdict?.findings, !findings.isEmpty { throw HoldingError.findings(findings) }
            return made
        } catch ProverFailure.rows(let refusals) {
            throw HoldingError.rows(try compared.comparison.named(refusals).sorted { $0.sourceRow < $1.sourceRow })
        }
    }

    /// The range that was asked for, or all that counts of the ledger; `nil` when that is too much.
    private func checked(_ range: Range<UInt64>?, _ view: LedgerView) throws(ModelError) -> Range<UInt64>? {
        let size = min(view.consents.size, view.loggedSize ?? .max)
        let limit = UInt64(MemberHeader.rangeLimit)
        guard let range else {
            guard size > 0 else {
                throw ModelError(
                    "range-beyond", "no consent of \(view.origin) can count",
                    hint: view.consents.size == 0
                        ? "its latest checkpoint covers none: the issuer makes one with zkconsent ledger checkpoint"
                        : "compare the policy's logged_by with the ledger")
            }
            return size <= limit ? 0..<size : nil
        }
        guard UInt64(range.count) <= limit else {
            throw ModelError("range-size", "a range of \(range.count) entries is too long: a set has at most \(limit)")
        }
        guard range.upperBound <= size else {
            let what = size < view.consents.size ? "that were logged by the policy's day" : "under the latest checkpoint"
            throw ModelError(
                "range-beyond", "\(view.origin) has only \(size) consents \(what)",
                hint: size == 0 ? nil : "the last one is \(size - 1): --range 0..\(size - 1)")
        }
        return range
    }

    /// Names the aligned ranges in which the consents of the rows are.
    private static func rangeNeeded(_ indices: [UInt64], _ view: LedgerView) -> ModelError {
        let limit = UInt64(MemberHeader.rangeLimit)
        var rows: [UInt64: Int] = [:]
        for index in indices { rows[index / limit, default: 0] += 1 }
        let size = min(view.consents.size, view.loggedSize ?? .max)
        let ranges = rows.keys.sorted().map { block in
            "\(block * limit)..\(min(size, (block + 1) * limit) - 1) (\(rows[block] ?? 0) row\(rows[block] == 1 ? "" : "s"))"
        }
        let shown = ranges.prefix(8).joined(separator: ", ") + (ranges.count > 8 ? " and \(ranges.count - 8) more" : "")
        return ModelError(
            "range-needed", "\(view.origin) has \(size) consents, and a set has at most \(limit)",
            hint: ranges.count == 1
                ? "choose the entries to hide among; these would do: --range \(shown.prefix { $0 != " " })"
                : "choose the entries to hide among, in a file for each range, with --range and --row; the consents are in \(shown)")
    }
}
