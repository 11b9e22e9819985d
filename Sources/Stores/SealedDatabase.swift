// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import Primitives
internal import Secrets

/// A store whose rows are encrypted with a key of its own, which is sealed under a passphrase in its table `seal`.
///
/// Security: each row is AES-256-GCM with a random nonce and is bound to its columns (the context). A second sealed key makes look-up
/// values of request ids, so that the file alone does not tell who is in it. Numbers of rows, lengths and public columns are not hidden,
/// and the removal of rows, or of the whole file for an older one, is not detected.
package final class SealedDatabase: Sendable {
    /// The database file, in which what is personal stands sealed.
    package let file: DatabaseFile
    private let key: DataKey
    private let lookupKey: SecretBytes

    /// The table of the sealed keys, part of every such store.
    static let schema = "CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 0), key BLOB NOT NULL, lookup BLOB NOT NULL)"
    private static let lookupContext = Array("zkconsent/v1/store/lookup".utf8)

    private init(file: DatabaseFile, key: consuming DataKey, lookupKey: consuming SecretBytes) {
        self.file = file
        self.key = key
        self.lookupKey = lookupKey
    }

    /// Makes a new store with fresh keys; the file is readable by its owner only.
    static func create(
        at path: String, format: DatabaseFormat, passphrase: Span<UInt8>, parameters: SealedFile.Parameters
    ) throws(StoreError) -> SealedDatabase {
        let key = DataKey()
        let lookupKey = SecretBytes.random(count: 32)
        let sealedKey: [UInt8]
        let sealedLookup: [UInt8]
        do {
            sealedKey = try key.withKey { (bytes) throws(SecretsError) in
                try SealedFile.seal(bytes, passphrase: passphrase, parameters: parameters)
            }
            sealedLookup = try key.seal(lookupKey, context: lookupContext)
        } catch {
            throw failure(error, path)
        }
        let file = try DatabaseFile.create(at: path, format: format) { db in
            try db.execute(
                sql: "INSERT INTO seal (id, key, lookup) VALUES (0, ?, ?)", arguments: [Data(sealedKey), Data(sealedLookup)])
        }
        return SealedDatabase(file: file, key: key, lookupKey: lookupKey)
    }

    /// Opens a store.
    ///
    /// - Throws: ``StoreError/wrongPassphrase(path:)`` and what ``DatabaseFile`` throws.
    static func open(
        at path: String, format: DatabaseFormat, for access: StoreAccess, passphrase: Span<UInt8>
    ) throws(StoreError) -> SealedDatabase {
        let file = try DatabaseFile.open(at: path, format: format, for: access)
        let (sealedKey, sealedLookup) = try file.read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT key, lookup FROM seal WHERE id = 0") else {
                throw StoreError.corrupt(path: "", reason: "its sealed key is missing")
            }
            return (try row.bytes(0), try row.bytes(1))
        }
        do {
            let key = try DataKey(SealedFile.open(sealedKey, passphrase: passphrase))
            let lookupKey = try key.open(sealedLookup, context: lookupContext)
            return SealedDatabase(file: file, key: key, lookupKey: lookupKey)
        } catch {
            throw failure(error, file.path)
        }
    }

    /// Seals the store's key under another passphrase. Copies made earlier keep the old one.
    func changePassphrase(to passphrase: Span<UInt8>, parameters: SealedFile.Parameters) throws(StoreError) {
        let sealed: [UInt8]
        do {
            sealed = try key.withKey { (bytes) throws(SecretsError) in
                try SealedFile.seal(bytes, passphrase: passphrase, parameters: parameters)
            }
        } catch {
            throw Self.failure(error, file.path)
        }
        try file.write { try $0.execute(sql: "UPDATE seal SET key = ? WHERE id = 0", arguments: [Data(sealed)]) }
        try forgetDeleted()
    }

    /// Encrypts one row's secrets.
    func seal(_ plaintext: Span<UInt8>, context: [UInt8]) throws(StoreError) -> [UInt8] {
        do { return try key.seal(plaintext, context: context) } catch { throw Self.failure(error, file.path) }
    }

    /// Decrypts one row's secrets.
    ///
    /// - Parameter row: Names the row in the error.
    /// - Throws: ``StoreError/unsealable(path:row:)``.
    func open(_ box: [UInt8], context: [UInt8], row: @autoclosure () -> String) throws(StoreError) -> SecretBytes {
        do {
            return try key.open(box, context: context)
        } catch {
            if error == .authentication { throw .unsealable(path: file.path, row: row()) }
            throw Self.failure(error, file.path)
        }
    }

    /// Decrypts a page of words into a cell of its length.
    ///
    /// - Parameter row: Names the page in the error.
    /// - Throws: ``StoreError/unsealable(path:row:)``.
    func open(
        _ box: [UInt8], context: [UInt8], row: @autoclosure () -> String, into page: inout SecretLimbs
    ) throws(StoreError) {
        do {
            try key.open(box, context: context, into: &page)
        } catch {
            if error == .authentication { throw .unsealable(path: file.path, row: row()) }
            throw Self.failure(error, file.path)
        }
    }

    /// The look-up value of an identifier: 32 bytes that say nothing without the store's key.
    func lookupValue(_ parts: [String]) -> [UInt8] {
        var hasher = SHA256.Hasher()
        hasher.update(lengthPrefixed("zkconsent/v1/store/lookup"))
        lookupKey.withSpan { hasher.update($0) }
        for part in parts { hasher.update(lengthPrefixed(part)) }
        return hasher.finalize()
    }

    /// Empties the write-ahead log, which still has the former contents of rows that were deleted or replaced.
    func forgetDeleted() throws(StoreError) {
        do {
            try file.queue.writeWithoutTransaction { _ = try Row.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        } catch {
            throw StoreError(error, path: file.path)
        }
    }

    private static func failure(_ error: SecretsError, _ path: String) -> StoreError {
        switch error {
        case .authentication: .wrongPassphrase(path: path)
        case .format, .length: .corrupt(path: path, reason: "its sealed key is malformed")
        case .parameters: .corrupt(path: path, reason: "the cost parameters of its sealed key are out of bounds")
        case .backend: .database(path: path, reason: "the cryptographic library failed")
        }
    }
}
