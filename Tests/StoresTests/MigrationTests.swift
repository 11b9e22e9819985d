// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import Stores
import Testing

/// Made-up versions: version 1 has one table, version 3 one more column, added in two steps.
@Suite struct MigrationTests {
    private static func format(_ version: Int, failing: Bool = false) -> DatabaseFormat {
        let schema = [
            1: ["CREATE TABLE things (x INTEGER)"], 2: ["CREATE TABLE things (x INTEGER)", "CREATE TABLE more (y)"],
            3: ["CREATE TABLE things (x INTEGER)", "CREATE TABLE more (y)", "CREATE INDEX more_y ON more (y)"],
        ]
        return DatabaseFormat(
            kind: "things", applicationID: 77, version: version, mode: 0o600, schema: schema[version] ?? [],
            migrations: [
                1: { try $0.execute(sql: "CREATE TABLE more (y)") },
                2: { db in
                    if failing { throw StoreError.database(path: "", reason: "planned") }
                    try db.execute(sql: "CREATE INDEX more_y ON more (y); INSERT INTO more SELECT x + 1 FROM things")
                },
            ])
    }

    private func makeOld(_ path: String) throws {
        let file = try DatabaseFile.create(at: path, format: Self.format(1)) { try $0.execute(sql: "INSERT INTO things VALUES (41)") }
        #expect(file.path == path)
    }

    private func value(_ path: String, _ sql: String) throws -> Int? {
        let queue = try DatabaseQueue(path: path)
        return try queue.read { try Int.fetchOne($0, sql: sql) }
    }

    @Test func anOlderStoreIsBackedUpAndMigrated() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("things.sqlite")
        try makeOld(path)
        #expect(
            storeError { _ = try DatabaseFile.open(at: path, format: Self.format(3), for: .reading) }
                == .olderVersion(path: path, found: 1, known: 3))
        _ = try DatabaseFile.open(at: path, format: Self.format(3), for: .writing)
        #expect(try value(path, "SELECT y FROM more") == 42)
        #expect(try value(path, "PRAGMA user_version") == 3)
        #expect(try value(path + ".v1.backup", "PRAGMA user_version") == 1)
        #expect(try value(path + ".v1.backup", "SELECT x FROM things") == 41)
        // The old program refuses the new file; the new one opens it without another backup.
        #expect(
            storeError { _ = try DatabaseFile.open(at: path, format: Self.format(1), for: .writing) }
                == .newerVersion(path: path, found: 3, known: 1))
        _ = try DatabaseFile.open(at: path, format: Self.format(3), for: .reading)
        #expect(!FileManager.default.fileExists(atPath: path + ".v1-2.backup"))
    }

    @Test func aFailedMigrationChangesNothing() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("things.sqlite")
        try makeOld(path)
        #expect(storeError { _ = try DatabaseFile.open(at: path, format: Self.format(3, failing: true), for: .writing) } != nil)
        #expect(try value(path, "PRAGMA user_version") == 1)
        #expect(try value(path, "SELECT COUNT(*) FROM sqlite_master") == 1)
        // The next attempt keeps the first backup.
        _ = try DatabaseFile.open(at: path, format: Self.format(3), for: .writing)
        #expect(FileManager.default.fileExists(atPath: path + ".v1.backup"))
        #expect(FileManager.default.fileExists(atPath: path + ".v1-2.backup"))
    }

    @Test func aVersionWithoutAWayIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("things.sqlite")
        try makeOld(path)
        let format = DatabaseFormat(
            kind: "things", applicationID: 77, version: 2, mode: 0o600, schema: ["CREATE TABLE things (x INTEGER)"], migrations: [:])
        #expect(storeError { _ = try DatabaseFile.open(at: path, format: format, for: .writing) } != nil)
        #expect(try value(path, "PRAGMA user_version") == 1)
    }
}
