// SPDX-License-Identifier: Apache-2.0
public import ConsentModel

/// Everything public of a bundle of point proofs before its proofs.
public struct PointDraft: Sendable {
    /// The header.
    public var header: PointHeader
    /// For each row, the position of its entry.
    public var positions: [UInt64]
    /// For each entry, its ledger's number.
    public var entryLedgers: [UInt64]
    /// For each entry, its leaf index; ascending within a ledger.
    public var entryIndices: [UInt64]
    /// The entries, 118 bytes each.
    public var entries: [UInt8]
    /// `D_i`, 32 bytes each.
    public var dataPoints: [UInt8]
    /// For each ledger, the batch inclusion proof of its entries.
    public var inclusions: [[UInt8]]
    /// For each ledger, its revocations log.
    public var revocations: [[UInt8]]
    /// The values of the revealed attributes, in schema order.
    public var revealed: [RevealedColumn]
    /// For each entry, the receipt of the witness that opens it.
    public var receipts: [Int]
    /// For each row, its number in the source file, for refusals.
    public var sourceRows: [Int]

    /// A draft with these columns.
    public init(
        header: PointHeader, positions: [UInt64], entryLedgers: [UInt64], entryIndices: [UInt64], entries: [UInt8], dataPoints: [UInt8],
        inclusions: [[UInt8]], revocations: [[UInt8]], revealed: [RevealedColumn], receipts: [Int], sourceRows: [Int]
    ) {
        self.header = header
        self.positions = positions
        self.entryLedgers = entryLedgers
        self.entryIndices = entryIndices
        self.entries = entries
        self.dataPoints = dataPoints
        self.inclusions = inclusions
        self.revocations = revocations
        self.revealed = revealed
        self.receipts = receipts
        self.sourceRows = sourceRows
    }

    /// The bundle with these proofs.
    ///
    /// - Throws: structural errors, see ``PointBundle``.
    func bundle(sigma: [UInt8], width: Int, ranges: PointBundle.Ranges?) throws(ModelError) -> PointBundle {
        var inclusionColumns: [BytesColumn] = []
        for inclusion in inclusions { inclusionColumns.append(try Self.column(inclusion, 32)) }
        var revocationColumns: [BytesColumn] = []
        for revocation in revocations { revocationColumns.append(try Self.column(revocation, Bundle.revocationByteCount)) }
        return try PointBundle(
            header: header, positions: U64Column(positions), entryLedgers: U64Column(entryLedgers), entryIndices: U64Column(entryIndices),
            entries: Self.column(entries, Bundle.entryByteCount), dataPoints: Self.column(dataPoints, 32), inclusions: inclusionColumns,
            revocations: revocationColumns, revealed: revealed, sigma: Self.column(sigma, width), ranges: ranges)
    }

    /// Rows of `width` bytes.
    ///
    /// - Throws: `bundle-columns`.
    static func column(_ bytes: [UInt8], _ width: Int) throws(ModelError) -> BytesColumn {
        guard let column = BytesColumn(bytes, rowByteCount: width) else {
            throw ModelError("bundle-columns", "a column is not a whole number of rows of \(width) bytes")
        }
        return column
    }
}
