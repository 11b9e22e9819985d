// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import GRDB
import MerkleLog
import Secrets
import Stores

/// A folder that is removed with this value.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("stores-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Copies a database with its log as a crash at this moment would leave them.
    func crashImage(of path: String, as name: String) throws -> String {
        let copy = file(name)
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        if FileManager.default.fileExists(atPath: path + "-wal") {
            try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
        }
        return copy
    }
}

/// An issuer with a ledger.
final class Issuer {
    let folder: TemporaryFolder
    let key: Ed25519SigningKey
    let cosigner: Ed25519SigningKey
    let store: LedgerStore

    init() throws {
        folder = try TemporaryFolder()
        key = try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 1, count: 32).span))
        cosigner = try Ed25519SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 2, count: 32).span))
        store = try LedgerStore.create(
            at: folder.file("ledger.sqlite"), name: "hospital.example/consent", issuerKey: key.publicKey, cosignerKey: cosigner.publicKey)
    }

    @discardableResult
    func checkpoint(_ logs: [LedgerLog] = LedgerLog.allCases, now: UInt64) throws -> [StoredCheckpoint] {
        try store.checkpoint(logs, issuer: key, cosigner: cosigner, now: now)
    }

    /// A ledger with 20 entries, 3 revocations, 2 registry leaves and two rounds of checkpoints.
    func fill() throws {
        try store.append(entries(0..<12), to: .consents)
        try store.append([revocation(of: entry(3)), revocation(of: entry(5))], to: .revocations)
        try store.append([registryLeaf(1)], to: .registry)
        try checkpoint(now: 1_000)
        try store.append(entries(12..<20), to: .consents)
        try store.append([revocation(of: entry(13))], to: .revocations)
        try store.append([registryLeaf(2)], to: .registry)
        try checkpoint(now: 2_000)
    }
}

/// Entry number `i`: well-formed, all different.
func entry(_ i: Int) -> [UInt8] {
    var bytes: [UInt8] = [1, 1, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 112)
    for j in 0..<8 { bytes[22 + j] = UInt8(truncatingIfNeeded: i >> (8 * j)) }
    return bytes
}

/// A page of entries 0 to `count - 1`; word i of the columns before the entries is i + 1.
func openingPage(_ count: Int, schema: Schema) throws -> SecretLimbs {
    guard let layout = OpeningPageLayout(count: count, schema: schema) else { throw StoreError.invalidArgument(name: "page", reason: "") }
    let bytes = entries(0..<count).flatMap { $0 } + [UInt8](repeating: 0, count: 7)
    var page = SecretLimbs(count: layout.wordCount)
    page.withMutableSpan { words in
        for word in 0..<layout.entries.lowerBound { words[word] = UInt64(word + 1) }
        for word in layout.entries {
            let start = 8 * (word - layout.entries.lowerBound)
            words[word] = bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
    return page
}

func entries(_ range: Range<Int>) -> [[UInt8]] { range.map { entry($0) } }

func revocation(of entry: [UInt8], kind: UInt8 = 1) -> [UInt8] { [1, kind] + LeafHash(entry: entry).bytes }

func registryLeaf(_ i: Int) -> [UInt8] { Array(#"{"kind":"test","number":\#(i)}"#.utf8) }

/// The error that `body` throws, if it is a store's.
func storeError(_ body: () throws -> Void) -> StoreError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StoreError
    }
}

/// Changes a database behind the store's back, with all triggers out of the way and put back afterwards.
func tamper(_ path: String, keepingTriggers: Bool = false, _ body: (Database) throws -> Void) throws {
    var configuration = Configuration()
    configuration.prepareDatabase {
        try $0.execute(sql: "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { db in
        let triggers = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        if !keepingTriggers { for row in triggers { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") } }
        try body(db)
        if !keepingTriggers { for row in triggers { try db.execute(sql: row["sql"]) } }
    }
    try queue.close()
}

/// The passphrase of the test stores.
let passphrase = Array("correct horse battery staple".utf8)

/// The cheapest scrypt that is accepted.
func cheap() throws -> SealedFile.Parameters { try SealedFile.Parameters(log2N: 14, r: 8, p: 1) }

func openReceipts(_ path: String, _ access: StoreAccess = .reading, _ phrase: [UInt8] = passphrase) throws -> ReceiptStore {
    try ReceiptStore.open(at: path, for: access, passphrase: phrase.span)
}

func openDatasets(_ path: String, _ access: StoreAccess = .reading, _ phrase: [UInt8] = passphrase) throws -> DatasetStore {
    try DatasetStore.open(at: path, for: access, passphrase: phrase.span)
}
