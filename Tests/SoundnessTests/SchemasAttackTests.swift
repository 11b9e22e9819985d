// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import MerkleLog
import Provers
import SigmaProofs
import Testing

/// A prover that tries to get a false statement through the list of schemas. All that authenticates is renewed for what it changed.
@Suite struct SchemasAttackTests {
    typealias Scalar = Suite.Scalar

    static func honest(_ kits: [Int] = [0, 1, 1, 0], reveal: [String] = []) throws -> (world: SchemasWorld, parts: BundleParts) {
        var world = try SchemasWorld.honest(kits, reveal: reveal)
        let bundle = try world.prove()
        #expect(try world.reasons(bundle) == [])
        return (world, BundleParts(bundle))
    }

    // MARK: The slots of the schemas

    /// The responses of the two linked slots, exchanged or moved from one to the other: (2') holds as before. The rounds' challenges, which come after
    /// the responses, change; without that the generators of (3) refuse, of which each slot has its own.
    @Test(arguments: ["exchanged", "moved", "dropped", "doubled"])
    func slots(_ how: String) throws {
        let (world, honest) = try Self.honest()
        var parts = honest
        let (first, second) = (64, 64 + 96)
        func scalar(_ start: Int) throws -> Scalar {
            let bytes = Array(parts.proof[start..<start + 32])
            return try Scalar(canonical: bytes.span)
        }
        let (a, b) = (try scalar(first), try scalar(second))
        func set(_ x: Scalar, _ y: Scalar) {
            parts.proof.replaceSubrange(first..<first + 32, with: x.bytes)
            parts.proof.replaceSubrange(second..<second + 32, with: y.bytes)
        }
        switch how {
        case "exchanged": set(b, a)
        case "moved": set(a + b, .zero)
        case "dropped": set(a, .zero)
        default: set(a, a)
        }
        // The sum of the two is what (2') sees.
        let isSameSum = how == "exchanged" || how == "moved"
        #expect(try world.reasons(parts.bundle()) == [isSameSum ? "consentEquation" : "dataEquation"])
        #expect(try Self.equation(world, honest.bundle(), honest.proof) == nil)
        #expect(try Self.equation(world, honest.bundle(), parts.proof) == (isSameSum ? .consentEquation : .dataEquation))
    }

    /// The equation that refuses `proof` if all challenges stay those of the bundle's own proof.
    private static func equation(_ world: SchemasWorld, _ bundle: Bundle, _ proof: [UInt8]) throws -> ProofRejected.Reason? {
        let (statement, context) = (try world.compiled(), try world.transcript(bundle))
        let transcript = DatasetTranscript.begin(context).weighted()
        let rho = transcript.weights.weights(count: bundle.dataPoints.count)
        let entries = 0..<bundle.entries.count
        let weights = EntryWeights(rows: rho, positions: bundle.positions, entries: entries.count)
        let totals = weights.totals(
            SchemaAssignment(bundle.entries, schemas: statement.statements.schemas), schemas: statement.parts.count)
        let calendars = try decoded(Entry.calendars(of: bundle.entries, entries))
        let data = FoldedVerifier<Suite>.fold(rho, try decoded((0..<rho.count).flatMap { bundle.dataPoints[$0] }))
        let consent = Suite.vartimeMultiScalarMul(
            weights.scalars(entries) + totals.map { -$0 }, calendars + statement.parts.map(\.constraint))
        let (relation, own) = (statement.relation, bundle.proof.bytes)
        do throws(ProofRejected) {
            let challenges = try FoldedVerifier.challenges(
                relation, transcript: transcript, proof: FoldedProof<Suite>(parsing: own.span, for: relation))
            try FoldedVerifier.check(
                FoldedBases(relation), foldedData: data, foldedConsent: consent, challenges: challenges,
                proof: FoldedProof(parsing: proof.span, for: relation))
        } catch {
            return error.reason
        }
        return nil
    }

    /// Proofs of another length: of fewer slots, or of more.
    @Test(arguments: [-32, 32])
    func length(_ change: Int) throws {
        let (world, honest) = try Self.honest()
        var parts = honest
        if change < 0 { parts.proof.removeSubrange(160..<192) } else { parts.proof.insert(contentsOf: parts.proof[160..<192], at: 160) }
        #expect(try world.reasons(parts.bundle()) == ["proof-form"])
    }

    // MARK: The list

    struct Context: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout DatasetContext) -> Void

        static let all = [
            Context(testDescription: "first schema") { $0.schemaDigests[0][0] ^= 1 },
            Context(testDescription: "second schema") { $0.schemaDigests[1][31] ^= 1 },
            Context(testDescription: "order") { $0.schemaDigests.swapAt(0, 1) },
            Context(testDescription: "one twice") { $0.schemaDigests[1] = $0.schemaDigests[0] },
            Context(testDescription: "one more") { $0.schemaDigests.append([UInt8](repeating: 255, count: 32)) },
            Context(testDescription: "one less") { $0.schemaDigests.removeLast() },
            Context(testDescription: "form of one schema") { $0.form = "dataset/1" },
            Context(testDescription: "statement") { $0.statementDigest[0] ^= 1 },
        ]
    }

    /// The transcript binds the list, its order and its length.
    @Test(arguments: Context.all)
    func transcript(_ change: Context) throws {
        let (world, parts) = try Self.honest()
        let bundle = try parts.bundle()
        let statement = try world.compiled()
        func reason(_ context: DatasetContext) -> String? {
            do throws(Finding) {
                try DatasetEquations(statement: statement, context: context).verify(
                    dataPoints: bundle.dataPoints, entries: bundle.entries, positions: bundle.positions, revealed: bundle.revealed,
                    proof: bundle.proof.bytes)
                return nil
            } catch {
                return error.reason
            }
        }
        var context = try world.transcript(bundle)
        #expect(reason(context) == nil)
        change.change(&context)
        #expect(reason(context) == "dataEquation")
    }

    /// The header lists the schemas of the policy in ascending order.
    @Test func headers() throws {
        let (world, parts) = try Self.honest()
        let schemas = parts.header.schemas
        func code(_ schemas: [[UInt8]]) -> String? {
            var changed = parts
            changed.header.schemas = schemas
            return SoundnessTests.code { _ = try changed.bundle() }
        }
        #expect(code(schemas.reversed()) == "bundle-schemas")
        #expect(code([schemas[0], schemas[0]]) == "bundle-schemas")
        #expect(code([]) == "bundle-schemas")
        #expect(code((0..<9).map { [UInt8](repeating: $0, count: 32) }) == "bundle-schemas")
        #expect(code([schemas[0], Array(schemas[1].dropLast())]) == "bundle-member")
        for other in [[schemas[0]], [schemas[1]], schemas + [[UInt8](repeating: 255, count: 32)]] {
            var changed = parts
            changed.header.schemas = other
            #expect(try world.reasons(changed.bundle()) == ["schema"], "the list is the policy's, not the bundle's")
        }
    }

    /// A proof about one schema inside a bundle of two, and the other way round.
    @Test func replay() throws {
        var world = try SchemasWorld.honest([0, 0, 0])
        let single = try CompiledStatement(world.statement(0))
        var (one, two) = (BundleParts(try world.prove(statement: single)), BundleParts(try world.prove()))
        #expect(try world.reasons(one.bundle()) == ["schema", "statement", "proof-form"])
        #expect(
            try world.reasons(two.bundle(), policy: world.policy(Statements(world.statement(0)))) == ["schema", "statement", "proof-form"])
        let proof = one.proof
        one.proof = two.proof
        two.proof = proof
        #expect(try world.reasons(two.bundle()) == ["proof-form"])
        // Filled up to the right length.
        two.proof = Array(proof[..<160]) + [UInt8](repeating: 0, count: 32) + proof[160...]
        let count = try world.compiled().proofByteCount
        two.proof = Array((two.proof + proof).prefix(count))
        #expect(try !world.verify(two.bundle()).holds)
    }

    /// A proof under another list that has the same first schema.
    @Test func otherList() throws {
        let (world, parts) = try Self.honest()
        var other = world
        other.clauses[1].forbid = [:]
        #expect(try other.reasons(parts.bundle()) == ["statement", "dataEquation"])
        var changed = parts
        changed.header.statement = try other.statements().digest
        #expect(try other.reasons(changed.bundle()) == ["dataEquation"])
    }

    /// Lists that would have two meanings, or a revealed value of two kinds.
    @Test func lists() throws {
        let world = try SchemasWorld.honest([0, 1], reveal: ["age"])
        let first = try world.statement(0)
        #expect(code { _ = try Statements([first, first]) } == "duplicate-schema")
        let other = SchemasWorld.partner.replacing("{name: age, kind: uint}", with: "{name: age, kind: id, type: age}")
        let schema = try Schema(yaml: Array(other.utf8))
        let clauses = world.clauses[1]
        let second = try Statement(
            schema: schema, inForce: world.inForce, require: clauses.require, forbid: clauses.forbid, constants: clauses.constants,
            reveal: world.reveal, links: world.links)
        #expect(code { _ = try Statements([first, second]) } == "schema-kind")
    }

    // MARK: The schema of an entry

    /// An entry of a schema that is not in the policy: its id changed in the ledger too.
    @Test(arguments: 0..<4, [6, 13, 14, 21])
    func foreignSchema(_ row: Int, byte: Int) throws {
        var world = try Self.honest().world
        try world.spoilEntry(row) { $0[byte] ^= 1 }
        let reasons = try world.reasons(world.prove(dishonestly: true))
        #expect(reasons.contains("entry-schema"))
        // A schema of the policy is none of the bundle's if the policy leaves it out.
        let one = try world.policy(Statements(world.statement(0)))
        #expect(try world.reasons(world.prove(dishonestly: true), policy: one).contains("entry-schema"))
    }

    /// An entry that bears the id of the other schema than that under which it was committed, in the ledger too: the prover may open it as it likes.
    @Test(arguments: 0..<4, [false, true])
    func wrongSchema(_ row: Int, asCommitted: Bool) throws {
        var world = try Self.honest(reveal: ["notice"]).world
        let kit = 1 - world.receipts[row].kit
        let id = SchemasWorld.kits[kit].schema.id
        try world.spoilEntry(row) { $0.replaceSubrange(Entry.schemaIDRange, with: id) }
        world.receipts[row].consent.values["site"] = .id(Array("site-1".utf8))
        // The witness has it in the columns of the schema that its id names, or in those of the schema that it was committed under.
        if !asCommitted { world.receipts[row].kit = kit }
        #expect(try world.reasons(world.prove(dishonestly: true)) == ["consentEquation"])
        #expect(throws: ProverFailure.self) { try world.prove() }
    }

    /// A prover that folds a row with the columns and clauses of the wrong schema.
    @Test(arguments: 0..<4)
    func judgedUnderTheWrongSchema(_ row: Int) throws {
        var (world, parts) = try Self.honest()
        let (statement, context) = (try world.compiled(), try world.transcript(parts.bundle()))
        world.receipts[row].consent.values["site"] = .id(Array("site-1".utf8))
        world.receipts[row].kit = 1 - world.receipts[row].kit
        let evidence = try world.base.ledgers[0].register(try world.base.manifest())
        let assembled = try world.assemble(dishonestly: true, statement: statement, evidence: evidence)
        let transcript = DatasetTranscript.begin(context).weighted()
        let rho = transcript.weights.weights(count: 4)
        var numbers: [Int] = []
        for receipt in world.receipts { numbers.append(try world.number(ofKit: receipt.kit)) }
        // One entry for each row, in the order of the rows.
        let folded = assembled.witness.folded(
            rho: rho, rowSchemas: numbers, weights: rho.map { Scalar($0) }, receiptSchemas: numbers, statement: statement)
        parts.proof = try FoldedProver.prove(statement.relation, data: folded.data, tail: folded.tail, transcript: transcript).bytes
        #expect(try world.reasons(parts.bundle()) == ["consentEquation"])
    }

    // MARK: One bad row

    enum SchemaFraud: String, CaseIterable, Sendable {
        case requiredFlag, forbiddenFlag, ownRequired, ownForbidden, ownConstant, controller, day, record, revealed, dataPoint

        func commit(_ world: inout SchemasWorld, _ row: Int) throws {
            let kit = world.receipts[row].kit
            var consent = world.receipts[row].consent
            switch self {
            case .requiredFlag: consent.flags["purposes"] = []
            case .forbiddenFlag: consent.flags["purposes"]?.insert("Marketing")
            case .ownRequired: consent.flags["data_categories"] = kit == 0 ? ["Location"] : ["Health", "Genetic"]
            case .ownForbidden: consent.flags["data_categories"] = kit == 0 ? [] : ["Genetic"]
            case .ownConstant: consent.values[kit == 0 ? "controller" : "site"] = .id(Array("elsewhere".utf8))
            case .controller: consent.values["controller"] = .id(Array("https://other.example".utf8))
            case .day: consent.inForce = try interval("2026-01-02", "2026-01-04")
            case .record: consent.values["record"] = .id(TestKit.record(1_000))
            case .revealed: return
            case .dataPoint:
                world.base.rows[row].dataPoint = world.base.rows[(row + 1) % world.base.rows.count].dataPoint
                return
            }
            try world.reissue(row, consent)
        }
    }

    @Test(arguments: SchemaFraud.allCases, 0..<4)
    func oneBadRow(_ fraud: SchemaFraud, row: Int) throws {
        var world = try Self.honest(reveal: ["notice", "age"]).world
        try fraud.commit(&world, row)
        let bundle = try world.prove(dishonestly: true) { draft in
            guard fraud == .revealed else { return }
            draft.revealed[0] = draft.revealed[0].replacing(Int(draft.positions[row]), by: .id(Array("notice-9".utf8)))
        }
        #expect(try world.reasons(bundle) == [fraud == .dataPoint ? "dataEquation" : "consentEquation"])
        guard fraud != .revealed else { return }
        #expect(throws: ProverFailure.self) { try world.prove() }
    }

    /// What one schema's clauses demand of a consent, the other's do not: a consent is held to those of its own schema.
    @Test func clausesAreNotMixed() throws {
        // Under the partner's schema Health is not required, and under the small one no site is.
        var world = try SchemasWorld.honest([0, 1])
        var consent = world.receipts[1].consent
        consent.flags["data_categories"] = []
        try world.reissue(1, consent)
        #expect(try world.reasons(world.prove()) == [])
        // Both records are exchanged: the sums of all weights would not tell, those with their weights do.
        var exchanged = world
        exchanged.base.rows.swapAt(0, 1)
        #expect(try exchanged.reasons(exchanged.prove()) == [], "assigned by record")
        let bundle = try exchanged.prove(dishonestly: true) { $0.positions.swapAt(0, 1) }
        #expect(try exchanged.reasons(bundle) == ["consentEquation"], "the sum of both slots is right, neither is")
    }

    // MARK: Files

    @Test func everyByte() async throws {
        var world = try SchemasWorld.honest([0, 1, 1], reveal: ["notice", "age"])
        let file = BundleWriter.encode(try world.prove())
        let verifier = try DatasetVerifier(policy: world.policy(), generators: SchemasWorld.kits[0].generators)
        func refuses(_ file: [UInt8]) throws -> Bool {
            guard let bundle = try? verifier.parse(file) else { return true }
            return try !verifier.verify(bundle, evidence: Evidence(now: TestWorld.now)).holds
        }
        #expect(try !refuses(file))
        for position in file.indices {
            var spoiled = file
            spoiled[position] ^= 1 << UInt8(position % 8)
            #expect(try refuses(spoiled), "byte \(position)")
        }
        for length in stride(from: 0, to: file.count, by: 13) {
            #expect(throws: ModelError.self) { try verifier.parse(Array(file.prefix(length))) }
        }
    }
}
