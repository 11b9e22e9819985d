// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// The words for each refusal.
extension StoreError {
    /// A short kebab-case name, stable across releases, for `--json`.
    public var code: String { parts.code }

    /// One sentence for a person.
    public var message: String { file.map { "\($0): \(reason)" } ?? reason }

    /// ``message`` without the file, for where ``file`` is said besides.
    var reason: String { parts.reason }

    /// The file concerned, if it is one.
    public var file: String? {
        switch self {
        case .notFound(let path), .alreadyExists(let path), .notADatabase(let path), .wrongKind(let path, _),
            .newerVersion(let path, _, _), .olderVersion(let path, _, _), .trialVersion(let path, _), .alteredSchema(let path, _),
            .inUse(let path, _),
            .readOnly(let path), .folderNotWritable(let path), .corrupt(let path, _), .diskFull(let path), .io(let path, _, _),
            .database(let path, _), .wrongPassphrase(let path), .unsealable(let path, _):
            path
        default: nil
        }
    }

    /// What to do next, if there is an obvious thing.
    public var hint: String? { parts.hint }

    private var parts: (code: String, reason: String, hint: String?) {
        switch self {
        case .notFound: ("file-not-found", "does not exist", "make it first: zkconsent init")
        case .alreadyExists: ("file-exists", "exists already", "choose another name; stores are never overwritten")
        case .notADatabase: ("not-a-database", "is not an SQLite database", "restore it from a backup")
        case .wrongKind(_, let expected): ("wrong-store", "is not a \(expected) store", "check the path")
        case .newerVersion(_, let found, let known):
            (
                "newer-version", "has version \(found), written by a newer program; this one knows \(known)",
                "use the program that wrote it, or a later one"
            )
        case .olderVersion(_, let found, let known):
            (
                "older-version", "has version \(found); this program reads \(known)",
                "open it once for writing: it is backed up and migrated"
            )
        case .trialVersion(_, let found):
            (
                "format-trial", "has version \(found), from before the formats were frozen",
                "start anew in a new folder: zkconsent init, then issue the consents and commit the data again"
            )
        case .alteredSchema(_, let object):
            ("altered-schema", "\(object) is not as this program made it", "run fsck; restore the store from a backup")
        case .inUse(_, let process):
            (
                "store-in-use", "is in use by " + (process.map { "process \($0)" } ?? "another process"),
                "wait until it ends; only one process may write"
            )
        case .readOnly: ("read-only", "is open for reading only", nil)
        case .folderNotWritable:
            (
                "folder-not-writable", "cannot be read where it is: SQLite needs files beside it, and the folder cannot be written",
                "copy it to a folder that you may write, with its -wal file if there is one; a copy that a backup command made can be read anywhere"
            )
        case .corrupt(_, let reason): ("corrupt-store", "is damaged: \(reason)", "restore it from a backup")
        case .diskFull:
            ("disk-full", "no space left to write it; nothing was changed", "make space, then repeat the command")
        case .io(_, let operation, let errno): ("input-output", "\(operation) failed (errno \(errno))", nil)
        case .database(_, let reason): ("database", reason, nil)
        case .invalidArgument(let name, let reason): ("invalid-argument", "\(name): \(reason)", nil)
        case .wrongPassphrase: ("wrong-passphrase", "wrong passphrase, or its sealed key was changed", nil)
        case .unsealable(_, let row): ("unsealable-row", "\(row) does not open: it was changed", "restore from a backup")
        default: logParts
        }
    }

    private var logParts: (code: String, reason: String, hint: String?) {
        switch self {
        case .malformedLeaf(let log, let position, let reason):
            ("malformed-leaf", "leaf \(position) for the \(log.rawValue) log: \(reason)", nil)
        case .duplicateLeaf(let log, let position, let index):
            ("duplicate-leaf", "leaf \(position) is in the \(log.rawValue) log already, at index \(index)", nil)
        case .repeatedLeaf(let log, let position, let first):
            ("repeated-leaf", "leaf \(position) for the \(log.rawValue) log repeats leaf \(first) of the same append", nil)
        case .unknownEntry(let position, let hash):
            ("unknown-entry", "revocation \(position): no entry has the leaf hash \(Hex.encode(hash))", nil)
        case .alreadyRevoked(let position, let index):
            ("already-revoked", "revocation \(position): the entry is revoked already, at index \(index)", nil)
        case .outOfRange(let log, let value, let size):
            ("out-of-range", "\(value) is beyond the \(log.rawValue) log, which has \(size) leaves", nil)
        case .damagedLog(let log, let reason):
            ("damaged-log", "the \(log.rawValue) log is damaged and was not signed: \(reason)", "run: zkconsent ledger fsck")
        case .foreignKey(let role): ("foreign-key", "the \(role)'s key is not the one this ledger was made with", "check the key file")
        case .clockWentBack(let log, let last, let now):
            (
                "clock-went-back", "the last checkpoint of \(log.rawValue) is of \(last), the clock shows \(now) (seconds since 1970)",
                "set the clock; checkpoints never go back in time"
            )
        case .duplicateRequest(let request): ("duplicate-request", "the request \(request) has a receipt already, or its entry has", nil)
        case .unknownReceipt(let hash): ("unknown-receipt", "no receipt has the leaf hash \(Hex.encode(hash))", nil)
        case .conflictingIndex(let hash, let index):
            ("conflicting-index", "the receipt of \(Hex.encode(hash)) was acknowledged as index \(index) before", nil)
        case .duplicateDataset(let name): ("duplicate-dataset", "a dataset named \(name) exists already", "choose another name")
        case .unknownDataset(let name): ("unknown-dataset", "there is no dataset named \(name)", "list them: zkconsent dataset show")
        case .rowCount(let announced, let written):
            ("row-count", "the dataset was announced with \(announced) rows, \(written) were written", nil)
        default: ("store", "\(self)", nil)
        }
    }
}
