// SPDX-License-Identifier: Apache-2.0
internal import Cores
internal import FaultInjection

/// What every kind of bundle says about itself.
public protocol BundleHeading: Sendable {
    /// The number of rows N, in 1...2^32.
    var dataPoints: Int { get }
    /// The number of entries E, in 1...N.
    var distinctConsents: Int { get }
    /// Who made the proof.
    var holder: String { get }
    /// What the proof was made for; may be empty.
    var context: String { get }
    /// The ledgers, in strictly ascending order of the UTF-8 bytes of their origins.
    var ledgers: [BundleHeader.Ledger] { get }
    /// The schema digest, 32 bytes; of several the first.
    var schema: [UInt8] { get }
    /// The digests of all schemas, 32 bytes each, in strictly ascending order.
    var schemas: [[UInt8]] { get }
    /// The statement digest, 32 bytes.
    var statement: [UInt8] { get }
}

/// The columns of every kind of bundle: rows, the entries that cover them, and where the ledgers have these.
///
/// Invariant after ``checkColumns()``: the columns have exactly the sizes that N, E and the revealed attributes give; the entries are strictly
/// ascending by (ledger number, leaf index); every position is below E and every entry is used.
public protocol BundleColumns: Sendable {
    /// The type of the header.
    associatedtype Heading: BundleHeading
    /// What the file says about itself.
    var header: Heading { get }
    /// For each row, the position of its entry, below E.
    var positions: U64Column { get }
    /// For each entry, the number of its ledger in the header.
    var entryLedgers: U64Column { get }
    /// For each entry, its leaf index in its ledger's consents log.
    var entryIndices: U64Column { get }
    /// The entries, 118 bytes each.
    var entries: BytesColumn { get }
    /// The data-point commitments, 32 bytes each.
    var dataPoints: BytesColumn { get }
    /// For each ledger, the batch inclusion proof of its entries, 32 bytes a hash.
    var inclusions: [BytesColumn] { get }
    /// For each ledger, its revocations log up to the checkpoint, 34 bytes each.
    var revocations: [BytesColumn] { get }
    /// The values of the revealed attributes, in schema order.
    var revealed: [RevealedColumn] { get }
    /// The length of all proofs in bytes.
    var proofByteCount: Int { get }
    /// The length of decoding advice in bytes.
    var adviceByteCount: Int { get }
}

extension BundleHeading {
    /// The one schema.
    public var schemas: [[UInt8]] { [schema] }

    /// Refuses numbers out of range, digests of a wrong length, and ledgers that are not strictly ascending.
    ///
    /// - Throws: `bundle-count`, `bundle-schemas`, `bundle-member`, `bundle-ledgers`.
    func checkHeading() throws(ModelError) {
        guard (1...BundleHeader.countLimit).contains(dataPoints), (1...dataPoints).contains(distinctConsents) else {
            throw ModelError("bundle-count", "the numbers of data points and distinct consents are not 1 <= E <= N <= 2^32")
        }
        try checkParts()
    }

    /// The checks of digests and ledgers alone.
    ///
    /// - Throws: `bundle-schemas`, `bundle-member`, `bundle-ledgers`.
    func checkParts() throws(ModelError) {
        guard (1...Statements.schemaLimit).contains(schemas.count) else {
            throw ModelError("bundle-schemas", "there are \(schemas.count) schemas, not 1 to \(Statements.schemaLimit)")
        }
        guard schemas.allSatisfy({ $0.count == 32 }), statement.count == 32 else {
            throw ModelError("bundle-member", "a digest is not 32 bytes")
        }
        guard Manifest.nameByteCounts.contains(holder.utf8.count) else {
            throw ModelError("bundle-member", "the holder has not 1 to \(Manifest.nameByteCounts.upperBound) bytes")
        }
        for index in schemas.indices.dropFirst() {
            guard Fault.isRemoved(.bundleSchemasAscending) || schemas[index - 1].lexicographicallyPrecedes(schemas[index]) else {
                throw ModelError("bundle-schemas", "the schemas are not in strictly ascending order of their digests")
            }
        }
        guard (1...BundleHeader.ledgerLimit).contains(ledgers.count) else {
            throw ModelError("bundle-ledgers", "there are \(ledgers.count) ledgers, not 1 to \(BundleHeader.ledgerLimit)")
        }
        for index in ledgers.indices.dropFirst() {
            let isAscending = ledgers[index - 1].origin.utf8.lexicographicallyPrecedes(ledgers[index].origin.utf8)
            guard Fault.isRemoved(.bundleLedgersAscending) || isAscending else {
                throw ModelError("bundle-ledgers", "the ledgers are not in strictly ascending order of their origins")
            }
        }
        for ledger in ledgers { try BundleHeader.check(hashes: ledger.logged?.consistency ?? []) }
    }
}

extension BundleColumns {
    /// Establishes the invariant of the columns; see ``BundleColumns``.
    ///
    /// - Throws: `bundle-columns`, `bundle-entries-order`, `bundle-entry-ledger`, `bundle-position`, `bundle-entry-unused`, `bundle-revealed`.
    func checkColumns() throws(ModelError) {
        let (rows, consents, ledgers) = (header.dataPoints, header.distinctConsents, header.ledgers.count)
        try Self.check(sizes: [
            ("consent", positions.count == rows),
            ("entry_ledger", entryLedgers.count == consents),
            ("entry_index", entryIndices.count == consents),
            ("entries", entries.count == consents && entries.rowByteCount == Bundle.entryByteCount),
            ("data_points", dataPoints.count == rows && dataPoints.rowByteCount == 32),
            ("inclusion", inclusions.count == ledgers && inclusions.allSatisfy { $0.rowByteCount == 32 }),
            ("revocations", revocations.count == ledgers && revocations.allSatisfy { $0.rowByteCount == Bundle.revocationByteCount }),
        ])
        try checkEntries()
        try checkPositions()
        for column in revealed { try column.check(count: consents) }
    }

    /// Refuses columns that have not the right sizes, naming the first.
    ///
    /// - Throws: `bundle-columns`.
    static func check(sizes: [(name: String, isRight: Bool)]) throws(ModelError) {
        for (name, isRight) in sizes where !isRight {
            throw ModelError("bundle-columns", "the column \(name) has not the size that the header gives")
        }
    }

    /// Strictly ascending (ledger number, leaf index), each ledger number that of a ledger.
    private func checkEntries() throws(ModelError) {
        let faults = Parallel.map(entryLedgers.count, minimum: 1 << 15) { firstFault(entries: $0) }
        if let fault = faults.lazy.compactMap({ $0 }).first { throw fault }
    }

    /// What is wrong with the first entry of `range` that is not greater than the one before it, or of no ledger.
    private func firstFault(entries range: Range<Int>) -> ModelError? {
        let ledgerCount = UInt64(header.ledgers.count)
        return entryLedgers.withSpan { ledgers in
            entryIndices.withSpan { indices in
                for entry in range {
                    guard ledgers[entry] < ledgerCount else {
                        return ModelError(
                            "bundle-entry-ledger", "the entry at position \(entry) names a ledger that the bundle does not have")
                    }
                    guard entry > 0 else { continue }
                    let (ledger, previous) = (ledgers[entry], ledgers[entry - 1])
                    let isAscending = previous < ledger || previous == ledger && indices[entry - 1] < indices[entry]
                    guard Fault.isRemoved(.bundleEntriesAscending) || isAscending else {
                        return ModelError(
                            "bundle-entries-order",
                            "the entries at positions \(entry - 1) and \(entry) are not ascending by ledger and index")
                    }
                }
                return nil
            }
        }
    }

    /// Every position below E, every entry used.
    private func checkPositions() throws(ModelError) {
        let count = header.distinctConsents
        // Each core marks in an array of its own: at most a quarter of the bytes that it reads.
        var parts = Parallel.gather(positions.count, minimum: max(1 << 16, count / 2)) {
            (isUsed: [UInt8](repeating: 0, count: count), outside: Int?.none)
        } _: { part, rows in
            let outside = positions.withSpan { positions in Self.mark(&part.isUsed, positions, rows) }
            part.outside = [part.outside, outside].compactMap { $0 }.min()
        }
        if let row = parts.compactMap(\.outside).min() {
            throw ModelError("bundle-position", "row \(row) names the entry \(positions[row]) of \(count)")
        }
        var isUsed = parts.popLast()?.isUsed ?? [UInt8](repeating: 0, count: count)
        for part in parts {
            for entry in isUsed.indices { isUsed[entry] |= part.isUsed[entry] }
        }
        guard Fault.isRemoved(.bundleEntryUnused) || !isUsed.contains(0) else {
            throw ModelError("bundle-entry-unused", "no row uses the entry at position \(isUsed.firstIndex(of: 0) ?? 0)")
        }
    }

    /// Marks the entries of `rows` as used; returns the first row that names none.
    private static func mark(_ isUsed: inout [UInt8], _ positions: Span<UInt64>, _ rows: Range<Int>) -> Int? {
        let count = UInt64(isUsed.count)
        for row in rows {
            guard positions[row] < count else { return row }
            isUsed[Int(positions[row])] = 1
        }
        return nil
    }
}
