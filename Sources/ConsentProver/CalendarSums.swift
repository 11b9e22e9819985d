// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import Groups
internal import Secrets

/// The parts of `C` that are chosen by secret bits and days: flags, and the calendar as the difference of two prefix sums.
///
/// Timing: constant in flags and days; whole tables are read.
struct CalendarSums {
    private let flagTable: Ristretto255.SelectionTable
    private let dayTable: Ristretto255.SelectionTable
    private let wordsPerRow: Int

    /// The tables of a schema's generators.
    init(_ generators: GeneratorTable) {
        flagTable = Suite.selectionTable(generators.flags)
        dayTable = Suite.selectionTable(generators.dayPrefixSums)
        wordsPerRow = DatasetWitness.wordsPerReceipt(generators.schema)
    }

    /// `values[i] + sum of the flags of row i`.
    func addingFlags(to values: [Suite.Point], _ flags: borrowing SecretCell<UInt64>) -> [Suite.Point] {
        let sums = flags.withSpan { Suite.subsetSums(rows: values.count, bits: $0, wordsPerRow: wordsPerRow, of: flagTable) }
        return values.indices.map { Suite.add(values[$0], sums[$0]) }
    }

    /// `values[i] + P_end - P_first`.
    ///
    /// - Parameters:
    ///   - firstDays: offsets from the first calendar day.
    ///   - endDays: the same, exclusive.
    func addingDays(
        to values: [Suite.Point], firstDays: borrowing SecretCell<UInt32>, endDays: borrowing SecretCell<UInt32>
    ) -> [Suite.Point] {
        let first = firstDays.withSpan { Suite.selected($0, from: dayTable) }
        let end = endDays.withSpan { Suite.selected($0, from: dayTable) }
        return values.indices.map { Suite.add(values[$0], Suite.add(end[$0], Suite.negate(first[$0]))) }
    }

    /// Both.
    func adding(
        to values: [Suite.Point], flags: borrowing SecretCell<UInt64>, firstDays: borrowing SecretCell<UInt32>,
        endDays: borrowing SecretCell<UInt32>
    ) -> [Suite.Point] {
        addingDays(to: addingFlags(to: values, flags), firstDays: firstDays, endDays: endDays)
    }
}
