// SPDX-License-Identifier: Apache-2.0
public import ConsentModel

/// Everything public of a bundle before its proof.
public struct BundleDraft: Sendable {
    /// The header.
    public var header: BundleHeader
    /// The checkpoints of the ledgers, which the transcript absorbs.
    public var ledgers: [DatasetContext.Ledger]
    /// The root of the registered manifest, 32 bytes.
    public var manifestRoot: [UInt8]
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
        header: BundleHeader, ledgers: [DatasetContext.Ledger], manifestRoot: [UInt8], positions: [UInt64], entryLedgers: [UInt64],
        entryIndices: [UInt64], entries: [UInt8], dataPoints: [UInt8], inclusions: [[UInt8]], revocations: [[UInt8]],
        revealed: [RevealedColumn], receipts: [Int], sourceRows: [Int]
    ) {
        self.header = header
        self.ledgers = ledgers
        self.manifestRoot = manifestRoot
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

    /// Which schema each entry has.
    func schemaAssignment(_ statement: CompiledStatement) -> SchemaAssignment {
        let column = BytesColumn(entries, rowByteCount: Bundle.entryByteCount) ?? BytesColumn(bytes: [])
        return SchemaAssignment(column, schemas: statement.statements.schemas)
    }

    /// For each of `count` receipts of the witness the number of its schema; 0 where no entry uses it.
    func schemasOfReceipts(_ schemaOf: SchemaAssignment, count: Int) -> [Int] {
        var schemas = [Int](repeating: 0, count: count)
        for (entry, receipt) in receipts.enumerated() { schemas[receipt] = schemaOf(entry) }
        return schemas
    }

    /// The bundle with `proof`.
    ///
    /// - Throws: structural errors, see ``Bundle``.
    func bundle(proof: [UInt8]) throws(ModelError) -> Bundle {
        func column(_ bytes: [UInt8], _ width: Int) throws(ModelError) -> BytesColumn {
            guard let column = BytesColumn(bytes, rowByteCount: width) else {
                throw ModelError("bundle-columns", "a column is not a whole number of rows of \(width) bytes")
            }
            return column
        }
        var inclusionColumns: [BytesColumn] = []
        for inclusion in inclusions { inclusionColumns.append(try column(inclusion, 32)) }
        var revocationColumns: [BytesColumn] = []
        for revocation in revocations { revocationColumns.append(try column(revocation, Bundle.revocationByteCount)) }
        return try Bundle(
            header: header, positions: U64Column(positions), entryLedgers: U64Column(entryLedgers), entryIndices: U64Column(entryIndices),
            entries: column(entries, Bundle.entryByteCount), dataPoints: column(dataPoints, 32), inclusions: inclusionColumns,
            revocations: revocationColumns, revealed: revealed, proof: BytesColumn(bytes: proof))
    }
}
