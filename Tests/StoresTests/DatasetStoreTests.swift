// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import GRDB
import Groups
import Secrets
import Stores
import TestSupport
import Testing

@Suite struct DatasetStoreTests {
    private func make(_ folder: TemporaryFolder) throws -> DatasetStore {
        try DatasetStore.create(at: folder.file("datasets.sqlite"), passphrase: passphrase.span, parameters: cheap())
    }

    private func dataset(_ name: String, _ count: Int) -> Dataset {
        Dataset(
            name: name, count: count, manifest: Array(#"{"kind":"manifest"}"#.utf8), source: "mri.csv", keyColumns: ["a", "b,\""],
            subjectColumn: "s")
    }

    private func commitment(_ i: Int) -> [UInt8] { bytes(i, 3) }
    private func bytes(_ i: Int, _ kind: UInt8) -> [UInt8] {
        (0..<32).map { $0 < 8 ? UInt8(truncatingIfNeeded: i >> (8 * $0)) : kind }
    }
    private func subject(_ i: Int) -> [UInt8] { Array("patient/\(i)".utf8.prefix(i % 12)) }

    private func fill(_ writer: DatasetStore.Writer, _ count: Int) throws {
        for i in 0..<count {
            try writer.append(
                sourceRow: (i * 7 + 3) % count, commitment: commitment(i), record: bytes(i, 1).span, subject: subject(i).span,
                blinding: bytes(i, 2).span)
        }
    }

    private func check(_ row: borrowing DatasetRow, _ i: Int, _ count: Int) {
        #expect(row.position == i)
        #expect(row.sourceRow == (i * 7 + 3) % count)
        #expect(row.commitment == commitment(i))
        #expect(row.withRecord { $0.withUnsafeBufferPointer { Array($0) } } == bytes(i, 1))
        #expect(row.withBlinding { $0.withUnsafeBufferPointer { Array($0) } } == bytes(i, 2))
        #expect(row.withSubject { $0.withUnsafeBufferPointer { Array($0) } } == subject(i))
    }

    @Test func storesAndReadsBack() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try store.create(dataset("mri", 50)) { try fill($0, 50) }
        try store.create(dataset("ct", 20)) { try fill($0, 20) }
        #expect(try store.datasets() == [dataset("ct", 20), dataset("mri", 50)])
        #expect(try store.dataset(named: "mri") == dataset("mri", 50))
        #expect(try store.commitments(of: "ct") == (0..<20).flatMap { commitment($0) })
        var next = 0
        try store.forEachRow(of: "mri") { row in
            check(row, next, 50)
            next += 1
        }
        #expect(next == 50)
        let positions = [7, 3, 19, 3]
        next = 0
        try store.forEachRow(of: "ct", at: positions) { row in
            check(row, positions[next], 20)
            next += 1
        }
        #expect(next == 4)
        try store.erase("mri")
        #expect(storeError { _ = try store.dataset(named: "mri") } == .unknownDataset(name: "mri"))
        #expect(storeError { try store.forEachRow(of: "mri") { _ in } } == .unknownDataset(name: "mri"))
        #expect(try store.datasets().count == 1)
    }

    @Test(arguments: [1, 1_023, 1_024, 1_025, 2_100])
    func pagesHaveTheRowsInColumns(count: Int) throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try store.create(dataset("mri", count)) { try fill($0, count) }
        var next = 0
        try store.forEachPage(of: "mri") { page in
            #expect(page.first == next)
            #expect(page.count == min(1_024, count - next))
            for slot in 0..<page.count {
                let i = page.first + slot
                #expect(page.sourceRows[slot] == (i * 7 + 3) % count)
                #expect(Array(page.commitments[32 * slot..<32 * slot + 32]) == commitment(i))
            }
            let digests = page.withDigests { $0.withUnsafeBytes { Array($0) } }
            #expect(digests == (0..<page.count).flatMap { bytes(page.first + $0, 1) })
            let blindings = page.withScalars(.blinding) { $0.withUnsafeBytes { Array($0) } }
            #expect(blindings == (0..<page.count).flatMap { bytes(page.first + $0, 2) })
            let records = page.withScalars(.record) { $0.withUnsafeBytes { Array($0) } }
            let subjects = page.withScalars(.subject) { $0.withUnsafeBytes { Array($0) } }
            for slot in [0, page.count - 1] {
                let i = page.first + slot
                #expect(Array(records[32 * slot..<32 * slot + 32]) == Identifier.scalar(type: "record", bytes: bytes(i, 1)).bytes)
                let expected =
                    subject(i).isEmpty ? [UInt8](repeating: 0, count: 32) : Identifier.scalar(type: "subject", bytes: subject(i)).bytes
                #expect(Array(subjects[32 * slot..<32 * slot + 32]) == expected)
            }
            next += page.count
        }
        #expect(next == count)
        let positions = [count - 1, 0, count / 2, count - 1]
        var seen = 0
        try store.forEachRow(of: "mri", at: positions) { row in
            check(row, positions[seen], count)
            seen += 1
        }
        #expect(seen == 4)
    }

    private struct Interrupted: Error {}

    @Test func refusesAndLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try store.create(dataset("mri", 5)) { try fill($0, 5) }
        #expect(storeError { try store.create(dataset("mri", 5)) { try fill($0, 5) } } == .duplicateDataset(name: "mri"))
        #expect(storeError { try store.create(dataset("ct", 5)) { try fill($0, 4) } } == .rowCount(announced: 5, written: 4))
        #expect(storeError { try store.create(dataset("ct", 5)) { try fill($0, 6) } } == .rowCount(announced: 5, written: 6))
        #expect(storeError { try store.create(dataset("ct", 0)) { _ in } } != nil)
        #expect(throws: Interrupted.self) {
            try store.create(dataset("ct", 5)) {
                try fill($0, 2); throw Interrupted()
            }
        }
        for (sourceRow, commitmentCount, recordCount, blindingCount) in [
            (-1, 32, 32, 32), (0, 31, 32, 32), (0, 32, 33, 32), (0, 32, 32, 0),
        ] {
            #expect(
                storeError {
                    try store.create(dataset("ct", 1)) { writer in
                        try writer.append(
                            sourceRow: sourceRow, commitment: [UInt8](repeating: 0, count: commitmentCount),
                            record: [UInt8](repeating: 0, count: recordCount).span, subject: [UInt8]().span,
                            blinding: [UInt8](repeating: 0, count: blindingCount).span)
                    }
                } != nil)
        }
        #expect(storeError { try store.forEachRow(of: "mri", at: [5]) { _ in } } != nil)
        #expect(storeError { try store.forEachRow(of: "mri", at: [-1]) { _ in } } != nil)
        #expect(try store.datasets() == [dataset("mri", 5)])
        let queue = try DatabaseQueue(path: store.path)
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT SUM(count) FROM pages") } == 5)
    }

    @Test(arguments: [
        "UPDATE pages SET box = (SELECT box FROM pages WHERE first = 1024) WHERE first = 0",
        "UPDATE pages SET commitments = zeroblob(length(commitments)) WHERE first = 1024",
        "UPDATE pages SET box = zeroblob(length(box)) WHERE first = 1024", "UPDATE pages SET box = x'' WHERE first = 1024",
        "UPDATE pages SET box = zeroblob(1000000) WHERE first = 0", "UPDATE pages SET first = 3000 WHERE first = 2048",
        "UPDATE pages SET count = 51 WHERE first = 2048", "UPDATE pages SET count = 2048 WHERE first = 0",
        "DELETE FROM pages WHERE first = 2048", "DELETE FROM pages WHERE first = 0", "DELETE FROM pages",
        "UPDATE pages SET first = 10240 WHERE first = 0; UPDATE pages SET first = 0 WHERE first = 1024; "
            + "UPDATE pages SET first = 1024 WHERE first = 10240",
        "UPDATE datasets SET name = 'other'", "UPDATE datasets SET count = 2097", "UPDATE datasets SET key_columns = 'x'",
    ])
    func refusesTamperedRows(sql: String) throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try store.create(dataset("mri", 2_098)) { try fill($0, 2_098) }
        try tamper(store.path) { try $0.execute(sql: sql) }
        #expect(storeError { try store.forEachRow(of: sql.contains("'other'") ? "other" : "mri") { _ in } } != nil)
    }

    @Test func backsUp() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        try store.create(dataset("mri", 50)) { try fill($0, 50) }
        let copy = folder.file("backup.sqlite")
        try store.backup(to: copy)
        let restored = try openDatasets(copy, .reading, passphrase)
        var next = 0
        try restored.forEachRow(of: "mri") { row in
            check(row, next, 50)
            next += 1
        }
        #expect(next == 50)
        #expect(storeError { _ = try openDatasets(copy, .reading, []) } == .wrongPassphrase(path: copy))
    }

    @Test func storesManyRowsInReasonableTime() throws {
        let folder = try TemporaryFolder()
        let store = try make(folder)
        let count = runsLongTests ? 1_000_000 : 50_000
        let clock = ContinuousClock()
        let written = try clock.measure { try store.create(dataset("mri", count)) { try fill($0, count) } }
        var seen = 0
        let read = try clock.measure { try store.forEachRow(of: "mri") { row in seen += row.commitment.count / 32 } }
        #expect(seen == count)
        print("\(count) rows: written in \(written), decrypted in \(read)")
    }
}
