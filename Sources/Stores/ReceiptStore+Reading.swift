// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
public import MerkleLog
public import Secrets

/// The public part of a receipt.
public struct Receipt: Equatable, Sendable {
    /// The origin of the consents log.
    public let origin: String
    /// The 118 bytes of the entry.
    public let entry: [UInt8]
    /// The entry's leaf hash.
    public let leafHash: LeafHash
    /// The entry's index in the log; `nil` while pending.
    public let index: Int?
}

extension ReceiptStore {
    /// The number of receipts.
    public func count() throws(StoreError) -> Int {
        try sealed.file.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM receipts") ?? 0 }
    }

    /// The receipts of requests, `nil` for a request without one, in one read.
    public func receipts(requests: [String], origin: String) throws(StoreError) -> [Receipt?] {
        try sealed.file.read { db in
            let statement = try db.cachedStatement(sql: Self.select + "WHERE request = ? AND origin = ?")
            return try requests.map { request in
                let value = Data(Self.lookupValue(sealed, request: request, origin: origin))
                return try Row.fetchOne(statement, arguments: [value, origin]).map { try Self.receipt($0) }
            }
        }
    }

    /// The receipts of an origin that have no index yet, in the order in which they were written.
    public func pending(origin: String) throws(StoreError) -> [Receipt] {
        try sealed.file.read { db in
            try Row.fetchAll(
                db, sql: Self.select + "WHERE leaf_index IS NULL AND origin = ? ORDER BY number", arguments: [origin]
            ).map { try Self.receipt($0) }
        }
    }

    /// The receipt of the entry with this leaf hash, without its opening.
    ///
    /// - Throws: ``StoreError/unknownReceipt(leafHash:)``.
    public func receipt(_ leafHash: LeafHash) throws(StoreError) -> Receipt {
        try sealed.file.read { db in
            guard let row = try Row.fetchOne(db, sql: Self.select + "WHERE leaf = ?", arguments: [Data(leafHash.bytes)]) else {
                throw StoreError.unknownReceipt(leafHash: leafHash.bytes)
            }
            return try Self.receipt(row)
        }
    }

    /// The opening of the entry with this leaf hash.
    ///
    /// - Throws: ``StoreError/unknownReceipt(leafHash:)`` or ``StoreError/unsealable(path:row:)``.
    public func opening(_ leafHash: LeafHash) throws(StoreError) -> SecretBytes {
        let (receipt, request, box) = try sealed.file.read { db in
            guard let row = try Row.fetchOne(db, sql: Self.select + "WHERE leaf = ?", arguments: [Data(leafHash.bytes)]) else {
                throw StoreError.unknownReceipt(leafHash: leafHash.bytes)
            }
            return (try Self.receipt(row), try row.bytes(4), try row.bytes(5))
        }
        return try open(receipt, request: request, box: box)
    }

    /// Decrypts all receipts in the order in which they were written and shows each to `body`, pending ones too.
    ///
    /// - Throws: ``StoreError/unsealable(path:row:)`` and the rest of ``StoreError``, or what `body` throws.
    public func forEach(_ body: (Receipt, borrowing SecretBytes) throws -> Void) throws {
        try forEach(in: sealed.file, body)
    }

    /// The same for the receipts that are in no page.
    public func forEachUnpaged(_ body: (Receipt, borrowing SecretBytes) throws -> Void) throws {
        try forEach(in: sealed.file, where: "WHERE page IS NULL ", body)
    }

    /// Copies the store to a new file, decrypts every row of the copy, and gives it its name when it is on the disk.
    ///
    /// - Throws: ``StoreError/alreadyExists(path:)``, ``StoreError/unsealable(path:row:)``, ``StoreError/corrupt(path:reason:)``.
    public func backup(to destination: String) throws(StoreError) {
        try sealed.file.copy(to: destination) { copy in
            let file = try DatabaseFile.open(at: copy, format: Self.format, for: .reading)
            if let problem = try file.integrityProblems().first { throw StoreError.corrupt(path: path, reason: problem) }
            try forEach(in: file) { _, _ in }
            try forEachPage(in: file) { _ in }
        }
    }

    private static let select = "SELECT origin, entry, leaf, leaf_index, request, box FROM receipts "

    private func forEach(
        in file: DatabaseFile, where condition: String = "", _ body: (Receipt, borrowing SecretBytes) throws -> Void
    ) throws {
        try file.rethrowingRead { db in
            let rows = try Row.fetchCursor(db, sql: Self.select + condition + "ORDER BY number")
            while let row = try rows.next() {
                let receipt = try Self.receipt(row)
                try body(receipt, open(receipt, request: row.bytes(4), box: row.bytes(5)))
            }
        }
    }

    private func open(_ receipt: Receipt, request: [UInt8], box: [UInt8]) throws(StoreError) -> SecretBytes {
        // The entry is bound through its leaf hash, which is computed, not read.
        let leaf = LeafHash(entry: receipt.entry)
        guard leaf == receipt.leafHash else { throw .unsealable(path: path, row: Self.name(receipt)) }
        let context = Self.context(origin: receipt.origin, request: request, leaf: leaf.bytes)
        return try sealed.open(box, context: context, row: Self.name(receipt))
    }

    private static func name(_ receipt: Receipt) -> String {
        receipt.index.map { "the receipt of entry \($0)" } ?? "a pending receipt"
    }

    private static func receipt(_ row: Row) throws -> Receipt {
        guard let leafHash = try? LeafHash(row.bytes(2)) else {
            throw StoreError.corrupt(path: "", reason: "a receipt is malformed")
        }
        return Receipt(origin: try row.text(0), entry: try row.bytes(1), leafHash: leafHash, index: try row.optionalCount(3))
    }
}
