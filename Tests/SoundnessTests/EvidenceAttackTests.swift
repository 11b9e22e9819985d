// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import MerkleLog
import Testing

/// Attacks on what stands around the proof: memory, dates, withdrawals. Each succeeded once against an earlier verifier.
@Suite struct EvidenceAttackTests {
    /// A holder cannot use a bundle that is refused to move the auditor's memory to the issuer's other history.
    @Test func aRefusedListDoesNotMoveTheMemory() throws {
        var honest = try TestWorld.honest(2)
        var fork = honest
        honest.revoke(0)
        let seen = try honest.verify(honest.prove(dishonestly: true)).memory
        // The other history has no withdrawal, but two more leaves.
        fork.ledgers[0].revocations.append([[UInt8](repeating: 9, count: 34), [UInt8](repeating: 8, count: 34)])
        let forked = try fork.prove()
        #expect(try fork.reasons(forked, evidence: Evidence(now: TestWorld.now, memory: seen)) == ["rollback"])
        // Its checkpoint, with a list that extends the honest one and is not the checkpoint's.
        var parts = BundleParts(forked)
        parts.revocations[0] = honest.ledgers[0].revocations.leaves[0] + [UInt8](repeating: 7, count: 34)
        let sacrificed = try fork.verify(parts.bundle(), evidence: Evidence(now: TestWorld.now, memory: seen))
        #expect(sacrificed.findings.map(\.reason) == ["revocation-list", "revoked"])
        #expect(sacrificed.memory == seen)
        #expect(try fork.reasons(forked, evidence: Evidence(now: TestWorld.now, memory: sacrificed.memory)) == ["rollback"])
    }

    /// A holder that cuts the list does not make the ledger look as if it had two histories.
    @Test func aCutListIsNotBlamedOnTheLedger() throws {
        var world = try TestWorld.honest(2)
        world.revoke(0)
        let bundle = try world.prove(dishonestly: true)
        let seen = try world.verify(bundle).memory
        var parts = BundleParts(bundle)
        parts.revocations[0] = []
        #expect(try world.reasons(parts.bundle(), evidence: Evidence(now: TestWorld.now, memory: seen)) == ["revocation-list"])
    }

    /// With a quorum of two, one cosigner alone cannot date a checkpoint back.
    @Test func oneCosignerCannotBackdate() throws {
        var world = try TestWorld.honest(4, ledgers: [TestLedger("a.example", cosigners: 2)])
        let ledger = world.ledgers[0]
        let day = try #require(Day(iso8601: "2026-01-05"))
        let (then, today) = ((UInt64(day.number) + 1) * 86_400 - 100, TestWorld.now - 10)
        let tree = ledger.consents.tree
        let checkpoint = try Checkpoint(origin: "a.example/consents", treeSize: tree.size, rootHash: tree.root)
        var parts = BundleParts(try world.prove())
        let policy = try world.policy(loggedBy: day)
        for (times, reasons) in [([then, then], []), ([then, today], ["logged-by-time"]), ([today, today], ["logged-by-time"])] {
            var note = try checkpoint.unsignedNote()
            note.add(try ledger.signer.line(note, name: "a.example/consents"))
            for (number, time) in times.enumerated() { note.add(try ledger.cosigners[number].cosignature(note, at: time)) }
            parts.header.ledgers[0].logged = BundleHeader.Logged(checkpoint: String(decoding: note.bytes, as: UTF8.self), consistency: [])
            #expect(try world.reasons(parts.bundle(), policy: policy) == reasons, "\(times)")
        }
    }

    /// A clock that runs ahead does not satisfy `as_of` before its day.
    @Test func asOfIsNotProvedFromTheFuture() throws {
        var world = try TestWorld.honest(2)
        world.freshness = .asOf
        let bundle = try world.prove()
        #expect(try world.reasons(bundle) == [])
        #expect(try world.reasons(bundle, evidence: Evidence(now: TestWorld.now - 86_400)) == ["stale-future"])
    }

    /// A withdrawal of another entry at the place of one in the bundle is not passed over.
    @Test func aWithdrawalOfAnotherEntryAtThisPlace() throws {
        var world = try TestWorld.honest(4)
        let bundle = try world.prove()
        var fork = world
        try fork.reissue(1, world.receipts[1].consent)
        let statement = try fork.withdrawal(1)
        let refusal = code { _ = try world.reasons(bundle, evidence: Evidence(now: TestWorld.now, withdrawals: [statement])) }
        #expect(refusal == "withdrawal-other-entry")
    }

    /// A revocation counts for a copy of the entry in another ledger of the bundle.
    @Test func aRevokedEntryCopiedToAnotherLedger() throws {
        var world = try TestWorld.honest(4, ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        let position = try #require(world.receipts.firstIndex { $0.ledger == 0 })
        world.revoke(position)
        world.receipts[position].ledger = 1
        world.receipts[position].index = world.ledgers[1].consents.leaves.count
        world.ledgers[1].consents.append([world.receipts[position].entry])
        #expect(try world.reasons(world.prove()) == ["revoked"])
    }

    /// Of two lists of one ledger the verifier does not choose.
    @Test func twoListsOfOneLedger() throws {
        var world = try TestWorld.honest(2)
        let bundle = try world.prove()
        let head = try world.ledgers[0].view().revocations
        let list = try RevocationList(
            origin: "a.example", checkpoint: head.note, fromSize: 0, consistency: [], revocations: BytesColumn([], rowByteCount: 34)!)
        let refusal = code { _ = try world.reasons(bundle, evidence: Evidence(now: TestWorld.now, newerRevocations: [list, list])) }
        #expect(refusal == "revocations-twice")
    }
}
