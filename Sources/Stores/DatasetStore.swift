// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
public import Secrets

/// The holder's committed datasets: for each row its commitment and, sealed, what opens it.
public final class DatasetStore: Sendable {
    /// The encrypted database.
    package let sealed: SealedDatabase

    private init(_ sealed: SealedDatabase) {
        self.sealed = sealed
    }

    /// The file, with links resolved.
    public var path: String { sealed.file.path }

    static let format = DatabaseFormat(
        kind: "datasets", applicationID: 0x7a6b_6344, version: 2, oldest: 2, mode: 0o600,
        schema: [
            SealedDatabase.schema,
            """
            CREATE TABLE datasets (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                count INTEGER NOT NULL CHECK (typeof(count) = 'integer' AND count >= 1),
                manifest BLOB NOT NULL CHECK (typeof(manifest) = 'blob'),
                source TEXT NOT NULL,
                key_columns TEXT NOT NULL,
                subject_column TEXT
            )
            """,
            """
            CREATE TABLE pages (
                dataset INTEGER NOT NULL,
                first INTEGER NOT NULL,
                count INTEGER NOT NULL CHECK (typeof(count) = 'integer' AND count >= 1),
                commitments BLOB NOT NULL CHECK (typeof(commitments) = 'blob' AND length(commitments) = 32 * count),
                box BLOB NOT NULL CHECK (typeof(box) = 'blob'),
                UNIQUE (dataset, first)
            )
            """,
            "CREATE TRIGGER pages_no_update BEFORE UPDATE ON pages BEGIN SELECT RAISE(ABORT, 'rows are never changed'); END",
        ], migrations: [:])

    /// Makes a new store under a passphrase; an existing file is refused. Takes the time of one scrypt.
    public static func create(
        at path: String, passphrase: Span<UInt8>, parameters: SealedFile.Parameters = .standard
    ) throws(StoreError) -> DatasetStore {
        DatasetStore(try SealedDatabase.create(at: path, format: format, passphrase: passphrase, parameters: parameters))
    }

    /// Opens a store.
    ///
    /// - Throws: ``StoreError/wrongPassphrase(path:)`` and the rest of ``StoreError``.
    public static func open(at path: String, for access: StoreAccess, passphrase: Span<UInt8>) throws(StoreError) -> DatasetStore {
        DatasetStore(try SealedDatabase.open(at: path, format: format, for: access, passphrase: passphrase))
    }

    /// Seals the store under another passphrase.
    public func changePassphrase(to passphrase: Span<UInt8>, parameters: SealedFile.Parameters = .standard) throws(StoreError) {
        try sealed.changePassphrase(to: passphrase, parameters: parameters)
    }

    // MARK: Writing

    /// Stores a dataset in one transaction: it is on the disk when this returns, and absent if `body` throws.
    ///
    /// - Parameter body: Appends exactly `dataset.count` rows.
    /// - Throws: ``StoreError/duplicateDataset(name:)``, ``StoreError/rowCount(announced:written:)`` and the rest of ``StoreError``, or
    ///   what `body` throws.
    public func create(_ dataset: Dataset, rows body: (Writer) throws -> Void) throws {
        try sealed.file.rethrowingWrite { db in
            let columns = JSONEncoder()
            do {
                try db.execute(
                    sql: "INSERT INTO datasets (name, count, manifest, source, key_columns, subject_column) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        dataset.name, dataset.count, Data(dataset.manifest), dataset.source,
                        String(decoding: try columns.encode(dataset.keyColumns), as: UTF8.self), dataset.subjectColumn,
                    ])
            } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
                throw StoreError.duplicateDataset(name: dataset.name)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw StoreError.invalidArgument(name: "dataset", reason: "a dataset has at least one row")
            }
            let writer = try Writer(db, store: sealed, id: db.lastInsertedRowID, name: dataset.name)
            try body(writer)
            try writer.finish()
            guard writer.count == dataset.count else {
                throw StoreError.rowCount(announced: dataset.count, written: writer.count)
            }
        }
    }

    /// Erases a dataset: its commitments can never be opened again, unless from a backup.
    ///
    /// - Throws: ``StoreError/unknownDataset(name:)``.
    public func erase(_ name: String) throws(StoreError) {
        try sealed.file.write { db in
            let id = try Self.find(db, name).id
            try db.execute(sql: "DELETE FROM pages WHERE dataset = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM datasets WHERE id = ?", arguments: [id])
        }
        try sealed.forgetDeleted()
    }
}
