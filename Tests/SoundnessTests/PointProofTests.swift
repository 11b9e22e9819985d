// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import SigmaProofs
import Testing

/// Honest point proofs verify: without this the refusals of the other suites would mean nothing.
@Suite struct PointProofTests {
    static let kinds: [PointClauses] = [.linear, .revealing, .ranged, .alternatives, .everything]

    @Test(arguments: kinds)
    func everyKindOfClause(_ clauses: PointClauses) throws {
        let world = try TestWorld.honest(5)
        let bundle = try world.provePoints(clauses)
        let verdict = try world.verify(bundle, clauses)
        #expect(verdict.findings == [])
        #expect(verdict.dataPoints == 5 && verdict.distinctConsents == 5)
        let parsed = try PointVerifier(policy: world.policy(clauses)).parse(BundleWriter.encode(bundle))
        #expect(try world.reasons(parsed, clauses) == [])
    }

    @Test(arguments: [1, 300])
    func bulk(rows: Int) throws {
        let world = try TestWorld.honest(rows)
        #expect(try world.reasons(world.provePoints()) == [])
    }

    /// In force by integer dates: the policy's `in_force` becomes two range clauses.
    @Test func fullSchemaInForce() throws {
        let world = try TestWorld.dated(consents: 3, rows: 3)
        var clauses = PointClauses.linear
        clauses.inForce = DayInterval(first: try #require(Day(number: 20_400)), last: try #require(Day(number: 20_454)))
        let bundle = try world.provePoints(clauses)
        #expect(try world.reasons(bundle, clauses) == [])
        #expect(bundle.ranges?.commitments.rowByteCount == 64, "not_before and expires")
        // Another day is another statement, and a lapsed or coming consent is none.
        for (first, last) in [(20_400, 21_001), (19_999, 20_454)] {
            var other = clauses
            other.inForce = DayInterval(first: try #require(Day(number: first)), last: try #require(Day(number: last)))
            #expect(try world.reasons(bundle, other) != [])
            #expect(throws: ProverFailure.self) { try world.provePoints(other) }
        }
    }

    @Test func severalLedgersAndRepeatedEntries() throws {
        let ledgers = try ["a.example", "b.example"].enumerated().map { try TestLedger($1, seed: UInt8(1 + $0)) }
        var world = try TestWorld(ledgers: ledgers)
        var clauses = PointClauses.ranged
        clauses.links = [.subject]
        try world.issue([world.kit.consent(0)], ledger: 0)
        try world.issue([world.kit.consent(1)], ledger: 1)
        try world.commitRows((0..<7).map { (TestKit.record(1000 + $0), TestKit.subject($0 % 3 == 0 ? 0 : 1)) })
        let bundle = try world.provePoints(clauses)
        let verdict = try world.verify(bundle, clauses)
        #expect(verdict.findings == [])
        #expect(verdict.distinctConsents == 2 && verdict.mostPerConsent == 4)
        #expect(try world.reasons(bundle, clauses, policy: world.policy(clauses, oneToOne: true)) == ["one-to-one"])
        #expect(try world.reasons(bundle, clauses, policy: world.policy(clauses, minimum: 3)) == ["too-few"])
    }

    /// The linear part is a proof of the drafts: a verifier that knows nothing of families or bundles accepts it.
    @Test func linearPartIsTheDrafts() throws {
        let world = try TestWorld.honest(2)
        let bundle = try world.provePoints()
        let relation = try world.relation()
        let session = relation.session(holder: world.holder, context: "", origin: "a.example")
        for row in 0..<2 {
            let consent = Array(bundle.entries[Int(bundle.positions[row])][Entry.consentRange])
            let own = try decoded(bundle.dataPoints[row] + consent)
            let single = try relation.branches[0].family.relation(own: own)
            let sigma = bundle.sigma[row]
            try BatchableProof(parsing: sigma.span, for: single).verify(single, session: session)
        }
    }

    /// Not a proof of a registered dataset: there is no manifest, and nothing that a bundle of the other kind has in its place.
    @Test func kindsAreTold() throws {
        var world = try TestWorld.honest(2)
        let points = try BundleWriter.encode(world.provePoints())
        let dataset = try BundleWriter.encode(world.prove())
        #expect(code { _ = try Bundle.parse(points, revealing: []) } == "bundle-kind")
        #expect(code { _ = try PointBundle.parse(dataset, revealing: []) } == "bundle-kind")
    }
}
