// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Foundation
import Groups
import MerkleLog
import SigmaProofs
import TestSupport
import Testing

/// Our bundles under a second verifier that was written from docs/protocol.md and docs/formats.md alone (`Tests/peers`), and its forgeries
/// under ours. Whatever the documents leave open shows here.
@Suite struct IndependentVerifierTests {
    /// A bundle with the policy under which it holds, and what its prover absorbed.
    struct Sample {
        let bundle: ConsentModel.Bundle
        let policy: String
        let draft: BundleDraft

        init(_ world: inout TestWorld, policy: String, views: [LedgerView]? = nil) throws {
            var absorbed: BundleDraft?
            bundle = try world.prove(views: views) { absorbed = $0 }
            self.policy = policy
            draft = try #require(absorbed)
        }

        /// Intermediate values as our own modules compute them, in hex.
        func trace() throws -> [String: String] {
            let rows = try RowsDigest.compute(bundle)
            let context = DatasetContext(
                statementDigest: bundle.header.statement, schemaDigest: bundle.header.schema, holder: bundle.header.holder,
                context: bundle.header.context, dataPoints: UInt64(bundle.header.dataPoints), manifestOrigin: bundle.header.manifest.origin,
                manifestRoot: draft.manifestRoot, ledgers: draft.ledgers, distinctConsents: UInt64(bundle.header.distinctConsents),
                rowsDigest: rows)
            let transcript = DatasetTranscript.begin(context).weighted()
            let (seed, weights) = (transcript.weights.seed, transcript.weights.weights(count: bundle.header.dataPoints))
            let relation = try CompiledStatement(Policy(yaml: Array(policy.utf8)).statement).relation
            let proofBytes = bundle.proof.bytes
            let challenges = try FoldedVerifier<Suite>.challenges(
                relation, transcript: transcript, proof: FoldedProof(parsing: proofBytes.span, for: relation))
            func littleEndian(_ weight: UInt128) -> String { hex((0..<16).map { UInt8(truncatingIfNeeded: weight >> ($0 * 8)) }) }
            return [
                "schema": hex(bundle.header.schema), "statement": hex(bundle.header.statement), "rows": hex(rows), "seed": hex(seed),
                "first_weight": littleEndian(weights[0]), "last_weight": littleEndian(weights[weights.count - 1]),
                "challenge": hex(challenges.announcement.bytes), "rounds": hex(challenges.rounds.flatMap(\.bytes)),
                "end": hex(challenges.end),
            ]
        }
    }

    // MARK: Samples

    /// Three rows, two revealed attributes, a log with two entries of others.
    static func small() throws -> Sample {
        var world = try TestWorld(.small)
        world.clauses.reveal = ["notice", "age"]
        try world.issue((0..<5).map { world.kit.consent($0) })
        world.revoke(4)
        try world.commitRows((0..<3).map { (TestKit.record($0), TestKit.subject($0)) })
        return try Sample(&world, policy: world.policyText())
    }

    /// The time that a quorum of two gives the revocations checkpoint of ``large()``.
    static let largeTime = TestWorld.now - 3_650

    /// Thirteen rows of eleven consents in two ledgers, both links, a quorum of two of three cosigners, `logged`, a manifest among others.
    static func large() throws -> Sample {
        let ledgers = try ["a.example", "b.example"].enumerated().map { try TestLedger($1, seed: UInt8(1 + $0), cosigners: 3) }
        var world = try TestWorld(.small, ledgers: ledgers)
        world.clauses.reveal = ["notice", "age"]
        world.clauses.links = [.record, .subject]
        world.holder = "Universität Zürich, データ"
        world.context = "audit-17"
        world.registryLedger = 1
        let numbers = Array(0..<11)
        for ledger in 0..<2 {
            try world.issue([world.kit.consent(100 + ledger)], ledger: ledger)
            try world.issue(numbers.filter { $0 % 2 == ledger }.map { world.kit.consent($0) }, ledger: ledger)
        }
        let day = UInt32(try #require(Day(iso8601: "2026-01-02")).number)
        try world.spoilEntry(1) { $0.replaceSubrange(2..<6, with: withUnsafeBytes(of: day.littleEndian) { Array($0) }) }
        world.revoke(0)
        world.receipts.removeAll { $0.consent.id.hasPrefix("c-10") && $0.consent.id != "c-10" }
        var random = SplitMix(state: 1)
        try world.commitRows((numbers + [3, 3]).shuffled(using: &random).map { (TestKit.record($0), TestKit.subject($0)) })
        for number in 0..<5 { world.ledgers[1].registry.append([Array("another leaf \(number)".utf8)]) }

        let logged = UInt64(try #require(Day(iso8601: "2026-01-20")).number + 1) * 86_400 - 1
        let views = try world.ledgers.map { ledger -> LedgerView in
            var ledger = ledger
            let size = ledger.consents.leaves.count
            ledger.consents.append([[UInt8](repeating: 7, count: 118), [UInt8](repeating: 8, count: 118)])
            let view = try ledger.view(loggedSize: size, loggedTime: logged)
            let head = try ledger.head(ledger.revocations, "revocations", at: [largeTime - 40, TestWorld.now, largeTime])
            return LedgerView(
                origin: view.origin, consents: view.consents, revocations: head, revocationColumn: view.revocationColumn,
                logged: view.logged, inclusion: view.inclusion)
        }
        let policy = try world.policyText(quorum: 2, acceptance: ["logged_by: 2026-01-20", "context: audit-17"])
        return try Sample(&world, policy: policy, views: views)
    }

    /// A link by subject, a revealed record, a constant integer, freshness after the fact, one ledger that the bundle does not draw on.
    static func bySubject() throws -> Sample {
        var world = try TestWorld(.small, ledgers: [TestLedger("a.example"), TestLedger("b.example", seed: 2)])
        world.clauses.reveal = ["record"]
        world.clauses.links = [.subject]
        world.clauses.constants["age"] = .uint(JSONValue.largestInteger.magnitude)
        world.freshness = .asOf
        let consents = (0..<4).map { number in
            var consent = world.kit.consent(number)
            consent.values["age"] = .uint(JSONValue.largestInteger.magnitude)
            return consent
        }
        try world.issue(consents, ledger: 1)
        try world.commitRows((0..<6).map { (TestKit.record(50 + $0), TestKit.subject($0 % 4)) })
        return try Sample(&world, policy: world.policyText(acceptance: ["one_to_one: false", "minimum_distinct_consents: 4"]))
    }

    // MARK: Agreement

    @Test func acceptsOurBundles() throws {
        try Peer.require()
        for (name, make) in [("small", Self.small), ("large", Self.large), ("bySubject", Self.bySubject)] {
            let sample = try make()
            try Peer.inFolder { folder in
                let files = try Peer.write(sample, to: folder)
                #expect(try Peer.ours(files, at: TestWorld.now) == [], "\(name)")
                let result = try Peer.verify(files, at: TestWorld.now)
                try #require(result.status == 0, "\(name): \(result.text)\(result.errorText)")
                #expect(try JSONDecoder().decode([String: String].self, from: result.output) == sample.trace(), "\(name)")
            }
        }
    }

    /// The large sample has what tells two implementations apart.
    @Test func largeSample() throws {
        let bundle = try Self.large().bundle
        #expect(bundle.header.dataPoints == 13 && bundle.header.distinctConsents == 11 && bundle.header.ledgers.count == 2)
        #expect(bundle.inclusions.allSatisfy { $0.count >= 2 && $0.distinctRows == $0.count })
        #expect(bundle.revocations.map(\.count) == [1, 0])
        #expect(bundle.header.manifest.inclusion.count >= 2 && bundle.header.manifest.origin == "b.example")
        #expect(bundle.header.ledgers.allSatisfy { $0.logged?.consistency.isEmpty == false })
        #expect((0..<11).contains { bundle.entries[$0][2] != 0 }, "an issuance day")
    }

    /// The worked example of docs/formats.md.
    @Test func documentedDigest() throws {
        let digest = hex(try Self.small().bundle.header.statement)
        let page = try String(contentsOf: repositoryRoot.appending(path: "docs/formats.md"), encoding: .utf8)
        #expect(page.contains("has the digest `\(digest)`"))
    }

    /// The second largest of three cosignatures is the time.
    @Test func quorumTime() throws {
        try Peer.require()
        let sample = try Self.large()
        try Peer.inFolder { folder in
            let files = try Peer.write(sample, to: folder)
            for (now, code) in [(Self.largeTime + 86_400, nil), (Self.largeTime + 86_401, "stale"), (Self.largeTime - 301, "stale")] {
                let result = try Peer.verify(files, at: now)
                #expect(Peer.code(result.text) == code, "\(result.text)")
                #expect(Set(try Peer.ours(files, at: now)) == Set(code.map { [$0] } ?? []))
            }
        }
    }

    struct Forgery: Decodable {
        let name, bundle, policy, verdict: String
        let now: UInt64
    }

    /// Every forgery has the verdict that it should have there, and the same here.
    @Test func forgeries() throws {
        try Peer.require()
        let sample = try Self.small()
        try Peer.inFolder { folder in
            let files = try Peer.write(sample, to: folder)
            let result = try Peer.python(["forgeries.py", files.bundle, files.policy, "--at", "\(TestWorld.now)", folder.path])
            #expect(result.status == 0, "\(result.text)\(result.errorText)")
            let cases = try JSONDecoder().decode([Forgery].self, from: Data(contentsOf: folder.appending(path: "cases.json")))
            #expect(cases.count > 80)
            for forgery in cases {
                let files = Peer.Files(bundle: folder.path + "/" + forgery.bundle, policy: folder.path + "/" + forgery.policy)
                let ours = try Peer.ours(files, at: forgery.now)
                if let code = Peer.code(forgery.verdict) {
                    #expect(ours.contains(code), "\(forgery.name): \(forgery.verdict), ours \(ours)")
                } else {
                    #expect(forgery.verdict == "holds" && ours.isEmpty, "\(forgery.name): \(forgery.verdict), ours \(ours)")
                }
            }
        }
    }

    /// A context is the policy's only if its bytes are.
    @Test func contextByteForByte() throws {
        var world = try TestWorld.honest(1)
        world.context = "e\u{301}"
        #expect(try world.reasons(world.prove(), policy: world.policy(context: "\u{e9}")) == ["context"])
    }
}

extension TestLedger {
    /// A checkpoint that each cosigner signed at a time of its own.
    func head(_ log: TestLog, _ name: String, at times: [UInt64]) throws -> LedgerView.Head {
        let plain = try head(log, name, cosigned: 0)
        var note = try SignedNote(bytes: Array(plain.note.utf8))
        guard times.count == cosigners.count else { throw TestMistake() }
        for index in times.indices { note.add(try cosigners[index].cosignature(note, at: times[index])) }
        return LedgerView.Head(note: String(decoding: note.bytes, as: UTF8.self), size: plain.size, root: plain.root)
    }
}

extension BytesColumn {
    fileprivate var distinctRows: Int { Set((0..<count).map { self[$0] }).count }
}
