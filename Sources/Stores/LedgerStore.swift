// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
public import MerkleLog
internal import Primitives
internal import Synchronization

/// The issuer's ledger on disk: three append-only logs and their signed checkpoints. Public data only; the keys are elsewhere.
///
/// Invariant: the triggers of the file and this type only ever append; a leaf that was acknowledged (``append(_:to:)`` returned) is on
/// the disk. ``fsck(progress:)`` recomputes everything from the leaves.
public final class LedgerStore: Sendable {
    /// The ledger's name `L`: its logs have the origins `L/consents`, `L/revocations`, `L/registry`.
    public let name: String
    /// The Ed25519 public key that signs the checkpoints, 32 bytes.
    public let issuerKey: [UInt8]
    /// The Ed25519 public key of the issuer's own timestamps, 32 bytes.
    public let cosignerKey: [UInt8]
    /// The database file.
    package let file: DatabaseFile
    /// The trees as far as they have been needed; rows once committed never change.
    private let trees = Mutex<[LedgerLog: MerkleTree]>([:])

    init(_ file: DatabaseFile) throws(StoreError) {
        self.file = file
        let path = file.path
        (name, issuerKey, cosignerKey) = try file.read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT name, issuer, cosigner FROM ledger WHERE id = 0") else {
                throw StoreError.corrupt(path: path, reason: "the ledger has no name")
            }
            return (try row.text(0), try row.bytes(1), try row.bytes(2))
        }
    }

    /// The file, with links resolved.
    public var path: String { file.path }

    /// Makes a new ledger and opens it for writing; an existing file is refused.
    ///
    /// - Throws: ``StoreError/invalidArgument(name:reason:)`` for a name or key that signed notes do not allow.
    public static func create(
        at path: String, name: String, issuerKey: [UInt8], cosignerKey: [UInt8]
    ) throws(StoreError) -> LedgerStore {
        _ = try Self.verifierKey(name: name, .ed25519, issuerKey, argument: "issuer key")
        _ = try Self.verifierKey(name: "\(name)/cosigner", .cosignature, cosignerKey, argument: "cosigner key")
        guard issuerKey != cosignerKey else {
            throw .invalidArgument(name: "cosigner key", reason: "must be another key than the issuer's")
        }
        let file = try DatabaseFile.create(at: path, format: LedgerSchema.format) { db in
            try db.execute(
                sql: "INSERT INTO ledger (id, name, issuer, cosigner) VALUES (0, ?, ?, ?)",
                arguments: [name, Data(issuerKey), Data(cosignerKey)])
            for log in LedgerLog.allCases {
                try db.execute(sql: "INSERT INTO frontiers (log, size, hashes) VALUES (?, 0, x'')", arguments: [log.number])
            }
        }
        return try LedgerStore(file)
    }

    /// Opens a ledger.
    ///
    /// - Throws: ``StoreError``: not found, in use by another writer, of a newer version, of another kind, altered or damaged.
    public static func open(at path: String, for access: StoreAccess) throws(StoreError) -> LedgerStore {
        try LedgerStore(DatabaseFile.open(at: path, format: LedgerSchema.format, for: access))
    }

    /// The key that verifies the checkpoints of `log`: the issuer's, under the log's origin.
    public func verifierKey(of log: LedgerLog) throws(StoreError) -> VerifierKey {
        try Self.verifierKey(name: log.origin(ledger: name), .ed25519, issuerKey, argument: "issuer key")
    }

    /// The key that verifies the issuer's own timestamps, under the name `L/cosigner`.
    public func cosignerVerifierKey() throws(StoreError) -> VerifierKey {
        try Self.verifierKey(name: "\(name)/cosigner", .cosignature, cosignerKey, argument: "cosigner key")
    }

    private static func verifierKey(
        name: String, _ type: VerifierKey.KeyType, _ key: [UInt8], argument: String
    ) throws(StoreError) -> VerifierKey {
        do {
            return try VerifierKey(name: name, type: type, publicKey: key)
        } catch {
            throw .invalidArgument(name: argument, reason: "\(error)")
        }
    }

    // MARK: Heads and leaves

    /// The number of leaves and the RFC 6962 root of a log as it stands, signed or not. Takes constant time.
    public func treeHead(_ log: LedgerLog) throws(StoreError) -> TreeHead {
        try file.read { db in
            let frontier = try Self.frontier(db, log)
            return TreeHead(size: Int(frontier.size), root: frontier.root)
        }
    }

    /// The number of leaves of a log.
    public func count(_ log: LedgerLog) throws(StoreError) -> Int {
        try file.read { try Self.size($0, log) }
    }

    /// The leaves at `range`, in order.
    public func leaves(_ log: LedgerLog, _ range: Range<Int>) throws(StoreError) -> [[UInt8]] {
        try file.read { db in
            let size = try Self.size(db, log)
            try Self.check(range.upperBound, atMost: size, log)
            try Self.check(range.lowerBound, atMost: size, log)
            var leaves: [[UInt8]] = []
            leaves.reserveCapacity(min(range.count, 65_536))  // the size is what the file says
            let rows = try Row.fetchCursor(
                db, sql: "SELECT leaf FROM \(log.rawValue) WHERE idx >= ? AND idx < ? ORDER BY idx",
                arguments: [range.lowerBound, range.upperBound])
            while let row = try rows.next() { leaves.append(try row.bytes(0)) }
            guard leaves.count == range.count else { throw StoreError.damagedLog(log: log, reason: "leaves are missing") }
            return leaves
        }
    }

    /// The leaves at `indices`, in their order, in one read.
    public func leaves(_ log: LedgerLog, at indices: [Int]) throws(StoreError) -> [[UInt8]] {
        try file.read { db in
            let size = try Self.size(db, log)
            let statement = try db.cachedStatement(sql: "SELECT leaf FROM \(log.rawValue) WHERE idx = ?")
            return try indices.map { index in
                guard index >= 0, let row = try Row.fetchOne(statement, arguments: [index]) else {
                    throw StoreError.outOfRange(log: log, value: index, size: size)
                }
                return try row.bytes(0)
            }
        }
    }

    /// The first `size` revocation entries as one column of 34 bytes each: the revocation list of a bundle.
    public func revocationColumn(size: Int) throws(StoreError) -> [UInt8] {
        guard size >= 0 else { throw .outOfRange(log: .revocations, value: size, size: try count(.revocations)) }
        return Array(try leaves(.revocations, 0..<size).joined())
    }

    /// The index of the leaf with this hash, or `nil`.
    public func index(of leafHash: LeafHash, in log: LedgerLog) throws(StoreError) -> Int? {
        try indices(of: [leafHash], in: log)[0]
    }

    /// For each hash the index of its leaf, or `nil`, in one read.
    public func indices(of leafHashes: [LeafHash], in log: LedgerLog) throws(StoreError) -> [Int?] {
        try file.read { db in
            let statement = try db.cachedStatement(sql: "SELECT idx FROM \(log.rawValue) WHERE hash = ?")
            return try leafHashes.map { try Row.fetchOne(statement, arguments: [Data($0.bytes)])?.count(0) }
        }
    }

    /// The same for leaves that are probably at `first` and the indices after it: if they are, that is seen in the tree at once.
    public func indices(of leafHashes: [LeafHash], in log: LedgerLog, probablyFrom first: Int?) throws(StoreError) -> [Int?] {
        if let first, first >= 0 {
            let isThere = try withTree(log) { tree in
                guard leafHashes.count <= Int(tree.size), first <= Int(tree.size) - leafHashes.count else { return false }
                return try leafHashes.indices.allSatisfy { try tree.leafHash(at: UInt64(first + $0)) == leafHashes[$0] }
            }
            if isThere { return leafHashes.indices.map { first + $0 } }
        }
        return try indices(of: leafHashes, in: log)
    }

    /// For each entry's leaf hash the index of its revocation, or `nil` if it is not revoked, in one read.
    public func revocations(of leafHashes: [LeafHash]) throws(StoreError) -> [Int?] {
        try file.read { db in
            let statement = try db.cachedStatement(sql: "SELECT idx FROM revocations WHERE entry = ?")
            return try leafHashes.map { try Row.fetchOne(statement, arguments: [Data($0.bytes)])?.count(0) }
        }
    }

    // MARK: Trees

    /// Runs `body` on the tree of all leaves of a log. The first call reads all leaf hashes, later ones what has been added.
    func withTree<T: Sendable>(_ log: LedgerLog, _ body: (MerkleTree) throws -> T) throws(StoreError) -> T {
        do {
            return try trees.withLock { trees in
                var tree = trees[log] ?? MerkleTree()
                trees[log] = nil  // so that the tree is extended in place
                let known = Int(tree.size)
                let added = try file.read { try Self.leafHashes($0, log, from: known) }
                tree.append(contentsOf: added)
                trees[log] = tree
                return try body(tree)
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    static func size(_ db: Database, _ log: LedgerLog) throws -> Int {
        guard let row = try Row.fetchOne(db, sql: "SELECT MAX(idx) FROM \(log.rawValue)"), let last = try row.optionalCount(0) else {
            return 0
        }
        return last + 1
    }

    static func check(_ value: Int, atMost size: Int, _ log: LedgerLog) throws {
        guard value >= 0, value <= size else { throw StoreError.outOfRange(log: log, value: value, size: size) }
    }

    /// The cached right edge of a log's tree; refused unless it is of the log's size.
    static func frontier(_ db: Database, _ log: LedgerLog) throws -> Frontier {
        guard let row = try Row.fetchOne(db, sql: "SELECT size, hashes FROM frontiers WHERE log = ?", arguments: [log.number]) else {
            throw StoreError.damagedLog(log: log, reason: "its frontier is missing")
        }
        let stored = try row.count(0)
        guard try stored == size(db, log) else { throw StoreError.damagedLog(log: log, reason: "its frontier is of another size") }
        do {
            return try Frontier(size: UInt64(stored), hashes: NodeHash.array(row.bytes(1)))
        } catch is MerkleLogError {
            throw StoreError.damagedLog(log: log, reason: "its frontier is malformed")
        }
    }
}

/// The size of a log and the root of its tree.
public struct TreeHead: Equatable, Sendable {
    /// The number of leaves.
    public let size: Int
    /// The RFC 6962 root.
    public let root: NodeHash
}
