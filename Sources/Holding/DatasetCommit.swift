// SPDX-License-Identifier: Apache-2.0
public import ConsentImport
public import ConsentModel
internal import ConsentProver
internal import Groups
internal import Secrets
public import Stores

/// Commits a table of records: every row gets a data point under a fresh blinding, in a random order, and all of them a manifest.
public struct DatasetCommit {
    /// The table with the name of the dataset.
    public let table: RecordTable
    /// Who holds the dataset, as the manifest says.
    public let holder: String
    /// Rows that are committed at a time.
    static let batchSize = 8_192

    /// The commitment of `table` for `holder`.
    public init(table: RecordTable, holder: String) {
        self.table = table
        self.holder = holder
    }

    /// Reads the records, commits them and stores what opens them; the dataset is on the disk when this returns, or absent if it throws.
    ///
    /// - Throws: `dataset-empty` and the errors of ``RecordReader`` (`ModelError`), or `StoreError`.
    public func run(_ records: RecordFile, store: DatasetStore, progress: HoldingProgress.Handler = { _ in }) throws -> Manifest {
        guard try !store.datasets().contains(where: { $0.name == table.dataset }) else {
            throw StoreError.duplicateDataset(name: table.dataset)
        }
        let rows = try read(records, progress)
        guard rows.count > 0 else {
            throw ModelError("dataset-empty", "the file has no records", file: records.path, hint: "a dataset has at least one row")
        }
        var scalars = SecretScalars<Suite>(zeros: 3 * rows.count)
        var dataPoints: [UInt8] = []
        dataPoints.reserveCapacity(32 * rows.count)
        let order = Permutation.random(count: rows.count)
        let committer = DataPointCommitter()
        for start in stride(from: 0, to: rows.count, by: Self.batchSize) {
            let batch = order[start..<min(start + Self.batchSize, rows.count)]
            let committed = committer.commit(
                records: batch.map { rows.digest($0) }, subjects: table.subjectColumn == nil ? nil : batch.map { rows.subjects[$0] })
            dataPoints += committed.dataPoints
            committed.scalars.withSpan { scalars.copy($0, at: 3 * start) }
            progress(HoldingProgress(stage: .committing, done: start + batch.count, total: rows.count))
        }

        let manifest = try Manifest(dataset: table.dataset, holder: holder, dataPoints: dataPoints.span)
        let dataset = Dataset(
            name: table.dataset, count: rows.count, manifest: manifest.leaf, source: records.path, keyColumns: table.keyColumns,
            subjectColumn: table.subjectColumn)
        try store.create(dataset) { writer in
            for (position, row) in order.enumerated() {
                let width = 3 * Suite.scalarLimbCount
                try scalars.withSpan { scalars in
                    try writer.append(
                        sourceRow: row + 1, commitment: dataPoints[32 * position..<32 * position + 32],
                        record: rows.digests[32 * row..<32 * row + 32], subject: table.subjectColumn == nil ? [] : rows.subjects[row],
                        scalars: scalars.extracting(width * position..<width * (position + 1)))
                }
                if position % Self.batchSize == 0 { progress(HoldingProgress(stage: .rows, done: position, total: rows.count)) }
            }
        }
        return manifest
    }

    /// What is kept of each record until it is stored: its digest and its subject.
    private struct Rows {
        var digests: [UInt8] = []
        var subjects: [[UInt8]] = []
        var count: Int { digests.count / 32 }
        func digest(_ row: Int) -> [UInt8] { Array(digests[32 * row..<32 * row + 32]) }
    }

    private func read(_ records: RecordFile, _ progress: HoldingProgress.Handler) throws -> Rows {
        var rows = Rows()
        try records.forEach(table) { record in
            rows.digests += record.digest
            if let subject = record.subject { rows.subjects.append(subject) }
            if record.number % Self.batchSize == 0 { progress(HoldingProgress(stage: .reading, done: record.number, total: 0)) }
        }
        return rows
    }
}
