// SPDX-License-Identifier: Apache-2.0
internal import GRDB

extension StoreError {
    /// Any error of a database operation on the file at `path`; one of ours stays as it is.
    init(_ error: any Error, path: String) {
        if let error = error as? StoreError {
            // Code below the file does not know its path.
            if case .corrupt(let place, let reason) = error, place.isEmpty {
                self = .corrupt(path: path, reason: reason)
            } else {
                self = error
            }
            return
        }
        if error is RowDecodingError {
            self = .corrupt(path: path, reason: "a value is not of its column's type")
            return
        }
        guard let error = error as? DatabaseError else {
            self = .database(path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notADatabase(path: path)
        case .SQLITE_CORRUPT: self = .corrupt(path: path, reason: reason)
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_READONLY: self = .readOnly(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(path: path, process: nil)
        case .SQLITE_CANTOPEN: self = .database(path: path, reason: "cannot be opened: \(reason)")
        default: self = .database(path: path, reason: reason)
        }
    }
}
