// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import MerkleLog
import Testing

/// Several files in one verification: each is judged under the newest list of withdrawals that any of them carries, whatever the order.
@Suite struct CarriedRevocationsTests {
    /// Four consents, of which the first three are used.
    static func world(ledgers: [TestLedger]? = nil) throws -> TestWorld {
        var world = try TestWorld.honest(4, ledgers: ledgers)
        world.rows.removeLast()
        return world
    }

    /// The evidence of a verification of files that carry these lists, looked at in this order.
    static func evidence(
        _ world: TestWorld, _ lists: [RevocationList], newer: [RevocationList] = [], now: UInt64 = TestWorld.now
    ) throws -> Evidence {
        var carried = CarriedRevocations(policy: try world.policy(), now: now)
        for (number, list) in (newer + lists).enumerated() { carried.add(list, file: "\(number).zkb") }
        return Evidence(now: now, newerRevocations: newer, carried: carried)
    }

    static func lists(_ bundles: Bundle...) -> [RevocationList] { bundles.flatMap { RevocationList.carried(by: BundleWriter.encode($0)) } }

    /// The list of the first ledger after these withdrawals.
    static func list(_ world: TestWorld, revoking positions: [Int], at time: UInt64? = nil) throws -> RevocationList {
        var later = world
        for position in positions { later.revoke(position) }
        return try later.ledgers[0].revocationList(at: time)
    }

    // MARK: The newest counts

    @Test(arguments: [false, true])
    func theNewestListCountsForAll(isReversed: Bool) throws {
        var world = try Self.world()
        let old = try world.prove()
        #expect(try world.reasons(old) == [])
        world.revoke(3)
        let middle = try world.prove()
        world.revoke(1)
        let new = try world.prove(dishonestly: true)
        let lists = Self.lists(old, middle, new)
        let evidence = try Self.evidence(world, isReversed ? lists.reversed() : lists)
        for bundle in [old, middle, new] {
            let verdict = try world.verify(bundle, evidence: evidence)
            #expect(verdict.findings.map(\.reason) == ["revoked"] && verdict.findings[0].entryIndex == 1)
            #expect(verdict.ledgers[0].revocationsSize == 2 && verdict.memory.heads.values.map(\.size) == [2])
        }
        // An entry that no row uses may be withdrawn.
        let two = try world.verify(old, evidence: Self.evidence(world, Self.lists(old, middle)))
        #expect(two.findings == [] && two.memory.heads.values.map(\.size) == [1])
        #expect(try world.reasons(old, evidence: Evidence(now: TestWorld.now, memory: two.memory)) == ["rollback"], "by itself")
    }

    /// A newer list makes an old bundle fresh, and so does a later checkpoint of the same list.
    @Test(arguments: [[], [3]])
    func itsTimeCounts(revoked: [Int]) throws {
        var world = try Self.world()
        world.ledgers[0].time = TestWorld.now - 90_000
        let bundle = try world.prove()
        #expect(try world.reasons(bundle) == ["stale-age"])
        let later = try Self.list(world, revoking: revoked, at: TestWorld.now - 60)
        for lists in [[later] + Self.lists(bundle), Self.lists(bundle) + [later]] {
            let verdict = try world.verify(bundle, evidence: Self.evidence(world, lists))
            #expect(verdict.findings == [] && verdict.ledgers[0].revocationsTime == TestWorld.now - 60)
        }
    }

    /// The longest list has all that was known when a shorter one was signed later: a fresh bundle is not stale beside it.
    @Test func theLatestTimeCounts() throws {
        var world = try Self.world()
        let bundle = try world.prove()
        let longer = try Self.list(world, revoking: [3], at: TestWorld.now - 90_000)
        let runs: [(lists: [RevocationList], newer: [RevocationList])] = [
            ([longer] + Self.lists(bundle), []), (Self.lists(bundle) + [longer], []), (Self.lists(bundle), [longer]),
        ]
        for (lists, newer) in runs {
            let verdict = try world.verify(bundle, evidence: Self.evidence(world, lists, newer: newer))
            #expect(verdict.findings == [] && verdict.ledgers[0].revocationsSize == 1)
        }
        world.ledgers[0].time = TestWorld.now - 90_000
        let old = try world.prove()
        #expect(try world.reasons(old, evidence: Self.evidence(world, [longer])) == ["stale-age"])
        #expect(try world.reasons(old, evidence: Self.evidence(world, [longer] + Self.lists(bundle))) == [])
        // A bundle that is dated ahead is refused whatever stands beside it.
        world.ledgers[0].time = TestWorld.now + 1_000
        let ahead = try world.prove()
        let current = try Self.list(world, revoking: [3], at: TestWorld.now - 60)
        #expect(try world.reasons(ahead, evidence: Self.evidence(world, [current])) == ["stale-future"])
        #expect(try world.reasons(ahead, evidence: Evidence(now: TestWorld.now, newerRevocations: [current])) == ["stale-future"])
    }

    // MARK: Under as_of

    /// What a later list has beyond the bundle's is withdrawn since; it does not stand in for a list as of the policy's last day.
    @Test func underAsOfALaterListOnlyTells() throws {
        var world = try AsOfTests.world()
        let bundle = try world.prove()
        let later = try Self.list(world, revoking: [0], at: TestWorld.now - 60)
        let verdict = try world.verify(bundle, evidence: Self.evidence(world, [later] + Self.lists(bundle)))
        #expect(verdict.findings == [] && verdict.withdrawnSince == .init(consents: 1, dataPoints: 2))
        #expect(verdict.ledgers[0].newest == .init(size: 1, time: TestWorld.now - 60))
        // The bundle's own list is from before; the auditor's is as of the last day, and the later one does not displace it.
        world.ledgers[0].time = AsOfTests.end - 5
        let early = try world.prove()
        #expect(try world.reasons(early, evidence: Self.evidence(world, [later])) == ["stale-as-of"])
        let atTheEnd = try Self.list(world, revoking: [], at: AsOfTests.end)
        let told = try world.verify(early, evidence: Self.evidence(world, [later], newer: [atTheEnd]))
        #expect(told.findings == [] && told.withdrawnSince == .init(consents: 1, dataPoints: 2))
        #expect(told.ledgers[0].revocationsTime == AsOfTests.end)
    }

    /// No later list, and no later checkpoint of the same list, hides that withdrawals were logged in time.
    @Test(arguments: [[], [1]])
    func underAsOfWhatWasSignedInTimeCounts(more: [Int]) throws {
        var world = try AsOfTests.world()
        let bundle = try world.prove()
        let inTime = try Self.list(world, revoking: [0], at: AsOfTests.end - 1)
        let later = try Self.list(world, revoking: [0] + more, at: TestWorld.now - 60)
        let runs: [(lists: [RevocationList], newer: [RevocationList])] = [
            ([inTime], []), ([inTime, later], []), ([later, inTime], []), ([later], [inTime]), ([inTime], [later]),
        ]
        for (lists, newer) in runs {
            let verdict = try world.verify(bundle, evidence: Self.evidence(world, lists, newer: newer))
            #expect(verdict.findings.map(\.reason) == ["stale-as-of", "revoked"])
            #expect(verdict.ledgers[0].revocationsSize == 1)
            let since = lists.count + newer.count > 1 ? more.count : 0
            #expect(verdict.withdrawnSince == .init(consents: since, dataPoints: since))
        }
    }

    // MARK: Elsewhere

    /// A list of a ledger that this bundle does not draw on withdraws the copy of an entry.
    @Test func aCopyIsWithdrawnElsewhere() throws {
        var world = try TestWorld(ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        try world.issue((0..<3).map { world.kit.consent($0) })
        try world.commitRows((0..<3).map { (TestKit.record($0), TestKit.subject($0)) })
        let bundle = try world.prove()
        world.ledgers[1].revocations.append([RevocationEntry(kind: .issuer, leaf: LeafHash(entry: world.receipts[1].entry)).bytes])
        let list = try world.ledgers[1].revocationList()
        let verdict = try world.verify(bundle, evidence: Self.evidence(world, [list]))
        #expect(verdict.findings.map(\.reason) == ["revoked"] && verdict.findings.first?.entryIndex == 1)
        #expect(verdict.findings.first?.message.contains("b.example/revocations") == true, "which ledger withdrew it")
        // Another history of that ledger does not undo it.
        var fork = world.ledgers[1]
        fork.revocations.replace(0, by: [UInt8](repeating: 7, count: 34))
        let other = try fork.revocationList()
        for lists in [[list, other], [other, list]] {
            #expect(try world.reasons(bundle, evidence: Self.evidence(world, lists)) == ["revoked"])
        }
        // Under as_of it counts if it was logged in time.
        world.freshness = .asOf
        #expect(try world.reasons(bundle, evidence: Self.evidence(world, [list])) == [])
        let inTime = try world.ledgers[1].revocationList(at: AsOfTests.end - 1)
        for lists in [[list, inTime], [inTime, list]] {
            #expect(try world.reasons(bundle, evidence: Self.evidence(world, lists)) == ["revoked"])
        }
    }

    /// The auditor's own list and those of the files: the longest counts.
    @Test func besideTheAuditorsList() throws {
        var world = try Self.world()
        let bundle = try world.prove()
        let (short, long) = (try Self.list(world, revoking: [3]), try Self.list(world, revoking: [3, 2]))
        for (newer, carried) in [(short, long), (long, short)] {
            let verdict = try world.verify(bundle, evidence: Self.evidence(world, [carried], newer: [newer]))
            #expect(verdict.findings.map(\.reason) == ["revoked"] && verdict.ledgers[0].revocationsSize == 2)
        }
        // One of several files may have a longer list than the auditor's; by itself that is an error.
        world.revoke(3)
        world.revoke(0)
        let longest = try world.prove(dishonestly: true)
        let several = try Self.evidence(world, Self.lists(bundle, longest), newer: [short])
        #expect(try world.reasons(longest, evidence: several) == ["revoked"])
        let alone = Evidence(now: TestWorld.now, newerRevocations: [short])
        #expect(code { _ = try world.verify(longest, evidence: alone) } == "revocations-prefix")
        // One that is ahead of the clock is told, whatever displaces it.
        let ahead = try Self.list(world, revoking: [], at: TestWorld.now + 1000)
        let more = try Self.list(world, revoking: [2])
        #expect(try world.reasons(bundle, evidence: Self.evidence(world, [more], newer: [ahead])).contains("stale-future"))
    }

    // MARK: What does not count

    /// A holder that cuts, pads or alters the list of its bundle is refused for that, and moves nothing.
    @Test func aListOfItsOwnThatIsFalse() throws {
        var world = try Self.world()
        world.revoke(3)
        let bundle = try world.prove()
        let carried = try Self.evidence(world, Self.lists(bundle))
        let entry = try world.ledgers[0].revocationList().revocations.bytes
        for entries in [[], entry + entry, [UInt8](repeating: 1, count: 34)] {
            var parts = BundleParts(bundle)
            parts.revocations[0] = entries
            let verdict = try world.verify(parts.bundle(), evidence: carried)
            #expect(verdict.findings.map(\.reason) == ["revocation-list"] && verdict.memory == LedgerMemory())
            // The auditor's shorter list is not to blame.
            let shorter = try Self.evidence(world, Self.lists(bundle), newer: [world.ledgers[0].revocationList(of: TestLog())])
            #expect(try world.reasons(parts.bundle(), evidence: shorter) == ["revocation-list"])
        }
        let ahead = try world.ledgers[0].revocationList(of: TestLog(), at: TestWorld.now + 1000)
        #expect(try world.reasons(bundle, evidence: Self.evidence(world, Self.lists(bundle), newer: [ahead])) == ["stale-future"])
        // Where a longer one is at hand, that counts.
        world.revoke(1)
        var parts = BundleParts(bundle)
        parts.revocations[0] = []
        let longer = try Self.evidence(world, [world.ledgers[0].revocationList()])
        let verdict = try world.verify(parts.bundle(), evidence: longer)
        #expect(verdict.findings.map(\.reason) == ["revocation-list", "revoked"] && verdict.memory.heads.values.map(\.size) == [2])
    }

    /// What is wrong with the list of one file says nothing about another.
    @Test func aFaultyListSaysNothing() throws {
        var world = try Self.world(ledgers: [TestLedger("a.example", cosigners: 2)])
        let bundle = try world.prove()
        world.revoke(1)
        let (ledger, good) = (world.ledgers[0], try world.ledgers[0].revocationList())
        func with(_ origin: String? = nil, _ checkpoint: String? = nil, _ entries: [UInt8]? = nil) throws -> RevocationList {
            try RevocationList(
                origin: origin ?? good.origin, checkpoint: checkpoint ?? good.checkpoint, fromSize: 0, consistency: [],
                revocations: entries.map { bytesColumn($0, 34) } ?? good.revocations)
        }
        let entry = good.revocations.bytes
        let faulty = try [
            with(nil, ledger.head(ledger.revocations, "revocations", cosigned: 1).note),
            with(nil, ledger.head(ledger.revocations, "revocations", at: TestWorld.now + 1000).note),
            with(nil, ledger.head(ledger.consents, "consents").note),
            with(nil, TestLedger("a.example", seed: 9).head(ledger.revocations, "revocations").note),
            with(nil, ""), with(nil, nil, []), with(nil, nil, entry + entry), with(nil, nil, [UInt8](repeating: 1, count: 34)),
            with("z.example"), with("A.example"),
        ]
        for (number, list) in faulty.enumerated() {
            #expect(try world.reasons(bundle, evidence: Self.evidence(world, [list])) == [], "\(number)")
            // The good one of the same checkpoint still counts, before and after.
            for lists in [[list, good], [good, list]] {
                #expect(try world.reasons(bundle, evidence: Self.evidence(world, lists)) == ["revoked"], "\(number)")
            }
        }
        for bytes in [[], Array("{}".utf8), Array("{\"kind\":\"point\"}".utf8), Array(BundleWriter.encode(bundle).dropLast())] {
            #expect(RevocationList.carried(by: bytes).isEmpty)
        }
    }

    /// A ledger that shows two histories is believed in none: no file that draws on it holds, and nothing is remembered.
    @Test(arguments: [0, 1, 2])
    func twoHistories(extra: Int) throws {
        var world = try Self.world()
        let before = try world.prove()
        var fork = world
        world.revoke(3)
        let honest = try world.prove()
        for number in 0...extra { fork.ledgers[0].revocations.append([[UInt8](repeating: UInt8(10 + number), count: 34)]) }
        let forked = try fork.prove()
        #expect(try world.reasons(honest) == [] && fork.reasons(forked) == [])
        let lists = Self.lists(before, honest, forked)
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let evidence = try Self.evidence(world, order.map { lists[$0] })
            for bundle in [before, honest, forked] {
                let verdict = try world.verify(bundle, evidence: evidence)
                #expect(verdict.findings.map(\.reason) == ["rollback-files"], "\(order)")
                #expect(verdict.findings.first?.message.contains(".zkb, ") == true, "which files they are")
                #expect(verdict.memory == LedgerMemory())
            }
        }
        // So is a file whose list is not the beginning of the auditor's, or of another file's.
        let two = try Self.evidence(world, Self.lists(honest), newer: [fork.ledgers[0].revocationList()])
        #expect(try world.reasons(before, evidence: two) == ["rollback-files"])
        #expect(try world.reasons(honest, evidence: two) == ["rollback-files"], "whose list is not the beginning of the auditor's")
        #expect(try world.reasons(forked, evidence: Self.evidence(world, Self.lists(honest))) == ["rollback-files"])
    }

    // MARK: All kinds of files

    @Test func everyKindCarriesItsLists() throws {
        var world = try Self.world()
        world.revoke(3)
        let (points, clauses) = (try world.provePoints(), PointClauses.linear)
        let files = try [
            BundleWriter.encode(world.prove()), BundleWriter.encode(points), BundleWriter.encode(world.proveMembers()),
            PointFileTests.files(world, clauses)[0].encoded(),
        ]
        let list = try world.ledgers[0].revocationList()
        for file in files {
            let carried = RevocationList.carried(by: file)
            #expect(carried.map(\.origin) == ["a.example"] && carried.map(\.revocations.bytes) == [list.revocations.bytes])
            #expect(carried.map(\.checkpoint) == points.header.ledgers.map(\.revocations))
        }
        // Of several ledgers in the order of the header.
        var two = try TestWorld.honest(4, ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        two.ledgers[1].revocations.append([[UInt8](repeating: 5, count: 34)])
        let both = try RevocationList.carried(by: BundleWriter.encode(two.prove()))
        #expect(both.map(\.origin) == ["a.example", "b.example"] && both.map(\.revocations.count) == [0, 1])
    }
}
