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
    private let policy: Policy
    private let judge: Judge
    private let datasets: DatasetStore
    private let receipts: [ReceiptStore]
    private let ledgers: [LedgerStore]
    private let isDishonest: Bool

    /// Who judges what was made, as the auditor will.
    private enum Judge {
        case dataset(DatasetVerifier)
        case points(PointVerifier)
    }

    /// A maker of bundles.
    ///
    /// - Parameters:
    ///   - ledgers: distinct ledgers, open for reading.
    ///   - kind: what is made: one proof of a dataset, or point proofs.
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
        judge = kind == .dataset ? .dataset(try DatasetVerifier(policy: policy)) : .points(try PointVerifier(policy: policy))
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
        let rows = try readRows(of: dataset, records: records, progress)
        let selection = try selection(for: rows, progress)
        var assembler = DatasetAssembler(
            statement: verifier.statement, ledgers: views, rows: dataset.count, receipts: selection.count, dishonestly: isDishonest)
        try selection.add(receipts, to: &assembler, progress)
        try add(rows, to: &assembler, progress)
        progress(HoldingProgress(stage: .ledgers, done: 0, total: 0))
        do {
            let assembled = try assembler.finish(
                manifest: evidence, manifestRoot: manifest.root.bytes, holder: manifest.holder, context: context)
            guard isDishonest || rows.uncommitted.isEmpty else { throw HoldingError.uncommitted(rows.uncommitted) }
            progress(HoldingProgress(stage: .proving, done: 0, total: 0))
            let prover = isDishonest ? DatasetProver(dishonestly: verifier.statement) : DatasetProver(statement: verifier.statement)
            let bundle = try prover.prove(assembled.draft, witness: assembled.witness)
            return try judged(BundleWriter.encode(advice ? try bundle.advised() : bundle), now: now, progress)
        } catch ProverFailure.rows(let refusals) {
            throw HoldingError.rows(refusals.map { rows.named($0) }.sorted { $0.sourceRow < $1.sourceRow })
        }
    }

    /// Makes point proofs of rows of a dataset, one for each.
    ///
    /// - Parameters:
    ///   - chosen: the rows to prove, by their numbers in the file of records, from 1; `nil` for all.
    /// - Throws: as ``make(dataset:records:context:now:advice:progress:)``; `row-unknown` for a number that no committed row has.
    public func makePoints(
        dataset name: String, records: RecordFile, rows chosen: Set<Int>? = nil, context: String, now: UInt64,
        progress: HoldingProgress.Handler = { _ in }
    ) throws -> MadeBundle {
        guard case .points(let verifier) = judge else { throw ModelError("proof-kind", "this maker makes dataset proofs") }
        let dataset = try datasets.dataset(named: name)
        var views: [LedgerView] = []
        for ledger in ledgers { views.append(try LedgerView(ledger, policy: verifier.policy)) }
        var rows = try readRows(of: dataset, records: records, progress)
        if let chosen { try rows.choose(chosen) }
        let selection = try selection(for: rows, progress)
        var assembler = DatasetAssembler(
            points: verifier.relation.statement, ledgers: views, rows: rows.count, receipts: selection.count)
        try selection.add(receipts, to: &assembler, progress)
        try add(rows, to: &assembler, progress)
        progress(HoldingProgress(stage: .ledgers, done: 0, total: 0))
        do {
            let assembled = try assembler.finishPoints(holder: try Manifest(parsing: dataset.manifest).holder, context: context)
            guard chosen != nil || rows.uncommitted.isEmpty else { throw HoldingError.uncommitted(rows.uncommitted) }
            progress(HoldingProgress(stage: .proving, done: 0, total: 0))
            let bundle = try PointProver(verifier.relation).prove(assembled.draft, witness: assembled.witness)
            return try judged(BundleWriter.encode(bundle), now: now, progress)
        } catch ProverFailure.rows(let refusals) {
            throw HoldingError.rows(refusals.map { rows.named($0) }.sorted { $0.sourceRow < $1.sourceRow })
        }
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
        guard case .points(let verifier) = judge else { throw ModelError("proof-kind", "this maker makes dataset proofs") }
        let made = try makePoints(dataset: name, records: records, rows: chosen, context: context, now: now, progress: progress)
        let bundle = try verifier.parse(made.bytes)
        // Rows of the bundle are in the order of their positions in the dataset, as the file's numbers say.
        let rows = try readRows(of: try datasets.dataset(named: name), records: records) { _ in }
        let numbers = rows.numbers.filter { chosen.contains($0) }
        guard numbers.count == bundle.header.dataPoints else {
            throw ModelError("file-changed", "the records changed while they were proved", hint: "try again when nothing writes to them")
        }
        let views = try Dictionary(
            uniqueKeysWithValues: ledgers.map { ($0.name, try LedgerView($0, policy: policy)) })
        var files: [(row: Int, file: PointFile)] = []
        for (row, number) in numbers.enumerated() {
            let entry = Int(bundle.positions[row])
            let origin = bundle.header.ledgers[Int(bundle.entryLedgers[entry])].origin
            let hashes = try views[origin]?.inclusion([bundle.entryIndices[entry]]) ?? []
            let path = stride(from: 0, to: hashes.count, by: 32).map { Array(hashes[$0..<$0 + 32]) }
            files.append((number, PointFile(bundle, row: row, path: path, schema: policy.statement.schema)))
        }
        return (files.sorted { $0.row < $1.row }, made.verdict)
    }

    /// The receipts that some row can use.
    private func selection(for rows: Rows, _ progress: HoldingProgress.Handler) throws -> ReceiptSelection {
        let selection = try ReceiptSelection(
            receipts, ledgers: ledgers, statement: policy.statement, wanted: isDishonest ? nil : rows.linkKeys, progress)
        if selection.count == 0, selection.skipped > 0 {
            throw ModelError(
                "receipts-elsewhere", "all \(selection.skipped) receipts are of other ledgers or of another schema than the policy's",
                hint: "name the ledger of the receipts with --ledger, and check the policy's schema")
        }
        return selection
    }

    /// The maker judges its bundle as the auditor will.
    private func judged(_ bytes: [UInt8], now: UInt64, _ progress: HoldingProgress.Handler) throws -> MadeBundle {
        guard !isDishonest else { return MadeBundle(bytes: bytes, verdict: nil) }
        progress(HoldingProgress(stage: .verifying, done: 0, total: 0))
        let verdict =
            switch judge {
            case .dataset(let verifier): try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: now))
            case .points(let verifier): try verifier.verify(try verifier.parse(bytes), evidence: Evidence(now: now))
            }
        guard verdict.holds else { throw HoldingError.findings(verdict.findings) }
        return MadeBundle(bytes: bytes, verdict: verdict)
    }

    // MARK: Rows

    /// The committed rows, compared with the records.
    private struct Rows {
        let dataset: Dataset
        /// For each position the number of the row in the file now, or as it was committed if it is not there any more.
        var numbers: [Int] = []
        /// Refusals of the rows that were altered.
        var altered: [RowRefusal] = []
        /// Rows of the file that were never committed.
        var uncommitted: [Int] = []
        /// What a consent for some row has in its linked attributes.
        var linkKeys: Set<[UInt8]> = []
        /// The file, for the keys of rows.
        var comparison: RecordComparison
        /// The positions that are proved; `nil` for all.
        var chosen: Set<Int>?

        /// The number of rows that are proved.
        var count: Int { chosen?.count ?? dataset.count }

        /// Proves only the rows with these numbers in the file.
        ///
        /// - Throws: `row-unknown`.
        mutating func choose(_ wanted: Set<Int>) throws(ModelError) {
            let positions = Set(numbers.indices.filter { wanted.contains(numbers[$0]) })
            if let missing = wanted.subtracting(positions.map { numbers[$0] }).min() {
                throw ModelError("row-unknown", "no committed row is row \(missing) of the file", hint: "the first row of data is row 1")
            }
            chosen = positions
            altered = altered.filter { positions.contains($0.row) }
        }

        /// The refusal with the row's key beside its number.
        func named(_ refusal: RowRefusal) -> RowRefusal {
            let number = "row \(refusal.sourceRow) "
            guard refusal.message.hasPrefix(number + "cannot") else { return refusal }
            return RowRefusal(
                refusal.code, row: refusal.row, sourceRow: refusal.sourceRow,
                comparison.name(refusal.sourceRow) + " " + refusal.message.dropFirst(number.count))
        }
    }

    private func readRows(of dataset: Dataset, records: RecordFile, _ progress: HoldingProgress.Handler) throws -> Rows {
        var rows = Rows(dataset: dataset, comparison: try RecordComparison(records, dataset: dataset, progress))
        let links = policy.statement.links
        try datasets.forEachRow(of: dataset.name) { row in
            let digest = row.withRecord { Array(copying: $0) }
            let subject = row.withSubject { Array(copying: $0) }
            rows.linkKeys.insert(links.flatMap { $0 == .record ? digest : subject })
            let number = rows.comparison.match(digest)
            rows.numbers.append(number ?? row.sourceRow)
            if number == nil {
                let what = row.sourceRow > rows.comparison.count ? "is not in the file any more" : "differs from what was committed"
                rows.altered.append(
                    RowRefusal(.altered, row: row.position, sourceRow: row.sourceRow, "\(rows.comparison.name(row.sourceRow)) \(what)"))
            }
            if row.position % DatasetCommit.batchSize == 0 {
                progress(HoldingProgress(stage: .rows, done: row.position / 2, total: dataset.count))
            }
        }
        rows.uncommitted = rows.comparison.uncommitted
        return rows
    }

    private func add(_ rows: Rows, to assembler: inout DatasetAssembler, _ progress: HoldingProgress.Handler) throws {
        var reader = ScalarReader()
        let hasSubjects = rows.dataset.subjectColumn != nil
        try datasets.forEachRow(of: rows.dataset.name) { row in
            guard rows.chosen?.contains(row.position) ?? true else { return }
            let digest = row.withRecord { Array(copying: $0) }
            let subject = hasSubjects ? row.withSubject { Array(copying: $0) } : nil
            try row.withBlinding { bytes in
                try reader.withScalar(bytes) { blinding in
                    try assembler.addRow(
                        sourceRow: rows.numbers[row.position], dataPoint: row.commitment, record: digest, subject: subject,
                        blinding: blinding)
                }
            }
            if row.position % DatasetCommit.batchSize == 0 {
                progress(HoldingProgress(stage: .rows, done: (rows.dataset.count + row.position) / 2, total: rows.dataset.count))
            }
        }
        if !isDishonest { for refusal in rows.altered { assembler.refuse(refusal) } }
    }
}

extension Array where Element == UInt8 {
    /// The bytes of a span.
    init(copying span: Span<UInt8>) {
        self = span.withUnsafeBufferPointer { Array($0) }
    }
}
