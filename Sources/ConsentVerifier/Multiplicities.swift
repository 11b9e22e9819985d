// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
internal import Cores

/// How many consents cover how many data points: exact up to ``exactLimit``, in ranges that double above it, so that its size is bounded.
public struct Multiplicities: Sendable, Hashable {
    /// The consents that cover a number of data points in a range.
    public struct Group: Sendable, Hashable {
        /// Numbers of data points for each consent.
        public let range: ClosedRange<UInt64>
        /// How many consents there are.
        public fileprivate(set) var consents: Int
        /// How many data points they cover together.
        public fileprivate(set) var dataPoints: Int
    }

    /// Multiplicities up to this have a group of their own.
    public static let exactLimit = 16
    /// At most this many groups: a multiplicity is at most 2^32.
    public static let groupLimit = exactLimit + 28

    /// The groups that are not empty, ascending. Their sums are the bundle's numbers of consents and of data points.
    public let groups: [Group]
    /// The largest number of data points that one consent covers.
    public let most: Int

    /// Rows that are worth a block; it must have half as many of them as there are entries, because each core counts in an array of its own.
    private static let chunkMinimum = 1 << 18

    /// Counts the uses of each entry.
    ///
    /// - Parameters:
    ///   - positions: The position of each row's entry, below `consents`: at most 2^32 rows.
    ///   - consents: The number of entries, each of which is used.
    package init(positions: U64Column, consents: Int) {
        // Where there is one entry (or no row) its uses may not fit 32 bits; where there are more, every one leaves a row for another.
        guard consents > 1 else {
            self.init(uses: CollectionOfOne(UInt64(positions.count)))
            return
        }
        let uses = Self.uses(positions, consents)
        let parts = Parallel.map(uses.count, minimum: Self.chunkMinimum) { Tally(uses[$0].lazy.map(UInt64.init)) }
        self.init(parts.dropFirst().reduce(into: parts.first ?? Tally([])) { $0.add($1) })
    }

    /// The multiplicities of entries with these uses.
    package init(uses: some Sequence<UInt64>) { self.init(Tally(uses)) }

    private init(_ tally: Tally) {
        groups = tally.groups.filter { $0.consents > 0 }
        most = Int(tally.most)
    }

    /// All groups, empty ones too.
    private struct Tally {
        var groups = (0..<groupLimit).map { Group(range: range($0), consents: 0, dataPoints: 0) }
        var most: UInt64 = 0

        init(_ uses: some Sequence<UInt64>) {
            for count in uses where count > 0 {
                let group = group(of: count)
                groups[group].consents += 1
                groups[group].dataPoints += Int(count)
                most = max(most, count)
            }
        }

        mutating func add(_ other: Tally) {
            for group in groups.indices {
                groups[group].consents += other.groups[group].consents
                groups[group].dataPoints += other.groups[group].dataPoints
            }
            most = max(most, other.most)
        }
    }

    private static func uses(_ positions: U64Column, _ consents: Int) -> [UInt32] {
        positions.withSpan { positions in
            positions.withUnsafeBufferPointer { positions in
                nonisolated(unsafe) let positions = positions
                var parts = Parallel.gather(positions.count, minimum: max(chunkMinimum, consents / 2)) {
                    [UInt32](repeating: 0, count: consents)
                } _: { uses, rows in
                    for row in rows { uses[Int(positions[row])] &+= 1 }
                }
                guard var sum = parts.popLast() else { return [] }
                for part in parts {
                    for entry in sum.indices { sum[entry] &+= part[entry] }
                }
                return sum
            }
        }
    }

    /// The number of the group of a multiplicity from 1 to 2^32.
    private static func group(of count: UInt64) -> Int {
        guard count > UInt64(exactLimit) else { return Int(count) - 1 }
        return min(exactLimit + (UInt64.bitWidth - (count - 1).leadingZeroBitCount) - 5, groupLimit - 1)
    }

    private static func range(_ group: Int) -> ClosedRange<UInt64> {
        guard group >= exactLimit else { return UInt64(group + 1)...UInt64(group + 1) }
        let upper = UInt64(2 * exactLimit) << UInt64(group - exactLimit)
        return upper / 2 + 1...upper
    }
}
