// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import GRDB
import MerkleLog
import Stores
import Testing

/// Stores whose every value somebody may have replaced: they open and read, or throw; they never end the process.
@Suite struct HostileValueTests {
    /// SQL expressions of every storage class, with the extremes of each.
    static let values = [
        "NULL", "-1", "0", "9223372036854775807", "-9223372036854775808", "4611686018427387904", "1099511627776", "1.5", "9e99",
        "'x'", "''", "CAST(x'fffe80' AS TEXT)", "x''", "x'fffe'", "zeroblob(32)", "zeroblob(100000)",
    ]

    /// The columns of a table.
    private static func columns(_ db: Database, _ table: String) throws -> [String] {
        try Row.fetchAll(db, sql: "PRAGMA table_info(\(table))").map { $0["name"] }
    }

    /// Makes a copy of `sound` for every column of `table` and every hostile value.
    private func damage(_ sound: String, table: String, folder: TemporaryFolder, _ body: (String) -> Void) throws {
        let columns = try DatabaseQueue(path: sound).read { try Self.columns($0, table) }
        var replaced = 0
        for column in columns {
            for value in Self.values {
                let copy = folder.file("hostile.sqlite")
                for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
                try FileManager.default.copyItem(atPath: sound, toPath: copy)
                if try replace(table, column, value, in: copy) { replaced += 1 }
                body(copy)
            }
        }
        // Only keys refuse some values.
        #expect(replaced > columns.count * Self.values.count / 2)
    }

    /// Puts `value` into all rows, or as many as UNIQUE allows, with NOT NULL taken out of the schema meanwhile.
    ///
    /// - Returns: Whether any row took it.
    private func replace(_ table: String, _ column: String, _ value: String, in path: String) throws -> Bool {
        let original = try DatabaseQueue(path: path).read {
            try String.fetchOne($0, sql: "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", arguments: [table])
        }
        try setSchema(table, original?.replacingOccurrences(of: "NOT NULL", with: ""), in: path)
        var isReplaced = false
        try tamper(path) { db in
            // A value that even the relaxed column does not take (the key of a table) leaves the store sound.
            try? db.execute(sql: "UPDATE OR IGNORE \(table) SET \(column) = \(value)")
            isReplaced = db.changesCount > 0
        }
        try setSchema(table, original, in: path)
        return isReplaced
    }

    private func setSchema(_ table: String, _ sql: String?, in path: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON; PRAGMA synchronous = OFF") }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { db in
            try db.execute(sql: "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", arguments: [sql, table])
        }
        try queue.close()
    }

    /// What every reader of a ledger does.
    private func exercise(_ ledger: LedgerStore, _ issuer: Issuer) {
        let hash = LeafHash(entry: entry(3))
        for log in LedgerLog.allCases {
            let count = (try? ledger.count(log)) ?? 0
            _ = try? ledger.treeHead(log)
            _ = try? ledger.leaves(log, 0..<count)
            _ = try? ledger.leaves(log, at: [0, 1, count - 1])
            _ = try? ledger.index(of: hash, in: log)
            _ = try? ledger.root(log, size: count)
            _ = try? ledger.inclusionProof(log, index: 0, size: count)
            _ = try? ledger.consistencyProof(log, from: 1, to: count)
            _ = try? ledger.checkpoints(log)
            _ = try? ledger.latestCheckpoint(log, notAfter: .max)
            _ = try? ledger.earliestCheckpoint(log, coveringSize: 1)
            _ = try? ledger.verifierKey(of: log)
        }
        _ = try? ledger.cosignerVerifierKey()
        _ = try? ledger.revocations(of: [hash])
        _ = try? ledger.revocationColumn(size: ledger.count(.revocations))
    }

    @Test(arguments: ["ledger", "consents", "revocations", "registry", "frontiers", "checkpoints"])
    func ledgersReadOrThrow(table: String) throws {
        let issuer = try Issuer()
        try issuer.fill()
        let sound = issuer.folder.file("sound.sqlite")
        try issuer.store.backup(to: sound)
        try damage(sound, table: table, folder: issuer.folder) { path in
            _ = try? LedgerStore.fsck(at: path)
            if let ledger = try? LedgerStore.open(at: path, for: .reading) { exercise(ledger, issuer) }
            if let ledger = try? LedgerStore.open(at: path, for: .writing) {
                _ = try? ledger.append([revocation(of: entry(7))], to: .revocations)
                _ = try? ledger.append([entry(30)], to: .consents)
                _ = try? ledger.checkpoint(issuer: issuer.key, cosigner: issuer.cosigner, now: 3_000)
                _ = try? ledger.backup(to: path + ".backup")
                try? FileManager.default.removeItem(atPath: path + ".backup")
            }
        }
    }

    @Test(arguments: ["-1", "-9223372036854775808", "9223372036854775807"])
    func fsckReportsAnImpossibleCheckpointSize(size: String) throws {
        let issuer = try Issuer()
        try issuer.fill()
        try tamper(issuer.store.path) { try $0.execute(sql: "UPDATE checkpoints SET size = \(size) WHERE sequence = 0") }
        #expect(try !LedgerStore.fsck(at: issuer.store.path).isEmpty)
        guard case .corrupt = storeError({ _ = try issuer.store.checkpoints(.consents) }) else {
            Issue.record("a checkpoint of \(size) leaves was read")
            return
        }
    }

    @Test(
        arguments: [
            "UPDATE ledger SET name = x'fffe'", "UPDATE ledger SET name = x'61'", "UPDATE frontiers SET size = 'x' WHERE log = 0",
            "UPDATE frontiers SET size = x'00' WHERE log = 0", "UPDATE ledger SET issuer = 0", "UPDATE ledger SET cosigner = 1.5",
        ])
    func aValueOfAnotherTypeIsDamage(sql: String) throws {
        let issuer = try Issuer()
        try issuer.fill()
        let copy = issuer.folder.file("copy.sqlite")
        try issuer.store.backup(to: copy)
        try tamper(copy) { try $0.execute(sql: sql) }
        let error = storeError { _ = try LedgerStore.open(at: copy, for: .reading).treeHead(.consents) }
        guard case .corrupt(copy, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["receipts", "pages", "seal"])
    func receiptsReadOrThrow(table: String) throws {
        let folder = try TemporaryFolder()
        let sound = folder.file("sound.sqlite")
        do {
            let store = try ReceiptStore.create(at: folder.file("receipts.sqlite"), passphrase: passphrase.span, parameters: cheap())
            try store.insertPending(origin: "a/consents") { batch in
                let schema = try Schema.builtIn(named: "test-small")
                let places = try batch.add(page: openingPage(3, schema: schema), count: 3, schema: schema)
                for i in 0..<3 {
                    try batch.add(request: "r\(i)", entry: entry(i), opening: [UInt8](repeating: 1, count: 64).span, place: places[i])
                }
            }
            try store.acknowledge([(LeafHash(entry: entry(0)), 0)])
            try store.backup(to: sound)
        }
        try damage(sound, table: table, folder: folder) { path in
            guard let store = try? openReceipts(path, .writing) else { return }
            _ = try? store.count()
            _ = try? store.pending(origin: "a/consents")
            _ = try? store.receipts(requests: ["r0", "r1"], origin: "a/consents")
            _ = try? store.opening(LeafHash(entry: entry(0)))
            try? store.forEach { _, _ in }
            try? store.forEachPage { _ in }
            try? store.forEachUnpaged { _, _ in }
            try? store.acknowledge([(LeafHash(entry: entry(0)), 0), (LeafHash(entry: entry(1)), 1)])
            try? store.erase(LeafHash(entry: entry(2)))
        }
    }

    @Test(arguments: ["datasets", "pages", "seal"])
    func datasetsReadOrThrow(table: String) throws {
        let folder = try TemporaryFolder()
        let sound = folder.file("sound.sqlite")
        let bytes = [UInt8](repeating: 3, count: 32)
        do {
            let store = try DatasetStore.create(at: folder.file("datasets.sqlite"), passphrase: passphrase.span, parameters: cheap())
            let dataset = Dataset(name: "d", count: 2, manifest: [1], source: "d.csv", keyColumns: ["k"], subjectColumn: "s")
            try store.create(dataset) { writer in
                for i in 0..<2 {
                    try writer.append(sourceRow: i, commitment: bytes, record: bytes.span, subject: bytes.span, blinding: bytes.span)
                }
            }
            try store.backup(to: sound)
        }
        try damage(sound, table: table, folder: folder) { path in
            guard let store = try? openDatasets(path, .writing) else { return }
            let names = ((try? store.datasets()) ?? []).map(\.name) + ["d"]
            for name in Set(names) {
                _ = try? store.commitments(of: name)
                try? store.forEachRow(of: name) { _ in }
                try? store.forEachPage(of: name) { _ in }
                try? store.forEachRow(of: name, at: [0, 1]) { _ in }
            }
            try? store.erase("d")
        }
    }

    // MARK: Paths that are no files

    @Test(arguments: [StoreAccess.reading, .writing])
    func whatIsNoFileIsRefusedAtOnceAndGetsNoLock(access: StoreAccess) throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.file("fifo"), 0o600) == 0)
        try FileManager.default.createDirectory(atPath: folder.file("folder"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: folder.file("device"), withDestinationPath: "/dev/null")
        try Data().write(to: URL(filePath: folder.file("empty")))
        for name in ["fifo", "folder", "device", "empty", "missing"] {
            switch storeError({ _ = try LedgerStore.open(at: folder.file(name), for: access) }) {
            case .notADatabase: #expect(name != "missing")
            case .notFound: #expect(name == "missing")
            case let other: Issue.record("\(name): \(String(describing: other))")
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".lock") } == [])
        #expect(!FileManager.default.fileExists(atPath: "/dev/null.lock"))
    }

    @Test func aSideFileThatIsAPipeIsRefused() throws {
        let issuer = try Issuer()
        let copy = issuer.folder.file("copy.sqlite")
        try issuer.store.backup(to: copy)
        #expect(mkfifo(copy + "-wal", 0o600) == 0)
        #expect(storeError { _ = try LedgerStore.open(at: copy, for: .reading) } != nil)
    }

    @Test func anErrorNamesItsFileOnce() {
        let error = StoreError.notFound(path: "/x")
        #expect(error.message == "/x: does not exist")
        #expect(error.modelError.message == "does not exist")
        #expect(error.modelError.file == "/x")
    }
}
