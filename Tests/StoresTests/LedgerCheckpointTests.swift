// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import MerkleLog
import Secrets
import Stores
import Testing

@Suite struct LedgerCheckpointTests {
    @Test func signsAllLogs() throws {
        let issuer = try Issuer()
        try issuer.store.append(entries(0..<3), to: .consents)
        let checkpoints = try issuer.checkpoint(now: 1_000)
        #expect(checkpoints.map(\.log) == LedgerLog.allCases)
        #expect(checkpoints.map(\.size) == [3, 0, 0])
        for checkpoint in checkpoints {
            let note = try UnverifiedCheckpoint(bytes: checkpoint.note)
            let origin = "hospital.example/consent/\(checkpoint.log.rawValue)"
            let key = try VerifierKey(name: origin, type: .ed25519, publicKey: issuer.key.publicKey)
            let verified = try note.verified(by: key, origin: origin)
            #expect(verified.treeSize == UInt64(checkpoint.size))
            #expect(verified.rootHash == checkpoint.root)
            let cosigner = try VerifierKey(
                name: "hospital.example/consent/cosigner", type: .cosignature, publicKey: issuer.cosigner.publicKey)
            #expect(try note.quorumTimestamp(cosigners: [cosigner], quorum: 1) == 1_000)
        }
    }

    @Test func findsCheckpoints() throws {
        let issuer = try Issuer()
        #expect(try issuer.store.latestCheckpoint(.consents) == nil)
        for (count, time) in [(2, UInt64(1_000)), (0, 2_000), (3, 3_000), (1, 3_000)] {
            let size = try issuer.store.count(.consents)
            try issuer.store.append(entries(size..<size + count), to: .consents)
            try issuer.checkpoint(now: time)
        }
        let all = try issuer.store.checkpoints(.consents)
        #expect(all.map(\.size) == [2, 2, 5, 6])
        #expect(all.map(\.time) == [1_000, 2_000, 3_000, 3_000])
        #expect(try issuer.store.latestCheckpoint(.consents) == all[3])
        #expect(try issuer.store.earliestCheckpoint(.consents, coveringSize: 1) == all[0])
        #expect(try issuer.store.earliestCheckpoint(.consents, coveringSize: 3) == all[2])
        #expect(try issuer.store.earliestCheckpoint(.consents, coveringSize: 7) == nil)
        #expect(try issuer.store.latestCheckpoint(.consents, notAfter: 999) == nil)
        #expect(try issuer.store.latestCheckpoint(.consents, notAfter: 1_000) == all[0])
        #expect(try issuer.store.latestCheckpoint(.consents, notAfter: 2_999) == all[1])
        #expect(try issuer.store.latestCheckpoint(.consents, notAfter: .max) == all[3])
        // The other logs did not grow; at 3,000 they were asked twice and signed once.
        #expect(try issuer.store.checkpoints(.registry).map(\.time) == [1_000, 2_000, 3_000])
    }

    @Test func refusesForeignKeysAndOldClocks() throws {
        let issuer = try Issuer()
        try issuer.checkpoint(now: 1_000)
        #expect(
            storeError { _ = try issuer.store.checkpoint(issuer: issuer.cosigner, cosigner: issuer.cosigner, now: 2_000) }
                == .foreignKey(role: "issuer"))
        #expect(
            storeError { _ = try issuer.store.checkpoint(issuer: issuer.key, cosigner: issuer.key, now: 2_000) }
                == .foreignKey(role: "cosigner"))
        #expect(storeError { try issuer.checkpoint(now: 999) } == .clockWentBack(log: .consents, last: 1_000, now: 999))
        #expect(storeError { try issuer.checkpoint(now: 1 << 63) } != nil)
        #expect(try issuer.store.checkpoints(.consents).count == 1)
    }

    @Test func readersDoNotSignOrAppend() throws {
        let issuer = try Issuer()
        let reader = try LedgerStore.open(at: issuer.store.path, for: .reading)
        #expect(storeError { try reader.append([entry(0)], to: .consents) } == .readOnly(path: issuer.store.path))
        #expect(
            storeError { _ = try reader.checkpoint(issuer: issuer.key, cosigner: issuer.cosigner, now: 1) }
                == .readOnly(path: issuer.store.path))
    }

    /// What a signer must never sign: a history that differs from what it has signed before, or leaves that are not what their hashes say.
    @Test(arguments: [
        "DELETE FROM consents WHERE idx = 19", "DELETE FROM consents WHERE idx = 4",
        "UPDATE consents SET hash = zeroblob(32) WHERE idx = 2", "UPDATE consents SET hash = zeroblob(32) WHERE idx = 21",
        "UPDATE consents SET leaf = (SELECT leaf FROM consents WHERE idx = 4) WHERE idx = 21",
        "UPDATE consents SET leaf = x'00' WHERE idx = 21", "UPDATE consents SET idx = 99 WHERE idx = 21",
        "UPDATE checkpoints SET root = zeroblob(32) WHERE sequence = 3", "UPDATE checkpoints SET size = 100 WHERE sequence = 3",
        "UPDATE frontiers SET size = 4 WHERE log = 0", "UPDATE frontiers SET hashes = zeroblob(96) WHERE log = 0",
        "UPDATE frontiers SET hashes = x'00' WHERE log = 0", "DELETE FROM frontiers", "DELETE FROM consents WHERE idx >= 12",
    ])
    func refusesToSignADamagedLog(sql: String) throws {
        let issuer = try Issuer()
        try issuer.fill()
        try issuer.store.append(entries(20..<22), to: .consents)
        try tamper(issuer.store.path) { try $0.execute(sql: sql) }
        guard case .damagedLog(.consents, _) = storeError({ try issuer.checkpoint([.consents], now: 3_000) }) else {
            Issue.record("signed after \(sql)")
            return
        }
        #expect(!issuer.store.fsck().isEmpty)
    }
}
