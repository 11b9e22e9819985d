// SPDX-License-Identifier: Apache-2.0
public import Groups

/// The weights of the rows, added up for each entry: an entry that covers several rows counts with the sum of their weights.
///
/// A sum of 128-bit weights may have up to 160 bits for 2^32 rows; it is kept whole.
public struct EntryWeights: Sendable {
    /// Each sum modulo 2^128.
    private var low: [UInt128]
    /// Each sum divided by 2^128; empty while no sum needs it.
    private var high: [UInt32] = []
    private var totalLow: UInt128 = 0
    private var totalHigh: UInt64 = 0

    /// No weights for `entries` entries.
    public init(entries count: Int) {
        low = [UInt128](repeating: 0, count: count)
    }

    /// Adds the weight `rows[i]` to the entry `positions[i]`.
    ///
    /// - Precondition: one position for each row, each below `entries`.
    public init(rows: [UInt128], positions: U64Column, entries count: Int) {
        precondition(rows.count == positions.count, "one position for each row")
        self.init(entries: count)
        add(rows, positions: positions, from: 0)
    }

    /// Adds the weight `rows[i]` to the entry `positions[first + i]`.
    ///
    /// - Precondition: a position for each row, each below the number of entries.
    public mutating func add(_ rows: [UInt128], positions: U64Column, from first: Int) {
        precondition(first >= 0 && rows.count <= positions.count - first, "one position for each row")
        positions.withSpan { positions in
            for row in rows.indices {
                let entry = Int(positions[first + row])
                let (sum, carry) = low[entry].addingReportingOverflow(rows[row])
                low[entry] = sum
                if carry {
                    if high.isEmpty { high = [UInt32](repeating: 0, count: low.count) }
                    high[entry] += 1
                }
                let (total, totalCarry) = totalLow.addingReportingOverflow(rows[row])
                totalLow = total
                if totalCarry { totalHigh += 1 }
            }
        }
    }

    /// The number of entries.
    public var count: Int { low.count }

    /// The weights of some entries.
    public func scalars(_ range: Range<Int>) -> [Suite.Scalar] {
        guard !high.isEmpty else { return Suite.Scalar.scalars(Array(low[range])) }
        return range.map { high[$0] == 0 ? Suite.Scalar(low[$0]) : Self.scalar(low[$0], UInt64(high[$0])) }
    }

    /// The sum of all weights.
    public var total: Suite.Scalar { Self.scalar(totalLow, totalHigh) }

    /// The sums of the weights of the entries of each of `count` schemas.
    public func totals(_ schemaOf: SchemaAssignment, schemas count: Int) -> [Suite.Scalar] {
        guard count > 1 else { return [total] }
        var sums = [(low: UInt128, high: UInt64)](repeating: (0, 0), count: count)
        for entry in low.indices {
            let schema = schemaOf(entry)
            let (sum, carry) = sums[schema].low.addingReportingOverflow(low[entry])
            sums[schema].low = sum
            sums[schema].high += (carry ? 1 : 0) + (high.isEmpty ? 0 : UInt64(high[entry]))
        }
        return sums.map { Self.scalar($0.low, $0.high) }
    }

    /// `low + 2^128 high`.
    private static func scalar(_ low: UInt128, _ high: UInt64) -> Suite.Scalar {
        Suite.Scalar(low) + Suite.Scalar(UInt128(1) << 127) * Suite.Scalar(UInt64(2)) * Suite.Scalar(high)
    }
}
