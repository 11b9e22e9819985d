// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Groups
internal import Secrets

extension DatasetWitness {
    /// The witness of as many rows in which every row has a receipt of its own, the one with its number: what point proofs need of it.
    ///
    /// Timing: which receipt is gathered for which row shows in the addresses that are read.
    ///
    /// - Parameters:
    ///   - receipts: for each row its receipt.
    ///   - consentBlindings: one for each row, in place of those of the receipts.
    borrowing func rowByRow(_ receipts: [Int], consentBlindings: consuming SecretScalars<Suite>) -> DatasetWitness {
        var own = DatasetWitness(schema: schema, rows: rowCount, receipts: rowCount)
        own.data = data.copy()
        let words = Self.wordsPerReceipt(schema)
        for (row, receipt) in receipts.enumerated() {
            for column in schema.attributes.indices {
                attributes.withScalar(column * receiptCount + receipt) { own.attributes.set(limbs: $0, at: column * rowCount + row) }
            }
            flags.withSpan { from in
                own.flags.withMutableSpan { for word in 0..<words { $0[words * row + word] = from[words * receipt + word] } }
            }
            alternatives.withSpan { from in own.alternatives.withMutableSpan { $0[row] = from[receipt] } }
        }
        own.consentBlindings = consentBlindings
        return own
    }

    /// `k` of the receipts of the rows.
    borrowing func consentBlindings(_ receipts: [Int]) -> SecretScalars<Suite> {
        var chosen = SecretScalars<Suite>(zeros: receipts.count)
        for (row, receipt) in receipts.enumerated() { consentBlindings.withScalar(receipt) { chosen.set(limbs: $0, at: row) } }
        return chosen
    }
}
