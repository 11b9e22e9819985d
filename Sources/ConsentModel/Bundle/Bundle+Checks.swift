// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection

extension Bundle {
    /// Establishes the invariant; see ``Bundle``.
    ///
    /// - Throws: As the initialiser.
    func check() throws(ModelError) {
        try header.check()
        try checkSizes()
        try checkEntries()
        try checkPositions()
        for column in revealed { try column.check(count: header.distinctConsents) }
    }

    private func checkSizes() throws(ModelError) {
        let (rows, consents, ledgers) = (header.dataPoints, header.distinctConsents, header.ledgers.count)
        let sizes: [(name: String, isRight: Bool)] = [
            ("consent", positions.count == rows),
            ("entry_ledger", entryLedgers.count == consents),
            ("entry_index", entryIndices.count == consents),
            ("entries", entries.count == consents && entries.rowByteCount == Self.entryByteCount),
            ("data_points", dataPoints.count == rows && dataPoints.rowByteCount == 32),
            ("inclusion", inclusions.count == ledgers && inclusions.allSatisfy { $0.rowByteCount == 32 }),
            ("revocations", revocations.count == ledgers && revocations.allSatisfy { $0.rowByteCount == Self.revocationByteCount }),
            ("proof", proof.rowByteCount == 1),
            (DecodingAdvice.names[0], advice.map { $0.dataPoints.count == rows && $0.dataPoints.rowByteCount == 32 } ?? true),
            (DecodingAdvice.names[1], advice.map { $0.entries.count == consents && $0.entries.rowByteCount == 32 } ?? true),
        ]
        for (name, isRight) in sizes where !isRight {
            throw ModelError("bundle-columns", "the column \(name) has not the size that the header gives")
        }
    }

    /// Strictly ascending (ledger number, leaf index), each ledger number that of a ledger.
    private func checkEntries() throws(ModelError) {
        let ledgerCount = UInt64(header.ledgers.count)
        try entryLedgers.withSpan { (ledgers) throws(ModelError) in
            try entryIndices.withSpan { (indices) throws(ModelError) in
                for entry in ledgers.indices {
                    guard ledgers[entry] < ledgerCount else {
                        throw ModelError(
                            "bundle-entry-ledger", "the entry at position \(entry) names a ledger that the bundle does not have")
                    }
                    guard entry > 0 else { continue }
                    let (ledger, previous) = (ledgers[entry], ledgers[entry - 1])
                    let isAscending = previous < ledger || previous == ledger && indices[entry - 1] < indices[entry]
                    guard Fault.isRemoved(.bundleEntriesAscending) || isAscending else {
                        throw ModelError(
                            "bundle-entries-order",
                            "the entries at positions \(entry - 1) and \(entry) are not ascending by ledger and index")
                    }
                }
            }
        }
    }

    /// Every position below E, every entry used.
    private func checkPositions() throws(ModelError) {
        let count = header.distinctConsents
        var isUsed = [Bool](repeating: false, count: count)
        var used = 0
        try positions.withSpan { (positions) throws(ModelError) in
            for row in positions.indices {
                guard positions[row] < UInt64(count) else {
                    throw ModelError("bundle-position", "row \(row) names the entry \(positions[row]) of \(count)")
                }
                let position = Int(positions[row])
                used += isUsed[position] ? 0 : 1
                isUsed[position] = true
            }
        }
        guard Fault.isRemoved(.bundleEntryUnused) || used == count else {
            throw ModelError("bundle-entry-unused", "no row uses the entry at position \(isUsed.firstIndex(of: false) ?? 0)")
        }
    }
}
