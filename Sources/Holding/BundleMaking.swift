// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentProver
public import ConsentVerifier
internal import Groups
internal import MerkleLog
internal import Secrets
public import Stores

/// A bundle that was made, and what the policy says of it.
public struct MadeBundle: Sendable {
    /// The file.
    public let bytes: [UInt8]
    /// The verdict of the maker's own verification; `nil` only from a dishonest maker.
    public let verdict: Verdict?
}

/// Makes the bundle of a committed dataset for one policy, and refuses to hand out what that policy would refuse.
public struct BundleMaking {
    private let verifier: DatasetVerifier
    private let datasets: DatasetStore
    private let receipts: [ReceiptStore]
    private let ledgers: [LedgerStore]
    private let isDishonest: Bool

    /// A maker of bundles.
    ///
    /// - Parameter ledgers: distinct ledgers, open for reading.
    /// - Throws: `ledger-twice`, or errors of the policy's statement.
    public init(policy: Policy, datasets: DatasetStore, receipts: [ReceiptStore], ledgers: [LedgerStore]) throws(ModelError) {
        try self.init(policy: policy, datasets: datasets, receipts: receipts, ledgers: ledgers, isDishonest: false)
    }

    /// A dishonest holder for demonstrations and tests: it skips every check of its own, assigns any consent to a row without one, and hands out whatever
    /// comes out.
    package init(
        dishonestly policy: Policy, datasets: DatasetStore, receipts: [ReceiptStore], ledgers: [LedgerStore]
    ) throws(ModelError) {
        try self.init(policy: policy, datasets: datasets, receipts: receipts, ledgers: ledgers, isDishonest: true)
    }

    private init(
        policy: Policy, datasets: DatasetStore, receipts: [ReceiptStore], ledgers: [LedgerStore], isDishonest: Bool
    ) throws(ModelError) {
        verifier = try DatasetVerifier(policy: policy)
        self.datasets = datasets
        self.receipts = receipts
        self.ledgers = ledgers.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.isDishonest = isDishonest
        for (before, after) in zip(self.ledgers, self.ledgers.dropFirst()) where before.name == after.name {
            throw ModelError("ledger-twice", "the ledger \(after.name) is given twice", file: after.path, hint: "name each ledger once")
        }
    }

    // MARK: Making

    /// Makes the bundle of a dataset.
    ///
    /// - Parameters:
    ///   - name: The dataset.
    ///   - records: The records as they are now; each is compared with what was committed.
    ///   - context: What the bundle is made for.
    ///   - now: Seconds since 1970, to judge freshness.
    ///   - advice: Whether the bundle gets decoding advice: 64 bytes more a row, and faster to verify.
    /// - Throws: ``HoldingError`` when a row cannot be proved or the policy refuses the bundle; `ModelError`, `StoreError` or `ProverFailure`.
    public func make(
        dataset name: String, records: RecordFile, context: String, now: UInt64, advice: Bool = false,
        progress: HoldingProgress.Handler = { _ in }
    ) throws -> MadeBundle {
        let dataset = try datasets.dataset(named: name)
        let manifest = try Manifest(parsing: dataset.manifest)
        let evidence = try BundleHeader.ManifestEvidence(dataset.manifest, in: ledgers)
        var views: [LedgerView] = []
        for ledger in ledgers { views.append(try LedgerView(ledger, policy: verifier.policy)) }
        var selection = try ReceiptSelection(receipts, ledgers: ledgers, schema: verifier.statement.statement.schema)
        var assembler = DatasetAssembler(
            statement: verifier.statement, ledgers: views, rows: dataset.count, receipts: selection.total, dishonestly: isDishonest)
        let committed = try add(dataset, to: &assembler, progress)
        let comparison = try RecordComparison(records, dataset: dataset, committed: committed, progress)
        if let numbers = comparison.numbers { assembler.renumber(numbers) }
        if !isDishonest { for refusal in comparison.altered { assembler.refuse(refusal) } }
        try selection.add(to: &assembler, progress)
        if selection.skipped > 0, selection.skipped == selection.total {
            throw ModelError(
                "receipts-elsewhere", "all \(selection.skipped) receipts are of other ledgers or of another schema than the policy's",
                hint: "name the ledger of the receipts with --ledger, and check the policy's schema")
        }
        progress(HoldingProgress(stage: .ledgers, done: 0, total: 0))
        do {
            let assembled = try assembler.finish(
                manifest: evidence, manifestRoot: manifest.root.bytes, holder: manifest.holder, context: context,
                consent: { try selection.consent($0) })
            guard isDishonest || comparison.uncommitted.isEmpty else { throw HoldingError.uncommitted(comparison.uncommitted) }
            progress(HoldingProgress(stage: .proving, done: 0, total: 0))
            let prover = isDishonest ? DatasetProver(dishonestly: verifier.statement) : DatasetProver(checkedByCaller: verifier.statement)
            let bundle = try prover.prove(assembled.draft, witness: assembled.witness)
            let made = try judged(BundleWriter.encode(advice ? try bundle.advised() : bundle), now: now, progress)
            if let findings = made.verdict?.findings, !findings.isEmpty {
                if findings.contains(where: { $0.code == .proof }) {
                    let refusals = prover.refusals(assembled.draft, witness: assembled.witness)
                    guard refusals.isEmpty else { throw ProverFailure.rows(refusals) }
                    throw ProverFailure.selfCheck(findings.map(\.reason).joined(separator: "; "))
                }
                throw HoldingError.findings(findings)
            }
            return made
        } catch ProverFailure.rows(let refusals) {
            throw HoldingError.rows(try comparison.named(refusals).sorted { $0.sourceRow < $1.sourceRow })
        }
    }

    /// The maker judges its bundle as the auditor will.
    private func judged(_ bytes: [UInt8], now: UInt64, _ progress: HoldingProgress.Handler) throws -> MadeBundle {
        guard !isDishonest else { return MadeBundle(bytes: bytes, verdict: nil) }
        progress(HoldingProgress(stage: .verifying, done: 0, total: 0))
        return MadeBundle(bytes: bytes, verdict: try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: now)))
    }

    // MARK: Rows

    /// Shows the rows of a dataset to an assembler.
    private func add(
        _ dataset: Dataset, to assembler: inout DatasetAssembler, _ progress: HoldingProgress.Handler
    ) throws -> CommittedRecords {
        var committed = CommittedRecords(count: dataset.count)
        try datasets.forEachPage(of: dataset.name) { page in
            try page.withScalars(.record) { records in
                try page.withScalars(.subject) { subjects in
                    try page.withScalars(.blinding) { blindings in
                        try assembler.addRows(
                            sourceRows: page.sourceRows, dataPoints: page.commitments, records: records, subjects: subjects,
                            hasSubjects: dataset.subjectColumn != nil, blindings: blindings)
                    }
                }
            }
            page.withDigests { committed.append($0, sourceRows: page.sourceRows) }
            if page.first / DatasetCommit.batchSize < (page.first + page.count) / DatasetCommit.batchSize {
                progress(HoldingProgress(stage: .rows, done: page.first + page.count, total: dataset.count))
            }
        }
        return committed
    }
}

extension Array where Element == UInt8 {
    /// The bytes of a span.
    init(copying span: Span<UInt8>) {
        self = span.withUnsafeBufferPointer { Array($0) }
    }
}
