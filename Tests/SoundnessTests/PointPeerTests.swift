// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import TestSupport
import Testing

/// Our point proofs, single and in bundles, under a second verifier that was written from docs/protocol.md sections 9, 10 and 12 alone
/// (`Tests/peers/point_verifier.py`): random policies with every kind of clause, and altered files.
@Suite struct PointPeerTests {
    private func ours(_ world: TestWorld) -> (Policy, [UInt8]) throws -> Verdict {
        { policy, bytes in
            let verifier = try PointVerifier(policy: policy, generators: world.kit.generators)
            let isFile = bytes.first == UInt8(ascii: "{")
            let bundle = try isFile ? PointFile(parsing: bytes).bundle(verifier.relation) : verifier.parse(bytes)
            return try verifier.verify(bundle, evidence: Evidence(now: TestWorld.now))
        }
    }

    @Test(arguments: 1...(runsLongTests ? 60 : 6) as ClosedRange<UInt64>)
    func agrees(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let made = try RandomPointWorld(seed: seed, rows: 2, linked: seed % 2 == 0)
        let (world, clauses) = (made.world, made.clauses)
        let bundle = try world.provePoints(clauses)
        let files = try PointFileTests.files(world, clauses)
        var cases = PeerCases(policy: try world.policyText(clauses))
        cases.add("bundle", BundleWriter.encode(bundle))
        cases.add("file", try files[1].encoded())

        func alter(_ name: String, _ edit: (inout PointParts) -> Void) {
            var parts = PointParts(bundle)
            edit(&parts)
            cases.add(name) { try BundleWriter.encode(parts.bundle()) }
        }
        alter("sigma") { $0.sigma.flip(&random) }
        alter("sigma of another row") { $0.sigma.swapAt(0, 1) }
        alter("data point") { $0.dataPoints.flip(&random) }
        alter("data point of another row") { $0.dataPoints.swapAt(0, 1) }
        alter("consent of another row") { $0.positions.swapAt(0, 1) }
        alter("entry") { $0.entries.flip(&random) }
        alter("withdrawals") { $0.revocations[0][5] ^= 1 }
        alter("holder") { $0.header.holder += "x" }
        alter("context") { $0.header.context += "x" }
        if bundle.ranges != nil {
            alter("range proof") { $0.rangeProofs.flip(&random) }
            alter("range proof of another row") { $0.rangeProofs.swapAt(0, 1) }
            alter("range commitments") { $0.rangeCommitments.flip(&random) }
            alter("range part of another row") { parts in
                parts.rangeProofs.swapAt(0, 1)
                parts.rangeCommitments.swapAt(0, 1)
            }
        }
        if clauses.reveal.contains("age") {
            alter("revealed") { $0.revealed[$0.revealed.count - 1] = $0.revealed[$0.revealed.count - 1].replacing(0, by: .uint(17)) }
        }
        cases.addFlips(of: BundleWriter.encode(bundle), count: 4, using: &random)
        cases.addFlips(of: try files[0].encoded(), count: 4, using: &random)
        try cases.expectAgreement("point_verifier.py", holding: ["bundle", "file"], ours(world))

        var others = PeerCases(policy: try world.policyText(made.other))
        others.add("under another policy", BundleWriter.encode(bundle))
        var parts = PointParts(bundle)
        parts.header.statement = try made.other.statement(world.kit.schema).digest
        others.add("relabelled", try BundleWriter.encode(parts.bundle()))
        try others.expectAgreement("point_verifier.py", holding: [], ours(world))
    }

    /// The few seeds that always run have every kind of clause, and some have several of them.
    @Test(arguments: [1...6, 11...15] as [ClosedRange<UInt64>])
    func seedsHaveEveryClause(seeds: ClosedRange<UInt64>) throws {
        let all = try seeds.map { try RandomPointWorld(seed: $0, rows: 1, linked: true).clauses }
        #expect(all.contains { $0.inForce != nil } && all.contains { !$0.ranges.isEmpty } && all.contains { !$0.anyOf.isEmpty })
        #expect(all.contains { !$0.reveal.isEmpty } && all.contains { $0.links.count == 2 })
        #expect(all.contains { $0.inForce != nil && !$0.anyOf.isEmpty } && all.contains { !$0.ranges.isEmpty && !$0.anyOf.isEmpty })
    }

    /// Several ledgers, consents that are used again, and an older checkpoint.
    @Test func severalLedgers() throws {
        let ledgers = try ["a.example", "b.example"].enumerated().map { try TestLedger($1, seed: UInt8(1 + $0)) }
        var world = try TestWorld(ledgers: ledgers)
        world.context = "audit-17"
        var clauses = PointClauses.ranged
        clauses.links = [.subject]
        clauses.reveal = ["notice"]
        try world.issue([world.kit.consent(0)], ledger: 0)
        try world.issue([world.kit.consent(1), world.kit.consent(2)], ledger: 1)
        world.revoke(2)
        try world.commitRows((0..<4).map { (TestKit.record(1000 + $0), TestKit.subject($0 % 2)) })
        let day = try #require(Day(iso8601: "2026-01-20"))
        let views = try world.ledgers.map {
            try $0.view(loggedSize: $0.consents.leaves.count, loggedTime: UInt64(day.number + 1) * 86_400 - 1)
        }
        let bundle = try BundleWriter.encode(world.provePoints(clauses, views: views))
        for (acceptance, holds) in [
            (["logged_by: 2026-01-20", "context: audit-17", "minimum_distinct_consents: 2"], true), (["logged_by: 2026-01-19"], false),
            (["one_to_one: true"], false), (["minimum_distinct_consents: 3"], false), (["context: audit-1"], false),
        ] {
            var cases = PeerCases(policy: try world.policyText(clauses, acceptance: acceptance))
            cases.add("bundle", bundle)
            try cases.expectAgreement("point_verifier.py", holding: holds ? ["bundle"] : [], ours(world))
        }
    }

    /// A file without a range part has neither of its members, whatever is in the other.
    @Test func emptyParts() throws {
        let world = try TestWorld.honest(1)
        for clauses in [PointClauses.linear, .ranged] {
            let file = try PointFileTests.files(world, clauses)[0]
            var cases = PeerCases(policy: try world.policyText(clauses))
            for (name, member, value) in [
                ("commitments", "range_commitments", ""), ("proof", "range", ""), ("sigma", "sigma", ""),
                ("more commitments", "range_commitments", "AAAA"), ("more proof", "range", "AAAA"),
            ] {
                let text = String(decoding: try file.encoded(), as: UTF8.self)
                let start = try #require(text.firstRange(of: "\"\(member)\":\"")).upperBound
                let end = try #require(text[start...].firstIndex(of: "\""))
                let spoiled = text[..<start] + value + text[end...]
                if spoiled != text { cases.add(name, Array(spoiled.utf8)) }
            }
            try cases.expectAgreement("point_verifier.py", holding: [], ours(world))
        }
    }
}
