// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Groups
internal import Secrets

/// Opens every commitment of a draft with the witness, to name the rows for which a folded proof failed.
///
/// Timing: constant in the witness, except for the refusals themselves, which the holder is told.
struct OpeningCheck {
    let statement: CompiledStatement

    /// The rows whose data point, receipt or link does not open.
    func refusals(_ draft: BundleDraft, witness: borrowing DatasetWitness) -> [RowRefusal] {
        var dataPoints = Suite.encode(dataPoints(witness))
        declassify(&dataPoints, as: .commitment)
        let schemaOf = draft.schemasOfReceipts(draft.schemaAssignment(statement), count: witness.receiptCount)
        var commitments = calendarCommitments(witness, statement.parts[0].generators)
        // Of receipts of further schemas there is nothing in the columns of the first.
        for (number, other) in witness.others.enumerated() where !other.isUnused {
            let own = calendarCommitments(other.witness, statement.parts[number + 1].generators)
            for receipt in schemaOf.indices where schemaOf[receipt] == number + 1 {
                commitments.replaceSubrange(32 * receipt..<32 * receipt + 32, with: own[32 * receipt..<32 * receipt + 32])
            }
        }
        var refusals: [RowRefusal] = []
        for (row, position) in draft.positions.enumerated() {
            let entry = Int(position)
            let receipt = draft.receipts[entry]
            func refuse(_ code: RowRefusal.Code, _ message: String) {
                refusals.append(RowRefusal(code, row: row, sourceRow: draft.sourceRows[row], message))
            }
            let start = entry * Bundle.entryByteCount + Entry.calendarRange.lowerBound
            if dataPoints[32 * row..<32 * row + 32] != draft.dataPoints[32 * row..<32 * row + 32] {
                refuse(
                    .dataPoint, "the data-point commitment does not open to this row: the dataset's store is damaged or of another dataset")
            } else if commitments[32 * receipt..<32 * receipt + 32] != draft.entries[start..<start + 32] {
                refuse(.receipt, "the entry does not open to its receipt: the receipt is damaged or of another ledger")
            } else if !isLinked(row, receipt, schemaOf[receipt], witness) {
                refuse(.noConsent, "the consent assigned to this row is for another record or subject")
            }
        }
        return refusals
    }

    /// `D_i` of every row.
    private func dataPoints(_ witness: borrowing DatasetWitness) -> [Suite.Point] {
        let rows = witness.rowCount
        let limbs = Suite.scalarLimbCount
        var scalars = SecretLimbs(count: 3 * limbs * rows)
        witness.data.withSpan { data in
            scalars.withMutableSpan { out in
                for row in 0..<rows {
                    for column in 0..<3 {
                        for limb in 0..<limbs { out[(3 * row + column) * limbs + limb] = data[(column * rows + row) * limbs + limb] }
                    }
                }
            }
        }
        let bases = Suite.fixedBases(statement.generators.dataBases)
        return scalars.withSpan { Suite.multiScalarMul(rows: rows, $0, bases) }
    }

    /// `C` of every receipt, encoded.
    private func calendarCommitments(_ witness: borrowing DatasetWitness, _ generators: GeneratorTable) -> [UInt8] {
        let receipts = witness.receiptCount
        let limbs = Suite.scalarLimbCount
        let columns = witness.schema.attributes.count
        var scalars = SecretLimbs(count: (columns + 1) * limbs * receipts)
        func place(_ source: Span<UInt64>, column: Int) {
            scalars.withMutableSpan { out in
                for receipt in 0..<receipts {
                    for limb in 0..<limbs { out[(receipt * (columns + 1) + column) * limbs + limb] = source[receipt * limbs + limb] }
                }
            }
        }
        witness.attributes.withSpan { all in
            for column in 0..<columns { place(all.extracting(column * receipts * limbs..<(column + 1) * receipts * limbs), column: column) }
        }
        witness.blindings.withSpan { place($0, column: columns) }
        let bases = Suite.fixedBases(generators.attributes + [generators.blinding])
        let values = scalars.withSpan { Suite.multiScalarMul(rows: receipts, $0, bases) }
        var commitments = Suite.encode(
            CalendarSums(generators).adding(to: values, flags: witness.flags, firstDays: witness.firstDays, endDays: witness.endDays))
        declassify(&commitments, as: .commitment)
        return commitments
    }

    /// Whether the linked values of a row and a receipt are equal.
    private func isLinked(_ row: Int, _ receipt: Int, _ schema: Int, _ witness: borrowing DatasetWitness) -> Bool {
        statement.statement.links.allSatisfy { link in
            guard let column = statement.parts[schema].statement.schema.attributeIndex(named: link.rawValue) else { return false }
            var difference = SecretLimbs(count: Suite.scalarLimbCount)
            witness.data.withScalar(link.slot * witness.rowCount + row) { a in
                witness.withAttribute(column, of: receipt, schema: schema) { b in
                    difference.withMutableSpan { Suite.subtract(a, b, into: &$0) }
                }
            }
            return difference.withSpan { limbs in
                var any: UInt64 = 0
                for limb in limbs.indices { any |= limbs[limb] }
                return declassified((any | (0 &- any)) >> 63, as: .openingCheck) == 0
            }
        }
    }
}
