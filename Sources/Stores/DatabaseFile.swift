// SPDX-License-Identifier: Apache-2.0
internal import Foundation
package import GRDB

/// For what a store is opened.
public enum StoreAccess: Sendable {
    /// Any number of processes may read, also while another writes. From a folder that cannot be written, they read copies made by a backup, and
    /// what a writer has open; on a read-only disk also what was closed.
    case reading
    /// One process at a time may write.
    case writing
}

/// One SQLite file of ours: opened with its lock, checked, written durably.
///
/// Security: WAL with `synchronous = FULL`: a transaction is on the disk when ``write(_:)`` returns, and undone if the process dies before.
package final class DatabaseFile: Sendable {
    /// The path with links resolved.
    package let path: String
    let format: DatabaseFormat
    let queue: DatabaseQueue
    // Declared after `queue`, so released after the connection is closed.
    private let lock: FileLock?

    /// Whether this is the one writer.
    var isWritable: Bool { lock != nil }

    private init(path: String, format: DatabaseFormat, queue: DatabaseQueue, lock: FileLock?) {
        self.path = path
        self.format = format
        self.queue = queue
        self.lock = lock
    }

    // MARK: Creating

    /// Makes a new store and opens it for writing. It gets its name when it is complete and on the disk; an existing file is refused.
    package static func create(
        at path: String, format: DatabaseFormat, fill: (Database) throws -> Void
    ) throws(StoreError) -> DatabaseFile {
        let path = try DurableFile.resolved(path)
        if DurableFile.exists(path) { throw .alreadyExists(path: path) }
        let lock = try FileLock(for: path)
        let temporary = DurableFile.temporaryName(for: path)
        try DurableFile.createExclusively(temporary, mode: format.mode)
        defer { DurableFile.discard(temporary) }
        do {
            let queue = try DatabaseQueue(path: temporary, configuration: configuration(readOnly: false))
            try queue.write { db in
                try format.install(in: db)
                try fill(db)
            }
            try queue.close()
        } catch {
            throw StoreError(error, path: path)
        }
        try DurableFile.publish(temporary, as: path)
        return try open(at: path, format: format, lock: lock)
    }

    // MARK: Opening

    /// The least length of an SQLite database: one page.
    private static let smallestByteCount = 512

    /// Opens a store, checking its kind, version and schema. An older one is backed up and migrated if it is opened for writing.
    ///
    /// - Parameter checksSchema: False only to examine a store that may have been altered; refused for writing.
    package static func open(
        at path: String, format: DatabaseFormat, for access: StoreAccess, checksSchema: Bool = true
    ) throws(StoreError) -> DatabaseFile {
        let path = try DurableFile.resolved(path)
        // Before the lock: no lock file may appear beside what is no store. The file itself is not opened for that; see `sync()`.
        guard let byteCount = DurableFile.byteCount(path) else { throw .notFound(path: path) }
        guard DurableFile.isRegular(path), byteCount >= smallestByteCount else { throw .notADatabase(path: path) }
        for suffix in ["-wal", "-shm", "-journal"] where DurableFile.exists(path + suffix) && !DurableFile.isRegular(path + suffix) {
            throw .corrupt(path: path, reason: "\(path)\(suffix) is not a regular file")
        }
        return try open(at: path, format: format, lock: access == .writing ? FileLock(for: path) : nil, checksSchema: checksSchema)
    }

    private static func open(
        at path: String, format: DatabaseFormat, lock: FileLock?, checksSchema: Bool = true
    ) throws(StoreError) -> DatabaseFile {
        do {
            let queue = try lock == nil ? readingQueue(path) : DatabaseQueue(path: path, configuration: configuration(readOnly: false))
            let file = DatabaseFile(path: path, format: format, queue: queue, lock: lock)
            let found = try queue.read { try format.foundVersion($0, path: path) }
            if found < format.version { try file.migrate(from: found) }
            if checksSchema || lock != nil { try queue.read { try format.checkSchema($0, path: path) } }
            if lock != nil { try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") } }
            return file
        } catch let error as DatabaseError
            where lock == nil && [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode) && DurableFile.allowsNoFileBeside(path)
        {
            throw .folderNotWritable(path: path)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// A database in WAL mode in a folder where its side files cannot be made opens as immutable, unless its log holds transactions.
    private static func readingQueue(_ path: String) throws -> DatabaseQueue {
        do {
            return try DatabaseQueue(path: path, configuration: configuration(readOnly: true))
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN && (DurableFile.byteCount(path + "-wal") ?? 0) == 0 {
            return try DatabaseQueue(path: immutableURI(path), configuration: configuration(readOnly: true))
        }
    }

    /// The name under which SQLite opens `path` without locks or side files.
    package static func immutableURI(_ path: String) -> String {
        let escaped = path.utf8.map { byte in
            let isPlain =
                byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return "file:" + escaped.joined() + "?immutable=1"
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(
                sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; "
                    + "PRAGMA secure_delete = ON; PRAGMA recursive_triggers = ON")
        }
        return configuration
    }

    private func migrate(from found: Int) throws {
        guard isWritable else { throw StoreError.olderVersion(path: path, found: found, known: format.version) }
        var backup = "\(path).v\(found).backup"
        var attempt = 1
        while DurableFile.exists(backup) {
            attempt += 1
            backup = "\(path).v\(found)-\(attempt).backup"
        }
        try copy(to: backup)
        try queue.write { db in
            for version in found..<format.version {
                guard let step = format.migrations[version] else {
                    throw StoreError.database(path: path, reason: "there is no way from version \(version)")
                }
                try step(db)
            }
            try db.execute(sql: "PRAGMA user_version = \(format.version)")
        }
    }

    // MARK: Access

    /// Reads one consistent state.
    func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        do { return try queue.read(body) } catch { throw StoreError(error, path: path) }
    }

    /// One transaction: wholly on the disk when this returns, wholly undone when it throws.
    func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
        guard isWritable else { throw .readOnly(path: path) }
        do { return try queue.write(body) } catch { throw StoreError(error, path: path) }
    }

    /// ``read(_:)`` for a body with errors of its own, which pass unchanged.
    func rethrowingRead<T>(_ body: (Database) throws -> T) throws -> T {
        do { return try queue.read(body) } catch { throw unlessForeign(error) }
    }

    /// ``write(_:)`` for a body with errors of its own, which pass unchanged after the transaction is undone.
    func rethrowingWrite<T>(_ body: (Database) throws -> T) throws -> T {
        guard isWritable else { throw StoreError.readOnly(path: path) }
        do { return try queue.write(body) } catch { throw unlessForeign(error) }
    }

    private func unlessForeign(_ error: any Error) -> any Error {
        error is DatabaseError || error is StoreError ? StoreError(error, path: path) : error
    }

    /// Forces the write-ahead log and the names of the files to the disk, on top of what SQLite does at each commit.
    ///
    /// The database file itself must not be opened here: closing any descriptor of it would release SQLite's own locks on it (fcntl(2)).
    func sync() throws(StoreError) {
        if DurableFile.exists(path + "-wal") { try DurableFile.sync(path + "-wal") }
        try DurableFile.sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// What SQLite's own check finds, at most 100 lines; empty if all is well.
    func integrityProblems() throws(StoreError) -> [String] {
        try read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check(100)").filter { $0 != "ok" } }
    }

    // MARK: Copying

    /// Copies the present state to a new file that needs no side files; refuses to overwrite.
    ///
    /// - Parameter check: Looks at the copy before it gets its name.
    func copy(to destination: String, check: (String) throws -> Void = { _ in }) throws(StoreError) {
        let destination = try DurableFile.resolved(destination)
        if DurableFile.exists(destination) { throw .alreadyExists(path: destination) }
        let temporary = DurableFile.temporaryName(for: destination)
        try DurableFile.createExclusively(temporary, mode: format.mode)
        defer { DurableFile.discard(temporary) }
        do {
            let target = try DatabaseQueue(path: temporary, configuration: Self.configuration(readOnly: false))
            try queue.backup(to: target)
            try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try target.close()
            try check(temporary)
        } catch {
            throw StoreError(error, path: destination)
        }
        try DurableFile.publish(temporary, as: destination)
    }

    /// Limits the size of the file in pages, to test a full disk.
    package func limitPages(_ count: Int) throws(StoreError) {
        do {
            _ = try queue.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(count)") }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
