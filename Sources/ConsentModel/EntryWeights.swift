// SPDX-License-Identifier: Apache-2.0
public import Groups

/// The weights of the rows, added up for each entry: an entry that covers several rows counts with the sum of their weights.
///
/// A sum of 128-bit weights may have up to 160 bits for 2^32 rows; it is kept whole.
public struct EntryWeights: Sendable {
    /// One weight for each entry.
    public let entries: [Suite.Scalar]
    /// The sum of all weights.
    public let total: Suite.Scalar

    /// Adds the weight `rows[i]` to the entry `positions[i]`.
    ///
    /// - Precondition: one position for each row, each below `entries`.
    public init(rows: [UInt128], positions: U64Column, entries count: Int) {
        precondition(rows.count == positions.count, "one position for each row")
        var low = [UInt128](repeating: 0, count: count)
        var high = [UInt64](repeating: 0, count: count)
        positions.withSpan { positions in
            for row in positions.indices {
                let entry = Int(positions[row])
                let (sum, carry) = low[entry].addingReportingOverflow(rows[row])
                low[entry] = sum
                if carry { high[entry] += 1 }
            }
        }
        let shift = Suite.Scalar(UInt128(1) << 127) * Suite.Scalar(UInt64(2))
        entries = low.indices.map { entry in
            high[entry] == 0 ? Suite.Scalar(low[entry]) : Suite.Scalar(low[entry]) + shift * Suite.Scalar(high[entry])
        }
        total = entries.reduce(Suite.Scalar.zero) { $0 + $1 }
    }
}
