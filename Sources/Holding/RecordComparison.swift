// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport
internal import ConsentModel
internal import ConsentProver
internal import Stores

/// The records as they are in the file now, to be compared with what was committed.
///
/// A row that has its place in the file changed and nothing else is the same row where key columns tell rows apart; without key columns the
/// row number is part of the record.
///
/// Mostly nothing has changed, and then every row has the digest of the row of its number: one pass over the file. Otherwise rows are found by
/// their digests.
struct RecordComparison {
    private let keyColumns: [String]
    private let records: RecordFile
    private let table: RecordTable
    /// For each position of the dataset the number of its row in the file, or as it was committed if it is not there any more; `nil` if nothing has changed.
    private(set) var numbers: [Int]?
    /// Refusals of the rows that were altered.
    private(set) var altered: [RowRefusal] = []
    /// The rows of the file that no committed record matched, ascending.
    private(set) var uncommitted: [Int] = []

    /// Reads the file.
    init(_ records: RecordFile, dataset: Dataset, committed: CommittedRecords, _ progress: HoldingProgress.Handler) throws {
        keyColumns = dataset.keyColumns
        self.records = records
        table = RecordTable(dataset: dataset.name, keyColumns: dataset.keyColumns, subjectColumn: dataset.subjectColumn)
        if try !Self.isUnchanged(records, table, committed, progress) { try match(committed, progress) }
    }

    /// Whether each row of the file is the committed row of its number, and there are no others. Keys are as unique then as they were.
    private static func isUnchanged(
        _ records: RecordFile, _ table: RecordTable, _ committed: CommittedRecords, _ progress: HoldingProgress.Handler
    ) throws -> Bool {
        guard committed.isWhole else { return false }
        var count = 0
        var isEqual = true
        try records.forEachDigests(table, batchSize: DatasetCommit.batchSize) { digests in
            let end = count + digests.count / 32
            isEqual = end <= committed.count && committed.digests[32 * count..<32 * end] == digests[...]
            count = end
            progress(HoldingProgress(stage: .reading, done: count, total: committed.count))
            return isEqual
        }
        return isEqual && count == committed.count
    }

    /// Finds every committed row in the file by its digest.
    private mutating func match(_ committed: CommittedRecords, _ progress: HoldingProgress.Handler) throws {
        var rowOfDigest: [[UInt8]: Int] = [:]
        rowOfDigest.reserveCapacity(committed.count)
        var names = RowNames(columns: keyColumns)
        var unmatched: Set<Int> = []
        try records.forEach(table) { record in
            rowOfDigest[record.digest] = record.number
            names.append(record.key)
            unmatched.insert(record.number)
            if record.number % DatasetCommit.batchSize == 0 {
                progress(HoldingProgress(stage: .reading, done: record.number, total: committed.count))
            }
        }
        var numbers = committed.sourceRows
        for position in numbers.indices {
            if let row = rowOfDigest[committed.digest(position)] {
                unmatched.remove(row)
                numbers[position] = row
            } else {
                let what = numbers[position] > names.count ? "is not in the file any more" : "differs from what was committed"
                altered.append(
                    RowRefusal(
                        .altered, row: position, sourceRow: numbers[position], "\(names.name(numbers[position])) \(what)"))
            }
        }
        uncommitted = unmatched.sorted()
        self.numbers = numbers
    }

    /// Refusals with the keys of rows beside their numbers.
    func named(_ refusals: [RowRefusal]) throws -> [RowRefusal] {
        var names = RowNames(columns: keyColumns)
        if !keyColumns.isEmpty { try records.forEach(table) { names.append($0.key) } }
        return refusals.map { refusal in
            let number = "row \(refusal.sourceRow) "
            guard refusal.message.hasPrefix(number + "cannot") else { return refusal }
            return RowRefusal(
                refusal.code, row: refusal.row, sourceRow: refusal.sourceRow,
                names.name(refusal.sourceRow) + " " + refusal.message.dropFirst(number.count))
        }
    }
}

/// The rows of a file in words: by number and key.
private struct RowNames {
    private let columns: [String]
    private var keys: [[UInt8]] = []
    /// The number of rows.
    private(set) var count = 0

    init(columns: [String]) {
        self.columns = columns
    }

    mutating func append(_ key: [UInt8]) {
        count += 1
        if !columns.isEmpty { keys.append(key) }
    }

    func name(_ row: Int) -> String {
        guard row >= 1, row <= keys.count, let cells = Self.cells(keys[row - 1]) else { return "row \(row)" }
        let named = columns.indices.map { "\(columns[$0]) \($0 < cells.count ? cells[$0] : "")" }
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
