// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import MerkleLog
import Primitives
import Secrets

/// Issuers of consents under two schemas, a holder and an auditor in memory. Everything that authenticates follows the present contents.
struct SchemasWorld {
    struct Kit: Sendable {
        let schema: Schema
        let generators: GeneratorTable
        let committer: ConsentCommitter

        init(_ schema: Schema) throws {
            self.schema = schema
            generators = try GeneratorTable(schema)
            committer = ConsentCommitter(generators)
        }
    }

    struct Receipt {
        /// The number of its kit, not that of its schema in the policy's order.
        var kit: Int
        var ledger: Int
        var index: Int
        var entry: [UInt8]
        var consent: Consent
        var k: Suite.Scalar
        var t: Suite.Scalar
    }

    /// Another form of the same consents: other order, other flags, an attribute more, a calendar that begins and ends later.
    static let partner = """
        schema: test-partner
        version: 1
        calendar: {from: 2026-01-02, days: 9}
        attributes:
          - {name: subject, kind: id, type: subject}
          - {name: age, kind: uint}
          - {name: site, kind: id, type: site}
          - {name: controller, kind: id, type: controller}
          - {name: record, kind: id, type: record}
          - {name: notice, kind: id, type: notice}
        flags:
          - {group: data_categories, values: [Location, Genetic, Health]}
          - {group: purposes, values: [Marketing, ScientificResearch, PublicBenefit]}
        """

    /// Kit 0 has `test-small`, kit 1 the partner's schema.
    static let kits: [Kit] = {
        do {
            return [try Kit(Schema.builtIn(named: "test-small")), try Kit(Schema(yaml: Array(partner.utf8)))]
        } catch {
            fatalError("the schemas of the tests cannot be used: \(error)")
        }
    }()

    /// Clauses for one kit.
    struct Clauses: Sendable {
        var require: [String: [String]] = ["purposes": ["ScientificResearch"]]
        var forbid: [String: [String]] = ["purposes": ["Marketing"]]
        var constants: [String: ConsentValue] = ["controller": .id(Array("https://hospital.example".utf8))]
    }

    var clauses = [Clauses(), Clauses()]
    var inForce: DayInterval?
    var reveal: [String] = []
    var links: Set<Statement.Link> = [.record]
    var receipts: [Receipt] = []
    /// Ledgers, rows and the registry.
    var base: TestWorld

    /// `kits[i]` is the kit of row `i` and its consent; ledgers in turn.
    static func honest(_ kits: [Int], ledgers: Int = 1, reveal: [String] = []) throws -> SchemasWorld {
        var world = try SchemasWorld(
            base: TestWorld(ledgers: (0..<ledgers).map { try TestLedger("\(["a", "b", "c"][$0]).example", seed: UInt8(1 + $0)) }))
        world.inForce = try interval("2026-01-03", "2026-01-05")
        world.reveal = reveal
        world.clauses[0].require["data_categories"] = ["Health"]
        world.clauses[1].forbid["data_categories"] = ["Genetic"]
        world.clauses[1].constants["site"] = .id(Array("site-1".utf8))
        for (number, kit) in kits.enumerated() { try world.issue(consent(number, kit), kit: kit, ledger: number % ledgers) }
        try world.base.commitRows(kits.indices.map { (TestKit.record($0), TestKit.subject($0)) })
        return world
    }

    private init(base: TestWorld) { self.base = base }

    /// The `number`-th honest consent, about the record and the subject of that number.
    static func consent(_ number: Int, _ kit: Int) throws -> Consent {
        var values: [String: ConsentValue] = [
            "record": .id(TestKit.record(number)), "subject": .id(TestKit.subject(number)),
            "controller": .id(Array("https://hospital.example".utf8)), "notice": .id(Array("notice-\(number % 3)".utf8)),
            "age": .uint(UInt64(18 + number % 60)),
        ]
        if kit == 1 { values["site"] = .id(Array("site-1".utf8)) }
        let extra: Set<String> = number % 2 == 0 ? [] : ["Location"]
        return Consent(
            id: "c-\(number)", values: values, flags: ["purposes": ["ScientificResearch"], "data_categories": extra.union(["Health"])],
            inForce: try interval("2026-01-02", "2026-01-07"))
    }

    // MARK: Issuer

    mutating func issue(_ consent: Consent, kit: Int, ledger: Int = 0) throws {
        let index = base.ledgers[ledger].consents.leaves.count
        let receipt = try committed(consent, kit: kit, ledger: ledger, index: index)
        base.ledgers[ledger].consents.append([receipt.entry])
        receipts.append(receipt)
    }

    /// Replaces the consent of receipt `position` by another, in the ledger too.
    mutating func reissue(_ position: Int, _ consent: Consent, kit: Int? = nil) throws {
        let old = receipts[position]
        let new = try committed(consent, kit: kit ?? old.kit, ledger: old.ledger, index: old.index)
        base.ledgers[old.ledger].consents.replace(old.index, by: new.entry)
        receipts[position] = new
    }

    /// Rewrites the entry of receipt `position`, in the ledger too.
    mutating func spoilEntry(_ position: Int, _ spoil: (inout [UInt8]) throws -> Void) throws {
        try spoil(&receipts[position].entry)
        base.ledgers[receipts[position].ledger].consents.replace(receipts[position].index, by: receipts[position].entry)
    }

    private func committed(_ consent: Consent, kit: Int, ledger: Int, index: Int) throws -> Receipt {
        let committed = try Self.kits[kit].committer.commit([consent])
        let entry = try Entry(
            issuanceDay: nil, schemaID: Self.kits[kit].schema.id, consent: Array(committed.consents[..<32]),
            calendar: Array(committed.calendars[..<32]), withdrawalTag: SHA256.hash(Array("tag \(ledger) \(index)".utf8)))
        return Receipt(
            kit: kit, ledger: ledger, index: index, entry: entry.bytes, consent: consent,
            k: committed.consentBlindings.declassified(as: .response)[0], t: committed.calendarBlindings.declassified(as: .response)[0])
    }

    // MARK: Policy

    func statement(_ kit: Int) throws -> Statement {
        try Statement(
            schema: Self.kits[kit].schema, inForce: inForce, require: clauses[kit].require, forbid: clauses[kit].forbid,
            constants: clauses[kit].constants, reveal: reveal, links: links)
    }

    func statements() throws -> Statements { try Statements([try statement(0), try statement(1)]) }

    func compiled() throws -> CompiledStatement { try CompiledStatement(statements(), generators: Self.kits[0].generators) }

    /// The number of a kit's schema in the policy's order.
    func number(ofKit kit: Int) throws -> Int {
        guard let number = try statements().schemas.firstIndex(of: Self.kits[kit].schema) else { throw TestMistake() }
        return number
    }

    /// The kit of a schema.
    func kit(of schema: Schema) throws -> Int {
        guard let kit = Self.kits.firstIndex(where: { $0.schema == schema }) else { throw TestMistake() }
        return kit
    }

    func policy(_ statements: Statements? = nil, minimum: UInt64? = nil, oneToOne: Bool = false) throws -> Policy {
        Policy(
            name: "test", statements: try statements ?? self.statements(),
            acceptance: Policy.Acceptance(
                ledgers: try base.ledgers.map { try $0.trusted() }, freshness: base.freshness, minimumDistinctConsents: minimum,
                isOneToOne: oneToOne))
    }

    /// A policy file of the world's clauses, for programs that read one; the partner's schema is beside it.
    func policyText() throws -> String {
        func flags(_ groups: [String: [String]]) -> String {
            "{" + groups.sorted { $0.key < $1.key }.map { "\($0): [\($1.joined(separator: ", "))]" }.joined(separator: ", ") + "}"
        }
        func element(_ kit: Int) -> String {
            let constants = clauses[kit].constants.sorted { $0.key < $1.key }.map { name, value -> String in
                if case .id(let bytes) = value { return "\(name): \"\(String(decoding: bytes, as: UTF8.self))\"" }
                return ""
            }
            let name = kit == 0 ? "test-small" : "partner.yaml"
            return "    - {name: \(name), require: \(flags(clauses[kit].require)), forbid: \(flags(clauses[kit].forbid)), "
                + "constants: {\(constants.joined(separator: ", "))}}"
        }
        var lines = ["policy: test", "statement:", "  schema:", element(0), element(1)]
        if let inForce { lines.append("  in_force: {from: \(inForce.first), to: \(inForce.last)}") }
        if !reveal.isEmpty { lines.append("  reveal: [\(reveal.joined(separator: ", "))]") }
        lines += ["  link: [\(links.sorted().map(\.rawValue).joined(separator: ", "))]", "acceptance:", "  ledgers:"]
        for ledger in base.ledgers {
            let trusted = try ledger.trusted()
            let keys = trusted.cosigners.map { "\"\($0.text)\"" }.joined(separator: ", ")
            lines += [
                "    - origin: \(ledger.origin)", "      key: \(trusted.key.text)",
                "      cosigners: {quorum: \(trusted.quorum), keys: [\(keys)]}",
            ]
        }
        return (lines + ["  freshness: {current: 1d}"]).map { $0 + "\n" }.joined()
    }

    // MARK: Holder

    /// Everything that a prover has.
    func assemble(
        dishonestly: Bool, statement: CompiledStatement, evidence: BundleHeader.ManifestEvidence
    ) throws -> DatasetAssembler.Assembled {
        var assembler = DatasetAssembler(
            statement: statement, ledgers: try base.ledgers.map { try $0.view() }, rows: base.rows.count, receipts: receipts.count,
            dishonestly: dishonestly)
        try base.fillRows(&assembler)
        for receipt in receipts {
            guard let number = statement.statements.schemas.firstIndex(of: Self.kits[receipt.kit].schema) else { continue }
            let (k, t) = (receipt.k.limbs, receipt.t.limbs)
            try assembler.addReceipt(
                schema: number, ledger: receipt.ledger, index: UInt64(receipt.index), entry: receipt.entry, consent: receipt.consent,
                k: k.span, t: t.span)
        }
        return try assembler.finish(
            manifest: evidence, manifestRoot: try base.manifest().root.bytes, holder: base.holder, context: base.context)
    }

    /// Registers the data points and proves; `edit` changes the columns before they are absorbed.
    mutating func prove(
        dishonestly: Bool = false, statement: CompiledStatement? = nil, edit: (inout BundleDraft) throws -> Void = { _ in }
    ) throws -> Bundle {
        let statement = try statement ?? compiled()
        let evidence = try base.ledgers[0].register(try base.manifest())
        let assembled = try assemble(dishonestly: dishonestly, statement: statement, evidence: evidence)
        var draft = assembled.draft
        try edit(&draft)
        let prover = dishonestly ? DatasetProver(dishonestly: statement) : DatasetProver(statement: statement)
        return try prover.prove(draft, witness: assembled.witness)
    }

    // MARK: Auditor

    func verify(_ bundle: Bundle, policy: Policy? = nil, evidence: Evidence = Evidence(now: TestWorld.now)) throws -> Verdict {
        try DatasetVerifier(policy: try policy ?? self.policy(), generators: Self.kits[0].generators).verify(bundle, evidence: evidence)
    }

    /// The reasons of a verdict, in order; empty if the bundle holds.
    func reasons(_ bundle: Bundle, policy: Policy? = nil) throws -> [String] {
        try verify(bundle, policy: policy).findings.map(\.reason)
    }

    /// What the auditor's transcript absorbs for a bundle.
    func transcript(_ bundle: Bundle) throws -> DatasetContext {
        let statements = try statements()
        return DatasetContext(
            statementDigest: statements.digest, schemaDigests: statements.schemas.map(\.digest), holder: base.holder, context: base.context,
            dataPoints: UInt64(base.rows.count), manifestOrigin: "a.example", manifestRoot: try base.manifest().root.bytes,
            ledgers: try base.ledgers.enumerated().map { number, ledger in
                let view = try ledger.view()
                return .init(
                    number: UInt64(number), origin: ledger.origin, consentsSize: view.consents.size, consentsRoot: view.consents.root,
                    revocationsSize: view.revocations.size, revocationsRoot: view.revocations.root)
            }, distinctConsents: UInt64(bundle.entries.count), rowsDigest: try RowsDigest.compute(bundle))
    }
}
