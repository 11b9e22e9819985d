// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import GRDB
import MerkleLog
import Secrets
import Stores
import Testing

/// Files that are not as they should be, crashes, locks, full disks.
@Suite struct DatabaseFileTests {
    @Test func createsOnceAndDurably() throws {
        let issuer = try Issuer()
        #expect(
            storeError {
                _ = try LedgerStore.create(
                    at: issuer.store.path, name: "a/b", issuerKey: issuer.key.publicKey, cosignerKey: issuer.cosigner.publicKey)
            } == .alreadyExists(path: issuer.store.path))
        let queue = try DatabaseQueue(path: issuer.store.path)
        #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        // Nothing temporary is left.
        #expect(try FileManager.default.contentsOfDirectory(atPath: issuer.folder.path).filter { $0.contains("tmp") } == [])
    }

    @Test(arguments: ["", "with space", "plus+sign", "line\nbreak"])
    func refusesNamesThatNotesRefuse(name: String) throws {
        let issuer = try Issuer()
        guard
            case .invalidArgument = storeError({
                _ = try LedgerStore.create(
                    at: issuer.folder.file("x.sqlite"), name: name, issuerKey: issuer.key.publicKey, cosignerKey: issuer.cosigner.publicKey)
            })
        else {
            Issue.record("accepted \(name)")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: issuer.folder.file("x.sqlite")))
    }

    @Test func refusesBadKeys() throws {
        let issuer = try Issuer()
        let good = issuer.key.publicKey
        for (first, second) in [(good, good), ([], good), (good, [UInt8](repeating: 0, count: 32)), (good + [0], good)] {
            #expect(
                storeError {
                    _ = try LedgerStore.create(at: issuer.folder.file("x.sqlite"), name: "a/b", issuerKey: first, cosignerKey: second)
                }
                    != nil)
        }
    }

    // MARK: Locks

    @Test func aSecondWriterIsRefusedByProcessNumber() throws {
        let issuer = try Issuer()
        let path = issuer.store.path
        #expect(storeError { _ = try LedgerStore.open(at: path, for: .writing) } == .inUse(path: path, process: getpid()))
        // Neither another name of the file nor a reader gets round the lock, and readers are let in.
        let link = issuer.folder.file("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(storeError { _ = try LedgerStore.open(at: link, for: .writing) } == .inUse(path: path, process: getpid()))
        let reader = try LedgerStore.open(at: path, for: .reading)
        try issuer.store.append([entry(0)], to: .consents)
        #expect(try reader.count(.consents) == 1)
    }

    /// A program that another thread starts has every descriptor of this process until it begins to run.
    @Test func theLockEndsWithTheWriterWhoeverElseHasItsDescriptor() throws {
        let issuer = try Issuer()
        let copy = issuer.folder.file("copy.sqlite")
        try issuer.store.backup(to: copy)
        var writer: LedgerStore? = try LedgerStore.open(at: copy, for: .writing)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let lock = try #require(
            descriptors.first { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == copy + ".lock" })
        let inherited = dup(lock)
        defer { close(inherited) }
        #expect(inherited >= 0 && writer != nil)
        writer = nil
        #expect(throws: Never.self) { _ = try LedgerStore.open(at: copy, for: .writing) }
    }

    @Test func theLockEndsWithTheWriter() throws {
        let issuer = try Issuer()
        let copy = issuer.folder.file("copy.sqlite")
        try issuer.store.backup(to: copy)
        do {
            let writer = try LedgerStore.open(at: copy, for: .writing)
            #expect(storeError { _ = try LedgerStore.open(at: copy, for: .writing) } != nil)
            try writer.append([entry(0)], to: .consents)
        }
        #expect(try LedgerStore.open(at: copy, for: .writing).count(.consents) == 1)
    }

    @Test func aDatabaseLockedByAForeignProgramIsReported() throws {
        let issuer = try Issuer()
        let queue = try DatabaseQueue(path: issuer.store.path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            #expect(storeError { try issuer.store.append([entry(0)], to: .consents) } == .inUse(path: issuer.store.path, process: nil))
            try db.execute(sql: "ROLLBACK")
        }
        #expect(try issuer.store.append([entry(0)], to: .consents) == 0..<1)
    }

    // MARK: Wrong files

    @Test func refusesWhatIsNoLedger() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("x.sqlite")
        #expect(storeError { _ = try LedgerStore.open(at: path, for: .reading) } == .notFound(path: path))
        for contents in [Data(), Data("hello".utf8), Data(repeating: 0xff, count: 10_000), Data("SQLite format 3\0".utf8)] {
            try contents.write(to: URL(filePath: path))
            for access in [StoreAccess.reading, .writing] {
                switch storeError({ _ = try LedgerStore.open(at: path, for: access) }) {
                case .notADatabase, .wrongKind, .corrupt: break
                case let other: Issue.record("\(contents.count) bytes: \(String(describing: other))")
                }
            }
            // What was refused was not changed either.
            #expect(try Data(contentsOf: URL(filePath: path)) == contents)
        }
    }

    @Test func refusesOtherDatabases() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("x.sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE ledger (x); PRAGMA user_version = 1") }
        try queue.close()
        #expect(storeError { _ = try LedgerStore.open(at: path, for: .writing) } == .wrongKind(path: path, expected: "ledger"))
        let receipts = folder.file("receipts.sqlite")
        _ = try ReceiptStore.create(at: receipts, passphrase: passphrase.span, parameters: cheap())
        #expect(storeError { _ = try LedgerStore.open(at: receipts, for: .reading) } == .wrongKind(path: receipts, expected: "ledger"))
        #expect(
            storeError { _ = try openDatasets(receipts, .reading, passphrase) }
                == .wrongKind(path: receipts, expected: "datasets"))
    }

    @Test(arguments: [StoreAccess.reading, .writing])
    func refusesANewerVersionByName(access: StoreAccess) throws {
        let issuer = try Issuer()
        let copy = issuer.folder.file("copy.sqlite")
        try issuer.store.backup(to: copy)
        try tamper(copy) { try $0.execute(sql: "PRAGMA user_version = 3") }
        let error = storeError { _ = try LedgerStore.open(at: copy, for: access) }
        #expect(error == .newerVersion(path: copy, found: 3, known: 2))
        #expect(error?.modelError.code == "newer-version")
        #expect(error?.modelError.file == copy)
    }

    /// Version 1 of each store held leaves and openings of version 0: nothing may be appended to it.
    @Test(arguments: [StoreAccess.reading, .writing])
    func refusesAStoreOfBeforeTheFreezeByName(access: StoreAccess) throws {
        let folder = try TemporaryFolder()
        let issuer = try Issuer()
        let (ledger, receipts, datasets) = (
            issuer.folder.file("copy.sqlite"), folder.file("receipts.sqlite"), folder.file("datasets.sqlite")
        )
        try issuer.store.backup(to: ledger)
        _ = try ReceiptStore.create(at: receipts, passphrase: passphrase.span, parameters: cheap())
        _ = try DatasetStore.create(at: datasets, passphrase: passphrase.span, parameters: cheap())
        for path in [ledger, receipts, datasets] { try tamper(path) { try $0.execute(sql: "PRAGMA user_version = 1") } }
        let errors = [
            storeError { _ = try LedgerStore.open(at: ledger, for: access) },
            storeError { _ = try ReceiptStore.open(at: receipts, for: access, passphrase: passphrase.span) },
            storeError { _ = try openDatasets(datasets, access, passphrase) },
        ]
        #expect(errors == [ledger, receipts, datasets].map { .trialVersion(path: $0, found: 1) })
        #expect(errors[0]?.modelError.code == "format-trial")
    }

    // MARK: Damage

    /// Zeros over any page are found by opening or by fsck, and never crash.
    @Test func everyOverwrittenPageIsNoticed() throws {
        let issuer = try Issuer()
        try issuer.fill()
        let copy = issuer.folder.file("copy.sqlite")
        try issuer.store.backup(to: copy)
        let sound = try Data(contentsOf: URL(filePath: copy))
        for page in 0..<sound.count / 4096 {
            for byte in [UInt8(0), 0x5a] {
                var damaged = sound
                damaged.replaceSubrange(page * 4096..<(page + 1) * 4096, with: [UInt8](repeating: byte, count: 4096))
                let path = issuer.folder.file("damaged-\(page)-\(byte).sqlite")
                try damaged.write(to: URL(filePath: path))
                let noticed: Bool
                do { noticed = try !LedgerStore.fsck(at: path).isEmpty } catch { noticed = true }
                #expect(noticed, "page \(page)")
            }
        }
    }

    @Test func everyTruncationIsNoticed() throws {
        let issuer = try Issuer()
        try issuer.fill()
        let copy = issuer.folder.file("copy.sqlite")
        try issuer.store.backup(to: copy)
        let sound = try Data(contentsOf: URL(filePath: copy))
        for length in stride(from: 0, to: sound.count, by: 2048) {
            let path = issuer.folder.file("cut-\(length).sqlite")
            try sound.prefix(length).write(to: URL(filePath: path))
            let noticed: Bool
            do { noticed = try !LedgerStore.fsck(at: path).isEmpty } catch { noticed = true }
            #expect(noticed, "\(length) bytes")
        }
    }

    // MARK: Crashes

    /// At every moment the files hold everything acknowledged so far and nothing half.
    @Test func crashImagesHoldWhatWasAcknowledged() throws {
        let issuer = try Issuer()
        for round in 0..<8 {
            try issuer.store.append(entries(round * 10..<round * 10 + 10), to: .consents)
            if round % 3 == 2 { try issuer.checkpoint(now: UInt64(round)) }
            let image = try issuer.folder.crashImage(of: issuer.store.path, as: "crash-\(round).sqlite")
            let recovered = try LedgerStore.open(at: image, for: .writing)
            #expect(try recovered.treeHead(.consents) == issuer.store.treeHead(.consents))
            #expect(recovered.fsck().isEmpty)
        }
    }

    /// A log cut anywhere (power lost while it was written) leaves whole transactions.
    @Test func aLogCutAnywhereLeavesWholeTransactions() throws {
        let issuer = try Issuer()
        for round in 0..<4 {
            try issuer.store.append(entries(round * 25..<round * 25 + 25), to: .consents)
            try issuer.checkpoint(now: UInt64(round))
        }
        let length = try Data(contentsOf: URL(filePath: issuer.store.path + "-wal")).count
        var sizes: Set<Int> = []
        for (number, cut) in stride(from: 0, through: length, by: 1_777).enumerated() {
            let image = try issuer.folder.crashImage(of: issuer.store.path, as: "cut-\(number).sqlite")
            let log = URL(filePath: image + "-wal")
            try Data(contentsOf: log).prefix(cut).write(to: log)
            let recovered = try LedgerStore.open(at: image, for: .writing)
            let size = try recovered.count(.consents)
            #expect(size % 25 == 0)
            sizes.insert(size)
            #expect(recovered.fsck().isEmpty)
        }
        #expect(sizes.isSuperset(of: [0, 25, 50, 75]))
    }

    @Test func anUncommittedTransactionIsGone() throws {
        let issuer = try Issuer()
        try issuer.store.append(entries(0..<3), to: .consents)
        let head = try issuer.store.treeHead(.consents)
        let queue = try DatabaseQueue(path: issuer.store.path)
        var image = ""
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 1; BEGIN IMMEDIATE")
            for i in 0..<5_000 {
                let leaf = entry(1_000 + i)
                try db.execute(
                    sql: "INSERT INTO consents (idx, leaf, hash) VALUES (?, ?, ?)",
                    arguments: [3 + i, Data(leaf), Data(LeafHash(entry: leaf).bytes)])
            }
            image = try issuer.folder.crashImage(of: issuer.store.path, as: "crash.sqlite")
            try db.execute(sql: "ROLLBACK")
        }
        let recovered = try LedgerStore.open(at: image, for: .writing)
        #expect(try recovered.treeHead(.consents) == head)
        #expect(recovered.fsck().isEmpty)
        #expect(try recovered.append([entry(3)], to: .consents) == 3..<4)
    }

    @Test func aFullDiskUndoesTheAppend() throws {
        let issuer = try Issuer()
        try issuer.store.append(entries(0..<3), to: .consents)
        try issuer.store.file.limitPages(40)
        #expect(storeError { try issuer.store.append(entries(10..<5_000), to: .consents) } == .diskFull(path: issuer.store.path))
        #expect(try issuer.store.count(.consents) == 3)
        #expect(issuer.store.fsck().isEmpty)
        try issuer.store.file.limitPages(100_000)
        #expect(try issuer.store.append(entries(10..<5_000), to: .consents) == 3..<4_993)
        #expect(issuer.store.fsck().isEmpty)
    }

    // MARK: Read-only places

    @Test func theImmutableNameReadsWithoutSideFiles() throws {
        let issuer = try Issuer()
        try issuer.fill()
        let folder = issuer.folder.file("odd ?#% name")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try issuer.store.backup(to: folder + "/copy.sqlite")
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: DatabaseFile.immutableURI(folder + "/copy.sqlite"), configuration: configuration)
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM consents") } == 20)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["copy.sqlite"])
    }
}
