// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import MerkleLog
import Testing

/// Withdrawals: in the bundle's list, in a newer one, in a subject's hand; and an auditor who remembers.
@Suite struct RevocationTests {
    /// Six consents, four of them used; the revocations log has the fifth.
    static func world() throws -> (world: TestWorld, parts: BundleParts) {
        var world = try TestWorld.honest(6)
        world.rows.removeLast(2)
        world.revoke(4)
        let bundle = try world.prove()
        #expect(try world.reasons(bundle) == [])
        return (world, BundleParts(bundle))
    }

    // MARK: The bundle's list

    /// A dishonest holder proves with withdrawn consents; each is named, and of many the first ten.
    @Test(arguments: [0, 1, 2, 3])
    func revokedEntry(_ position: Int) throws {
        var world = try TestWorld.honest(4)
        world.revoke(position)
        let verdict = try world.verify(world.prove(dishonestly: true))
        #expect(verdict.findings.map(\.reason) == ["revoked"])
        let finding = try #require(verdict.findings.first)
        #expect(finding.entryIndex == UInt64(position) && finding.row == position && finding.ledger == "a.example")
    }

    @Test func manyRevoked() throws {
        var world = try TestWorld.honest(300)
        for position in 100..<300 { world.revoke(position) }
        let verdict = try world.verify(world.prove(dishonestly: true))
        try #require(verdict.findings.count == 11)
        #expect(verdict.findings.allSatisfy { $0.reason == "revoked" })
        #expect(verdict.findings.prefix(10).map(\.row) == (100..<110).map { $0 })
        #expect(verdict.findings[10].message == "and 190 more of the same kind")
    }

    /// A revocation counts whatever its version and kind.
    @Test(arguments: [0, 1])
    func anyKindOfRevocation(byte: Int) throws {
        var world = try TestWorld.honest(3)
        var entry = RevocationEntry(kind: .subject, leaf: LeafHash(entry: world.receipts[1].entry)).bytes
        entry[byte] = 200
        world.ledgers[0].revocations.append([entry])
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["revoked"])
    }

    /// The entry that was withdrawn is left out of the list, or replaced.
    @Test func omittedRevocation() throws {
        var world = try TestWorld.honest(4)
        world.revoke(2)
        world.revoke(3)
        let bundle = try world.prove(dishonestly: true) {
            $0.revocations[0] = []
        }
        #expect(try world.reasons(bundle) == ["revocation-list"])
        let one = try world.prove(dishonestly: true) { $0.revocations[0].removeLast(34) }
        #expect(try world.reasons(one) == ["revocation-list", "revoked"])
        let replaced = try world.prove(dishonestly: true) {
            $0.revocations[0].replaceSubrange(2..<34, with: [UInt8](repeating: 1, count: 32))
            $0.revocations[0].replaceSubrange(36..<68, with: [UInt8](repeating: 2, count: 32))
        }
        #expect(try world.reasons(replaced) == ["revocation-list"])
    }

    // MARK: A newer list

    @Test func newerListRevokes() throws {
        let (original, parts) = try Self.world()
        var world = original
        world.revoke(1)
        let evidence = try Evidence(now: TestWorld.now, newerRevocations: [world.ledgers[0].revocationList()])
        let verdict = try world.verify(parts.bundle(), evidence: evidence)
        #expect(verdict.findings.map(\.reason) == ["revoked"] && verdict.findings[0].entryIndex == 1)
        #expect(verdict.ledgers[0].revocationsSize == 2)
    }

    /// Of a newer list its own time counts, and it must be consistent with the bundle's.
    @Test func newerListTime() throws {
        let (world, parts) = try Self.world()
        var late = world
        late.ledgers[0].time = TestWorld.now + 90_000
        late.revoke(5)
        let evidence = try Evidence(now: TestWorld.now + 90_000, newerRevocations: [late.ledgers[0].revocationList()])
        #expect(try world.reasons(parts.bundle(), evidence: evidence) == [])
        #expect(try world.reasons(parts.bundle(), evidence: Evidence(now: TestWorld.now + 90_000)) == ["stale-age"])
    }

    func refusal(_ list: (TestWorld) throws -> RevocationList) throws -> String? {
        let (world, parts) = try Self.world()
        let evidence = try Evidence(now: TestWorld.now, newerRevocations: [list(world)])
        return code { _ = try world.reasons(parts.bundle(), evidence: evidence) }
    }

    @Test func newerListRefused() throws {
        #expect(try refusal { try $0.ledgers[0].revocationList() } == nil)
        #expect(try refusal { try $0.ledgers[0].revocationList(of: TestLog()) } == "revocations-prefix", "older")
        #expect(
            try refusal {
                var fork = $0.ledgers[0].revocations
                fork.replace(0, by: [UInt8](repeating: 0, count: 34))
                fork.append([[UInt8](repeating: 1, count: 34)])
                return try $0.ledgers[0].revocationList(of: fork)
            } == "revocations-prefix", "another history")
        #expect(try refusal { _ in try TestLedger("a.example", seed: 9).revocationList() } == "revocations-checkpoint")
        #expect(try refusal { _ in try TestLedger("z.example", seed: 9).revocationList() } == "revocations-origin")
        #expect(
            try refusal {
                let list = try $0.ledgers[0].revocationList()
                return try RevocationList(
                    origin: list.origin, checkpoint: list.checkpoint, fromSize: 0, consistency: [], revocations: bytesColumn([], 34))
            } == "revocations-root")
        #expect(
            try refusal {
                let list = try $0.ledgers[0].revocationList()
                let checkpoint = try $0.ledgers[0].head($0.ledgers[0].revocations, "revocations", cosigned: 0).note
                return try RevocationList(
                    origin: list.origin, checkpoint: checkpoint, fromSize: 0, consistency: [], revocations: list.revocations)
            } == "revocations-checkpoint", "no quorum")
    }

    /// Another ledger that the policy trusts withdraws a copy of an entry: a revocation names a leaf, not a place. The bundle draws on the first ledger only.
    @Test func aCopyIsWithdrawnInAnotherLedger() throws {
        var world = try TestWorld(ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        try world.issue((0..<3).map { world.kit.consent($0) })
        try world.commitRows((0..<3).map { (TestKit.record($0), TestKit.subject($0)) })
        let bundle = try world.prove()
        #expect(bundle.header.ledgers.map(\.origin) == ["a.example"])
        world.ledgers[1].revocations.append([RevocationEntry(kind: .issuer, leaf: LeafHash(entry: world.receipts[1].entry)).bytes])
        let list = try world.ledgers[1].revocationList()
        let listed = try world.verify(bundle, evidence: Evidence(now: TestWorld.now, newerRevocations: [list]))
        #expect(listed.findings.map(\.reason) == ["revoked"] && listed.findings.first?.entryIndex == 1)
        // The data subject withdraws the copy there.
        var copy = world.receipts[2]
        (copy.ledger, copy.index) = (1, 7)
        world.receipts.append(copy)
        let stated = try world.verify(bundle, evidence: Evidence(now: TestWorld.now, withdrawals: [world.withdrawal(3)]))
        #expect(stated.findings.map(\.reason) == ["withdrawal"] && stated.findings.first?.entryIndex == 2)
        let forged = try Evidence(now: TestWorld.now, withdrawals: [world.withdrawal(3, seed: 78)])
        #expect(code { _ = try world.verify(bundle, evidence: forged) } == "withdrawal-invalid")
        // What is not the ledger's own list is refused there too.
        let cut = try RevocationList(
            origin: list.origin, checkpoint: list.checkpoint, fromSize: 0, consistency: [], revocations: bytesColumn([], 34))
        let damaged = Evidence(now: TestWorld.now, newerRevocations: [cut])
        #expect(code { _ = try world.verify(bundle, evidence: damaged) } == "revocations-root")
    }

    // MARK: Memory

    @Test func memory() throws {
        let (world, parts) = try Self.world()
        let first = try world.verify(parts.bundle())
        #expect(first.memory.heads.keys.sorted() == ["a.example/revocations"] && first.memory.heads.values.map(\.size) == [1])
        #expect(try world.reasons(parts.bundle(), evidence: Evidence(now: TestWorld.now, memory: first.memory)) == [])

        // The same bundle, when the auditor has seen a longer log; the longer list brings it back to life.
        var longer = world
        longer.revoke(5)
        let list = try longer.ledgers[0].revocationList()
        let second = try world.verify(
            parts.bundle(), evidence: Evidence(now: TestWorld.now, newerRevocations: [list], memory: first.memory))
        #expect(second.findings == [] && second.memory.heads.values.map(\.size) == [2])
        #expect(try world.reasons(parts.bundle(), evidence: Evidence(now: TestWorld.now, memory: second.memory)) == ["rollback"])
        #expect(
            try world.reasons(
                parts.bundle(), evidence: Evidence(now: TestWorld.now, newerRevocations: [list], memory: second.memory)) == [])
    }

    /// Two histories of one size, and a longer one that does not extend what was seen.
    @Test func forks() throws {
        let (world, parts) = try Self.world()
        let seen = try world.verify(parts.bundle()).memory
        for extra in [0, 3] {
            var fork = try TestWorld.honest(4)
            for number in 0...extra {
                fork.ledgers[0].revocations.append([[UInt8](repeating: UInt8(10 + number), count: 34)])
            }
            let bundle = try fork.prove()
            #expect(try fork.reasons(bundle) == [])
            #expect(try fork.reasons(bundle, evidence: Evidence(now: TestWorld.now, memory: seen)) == ["rollback"])
        }
    }

    // MARK: Withdrawals that the issuer never logged

    @Test(arguments: [0, 3])
    func withdrawalInHand(_ position: Int) throws {
        let (world, parts) = try Self.world()
        let evidence = try Evidence(now: TestWorld.now, withdrawals: [world.withdrawal(position)])
        let verdict = try world.verify(parts.bundle(), evidence: evidence)
        #expect(verdict.findings.map(\.reason) == ["withdrawal"] && verdict.findings[0].entryIndex == UInt64(position))
        let twice = try Evidence(
            now: TestWorld.now, withdrawals: [world.withdrawal(position), world.withdrawal(position)],
            withdrawalsInTime: [world.withdrawal(position)])
        #expect(try world.reasons(parts.bundle(), evidence: twice) == ["withdrawal"], "each consent once")
    }

    /// A withdrawal of an entry that the bundle does not use changes nothing.
    @Test func withdrawalOfAnotherEntry() throws {
        let (world, parts) = try Self.world()
        let evidence = try Evidence(now: TestWorld.now, withdrawals: [world.withdrawal(5)])
        #expect(try world.reasons(parts.bundle(), evidence: evidence) == [])
    }

    func withdrawalRefusal(_ make: (TestWorld) throws -> WithdrawalStatement) throws -> String? {
        let (world, parts) = try Self.world()
        let evidence = try Evidence(now: TestWorld.now, withdrawals: [make(world)])
        return code { _ = try world.reasons(parts.bundle(), evidence: evidence) }
    }

    @Test func withdrawalByAnotherKey() throws {
        #expect(try withdrawalRefusal { try $0.withdrawal(1, seed: 78) } == "withdrawal-invalid")
        #expect(try withdrawalRefusal { try $0.withdrawal(1, salt: [UInt8](repeating: 0, count: 32)) } == "withdrawal-invalid")
    }

    @Test func withdrawalSignature() throws {
        #expect(
            try withdrawalRefusal {
                let right = try $0.withdrawal(1)
                return WithdrawalStatement(
                    origin: right.origin, index: right.index, leaf: right.leaf, verificationKey: right.verificationKey, salt: right.salt,
                    signature: try $0.withdrawal(2).signature)
            } == "withdrawal-invalid")
    }

    @Test func withdrawalOfAnotherIndex() throws {
        #expect(try withdrawalRefusal { try $0.withdrawal(1, index: 2) } == "withdrawal-invalid")
    }
}
