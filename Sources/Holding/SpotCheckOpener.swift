// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport
public import ConsentModel
public import Stores

/// Opens the drawn rows of a committed dataset, and no others: what the holder hands over in a spot check.
///
/// Security: the result has the records and the blindings of these rows; nothing else of the store is decrypted.
public struct SpotCheckOpener {
    private let datasets: DatasetStore

    /// An opener of rows in `datasets`, open for reading.
    public init(datasets: DatasetStore) {
        self.datasets = datasets
    }

    /// Opens `count` rows of a dataset.
    ///
    /// - Parameter records: the file that was committed; it may have grown or been reordered where key columns tell rows apart.
    /// - Throws: `spot-check-value`, `spot-check-count`, `spot-check-altered` when a drawn record is not in the file any more, and what reading throws.
    public func open(
        dataset name: String, records: RecordFile, source: SpotCheckDraw.Source, value: String, count: Int,
        progress: HoldingProgress.Handler = { _ in }
    ) throws -> SpotCheckOpenings {
        let dataset = try datasets.dataset(named: name)
        let manifest = try Manifest(parsing: dataset.manifest)
        let draw = try SpotCheckDraw(source: source, value: value, manifest: manifest, count: count)
        var rows: [(position: Int, sourceRow: Int, digest: [UInt8], subject: [UInt8], blinding: [UInt8])] = []
        try datasets.forEachRow(of: name, at: draw.rows.map { Int($0) }) { row in
            rows.append(
                (
                    row.position, row.sourceRow, row.withRecord { Array(copying: $0) }, row.withSubject { Array(copying: $0) },
                    row.withBlinding { Array(copying: $0) }
                ))
        }
        let found = try find(Set(rows.map(\.digest)), dataset, records, progress)
        var openings: [SpotCheckOpenings.Opening] = []
        var columns: [String]?
        for row in rows {
            guard let record = found[row.digest] else {
                throw ModelError(
                    "spot-check-altered",
                    "row \(row.sourceRow) was drawn, and what was committed of it is not in the file any more", file: records.path,
                    hint: "use the file as it was committed")
            }
            let cells = records.format == .csv ? try Self.cells(record.canonicalRow) : nil
            columns = columns ?? cells?.names
            openings.append(
                SpotCheckOpenings.Opening(
                    index: UInt64(row.position), rowNumber: UInt64(dataset.keyColumns.isEmpty ? record.number : row.sourceRow),
                    record: cells?.values ?? [String(decoding: record.canonicalRow, as: UTF8.self)], blinding: row.blinding))
        }
        let opened = try SpotCheckOpenings(
            manifest: manifest, format: records.format == .csv ? .csv : .jsonl, columns: columns ?? [], keyColumns: dataset.keyColumns,
            subjectColumn: dataset.subjectColumn, openings: openings)
        // What is handed out opens what was committed: the auditor derives digest and subject in the same way.
        for (position, row) in rows.enumerated() {
            let opening = opened.openings[position]
            guard try opened.digest(of: opening, dataset: name) == row.digest, try opened.subject(of: opening) ?? [] == row.subject else {
                throw ModelError("spot-check-altered", "row \(row.sourceRow) cannot be opened from the file", file: records.path)
            }
        }
        return opened
    }

    /// The records with these digests.
    private func find(
        _ digests: Set<[UInt8]>, _ dataset: Dataset, _ records: RecordFile, _ progress: HoldingProgress.Handler
    ) throws -> [[UInt8]: Record] {
        var found: [[UInt8]: Record] = [:]
        let table = RecordTable(dataset: dataset.name, keyColumns: dataset.keyColumns, subjectColumn: dataset.subjectColumn)
        try records.forEach(table) { record in
            if digests.contains(record.digest) { found[record.digest] = record }
            if record.number % DatasetCommit.batchSize == 0 {
                progress(HoldingProgress(stage: .reading, done: record.number, total: dataset.count))
            }
        }
        return found
    }

    /// The names and cells of a canonical CSV row: `LP(name) LP(cell)` for each column.
    private static func cells(_ row: [UInt8]) throws(ModelError) -> (names: [String], values: [String]) {
        var (names, values): ([String], [String]) = ([], [])
        var rest = row[...]
        func next() throws(ModelError) -> String {
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4, rest.count - 4 >= length,
                let text = String(validating: rest.dropFirst(4).prefix(length), as: UTF8.self)
            else { throw ModelError("spot-check-altered", "a row of the file is not text in UTF-8") }
            rest = rest.dropFirst(4 + length)
            return text
        }
        while !rest.isEmpty {
            names.append(try next())
            values.append(try next())
        }
        return (names, values)
    }
}
