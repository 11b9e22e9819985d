// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentVerifier
public import MerkleLog

extension DatasetAssembler {
    /// A dataset ready to be proved.
    public struct Assembled: ~Copyable {
        /// Everything public.
        public let draft: BundleDraft
        /// The openings.
        public let witness: DatasetWitness
    }

    /// The columns of the bundle.
    ///
    /// - Parameter consent: the consent in full of an entry that was added with a page, for revealed values and the words of refusals; `nil` if there is none.
    /// - Throws: ``ProverFailure/rows(_:)`` when a row has no usable consent; a ``ModelError`` when rows are missing; what the ledgers' inclusion and
    ///   `consent` throw.
    public consuming func finish(
        manifest: BundleHeader.ManifestEvidence, manifestRoot: [UInt8], holder: String, context: String,
        consent: (LeafHash) throws -> Consent? = { _ in nil }
    ) throws -> Assembled {
        let columns = try columns(consent)
        let header = BundleHeader(
            dataPoints: rowCount, distinctConsents: columns.receipts.count, holder: holder, context: context, ledgers: columns.headers,
            manifest: manifest, schemas: statements.schemas.map(\.digest), statement: statements.digest)
        let contexts = columns.views.enumerated().map { index, view in
            DatasetContext.Ledger(
                number: UInt64(index), origin: view.origin, consentsSize: view.consents.size, consentsRoot: view.consents.root,
                revocationsSize: view.revocations.size, revocationsRoot: view.revocations.root)
        }
        let draft = BundleDraft(
            header: header, ledgers: contexts, manifestRoot: manifestRoot, positions: columns.positions, entryLedgers: columns.entryLedgers,
            entryIndices: columns.entryIndices, entries: columns.entries, dataPoints: dataPoints, inclusions: columns.inclusions,
            revocations: columns.views.map(\.revocationColumn), revealed: columns.revealed, receipts: columns.receipts,
            sourceRows: sourceRows)
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
    /// - Throws: as ``finish(manifest:manifestRoot:holder:context:consent:)``.
    public consuming func finishPoints(
        holder: String, context: String, consent: (LeafHash) throws -> Consent? = { _ in nil }
    ) throws -> AssembledPoints {
        let columns = try columns(consent)
        let header = PointHeader(
            dataPoints: rowCount, distinctConsents: columns.receipts.count, holder: holder, context: context, ledgers: columns.headers,
            schema: statements.schemas[0].digest, statement: statements.digest)
        let draft = PointDraft(
            header: header, positions: columns.positions, entryLedgers: columns.entryLedgers, entryIndices: columns.entryIndices,
            entries: columns.entries, dataPoints: dataPoints, inclusions: columns.inclusions,
            revocations: columns.views.map(\.revocationColumn), revealed: columns.revealed, receipts: columns.receipts,
            sourceRows: sourceRows)
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
    }

    private mutating func columns(_ consent: (LeafHash) throws -> Consent?) throws -> Columns {
        let receiptOfRow = try assign(consent)
        try checkRows()
        let used = usedReceipts(receiptOfRow)
        var position = [UInt64](repeating: 0, count: places.count)
        for (number, receipt) in used.enumerated() { position[receipt] = UInt64(number) }
        // A ledger that no row draws on stays out of the bundle.
        var isDrawnOn = [Bool](repeating: false, count: ledgers.count)
        for receipt in used { isDrawnOn[places[receipt].ledger] = true }
        let ledgerNumbers = isDrawnOn.indices.filter { isDrawnOn[$0] }
        var number = [UInt64](repeating: 0, count: ledgers.count)
        for (new, old) in ledgerNumbers.enumerated() { number[old] = UInt64(new) }
        let views = ledgerNumbers.map { ledgers[$0] }

        var inclusions: [[UInt8]] = []
        for ledger in ledgerNumbers {
            inclusions.append(try ledgers[ledger].inclusion(used.filter { places[$0].ledger == ledger }.map { places[$0].index }))
        }
        return Columns(
            headers: views.map {
                BundleHeader.Ledger(origin: $0.origin, consents: $0.consents.note, revocations: $0.revocations.note, logged: $0.logged)
            }, views: views, positions: receiptOfRow.map { position[$0] }, entryLedgers: used.map { number[places[$0].ledger] },
            entryIndices: used.map { places[$0].index }, entries: entryColumn(used), inclusions: inclusions,
            revealed: try revealedColumns(used, consent), receipts: used)
    }

    /// Refuses unless every row has a consent, and all rows are there.
    func checkRows() throws {
        guard refusals.isEmpty else { throw ProverFailure.rows(refusals.sorted { ($0.row, $0.sourceRow) < ($1.row, $1.sourceRow) }) }
        guard rowCount == witness.rowCount, rowCount > 0 else {
            throw ModelError("rows-count", "the dataset has \(rowCount) rows where \(witness.rowCount) were announced")
        }
    }

    /// The receipts of some row, in the order of the bundle: by ledger and leaf index.
    private func usedReceipts(_ receiptOfRow: [Int]) -> [Int] {
        var isUsed = [Bool](repeating: false, count: places.count)
        for receipt in receiptOfRow { isUsed[receipt] = true }
        let used = places.indices.filter { isUsed[$0] }
        func isBefore(_ a: Int, _ b: Int) -> Bool { (places[a].ledger, places[a].index) < (places[b].ledger, places[b].index) }
        // Receipts are mostly stored in the order in which they were issued.
        let isSorted = used.indices.dropFirst().allSatisfy { isBefore(used[$0 - 1], used[$0]) }
        return isSorted ? used : used.sorted(by: isBefore)
    }

    private func entryColumn(_ used: [Int]) -> [UInt8] {
        let width = Entry.byteCount
        guard used.count < places.count || used.indices.contains(where: { used[$0] != $0 }) else { return entries }
        var column: [UInt8] = []
        column.reserveCapacity(width * used.count)
        for receipt in used { column += entries[width * receipt..<width * (receipt + 1)] }
        return column
    }

    /// The values of the revealed attributes for each of these receipts.
    func revealedColumns(_ used: [Int], _ consent: (LeafHash) throws -> Consent?) throws -> [RevealedColumn] {
        let attributes = statements.revealedAttributes
        guard !attributes.isEmpty else { return [] }
        var values: [[ConsentValue]] = attributes.map { _ in [] }
        for receipt in used {
            let consent = try self.consent(places[receipt].leafHash, consent)
            for (column, attribute) in attributes.enumerated() {
                guard let value = consent?.values[attribute.name] else {
                    throw ModelError("opening-value", "a receipt has no usable value of the attribute \(attribute.name)")
                }
                values[column].append(value)
            }
        }
        return attributes.enumerated().map { column, attribute in
            if attribute.kind == .uint {
                return RevealedColumn(
                    uint: attribute.name,
                    values[column].map {
                        if case .uint(let value) = $0 { value } else { 0 }
                    })
            }
            return RevealedColumn(
                id: attribute.name, isDigest: attribute.kind == .digest,
                values[column].map {
                    if case .id(let bytes) = $0 { bytes } else { [] }
                })
        }
    }
}
