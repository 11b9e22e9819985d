// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import Issuance
import MerkleLog
import Secrets
import Stores
import Testing

/// Interrupted runs in every state that they can leave, resumed.
@Suite struct IssuerTests {
    private static let generators = Result { try GeneratorTable(Schema.builtIn(named: "test-small")) }

    /// A folder with a ledger and receipts; stores are opened anew for each run, as by a new process.
    private final class Place {
        let folder: String
        private let passphrase = Array("passphrase".utf8)

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "zkconsent-issuance-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = try LedgerStore.create(
                at: folder + "/ledger.sqlite", name: "L", issuerKey: Ed25519SigningKey().publicKey,
                cosignerKey: Ed25519SigningKey().publicKey)
            let parameters = try #require(cheap)
            let secret = passphrase
            _ = try ReceiptStore.create(at: folder + "/receipts.sqlite", passphrase: secret.span, parameters: parameters)
        }

        deinit {
            try? FileManager.default.removeItem(atPath: folder)
        }

        func ledger(_ access: StoreAccess = .reading) throws -> LedgerStore {
            try LedgerStore.open(at: folder + "/ledger.sqlite", for: access)
        }

        func receipts(_ access: StoreAccess = .reading) throws -> ReceiptStore {
            let secret = passphrase
            return try ReceiptStore.open(at: folder + "/receipts.sqlite", for: access, passphrase: secret.span)
        }

        func issuer(subjects: String = "subjects") throws -> ConsentIssuer {
            ConsentIssuer(
                ledger: try ledger(.writing), receipts: try receipts(.writing),
                subjectReceipts: try SubjectReceiptFolder(folder + "/" + subjects),
                generators: try IssuerTests.generators.get())
        }

        /// Recovers and issues; the requests with their indices.
        @discardableResult
        func issue(_ consents: [Consent], batch: Int = 3, subjects: String = "subjects") throws -> [ConsentIssuer.Issued] {
            let issuer = try issuer(subjects: subjects)
            _ = try issuer.recover()
            var all: [ConsentIssuer.Issued] = []
            try issuer.issue(consents, batchSize: batch) { all += $0 }
            return all
        }

        func snapshot(_ names: [String], to other: String) throws {
            for name in names {
                for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: "\(folder)/\(name)\(suffix)") {
                    try FileManager.default.copyItem(atPath: "\(folder)/\(name)\(suffix)", toPath: "\(folder)/\(other)-\(name)\(suffix)")
                }
            }
        }

        /// Puts back what ``snapshot(_:to:)`` saved.
        func restore(_ names: [String], from other: String) throws {
            for name in names {
                for suffix in ["", "-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: "\(folder)/\(name)\(suffix)")
                    guard FileManager.default.fileExists(atPath: "\(folder)/\(other)-\(name)\(suffix)") else { continue }
                    try FileManager.default.copyItem(atPath: "\(folder)/\(other)-\(name)\(suffix)", toPath: "\(folder)/\(name)\(suffix)")
                }
            }
        }

        func subjectFiles(_ subjects: String = "subjects") throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder + "/" + subjects).sorted()
        }

        /// Writes back a pending file, as it was before the run came to its end.
        func makePending(_ ids: [String], subjects: String = "subjects") throws {
            var lines = ""
            for id in ids {
                let path = "\(folder)/\(subjects)/\(id).receipt.json"
                let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
                let pending = text.replacing(/"index":[0-9]+,/, with: "").replacing("subject-receipt", with: "pending-receipt")
                lines += pending
                try FileManager.default.removeItem(atPath: path)
            }
            try Data(lines.utf8).write(to: URL(filePath: "\(folder)/\(subjects)/batch-1.pending"))
        }
    }

    private func consents(_ range: Range<Int>, notice: String = "n") -> [Consent] {
        range.map { number in
            Consent(
                id: "c-\(number)",
                values: [
                    "record": .id([UInt8](repeating: UInt8(number), count: 32)), "subject": .id(Array("s\(number)".utf8)),
                    "controller": .id(Array("h".utf8)), "notice": .id(Array(notice.utf8)), "age": .uint(UInt64(number)),
                ], flags: ["purposes": ["ScientificResearch"]],
                inForce: DayInterval(on: Day(iso8601: "2026-01-03") ?? Day(number: 0)!))
        }
    }

    @Test func anotherRunIssuesNothingTwice() throws {
        let place = try Place()
        let first = try place.issue(consents(0..<8))
        #expect(first.map(\.index) == Array(0..<8) && first.allSatisfy(\.isNew))
        let second = try place.issue(consents(0..<10))
        #expect(second.map(\.index) == Array(0..<10) && second.map(\.isNew) == first.map { _ in false } + [true, true])
        #expect(try place.subjectFiles().count == 10)
        #expect(try place.receipts().pending(origin: "L/consents").isEmpty)
    }

    @Test func aChangedRequestIsRefused() throws {
        let place = try Place()
        try place.issue(consents(0..<2))
        #expect(code { try place.issue(consents(0..<2, notice: "other")) } == "request-changed")
        #expect(try place.ledger().count(.consents) == 2)
    }

    /// Stopped after step 1 (keys), 2 (openings), 3 (entries), 4 (indices): the stores are those before and after the batch.
    @Test(arguments: 1...4) func everyStepCanBeResumed(step: Int) throws {
        let place = try Place()
        try place.issue(consents(0..<2))
        // Before the batch.
        try place.snapshot(["ledger.sqlite", "receipts.sqlite"], to: "old")
        if step == 2 || step == 3 {
            // The ledger refuses, as on a full disk, or the receipts do not get the indices: made by hand below.
            try place.issue(consents(2..<5), batch: 3)
            try place.makePending(["c-2", "c-3", "c-4"])
            try withoutIndices(place)
            if step == 2 { try place.restore(["ledger.sqlite"], from: "old") }
        } else {
            try place.issue(consents(2..<5), batch: 3)
            try place.makePending(["c-2", "c-3", "c-4"])
            if step == 1 { try place.restore(["ledger.sqlite", "receipts.sqlite"], from: "old") }
        }
        let issued = try place.issue(consents(0..<7))
        #expect(issued.map(\.index) == Array(0..<7))
        #expect(try place.ledger().count(.consents) == 7)
        #expect(try place.receipts().count() == 7)
        #expect(try place.subjectFiles() == (0..<7).map { "c-\($0).receipt.json" })
        for request in issued {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(place.folder)/subjects/\(request.id).receipt.json")))
            let receipt = try SubjectReceipt(parsing: bytes)
            #expect(receipt.index == UInt64(request.index))
            #expect(try place.ledger().leaves(.consents, at: [request.index]) == [receipt.entry.bytes])
        }
    }

    /// Makes the receipts of c-2 to c-4 pending again, as if step 4 had not been reached: the store allows no such change, so they are erased and added.
    private func withoutIndices(_ place: Place) throws {
        let store = try place.receipts(.writing)
        let ids = ["c-2", "c-3", "c-4"]
        for (id, receipt) in zip(ids, try store.receipts(requests: ids, origin: "L/consents")) {
            let receipt = try #require(receipt)
            let opening = try store.opening(receipt.leafHash)
            try store.erase(receipt.leafHash)
            try store.insertPending(origin: "L/consents") { batch in
                try opening.withSpan { try batch.add(request: id, entry: receipt.entry, opening: $0) }
            }
        }
    }

    @Test func openingsWhoseKeysAreElsewhereAreForgottenIfNeverAppended() throws {
        let place = try Place()
        try place.issue(consents(0..<2))
        try place.snapshot(["ledger.sqlite"], to: "old")
        try place.issue(consents(2..<5), subjects: "elsewhere")
        try place.makePending(["c-2", "c-3", "c-4"], subjects: "elsewhere")
        try withoutIndices(place)
        try place.restore(["ledger.sqlite"], from: "old")
        #expect(try place.issue(consents(0..<5)).map(\.index) == [0, 1, 2, 3, 4])
        #expect(try place.receipts().count() == 5)
        // The other folder's keys are of no use any more; they are forgotten there too.
        #expect(try place.issuer(subjects: "elsewhere").recover().isEmpty)
        #expect(try place.subjectFiles("elsewhere").isEmpty)
    }

    @Test func appendedEntriesNeedTheirSubjectsKeys() throws {
        let place = try Place()
        try place.issue(consents(0..<5), batch: 5, subjects: "elsewhere")
        try place.makePending(["c-2", "c-3", "c-4"], subjects: "elsewhere")
        try withoutIndices(place)
        #expect(code { try place.issue(consents(0..<5)) } == "subject-receipts-elsewhere")
        #expect(try place.issue(consents(0..<5), subjects: "elsewhere").map(\.index) == [0, 1, 2, 3, 4])
    }

    @Test func anOldLedgerOrForeignReceiptsAreRefused() throws {
        let place = try Place()
        try place.issue(consents(0..<2))
        try place.snapshot(["ledger.sqlite", "receipts.sqlite"], to: "old")
        try place.issue(consents(2..<5))
        try place.snapshot(["ledger.sqlite", "receipts.sqlite"], to: "new")
        try place.restore(["ledger.sqlite"], from: "old")
        #expect(code { try place.issue(consents(0..<5)) } == "ledger-behind")
        try place.restore(["ledger.sqlite"], from: "new")
        try place.restore(["receipts.sqlite"], from: "old")
        #expect(code { try place.issue(consents(0..<5)) } == "receipt-exists")
        try place.makePending(["c-2", "c-3", "c-4"])
        #expect(code { try place.issue(consents(0..<5)) } == "receipt-missing")
        #expect(try place.ledger().count(.consents) == 5)
    }

    @Test(arguments: [
        "{}", "[]", "x",
        "{\"entry\":\"\",\"id\":\"c\",\"kind\":\"pending-receipt\",\"origin\":\"L/consents\",\"salt\":\"\",\"seed\":\"\",\"version\":1}",
        "{\"kind\":\"pending-receipt\",\"version\":0}",
    ])
    func aDamagedPendingFileIsRefusedAndKept(text: String) throws {
        let place = try Place()
        try place.issue(consents(0..<2))
        try Data(text.utf8).write(to: URL(filePath: place.folder + "/subjects/batch-x.pending"))
        #expect(code { try place.issue(consents(0..<3)) } != nil)
        #expect(try place.subjectFiles().contains("batch-x.pending"))
        #expect(try place.ledger().count(.consents) == 2)
    }

    @Test(arguments: [
        ("c-1", "c-1.receipt.json"), ("../x", "%2e.%2fx.receipt.json"), (".x", "%2ex.receipt.json"), ("a b", "a%20b.receipt.json"),
        ("%", "%25.receipt.json"),
        ("\u{e9}", "%c3%a9.receipt.json"),
    ])
    func namesOfReceiptsStayInTheFolder(id: String, name: String) {
        #expect(SubjectReceiptFolder.fileName(request: id) == name)
    }

    @Test func longNamesAreHashed() {
        let name = SubjectReceiptFolder.fileName(request: String(repeating: "x", count: 181))
        #expect(name.hasPrefix("%sha256-") && name.utf8.count < 100)
        #expect(SubjectReceiptFolder.fileName(request: String(repeating: "x", count: 180)).hasPrefix("xxx"))
        #expect(SubjectReceiptFolder.fileName(request: String(name.dropLast(13))) != name)
    }
}
