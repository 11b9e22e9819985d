// SPDX-License-Identifier: Apache-2.0

/// The digests of a dataset's records as they were committed.
struct CommittedRecords {
    /// The digests in the order of the dataset, 32 bytes each.
    private(set) var digests: [UInt8] = []
    /// The numbers of the rows in the source when they were committed.
    private(set) var sourceRows: [Int] = []

    /// Room for `count` rows.
    init(count: Int) {
        digests.reserveCapacity(32 * count)
        sourceRows.reserveCapacity(count)
    }

    /// The number of rows.
    var count: Int { sourceRows.count }

    /// Adds rows, four words of digest each.
    mutating func append(_ words: Span<UInt64>, sourceRows: [Int]) {
        words.withUnsafeBytes { digests.append(contentsOf: $0) }
        self.sourceRows += sourceRows
    }

    /// The digest of the row at a position.
    func digest(_ position: Int) -> ArraySlice<UInt8> { digests[32 * position..<32 * position + 32] }

    /// For each row of the source, by number from 1, its position here; `nil` unless the numbers are 1 to the number of rows.
    func positionsBySource() -> [Int32]? {
        var positions = [Int32](repeating: -1, count: count + 1)
        for (position, row) in sourceRows.enumerated() {
            guard (1...count).contains(row), positions[row] < 0 else { return nil }
            positions[row] = Int32(position)
        }
        return positions
    }
}
