// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import GRDB
import MerkleLog
import Secrets
import Stores
import Testing

@Suite struct ReceiptStoreTests {
    private static let origin = "hospital.example/consent/consents"

    private func make(_ folder: TemporaryFolder, count: Int = 5) throws -> ReceiptStore {
        let store = try ReceiptStore.create(at: folder.file("receipts.sqlite"), passphrase: passphrase.span, parameters: cheap())
        try add(store, 0..<count)
        return store
    }

    private func add(_ store: ReceiptStore, _ range: Range<Int>) throws {
        try store.insertPending(origin: Self.origin) { batch in
            for i in range { try batch.add(request: "c-\(i)", entry: entry(i), opening: opening(i).span) }
        }
    }

    private func opening(_ i: Int) -> [UInt8] { [UInt8](repeating: UInt8(i), count: 100 + i) }

    private func bytes(_ cell: borrowing SecretBytes) -> [UInt8] {
        cell.withSpan { span in span.withUnsafeBufferPointer { Array($0) } }
    }

    @Test func pendingThenAcknowledged() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        #expect(try store.count() == 5)
        #expect(try store.pending(origin: Self.origin).map(\.entry) == entries(0..<5))
        #expect(try store.pending(origin: "another").isEmpty)
        try store.acknowledge([(LeafHash(entry: entry(1)), 10), (LeafHash(entry: entry(0)), 11)])
        #expect(try store.pending(origin: Self.origin).map(\.entry) == entries(2..<5))
        let found = try store.receipts(requests: ["c-1", "c-9", "c-3"], origin: Self.origin)
        #expect(found.map { $0?.index } == [10, nil, nil])
        #expect(found.map { $0?.entry } == [entry(1), nil, entry(3)])
        #expect(try store.receipts(requests: ["c-1"], origin: "another") == [nil])
        #expect(bytes(try store.opening(LeafHash(entry: entry(3)))) == opening(3))
        var seen: [Int?] = []
        try store.forEach { receipt, secret in
            #expect(bytes(secret) == opening(seen.count))
            #expect(receipt.entry == entry(seen.count))
            seen.append(receipt.index)
        }
        #expect(seen == [11, 10, nil, nil, nil])
        // Acknowledging again is no error, another index is.
        try store.acknowledge([(LeafHash(entry: entry(1)), 10)])
        let leaf = LeafHash(entry: entry(1))
        #expect(storeError { try store.acknowledge([(leaf, 12)]) } == .conflictingIndex(leafHash: leaf.bytes, index: 10))
        let unknown = LeafHash(entry: entry(77))
        #expect(
            storeError { try store.acknowledge([(LeafHash(entry: entry(2)), 12), (unknown, 13)]) }
                == .unknownReceipt(leafHash: unknown.bytes))
        #expect(try store.pending(origin: Self.origin).count == 3)
    }

    @Test func aRequestHasOneReceiptPerOrigin() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        #expect(
            storeError {
                try add(store, 7..<9); try add(store, 4..<6)
            } == .duplicateRequest(request: "c-4"))
        #expect(try store.count() == 7)
        #expect(
            storeError {
                try store.insertPending(origin: Self.origin) { try $0.add(request: "new", entry: entry(0), opening: opening(0).span) }
            }
                == .duplicateRequest(request: "new"))
        guard
            case .invalidArgument = storeError({
                try store.insertPending(origin: Self.origin) { try $0.add(request: "new", entry: [1, 2, 3], opening: opening(0).span) }
            })
        else {
            Issue.record("a malformed entry was taken")
            return
        }
    }

    private struct Interrupted: Error {}

    @Test func anInterruptedBatchLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        #expect(throws: Interrupted.self) {
            try store.insertPending(origin: Self.origin) { batch in
                try batch.add(request: "x", entry: entry(50), opening: opening(1).span)
                throw Interrupted()
            }
        }
        #expect(try store.count() == 5)
        let image = try folder.crashImage(of: store.path, as: "crash.sqlite")
        let recovered = try openReceipts(image, .writing, passphrase)
        #expect(try recovered.pending(origin: Self.origin).count == 5)
    }

    // MARK: Secrecy

    @Test func onlyTheOwnerReadsTheFiles() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try store.backup(to: folder.file("backup.sqlite"))
        for name in ["receipts.sqlite", "receipts.sqlite-wal", "receipts.sqlite-shm", "receipts.sqlite.lock", "backup.sqlite"] {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test func theFilesDoNotShowOpeningsOrRequests() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder, count: 0)
        let secret = Array("subject: patient/4711 ".utf8)
        try store.insertPending(origin: Self.origin) {
            try $0.add(request: "request-of-patient-4711", entry: entry(0), opening: secret.span)
        }
        for name in ["receipts.sqlite", "receipts.sqlite-wal"] {
            #expect(try Data(contentsOf: URL(filePath: folder.file(name))).range(of: Data("patient".utf8)) == nil)
        }
    }

    @Test func wrongPassphrasesAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = try make(folder).path
        for wrong in ["", "correct horse battery stapl", "Correct horse battery staple", "correct horse battery staple "] {
            #expect(
                storeError { _ = try openReceipts(path, .reading, Array(wrong.utf8)) }
                    == .wrongPassphrase(path: path))
        }
        let store = try openReceipts(path, .writing, passphrase)
        let new = Array("new".utf8)
        try store.changePassphrase(to: new.span, parameters: cheap())
        #expect(storeError { _ = try openReceipts(path, .reading, passphrase) } == .wrongPassphrase(path: path))
        let reopened = try openReceipts(path, .reading, new)
        #expect(bytes(try reopened.opening(LeafHash(entry: entry(2)))) == opening(2))
        #expect(try reopened.receipts(requests: ["c-2"], origin: Self.origin)[0]?.entry == entry(2))
    }

    /// Every byte of every sealed or bound column of a row.
    @Test(arguments: ["box", "entry", "leaf", "request", "origin"])
    func everyFlippedByteOfARowIsRefused(column: String) throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        let queue = try DatabaseQueue(path: store.path)
        let trigger = try queue.read { try String.fetchOne($0, sql: "SELECT sql FROM sqlite_master WHERE name = 'receipts_fixed'") } ?? ""
        try queue.write { try $0.execute(sql: "DROP TRIGGER receipts_fixed; PRAGMA ignore_check_constraints = ON") }
        let original =
            try queue.read { try Data.fetchOne($0, sql: "SELECT CAST(\(column) AS BLOB) FROM receipts WHERE number = 3") } ?? Data()
        #expect(original.count >= 32)
        let cast = column == "origin" ? "CAST(? AS TEXT)" : "?"
        for position in original.indices {
            var changed = original
            changed[position] ^= column == "origin" ? 1 : 1 << UInt8(position % 8)
            try queue.write { try $0.execute(sql: "UPDATE receipts SET \(column) = \(cast) WHERE number = 3", arguments: [changed]) }
            var refused = false
            do { try store.forEach { _, _ in } } catch StoreError.unsealable { refused = true }
            #expect(refused, "byte \(position) of \(column)")
        }
        for length in [0, 12, 27, original.count - 1] {
            try queue.write {
                try $0.execute(sql: "UPDATE receipts SET \(column) = \(cast) WHERE number = 3", arguments: [original.prefix(length)])
            }
            #expect(storeError { try store.forEach { _, _ in } } != nil, "\(column) cut to \(length)")
            #expect(storeError { try store.backup(to: folder.file("backup.sqlite")) } != nil)
        }
        try queue.write { db in
            try db.execute(sql: "UPDATE receipts SET \(column) = \(cast) WHERE number = 3", arguments: [original])
            try db.execute(sql: trigger)
        }
        try store.forEach { _, _ in }
    }

    @Test func boxesCannotBeSwappedBetweenRows() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try tamper(store.path) { db in
            try db.execute(sql: "UPDATE receipts SET box = (SELECT box FROM receipts WHERE number = 2) WHERE number = 3")
        }
        #expect(storeError { _ = try store.opening(LeafHash(entry: entry(2))) } == .unsealable(path: store.path, row: "a pending receipt"))
    }

    @Test func theSealedKeyIsAuthenticated() throws {
        let folder = try TemporaryFolder()
        let path = try make(folder, count: 1).path
        let queue = try DatabaseQueue(path: path)
        for column in ["key", "lookup"] {
            let original = try queue.read { try Data.fetchOne($0, sql: "SELECT \(column) FROM seal") } ?? Data()
            // For the key: magic, log2 N, r, p, salt, nonce, ciphertext, tag.
            let positions = column == "key" ? [0, 18, 19, 20, 24, 28, 60, 72, 103, original.count - 1] : [0, 12, 43, original.count - 1]
            for position in positions {
                var changed = original
                changed[position] ^= 1
                try queue.write { try $0.execute(sql: "UPDATE seal SET \(column) = ?", arguments: [changed]) }
                #expect(storeError { _ = try openReceipts(path, .reading, passphrase) } != nil, "\(position)")
            }
            for bytes in [Data(), original.dropLast(), original + [0]] {
                try queue.write { try $0.execute(sql: "UPDATE seal SET \(column) = ?", arguments: [Data(bytes)]) }
                #expect(storeError { _ = try openReceipts(path, .reading, passphrase) } != nil)
            }
            try queue.write { try $0.execute(sql: "UPDATE seal SET \(column) = ?", arguments: [original]) }
        }
        _ = try openReceipts(path, .reading, passphrase)
        try queue.write { try $0.execute(sql: "DELETE FROM seal") }
        #expect(storeError { _ = try openReceipts(path, .reading, passphrase) } != nil)
    }

    @Test(arguments: [
        "UPDATE receipts SET box = zeroblob(200)", "UPDATE receipts SET leaf_index = 9 WHERE leaf_index = 10",
        "UPDATE receipts SET origin = 'x'",
    ])
    func aReceiptOnlyGetsItsIndex(sql: String) throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try store.acknowledge([(LeafHash(entry: entry(1)), 10)])
        let queue = try DatabaseQueue(path: store.path)
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }

    // MARK: Pages

    private func makePaged(_ folder: TemporaryFolder, _ count: Int = 5) throws -> (store: ReceiptStore, schema: Schema) {
        let store = try ReceiptStore.create(at: folder.file("receipts.sqlite"), passphrase: passphrase.span, parameters: cheap())
        let schema = try Schema.builtIn(named: "test-small")
        try store.insertPending(origin: Self.origin) { batch in
            let places = try batch.add(page: openingPage(count, schema: schema), count: count, schema: schema)
            for i in 0..<count { try batch.add(request: "c-\(i)", entry: entry(i), opening: opening(i).span, place: places[i]) }
            try batch.add(request: "single", entry: entry(count), opening: opening(count).span)
        }
        return (store, schema)
    }

    private func words(_ page: ReceiptPage) -> [UInt64] { page.withWords { $0.withUnsafeBufferPointer { Array($0) } } }

    private func pages(_ store: ReceiptStore) throws -> [ReceiptPage] {
        var pages: [ReceiptPage] = []
        try store.forEachPage { pages.append($0) }
        return pages
    }

    @Test func aPageHasTheOpeningsInColumns() throws {
        let folder = try TemporaryFolder()
        let (store, schema) = try makePaged(folder)
        let page = try #require(try pages(store).first)
        #expect(page.origin == Self.origin && page.schemaID == schema.id && page.layout.count == 5 && page.firstIndex == nil)
        #expect(page.entries == entries(0..<5).flatMap { $0 })
        #expect(words(page) == (try openingPage(5, schema: schema)).withSpan { $0.withUnsafeBufferPointer { Array($0) } })
        var unpaged: [[UInt8]] = []
        try store.forEachUnpaged { receipt, _ in unpaged.append(receipt.entry) }
        #expect(unpaged == [entry(5)])
    }

    @Test func aPageKnowsARunOfIndices() throws {
        for (indices, expected) in [([7, 8, 9, 10, 11], 7), ([7, 8, 9, 10, 12], nil), ([11, 10, 9, 8, 7], nil), ([0, 1, 2, 3], nil)] {
            let folder = try TemporaryFolder()
            let (store, _) = try makePaged(folder)
            try store.acknowledge(indices.indices.map { (LeafHash(entry: entry($0)), indices[$0]) })
            #expect(try pages(store).map(\.firstIndex) == [expected])
        }
    }

    @Test func anErasedSlotIsEmptyAndTheLastTakesThePageAlong() throws {
        let folder = try TemporaryFolder()
        let (store, _) = try makePaged(folder)
        let before = words(try #require(try pages(store).first))
        try store.erase(LeafHash(entry: entry(2)))
        let page = try #require(try pages(store).first)
        let after = words(page)
        #expect(after[page.layout.days.lowerBound + 2] == OpeningPageLayout.erased)
        #expect(Array(page.entries[236..<354]) == [UInt8](repeating: 0, count: 118))
        #expect(Array(page.entries[354...]) == entries(3..<5).flatMap { $0 })
        for column in 0..<page.layout.attributeCount + 2 {
            let start = 20 * column
            #expect(Array(after[start + 8..<start + 12]) == [0, 0, 0, 0])
            #expect(
                after[start..<start + 8] == before[start..<start + 8] && after[start + 12..<start + 20] == before[start + 12..<start + 20])
        }
        for i in [0, 1, 3, 4] { try store.erase(LeafHash(entry: entry(i))) }
        #expect(try pages(store).isEmpty)
        #expect(try store.count() == 1)
    }

    /// Page and slot are not authenticated: a changed one erases nobody else's opening.
    @Test(arguments: [
        "UPDATE receipts SET slot = 1 WHERE slot = 2", "UPDATE receipts SET slot = 99 WHERE slot = 2",
        "UPDATE receipts SET page = NULL WHERE slot <> 2; UPDATE receipts SET slot = 1 WHERE slot = 2",
    ])
    func aReceiptThatNamesAnothersSlotIsNotErased(sql: String) throws {
        let folder = try TemporaryFolder()
        let (store, _) = try makePaged(folder)
        try tamper(store.path) { try $0.execute(sql: sql) }
        let before = words(try #require(try pages(store).first))
        #expect(
            storeError { try store.erase(LeafHash(entry: entry(2))) }
                == .corrupt(path: store.path, reason: "a receipt is not at its place in its page"))
        #expect(words(try #require(try pages(store).first)) == before)
        #expect(try store.count() == 6)
    }

    @Test(arguments: [
        "UPDATE pages SET box = zeroblob(length(box))", "UPDATE pages SET box = x''", "UPDATE pages SET origin = 'x'",
        "UPDATE pages SET number = 9", "UPDATE pages SET count = 4", "UPDATE pages SET words = 2", "UPDATE pages SET attributes = 1",
        "UPDATE pages SET schema = zeroblob(16)", "UPDATE pages SET count = 100000",
    ])
    func aChangedPageIsRefused(sql: String) throws {
        let folder = try TemporaryFolder()
        let store = try makePaged(folder).store
        try tamper(store.path) { try $0.execute(sql: sql) }
        #expect(storeError { try store.forEachPage { _ in } } != nil)
        #expect(storeError { try store.backup(to: folder.file("backup.sqlite")) } != nil)
    }

    @Test func everyFlippedByteOfAPageIsRefused() throws {
        let folder = try TemporaryFolder()
        let store = try makePaged(folder, 1).store
        let queue = try DatabaseQueue(path: store.path)
        let box = try queue.read { try Data.fetchOne($0, sql: "SELECT box FROM pages") } ?? Data()
        for position in stride(from: 0, to: box.count, by: 7) {
            var changed = box
            changed[position] ^= 1 << UInt8(position % 8)
            try queue.write { try $0.execute(sql: "UPDATE pages SET box = ?", arguments: [changed]) }
            #expect(storeError { try store.forEachPage { _ in } } != nil, "byte \(position)")
        }
        try queue.write { try $0.execute(sql: "UPDATE pages SET box = ?", arguments: [box]) }
        try store.forEachPage { _ in }
    }

    // MARK: Erasing and backing up

    @Test func anErasedReceiptLeavesNoBytes() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        let queue = try DatabaseQueue(path: store.path)
        let box = try queue.read { try Data.fetchOne($0, sql: "SELECT box FROM receipts WHERE number = 3") } ?? Data()
        try queue.close()
        let leaf = LeafHash(entry: entry(2))
        try store.erase(leaf)
        #expect(storeError { try store.erase(leaf) } == .unknownReceipt(leafHash: leaf.bytes))
        #expect(try store.count() == 4)
        for name in ["receipts.sqlite", "receipts.sqlite-wal"] {
            #expect(try Data(contentsOf: URL(filePath: folder.file(name))).range(of: box[12..<28]) == nil, "\(name)")
        }
    }

    @Test func aBackupOpensUnderTheSamePassphrase() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        let copy = folder.file("backup.sqlite")
        try store.backup(to: copy)
        #expect(storeError { try store.backup(to: copy) } == .alreadyExists(path: copy))
        let restored = try openReceipts(copy, .reading, passphrase)
        var count = 0
        try restored.forEach { receipt, secret in
            #expect(bytes(secret) == opening(count))
            #expect(receipt.entry == entry(count))
            count += 1
        }
        #expect(count == 5)
    }
}
