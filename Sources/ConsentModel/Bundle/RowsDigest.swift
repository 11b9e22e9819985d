// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import MerkleLog
internal import Primitives

/// The digest that fixes everything the verifier uses per row before the weights exist (docs/protocol.md section 4.2).
///
/// Each column contributes its name and the root of a tree over its bytes, so that many blocks are hashed at a time.
public enum RowsDigest {
    /// The length of a leaf of a column's tree in bytes.
    public static let blockByteCount = 1_024

    /// The digest, 32 bytes.
    ///
    /// - Parameters:
    ///   - entryLedgers: For each entry, the number of its ledger.
    ///   - entryIndices: For each entry, its leaf index.
    ///   - entries: The entries, 118 bytes each.
    ///   - revealed: The revealed attributes in schema order, a value for each entry.
    ///   - dataPoints: The data-point commitments, 32 bytes each.
    ///   - positions: For each row, the position of its entry.
    /// - Throws: `bundle-columns` when the columns have different lengths.
    public static func compute(
        entryLedgers: U64Column, entryIndices: U64Column, entries: BytesColumn, revealed: [RevealedColumn], dataPoints: BytesColumn,
        positions: U64Column
    ) throws(ModelError) -> [UInt8] {
        guard entryLedgers.count == entries.count, entryIndices.count == entries.count, dataPoints.count == positions.count,
            revealed.allSatisfy({ $0.count == entries.count })
        else { throw ModelError("bundle-columns", "the columns have different lengths") }

        var message = lengthPrefixed("zkconsent/v1/dataset/rows")
        message.appendLE64(UInt64(positions.count))
        message.appendLE64(UInt64(entries.count))
        func add(_ fault: Fault, _ name: String, _ column: (_ root: (Span<UInt8>) -> NodeHash) -> NodeHash) {
            guard !Fault.isRemoved(fault) else { return }
            message += lengthPrefixed(name)
            message += column { NodeHash.root(ofText: $0, blockByteCount: blockByteCount) }.bytes
        }
        add(.absorbPositions, "consent") { positions.withBytes($0) }
        add(.absorbEntries, "entry_ledger") { entryLedgers.withBytes($0) }
        add(.absorbEntries, "entry_index") { entryIndices.withBytes($0) }
        add(.absorbDataPoints, "data_points") { dataPoints.withSpan($0) }
        add(.absorbEntries, "entries") { entries.withSpan($0) }
        for column in revealed {
            let name = RevealedColumn.name(column.attribute)
            switch column.storage {
            case .integers(let values): add(.absorbRevealed, name) { values.withBytes($0) }
            case .ids(let offsets, let bytes):
                add(.absorbRevealed, name + ".offsets") { offsets.withBytes($0) }
                add(.absorbRevealed, name + ".bytes") { bytes.withSpan($0) }
            }
        }
        return SHA256.hash(message)
    }

    /// The digest of the rows of a bundle, 32 bytes.
    public static func compute(_ bundle: Bundle) throws(ModelError) -> [UInt8] {
        try compute(
            entryLedgers: bundle.entryLedgers, entryIndices: bundle.entryIndices, entries: bundle.entries, revealed: bundle.revealed,
            dataPoints: bundle.dataPoints, positions: bundle.positions)
    }
}
