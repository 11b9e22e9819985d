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
    let policy: Policy
    let judge: Judge
    let datasets: DatasetStore
    let receipts: [ReceiptStore]
    let ledgers: [LedgerStore]
    private let isDishonest: Bool

    /// Who judges what was made, as the auditor will.
    enum Judge {
        case dataset(DatasetVerifier)
        case points(PointVerifier)
        case members(MemberVerifier)
    }

    /// A maker of bundles.
    ///
    /// - Parameters:
    ///   - ledgers: distinct ledgers, open for reading.
    ///   - kind: what is made: one proof of a dataset, point proofs, or unlinkable ones.
    /// - Throws: `ledger-twice`, `proof-kind` when proofs of this kind cannot serve the policy, or errors of its statement.
    public init(
        policy: Policy, datasets: DatasetStore, receipts: [ReceiptStore], ledgers: [LedgerStore], kind: Statement.ProofKind = .dataset
    ) throws(ModelError) {
        try self.init(policy: policy, datasets: datasets, receipts: receipts, ledgers: ledgers, kind: kind, isDishonest: false)
    }

    /// A dishonest holder for demonstrations and tests: it skips every check of its own, assigns any consent to a row without one, and hands out whatever
    /// comes out.
    package init(
        dishonestly policy: Policy, datasets: DatasetStore, receipts: [ReceiptStore], ledgers: [LedgerStore]
    ) throws(ModelError) {
        try self.init(policy: policy, datasets: datasets, receipts: receipts, ledgers: ledgers, kind: .dataset, isDishonest: true)
    }

    private init(
        policy: Policy, datasets: DatasetStore, receipts: [ReceiptStore], ledgers: [LedgerStore], kind: Statement.ProofKind,
        isDishonest: Bool
    ) throws(ModelError) {
        self.policy = policy
        switch kind {
        case .dataset: judge = .dataset(try DatasetVerifier(policy: policy))
        case .point: judge = .points(try PointVerifier(policy: policy))
        case .unlinkable: judge = .members(try MemberVerifier(policy: policy))
        }
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
        guard case .dataset(let verifier) = judge else { throw ModelError("proof-kind", "this maker makes point proofs") }
        let dataset = try datasets.dataset(named: name)
        let manifest = try Manifest(parsing: dataset.manifest)
        let evidence = try BundleHeader.ManifestEvidence(dataset.manifest, in: ledgers)
        var views: [LedgerView] = []
        for ledger in ledgers { views.append(try LedgerView(ledger, policy: verifier.policy)) }
        var selection = try ReceiptSelection(receipts, ledgers: ledgers, schemas: policy.statements.schemas)
        var assembler = DatasetAssembler(
            statement: verifier.statement, ledgers: views, rows: dataset.count, receipts: selection.total, dishonestly: isDishonest)
        let committed = try add(dataset, nil, to: &assembler, progress)
        let comparison = try RecordComparison(records, dataset: dataset, committed: committed, progress)
        if let numbers = comparison.numbers { assembler.renumber(numbers) }
        if !isDishonest { for refusal in comparison.altered { assembler.refuse(refusal) } }
        try add(&selection, to: &assembler, progress)
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

    /// Shows all receipts to an assembler that has all rows.
    func add(
        _ selection: inout ReceiptSelection, to assembler: inout DatasetAssembler, _ progress: HoldingProgress.Handler
    ) throws {
        try selection.add(to: &assembler, progress)
        if selection.skipped > 0, selection.skipped == selection.total {
            throw ModelError(
                "receipts-elsewhere", "all \(selection.skipped) receipts are of other ledgers or of other schemas than the policy's",
                hint: "name the ledger of the receipts with --ledger, and check the policy's schema")
        }
    }

    /// The maker judges its bundle as the auditor will.
    func judged(_ bytes: [UInt8], now: UInt64, _ progress: HoldingProgress.Handler) throws -> MadeBundle {
        guard !isDishonest else { return MadeBundle(bytes: bytes, verdict: nil) }
        progress(HoldingProgress(stage: .verifying, done: 0, total: 0))
        let verdict =
            switch judge {
            case .dataset(let verifier): try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: now))
            case .points(let verifier): try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: now))
            case .members(let verifier): try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: now))
            }
        return MadeBundle(bytes: bytes, verdict: verdict)
    }

    // MARK: Rows

    /// The committed rows that are proved, compared with the records.
    struct ComparedRows {
        let comparison: RecordComparison
        /// For each position of the dataset the number of its row in the file now.
        let numbers: [Int]
        /// The positions that are proved, ascending; `nil` for all.
        let positions: [Int]?

        /// Refusals of the rows among them that were altered.
        var altered: [RowRefusal] {
            guard let positions else { return comparison.altered }
            let proved = Set(positions)
            return comparison.altered.filter { proved.contains($0.row) }
        }
    }

    /// Compares a dataset with the records, and finds the rows with the chosen numbers in the file.
    ///
    /// - Throws: `row-unknown`.
    func compare(
        _ dataset: Dataset, _ records: RecordFile, _ chosen: Set<Int>?, _ progress: HoldingProgress.Handler
    ) throws -> ComparedRows {
        var committed = CommittedRecords(count: dataset.count)
        try datasets.forEachPage(of: dataset.name) { page in
            page.withDigests { committed.append($0, sourceRows: page.sourceRows) }
        }
        let comparison = try RecordComparison(records, dataset: dataset, committed: committed, progress)
        let numbers = comparison.numbers ?? committed.sourceRows
        guard let chosen else { return ComparedRows(comparison: comparison, numbers: numbers, positions: nil) }
        let positions = numbers.indices.filter { chosen.contains(numbers[$0]) }
        if let missing = chosen.subtracting(positions.map { numbers[$0] }).min() {
            throw ModelError("row-unknown", "no committed row is row \(missing) of the file", hint: "the first row of data is row 1")
        }
        return ComparedRows(comparison: comparison, numbers: numbers, positions: positions)
    }

    /// Shows the rows of a dataset to an assembler.
    ///
    /// - Parameter compared: which rows, and their numbers now; `nil` for all as they were committed.
    /// - Returns: what was committed of all rows.
    func add(
        _ dataset: Dataset, _ compared: ComparedRows?, to assembler: inout DatasetAssembler, _ progress: HoldingProgress.Handler
    ) throws -> CommittedRecords {
        var committed = CommittedRecords(count: dataset.count)
        let width = OpeningPageLayout.scalarWords
        var positions = compared?.positions?[...]
        try datasets.forEachPage(of: dataset.name) { page in
            // Runs of slots that are proved: the whole page, or the chosen ones of it one by one.
            var runs = [0..<page.count]
            if let chosen = positions {
                let here = chosen.prefix { $0 < page.first + page.count }
                positions = chosen.dropFirst(here.count)
                runs = here.map { $0 - page.first..<$0 - page.first + 1 }
            }
            for run in runs {
                let words = width * run.lowerBound..<width * run.upperBound
                let numbers = run.map { compared?.numbers[page.first + $0] ?? page.sourceRows[$0] }
                try page.withScalars(.record) { records in
                    try page.withScalars(.subject) { subjects in
                        try page.withScalars(.blinding) { blindings in
                            try assembler.addRows(
                                sourceRows: numbers, dataPoints: Array(page.commitments[32 * run.lowerBound..<32 * run.upperBound]),
                                records: records.extracting(words), subjects: subjects.extracting(words),
                                hasSubjects: dataset.subjectColumn != nil, blindings: blindings.extracting(words))
                        }
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
