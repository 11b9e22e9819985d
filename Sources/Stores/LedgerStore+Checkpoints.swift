// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import MerkleLog
public import Secrets

extension LedgerStore {
    /// Signs the present state of logs: the issuer's line and a `cosignature/v1` line of time `now`, and stores the notes.
    ///
    /// Before anything is signed, everything stored so far is forced to the disk, the tree is recomputed from the stored leaf hashes, the
    /// leaves since the last checkpoint are hashed again, and the last checkpoint must be the root of a prefix. A log that has
    /// not grown gets a new time; at the very time of its last checkpoint it gets that one again.
    ///
    /// - Parameters:
    ///   - logs: Which; by default all three.
    ///   - now: Seconds since 1970, below 2^63, not before the last checkpoint of any of `logs`.
    /// - Throws: ``StoreError/foreignKey(role:)``, ``StoreError/damagedLog(log:reason:)``, ``StoreError/clockWentBack(log:last:now:)``.
    public func checkpoint(
        _ logs: [LedgerLog] = LedgerLog.allCases, issuer: borrowing Ed25519SigningKey, cosigner: borrowing Ed25519SigningKey, now: UInt64
    ) throws(StoreError) -> [StoredCheckpoint] {
        guard issuer.publicKey == issuerKey else { throw .foreignKey(role: "issuer") }
        guard cosigner.publicKey == cosignerKey else { throw .foreignKey(role: "cosigner") }
        guard now <= UInt64(Int64.max) else { throw .invalidArgument(name: "time", reason: "beyond 2^63") }
        guard file.isWritable else { throw .readOnly(path: path) }
        try file.sync()
        return try file.write { db in
            var checkpoints: [StoredCheckpoint] = []
            for log in logs {
                let last = try Self.checkpoints(db, "log = ? ORDER BY sequence DESC LIMIT 1", [log.number]).first
                if let last, last.time > now { throw StoreError.clockWentBack(log: log, last: last.time, now: now) }
                let head = try Self.verifiedHead(db, log, extending: last)
                if let last, last.time == now, last.size == head.size {
                    checkpoints.append(last)
                    continue
                }
                let note = try self.signedNote(log, head, issuer: issuer, cosigner: cosigner, now: now)
                let sequence = try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(sequence) + 1, 0) FROM checkpoints") ?? 0
                try db.execute(
                    sql: "INSERT INTO checkpoints (sequence, log, size, time, root, note) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [sequence, log.number, head.size, Int64(now), Data(head.root.bytes), Data(note)])
                checkpoints.append(
                    StoredCheckpoint(sequence: sequence, log: log, size: head.size, root: head.root, time: now, note: note))
            }
            return checkpoints
        }
    }

    /// The head recomputed from the stored leaf hashes; every stored value it rests on has been checked.
    private static func verifiedHead(_ db: Database, _ log: LedgerLog, extending last: StoredCheckpoint?) throws -> TreeHead {
        var hashes = try leafHashes(db, log, from: 0)
        let signed = last?.size ?? 0
        guard signed <= hashes.count else { throw StoreError.damagedLog(log: log, reason: "it is shorter than its last checkpoint") }
        var frontier = Frontier()
        frontier.append(contentsOf: Array(hashes[..<signed]))
        if let last, frontier.root != last.root {
            throw StoreError.damagedLog(log: log, reason: "its last checkpoint has another root")
        }
        hashes.removeFirst(signed)
        let rows = try Row.fetchCursor(db, sql: "SELECT leaf FROM \(log.rawValue) WHERE idx >= ? ORDER BY idx", arguments: [signed])
        var position = 0
        while let row = try rows.next() {
            let leaf = try row.bytes(0)
            guard position < hashes.count, LeafForm.fault(leaf, log) == nil, LeafHash(entry: leaf) == hashes[position] else {
                throw StoreError.damagedLog(log: log, reason: "leaf \(signed + position) is not what its hash says")
            }
            position += 1
        }
        frontier.append(contentsOf: hashes)
        guard try frontier.root == self.frontier(db, log).root else {
            throw StoreError.damagedLog(log: log, reason: "its frontier has another root")
        }
        return TreeHead(size: Int(frontier.size), root: frontier.root)
    }

    private func signedNote(
        _ log: LedgerLog, _ head: TreeHead, issuer: borrowing Ed25519SigningKey, cosigner: borrowing Ed25519SigningKey, now: UInt64
    ) throws -> [UInt8] {
        let origin = log.origin(ledger: name)
        let key = try verifierKey(of: log)
        let cosignerKey = try cosignerVerifierKey()
        let checkpoint = try Checkpoint(origin: origin, treeSize: UInt64(head.size), rootHash: head.root)
        var note = try checkpoint.unsignedNote()
        note.add(NoteSignature(key: key, signature: try issuer.sign(note.signedBytes)))
        let message = Cosignature.signedBytes(timestamp: now, checkpointText: note.text)
        note.add(NoteSignature(key: cosignerKey, signature: Cosignature.signature(timestamp: now, ed25519: try cosigner.sign(message))))
        // What is handed out has been read back and verified.
        let readBack = try UnverifiedCheckpoint(bytes: note.bytes)
        guard try readBack.verified(by: key, origin: origin) == checkpoint,
            try readBack.quorumTimestamp(cosigners: [cosignerKey], quorum: 1) == now
        else { throw StoreError.damagedLog(log: log, reason: "the signed note does not verify") }
        return note.bytes
    }

    // MARK: Finding

    /// The latest checkpoint of a log, or `nil` if it was never signed.
    public func latestCheckpoint(_ log: LedgerLog) throws(StoreError) -> StoredCheckpoint? {
        try find("log = ? ORDER BY sequence DESC LIMIT 1", [log.number]).first
    }

    /// The earliest checkpoint with at least `size` leaves, or `nil`: the one that made the leaf `size - 1` issued.
    public func earliestCheckpoint(_ log: LedgerLog, coveringSize size: Int) throws(StoreError) -> StoredCheckpoint? {
        try find("log = ? AND size >= ? ORDER BY sequence LIMIT 1", [log.number, size]).first
    }

    /// The latest checkpoint whose time is at or before `time` (seconds since 1970), or `nil`: for `logged_by`.
    public func latestCheckpoint(_ log: LedgerLog, notAfter time: UInt64) throws(StoreError) -> StoredCheckpoint? {
        try find("log = ? AND time <= ? ORDER BY sequence DESC LIMIT 1", [log.number, Int64(clamping: time)]).first
    }

    /// All checkpoints of a log, earliest first.
    public func checkpoints(_ log: LedgerLog) throws(StoreError) -> [StoredCheckpoint] {
        try find("log = ? ORDER BY sequence", [log.number])
    }

    private func find(_ condition: String, _ arguments: StatementArguments) throws(StoreError) -> [StoredCheckpoint] {
        try file.read { try Self.checkpoints($0, condition, arguments) }
    }

    static func checkpoints(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> [StoredCheckpoint] {
        var found: [StoredCheckpoint] = []
        let rows = try Row.fetchCursor(
            db, sql: "SELECT sequence, log, size, time, root, note FROM checkpoints WHERE \(condition)", arguments: arguments)
        while let row = try rows.next() {
            let number = try row.integer(1)
            guard let log = LedgerLog.allCases.first(where: { $0.number == number }), let time = UInt64(exactly: try row.integer(3)),
                let root = try? NodeHash(row.bytes(4))
            else { throw StoreError.corrupt(path: "", reason: "a checkpoint is malformed") }
            found.append(
                StoredCheckpoint(
                    sequence: try row.count(0), log: log, size: try row.count(2), root: root, time: time, note: try row.bytes(5)))
        }
        return found
    }
}
