// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import MerkleLog
import Stores
import Testing

@Suite struct LedgerAppendTests {
    @Test func appendsAndFinds() throws {
        let issuer = try Issuer()
        #expect(try issuer.store.append(entries(0..<5), to: .consents) == 0..<5)
        #expect(try issuer.store.append(entries(5..<6), to: .consents) == 5..<6)
        #expect(try issuer.store.append([], to: .consents) == 6..<6)
        #expect(try issuer.store.count(.consents) == 6)
        #expect(try issuer.store.leaves(.consents, 2..<5) == entries(2..<5))
        #expect(try issuer.store.leaves(.consents, at: [4, 0]) == [entry(4), entry(0)])
        #expect(try issuer.store.index(of: LeafHash(entry: entry(4)), in: .consents) == 4)
        #expect(try issuer.store.index(of: LeafHash(entry: entry(6)), in: .consents) == nil)
        #expect(try issuer.store.append([revocation(of: entry(4))], to: .revocations) == 0..<1)
        #expect(try issuer.store.revocations(of: [LeafHash(entry: entry(4)), LeafHash(entry: entry(3))]) == [0, nil])
        #expect(try issuer.store.revocationColumn(size: 1) == revocation(of: entry(4)))
    }

    @Test func headsAndProofsAreThoseOfTheTree() throws {
        let issuer = try Issuer()
        var leaves: [[UInt8]] = []
        for (round, count) in [1, 1, 2, 5, 0, 8, 3].enumerated() {
            let added = entries(round * 100..<round * 100 + count)
            try issuer.store.append(added, to: .consents)
            leaves += added
            let tree = MerkleTree(leaves.map { LeafHash(entry: $0) })
            let head = try issuer.store.treeHead(.consents)
            #expect(head.size == leaves.count)
            #expect(head.root == tree.root)
            #expect(try issuer.store.root(.consents, size: leaves.count) == tree.root)
        }
        let tree = MerkleTree(leaves.map { LeafHash(entry: $0) })
        let size = leaves.count
        for index in 0..<size {
            let proof = try issuer.store.inclusionProof(.consents, index: index, size: size)
            try proof.verify(leafHash: LeafHash(entry: leaves[index]), root: tree.root)
        }
        for old in 1...size {
            let proof = try issuer.store.consistencyProof(.consents, from: old, to: size)
            try proof.verify(oldRoot: tree.root(size: UInt64(old)), newRoot: tree.root)
        }
        let batch = try issuer.store.batchInclusionProof(.consents, indices: [1, 4, 5, 19], size: size)
        try batch.verify(indices: [1, 4, 5, 19], leafHashes: [1, 4, 5, 19].map { LeafHash(entry: leaves[$0]) }, root: tree.root)
    }

    @Test func refusesProofsBeyondTheLog() throws {
        let issuer = try Issuer()
        try issuer.store.append(entries(0..<5), to: .consents)
        #expect(storeError { _ = try issuer.store.inclusionProof(.consents, index: 5, size: 5) } != nil)
        #expect(storeError { _ = try issuer.store.inclusionProof(.consents, index: -1, size: 5) } != nil)
        #expect(
            storeError { _ = try issuer.store.inclusionProof(.consents, index: 0, size: 6) }
                == .outOfRange(log: .consents, value: 6, size: 5))
        #expect(storeError { _ = try issuer.store.consistencyProof(.consents, from: 0, to: 5) } != nil)
        #expect(storeError { _ = try issuer.store.consistencyProof(.consents, from: 3, to: 2) } != nil)
        #expect(storeError { _ = try issuer.store.batchInclusionProof(.consents, indices: [], size: 5) } != nil)
        #expect(storeError { _ = try issuer.store.batchInclusionProof(.consents, indices: [2, 2], size: 5) } != nil)
        #expect(storeError { _ = try issuer.store.batchInclusionProof(.consents, indices: [2, 5], size: 5) } != nil)
        #expect(storeError { _ = try issuer.store.leaves(.consents, 3..<6) } == .outOfRange(log: .consents, value: 6, size: 5))
        #expect(storeError { _ = try issuer.store.leaves(.consents, at: [5]) } == .outOfRange(log: .consents, value: 5, size: 5))
        #expect(storeError { _ = try issuer.store.revocationColumn(size: 1) } != nil)
    }

    @Test func refusesDuplicatesWithTheirIndex() throws {
        let issuer = try Issuer()
        try issuer.store.append(entries(0..<5), to: .consents)
        #expect(
            storeError { try issuer.store.append([entry(9), entry(3)], to: .consents) }
                == .duplicateLeaf(log: .consents, position: 1, index: 3))
        #expect(
            storeError { try issuer.store.append([entry(9), entry(8), entry(9)], to: .consents) }
                == .repeatedLeaf(log: .consents, position: 2, first: 0))
        // The refused appends left nothing behind.
        #expect(try issuer.store.count(.consents) == 5)
        #expect(try issuer.store.append([entry(9)], to: .consents) == 5..<6)
        #expect(issuer.store.fsck().isEmpty)
    }

    @Test func refusesRevocationsOfNothingAndTwice() throws {
        let issuer = try Issuer()
        try issuer.store.append(entries(0..<5), to: .consents)
        #expect(
            storeError { try issuer.store.append([revocation(of: entry(7))], to: .revocations) }
                == .unknownEntry(position: 0, leafHash: LeafHash(entry: entry(7)).bytes))
        try issuer.store.append([revocation(of: entry(2))], to: .revocations)
        #expect(
            storeError { try issuer.store.append([revocation(of: entry(2))], to: .revocations) }
                == .duplicateLeaf(log: .revocations, position: 0, index: 0))
        #expect(
            storeError { try issuer.store.append([revocation(of: entry(1)), revocation(of: entry(2), kind: 2)], to: .revocations) }
                == .alreadyRevoked(position: 1, index: 0))
        #expect(
            storeError { try issuer.store.append([revocation(of: entry(1)), revocation(of: entry(1), kind: 2)], to: .revocations) }
                == .repeatedLeaf(log: .revocations, position: 1, first: 0))
        #expect(try issuer.store.count(.revocations) == 1)
    }

    @Test(arguments: LedgerLog.allCases)
    func refusesMalformedLeaves(log: LedgerLog) throws {
        let issuer = try Issuer()
        for leaf in Self.malformed(log) {
            let error = storeError { try issuer.store.append([leaf], to: log) }
            if case .malformedLeaf(log, 0, _) = error { continue }
            Issue.record("\(leaf.prefix(40)): \(String(describing: error))")
        }
        #expect(try issuer.store.count(log) == 0)
    }

    private static func malformed(_ log: LedgerLog) -> [[UInt8]] {
        let zeros = [UInt8](repeating: 0, count: 118)
        var version = entry(0)
        version[0] = 0
        var kind = entry(0)
        kind[1] = 2
        switch log {
        case .consents: return [zeros, [1, 1], [], entry(0) + [0], version, kind]
        case .revocations:
            let hash = Array(zeros.prefix(32))
            return [Array(zeros.prefix(34)), [1, 3] + hash, [1, 1], [0, 1] + hash, []]
        case .registry:
            let long = #"{"a":""# + String(repeating: "x", count: 66_000) + #""}"#
            let texts = ["", "{ }", "[1]", "{}\n", #"{"b":1,"a":2}"#, #"{"a":1,"a":1}"#, #"{"a":1.0}"#, #""text""#, long]
            return texts.map { Array($0.utf8) } + [[0xff, 0xfe]]
        }
    }

    // MARK: Triggers

    @Test(arguments: [
        "UPDATE consents SET leaf = leaf WHERE idx = 1", "UPDATE consents SET idx = 50 WHERE idx = 4",
        "UPDATE OR REPLACE consents SET hash = hash",
        "DELETE FROM consents", "DELETE FROM consents WHERE idx = 19", "DELETE FROM revocations", "UPDATE revocations SET entry = entry",
        "DELETE FROM registry", "UPDATE registry SET leaf = x'7b7d'", "UPDATE ledger SET name = 'x'", "DELETE FROM ledger",
        "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
        "INSERT INTO consents SELECT 21, zeroblob(118), zeroblob(32)", "INSERT INTO consents SELECT -1, zeroblob(118), zeroblob(32)",
        "INSERT INTO consents (leaf, hash) SELECT zeroblob(118), zeroblob(32)",
        "INSERT INTO consents SELECT 20, zeroblob(117), zeroblob(32)",
        "INSERT INTO consents SELECT 20, zeroblob(118), zeroblob(31)",
        "INSERT INTO consents SELECT 20, leaf, hash FROM consents WHERE idx = 3",
        "INSERT OR REPLACE INTO consents SELECT 20, leaf, hash FROM consents WHERE idx = 3",
        "INSERT OR REPLACE INTO consents SELECT 3, zeroblob(118), zeroblob(32)",
        "INSERT OR FAIL INTO consents SELECT 3, zeroblob(118), zeroblob(32)",
        "REPLACE INTO revocations SELECT 3, leaf, zeroblob(32), entry FROM revocations WHERE idx = 0",
        "INSERT INTO revocations SELECT 3, x'0001' || zeroblob(32), zeroblob(32), zeroblob(32)",
        "INSERT INTO registry SELECT 2, '{}', zeroblob(32)", "DELETE FROM checkpoints", "UPDATE checkpoints SET time = 5000",
        "INSERT INTO checkpoints SELECT 6, log, size, time, zeroblob(32), note FROM checkpoints WHERE sequence = 3",
        "INSERT INTO checkpoints SELECT 6, log, size, 1999, root, note FROM checkpoints WHERE sequence = 3",
        "INSERT INTO checkpoints SELECT 6, log, size - 1, time, root, note FROM checkpoints WHERE sequence = 3",
        "INSERT INTO checkpoints SELECT 7, log, size, time, root, note FROM checkpoints WHERE sequence = 3",
        "INSERT OR REPLACE INTO checkpoints SELECT 3, log, size, time, root, note FROM checkpoints WHERE sequence = 3",
    ])
    func rawStatementsCannotChangeTheLogs(sql: String) throws {
        let issuer = try Issuer()
        try issuer.fill()
        let before = try contents(issuer.store.path)
        let queue = try DatabaseQueue(path: issuer.store.path)
        #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
        try queue.close()
        #expect(try contents(issuer.store.path) == before)
        #expect(issuer.store.fsck().isEmpty)
    }

    /// `INSERT OR IGNORE` may pass silently, but changes nothing.
    @Test func ignoringInsertsChangeNothing() throws {
        let issuer = try Issuer()
        try issuer.fill()
        let before = try contents(issuer.store.path)
        let queue = try DatabaseQueue(path: issuer.store.path)
        try? queue.write { try $0.execute(sql: "INSERT OR IGNORE INTO consents SELECT 3, zeroblob(118), zeroblob(32)") }
        try? queue.write { try $0.execute(sql: "INSERT OR IGNORE INTO consents SELECT 20, leaf, hash FROM consents WHERE idx = 3") }
        try queue.close()
        #expect(try contents(issuer.store.path) == before)
    }

    private func contents(_ path: String) throws -> [[String]] {
        let queue = try DatabaseQueue(path: path)
        return try queue.read { db in
            try ["ledger", "consents", "revocations", "registry", "checkpoints"].map { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { $0.description }
            }
        }
    }

    // MARK: Speed

    @Test func appendsAHundredThousandLeavesAtOnce() throws {
        let issuer = try Issuer()
        let leaves = entries(0..<100_000)
        let clock = ContinuousClock()
        let time = try clock.measure { try issuer.store.append(leaves, to: .consents) }
        print("100,000 appends: \(time)")
        #expect(try issuer.store.count(.consents) == 100_000)
        print("treeHead: \(try clock.measure { _ = try issuer.store.treeHead(.consents) })")
        print("first proof: \(try clock.measure { _ = try issuer.store.inclusionProof(.consents, index: 5, size: 100_000) })")
        print("checkpoint: \(try clock.measure { try issuer.checkpoint(now: 1) })")
        print("fsck: \(clock.measure { #expect(issuer.store.fsck().isEmpty) })")
    }
}
