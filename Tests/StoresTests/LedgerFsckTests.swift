// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import MerkleLog
import Stores
import Testing

@Suite struct LedgerFsckTests {
    @Test func aSoundLedgerHasNoFindings() throws {
        let issuer = try Issuer()
        #expect(issuer.store.fsck().isEmpty)
        try issuer.fill()
        var last: [LedgerLog: Int] = [:]
        #expect(issuer.store.fsck { log, done, total in last[log] = done == total ? total : -1 }.isEmpty)
        #expect(last == [.consents: 20, .revocations: 3, .registry: 2])
        #expect(try LedgerStore.fsck(at: issuer.store.path).isEmpty)
    }

    /// Everything that can be changed behind the triggers is found, and named for what it is.
    @Test(
        arguments: [
            ("UPDATE consents SET leaf = (SELECT substr(leaf, 1, 117) || x'09' FROM consents WHERE idx = 4) WHERE idx = 4", .leafHash),
            ("UPDATE consents SET hash = zeroblob(32) WHERE idx = 4", .leafHash),
            ("UPDATE consents SET idx = 40 WHERE idx = 19", .gap), ("DELETE FROM consents WHERE idx = 7", .gap),
            ("DELETE FROM consents WHERE idx = 0", .gap), ("DELETE FROM consents WHERE idx = 19", .frontier),
            ("DELETE FROM consents WHERE idx >= 15", .checkpointRoot),
            ("UPDATE consents SET leaf = x'0001' WHERE idx = 6", .malformedLeaf),
            ("UPDATE consents SET leaf = 'text' WHERE idx = 6", .malformedLeaf),
            ("UPDATE consents SET leaf = (SELECT leaf FROM consents WHERE idx = 2) WHERE idx = 6", .duplicateLeaf),
            ("UPDATE revocations SET entry = zeroblob(32) WHERE idx = 1", .repeatedRevocation),
            ("UPDATE revocations SET leaf = x'0002' || zeroblob(32), entry = zeroblob(32) WHERE idx = 1", .unknownEntry),
            ("UPDATE revocations SET leaf = x'0002' || (SELECT entry FROM revocations WHERE idx = 0) WHERE idx = 1", .repeatedRevocation),
            ("UPDATE registry SET leaf = CAST('{ }' AS BLOB) WHERE idx = 1", .malformedLeaf),
            ("UPDATE frontiers SET size = 5 WHERE log = 1", .frontier), ("UPDATE frontiers SET hashes = x'00' WHERE log = 2", .frontier),
            ("DELETE FROM frontiers WHERE log = 2", .frontier),
            ("UPDATE checkpoints SET root = zeroblob(32) WHERE sequence = 0", .checkpointRoot),
            ("UPDATE checkpoints SET root = zeroblob(32) WHERE sequence = 0", .checkpointNote),
            ("UPDATE checkpoints SET size = 11 WHERE sequence = 0", .checkpointNote),
            ("UPDATE checkpoints SET size = 50 WHERE sequence = 3", .checkpointRoot),
            ("UPDATE checkpoints SET time = 1001 WHERE sequence = 0", .checkpointNote),
            ("UPDATE checkpoints SET time = 5000 WHERE sequence = 0", .checkpointOrder),
            ("UPDATE checkpoints SET size = 15 WHERE sequence = 0; UPDATE checkpoints SET size = 14 WHERE sequence = 3", .checkpointOrder),
            ("UPDATE checkpoints SET note = substr(note, 1, length(note) - 8) || x'4141414141413d0a' WHERE sequence = 0", .checkpointNote),
            ("UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE sequence = 1) WHERE sequence = 0", .checkpointNote),
            ("UPDATE checkpoints SET log = 2 WHERE sequence = 1", .checkpointNote), ("UPDATE checkpoints SET note = x''", .checkpointNote),
            ("UPDATE checkpoints SET root = 'x' WHERE sequence = 0", .integrity),
            ("UPDATE checkpoints SET size = 'x' WHERE sequence = 0", .integrity),
            ("DELETE FROM checkpoints WHERE sequence = 2", .gap),
            ("UPDATE ledger SET issuer = cosigner", .checkpointNote), ("UPDATE ledger SET name = 'other.example/consent'", .checkpointNote),
            ("DROP INDEX checkpoints_by_log", .schema), ("CREATE TABLE extra (x)", .schema),
            ("CREATE TRIGGER evil AFTER INSERT ON consents BEGIN SELECT 1; END", .schema),
        ] as [(String, LedgerFinding.Kind)])
    func findsTampering(sql: String, kind: LedgerFinding.Kind) throws {
        let issuer = try Issuer()
        try issuer.fill()
        try tamper(issuer.store.path) { try $0.execute(sql: sql) }
        let findings = try LedgerStore.fsck(at: issuer.store.path)
        #expect(findings.contains { $0.kind == kind }, "\(findings)")
    }

    @Test func findsEveryMissingTrigger() throws {
        let issuer = try Issuer()
        let queue = try DatabaseQueue(path: issuer.store.path)
        let triggers = try queue.read { try Row.fetchAll($0, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'") }
        #expect(triggers.count == 16)
        for row in triggers {
            let name: String = row["name"]
            try queue.write { try $0.execute(sql: "DROP TRIGGER \(name)") }
            #expect(issuer.store.fsck().map(\.kind) == [.schema])
            #expect(
                storeError { _ = try LedgerStore.open(at: issuer.store.path, for: .reading) }
                    == .alteredSchema(path: issuer.store.path, object: "trigger \(name)"))
            try queue.write { try $0.execute(sql: row["sql"]) }
        }
        #expect(issuer.store.fsck().isEmpty)
    }

    @Test func findsAMissingTable() throws {
        let issuer = try Issuer()
        try issuer.fill()
        try tamper(issuer.store.path, keepingTriggers: true) { try $0.execute(sql: "DROP TABLE registry") }
        let findings = try LedgerStore.fsck(at: issuer.store.path)
        #expect(findings.contains { $0.kind == .schema })
        #expect(findings.contains { $0.kind == .integrity && $0.log == .registry })
    }

    @Test func aMillionFindingsAreCutShort() throws {
        let issuer = try Issuer()
        try issuer.store.append(entries(0..<500), to: .consents)
        try tamper(issuer.store.path) { try $0.execute(sql: "UPDATE consents SET leaf = zeroblob(118) WHERE idx < 400") }
        let findings = issuer.store.fsck()
        #expect(findings.filter { $0.kind == .malformedLeaf }.count == 100)
    }

    // MARK: Backup

    @Test func aBackupIsTheLedgerAndStandsAlone() throws {
        let issuer = try Issuer()
        try issuer.fill()
        let copy = issuer.folder.file("backup.sqlite")
        try issuer.store.backup(to: copy)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: issuer.folder.path).filter { $0.hasPrefix("backup") } == ["backup.sqlite"])
        #expect(storeError { try issuer.store.backup(to: copy) } == .alreadyExists(path: copy))
        let restored = try LedgerStore.open(at: copy, for: .writing)
        for log in LedgerLog.allCases {
            #expect(try restored.treeHead(log) == issuer.store.treeHead(log))
            #expect(try restored.checkpoints(log) == issuer.store.checkpoints(log))
            #expect(try restored.leaves(log, 0..<restored.count(log)) == issuer.store.leaves(log, 0..<issuer.store.count(log)))
        }
        #expect(try restored.append([entry(20)], to: .consents) == 20..<21)
        #expect(restored.fsck().isEmpty)
    }

    @Test func aDamagedLedgerIsNotBackedUp() throws {
        let issuer = try Issuer()
        try issuer.fill()
        try tamper(issuer.store.path) { try $0.execute(sql: "UPDATE consents SET hash = zeroblob(32) WHERE idx = 4") }
        let copy = issuer.folder.file("backup.sqlite")
        #expect(storeError { try issuer.store.backup(to: copy) } != nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: issuer.folder.path).filter { $0.hasPrefix("backup") } == [])
    }
}
