// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentProver
public import ConsentVerifier
internal import Stores

extension BundleMaking {
    /// Makes point proofs of rows of a dataset, one for each.
    ///
    /// - Parameters:
    ///   - chosen: the rows to prove, by their numbers in the file of records, from 1; `nil` for all.
    /// - Throws: as ``make(dataset:records:context:now:advice:progress:)``; `row-unknown` for a number that no committed row has.
    public func makePoints(
        dataset name: String, records: RecordFile, rows chosen: Set<Int>? = nil, context: String, now: UInt64,
        progress: HoldingProgress.Handler = { _ in }
    ) throws -> MadeBundle {
        try proved(dataset: name, records: records, rows: chosen, context: context, now: now, progress).made
    }

    /// Makes a file for each of some rows of a dataset: all in one go.
    ///
    /// - Parameter chosen: their numbers in the file of records, from 1.
    /// - Returns: the files in ascending order of the rows, and the verdict on all.
    /// - Throws: as ``makePoints(dataset:records:rows:context:now:progress:)``.
    public func makePointFiles(
        dataset name: String, records: RecordFile, rows chosen: Set<Int>, context: String, now: UInt64,
        progress: HoldingProgress.Handler = { _ in }
    ) throws -> (files: [(row: Int, file: PointFile)], verdict: Verdict?) {
        let points = try proved(dataset: name, records: records, rows: chosen, context: context, now: now, progress)
        let bundle = points.bundle
        var files: [(row: Int, file: PointFile)] = []
        for (row, number) in points.numbers.enumerated() {
            let entry = Int(bundle.positions[row])
            let origin = bundle.header.ledgers[Int(bundle.entryLedgers[entry])].origin
            let hashes = try points.views.first { $0.origin == origin }?.inclusion([bundle.entryIndices[entry]]) ?? []
            let path = stride(from: 0, to: hashes.count, by: 32).map { Array(hashes[$0..<$0 + 32]) }
            files.append((number, PointFile(bundle, row: row, path: path, schema: policy.statement.schema)))
        }
        return (files.sorted { $0.row < $1.row }, points.made.verdict)
    }

    /// Point proofs that were made and judged.
    private struct ProvedPoints {
        let bundle: PointBundle
        let made: MadeBundle
        /// For each row of the bundle the number of its row in the file of records.
        let numbers: [Int]
        let views: [LedgerView]
    }

    private func proved(
        dataset name: String, records: RecordFile, rows chosen: Set<Int>?, context: String, now: UInt64, _ progress: HoldingProgress.Handler
    ) throws -> ProvedPoints {
        guard case .points(let verifier) = judge else { throw ModelError("proof-kind", "this maker makes proofs of another kind") }
        let dataset = try datasets.dataset(named: name)
        let views = try ledgers.map { try LedgerView($0, policy: verifier.policy) }
        var selection = try ReceiptSelection(receipts, ledgers: ledgers, schemas: policy.statements.schemas)
        let compared = try compare(dataset, records, chosen, progress)
        let numbers = compared.positions.map { $0.map { compared.numbers[$0] } } ?? compared.numbers
        var assembler = DatasetAssembler(
            points: verifier.relation.statement, ledgers: views, rows: numbers.count, receipts: selection.total)
        _ = try add(dataset, compared, to: &assembler, progress)
        for refusal in compared.altered { assembler.refuse(refusal) }
        try add(&selection, to: &assembler, progress)
        progress(HoldingProgress(stage: .ledgers, done: 0, total: 0))
        do {
            let assembled = try assembler.finishPoints(
                holder: try Manifest(parsing: dataset.manifest).holder, context: context, consent: { try selection.consent($0) })
            guard chosen != nil || compared.comparison.uncommitted.isEmpty else {
                throw HoldingError.uncommitted(compared.comparison.uncommitted)
            }
            progress(HoldingProgress(stage: .proving, done: 0, total: 0))
            let bundle = try PointProver(verifier.relation).prove(assembled.draft, witness: assembled.witness)
            let made = try judged(BundleWriter.encode(bundle), now: now, progress)
            if let findings = made.verdict?.findings, !findings.isEmpty { throw HoldingError.findings(findings) }
            return ProvedPoints(bundle: bundle, made: made, numbers: numbers, views: views)
        } catch ProverFailure.rows(let refusals) {
            throw HoldingError.rows(try compared.comparison.named(refusals).sorted { $0.sourceRow < $1.sourceRow })
        }
    }
}
