// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import Groups
import MerkleLog
import SigmaProofs
import Testing

/// Honest bundles of several schemas (docs/protocol.md section 4.6), and its equations one term at a time.
@Suite struct SchemasTests {
    typealias Scalar = Suite.Scalar

    @Test(arguments: [[0, 1], [1, 0], [0, 1, 1, 0, 0], [1], [0], Array(repeating: 0, count: 40) + Array(repeating: 1, count: 30)])
    func holds(_ kits: [Int]) throws {
        var world = try SchemasWorld.honest(kits)
        let bundle = try world.prove()
        let verdict = try world.verify(bundle)
        #expect(verdict.findings == [])
        #expect(verdict.dataPoints == kits.count && verdict.distinctConsents == kits.count && verdict.mostPerConsent == 1)
        for (number, schema) in try world.statements().schemas.enumerated() {
            let own = try kits.count { kit in try world.kit(of: schema) == kit }
            #expect(verdict.schemas[number].consents == own && verdict.schemas[number].dataPoints == own)
        }
        let digests = try world.statements().schemas.map(\.digest)
        #expect(bundle.header.schemas == digests && bundle.header.form == "dataset-schemas/1")
        let verifier = try DatasetVerifier(policy: world.policy())
        let file = BundleWriter.encode(bundle)
        let parsed = try verifier.parse(file)
        let again = BundleWriter.encode(parsed)
        #expect(try world.reasons(parsed) == [])
        #expect(again == file)
        // Days of both calendars are in the tail once: 2026-01-01 to 2026-01-10 less three.
        let compiled = try world.compiled()
        #expect(compiled.places.count == 3 + 3 + 1 + 3 + 7 + 1 && bundle.proof.byteCount == compiled.proofByteCount)
    }

    @Test(arguments: [[Statement.Link.record], [.subject], [.record, .subject]])
    func everyLink(_ links: [Statement.Link]) throws {
        var world = try SchemasWorld.honest([0, 1, 1, 0], ledgers: 3, reveal: ["notice", "age"])
        world.links = Set(links)
        let verdict = try world.verify(world.prove())
        #expect(verdict.findings == [] && verdict.ledgers.map(\.consents) == [2, 1, 1])
    }

    /// A consent that covers many rows has the sum of their weights.
    @Test func repeatedEntries() throws {
        var world = try SchemasWorld.honest([0, 1], reveal: ["notice"])
        world.links = [.subject]
        try world.base.commitRows((0..<300).map { (TestKit.record(1000 + $0), TestKit.subject($0 % 3 == 0 ? 1 : 0)) })
        let verdict = try world.verify(world.prove())
        #expect(verdict.findings == [] && verdict.dataPoints == 302 && verdict.distinctConsents == 2)
        #expect(verdict.mostPerConsent == 201)
        #expect(verdict.multiplicities.groups.map(\.dataPoints).reduce(0, +) == 302)
    }

    /// Counts and withdrawals are over the whole bundle.
    @Test func wholeBundle() throws {
        var world = try SchemasWorld.honest([0, 1, 1])
        let bundle = try world.prove()
        #expect(try world.reasons(bundle, policy: world.policy(minimum: 3, oneToOne: true)) == [])
        #expect(try world.reasons(bundle, policy: world.policy(minimum: 4)) == ["too-few"])
        for position in 0..<3 {
            var revoked = world
            let leaf = LeafHash(entry: world.receipts[position].entry)
            revoked.base.ledgers[0].revocations.append([RevocationEntry(kind: .issuer, leaf: leaf).bytes])
            #expect(try revoked.reasons(revoked.prove(dishonestly: true)) == ["revoked"])
        }
    }

    /// A list of one schema is that schema: digest, transcript and file.
    @Test func listOfOne() throws {
        let world = try SchemasWorld.honest([0, 0])
        let statement = try world.statement(0)
        let list = try Statements([statement])
        #expect(list == Statements(statement) && list.digest == statement.digest && list.json == statement.json)
        let compiled = try CompiledStatement(list)
        let plain = try CompiledStatement(statement)
        #expect(compiled.relation.dataBases == plain.relation.dataBases && compiled.relation.tailBases == plain.relation.tailBases)
        var other = world
        let bundle = try other.prove(statement: compiled)
        #expect(bundle.header.form == "dataset/1" && bundle.header.schemas == [statement.schema.digest])
        #expect(try other.reasons(bundle, policy: other.policy(list)) == [])
    }

    /// A batch finds the bundle that does not hold.
    @Test func batch() throws {
        var world = try SchemasWorld.honest([0, 1, 0, 1])
        var bundles: [Bundle] = []
        for _ in 0..<5 { bundles.append(try world.prove()) }
        var parts = BundleParts(bundles[3])
        parts.proof[parts.proof.count - 32] ^= 1
        bundles[3] = try parts.bundle()
        var batch = BundleBatch(try DatasetVerifier(policy: world.policy()))
        for bundle in bundles { _ = try batch.append(bundle, evidence: Evidence(now: TestWorld.now)) }
        #expect(batch.close().map(\.holds) == [true, true, true, false, true])
    }

    // MARK: Equations

    /// (1), (2') and (3) as section 4.6 writes them, from the clauses and the openings in the clear.
    @Test(arguments: [[Statement.Link.record], [.subject], [.record, .subject]])
    func equations(_ links: [Statement.Link]) throws {
        var world = try SchemasWorld.honest([0, 1, 1, 0, 1], reveal: ["notice", "age"])
        world.links = Set(links)
        let bundle = try world.prove()
        let parts = BundleParts(bundle)
        let order = try world.statements().schemas.map { try world.kit(of: $0) }
        let tables = order.map { SchemasWorld.kits[$0].generators }

        // The common tail: a place for each hidden attribute and flag of each schema, days once, H.
        var tail: [(key: String, base: Suite.Point)] = []
        for (number, kit) in order.enumerated() {
            let constrained = Set(world.clauses[kit].constants.keys).union(world.reveal).union(links.map(\.rawValue))
            for (index, attribute) in tables[number].schema.attributes.enumerated() where !constrained.contains(attribute.name) {
                tail.append(("\(kit) \(attribute.name)", tables[number].attributes[index]))
            }
        }
        for (number, kit) in order.enumerated() {
            let clauses = world.clauses[kit]
            for (index, flag) in tables[number].schema.flags.enumerated()
            where ![clauses.require, clauses.forbid].contains(where: { $0[flag.group]?.contains(flag.name) ?? false }) {
                tail.append(("\(kit) \(flag.group)/\(flag.name)", tables[number].flags[index]))
            }
        }
        let inForce = try #require(world.inForce)
        for number in 1...10 {
            let day = try #require(Day(iso8601: "2026-01-\(number < 10 ? "0" : "")\(number)"))
            if !inForce.contains(day) { tail.append(("day \(number)", Generators.derive([Generators.dayLabel(day)])[0])) }
        }
        tail.append(("H", tables[0].blinding))
        let compiled = try world.compiled()
        #expect(compiled.relation.tailBases == tail.map(\.base))

        // (1) for every row: the other schema's places and slots are 0.
        let data = try decoded(parts.dataPoints.flatMap { $0 })
        let calendars = try decoded(parts.entries.flatMap { $0[Entry.calendarRange] })
        var reduced: [Suite.Point] = []
        for row in world.base.rows.indices {
            let receipt = world.receipts[Int(parts.positions[row])]
            let table = SchemasWorld.kits[receipt.kit].generators
            let known = try known(world, receipt)
            reduced.append(Suite.add(calendars[Int(parts.positions[row])], Suite.negate(known)))
            var opened = Suite.identity
            for (key, base) in tail { opened = Suite.add(opened, multiply(try value(key, receipt), base)) }
            for link in links { opened = Suite.add(opened, try term(link.rawValue, receipt.consent, table)) }
            #expect(reduced[row] == opened, "row \(row)")
        }

        // (2') and (3), the generators folded.
        let announced: AnnouncedTranscript<Suite>
        let context = try world.transcript(bundle)
        let weighted = DatasetTranscript.begin(context).weighted()
        let rho = weighted.weights.weights(count: parts.positions.count).map { Scalar($0) }
        var reader = Reader(parts.proof)
        let announcement = FoldedAnnouncement<Suite>(data: try reader.point(), consent: try reader.point())
        announced = weighted.announced(announcement)
        let c = announced.challenge.scalar
        let z = try (0..<3 + links.count).map { _ in try reader.scalar() }
        let dataBases = tables[0].dataBases + links.map { tables[0].dataBases[$0.slot] }
        #expect(sum(z.indices.map { multiply(z[$0], dataBases[$0]) }) == Suite.add(announcement.data, multiply(c, fold(rho, data))))

        var target = Suite.add(announcement.consent, multiply(c, fold(rho, reduced)))
        for (position, link) in links.enumerated() {
            for (number, slot) in [(0, link.slot), (1, 3 + position)] {
                let index = try #require(tables[number].schema.attributeIndex(named: link.rawValue))
                target = Suite.add(target, Suite.negate(multiply(z[slot], tables[number].attributes[index])))
            }
        }
        var transcript = announced.answered(z)
        var folded = tail.map(\.base)
        while folded.count & (folded.count - 1) != 0 { folded.append(Suite.identity) }
        while folded.count > 4 {
            let round = CompressedTail<Suite>.Round(left: try reader.point(), right: try reader.point())
            let e = transcript.challenge(round).scalar
            let half = folded.count / 2
            folded = (0..<half).map { Suite.add(multiply(e, folded[$0]), folded[half + $0]) }
            target = sum([round.left, multiply(e, target), multiply(e * e, round.right)])
        }
        #expect(try sum(folded.map { multiply(try reader.scalar(), $0) }) == target)
        #expect(reader.isAtEnd)
    }

    /// What the clauses for a consent's schema, and the revealed columns, take out of it.
    private func known(_ world: SchemasWorld, _ receipt: SchemasWorld.Receipt) throws -> Suite.Point {
        let (clauses, table) = (world.clauses[receipt.kit], SchemasWorld.kits[receipt.kit].generators)
        let inForce = try #require(world.inForce)
        var point = try #require(table.sum(of: inForce))
        for (group, names) in clauses.require {
            for name in names { point = Suite.add(point, table.flags[try #require(table.schema.flagIndex(name, in: group))]) }
        }
        for name in clauses.constants.keys { point = Suite.add(point, try term(name, receipt.consent, table)) }
        for name in world.reveal { point = Suite.add(point, try term(name, receipt.consent, table)) }
        return point
    }

    private func term(_ name: String, _ consent: Consent, _ table: GeneratorTable) throws -> Suite.Point {
        let index = try #require(table.schema.attributeIndex(named: name))
        let scalar = try #require(consent.values[name].flatMap { table.schema.attributes[index].scalar(of: $0) })
        return multiply(scalar, table.attributes[index])
    }

    /// The value of a consent at a place of the common tail.
    private func value(_ key: String, _ receipt: SchemasWorld.Receipt) throws -> Scalar {
        if key == "H" { return receipt.k + receipt.t }
        let words = key.split(separator: " ").map(String.init)
        if words[0] == "day" {
            let day = try #require(Day(iso8601: "2026-01-\(words[1].count < 2 ? "0" : "")\(words[1])"))
            return receipt.consent.inForce.contains(day) ? .one : .zero
        }
        guard words[0] == String(receipt.kit) else { return .zero }
        let parts = words[1].split(separator: "/").map(String.init)
        if parts.count == 2 { return receipt.consent.has(parts[1], in: parts[0]) ? .one : .zero }
        let schema = SchemasWorld.kits[receipt.kit].schema
        let attribute = try #require(schema.attribute(named: words[1]))
        return try #require(receipt.consent.values[words[1]].flatMap { attribute.scalar(of: $0) })
    }

    private func multiply(_ scalar: Scalar, _ point: Suite.Point) -> Suite.Point { Suite.vartimeMultiScalarMul([scalar], [point]) }
    private func sum(_ points: [Suite.Point]) -> Suite.Point { points.reduce(Suite.identity) { Suite.add($0, $1) } }
    private func fold(_ rho: [Scalar], _ points: [Suite.Point]) -> Suite.Point { sum(rho.indices.map { multiply(rho[$0], points[$0]) }) }

    /// The elements and scalars of a proof in order.
    private struct Reader {
        let bytes: [UInt8]
        var offset = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { offset == bytes.count }

        mutating func next() throws -> [UInt8] {
            try #require(offset + 32 <= bytes.count)
            defer { offset += 32 }
            return Array(bytes[offset..<offset + 32])
        }

        mutating func point() throws -> Suite.Point { try decoded(next())[0] }

        mutating func scalar() throws -> Scalar {
            let bytes = try next()
            return try Scalar(canonical: bytes.span)
        }
    }
}
