// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import MerkleLog
import Testing

/// One honest bundle under everything that it was not made for. All that authenticates is renewed for the new surroundings: the transcript refuses. Another
/// schema is refused before it, by header, entries and length of the proof; that the transcript binds it is `TranscriptBindingTests/everyItem`.
@Suite struct ReplayTests {
    /// Consents in `a.example`, the manifest in `b.example`.
    static func world() throws -> (world: TestWorld, parts: BundleParts) {
        var world = try TestWorld(ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        try world.issue((0..<6).map { world.kit.consent($0) })
        try world.commitRows((0..<5).map { (TestKit.record($0), TestKit.subject($0)) })
        world.registryLedger = 1
        world.context = "audit-1"
        let bundle = try world.prove()
        #expect(try world.reasons(bundle) == [])
        return (world, BundleParts(bundle))
    }

    // MARK: Another policy

    struct StatementChange: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// `dataEquation` where the proof has the right length, `proof-form` where the tail is halved more or less often.
        let reason: String
        let change: @Sendable (inout TestClauses) throws -> Void

        static let all = [
            StatementChange(testDescription: "other days", reason: "dataEquation") {
                $0.inForce = try interval("2026-01-04", "2026-01-06")
            },
            StatementChange(testDescription: "one day more", reason: "dataEquation") {
                $0.inForce = try interval("2026-01-03", "2026-01-06")
            },
            StatementChange(testDescription: "every day", reason: "proof-form") {
                $0.inForce = try interval("2026-01-01", "2026-01-08")
            },
            StatementChange(testDescription: "other requirement", reason: "dataEquation") {
                $0.require = ["purposes": ["ScientificResearch"], "data_categories": ["Location"]]
            },
            StatementChange(testDescription: "no requirement", reason: "dataEquation") { $0.require = [:] },
            StatementChange(testDescription: "required and forbidden exchanged", reason: "dataEquation") {
                $0.require = ["purposes": ["Marketing"], "data_categories": ["Health"]]
                $0.forbid = ["purposes": ["ScientificResearch"]]
            },
            StatementChange(testDescription: "forbidden instead of required", reason: "dataEquation") {
                $0.require = ["purposes": ["ScientificResearch"]]
                $0.forbid = ["purposes": ["Marketing"], "data_categories": ["Health"]]
            },
            StatementChange(testDescription: "other prohibition", reason: "dataEquation") { $0.forbid = ["data_categories": ["Location"]] },
            StatementChange(testDescription: "no prohibition", reason: "dataEquation") { $0.forbid = [:] },
            StatementChange(testDescription: "other controller", reason: "dataEquation") {
                $0.constants = ["controller": .id(Array("https://clinic.example".utf8))]
            },
            StatementChange(testDescription: "one constant more", reason: "dataEquation") { $0.constants["age"] = .uint(18) },
            StatementChange(testDescription: "other link", reason: "dataEquation") { $0.links = [.subject] },
            StatementChange(testDescription: "one link more", reason: "dataEquation") { $0.links = [.record, .subject] },
            StatementChange(testDescription: "something to reveal", reason: "revealed-columns") { $0.reveal = ["age"] },
        ]
    }

    @Test(arguments: StatementChange.all)
    func otherStatement(_ change: StatementChange) throws {
        var (world, parts) = try Self.world()
        try change.change(&world.clauses)
        #expect(try world.reasons(parts.bundle()) == ["statement", change.reason], "the header names the old statement")
        parts.header.statement = try world.clauses.statement(world.kit.schema).digest
        #expect(try world.reasons(parts.bundle()) == [change.reason])
    }

    /// A bundle that shows more than the policy asks for, or the same under another name.
    @Test func otherRevealedColumns() throws {
        var world = try TestWorld.honest(3, reveal: ["age"])
        let bundle = try world.prove()
        world.clauses.reveal = []
        #expect(try world.reasons(bundle) == ["statement", "revealed-columns"])
        func refusal(_ bundle: Bundle) -> String? {
            code { _ = try DatasetVerifier(policy: world.policy()).parse(BundleWriter.encode(bundle), file: "x.zkb") }
        }
        #expect(refusal(bundle) == "bundle-statement", "which explains the columns")
        var parts = BundleParts(bundle)
        parts.header.statement = try world.clauses.statement(world.kit.schema).digest
        #expect(try refusal(parts.bundle()) == "tensor-unknown")
        world.clauses.reveal = ["notice"]
        #expect(try world.reasons(bundle) == ["statement", "revealed-columns"])
        #expect(refusal(bundle) == "bundle-statement")
        parts.header.statement = try world.clauses.statement(world.kit.schema).digest
        #expect(try refusal(parts.bundle()) == "tensor-missing")
    }

    /// A column that is left out would count as values of 0.
    @Test func omittedRevealedColumn() throws {
        var world = try TestWorld()
        world.clauses.reveal = ["age"]
        var consent = world.kit.consent(0)
        consent.values["age"] = .uint(0)
        try world.issue([consent])
        try world.commitRows([(TestKit.record(0), TestKit.subject(0))])
        let bundle = try world.prove(dishonestly: true) { $0.revealed = [] }
        #expect(try world.reasons(bundle) == ["revealed-columns"])
    }

    @Test func otherSchema() throws {
        let (small, parts) = try Self.world()
        var full = try TestWorld(.full, ledgers: small.ledgers)
        full.freshness = small.freshness
        let reasons = try full.reasons(parts.bundle(), policy: full.policy())
        #expect(reasons == ["schema", "statement"] + [String](repeating: "entry-schema", count: 5) + ["proof-form"])
    }

    // MARK: Other surroundings

    @Test func otherHolder() throws {
        var (world, parts) = try Self.world()
        parts.header.holder = "Somebody Else"
        #expect(try world.reasons(parts.bundle()) == ["manifest-holder", "dataEquation"])
        parts.header.manifest = try world.ledgers[1].register(world.manifest(holder: "Somebody Else"))
        #expect(try world.reasons(parts.bundle()) == ["dataEquation"])
    }

    @Test func otherContext() throws {
        var (world, parts) = try Self.world()
        #expect(try world.reasons(parts.bundle(), policy: world.policy(context: "audit-2")) == ["context"])
        parts.header.context = "audit-2"
        #expect(try world.reasons(parts.bundle(), policy: world.policy(context: "audit-2")) == ["dataEquation"])
    }

    /// The same entries in a ledger of another name with the same key.
    @Test func otherLedger() throws {
        var (world, parts) = try Self.world()
        world.ledgers[0].origin = "aa.example"
        try parts.renewLedger(0, world.ledgers[0])
        #expect(try world.reasons(parts.bundle()) == ["dataEquation"])
    }

    @Test func otherConsentsCheckpoint() throws {
        var (world, parts) = try Self.world()
        try world.issue([world.kit.consent(50), world.kit.consent(51)])
        try parts.renewLedger(0, world.ledgers[0])
        #expect(try world.reasons(parts.bundle()) == ["dataEquation"])
    }

    @Test func otherRevocationsCheckpoint() throws {
        var (world, parts) = try Self.world()
        world.revoke(5)
        try parts.renewLedger(0, world.ledgers[0])
        #expect(try world.reasons(parts.bundle()) == ["dataEquation"])
    }

    /// A newer time alone changes nothing that is proved: time is the cosigners' word and no part of the transcript.
    @Test func newerCosignatureOfTheSameTree() throws {
        var (world, parts) = try Self.world()
        world.ledgers[0].time += 60
        try parts.renewLedger(0, world.ledgers[0])
        #expect(try world.reasons(parts.bundle()) == [])
    }

    @Test func otherRegistry() throws {
        var (world, parts) = try Self.world()
        parts.header.manifest = try world.ledgers[0].register(world.manifest())
        #expect(try world.reasons(parts.bundle()) == ["dataEquation"])
    }

    /// The name of the dataset is registered and reported, not proved.
    @Test func otherIndexInTheRegistry() throws {
        var (world, parts) = try Self.world()
        let leaf = try world.manifest().leaf
        world.ledgers[1].registry = TestLog()
        world.ledgers[1].registry.append([Array("{}".utf8), leaf])
        parts.header.manifest = try world.ledgers[1].evidence(of: leaf)
        #expect(try world.reasons(parts.bundle()) == [])
    }
}

extension BundleParts {
    /// Puts the present checkpoints, inclusion proofs and revocations of a ledger into the bundle.
    mutating func renewLedger(_ number: Int, _ ledger: TestLedger) throws {
        let view = try ledger.view()
        header.ledgers[number] = BundleHeader.Ledger(
            origin: ledger.origin, consents: view.consents.note, revocations: view.revocations.note, logged: header.ledgers[number].logged)
        let indices = entryLedgers.indices.filter { entryLedgers[$0] == UInt64(number) }.map { entryIndices[$0] }
        inclusions[number] = try view.inclusion(indices)
        revocations[number] = view.revocationColumn
    }

    /// Registers the present data points and puts the evidence into the bundle.
    mutating func renewManifest(_ world: inout TestWorld) throws {
        let manifest = try world.manifest(dataPoints: dataPoints.flatMap { $0 })
        header.manifest = try world.ledgers[world.registryLedger].register(manifest)
    }
}
