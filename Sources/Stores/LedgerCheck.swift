// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import MerkleLog

/// One run of `fsck`: recomputes everything from the leaves and collects what differs, at most ``limit`` findings a kind and log.
final class LedgerCheck {
    /// How many findings of one kind are kept for one log; a damaged log of a million leaves has a million of them.
    static let limit = 100

    private(set) var findings: [LedgerFinding] = []
    private var counts: [String: Int] = [:]
    private let progress: (LedgerLog, Int, Int) -> Void

    /// - Parameter progress: Told the log, the leaves done and the leaves in all, now and then.
    init(progress: @escaping (LedgerLog, Int, Int) -> Void) {
        self.progress = progress
    }

    func run(_ file: DatabaseFile, keys: (LedgerLog) throws -> (issuer: VerifierKey, cosigner: VerifierKey)) {
        for problem in attempt(nil, { try file.integrityProblems() }) ?? [] { add(.integrity, nil, nil, problem) }
        for object in attempt(nil, { try file.read { try file.format.alteredObjects($0) } }) ?? [] {
            add(.schema, nil, nil, "\(object) is not as this program made it")
        }
        // One transaction, so that a writer at work does not look like damage.
        attempt(nil) {
            try file.read { db in
                for log in LedgerLog.allCases {
                    attempt(log) { try checkLog(db, log, keys: keys(log)) }
                }
            }
        }
    }

    @discardableResult
    private func attempt<T>(_ log: LedgerLog?, _ body: () throws -> T) -> T? {
        do {
            return try body()
        } catch {
            add(.integrity, log, nil, "cannot be read: \(StoreError(error, path: "the ledger").reason)")
            return nil
        }
    }

    func add(_ kind: LedgerFinding.Kind, _ log: LedgerLog?, _ index: Int?, _ message: String) {
        let key = "\(kind.rawValue) \(log?.rawValue ?? "")"
        counts[key, default: 0] += 1
        guard counts[key, default: 0] <= Self.limit else { return }
        findings.append(LedgerFinding(kind: kind, log: log, index: index, message: log.map { "\($0.rawValue): \(message)" } ?? message))
    }

    // MARK: Leaves

    private func checkLog(_ db: Database, _ log: LedgerLog, keys: (issuer: VerifierKey, cosigner: VerifierKey)) throws {
        let total = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(log.rawValue)") ?? 0
        var roots = try CheckpointRoots(db, log)
        var frontier = Frontier()
        var seen: [LeafHash: Int] = [:]
        seen.reserveCapacity(min(total, 1 << 20))
        var pending: [LeafHash] = []
        let extra = log == .revocations ? ", entry" : ""
        // By rowid: a missing or damaged index must not hide rows.
        let rows = try Row.fetchCursor(db, sql: "SELECT idx, leaf, hash\(extra) FROM \(log.rawValue) NOT INDEXED ORDER BY idx")
        var expected = 0
        while let row = try rows.next() {
            let index = try row.integer(0)
            if index != expected { add(.gap, log, index, "index \(index) where \(expected) is due") }
            let leaf = try row.bytes(1)
            let hash = LeafHash(entry: leaf)
            if let fault = LeafForm.fault(leaf, log) { add(.malformedLeaf, log, index, "leaf \(index): \(fault)") }
            if try row.bytes(2) != hash.bytes { add(.leafHash, log, index, "leaf \(index) does not have its stored hash") }
            if let first = seen.updateValue(index, forKey: hash) {
                add(.duplicateLeaf, log, index, "leaf \(index) equals leaf \(first)")
            }
            if log == .revocations { try checkRevocation(db, index, leaf, entry: row.bytes(3)) }
            pending.append(hash)
            expected += 1
            if roots.sizes.contains(expected) || pending.count == 65_536 {
                frontier.append(contentsOf: pending)
                pending = []
                roots.record(frontier)
                progress(log, expected, total)
            }
        }
        frontier.append(contentsOf: pending)
        roots.record(frontier)
        progress(log, expected, total)
        if try !isCached(db, log, frontier) { add(.frontier, log, nil, "the cached tree head is not that of the leaves") }
        try checkCheckpoints(db, log, roots, keys)
    }

    private func isCached(_ db: Database, _ log: LedgerLog, _ frontier: Frontier) throws -> Bool {
        guard let row = try Row.fetchOne(db, sql: "SELECT size, hashes FROM frontiers WHERE log = ?", arguments: [log.number]) else {
            return false
        }
        return try row.integer(0) == Int(frontier.size) && row.bytes(1) == NodeHash.column(frontier.hashes)
    }

    private func checkRevocation(_ db: Database, _ index: Int, _ leaf: [UInt8], entry: [UInt8]) throws {
        let named = Data(leaf.suffix(NodeHash.byteCount))
        if [UInt8](named) != entry { add(.repeatedRevocation, .revocations, index, "revocation \(index) is stored for another entry") }
        let known = try db.cachedStatement(sql: "SELECT 1 FROM consents WHERE hash = ?")
        if try Int.fetchOne(known, arguments: [named]) == nil {
            add(.unknownEntry, .revocations, index, "revocation \(index) names no entry")
        }
        let earlier = try db.cachedStatement(sql: "SELECT idx FROM revocations WHERE entry = ? AND idx < ? LIMIT 1")
        if let first = try Int.fetchOne(earlier, arguments: [named, index]) {
            add(.repeatedRevocation, .revocations, index, "revocation \(index) repeats revocation \(first)")
        }
    }

    // MARK: Checkpoints

    /// The roots at the sizes that checkpoints name, collected while the tree grows.
    private struct CheckpointRoots {
        let sizes: Set<Int>
        private(set) var roots: [Int: NodeHash] = [0: .emptyRoot]

        init(_ db: Database, _ log: LedgerLog) throws {
            sizes = Set(try Int.fetchAll(db, sql: "SELECT DISTINCT size FROM checkpoints WHERE log = ?", arguments: [log.number]))
        }

        mutating func record(_ frontier: Frontier) {
            roots[Int(frontier.size)] = frontier.root
        }
    }

    private func checkCheckpoints(
        _ db: Database, _ log: LedgerLog, _ roots: CheckpointRoots, _ keys: (issuer: VerifierKey, cosigner: VerifierKey)
    ) throws {
        if log == .consents {
            let numbers = try Int.fetchAll(db, sql: "SELECT sequence FROM checkpoints ORDER BY sequence")
            if numbers != Array(numbers.indices) { add(.gap, nil, nil, "checkpoints are missing") }
        }
        var last: StoredCheckpoint?
        for checkpoint in try LedgerStore.checkpoints(db, "log = ? ORDER BY sequence", [log.number]) {
            let number = checkpoint.sequence
            if let reason = Self.noteFault(checkpoint, keys) { add(.checkpointNote, log, number, "checkpoint \(number): \(reason)") }
            if let root = roots.roots[checkpoint.size] {
                if root != checkpoint.root { add(.checkpointRoot, log, number, "checkpoint \(number) has another root than its leaves") }
            } else {
                add(.checkpointRoot, log, number, "checkpoint \(number) covers \(checkpoint.size) leaves, more than there are")
            }
            if let last, last.size > checkpoint.size || last.time > checkpoint.time {
                add(.checkpointOrder, log, number, "checkpoint \(number) goes back behind \(last.sequence)")
            }
            last = checkpoint
        }
    }

    private static func noteFault(_ stored: StoredCheckpoint, _ keys: (issuer: VerifierKey, cosigner: VerifierKey)) -> String? {
        do {
            let note = try UnverifiedCheckpoint(bytes: stored.note)
            let checkpoint = try note.verified(by: keys.issuer, origin: keys.issuer.name)
            guard checkpoint.treeSize == UInt64(exactly: stored.size), checkpoint.rootHash == stored.root else {
                return "its note says something else"
            }
            guard try note.quorumTimestamp(cosigners: [keys.cosigner], quorum: 1) == stored.time else { return "its time is not cosigned" }
            return nil
        } catch {
            return "its note does not verify: \(error)"
        }
    }
}
