// SPDX-License-Identifier: Apache-2.0
internal import GRDB
internal import GRDBSQLite
internal import MerkleLog

extension LedgerStore {
    /// The stored leaf hashes from index `start` on.
    ///
    /// SQLite's own interface: a proof reads every hash of the log, and GRDB's rows took four times as long.
    static func leafHashes(_ db: Database, _ log: LedgerLog, from start: Int) throws -> [LeafHash] {
        let statement = try db.makeStatement(sql: "SELECT idx, hash FROM \(log.rawValue) WHERE idx >= \(start) ORDER BY idx")
        let handle = statement.sqliteStatement
        defer { sqlite3_reset(handle) }
        var column: [UInt8] = []
        var expected = start
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { break }
            guard code == SQLITE_ROW else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
            guard sqlite3_column_type(handle, 0) == SQLITE_INTEGER, sqlite3_column_int64(handle, 0) == Int64(expected) else {
                throw StoreError.damagedLog(log: log, reason: "no leaf \(expected)")
            }
            guard sqlite3_column_type(handle, 1) == SQLITE_BLOB, let hash = sqlite3_column_blob(handle, 1),
                sqlite3_column_bytes(handle, 1) == NodeHash.byteCount
            else { throw StoreError.corrupt(path: "", reason: "a leaf hash is malformed") }
            column.append(contentsOf: UnsafeRawBufferPointer(start: hash, count: NodeHash.byteCount))
            expected += 1
        }
        return try NodeHash.array(column).map { LeafHash(node: $0) }
    }
}
