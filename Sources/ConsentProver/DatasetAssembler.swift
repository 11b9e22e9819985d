// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import MerkleLog

/// Finds for every row of a dataset a consent that satisfies the policy, and lays out the columns of the bundle.
///
/// Receipts first, then rows in the order of the bundle, then ``finish(manifest:manifestRoot:holder:context:)``. Rows without a usable consent are
/// collected, so that one run names all of them.
public struct DatasetAssembler: ~Copyable {
    /// A consent at hand.
    private struct Candidate {
        let receipt: Int
        let ledger: Int
        let index: UInt64
        let entry: [UInt8]
        let revealed: [ConsentValue]
        /// Why it cannot be used; `nil` if it can.
        let refusal: (code: RowRefusal.Code, message: String)?
    }

    private let statement: Statement
    /// What is proved of each row: the clauses differ.
    private let kind: Statement.ProofKind
    private let ledgers: [LedgerView]
    private let revoked: [Set<ArraySlice<UInt8>>]
    /// Whether candidates are used although they cannot be: only for the demonstration and the tests of a dishonest holder.
    private let isDishonest: Bool
    private var witness: DatasetWitness
    private var receiptCount = 0
    private var candidates: [[UInt8]: Candidate] = [:]
    private var fallback: Candidate?
    private var rows: [(candidate: Candidate, sourceRow: Int)] = []
    private var dataPoints: [UInt8] = []
    private var refusals: [RowRefusal] = []
    private var rowCount = 0

    /// An assembler for `rows` rows and `receipts` receipts.
    ///
    /// - Parameter ledgers: in ascending byte order of their origins.
    public init(statement: CompiledStatement, ledgers: [LedgerView], rows: Int, receipts: Int) {
        self.init(statement.statement, .dataset, ledgers: ledgers, rows: rows, receipts: receipts, dishonestly: false)
    }

    /// The same for point proofs, ``finishPoints(holder:context:)``.
    public init(points statement: Statement, ledgers: [LedgerView], rows: Int, receipts: Int) {
        self.init(statement, .point, ledgers: ledgers, rows: rows, receipts: receipts, dishonestly: false)
    }

    /// The same; a dishonest assembler takes consents that do not satisfy the policy, and any consent for a row that has none.
    package init(statement: CompiledStatement, ledgers: [LedgerView], rows: Int, receipts: Int, dishonestly: Bool) {
        self.init(statement.statement, .dataset, ledgers: ledgers, rows: rows, receipts: receipts, dishonestly: dishonestly)
    }

    /// The same for one kind of proofs.
    package init(
        _ statement: Statement, _ kind: Statement.ProofKind, ledgers: [LedgerView], rows: Int, receipts: Int, dishonestly: Bool
    ) {
        self.kind = kind
        self.statement = statement
        self.ledgers = ledgers
        isDishonest = dishonestly
        witness = DatasetWitness(schema: statement.schema, rows: rows, receipts: receipts)
        revoked = ledgers.map { ledger in
            let width = Bundle.revocationByteCount
            let starts = stride(from: 0, to: ledger.revocationColumn.count - width + 1, by: width)
            return Set(starts.map { ledger.revocationColumn[$0 + 2..<$0 + width] })
        }
    }

    // MARK: Receipts

    /// Adds a receipt: an entry of a ledger with its opening.
    ///
    /// - Parameters:
    ///   - ledger: its position in the assembler's ledgers.
    ///   - index: its leaf index; `nil` if the holder does not know that it was appended.
    ///   - k: the blinding of `K`, one reduced scalar.
    ///   - t: the blinding of the calendar.
    public mutating func addReceipt(
        ledger: Int, index: UInt64?, entry: [UInt8], consent: Consent, k: Span<UInt64>, t: Span<UInt64>
    ) throws(ModelError) {
        guard receiptCount < witness.receiptCount else {
            throw ModelError("receipts-count", "there are more receipts than the \(witness.receiptCount) that were announced")
        }
        let receipt = receiptCount
        receiptCount += 1
        try witness.setReceipt(receipt, consent: consent, k: k, t: t)
        witness.setAlternative(receipt, statement.holdingAlternatives(of: consent).first ?? 0)
        let schema = statement.schema
        let refusal = refusal(of: consent, ledger: ledger, index: index, entry: entry)
        let candidate = Candidate(
            receipt: receipt, ledger: ledger, index: index ?? 0, entry: entry,
            revealed: statement.revealed.compactMap { consent.values[schema.attributes[$0].name] }, refusal: refusal)
        let usable = refusal == nil || (isDishonest && refusal?.code != .notInLedger)
        if usable, fallback == nil { fallback = candidate }
        guard let key = linkKey(record: Self.bytes(consent.values["record"]), subject: Self.bytes(consent.values["subject"])) else {
            return
        }
        if let present = candidates[key], present.refusal == nil { return }
        if refusal == nil || candidates[key] == nil { candidates[key] = candidate }
    }

    private func refusal(
        of consent: Consent, ledger: Int, index: UInt64?, entry: [UInt8]
    ) -> (code: RowRefusal.Code, message: String)? {
        guard let index, index < ledgers[ledger].consents.size else {
            return (
                .notInLedger,
                "its consent is not covered by the latest checkpoint of \(ledgers[ledger].origin): run ledger checkpoint there"
            )
        }
        if let size = ledgers[ledger].loggedSize, index >= size {
            return (
                .notInLedger,
                "its consent (entry \(index)) was not in \(ledgers[ledger].origin) by the day that the policy's logged_by names"
            )
        }
        let violations = statement.violations(of: consent, for: kind)
        if let first = violations.first {
            return (.policy, "its consent (entry \(index)) does not satisfy the policy: \(first)")
        }
        if revoked[ledger].contains(LeafHash(entry: entry).bytes[...]) {
            return (.revoked, "its consent (entry \(index)) has been withdrawn")
        }
        return nil
    }

    private static func bytes(_ value: ConsentValue?) -> [UInt8]? {
        if case .id(let bytes) = value { return bytes }
        return nil
    }

    /// What a row and its consent must share under the statement's links.
    private func linkKey(record: [UInt8]?, subject: [UInt8]?) -> [UInt8]? {
        var key: [UInt8] = []
        for link in statement.links {
            guard let value = link == .record ? record : subject else { return nil }
            key += value
        }
        return key
    }

    // MARK: Rows

    /// Adds the next row.
    ///
    /// - Parameters:
    ///   - sourceRow: its number in the source file, from 1.
    ///   - dataPoint: `D`, 32 bytes.
    ///   - record: the record digest.
    ///   - subject: the subject's canonical bytes, if the dataset declares subjects.
    ///   - blinding: `s`, one reduced scalar.
    public mutating func addRow(
        sourceRow: Int, dataPoint: [UInt8], record: [UInt8], subject: [UInt8]?, blinding: Span<UInt64>
    ) throws(ModelError) {
        guard rowCount < witness.rowCount else {
            throw ModelError("rows-count", "there are more rows than the \(witness.rowCount) that were announced")
        }
        let row = rowCount
        rowCount += 1
        witness.setRow(row, record: record, subject: subject, blinding: blinding)
        dataPoints += dataPoint
        guard let key = linkKey(record: record, subject: subject) else {
            throw ModelError(
                "no-subjects", "the policy links consents by subject, and the dataset declares no subject column",
                hint: "commit the dataset again with --subject-column")
        }
        let found = candidates[key]
        if let found, found.refusal == nil || isDishonest {
            rows.append((found, sourceRow))
        } else if isDishonest, let fallback {
            rows.append((fallback, sourceRow))
        } else {
            let refusal = found?.refusal ?? (.noConsent, "no receipt has a consent for it")
            refusals.append(
                RowRefusal(refusal.code, row: row, sourceRow: sourceRow, "row \(sourceRow) cannot be proved: \(refusal.message)"))
        }
    }

    /// Notes that a row differs from what was committed; it will not be proved.
    public mutating func refuse(_ refusal: RowRefusal) {
        refusals.append(refusal)
    }

    // MARK: Columns

    /// A dataset ready to be proved.
    public struct Assembled: ~Copyable {
        /// Everything public.
        public let draft: BundleDraft
        /// The openings.
        public let witness: DatasetWitness
    }

    /// The columns of the bundle.
    ///
    /// - Throws: ``ProverFailure/rows(_:)`` when a row has no usable consent; a ``ModelError`` when rows are missing; what the ledgers' inclusion throws.
    public consuming func finish(
        manifest: BundleHeader.ManifestEvidence, manifestRoot: [UInt8], holder: String, context: String
    ) throws -> Assembled {
        let columns = try columns()
        let header = BundleHeader(
            dataPoints: rowCount, distinctConsents: columns.receipts.count, holder: holder, context: context, ledgers: columns.headers,
            manifest: manifest, schema: statement.schema.digest, statement: statement.digest)
        let contexts = columns.views.enumerated().map { index, view in
            DatasetContext.Ledger(
                number: UInt64(index), origin: view.origin, consentsSize: view.consents.size, consentsRoot: view.consents.root,
                revocationsSize: view.revocations.size, revocationsRoot: view.revocations.root)
        }
        let draft = BundleDraft(
            header: header, ledgers: contexts, manifestRoot: manifestRoot, positions: columns.positions, entryLedgers: columns.entryLedgers,
            entryIndices: columns.entryIndices, entries: columns.entries, dataPoints: dataPoints, inclusions: columns.inclusions,
            revocations: columns.views.map(\.revocationColumn), revealed: columns.revealed, receipts: columns.receipts,
            sourceRows: columns.sourceRows)
        return Assembled(draft: draft, witness: witness)
    }

    /// Point proofs ready to be made: one for each row.
    public struct AssembledPoints: ~Copyable {
        /// Everything public.
        public let draft: PointDraft
        /// The openings.
        public let witness: DatasetWitness
    }

    /// The columns of a bundle of point proofs.
    ///
    /// - Throws: as ``finish(manifest:manifestRoot:holder:context:)``.
    public consuming func finishPoints(holder: String, context: String) throws -> AssembledPoints {
        let columns = try columns()
        let header = PointHeader(
            dataPoints: rowCount, distinctConsents: columns.receipts.count, holder: holder, context: context, ledgers: columns.headers,
            schema: statement.schema.digest, statement: statement.digest)
        let draft = PointDraft(
            header: header, positions: columns.positions, entryLedgers: columns.entryLedgers, entryIndices: columns.entryIndices,
            entries: columns.entries, dataPoints: dataPoints, inclusions: columns.inclusions,
            revocations: columns.views.map(\.revocationColumn), revealed: columns.revealed, receipts: columns.receipts,
            sourceRows: columns.sourceRows)
        return AssembledPoints(draft: draft, witness: witness)
    }

    /// What every kind of bundle has.
    private struct Columns {
        let headers: [BundleHeader.Ledger]
        let views: [LedgerView]
        let positions: [UInt64]
        let entryLedgers: [UInt64]
        let entryIndices: [UInt64]
        let entries: [UInt8]
        let inclusions: [[UInt8]]
        let revealed: [RevealedColumn]
        let receipts: [Int]
        let sourceRows: [Int]
    }

    private borrowing func columns() throws -> Columns {
        guard refusals.isEmpty else { throw ProverFailure.rows(refusals) }
        guard rowCount == witness.rowCount, rowCount > 0 else {
            throw ModelError("rows-count", "the dataset has \(rowCount) rows where \(witness.rowCount) were announced")
        }
        let used = Dictionary(rows.map { ($0.candidate.receipt, $0.candidate) }, uniquingKeysWith: { first, _ in first }).values
            .sorted { ($0.ledger, $0.index) < ($1.ledger, $1.index) }
        // A ledger that no row draws on stays out of the bundle.
        let ledgerNumbers = Set(used.map(\.ledger)).sorted()
        let number = Dictionary(uniqueKeysWithValues: ledgerNumbers.enumerated().map { ($1, UInt64($0)) })
        let position = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1.receipt, UInt64($0)) })
        let views = ledgerNumbers.map { ledgers[$0] }
        var inclusions: [[UInt8]] = []
        for ledger in ledgerNumbers { inclusions.append(try ledgers[ledger].inclusion(used.filter { $0.ledger == ledger }.map(\.index))) }
        return Columns(
            headers: views.map {
                BundleHeader.Ledger(origin: $0.origin, consents: $0.consents.note, revocations: $0.revocations.note, logged: $0.logged)
            }, views: views, positions: rows.map { position[$0.candidate.receipt] ?? 0 },
            entryLedgers: used.map { number[$0.ledger] ?? 0 }, entryIndices: used.map(\.index), entries: used.flatMap(\.entry),
            inclusions: inclusions, revealed: revealedColumns(used), receipts: used.map(\.receipt), sourceRows: rows.map(\.sourceRow))
    }

    private func revealedColumns(_ used: [Candidate]) -> [RevealedColumn] {
        statement.revealed.map { RevealedAttribute(statement.schema.attributes[$0]) }.enumerated().map { column, attribute in
            let values = used.map { $0.revealed[column] }
            if attribute.kind == .uint {
                return RevealedColumn(
                    uint: attribute.name,
                    values.map {
                        if case .uint(let value) = $0 { value } else { 0 }
                    })
            }
            return RevealedColumn(id: attribute.name, isDigest: attribute.kind == .digest, values.map { Self.bytes($0) ?? [] })
        }
    }
}
