// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import RangeProofs
import SigmaProofs
import Testing
import Transcripts

/// Single proofs as files: to and fro, no byte to spare, packed.
@Suite struct PointFileTests {
    /// The files of the rows of a world.
    static func files(_ world: TestWorld, _ clauses: PointClauses) throws -> [PointFile] {
        let bundle = try world.provePoints(clauses)
        return try (0..<bundle.header.dataPoints).map { row in
            let entry = Int(bundle.positions[row])
            let ledger = try #require(
                world.ledgers.first { $0.origin == bundle.header.ledgers[Int(bundle.entryLedgers[entry])].origin })
            let hashes = try ledger.inclusion([bundle.entryIndices[entry]])
            return PointFile(
                bundle, row: row, path: stride(from: 0, to: hashes.count, by: 32).map { Array(hashes[$0..<$0 + 32]) },
                schema: world.kit.schema)
        }
    }

    static func judge(_ bytes: [UInt8], _ world: TestWorld, _ clauses: PointClauses) throws -> Verdict {
        let verifier = try PointVerifier(policy: world.policy(clauses), generators: world.kit.generators)
        return try verifier.verify(PointFile(parsing: bytes).bundle(verifier.relation), evidence: Evidence(now: TestWorld.now))
    }

    @Test(arguments: PointProofTests.kinds)
    func toAndFro(_ clauses: PointClauses) throws {
        var world = try TestWorld.honest(5)
        try world.issue([world.kit.consent(100)])
        world.revoke(5)
        for file in try Self.files(world, clauses) {
            let bytes = try file.encoded()
            #expect(try PointFile(parsing: bytes) == file)
            #expect(try Self.judge(bytes, world, clauses).findings == [])
            #expect(ProofFileKind(of: bytes) == .point)
        }
    }

    /// Of a proof for a policy that reveals other attributes that is said.
    @Test func otherRevealedAttributes() throws {
        let world = try TestWorld.honest(2)
        var file = try Self.files(world, PointClauses.with { $0.reveal = ["age"] })[0]
        let verifier = try PointVerifier(policy: world.policy(.linear), generators: world.kit.generators)
        #expect(code { _ = try verifier.bundle(of: file) } == "bundle-statement")
        file.statement = try PointClauses.linear.statement(world.kit.schema).digest
        #expect(code { _ = try verifier.bundle(of: file) } == "point-revealed")
    }

    /// Every bit of a small file: refused by the parser or by the verdict.
    @Test func everyByte() throws {
        var world = try TestWorld.honest(2)
        world.context = "c"
        let clauses = PointClauses.with { $0.reveal = ["age"] }
        let bytes = try Self.files(world, clauses)[1].encoded()
        let verifier = try PointVerifier(policy: world.policy(clauses), generators: world.kit.generators)
        #expect(try Self.judge(bytes, world, clauses).holds, "the file itself holds")
        var unnoticed: [Int] = []
        for position in bytes.indices {
            var spoiled = bytes
            spoiled[position] ^= 1 << UInt8(position % 8)
            guard let bundle = try? PointFile(parsing: spoiled).bundle(verifier.relation) else { continue }
            if try verifier.verify(bundle, evidence: Evidence(now: TestWorld.now)).holds { unnoticed.append(position) }
        }
        #expect(unnoticed == [])
        for length in stride(from: 0, to: bytes.count, by: 11) {
            #expect(throws: ModelError.self) { try PointFile(parsing: Array(bytes.prefix(length))) }
        }
    }

    /// Every byte of a small bundle of points.
    @Test func everyByteOfABundle() throws {
        var world = try TestWorld.honest(3)
        world.revoke(2)
        world.rows.removeLast()
        let clauses = PointClauses.revealing
        let bytes = try BundleWriter.encode(world.provePoints(clauses))
        let verifier = try PointVerifier(policy: world.policy(clauses), generators: world.kit.generators)
        #expect(try verifier.verify(verifier.parse(bytes), evidence: Evidence(now: TestWorld.now)).holds, "the bundle itself holds")
        var unnoticed: [Int] = []
        for position in bytes.indices {
            var spoiled = bytes
            spoiled[position] ^= 1 << UInt8(position % 8)
            guard let bundle = try? verifier.parse(spoiled) else { continue }
            if try verifier.verify(bundle, evidence: Evidence(now: TestWorld.now)).holds { unnoticed.append(position) }
        }
        #expect(unnoticed == [])
    }

    // MARK: What is bound

    @Test func sessionBindsEveryItem() throws {
        let digest = [UInt8](repeating: 1, count: 32), other = [UInt8](repeating: 2, count: 32)
        let session = PointSession(statementDigest: digest, schemaDigest: digest, holder: "h", context: "c", origin: "o")
        var ids: Set<[UInt8]> = [session.id.bytes]
        let changes: [(inout PointSession) -> Void] = [
            { $0.flavor = .disjunctiveBatchable }, { $0.statementDigest = other }, { $0.schemaDigest = other }, { $0.holder = "x" },
            { $0.context = "x" }, { $0.origin = "x" }, { ($0.holder, $0.context) = ("hc", "") }, { ($0.context, $0.origin) = ("", "co") },
        ]
        for change in changes {
            var changed = session
            change(&changed)
            #expect(ids.insert(changed.id.bytes).inserted)
        }
    }

    /// The range part's transcript begins with session, elements and the whole linear part.
    @Test func rangePartBindsTheLinearPart() throws {
        let world = try TestWorld.honest(1)
        let bundle = try world.provePoints(.ranged)
        let relation = try world.relation(.ranged)
        let ranges = try #require(bundle.ranges)
        let consent = Array(bundle.entries[0][Entry.consentRange])
        let columns = PointColumns(
            dataPoints: bundle.dataPoints[0], consents: consent, revealed: [], sigma: bundle.sigma, rangeCommitments: ranges.commitments[0],
            rangeProofs: ranges.proofs[0])
        let session = relation.session(holder: world.holder, context: "", origin: "a.example")
        let equations = PointEquations(relation)
        #expect(equations.failures(columns, session: session) == [])
        let contexts = equations.contexts(columns, statements: equations.statements(columns), session: session)
        #expect(contexts[0].session == PointSession.range)
        let bound = session.bytes + bundle.dataPoints[0] + consent + ranges.commitments[0] + bundle.sigma[0]
        #expect(contexts[0].statement == SHAKE128.hash(bound, count: 32))
    }

    /// The holder's name has the bounds that a manifest's has.
    @Test func lengthOfTheHolder() throws {
        let world = try TestWorld.honest(1)
        let relation = try world.relation()
        var file = try Self.files(world, .linear)[0]
        let long = String(repeating: "é", count: 512)
        for (holder, refusal) in [("", "bundle-member"), ("é", nil), (long, nil), (long + "h", "bundle-member")] {
            file.holder = holder
            #expect(code { _ = try PointFile(parsing: file.encoded()).bundle(relation) } == refusal)
        }
    }

    // MARK: Packing

    @Test(arguments: [1, 2, 3, 5, 8, 13])
    func packed(rows: Int) throws {
        let ledgers = try ["a.example", "b.example"].enumerated().map { try TestLedger($1, seed: UInt8(1 + $0)) }
        var world = try TestWorld.honest(rows, ledgers: ledgers)
        try world.issue((0..<3).map { world.kit.consent(500 + $0) }, ledger: 0)
        let clauses = PointClauses.with { $0.reveal = ["notice"] }
        let files = try Self.files(world, clauses)
        let relation = try world.relation(clauses)
        #expect(try world.reasons(PointBundle(packing: files, relation), clauses) == [])
        // The same entry twice, another order, and a subset.
        let some = (files + files.reversed()).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        let verdict = try world.verify(PointBundle(packing: some, relation), clauses)
        #expect(verdict.findings == [])
        #expect(verdict.dataPoints == some.count)
    }

    @Test func packedOfDifferentCheckpoints() throws {
        var world = try TestWorld.honest(2)
        let early = try Self.files(world, .linear)
        try world.issue([world.kit.consent(9)])
        let late = try Self.files(world, .linear)
        world.holder = "Somebody Else"
        let other = try Self.files(world, .linear)
        let relation = try world.relation()
        func refusal(_ files: [PointFile]) -> ModelError? {
            do {
                _ = try PointBundle(packing: files, named: files.indices.map { "\($0).zkp" }, relation)
                return nil
            } catch {
                return error
            }
        }
        let mixed = refusal([early[0], early[1], late[1]])
        #expect(mixed?.code == "pack-differs" && mixed?.message.contains("0.zkp and 2.zkp") == true)
        #expect(refusal([late[0], other[1]])?.code == "pack-differs")
        #expect(refusal([])?.code == "pack-none")
        var forged = late[1]
        forged.index = late[0].index
        #expect(refusal([late[0], forged])?.code == "pack-entry")
        forged = late[1]
        forged.path = []
        #expect(refusal([forged])?.code == "pack-path")
    }

    /// A proof is bound to the bytes of its texts: in two normal forms a text is two, and proofs of both would not hold in one bundle.
    @Test func packedOfTwoNormalForms() throws {
        let world = try TestWorld.honest(2)
        let relation = try world.relation()
        let files = try Self.files(world, .linear)
        let changes: [(inout PointFile, String) -> Void] = [
            { $0.holder = $1 }, { $0.context = $1 }, { $0.ledger.consents = $1 }, { $0.ledger.revocations = $1 },
            { $0.ledger.logged = BundleHeader.Logged(checkpoint: $1, consistency: []) },
        ]
        for (number, change) in changes.enumerated() {
            var (first, second) = (files[0], files[1])
            change(&first, "caf\u{e9}")
            change(&second, "caf\u{e9}")
            #expect(code { _ = try PointBundle(packing: [first, second], relation) } != "pack-differs", "\(number)")
            change(&second, "cafe\u{301}")
            #expect(code { _ = try PointBundle(packing: [first, second], relation) } == "pack-differs", "\(number)")
        }
    }
}
