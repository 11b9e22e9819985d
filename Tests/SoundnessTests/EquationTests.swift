// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import Groups
import SigmaProofs
import TestSupport
import Testing

/// Equations (1), (2) and (3) of docs/protocol.md as they are written there, one term at a time.
@Suite struct EquationTests {
    typealias Scalar = Suite.Scalar

    /// What a clause takes out of the consents for a row that reveals `notice` and `age`.
    func known(_ world: TestWorld, entry: Int, _ parts: BundleParts) throws -> Suite.Point {
        let (schema, generators) = (world.kit.schema, world.kit.generators)
        var point = try #require(generators.sum(of: world.clauses.inForce))
        for (group, names) in world.clauses.require {
            for name in names { point = Suite.add(point, generators.flags[try #require(schema.flagIndex(name, in: group))]) }
        }
        for (name, value) in world.clauses.constants { point = Suite.add(point, try term(name, value, world)) }
        for column in parts.revealed { point = Suite.add(point, try term(column.attribute.name, column[entry], world)) }
        return point
    }

    private func term(_ name: String, _ value: ConsentValue, _ world: TestWorld) throws -> Suite.Point {
        let index = try #require(world.kit.schema.attributeIndex(named: name))
        let scalar = try #require(world.kit.schema.attributes[index].scalar(of: value))
        return multiply(scalar, world.kit.generators.attributes[index])
    }

    private func multiply(_ scalar: Scalar, _ point: Suite.Point) -> Suite.Point { Suite.vartimeMultiScalarMul([scalar], [point]) }

    private func sum(_ points: [Suite.Point]) -> Suite.Point { points.reduce(Suite.identity) { Suite.add($0, $1) } }

    /// The generators of the tail, in the order that section 3 gives.
    private func tail(_ world: TestWorld) throws -> [Suite.Point] {
        let (schema, generators) = (world.kit.schema, world.kit.generators)
        let constrained = Set(world.clauses.constants.keys).union(world.clauses.reveal).union(world.clauses.links.map(\.rawValue))
        var points: [Suite.Point] = []
        for (index, attribute) in schema.attributes.enumerated() where !constrained.contains(attribute.name) {
            points.append(generators.attributes[index])
        }
        for (index, flag) in schema.flags.enumerated() {
            let isConstrained = [world.clauses.require, world.clauses.forbid].contains { $0[flag.group]?.contains(flag.name) ?? false }
            if !isConstrained { points.append(generators.flags[index]) }
        }
        let days = try #require(schema.calendarOffsets(of: world.clauses.inForce))
        for (offset, day) in generators.days.enumerated() where !days.contains(offset) { points.append(day) }
        return points + [generators.blinding]
    }

    @Test(arguments: [[Statement.Link.record], [.subject], [.record, .subject]])
    func ofARow(_ links: [Statement.Link]) throws {
        var world = try TestWorld.honest(3, reveal: ["notice", "age"])
        world.clauses.links = Set(links)
        let parts = BundleParts(try world.prove())
        let (schema, generators) = (world.kit.schema, world.kit.generators)
        for row in world.rows.indices {
            let consent = world.receipts[row].consent
            let rec = Identifier.scalar(type: "record", bytes: world.rows[row].record)
            let subj = Identifier.scalar(type: "subject", bytes: world.rows[row].subject)
            let data = sum([
                multiply(rec, generators.recordData), multiply(subj, generators.subjectData),
                multiply(world.rows[row].blinding, generators.blinding),
            ])
            #expect(Suite.encode([data]) == parts.dataPoints[row])

            // <h, tail> with h from the consent in the clear.
            var linked: [Suite.Point] = []
            for link in links {
                let index = try #require(schema.attributeIndex(named: link.rawValue))
                linked.append(multiply(link == .record ? rec : subj, generators.attributes[index]))
            }
            let openings = try hidden(consent, world) + [world.receipts[row].k + world.receipts[row].t]
            let right = sum(linked + [Suite.vartimeMultiScalarMul(openings, try tail(world))])
            let c = try decoded(Array(parts.entries[row][Entry.calendarRange]))[0]
            #expect(Suite.add(c, Suite.negate(try known(world, entry: row, parts))) == right, "equation (1) of row \(row)")
        }
    }

    /// The hidden attributes, flags and days of a consent in the order of the tail.
    private func hidden(_ consent: Consent, _ world: TestWorld) throws -> [Scalar] {
        let schema = world.kit.schema
        let constrained = Set(world.clauses.constants.keys).union(world.clauses.reveal).union(world.clauses.links.map(\.rawValue))
        var scalars: [Scalar] = []
        for attribute in schema.attributes where !constrained.contains(attribute.name) {
            scalars.append(try #require(consent.values[attribute.name].flatMap { attribute.scalar(of: $0) }))
        }
        for flag in schema.flags {
            let isConstrained = [world.clauses.require, world.clauses.forbid].contains { $0[flag.group]?.contains(flag.name) ?? false }
            if !isConstrained { scalars.append(consent.has(flag.name, in: flag.group) ? .one : .zero) }
        }
        for offset in 0..<schema.calendar.count {
            let day = try #require(schema.calendar.first.advanced(by: offset))
            if !world.clauses.inForce.contains(day) { scalars.append(consent.inForce.contains(day) ? .one : .zero) }
        }
        return scalars
    }

    @Test(arguments: [[Statement.Link.record], [.subject], [.record, .subject]])
    func ofAProof(_ links: [Statement.Link]) throws {
        var world = try TestWorld.honest(5, reveal: links.count == 2 ? [] : ["notice", "age"])
        world.clauses.links = Set(links)
        let sample = try TranscriptBindingTests.Sample(world)
        world = sample.world
        let (parts, generators) = (sample.parts, world.kit.generators)
        let rho = sample.weights().map { Scalar($0) }

        let tail = try tail(world)
        // Nine places where nothing is revealed, which are halved twice, eight otherwise.
        let (padded, rounds) = tail.count > 8 ? (16, 2) : (8, 1)
        #expect(tail.count > padded / 2 && parts.proof.count == 32 * (5 + 2 * rounds + 4))
        func point(_ index: Int) throws -> Suite.Point { try decoded(Array(parts.proof[32 * index..<32 * index + 32]))[0] }
        func scalar(_ index: Int) throws -> Scalar {
            let bytes = Array(parts.proof[32 * index..<32 * index + 32])
            return try Scalar(canonical: bytes.span)
        }
        let announcements = [try point(0), try point(1)]
        let z = [try scalar(2), try scalar(3), try scalar(4)]
        let announced: AnnouncedTranscript<Suite> = DatasetTranscript.begin(sample.honest).weighted().announced(
            FoldedAnnouncement(data: announcements[0], consent: announcements[1]))
        let c = announced.challenge.scalar

        let dataPoints = try decoded(parts.dataPoints.flatMap { $0 })
        let dataStar = sum(dataPoints.indices.map { multiply(rho[$0], dataPoints[$0]) })
        #expect(
            sum([multiply(z[0], generators.recordData), multiply(z[1], generators.subjectData), multiply(z[2], generators.blinding)])
                == Suite.add(announcements[0], multiply(c, dataStar)), "equation (2)")

        let calendars = try decoded(parts.entries.flatMap { $0[Entry.calendarRange] })
        let consentStar = sum(
            try rho.indices.map { row in
                let entry = Int(parts.positions[row])
                return multiply(rho[row], Suite.add(calendars[entry], Suite.negate(try known(world, entry: entry, parts))))
            })
        var target = Suite.add(announcements[1], multiply(c, consentStar))
        for link in links {
            let index = try #require(world.kit.schema.attributeIndex(named: link.rawValue))
            target = Suite.add(target, Suite.negate(multiply(z[link == .record ? 0 : 1], generators.attributes[index])))
        }
        var transcript = announced.answered(z)
        var (products, e) = ([Scalar](repeating: .one, count: tail.count), [Scalar]())
        var folded = tail + [Suite.Point](repeating: Suite.identity, count: padded - tail.count)
        var foldedTarget = target
        for r in 0..<rounds {
            let (a, b) = (try point(5 + 2 * r), try point(6 + 2 * r))
            e.append(transcript.challenge(.init(left: a, right: b)).scalar)
            let half = folded.count / 2
            folded = (0..<half).map { Suite.add(multiply(e[r], folded[$0]), folded[half + $0]) }
            foldedTarget = sum([a, multiply(e[r], foldedTarget), multiply(e[r] * e[r], b)])
            for i in tail.indices where (i / 4) >> (rounds - 1 - r) & 1 == 0 { products[i] = products[i] * e[r] }
        }
        let w = try (0..<4).map { try scalar(5 + 2 * rounds + $0) }
        #expect(sum((0..<4).map { multiply(w[$0], folded[$0]) }) == foldedTarget, "step 6, generators folded")
        // Equation (3), multiplied out.
        func product(from r: Int) -> Scalar { e[r...].reduce(.one, *) }
        var right = multiply(product(from: 0), target)
        for r in 0..<rounds {
            let (a, b) = (try point(5 + 2 * r), try point(6 + 2 * r))
            right = Suite.add(right, multiply(product(from: r + 1), Suite.add(a, multiply(e[r] * e[r], b))))
        }
        #expect(sum(tail.indices.map { multiply(w[$0 % 4] * products[$0], tail[$0]) }) == right, "equation (3)")
    }
}
