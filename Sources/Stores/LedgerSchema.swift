// SPDX-License-Identifier: Apache-2.0

/// The tables of `ledger.sqlite` and the triggers that make them append-only.
enum LedgerSchema {
    /// Version 2 of the ledger's file; 1 was for trial, with leaves of version 0. It holds public data only.
    static let format = DatabaseFormat(
        kind: "ledger", applicationID: 0x7a6b_634c, version: 2, oldest: 2, mode: 0o644, schema: statements, migrations: [:])

    /// The ledger's name and keys (one row); three logs; for each log the right edge of its tree, a cache; the signed checkpoints.
    ///
    /// `INSERT OR REPLACE` deletes without firing delete triggers, so the insert triggers themselves refuse every conflict.
    private static let statements: [String] =
        [
            """
            CREATE TABLE ledger (
                id INTEGER PRIMARY KEY CHECK (id = 0),
                name TEXT NOT NULL,
                issuer BLOB NOT NULL CHECK (typeof(issuer) = 'blob' AND length(issuer) = 32),
                cosigner BLOB NOT NULL CHECK (typeof(cosigner) = 'blob' AND length(cosigner) = 32)
            )
            """,
            "CREATE TRIGGER ledger_single BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger) "
                + "BEGIN SELECT RAISE(ABORT, 'a ledger has one name'); END",
        ] + frozen("ledger")
        + log("consents", leafCheck: "length(leaf) = 118")
        + log(
            "revocations", leafCheck: "length(leaf) = 34",
            columns: ", entry BLOB NOT NULL UNIQUE CHECK (typeof(entry) = 'blob' AND entry = substr(leaf, 3))",
            conflict: "OR entry = NEW.entry")
        + [
            "CREATE TRIGGER revocations_known BEFORE INSERT ON revocations WHEN NOT EXISTS (SELECT 1 FROM consents WHERE hash = NEW.entry) "
                + "BEGIN SELECT RAISE(ABORT, 'a revocation names an entry'); END"
        ]
        + log("registry", leafCheck: "length(leaf) BETWEEN 1 AND \(LedgerLog.maximumRegistryLeafByteCount)")
        + [
            """
            CREATE TABLE frontiers (
                log INTEGER PRIMARY KEY CHECK (log BETWEEN 0 AND 2),
                size INTEGER NOT NULL,
                hashes BLOB NOT NULL
            )
            """,
            """
            CREATE TABLE checkpoints (
                sequence INTEGER PRIMARY KEY,
                log INTEGER NOT NULL CHECK (log BETWEEN 0 AND 2),
                size INTEGER NOT NULL CHECK (typeof(size) = 'integer' AND size >= 0),
                time INTEGER NOT NULL CHECK (typeof(time) = 'integer' AND time >= 0),
                root BLOB NOT NULL CHECK (typeof(root) = 'blob' AND length(root) = 32),
                note BLOB NOT NULL CHECK (typeof(note) = 'blob')
            )
            """,
            "CREATE INDEX checkpoints_by_log ON checkpoints (log, sequence)",
            """
            CREATE TRIGGER checkpoints_ordered BEFORE INSERT ON checkpoints
            WHEN NEW.sequence IS NOT (SELECT COALESCE(MAX(sequence) + 1, 0) FROM checkpoints) OR EXISTS (
                SELECT 1 FROM checkpoints WHERE log = NEW.log
                    AND (size > NEW.size OR time > NEW.time OR (size = NEW.size AND root IS NOT NEW.root)))
            BEGIN SELECT RAISE(ABORT, 'checkpoints never go back'); END
            """,
        ] + frozen("checkpoints")

    private static func log(_ name: String, leafCheck: String, columns: String = "", conflict: String = "") -> [String] {
        [
            """
            CREATE TABLE \(name) (
                idx INTEGER PRIMARY KEY,
                leaf BLOB NOT NULL CHECK (typeof(leaf) = 'blob' AND \(leafCheck)),
                hash BLOB NOT NULL UNIQUE CHECK (typeof(hash) = 'blob' AND length(hash) = 32)\(columns)
            )
            """,
            """
            CREATE TRIGGER \(name)_contiguous BEFORE INSERT ON \(name)
            WHEN NEW.idx IS NOT (SELECT COALESCE(MAX(idx) + 1, 0) FROM \(name))
                OR EXISTS (SELECT 1 FROM \(name) WHERE hash = NEW.hash \(conflict))
            BEGIN SELECT RAISE(ABORT, 'a log grows by new leaves at its end'); END
            """,
        ] + frozen(name)
    }

    private static func frozen(_ table: String) -> [String] {
        [
            "CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table) BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END",
            "CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table) BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END",
        ]
    }
}
