// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Testing

/// Honest bundles verify: without this the refusals of the other suites would mean nothing.
@Suite struct HonestPathTests {
    @Test(arguments: [1, 4, 300])
    func smallSchema(rows: Int) throws {
        var world = try TestWorld.honest(rows)
        let bundle = try world.prove()
        let verdict = try world.verify(bundle)
        #expect(verdict.findings == [])
        #expect(verdict.dataPoints == rows && verdict.distinctConsents == rows && verdict.mostPerConsent == 1)
        #expect(verdict.distinctDataPoints == rows)
        let parsed = try DatasetVerifier(policy: world.policy()).parse(BundleWriter.encode(bundle))
        #expect(try world.reasons(parsed) == [])
    }

    @Test func fullSchema() throws {
        var world = try TestWorld.honest(50, .full, reveal: ["notice", "age"])
        #expect(try world.reasons(world.prove()) == [])
    }

    /// One consent for many rows, and its weights add up to more than 128 bits.
    @Test(arguments: [2, 500])
    func repeatedEntries(rows: Int) throws {
        var world = try TestWorld()
        world.clauses.links = [.subject]
        try world.issue([world.kit.consent(0), world.kit.consent(1)])
        try world.commitRows((0..<rows).map { (TestKit.record(1000 + $0), TestKit.subject($0 % 10 == 9 ? 1 : 0)) })
        let verdict = try world.verify(world.prove())
        #expect(verdict.findings == [])
        #expect(verdict.mostPerConsent == rows - rows / 10)
    }

    @Test func bothLinks() throws {
        var world = try TestWorld.honest(5)
        world.clauses.links = [.record, .subject]
        #expect(try world.reasons(world.prove()) == [])
    }

    @Test func severalLedgers() throws {
        let ledgers = try ["a.example", "b.example", "c.example"].enumerated().map { try TestLedger($1, seed: UInt8(1 + $0), cosigners: 2) }
        var world = try TestWorld.honest(10, ledgers: ledgers)
        world.registryLedger = 1
        let verdict = try world.verify(world.prove())
        #expect(verdict.findings == [])
        #expect(verdict.ledgers.map(\.consents) == [4, 3, 3])
    }

    /// A ledger that no row draws on stays out of the bundle.
    @Test func unusedLedger() throws {
        let ledgers = try ["a.example", "b.example"].enumerated().map { try TestLedger($1, seed: UInt8(1 + $0)) }
        var world = try TestWorld(ledgers: ledgers)
        try world.issue([world.kit.consent(0)], ledger: 1)
        try world.commitRows([(TestKit.record(0), TestKit.subject(0))])
        let bundle = try world.prove()
        #expect(bundle.header.ledgers.map(\.origin) == ["b.example"])
        #expect(try world.reasons(bundle) == [])
    }

    @Test(arguments: [["notice"], ["age"], ["notice", "age"], ["subject", "age"]])
    func revealed(_ names: [String]) throws {
        var world = try TestWorld.honest(7, reveal: names)
        #expect(try world.reasons(world.prove()) == [])
    }

    /// A record can be shown when the subject links.
    @Test func revealedRecord() throws {
        var world = try TestWorld.honest(4, reveal: ["record"])
        world.clauses.links = [.subject]
        #expect(try world.reasons(world.prove()) == [])
    }

    @Test func moreConstantsAndEmptyTail() throws {
        var world = try TestWorld(.small)
        let consents = (0..<4).map { number in
            var consent = world.kit.consent(number)
            consent.values["notice"] = .id(Array("n".utf8))
            consent.values["age"] = .uint(UInt64(JSONValue.largestInteger))
            consent.flags = ["purposes": ["ScientificResearch"], "data_categories": ["Health"]]
            consent.inForce = world.kit.schema.calendar
            return consent
        }
        world.clauses.inForce = world.kit.schema.calendar
        world.clauses.constants["notice"] = .id(Array("n".utf8))
        world.clauses.constants["age"] = .uint(UInt64(JSONValue.largestInteger))
        world.clauses.forbid["data_categories"] = ["Location"]
        world.clauses.links = [.record, .subject]
        try world.issue(consents)
        try world.commitRows((0..<4).map { (TestKit.record($0), TestKit.subject($0)) })
        #expect(try world.compiled().tail.count == 1, "the blinding alone is left")
        #expect(try world.reasons(world.prove()) == [])
    }

    @Test func unusedReceiptsAndRevocations() throws {
        var world = try TestWorld.honest(6)
        world.revoke(5)
        world.rows.removeLast()
        let bundle = try world.prove()
        #expect(bundle.revocations[0].count == 1 && bundle.entries.count == 5)
        #expect(try world.reasons(bundle) == [])
    }

    @Test func contextAndAsOf() throws {
        var world = try TestWorld.honest(3)
        world.context = "audit-17"
        world.freshness = .asOf
        #expect(try world.reasons(world.prove(), policy: world.policy(minimum: 3, oneToOne: true, context: "audit-17")) == [])
    }

    @Test func loggedBy() throws {
        var world = try TestWorld.honest(5)
        try world.issue([world.kit.consent(99)])
        let day = try #require(Day(iso8601: "2026-01-20"))
        let time = UInt64(day.number) * 86_400
        let bundle = try world.prove(views: [world.ledgers[0].view(loggedSize: 5, loggedTime: time)])
        #expect(try world.reasons(bundle, policy: world.policy(loggedBy: day)) == [])
    }
}
