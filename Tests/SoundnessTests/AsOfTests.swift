// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentVerifier
import MerkleLog
import Testing

/// Proofs about days that are over (docs/protocol.md section 8, As of): what is withdrawn later is reported and refuses nothing; what was withdrawn in time
/// cannot be passed off as later.
@Suite struct AsOfTests {
    /// The first second after the policy's last day, 2026-01-05.
    static let end: UInt64 = 1_767_657_600

    /// Four consents of which the first covers two of five data points, under `as_of`.
    static func world(at time: UInt64 = end, cosigners: Int = 1) throws -> TestWorld {
        var world = try TestWorld(ledgers: [TestLedger("a.example", cosigners: cosigners)])
        world.clauses.links = [.subject]
        world.freshness = .asOf
        world.ledgers[0].time = time
        try world.issue((0..<4).map { world.kit.consent($0) })
        try world.commitRows([0, 0, 1, 2, 3].enumerated().map { (TestKit.record($0), TestKit.subject($1)) })
        return world
    }

    func verdict(
        _ world: TestWorld, _ bundle: Bundle, lists: [RevocationList] = [], withdrawals: [WithdrawalStatement] = [],
        inTime: [WithdrawalStatement] = [], memory: LedgerMemory = LedgerMemory(), now: UInt64 = TestWorld.now
    ) throws -> Verdict {
        try world.verify(
            bundle,
            evidence: Evidence(
                now: now, newerRevocations: lists, withdrawals: withdrawals, withdrawalsInTime: inTime, memory: memory))
    }

    /// The world with its list after further withdrawals, at `time`.
    func newer(_ world: TestWorld, revoking positions: [Int], at time: UInt64 = TestWorld.now - 60) throws -> RevocationList {
        var later = world
        for position in positions { later.revoke(position) }
        return try later.ledgers[0].revocationList(at: time)
    }

    /// The same, cosigned by these cosigners at these times.
    func newer(_ world: TestWorld, revoking positions: [Int], cosigned: [(cosigner: Int, time: UInt64)]) throws -> RevocationList {
        var later = world
        for position in positions { later.revoke(position) }
        let ledger = later.ledgers[0]
        let checkpoint = try Checkpoint(
            origin: "a.example/revocations", treeSize: ledger.revocations.tree.size, rootHash: ledger.revocations.tree.root)
        var note = try checkpoint.unsignedNote()
        note.add(try ledger.signer.line(note, name: "a.example/revocations"))
        for (cosigner, time) in cosigned { note.add(try ledger.cosigners[cosigner].cosignature(note, at: time)) }
        return try RevocationList(
            origin: "a.example", checkpoint: String(decoding: note.bytes, as: UTF8.self), fromSize: 0, consistency: [],
            revocations: bytesColumn(ledger.revocations.leaves.flatMap { $0 }, 34))
    }

    // MARK: Withdrawn since

    @Test(arguments: [([], 0, 0), ([1], 1, 1), ([0], 1, 2), ([0, 3], 2, 3), ([0, 1, 2, 3, 3, 0], 4, 5)] as [([Int], Int, Int)])
    func aLaterListIsReportedAndEndsNothing(revoked: [Int], consents: Int, dataPoints: Int) throws {
        var world = try Self.world()
        let bundle = try world.prove()
        let alone = try verdict(world, bundle)
        #expect(alone.findings == [] && alone.withdrawnSince == .init(consents: 0, dataPoints: 0) && alone.ledgers[0].newest == nil)
        let told = try verdict(world, bundle, lists: [newer(world, revoking: revoked)])
        #expect(told.findings == [] && told.withdrawnSince == .init(consents: consents, dataPoints: dataPoints))
        #expect(told.ledgers[0].revocationsSize == 0 && told.ledgers[0].revocationsTime == Self.end)
        #expect(told.ledgers[0].newest == .init(size: UInt64(revoked.count), time: TestWorld.now - 60))
    }

    /// The same list ends the bundle under a policy that wants a current one, and there is no such count.
    @Test func underCurrentALaterListEndsTheProof() throws {
        var world = try Self.world()
        let bundle = try world.prove()
        world.freshness = .current(maximumAge: 86_400)
        let told = try verdict(world, bundle, lists: [newer(world, revoking: [0])])
        #expect(told.findings.map(\.reason) == ["revoked"] && told.withdrawnSince == nil && told.ledgers[0].newest == nil)
        #expect(try verdict(world, bundle, withdrawals: [world.withdrawal(0)]).findings.map(\.reason) == ["stale-age", "withdrawal"])
    }

    /// Every entry of the bundle's own list counts, when that is later than it had to be too.
    @Test(arguments: [0, 86_400]) func theBundlesOwnListCounts(secondsAfterEnd: UInt64) throws {
        var world = try Self.world(at: Self.end + secondsAfterEnd)
        world.revoke(0)
        let bundle = try world.prove(dishonestly: true)
        let told = try verdict(world, bundle, lists: [newer(world, revoking: [1])])
        #expect(told.findings.map(\.reason) == ["revoked"] && told.withdrawnSince == .init(consents: 1, dataPoints: 1))
        #expect(try verdict(world, bundle, withdrawals: [world.withdrawal(2)]).withdrawnSince == .init(consents: 1, dataPoints: 1))
    }

    // MARK: A list from before the day

    @Test func anEarlierListOfTheBundleDoesNotCountAlone() throws {
        var world = try Self.world(at: Self.end - 1)
        let bundle = try world.prove()
        #expect(try verdict(world, bundle).findings.map(\.reason) == ["stale-as-of"])
        #expect(
            try verdict(world, bundle, lists: [newer(world, revoking: [], at: Self.end - 1)]).findings.map(\.reason) == ["stale-as-of"])
        #expect(try verdict(world, bundle, lists: [newer(world, revoking: [], at: Self.end)]).findings == [])
        let told = try verdict(world, bundle, lists: [newer(world, revoking: [0])])
        #expect(told.findings.map(\.reason) == ["revoked"] && told.withdrawnSince == .init(consents: 0, dataPoints: 0))
    }

    /// A withdrawal that was logged and cosigned in time is left out of a shorter list, which careless or bribed cosigners sign again after the day.
    @Test func aListThatWasSignedInTimeCounts() throws {
        var world = try Self.world(at: Self.end + 10)
        let bundle = try world.prove()
        let told = try verdict(world, bundle, lists: [newer(world, revoking: [0], at: Self.end - 1)])
        #expect(told.findings.map(\.reason).contains("revoked"))
        let atTheEnd = try verdict(world, bundle, lists: [newer(world, revoking: [0], at: Self.end)])
        #expect(atTheEnd.findings == [] && atTheEnd.withdrawnSince == .init(consents: 1, dataPoints: 2))
        // The auditor's older copy of the bundle's own list, signed before the day's end, takes nothing from the bundle's.
        let same = try verdict(world, bundle, lists: [newer(world, revoking: [], at: Self.end - 1)])
        #expect(same.findings == [])
    }

    /// In time means that a whole quorum had signed.
    @Test func oneOfTwoCosignersInTimeIsNoQuorum() throws {
        var world = try Self.world(at: Self.end + 10, cosigners: 2)
        let bundle = try world.prove()
        for (times, isInTime) in [([Self.end - 5, Self.end + 20], false), ([Self.end - 5, Self.end - 1], true)] {
            let list = try newer(world, revoking: [0], cosigned: times.enumerated().map { ($0, $1) })
            #expect(try verdict(world, bundle, lists: [list]).findings.map(\.reason).contains("revoked") == isInTime)
        }
    }

    /// Who signs a tree again after the day has still signed it in time: ordinary cosigning again must not take a withdrawal back.
    @Test(arguments: [[end - 5, end + 3600], [end + 3600, end - 5]]) func aSecondCosignatureTakesNothingBack(times: [UInt64]) throws {
        var world = try Self.world(at: Self.end + 10)
        let bundle = try world.prove()
        let list = try newer(world, revoking: [0], cosigned: times.map { (0, $0) })
        #expect(try verdict(world, bundle, lists: [list]).findings.map(\.reason) == ["revoked"])
    }

    /// The list of another ledger that the policy trusts withdraws a copy of an entry: in time, or since.
    @Test(arguments: [(end - 1, true), (end, false)]) func aCopyIsWithdrawnInAnotherLedger(time: UInt64, isInTime: Bool) throws {
        var world = try Self.world()
        world.ledgers.append(try TestLedger("b.example", seed: 2))
        let bundle = try world.prove()
        world.ledgers[1].revocations.append([RevocationEntry(kind: .issuer, leaf: LeafHash(entry: world.receipts[0].entry)).bytes])
        let told = try verdict(world, bundle, lists: [world.ledgers[1].revocationList(at: time)])
        #expect(told.findings.map(\.reason) == (isInTime ? ["revoked"] : []))
        #expect(told.withdrawnSince == .init(consents: isInTime ? 0 : 1, dataPoints: isInTime ? 0 : 2))
    }

    @Test func aListFromTheFutureIsRefused() throws {
        var world = try Self.world()
        let bundle = try world.prove()
        for (ahead, reasons) in [(300, []), (301, ["stale-future"])] as [(UInt64, [String])] {
            let told = try verdict(world, bundle, lists: [newer(world, revoking: [0], at: TestWorld.now + ahead)])
            #expect(told.findings.map(\.reason) == reasons)
        }
    }

    /// What is only reported is checked no less.
    @Test func falseListsAreRefused() throws {
        var world = try Self.world()
        world.ledgers[0].revocations.append([[UInt8](repeating: 9, count: 34)])
        let bundle = try world.prove()
        func refusal(_ list: RevocationList) -> String? { code { _ = try verdict(world, bundle, lists: [list]) } }
        var fork = world.ledgers[0].revocations
        fork.replace(0, by: [UInt8](repeating: 0, count: 34))
        fork.append([[UInt8](repeating: 1, count: 34)])
        #expect(try refusal(world.ledgers[0].revocationList(of: fork)) == "revocations-prefix")
        #expect(try refusal(world.ledgers[0].revocationList(of: TestLog())) == "revocations-prefix", "older than the bundle's")
        #expect(try refusal(TestLedger("a.example", seed: 9).revocationList()) == "revocations-checkpoint")
    }

    // MARK: Statements

    @Test func aStatementHasNoTimeUnlessTheAuditorKnows() throws {
        var world = try Self.world()
        let bundle = try world.prove()
        let statement = try world.withdrawal(0)
        let told = try verdict(world, bundle, withdrawals: [statement, statement])
        #expect(told.findings == [] && told.withdrawnSince == .init(consents: 1, dataPoints: 2))
        let known = try verdict(world, bundle, inTime: [statement])
        #expect(known.findings.map(\.reason) == ["withdrawal"] && known.withdrawnSince == .init(consents: 0, dataPoints: 0))
        let both = try verdict(world, bundle, lists: [newer(world, revoking: [0, 1])], withdrawals: [statement, world.withdrawal(3)])
        #expect(both.findings == [] && both.withdrawnSince == .init(consents: 3, dataPoints: 4), "each consent once")
    }

    @Test func aFalseStatementIsRefusedInEitherRole() throws {
        var world = try Self.world()
        let bundle = try world.prove()
        let forged = try world.withdrawal(1, seed: 78)
        #expect(code { _ = try verdict(world, bundle, withdrawals: [forged]) } == "withdrawal-invalid")
        #expect(code { _ = try verdict(world, bundle, inTime: [forged]) } == "withdrawal-invalid")
        world.freshness = .current(maximumAge: 100 * 86_400)
        #expect(try verdict(world, bundle, inTime: [world.withdrawal(1)]).findings.map(\.reason) == ["withdrawal"])
    }

    // MARK: Memory

    /// Bundles about the same past were made at different times; their lists differ in length and none is a rollback.
    @Test func anEarlierViewIsNoRollback() throws {
        var world = try Self.world()
        let first = try world.prove()
        var later = world
        later.ledgers[0].revocations.append([[UInt8](repeating: 9, count: 34)])
        let second = try later.prove()
        let seen = try verdict(later, second).memory
        #expect(seen.heads.values.map(\.size) == [1])
        let told = try verdict(world, first, memory: seen)
        #expect(told.findings == [] && told.memory == seen, "and the memory does not shrink")
        // A policy that wants a current list refuses the same bundle.
        world.freshness = .current(maximumAge: 100 * 86_400)
        #expect(try verdict(world, first, memory: seen).findings.map(\.reason) == ["rollback"])
    }

    /// Two histories are refused under `as_of` too.
    @Test(arguments: [1, 3]) func forksAreRefused(size: Int) throws {
        var world = try Self.world()
        world.ledgers[0].revocations.append([[UInt8](repeating: 9, count: 34)])
        let seen = try verdict(world, world.prove()).memory
        var fork = try Self.world()
        for number in 0..<size { fork.ledgers[0].revocations.append([[UInt8](repeating: UInt8(20 + number), count: 34)]) }
        #expect(try verdict(fork, fork.prove(), memory: seen).findings.map(\.reason) == ["rollback"])
        // As a newer list it is refused because of what was seen, however short the bundle's own.
        var short = try Self.world()
        let bundle = try short.prove()
        #expect(
            try verdict(short, bundle, lists: [fork.ledgers[0].revocationList()], memory: seen).findings.map(\.reason) == ["rollback"])
    }

    // MARK: Under `current` the holder chooses nothing

    @Test func anOldCheckpointIsStaleOrARollback() throws {
        var world = try TestWorld.honest(3)
        let old = try world.ledgers[0].view()
        world.revoke(1)
        let seen = try verdict(world, TestWorld.proved(world, without: 1)).memory
        let bundle = try world.prove(dishonestly: true, views: [old])
        #expect(try verdict(world, bundle).findings == [], "a fresh checkpoint is believed by who has seen no other")
        #expect(try verdict(world, bundle, memory: seen).findings.map(\.reason) == ["rollback"])
        #expect(try verdict(world, bundle, now: TestWorld.now + 86_400).findings.map(\.reason) == ["stale-age"])
        #expect(try verdict(world, bundle, lists: [world.ledgers[0].revocationList()]).findings.map(\.reason) == ["revoked"])
    }
}

extension TestWorld {
    /// The bundle of the world without a row.
    fileprivate static func proved(_ world: TestWorld, without row: Int) throws -> Bundle {
        var rest = world
        rest.rows.remove(at: row)
        return try rest.prove()
    }
}
