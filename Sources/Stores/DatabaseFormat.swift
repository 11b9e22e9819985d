// SPDX-License-Identifier: Apache-2.0
package import GRDB

/// What makes an SQLite file one of our stores: its marks, its tables and how it came from older versions.
package struct DatabaseFormat: Sendable {
    /// The word for people: ledger, receipts, datasets.
    let kind: String
    /// `PRAGMA application_id`.
    let applicationID: Int32
    /// `PRAGMA user_version` of the present form, at least 1.
    let version: Int
    /// The oldest version that is still read, 1 to ``version``; older ones were for trial.
    let oldest: Int
    /// The permissions of a new file before the process's mask.
    let mode: UInt32
    /// The statements that make the tables, indices and triggers of the present version.
    let schema: [String]
    /// For each older version, the step to the next one. Runs inside a transaction, after a backup.
    let migrations: [Int: @Sendable (Database) throws -> Void]

    /// A format of these parts; see the properties.
    package init(
        kind: String, applicationID: Int32, version: Int, oldest: Int = 1, mode: UInt32, schema: [String],
        migrations: [Int: @Sendable (Database) throws -> Void]
    ) {
        self.kind = kind
        self.applicationID = applicationID
        self.version = version
        self.oldest = oldest
        self.mode = mode
        self.schema = schema
        self.migrations = migrations
    }

    /// Makes the tables and sets the marks in an empty database.
    func install(in db: Database) throws {
        for statement in schema { try db.execute(sql: statement) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Refuses a database of another kind, of a newer version, or of one for trial.
    ///
    /// - Returns: The version found, ``oldest`` to ``version``.
    func foundVersion(_ db: Database, path: String) throws -> Int {
        guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
            throw StoreError.wrongKind(path: path, expected: kind)
        }
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard found <= version else { throw StoreError.newerVersion(path: path, found: found, known: version) }
        guard found >= 1 else { throw StoreError.wrongKind(path: path, expected: kind) }
        guard found >= oldest else { throw StoreError.trialVersion(path: path, found: found) }
        return found
    }

    /// Refuses a database whose tables, indices or triggers are not exactly ours: one without its triggers would not be append-only.
    func checkSchema(_ db: Database, path: String) throws {
        if let object = try alteredObjects(db).first { throw StoreError.alteredSchema(path: path, object: object) }
    }

    /// The names of the schema's objects that are missing, foreign or different.
    func alteredObjects(_ db: Database) throws -> [String] {
        let reference = try DatabaseQueue()
        let expected = try reference.write { reference in
            for statement in schema { try reference.execute(sql: statement) }
            return try Self.objects(reference)
        }
        let found = try Self.objects(db)
        return Set(expected.keys).union(found.keys).filter { expected[$0] != found[$0] }.sorted()
    }

    private static func objects(_ db: Database) throws -> [String: String] {
        var objects: [String: String] = [:]
        let rows = try Row.fetchCursor(db, sql: "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        while let row = try rows.next() {
            objects["\(try row.text(0)) \(try row.text(1))"] = try row.optionalText(2) ?? ""
        }
        return objects
    }
}
