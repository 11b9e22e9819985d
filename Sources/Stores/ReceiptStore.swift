// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import Foundation
internal import GRDB
public import MerkleLog
internal import Primitives
public import Secrets

/// The holder's receipts: for each entry its opening, sealed, and its index once the ledger has it.
///
/// A receipt is written **pending** before its entry is appended and **acknowledged** after. A run of `consent issue` that was
/// interrupted finds its requests here and appends the entries it had made, so that no consent is issued twice.
///
/// What a proof needs of the openings is stored a second time, in pages of up to 1,024 (``OpeningPageLayout``): a page is decrypted at once and is laid out as
/// the prover's columns. A receipt without a page is proved with as well, only slower.
public final class ReceiptStore: Sendable {
    /// The encrypted database.
    package let sealed: SealedDatabase

    private init(_ sealed: SealedDatabase) {
        self.sealed = sealed
    }

    /// The file, with links resolved.
    public var path: String { sealed.file.path }

    static let format = DatabaseFormat(
        kind: "receipts", applicationID: 0x7a6b_6352, version: 2, oldest: 2, mode: 0o600,
        schema: [
            SealedDatabase.schema,
            """
            CREATE TABLE receipts (
                number INTEGER PRIMARY KEY,
                request BLOB NOT NULL UNIQUE CHECK (typeof(request) = 'blob' AND length(request) = 32),
                origin TEXT NOT NULL,
                entry BLOB NOT NULL CHECK (typeof(entry) = 'blob' AND length(entry) = 118),
                leaf BLOB NOT NULL UNIQUE CHECK (typeof(leaf) = 'blob' AND length(leaf) = 32),
                leaf_index INTEGER CHECK (leaf_index IS NULL OR (typeof(leaf_index) = 'integer' AND leaf_index >= 0)),
                page INTEGER,
                slot INTEGER,
                box BLOB NOT NULL CHECK (typeof(box) = 'blob')
            )
            """,
            """
            CREATE TABLE pages (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                origin TEXT NOT NULL,
                schema BLOB NOT NULL CHECK (typeof(schema) = 'blob' AND length(schema) = 16),
                attributes INTEGER NOT NULL,
                words INTEGER NOT NULL,
                count INTEGER NOT NULL CHECK (typeof(count) = 'integer' AND count >= 1),
                first_index INTEGER,
                box BLOB NOT NULL CHECK (typeof(box) = 'blob')
            )
            """,
            "CREATE INDEX receipts_pending ON receipts (origin) WHERE leaf_index IS NULL",
            "CREATE INDEX receipts_unpaged ON receipts (number) WHERE page IS NULL",
            """
            CREATE TRIGGER receipts_fixed BEFORE UPDATE ON receipts
            WHEN OLD.leaf_index IS NOT NULL OR NEW.number IS NOT OLD.number OR NEW.request IS NOT OLD.request
                OR NEW.origin IS NOT OLD.origin OR NEW.entry IS NOT OLD.entry OR NEW.leaf IS NOT OLD.leaf OR NEW.box IS NOT OLD.box
                OR NEW.page IS NOT OLD.page OR NEW.slot IS NOT OLD.slot
            BEGIN SELECT RAISE(ABORT, 'a receipt only gets its index'); END
            """,
        ], migrations: [:])

    /// Makes a new store under a passphrase; an existing file is refused. Takes the time of one scrypt.
    ///
    /// - Parameter parameters: The cost of scrypt.
    public static func create(
        at path: String, passphrase: Span<UInt8>, parameters: SealedFile.Parameters = .standard
    ) throws(StoreError) -> ReceiptStore {
        ReceiptStore(try SealedDatabase.create(at: path, format: format, passphrase: passphrase, parameters: parameters))
    }

    /// Opens a store.
    ///
    /// - Throws: ``StoreError/wrongPassphrase(path:)`` and the rest of ``StoreError``.
    public static func open(at path: String, for access: StoreAccess, passphrase: Span<UInt8>) throws(StoreError) -> ReceiptStore {
        ReceiptStore(try SealedDatabase.open(at: path, format: format, for: access, passphrase: passphrase))
    }

    /// Seals the store under another passphrase.
    public func changePassphrase(to passphrase: Span<UInt8>, parameters: SealedFile.Parameters = .standard) throws(StoreError) {
        try sealed.changePassphrase(to: passphrase, parameters: parameters)
    }

    // MARK: Writing

    /// A transaction that writes receipts.
    public struct Batch {
        fileprivate let db: Database
        fileprivate let store: SealedDatabase
        fileprivate let origin: String

        /// Adds a pending receipt.
        ///
        /// - Parameters:
        ///   - request: The identifier of the consent request; once per origin.
        ///   - entry: The 118 bytes of the entry.
        ///   - opening: Its opening (`ConsentOpeningLayout`), to be sealed.
        ///   - place: Where ``add(page:count:schema:)`` put it, if there is a page of it.
        /// - Throws: ``StoreError/duplicateRequest(request:)`` or ``StoreError/invalidArgument(name:reason:)``.
        public func add(request: String, entry: [UInt8], opening: Span<UInt8>, place: PagePlace? = nil) throws(StoreError) {
            if let fault = LeafForm.fault(entry, .consents) { throw .invalidArgument(name: "entry", reason: fault) }
            let leaf = LeafHash(entry: entry).bytes
            let requestValue = ReceiptStore.lookupValue(store, request: request, origin: origin)
            let box = try store.seal(opening, context: ReceiptStore.context(origin: origin, request: requestValue, leaf: leaf))
            do {
                try db.cachedStatement(
                    sql: "INSERT INTO receipts (request, origin, entry, leaf, page, slot, box) VALUES (?, ?, ?, ?, ?, ?, ?)"
                ).execute(arguments: [Data(requestValue), origin, Data(entry), Data(leaf), place?.page, place?.slot, Data(box)])
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw .duplicateRequest(request: request)
            } catch {
                throw StoreError(error, path: store.file.path)
            }
        }

        /// Adds a page of openings whose receipts are added with their places in the same transaction.
        ///
        /// - Parameters:
        ///   - page: The words of `OpeningPageLayout(count: count, schema: schema)`.
        ///   - schema: The schema of all its entries.
        /// - Returns: The places of its slots in order.
        public func add(page: borrowing SecretLimbs, count: Int, schema: Schema) throws(StoreError) -> [PagePlace] {
            guard let layout = OpeningPageLayout(count: count, schema: schema), page.count == layout.wordCount else {
                throw .invalidArgument(name: "page", reason: "it has the wrong length")
            }
            let schemaID = schema.id
            do {
                // The number is known before the row, for it is part of what the box is bound to.
                try db.cachedStatement(
                    sql: "INSERT INTO pages (origin, schema, attributes, words, count, box) VALUES (?, ?, ?, ?, ?, x'')"
                ).execute(arguments: [origin, Data(schemaID), layout.attributeCount, layout.flagWords, layout.count])
                let number = db.lastInsertedRowID
                let header = PageHeader(number: number, origin: origin, schemaID: schemaID, layout: layout)
                let box = try page.withBytes { (bytes) throws(StoreError) in try store.seal(bytes, context: header.context) }
                try db.cachedStatement(sql: "UPDATE pages SET box = ? WHERE number = ?").execute(arguments: [Data(box), number])
                return (0..<layout.count).map { PagePlace(page: number, slot: $0) }
            } catch {
                throw StoreError(error, path: store.file.path)
            }
        }
    }

    /// Writes pending receipts of one consents log in one transaction; they are on the disk when this returns, or none if `body` throws.
    ///
    /// - Parameter origin: The origin of the consents log.
    /// - Throws: ``StoreError``, or what `body` throws.
    public func insertPending(origin: String, _ body: (Batch) throws -> Void) throws {
        try sealed.file.rethrowingWrite { db in try body(Batch(db: db, store: sealed, origin: origin)) }
    }

    /// Records the indices that the ledger gave, in one durable transaction. The same index again is no error.
    ///
    /// - Throws: ``StoreError/unknownReceipt(leafHash:)`` or ``StoreError/conflictingIndex(leafHash:index:)``; then nothing is recorded.
    public func acknowledge(_ indices: [(leafHash: LeafHash, index: Int)]) throws(StoreError) {
        try sealed.file.write { db in
            let find = try db.cachedStatement(sql: "SELECT leaf_index, page, slot FROM receipts WHERE leaf = ?")
            let update = try db.cachedStatement(sql: "UPDATE receipts SET leaf_index = ? WHERE leaf = ?")
            var runs: [Int: PageRun] = [:]
            for (leafHash, index) in indices {
                let leaf = Data(leafHash.bytes)
                guard let row = try Row.fetchOne(find, arguments: [leaf]) else { throw StoreError.unknownReceipt(leafHash: leafHash.bytes) }
                if let page = try row.optionalCount(1), let slot = try row.optionalCount(2) {
                    runs[page, default: PageRun(first: index - slot)].add(index - slot)
                }
                if let known = try row.optionalCount(0) {
                    guard known == index else { throw StoreError.conflictingIndex(leafHash: leafHash.bytes, index: known) }
                } else {
                    try update.execute(arguments: [index, leaf])
                }
            }
            // A hint for readers, who compare it with the ledger.
            for (page, run) in runs where run.isRun {
                try db.execute(
                    sql: "UPDATE pages SET first_index = ? WHERE number = ? AND count = ?", arguments: [run.first, page, run.count])
            }
        }
    }

    /// Whether the acknowledged receipts of a page have indices that follow one another as its slots do.
    private struct PageRun {
        let first: Int
        var count = 0
        var isRun = true

        init(first: Int) {
            self.first = first
        }

        mutating func add(_ first: Int) {
            count += 1
            isRun = isRun && first == self.first && first >= 0
        }
    }

    /// Erases a receipt, in its page too: its entry can never be opened again, unless from a backup.
    ///
    /// - Throws: ``StoreError/unknownReceipt(leafHash:)``; ``StoreError/unsealable(path:row:)`` when its page was changed and others' receipts
    ///   are in it.
    public func erase(_ leafHash: LeafHash) throws(StoreError) {
        try sealed.file.write { db in
            let leaf = Data(leafHash.bytes)
            guard let row = try Row.fetchOne(db, sql: "SELECT page, slot FROM receipts WHERE leaf = ?", arguments: [leaf]) else {
                throw StoreError.unknownReceipt(leafHash: leafHash.bytes)
            }
            if let page = try row.optionalCount(0), let slot = try row.optionalCount(1) {
                try eraseSlot(slot, of: page, leaf: leafHash, in: db)
            }
            try db.execute(sql: "DELETE FROM receipts WHERE leaf = ?", arguments: [leaf])
        }
        try sealed.forgetDeleted()
    }

    /// Seals a page anew without one of its slots, or removes it with the last.
    ///
    /// Page and slot of a receipt are not authenticated: another person's opening must not be erased for this one's.
    private func eraseSlot(_ slot: Int, of number: Int, leaf: LeafHash, in db: Database) throws {
        guard let row = try Row.fetchOne(db, sql: Self.selectPage + "WHERE number = ?", arguments: [number]) else { return }
        let (header, _) = try Self.pageHeader(row)
        let layout = header.layout
        var page = SecretLimbs(count: layout.wordCount)
        do {
            try sealed.open(row.bytes(Self.pageBoxColumn), context: header.context, row: header.name, into: &page)
        } catch let error as StoreError {
            // A changed page that nobody else's receipt names goes as a whole.
            let users = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM receipts WHERE page = ?", arguments: [number])
            guard case .unsealable = error, users == 1 else { throw error }
            try db.execute(sql: "DELETE FROM pages WHERE number = ?", arguments: [number])
            return
        }
        let entries = page.withBytes { layout.entries(of: $0) }
        guard slot < layout.count, LeafHash(entry: Array(entries[Entry.byteCount * slot..<Entry.byteCount * (slot + 1)])) == leaf else {
            throw StoreError.corrupt(path: path, reason: "a receipt is not at its place in its page")
        }
        page.withMutableSpan { layout.erase(slot, in: &$0) }
        let isEmpty = page.withSpan { words in layout.days.allSatisfy { words[$0] == OpeningPageLayout.erased } }
        guard !isEmpty else {
            try db.execute(sql: "DELETE FROM pages WHERE number = ?", arguments: [number])
            return
        }
        let box = try page.withBytes { (bytes) throws(StoreError) in try sealed.seal(bytes, context: header.context) }
        try db.execute(sql: "UPDATE pages SET box = ? WHERE number = ?", arguments: [Data(box), number])
    }

    static func lookupValue(_ store: SealedDatabase, request: String, origin: String) -> [UInt8] {
        store.lookupValue(["request", origin, request])
    }

    /// What a receipt's sealed bytes are bound to.
    static func context(origin: String, request: [UInt8], leaf: [UInt8]) -> [UInt8] {
        lengthPrefixed("zkconsent/v1/store/receipt") + lengthPrefixed(origin) + lengthPrefixed(request) + lengthPrefixed(leaf)
    }
}
