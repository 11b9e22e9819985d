// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport
internal import ConsentModel
internal import Stores

/// The records as they are in the file now, to be compared with what was committed.
///
/// A row that has its place in the file changed and nothing else is the same row where key columns tell rows apart; without key columns the
/// row number is part of the record.
struct RecordComparison {
    private let keyColumns: [String]
    /// Digest -> row number in the file.
    private var rowOfDigest: [[UInt8]: Int] = [:]
    /// The key of each row of the file, in words; empty without key columns.
    private var keys: [[UInt8]] = []
    private var unmatched: Set<Int> = []
    /// The number of rows in the file.
    private(set) var count = 0

    /// Reads the file.
    init(_ records: RecordFile, dataset: Dataset, _ progress: HoldingProgress.Handler) throws {
        keyColumns = dataset.keyColumns
        rowOfDigest.reserveCapacity(dataset.count)
        let table = RecordTable(dataset: dataset.name, keyColumns: dataset.keyColumns, subjectColumn: dataset.subjectColumn)
        try records.forEach(table) { record in
            count = record.number
            rowOfDigest[record.digest] = record.number
            if !keyColumns.isEmpty { keys.append(record.key) }
            unmatched.insert(record.number)
            if record.number % DatasetCommit.batchSize == 0 {
                progress(HoldingProgress(stage: .reading, done: record.number, total: dataset.count))
            }
        }
    }

    /// The row of the file with this digest; `nil` if the committed record is not in the file any more.
    mutating func match(_ digest: [UInt8]) -> Int? {
        guard let row = rowOfDigest[digest] else { return nil }
        unmatched.remove(row)
        return row
    }

    /// The rows of the file that no committed record matched, ascending.
    var uncommitted: [Int] { unmatched.sorted() }

    /// A row of the file by number and key.
    func name(_ row: Int) -> String {
        guard row >= 1, row <= keys.count, let cells = Self.cells(keys[row - 1]) else { return "row \(row)" }
        let named = keyColumns.indices.map { "\(keyColumns[$0]) \($0 < cells.count ? cells[$0] : "")" }
        return "row \(row) (\(named.joined(separator: ", ")))"
    }

    /// The cells of a row key, `LP(cell)` each.
    private static func cells(_ key: [UInt8]) -> [String]? {
        var cells: [String] = []
        var position = 0
        while position < key.count {
            guard key.count - position >= 4 else { return nil }
            let length = Int(key[position..<position + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            position += 4
            guard key.count - position >= length else { return nil }
            cells.append(String(decoding: key[position..<position + length], as: UTF8.self))
            position += length
        }
        return cells
    }
}
