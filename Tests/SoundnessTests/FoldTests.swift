// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import Groups
import Secrets
import TestSupport
import Testing

/// The columns of weights and witness against one row at a time.
@Suite struct FoldTests {
    typealias Scalar = Suite.Scalar

    // MARK: Weights

    @Test(arguments: [1, 2, 3, 40])
    func entryWeights(entries: Int) {
        var random = SplitMix(state: UInt64(entries))
        for rows in [entries, 100, 257] {
            // Extreme weights, so that sums exceed 128 bits.
            let rho = (0..<rows).map { $0 % 3 == 0 ? UInt128.random(in: 0 ... .max, using: &random) : UInt128.max - UInt128($0) }
            let positions = (0..<rows).map { _ in UInt64.random(in: 0..<UInt64(entries), using: &random) }
            var expected = [Scalar](repeating: .zero, count: entries)
            for row in 0..<rows { expected[Int(positions[row])] = expected[Int(positions[row])] + Scalar(rho[row]) }
            let weights = EntryWeights(rows: rho, positions: U64Column(positions), entries: entries)
            #expect(weights.scalars(0..<entries) == expected)
            #expect(weights.total == rho.reduce(Scalar.zero) { $0 + Scalar($1) })
        }
    }

    @Test func carryOfOneBit() {
        let weights = EntryWeights(rows: [.max, 1], positions: U64Column([0, 0]), entries: 1)
        #expect(weights.scalars(0..<1) == [Scalar(UInt128.max) + .one])
        let limbs = weights.scalars(0..<1)[0].limbs
        #expect(limbs == [0, 0, 1, 0], "2^128")
    }

    // MARK: Witness

    /// - Parameter longWeights: whether weights are any scalars, as sums of many repeated rows are, or 128-bit integers.
    @Test(arguments: [false, true], [0, 1, 2])
    func foldedAgainstRows(longWeights: Bool, variant: Int) throws {
        // By one core, and divided over all of them.
        for partMinimum in [1 << 14, 1] { try foldedAgainstRows(longWeights, variant, partMinimum) }
    }

    private func foldedAgainstRows(_ longWeights: Bool, _ variant: Int, _ partMinimum: Int) throws {
        let kit = TestKit.small
        var random = SplitMix(state: UInt64(variant + (longWeights ? 10 : 0)))
        let (rows, receipts) = (7 + 5 * variant, 5 + 60 * variant)
        var world = try TestWorld(kit)
        if variant == 1 { world.clauses.links = [.subject] }
        if variant == 2 { world.clauses.reveal = ["age"] }
        let calendar = kit.schema.calendar
        let consents = (0..<receipts).map { number in
            var consent = kit.consent(number)
            let first = Int.random(in: 0..<8, using: &random)
            let last = Int.random(in: first..<8, using: &random)
            if let a = calendar.first.advanced(by: first), let b = calendar.first.advanced(by: last),
                let days = DayInterval(first: a, last: b)
            {
                consent.inForce = days
            }
            consent.flags["purposes"] = number % 3 == 0 ? ["Marketing"] : ["Marketing", "ScientificResearch"]
            return consent
        }
        func scalar() -> Scalar {
            Scalar(UInt128.random(in: 0 ... .max, using: &random)) * Scalar(UInt128.random(in: 0 ... .max, using: &random))
        }
        let blindings = (0..<rows).map { _ in scalar() }
        let openings = (0..<receipts).map { _ in (k: scalar(), t: scalar()) }
        let rho = (0..<rows).map { _ in UInt128.random(in: 0 ... .max, using: &random) }
        let weights = (0..<receipts).map { number -> Scalar in
            if number == 1 { return .zero }
            return longWeights ? scalar() : Scalar(UInt128.random(in: 0 ... .max, using: &random))
        }
        var witness = DatasetWitness(schema: kit.schema, rows: rows, receipts: receipts)
        for row in 0..<rows {
            let blinding = blindings[row].limbs
            witness.setRow(row, record: TestKit.record(row), subject: row == 2 ? nil : TestKit.subject(row), blinding: blinding.span)
        }
        for receipt in 0..<receipts {
            let (k, t) = (openings[receipt].k.limbs, openings[receipt].t.limbs)
            try witness.setReceipt(receipt, consent: consents[receipt], k: k.span, t: t.span)
        }
        let layout = try world.compiled().tail
        let folded = witness.folded(rho: rho, weights: weights, tail: layout, partMinimum: partMinimum)

        func sum(_ values: (Int) -> Scalar) -> Scalar { (0..<receipts).reduce(Scalar.zero) { $0 + weights[$1] * values($1) } }
        let data = [
            (0..<rows).reduce(Scalar.zero) { $0 + Scalar(rho[$1]) * Identifier.scalar(type: "record", bytes: TestKit.record($1)) },
            (0..<rows).filter { $0 != 2 }.reduce(Scalar.zero) {
                $0 + Scalar(rho[$1]) * Identifier.scalar(type: "subject", bytes: TestKit.subject($1))
            },
            (0..<rows).reduce(Scalar.zero) { $0 + Scalar(rho[$1]) * blindings[$1] },
        ]
        #expect(folded.data.declassified(as: .response) == data)
        var tail = layout.attributes.map { index in
            let attribute = kit.schema.attributes[index]
            return sum { receipt in consents[receipt].values[attribute.name].flatMap { attribute.scalar(of: $0) } ?? .zero }
        }
        tail += layout.flags.map { index in
            let flag = kit.schema.flags[index]
            return sum { consents[$0].has(flag.name, in: flag.group) ? .one : .zero }
        }
        tail += layout.days.map { offset in
            sum { receipt in
                guard let day = calendar.first.advanced(by: offset) else { return .zero }
                return consents[receipt].inForce.contains(day) ? .one : .zero
            }
        }
        tail.append(sum { openings[$0].k + openings[$0].t })
        #expect(folded.tail.declassified(as: .response) == tail)
    }

    // MARK: Commitments

    /// `K` and `C` as docs/protocol.md section 2 writes them.
    @Test func consentCommitments() throws {
        for kit in [TestKit.small, .full] {
            let generators = kit.generators
            var consents = (0..<9).map { kit.consent($0) }
            consents[3].inForce = kit.schema.calendar
            consents[4].inForce = DayInterval(on: kit.schema.calendar.last)
            consents[5].inForce = DayInterval(on: kit.schema.calendar.first)
            consents[6].flags = [:]
            consents[7].values["age"] = .uint(.max)
            for group in kit.schema.flagGroups { consents[8].flags[group.name] = Set(group.values) }
            let committed = try kit.committer.commit(consents)
            let (k, t) = (committed.consentBlindings.declassified(as: .response), committed.calendarBlindings.declassified(as: .response))
            #expect(Set(k + t).count == 18, "fresh blindings")
            for (index, consent) in consents.enumerated() {
                var (scalars, points) = ([k[index]], [generators.blinding])
                for (attribute, point) in zip(kit.schema.attributes, generators.attributes) {
                    scalars.append(try #require(consent.values[attribute.name].flatMap { attribute.scalar(of: $0) }))
                    points.append(point)
                }
                for (flag, point) in zip(kit.schema.flags, generators.flags) where consent.has(flag.name, in: flag.group) {
                    scalars.append(.one)
                    points.append(point)
                }
                let consentPoint = Suite.vartimeMultiScalarMul(scalars, points)
                #expect(Array(committed.consents[32 * index..<32 * index + 32]) == Suite.encode([consentPoint]))
                scalars.append(t[index])
                points.append(generators.blinding)
                for offset in try #require(kit.schema.calendarOffsets(of: consent.inForce)) {
                    scalars.append(.one)
                    points.append(generators.days[offset])
                }
                #expect(
                    Array(committed.calendars[32 * index..<32 * index + 32]) == Suite.encode([Suite.vartimeMultiScalarMul(scalars, points)])
                )
            }
        }
    }

    @Test func consentsOfAnotherSchemaAreRefused() {
        var consent = TestKit.small.consent(0)
        consent.inForce = TestKit.full.schema.calendar
        #expect(code { _ = try TestKit.small.committer.commit([consent]) } == "opening-days")
        consent = TestKit.small.consent(0)
        consent.values["age"] = .id([1])
        #expect(code { _ = try TestKit.small.committer.commit([consent]) } == "opening-value")
        consent.values["age"] = nil
        #expect(code { _ = try TestKit.small.committer.commit([consent]) } == "opening-value")
    }

    /// `D` as docs/protocol.md section 2 writes it.
    @Test(arguments: [false, true])
    func dataPoints(withSubjects: Bool) throws {
        let records = (0..<40).map { TestKit.record($0) }
        let subjects = (0..<40).map { TestKit.subject($0) }
        let committed = DataPointCommitter().commit(records: records, subjects: withSubjects ? subjects : nil)
        let s = committed.blindings.declassified(as: .response)
        for row in 0..<40 {
            let rec = Identifier.scalar(type: "record", bytes: records[row])
            let subj = withSubjects ? Identifier.scalar(type: "subject", bytes: subjects[row]) : .zero
            let point = Suite.vartimeMultiScalarMul([rec, subj, s[row]], TestKit.small.generators.dataBases)
            #expect(Array(committed.dataPoints[32 * row..<32 * row + 32]) == Suite.encode([point]))
        }
    }
}
