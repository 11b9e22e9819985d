// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import Primitives

/// The digest that fixes everything the verifier uses per row before the weights exist (docs/protocol.md section 4.2).
public enum RowsDigest {
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

        var hasher = BlockHasher()
        hasher.append(lengthPrefixed("zkconsent/v1/dataset/rows"))
        hasher.append(UInt64(positions.count))
        hasher.append(UInt64(entries.count))
        entryLedgers.withSpan { ledgers in
            entryIndices.withSpan { indices in
                entries.withSpan { bytes in
                    for entry in ledgers.indices {
                        if !Fault.isRemoved(.absorbEntries) {
                            hasher.append(ledgers[entry])
                            hasher.append(indices[entry])
                            let first = entry * entries.rowByteCount
                            hasher.append(bytes.extracting(first..<first + entries.rowByteCount))
                        }
                        guard !Fault.isRemoved(.absorbRevealed) else { continue }
                        for column in revealed { column.append(entry, to: &hasher) }
                    }
                }
            }
        }
        positions.withSpan { positions in
            dataPoints.withSpan { bytes in
                for row in positions.indices {
                    if !Fault.isRemoved(.absorbDataPoints) {
                        let first = row * dataPoints.rowByteCount
                        hasher.append(bytes.extracting(first..<first + dataPoints.rowByteCount))
                    }
                    if !Fault.isRemoved(.absorbPositions) { hasher.append(positions[row]) }
                }
            }
        }
        return hasher.finalize()
    }

    /// The digest of the rows of a bundle, 32 bytes.
    public static func compute(_ bundle: Bundle) throws(ModelError) -> [UInt8] {
        try compute(
            entryLedgers: bundle.entryLedgers, entryIndices: bundle.entryIndices, entries: bundle.entries, revealed: bundle.revealed,
            dataPoints: bundle.dataPoints, positions: bundle.positions)
    }
}

extension RevealedColumn {
    /// Appends `LP(value)`: the canonical bytes of an id, `LE64` of a uint.
    fileprivate func append(_ entry: Int, to hasher: inout BlockHasher) {
        switch storage {
        case .integers(let values):
            hasher.append(UInt32(8))
            hasher.append(values[entry])
        case .ids(let offsets, let bytes):
            let range = Int(offsets[entry])..<Int(offsets[entry + 1])
            // Ids are parts of a file that is in memory and whose value lengths `check` has bounded.
            hasher.append(UInt32(truncatingIfNeeded: range.count))
            bytes.withSpan(of: range) { hasher.append($0) }
        }
    }
}

/// SHA-256 of a message that arrives in many small pieces: they are gathered into blocks, for a call of the hash costs more than its work.
struct BlockHasher: ~Copyable {
    private var hasher = SHA256.Hasher()
    private var block = [UInt8](repeating: 0, count: 1 << 16)
    private var count = 0

    /// Appends bytes.
    mutating func append(_ bytes: Span<UInt8>) {
        if bytes.count > block.count - count { flush() }
        guard bytes.count <= block.count else { return hasher.update(bytes) }
        let start = count
        block.withUnsafeMutableBytes { block in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: block[start...]).copyMemory(from: $0) }
        }
        count += bytes.count
    }

    /// Appends bytes.
    mutating func append(_ bytes: [UInt8]) {
        append(bytes.span)
    }

    /// Appends an integer, least significant byte first.
    mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        let size = MemoryLayout<Value>.size
        if size > block.count - count { flush() }
        let start = count
        block.withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: start, as: Value.self) }
        count += size
    }

    /// The hash, 32 bytes.
    consuming func finalize() -> [UInt8] {
        flush()
        return hasher.finalize()
    }

    private mutating func flush() {
        // The block is moved out and back: a struct cannot lend one of its parts to a change of another.
        var full: [UInt8] = []
        swap(&full, &block)
        hasher.update(full.span.extracting(0..<count))
        swap(&full, &block)
        count = 0
    }
}
