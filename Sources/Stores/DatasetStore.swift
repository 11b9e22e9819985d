// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import Primitives
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
        kind: "datasets", applicationID: 0x7a6b_6344, version: 1, mode: 0o600,
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
            CREATE TABLE rows (
                dataset INTEGER NOT NULL,
                position INTEGER NOT NULL,
                commitment BLOB NOT NULL CHECK (typeof(commitment) = 'blob' AND length(commitment) = 32),
                box BLOB NOT NULL CHECK (typeof(box) = 'blob'),
                PRIMARY KEY (dataset, position)
            ) WITHOUT ROWID
            """,
            "CREATE TRIGGER rows_no_update BEFORE UPDATE ON rows BEGIN SELECT RAISE(ABORT, 'rows are never changed'); END",
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

    /// Receives the rows of one new dataset in the order of their positions.
    public final class Writer {
        private let statement: Statement
        private let store: SealedDatabase
        private let id: Int64
        private let name: String
        /// The number of rows so far, which is the position of the next one.
        public private(set) var count = 0

        fileprivate init(_ db: Database, store: SealedDatabase, id: Int64, name: String) throws {
            statement = try db.makeStatement(sql: "INSERT INTO rows (dataset, position, commitment, box) VALUES (?, ?, ?, ?)")
            self.store = store
            self.id = id
            self.name = name
        }

        /// Adds the row at position ``count``.
        ///
        /// - Parameters:
        ///   - sourceRow: Its number in the source, at least 0.
        ///   - commitment: `D`, 32 bytes.
        ///   - record: The record digest, 32 bytes.
        ///   - subject: The canonical bytes of the subject's id, or nothing.
        ///   - blinding: `s`, 32 bytes.
        public func append(
            sourceRow: Int, commitment: [UInt8], record: Span<UInt8>, subject: Span<UInt8>, blinding: Span<UInt8>
        ) throws(StoreError) {
            guard sourceRow >= 0, commitment.count == 32, record.count == 32, blinding.count == 32 else {
                throw .invalidArgument(name: "row", reason: "a value has the wrong length")
            }
            var plaintext = SecretBytes(count: DatasetRow.fixedByteCount + subject.count)
            plaintext.withMutableSpan { out in
                for i in 0..<8 { out[i] = UInt8(truncatingIfNeeded: sourceRow >> (8 * i)) }
                for i in 0..<32 {
                    out[8 + i] = record[i]
                    out[40 + i] = blinding[i]
                }
                for i in 0..<subject.count { out[DatasetRow.fixedByteCount + i] = subject[i] }
            }
            let context = DatasetStore.context(name: name, position: count, commitment: commitment)
            let box = try plaintext.withSpan { (bytes) throws(StoreError) in try store.seal(bytes, context: context) }
            do {
                try statement.execute(arguments: [id, count, Data(commitment), Data(box)])
            } catch {
                throw StoreError(error, path: store.file.path)
            }
            count += 1
        }
    }

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
            try db.execute(sql: "DELETE FROM rows WHERE dataset = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM datasets WHERE id = ?", arguments: [id])
        }
        try sealed.forgetDeleted()
    }

    /// What a row's sealed bytes are bound to.
    static func context(name: String, position: Int, commitment: [UInt8]) -> [UInt8] {
        var context = lengthPrefixed("zkconsent/v1/store/row") + lengthPrefixed(name)
        context.appendLE64(UInt64(position))
        return context + lengthPrefixed(commitment)
    }
}
