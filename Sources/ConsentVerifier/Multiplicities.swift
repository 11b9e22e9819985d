// SPDX-License-Identifier: Apache-2.0
package import ConsentModel
internal import Cores

/// How many consents cover how many data points, exactly: a group for each number of data points that occurs.
///
/// There are few: the numbers add up to the `N` data points, so that fewer than `sqrt(2 N)` of them are different.
public struct Multiplicities: Sendable, Hashable {
    /// The consents that cover one number of data points.
    public struct Group: Sendable, Hashable {
        /// How many data points each of them covers.
        public let dataPointsEach: Int
        /// How many consents there are.
        public let consents: Int
        /// How many data points they cover together.
        public var dataPoints: Int { dataPointsEach * consents }
    }

    /// The groups, ascending. Their sums are the bundle's numbers of consents and of data points.
    public let groups: [Group]
    /// The largest number of data points that one consent covers.
    public var most: Int { groups.last?.dataPointsEach ?? 0 }

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
        let common = tally.common.enumerated().lazy.filter { $1 > 0 }.map { Group(dataPointsEach: $0, consents: $1) }
        groups = common + tally.rare.sorted { $0.key < $1.key }.map { Group(dataPointsEach: Int($0), consents: $1) }
    }

    /// How many consents have each number of uses.
    private struct Tally {
        /// By the number, below 1,024: an array is quicker than a dictionary, and few consents are used more.
        var common = [Int](repeating: 0, count: 1024)
        var rare: [UInt64: Int] = [:]

        init(_ uses: some Sequence<UInt64>) {
            for count in uses where count > 0 { add(count, 1) }
        }

        mutating func add(_ other: Tally) {
            for index in common.indices { common[index] += other.common[index] }
            for (count, consents) in other.rare { add(count, consents) }
        }

        private mutating func add(_ count: UInt64, _ consents: Int) {
            if count < UInt64(common.count) { common[Int(count)] += consents } else { rare[count, default: 0] += consents }
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
}
