// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import MerkleLog
import Testing

/// What the ledgers sign and the cosigners attest: inclusion, registration, quorum, trust, time.
@Suite struct LedgerEvidenceTests {
    static func world(cosigners: Int = 1) throws -> (world: TestWorld, parts: BundleParts) {
        var world = try TestWorld.honest(4, ledgers: [TestLedger("a.example", cosigners: cosigners)])
        let bundle = try world.prove()
        #expect(try world.reasons(bundle) == [])
        return (world, BundleParts(bundle))
    }

    // MARK: Consents

    /// An entry that the holder made itself and that no log has.
    @Test(arguments: 0..<4)
    func entryNotInTheLog(_ position: Int) throws {
        var world = try TestWorld.honest(4)
        let log = world.ledgers[0].consents
        try world.reissue(position, world.receipts[position].consent)
        world.ledgers[0].consents = log
        #expect(try world.reasons(world.prove()) == ["inclusion"])
    }

    @Test func inclusionProofSpoiled() throws {
        var world = try TestWorld.honest(3)
        try world.issue([world.kit.consent(9)])
        var parts = BundleParts(try world.prove())
        parts.inclusions[0][5] ^= 1
        #expect(try world.reasons(parts.bundle()) == ["inclusion"])
        parts.inclusions[0] = []
        #expect(try world.reasons(parts.bundle()) == ["inclusion"])
    }

    @Test func indexBeyondTheLog() throws {
        var world = try TestWorld.honest(3)
        #expect(try world.reasons(world.prove { $0.entryIndices[2] = 3 }) == ["inclusion"])
        #expect(try world.reasons(world.prove { $0.entryIndices[2] = .max }) == ["inclusion"])
    }

    /// The same leaf under two indices would count as two consents.
    @Test func duplicateLeaf() throws {
        var world = try TestWorld.honest(3)
        world.clauses.links = [.subject]
        try world.commitRows([(TestKit.record(50), TestKit.subject(1))])
        // The issuer, dishonest or careless, appended the second entry again; the holder calls it a second consent.
        var again = world.receipts[1]
        again.index = 3
        world.receipts.append(again)
        world.ledgers[0].consents.append([again.entry])
        let entry = again.entry
        let bundle = try world.prove {
            $0.entries += entry
            $0.entryIndices.append(3)
            $0.entryLedgers.append(0)
            $0.receipts.append(1)
            $0.positions[3] = 3
            $0.inclusions[0] = []
            $0.header.distinctConsents = 4
        }
        #expect(try world.reasons(bundle) == ["duplicate-entry"])
    }

    /// The same leaf in two ledgers: two issuers' logs, one consent.
    @Test func duplicateLeafInTwoLedgers() throws {
        var world = try TestWorld(ledgers: [TestLedger("a.example", seed: 1), TestLedger("b.example", seed: 2)])
        world.clauses.links = [.subject]
        try world.issue([world.kit.consent(0)])
        try world.issue([world.kit.consent(1)], ledger: 1)
        try world.commitRows([0, 0, 1].enumerated().map { (TestKit.record($0), TestKit.subject($1)) })
        let entry = world.receipts[0].entry
        world.ledgers[1].consents.append([entry])
        let bundle = try world.prove {
            $0.entries += entry
            $0.entryIndices.append(1)
            $0.entryLedgers.append(1)
            $0.receipts.append(0)
            $0.positions[1] = 2
            $0.inclusions[1] = []
            $0.header.distinctConsents = 3
        }
        #expect(try world.reasons(bundle) == ["duplicate-entry"])
    }

    // MARK: Signatures

    @Test(arguments: ["consents", "revocations"])
    func wrongKey(_ log: String) throws {
        let (world, original) = try Self.world()
        var parts = original
        let forger = try TestLedger("a.example", seed: 9)
        let forged = try forger.head(log == "consents" ? world.ledgers[0].consents : world.ledgers[0].revocations, log).note
        if log == "consents" { parts.header.ledgers[0].consents = forged } else { parts.header.ledgers[0].revocations = forged }
        #expect(try world.reasons(parts.bundle()) == ["checkpoint-\(log)"])
    }

    /// A line with the issuer's key id and a signature of something else.
    @Test func signatureOfAnotherText() throws {
        let (world, original) = try Self.world()
        var parts = original
        let ledger = world.ledgers[0]
        let checkpoint = try Checkpoint(origin: "a.example/consents", treeSize: 4, rootHash: ledger.consents.tree.root)
        var note = try checkpoint.unsignedNote()
        let other = try Checkpoint(origin: "a.example/consents", treeSize: 3, rootHash: ledger.consents.tree.root).unsignedNote()
        note.add(try ledger.signer.line(other, name: "a.example/consents"))
        note.add(try ledger.cosigners[0].cosignature(note, at: ledger.time))
        parts.header.ledgers[0].consents = String(decoding: note.bytes, as: UTF8.self)
        #expect(try world.reasons(parts.bundle()) == ["checkpoint-consents"])
    }

    @Test func cosignatureOfAnotherText() throws {
        let (world, original) = try Self.world()
        var parts = original
        let ledger = world.ledgers[0]
        let checkpoint = try Checkpoint(origin: "a.example/consents", treeSize: 4, rootHash: ledger.consents.tree.root)
        var note = try checkpoint.unsignedNote()
        let other = try Checkpoint(origin: "a.example/consents", treeSize: 3, rootHash: ledger.consents.tree.root).unsignedNote()
        note.add(try ledger.signer.line(note, name: "a.example/consents"))
        note.add(try ledger.cosigners[0].cosignature(other, at: ledger.time))
        parts.header.ledgers[0].consents = String(decoding: note.bytes, as: UTF8.self)
        #expect(try world.reasons(parts.bundle()) == ["checkpoint-consents"])
    }

    /// A checkpoint of another log of the same key, signed under the right name.
    @Test func checkpointOfAnotherLog() throws {
        let (world, original) = try Self.world()
        var parts = original
        let ledger = world.ledgers[0]
        parts.header.ledgers[0].revocations = try ledger.head(ledger.revocations, "revocations", textOrigin: "b.example/revocations").note
        #expect(try world.reasons(parts.bundle()) == ["checkpoint-revocations"])
    }

    @Test func quorum() throws {
        let (world, original) = try Self.world(cosigners: 3)
        let ledger = world.ledgers[0]
        let two = try world.policy(trusted: [ledger.trusted(quorum: 2)])
        var parts = original
        parts.header.ledgers[0].consents = try ledger.head(ledger.consents, "consents", cosigned: 2).note
        #expect(try world.reasons(parts.bundle(), policy: two) == [])
        parts.header.ledgers[0].consents = try ledger.head(ledger.consents, "consents", cosigned: 1).note
        #expect(try world.reasons(parts.bundle(), policy: two) == ["quorum-consents"])
        parts = original
        parts.header.ledgers[0].revocations = try ledger.head(ledger.revocations, "revocations", cosigned: 1).note
        #expect(try world.reasons(parts.bundle(), policy: two) == ["quorum-revocations"])
        parts = original
        parts.header.manifest.checkpoint = try ledger.head(ledger.registry, "registry", cosigned: 1).note
        #expect(try world.reasons(parts.bundle(), policy: two) == ["quorum-registry"])
    }

    /// A policy made by a program, not read from a file, names one key twice.
    @Test func oneKeyIsOneVote() throws {
        let (world, original) = try Self.world()
        let ledger = world.ledgers[0], alias = try TestSigner("alias.example", seed: 101)
        #expect(alias.publicKey == ledger.cosigners[0].publicKey)
        let one = try ledger.trusted()
        let two = try Policy.Ledger(
            origin: one.origin, key: one.key, quorum: 2, cosigners: one.cosigners + [alias.verifierKey(.cosignature)])
        func signedTwice(_ text: String) throws -> String {
            var note = try SignedNote(bytes: Array(text.utf8))
            note.add(try alias.cosignature(note, at: ledger.time))
            return String(decoding: note.bytes, as: UTF8.self)
        }
        var parts = original
        parts.header.ledgers[0].consents = try signedTwice(parts.header.ledgers[0].consents)
        parts.header.ledgers[0].revocations = try signedTwice(parts.header.ledgers[0].revocations)
        parts.header.manifest.checkpoint = try signedTwice(parts.header.manifest.checkpoint)
        #expect(try world.reasons(parts.bundle()) == [])
        #expect(try world.reasons(parts.bundle(), policy: world.policy(trusted: [two])) == ["quorum-consents", "quorum-registry"])
    }

    /// Without cosigners a checkpoint has no time, and no policy can be satisfied.
    @Test func noCosigners() throws {
        let (world, parts) = try Self.world()
        let policy = try world.policy(trusted: [Policy.Ledger(origin: "a.example", key: world.ledgers[0].trusted().key)])
        #expect(try world.reasons(parts.bundle(), policy: policy) == ["quorum-consents", "quorum-registry"])
    }

    @Test func unknownLedger() throws {
        var (world, parts) = try Self.world()
        let other = try TestLedger("b.example", seed: 2)
        world.ledgers.append(other)
        #expect(
            try world.reasons(parts.bundle(), policy: world.policy(trusted: [other.trusted()])) == ["unknown-ledger", "registry-origin"])
        parts.header.manifest.origin = "c.example"
        #expect(try world.reasons(parts.bundle()) == ["registry-origin", "dataEquation"])
    }

    // MARK: Registry

    @Test func manifestNotRegistered() throws {
        let (world, original) = try Self.world()
        var parts = original
        parts.header.manifest.index = 1
        #expect(try world.reasons(parts.bundle()) == ["registry-inclusion"])
        parts = original
        // A manifest that was never appended: the leaf is right for the data points, the log has another.
        var other = world
        other.ledgers[0].registry = TestLog()
        other.ledgers[0].registry.append([Array("{}".utf8)])
        parts.header.manifest.checkpoint = try other.ledgers[0].head(other.ledgers[0].registry, "registry").note
        #expect(try world.reasons(parts.bundle()) == ["registry-inclusion"])
        parts = original
        parts.header.manifest.entry = "{}"
        #expect(try world.reasons(parts.bundle()) == ["manifest-form"])
    }

    // MARK: Counts

    @Test func oneToOneAndMinimum() throws {
        var world = try TestWorld()
        world.clauses.links = [.subject]
        try world.issue([world.kit.consent(0), world.kit.consent(1)])
        try world.commitRows([0, 0, 1].enumerated().map { (TestKit.record($0), TestKit.subject($1)) })
        let bundle = try world.prove()
        #expect(try world.reasons(bundle, policy: world.policy(oneToOne: true)) == ["one-to-one"])
        #expect(try world.reasons(bundle, policy: world.policy(minimum: 3)) == ["too-few"])
        #expect(try world.reasons(bundle, policy: world.policy(minimum: 2)) == [])
    }

    // MARK: Time

    @Test(
        arguments: [
            (-86_400, []), (-86_401, ["stale-age"]), (0, []), (300, []), (301, ["stale-future"]),
        ] as [(Int, [String])])
    func currentFreshness(offset: Int, reasons: [String]) throws {
        var world = try TestWorld.honest(2)
        world.ledgers[0].time = UInt64(Int(TestWorld.now) + offset)
        #expect(try world.reasons(world.prove()) == reasons)
    }

    /// The policy's last day is 2026-01-05, which ends at 1767657600.
    @Test(arguments: [(1_767_657_600, []), (1_767_657_599, ["stale-as-of"])] as [(UInt64, [String])])
    func asOfFreshness(time: UInt64, reasons: [String]) throws {
        var world = try TestWorld.honest(2)
        world.freshness = .asOf
        world.ledgers[0].time = time
        #expect(try world.reasons(world.prove()) == reasons)
    }

    /// Cosigners disagree: the quorum-th latest counts.
    @Test func quorumTime() throws {
        let (world, original) = try Self.world(cosigners: 2)
        let ledger = world.ledgers[0]
        var parts = original
        let checkpoint = try Checkpoint(origin: "a.example/revocations", treeSize: 0, rootHash: .emptyRoot)
        var note = try checkpoint.unsignedNote()
        note.add(try ledger.signer.line(note, name: "a.example/revocations"))
        note.add(try ledger.cosigners[0].cosignature(note, at: TestWorld.now))
        note.add(try ledger.cosigners[1].cosignature(note, at: TestWorld.now - 90_000))
        parts.header.ledgers[0].revocations = String(decoding: note.bytes, as: UTF8.self)
        #expect(try world.reasons(parts.bundle()) == ["stale-age"])
        #expect(try world.reasons(parts.bundle(), policy: world.policy(trusted: [ledger.trusted(quorum: 1)])) == [])
    }

    // MARK: logged_by

    static let loggedDay = "2026-01-20"

    /// Five honest entries, the last one appended after the logged checkpoint of four.
    func logged(size: Int, secondsAfterDay: Int, spoil: (inout BundleHeader.Logged) -> Void = { _ in }) throws -> [String] {
        var world = try TestWorld.honest(5)
        let day = try #require(Day(iso8601: Self.loggedDay))
        let time = UInt64(Int(day.number + 1) * 86_400 + secondsAfterDay)
        var parts = BundleParts(try world.prove(views: [world.ledgers[0].view(loggedSize: size, loggedTime: time)]))
        if var logged = parts.header.ledgers[0].logged {
            spoil(&logged)
            parts.header.ledgers[0].logged = logged
        }
        return try world.reasons(parts.bundle(), policy: world.policy(loggedBy: day))
    }

    @Test func loggedByDay() throws {
        #expect(try logged(size: 5, secondsAfterDay: -1) == [])
        #expect(try logged(size: 5, secondsAfterDay: 0) == ["logged-by-time"])
        #expect(try logged(size: 4, secondsAfterDay: -1) == ["logged-by-index"], "backdated: the calendar says nothing about the log")
        #expect(try logged(size: 5, secondsAfterDay: -1) { $0.checkpoint = "x" } == ["checkpoint-consents"])
    }

    @Test func loggedByConsistency() throws {
        #expect(try logged(size: 3, secondsAfterDay: -1) { $0.consistency[0][0] ^= 1 } == ["logged-by-consistency"])
        #expect(
            try logged(size: 5, secondsAfterDay: -1) { $0.consistency = [[UInt8](repeating: 1, count: 32)] } == ["logged-by-consistency"])
    }

    /// An older log of the same size with other leaves is no prefix of the present one.
    @Test func loggedByFork() throws {
        var world = try TestWorld.honest(5)
        let day = try #require(Day(iso8601: Self.loggedDay))
        let time = UInt64(day.number) * 86_400
        var fork = world
        try fork.reissue(4, fork.receipts[4].consent)
        var logged = try world.ledgers[0].logged(size: 5, at: time)
        logged.checkpoint = try fork.ledgers[0].head(fork.ledgers[0].consents, "consents", at: time).note
        var parts = BundleParts(try world.prove())
        parts.header.ledgers[0].logged = logged
        #expect(try world.reasons(parts.bundle(), policy: world.policy(loggedBy: day)) == ["logged-by-consistency"])
    }

    @Test func loggedByAbsent() throws {
        let (world, parts) = try Self.world()
        let policy = try world.policy(loggedBy: Day(iso8601: Self.loggedDay))
        #expect(try world.reasons(parts.bundle(), policy: policy) == ["logged-by-absent"])
    }
}
