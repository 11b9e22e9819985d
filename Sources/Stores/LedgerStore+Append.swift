// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import MerkleLog

extension LedgerStore {
    /// Appends leaves to a log in one transaction: all or none. When this returns they are on the disk.
    ///
    /// Consents are entries of 118 bytes; revocations are 34 bytes, of entries of this ledger that are not revoked; registry leaves are
    /// lines of canonical JSON objects.
    ///
    /// - Returns: The indices of the leaves.
    /// - Throws: ``StoreError/malformedLeaf(log:position:reason:)``, ``StoreError/duplicateLeaf(log:position:index:)``,
    ///   ``StoreError/repeatedLeaf(log:position:first:)``, ``StoreError/unknownEntry(position:leafHash:)``,
    ///   ``StoreError/alreadyRevoked(position:index:)``, ``StoreError/diskFull(path:)`` and the rest of ``StoreError``.
    @discardableResult
    public func append(_ leaves: [[UInt8]], to log: LedgerLog) throws(StoreError) -> Range<Int> {
        for position in leaves.indices {
            if let reason = LeafForm.fault(leaves[position], log) {
                throw .malformedLeaf(log: log, position: position, reason: reason)
            }
        }
        let hashes = LeafForm.hashes(leaves, log)
        return try file.write { db in
            var frontier = try Self.frontier(db, log)
            let start = Int(frontier.size)
            let columns = log == .revocations ? "(idx, leaf, hash, entry) VALUES (?, ?, ?, ?)" : "(idx, leaf, hash) VALUES (?, ?, ?)"
            let insert = try db.cachedStatement(sql: "INSERT INTO \(log.rawValue) \(columns)")
            for position in leaves.indices {
                var arguments: StatementArguments = [start + position, Data(leaves[position]), Data(hashes[position].bytes)]
                if log == .revocations { arguments += [Data(leaves[position].suffix(NodeHash.byteCount))] }
                do {
                    try insert.execute(arguments: arguments)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                    throw try Self.conflict(db, log, start: start, position: position, leaves[position], hashes[position]) ?? error
                }
            }
            frontier.append(contentsOf: hashes)
            try db.execute(
                sql: "UPDATE frontiers SET size = ?, hashes = ? WHERE log = ?",
                arguments: [Int(frontier.size), Data(NodeHash.column(frontier.hashes)), log.number])
            return start..<start + leaves.count
        }
    }

    /// The refusal behind a constraint that failed.
    private static func conflict(
        _ db: Database, _ log: LedgerLog, start: Int, position: Int, _ leaf: [UInt8], _ hash: LeafHash
    ) throws -> (any Error)? {
        if let index = try Int.fetchOne(db, sql: "SELECT idx FROM \(log.rawValue) WHERE hash = ?", arguments: [Data(hash.bytes)]) {
            return index < start
                ? StoreError.duplicateLeaf(log: log, position: position, index: index)
                : StoreError.repeatedLeaf(log: log, position: position, first: index - start)
        }
        guard log == .revocations else { return nil }
        let entry = [UInt8](leaf.suffix(NodeHash.byteCount))
        if let index = try Int.fetchOne(db, sql: "SELECT idx FROM revocations WHERE entry = ?", arguments: [Data(entry)]) {
            return index < start
                ? StoreError.alreadyRevoked(position: position, index: index)
                : StoreError.repeatedLeaf(log: log, position: position, first: index - start)
        }
        return StoreError.unknownEntry(position: position, leafHash: entry)
    }
}
