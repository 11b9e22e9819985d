// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentVerifier
internal import Groups
public import MerkleLog
internal import Secrets

/// Finds for every row of a dataset a consent that satisfies the policy, and lays out the columns of the bundle.
///
/// All rows in the order of the bundle, then receipts, then ``finish(manifest:manifestRoot:holder:context:consent:)``. Rows without a usable consent are
/// collected, so that one run names all of them. Rows and receipts are linked by the scalars that they commit to, through one hash table of the rows; a
/// receipt that no row can use is forgotten at once.
public struct DatasetAssembler: ~Copyable {
    /// Why a consent cannot be used.
    struct Refusal {
        let code: RowRefusal.Code
        let ledger: Int
        let index: UInt64
        let leafHash: LeafHash
        /// Why, if it is known already; else the consent itself has to be looked at.
        let message: String?
        /// The number of its schema.
        let schema: Int
    }

    /// The entry of a receipt in the witness.
    struct Place {
        var ledger: Int
        var index: UInt64
        var leafHash: LeafHash
        /// The policy refuses it: only in a dishonest assembler.
        var isRefused: Bool
    }

    let statements: Statements
    /// What is proved of each row: the clauses differ.
    private let kind: Statement.ProofKind
    let ledgers: [LedgerView]
    private let revoked: [Set<LeafHash>]
    /// The clauses for each schema.
    private let policies: [PolicyColumns]
    /// Whether candidates are used although they cannot be: only for the demonstration and the tests of a dishonest holder.
    private let isDishonest: Bool
    /// The leaf indices that consents must have, for unlinkable proofs.
    private(set) var memberRange: Range<UInt64>?
    var witness: DatasetWitness

    // Rows
    var rowCount = 0
    var dataPoints: [UInt8] = []
    var sourceRows: [Int] = []
    /// What a row shares with its consent, 32 bytes for each.
    private var keys: [UInt8] = []
    var refusals: [RowRefusal] = []
    /// The rows by their keys, once the first receipt comes.
    private var table: RowTable?

    // Receipts
    private var receiptCount = 0
    private let announced: Int
    /// The receipts in the witness, and their entries, 118 bytes each.
    var places: [Place] = []
    var entries: [UInt8] = []
    /// Consents that were given in full.
    private var known: [LeafHash: Consent] = [:]
    /// For the first row of each key the receipt in the witness; -1 for none.
    private var receiptOfRow: [Int32] = []
    /// For the first row of each key without a usable receipt, why the first for it cannot be used.
    private var refused: [Int: Refusal] = [:]
    private var fallback: Int?

    /// An assembler for `rows` rows and at most `receipts` receipts.
    ///
    /// - Parameter ledgers: in ascending byte order of their origins.
    public init(statement: CompiledStatement, ledgers: [LedgerView], rows: Int, receipts: Int) {
        self.init(statement.statements, .dataset, ledgers: ledgers, rows: rows, receipts: receipts, dishonestly: false)
    }

    /// The same for point proofs, ``finishPoints(holder:context:consent:)``.
    public init(points statement: Statement, ledgers: [LedgerView], rows: Int, receipts: Int) {
        self.init(Statements(statement), .point, ledgers: ledgers, rows: rows, receipts: receipts, dishonestly: false)
    }

    /// The same for unlinkable point proofs about a range of the one ledger, ``finishMembers(holder:context:entries:consent:)``.
    public init(members statement: Statement, ledger: LedgerView, range: Range<UInt64>, rows: Int, receipts: Int) {
        self.init(members: statement, ledger: ledger, range: range, rows: rows, receipts: receipts, dishonestly: false)
    }

    /// The same; dishonestly, consents are used that do not satisfy the policy.
    package init(members statement: Statement, ledger: LedgerView, range: Range<UInt64>, rows: Int, receipts: Int, dishonestly: Bool) {
        self.init(statement, .point, ledgers: [ledger], rows: rows, receipts: receipts, dishonestly: dishonestly)
        memberRange = range
    }

    /// The same; a dishonest assembler takes consents that do not satisfy the policy, and any consent for a row that has none.
    package init(statement: CompiledStatement, ledgers: [LedgerView], rows: Int, receipts: Int, dishonestly: Bool) {
        self.init(statement.statements, .dataset, ledgers: ledgers, rows: rows, receipts: receipts, dishonestly: dishonestly)
    }

    /// The same for one kind of proofs.
    package init(
        _ statement: Statement, _ kind: Statement.ProofKind, ledgers: [LedgerView], rows: Int, receipts: Int, dishonestly: Bool
    ) {
        self.init(Statements(statement), kind, ledgers: ledgers, rows: rows, receipts: receipts, dishonestly: dishonestly)
    }

    private init(
        _ statements: Statements, _ kind: Statement.ProofKind, ledgers: [LedgerView], rows: Int, receipts: Int, dishonestly: Bool
    ) {
        self.statements = statements
        self.kind = kind
        self.ledgers = ledgers
        isDishonest = dishonestly
        announced = receipts
        policies = statements.parts.map { PolicyColumns($0, kind) }
        // One receipt for each key at most, and what a dishonest holder gives to the others.
        let capacity = min(rows + (dishonestly ? 1 : 0), receipts)
        witness = DatasetWitness(schemas: statements.schemas, rows: rows, receipts: capacity)
        revoked = ledgers.map { ledger in
            let width = Bundle.revocationByteCount
            let starts = stride(from: 0, to: ledger.revocationColumn.count - width + 1, by: width)
            return Set(starts.compactMap { try? LeafHash(Array(ledger.revocationColumn[$0 + 2..<$0 + width])) })
        }
        dataPoints.reserveCapacity(32 * rows)
        keys.reserveCapacity(32 * rows)
        sourceRows.reserveCapacity(rows)
        places.reserveCapacity(capacity)
        entries.reserveCapacity(Entry.byteCount * capacity)
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
        var scalars = SecretLimbs(count: 2 * Suite.scalarLimbCount)
        func set(_ type: String, _ bytes: [UInt8], at limb: Int) {
            var scalar = SecretLimbs(count: Suite.scalarLimbCount)
            scalar.reduce(wiping: Identifier.wideBytes(type: type, bytes: bytes))
            scalar.withSpan { scalar in scalars.withMutableSpan { for i in scalar.indices { $0[limb + i] = scalar[i] } } }
        }
        set("record", record, at: 0)
        if let subject { set("subject", subject, at: Suite.scalarLimbCount) }
        try scalars.withSpan { (scalars) throws(ModelError) in
            try addRows(
                sourceRows: [sourceRow], dataPoints: dataPoint, records: scalars.extracting(0..<Suite.scalarLimbCount),
                subjects: scalars.extracting(Suite.scalarLimbCount..<scalars.count), hasSubjects: subject != nil, blindings: blinding)
        }
    }

    /// Adds the next rows from columns.
    ///
    /// - Parameters:
    ///   - sourceRows: their numbers in the source file, from 1.
    ///   - dataPoints: `D`, 32 bytes each.
    ///   - records: the scalars of the records.
    ///   - subjects: the scalars of the subjects; 0 where the dataset declares none.
    ///   - hasSubjects: whether it does.
    ///   - blindings: `s`, reduced scalars.
    public mutating func addRows(
        sourceRows: [Int], dataPoints: [UInt8], records: Span<UInt64>, subjects: Span<UInt64>, hasSubjects: Bool, blindings: Span<UInt64>
    ) throws(ModelError) {
        let width = Suite.scalarLimbCount * sourceRows.count
        guard dataPoints.count == 32 * sourceRows.count, records.count == width, subjects.count == width, blindings.count == width,
            table == nil, sourceRows.count <= witness.rowCount - rowCount
        else {
            throw ModelError("rows-count", "there are more rows than the \(witness.rowCount) that were announced")
        }
        guard hasSubjects || !statements.parts[0].links.contains(.subject) else {
            throw ModelError(
                "no-subjects", "the policy links consents by subject, and the dataset declares no subject column",
                hint: "commit the dataset again with --subject-column")
        }
        witness.setRows(from: rowCount, records: records, subjects: subjects, blindings: blindings)
        rowCount += sourceRows.count
        self.sourceRows += sourceRows
        self.dataPoints += dataPoints
        LinkKeys.append(statements.parts[0].links, records: records, subjects: subjects, to: &keys)
    }

    /// Notes that a row differs from what was committed; it will not be proved.
    public mutating func refuse(_ refusal: RowRefusal) {
        refusals.append(refusal)
    }

    /// Says which rows of the source these are now, for refusals: one number for each row so far.
    public mutating func renumber(_ numbers: [Int]) {
        precondition(numbers.count == rowCount, "a number for each row")
        sourceRows = numbers
    }

    // MARK: Receipts

    /// Adds a receipt: an entry of a ledger with its opening.
    ///
    /// - Parameters:
    ///   - schema: the number of its schema among those of the statements.
    ///   - ledger: its position in the assembler's ledgers.
    ///   - index: its leaf index; `nil` if the holder does not know that it was appended.
    ///   - k: the blinding of `K`, one reduced scalar.
    ///   - t: the blinding of the calendar.
    public mutating func addReceipt(
        schema number: Int = 0, ledger: Int, index: UInt64?, entry: [UInt8], consent: Consent, k: Span<UInt64>, t: Span<UInt64>
    ) throws(ModelError) {
        guard entry.count == Entry.byteCount else { throw ModelError("entry-length", "an entry has \(Entry.byteCount) bytes") }
        guard statements.parts.indices.contains(number) else { throw ModelError("opening-page", "the policy has no such schema") }
        let schema = statements.schemas[number]
        guard let layout = OpeningPageLayout(count: 1, schema: schema) else { return }
        var opening = DatasetWitness(schema: schema, rows: 0, receipts: 1)
        let zero = [UInt64](repeating: 0, count: Suite.scalarLimbCount)
        try opening.setReceipt(0, consent: consent, k: zero.span, t: zero.span)
        let page = opening.page(of: 0..<1, layout, k: k, t: t, entries: entry)
        known[LeafHash(entry: entry)] = consent
        try page.withSpan { (words) throws(ModelError) in
            try addReceipts(
                schema: number, ledger: ledger, indices: [index], entries: entry, leafHashes: [LeafHash(entry: entry)], layout, words)
        }
    }

    /// Adds the receipts of a page of openings.
    ///
    /// - Parameters:
    ///   - schema: the number of the page's schema among those of the statements.
    ///   - ledger: its position in the assembler's ledgers.
    ///   - indices: for each slot the leaf index; `nil` if the holder does not know that it was appended.
    ///   - entries: the entries, 118 bytes each, and their leaf hashes.
    ///   - page: the words of the page.
    public mutating func addReceipts(
        schema number: Int = 0, ledger: Int, indices: [UInt64?], entries: [UInt8], leafHashes hashes: [LeafHash],
        _ layout: OpeningPageLayout, _ page: Span<UInt64>
    ) throws(ModelError) {
        guard statements.parts.indices.contains(number),
            layout == OpeningPageLayout(count: layout.count, schema: statements.schemas[number]), page.count == layout.wordCount,
            indices.count == layout.count, hashes.count == layout.count, entries.count == Entry.byteCount * layout.count,
            ledgers.indices.contains(ledger)
        else { throw ModelError("opening-page", "a page of openings is not of the policy's schema") }
        for slot in layout.days where page[slot] != OpeningPageLayout.erased { receiptCount += 1 }
        guard receiptCount <= announced else {
            throw ModelError("receipts-count", "there are more receipts than the \(announced) that were announced")
        }
        let rows = rowsForReceipts(number, layout, page)
        // Where the rows are looked up below is anywhere in memory: all of it is fetched at once here.
        let present = rows.map { $0 < 0 ? -1 : receiptOfRow[$0] }
        var copies: [(slot: Int, receipt: Int)] = []
        copies.reserveCapacity(layout.count)
        for slot in 0..<layout.count where isDishonest || (rows[slot] >= 0 && present[slot] < 0) {
            guard page[layout.days.lowerBound + slot] != OpeningPageLayout.erased else { continue }
            let refusal = refusal(slot, number, ledger: ledger, index: indices[slot], leafHash: hashes[slot], layout, page)
            let place = Place(ledger: ledger, index: indices[slot] ?? 0, leafHash: hashes[slot], isRefused: refusal != nil)
            guard let receipt = self.place(place, row: rows[slot], refusal) else { continue }
            let entry = entries[Entry.byteCount * slot..<Entry.byteCount * (slot + 1)]
            if Entry.byteCount * receipt == self.entries.count {
                self.entries += entry
            } else {
                self.entries.replaceSubrange(Entry.byteCount * receipt..<Entry.byteCount * (receipt + 1), with: entry)
            }
            if !statements.parts[number].alternatives.isEmpty {
                witness.setAlternative(receipt, policies[number].alternative(slot, of: page, layout) ?? 0)
            }
            copies.append((slot, receipt))
        }
        var start = 0
        while start < copies.count {
            var end = start + 1
            while end < copies.count, copies[end].slot - copies[start].slot == end - start,
                copies[end].receipt - copies[start].receipt == end - start
            { end += 1 }
            witness.setReceipts(
                from: copies[start].receipt, slots: copies[start].slot..<copies[start].slot + end - start, of: page, layout,
                schema: number)
            start = end
        }
    }

    /// For each slot the first row that it can be a consent for; -1 if there is none.
    private mutating func rowsForReceipts(_ number: Int, _ layout: OpeningPageLayout, _ page: Span<UInt64>) -> [Int] {
        if table == nil {
            table = RowTable(keys.span)
            receiptOfRow = [Int32](repeating: -1, count: rowCount)
        }
        let schema = statements.schemas[number]
        guard let record = schema.attributeIndex(named: "record"), let subject = schema.attributeIndex(named: "subject") else {
            return [Int](repeating: -1, count: layout.count)
        }
        var wanted: [UInt8] = []
        LinkKeys.append(
            statements.parts[0].links, records: page.extracting(layout.attribute(record)),
            subjects: page.extracting(layout.attribute(subject)), to: &wanted)
        return table?.firsts(equalTo: wanted.span, in: keys.span) ?? []
    }

    private func refusal(
        _ slot: Int, _ schema: Int, ledger: Int, index: UInt64?, leafHash: LeafHash, _ layout: OpeningPageLayout, _ page: Span<UInt64>
    ) -> Refusal? {
        func refusal(_ code: RowRefusal.Code, _ message: String?) -> Refusal {
            Refusal(code: code, ledger: ledger, index: index ?? 0, leafHash: leafHash, message: message, schema: schema)
        }
        let origin = ledgers[ledger].origin
        guard let index, index < ledgers[ledger].consents.size else {
            return refusal(
                .notInLedger, "its consent is not covered by the latest checkpoint of \(origin): run ledger checkpoint there")
        }
        if let size = ledgers[ledger].loggedSize, index >= size {
            return refusal(
                .notInLedger, "its consent (entry \(index)) was not in \(origin) by the day that the policy's logged_by names")
        }
        if let range = memberRange, !range.contains(index) {
            return refusal(
                .notInLedger,
                "its consent (entry \(index)) is not among the entries \(range.lowerBound)..\(range.upperBound - 1): prove it in a file of its own, "
                    + "with --row and another --range")
        }
        guard policies[schema].accept(slot, of: page, layout) else { return refusal(.policy, nil) }
        if !revoked[ledger].isEmpty, revoked[ledger].contains(leafHash) {
            return refusal(.revoked, "its consent (entry \(index)) has been withdrawn")
        }
        return nil
    }

    /// Decides whether a receipt comes into the witness, and where.
    ///
    /// - Parameter row: the first row that it can be for, or -1.
    private mutating func place(_ place: Place, row: Int, _ refusal: Refusal?) -> Int? {
        var receipt: Int?
        if row >= 0 {
            let present = receiptOfRow[row]
            if present >= 0, !isDishonest || refusal != nil || !places[Int(present)].isRefused { return nil }
            if let refusal, refused[row] == nil { refused[row] = refusal }
            guard refusal == nil || isDishonest else { return nil }
            receipt = present >= 0 ? Int(present) : places.count
            receiptOfRow[row] = Int32(receipt ?? 0)
        } else if fallback == nil, isDishonest, refusal?.code != .notInLedger {
            receipt = places.count
        }
        guard let receipt else { return nil }
        if fallback == nil, isDishonest, refusal?.code != .notInLedger { fallback = receipt }
        if receipt < places.count { places[receipt] = place } else { places.append(place) }
        return receipt
    }

    // MARK: Linking

    /// For each row its receipt in the witness. Rows without one are refused.
    ///
    /// - Parameter consent: a consent in full, for the words of a refusal.
    mutating func assign(_ consent: (LeafHash) throws -> Consent?) throws -> [Int] {
        if table == nil {
            table = RowTable(keys.span)
            receiptOfRow = [Int32](repeating: -1, count: rowCount)
        }
        guard let table else { return [] }
        let firsts = table.repeated.isEmpty ? Array(0..<rowCount) : table.firsts(equalTo: keys.span, in: keys.span)
        var receipts: [Int] = []
        receipts.reserveCapacity(rowCount)
        for row in 0..<rowCount {
            let receipt = Int(receiptOfRow[firsts[row]])
            if receipt >= 0 {
                receipts.append(receipt)
            } else if isDishonest, let fallback {
                receipts.append(fallback)
            } else {
                let (code, reason) = try reason(refused[firsts[row]], consent)
                let number = sourceRows[row]
                refusals.append(RowRefusal(code, row: row, sourceRow: number, "row \(number) cannot be proved: \(reason)"))
            }
        }
        return receipts
    }

    private func reason(_ refusal: Refusal?, _ consent: (LeafHash) throws -> Consent?) throws -> (RowRefusal.Code, String) {
        guard let refusal else { return (.noConsent, "no receipt has a consent for it") }
        if let message = refusal.message { return (refusal.code, message) }
        let violations =
            try self.consent(refusal.leafHash, consent).map {
                statements.parts[refusal.schema].violations(of: $0, for: kind)
            } ?? []
        let first = violations.first ?? "the receipt's page says otherwise than its opening"
        return (refusal.code, "its consent (entry \(refusal.index)) does not satisfy the policy: \(first)")
    }

    /// A consent in full.
    func consent(_ leafHash: LeafHash, _ consent: (LeafHash) throws -> Consent?) throws -> Consent? {
        try known[leafHash] ?? consent(leafHash)
    }
}
