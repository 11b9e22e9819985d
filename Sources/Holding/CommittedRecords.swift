// SPDX-License-Identifier: Apache-2.0

/// The digests of a dataset's records as they were committed.
struct CommittedRecords {
    /// For each position of the dataset, the number of the row in the source when it was committed.
    private(set) var sourceRows: [Int] = []
    /// The digests in the order of the source, 32 bytes each; zeros for a number that no row has.
    private(set) var digests: [UInt8]
    private var isTaken: [Bool]
    /// The digests of positions whose numbers are not 1 to the number of rows, or another row's.
    private var others: [Int: [UInt8]] = [:]

    /// Room for `count` rows.
    init(count: Int) {
        digests = [UInt8](repeating: 0, count: 32 * count)
        isTaken = [Bool](repeating: false, count: count)
        sourceRows.reserveCapacity(count)
    }

    /// The number of rows.
    var count: Int { sourceRows.count }

    /// Whether ``digests`` is the whole source.
    var isWhole: Bool { others.isEmpty && count == isTaken.count }

    /// Adds rows, four words of digest each.
    mutating func append(_ words: Span<UInt64>, sourceRows: [Int]) {
        words.withUnsafeBytes { words in
            digests.withUnsafeMutableBytes { digests in
                for (slot, row) in sourceRows.enumerated() {
                    let digest = UnsafeRawBufferPointer(rebasing: words[32 * slot..<32 * slot + 32])
                    if (1...isTaken.count).contains(row), !isTaken[row - 1] {
                        isTaken[row - 1] = true
                        UnsafeMutableRawBufferPointer(rebasing: digests[32 * (row - 1)..<32 * row]).copyMemory(from: digest)
                    } else {
                        others[self.sourceRows.count + slot] = Array(digest)
                    }
                }
            }
        }
        self.sourceRows += sourceRows
    }

    /// The digest of the row at a position.
    func digest(_ position: Int) -> [UInt8] {
        others[position] ?? Array(digests[32 * (sourceRows[position] - 1)..<32 * sourceRows[position]])
    }
}
