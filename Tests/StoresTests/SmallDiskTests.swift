// SPDX-License-Identifier: Apache-2.0
import Foundation
import Stores
import TestSupport
import Testing

/// A real disk that is full, and one that cannot be written. Needs root, mounts a file system in memory, runs with the long tests.
@Suite(.enabled(if: runsLongTests && geteuid() == 0), .serialized)
struct SmallDiskTests {
    private func run(_ arguments: [String]) throws {
        let process = try Process.run(URL(filePath: "/usr/bin/env"), arguments: arguments)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
    }

    @Test func aFullDiskLosesNothing() throws {
        let issuer = try Issuer()
        let disk = issuer.folder.file("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])
        defer { withExtendedLifetime(issuer) { try? run(["umount", "-l", disk]) } }
        let path = disk + "/ledger.sqlite"
        try issuer.store.backup(to: path)
        do {
            let store = try LedgerStore.open(at: path, for: .writing)
            var acknowledged = 0
            var refusal: StoreError?
            while refusal == nil, acknowledged < 100_000 {
                refusal = storeError {
                    acknowledged = try store.append(entries(acknowledged..<acknowledged + 200), to: .consents).upperBound
                }
            }
            #expect(refusal == .diskFull(path: path))
            #expect(try store.count(.consents) == acknowledged)
            #expect(store.fsck().isEmpty)
            #expect(storeError { try store.backup(to: disk + "/backup.sqlite") } != nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk).filter { $0.contains("backup") } == [])
        }
        #expect(try LedgerStore.fsck(at: path).isEmpty)
    }

    @Test func aReadOnlyDiskIsRead() throws {
        let issuer = try Issuer()
        try issuer.fill()
        let disk = issuer.folder.file("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk])
        defer { withExtendedLifetime(issuer) { try? run(["umount", "-l", disk]) } }
        let path = disk + "/ledger.sqlite"
        try issuer.store.backup(to: path)
        // Once opened for writing the file says that it is in WAL mode.
        do { try LedgerStore.open(at: path, for: .writing).append([entry(20)], to: .consents) }
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        // A log that was left behind cannot be read where SQLite cannot make its index.
        let left = disk + "/left.sqlite"
        try issuer.store.append([entry(20)], to: .consents)
        for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: issuer.store.path + end, toPath: left + end) }
        try run(["mount", "-o", "remount,ro", disk])
        #expect(storeError { _ = try LedgerStore.open(at: left, for: .reading) } == .folderNotWritable(path: left))
        let reader = try LedgerStore.open(at: path, for: .reading)
        #expect(try reader.count(.consents) == 21)
        #expect(reader.fsck().isEmpty)
        #expect(storeError { _ = try LedgerStore.open(at: path, for: .writing) } != nil)
    }
}
