// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import TestSupport
import Testing

/// Random policies and random consents under one schema, held to a naive reading of the same clauses: what a prover that skips its own check forces is
/// refused for exactly the rows that break the policy, and an honest prover names them. `SchemasPropertyTests` has lists of schemas.
@Suite struct RandomPolicyTests {
    static let flags = [
        ("purposes", "ScientificResearch"), ("purposes", "Marketing"), ("data_categories", "Health"), ("data_categories", "Location"),
    ]
    static let notices = (0..<2).map { ConsentValue.id(Array("notice-\($0)".utf8)) }

    /// A policy with a row for each of some consents, good ones and bad ones.
    struct Case {
        var world: TestWorld
        var clauses = PointClauses(require: [:], forbid: [:])
        /// Whether days in force are those of the calendar; if not, those of `not_before` and `expires`.
        let isDataset: Bool

        /// - Parameter kit: the full one for point proofs about days.
        init(_ kit: TestKit, isDataset: Bool, isLinked: Bool, _ random: inout SplitMix) throws {
            func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
            self.isDataset = isDataset
            world = try TestWorld(kit)
            var open: [Statement.Choice] = []
            for (group, name) in RandomPolicyTests.flags {
                switch Int.random(in: 0..<5, using: &random) {
                case 0: clauses.require[group, default: []].append(name)
                case 1: clauses.forbid[group, default: []].append(name)
                case 2: open.append(chance(50) ? .init(require: [group: [name]]) : .init(forbid: [group: [name]]))
                default: break
                }
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: clauses.constants["notice"] = RandomPolicyTests.notices[0]
            case 1: clauses.reveal.append("notice")
            case 2: open.append(.init(constants: ["notice": RandomPolicyTests.notices[0]]))
            default: break
            }
            if !isDataset, open.count > 1 { clauses.anyOf = open }
            let minimum = UInt64.random(in: 10...30, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: clauses.reveal.append("age")
            case 1 where isDataset: clauses.constants["age"] = .uint(40)
            case 1, 2:
                guard !isDataset else { break }
                clauses.ranges["age"] = .init(minimum: minimum, maximum: chance(50) ? minimum + 60 : nil)
                if kit === TestKit.small { clauses.rangeBits = 8 }
            default: break
            }
            if isDataset {
                let first = Int.random(in: 0..<8, using: &random)
                clauses.inForce = try Self.days(first, Int.random(in: first..<8, using: &random))
            } else if kit === TestKit.full {
                clauses.inForce = try Self.days(3, 40)
            }
            clauses.links = isLinked || chance(50) ? [.record] : [.subject]
            if chance(30) { clauses.links = [.record, .subject] }

            let rows = Int.random(in: 1...3, using: &random)
            var consents: [Consent] = []
            for number in 0..<rows { consents.append(try consent(number, &random)) }
            try world.issue(consents)
            try world.commitRows((0..<rows).map { (TestKit.record($0), TestKit.subject($0)) })
        }

        /// Days of 2026, from 0.
        private static func days(_ first: Int, _ last: Int) throws -> DayInterval {
            let start = try #require(Day(iso8601: "2026-01-01"))
            let (first, last) = (try #require(start.advanced(by: first)), try #require(start.advanced(by: last)))
            return try #require(DayInterval(first: first, last: last))
        }

        /// A consent that satisfies most clauses, but for an accident now and then.
        private func consent(_ number: Int, _ random: inout SplitMix) throws -> Consent {
            func isAccident() -> Bool { Int.random(in: 0..<12, using: &random) == 0 }
            var consent = world.kit.consent(number)
            consent.flags = [:]
            for (group, name) in RandomPolicyTests.flags {
                let isRequired = clauses.require[group]?.contains(name) ?? false
                let isConstrained = isRequired || clauses.forbid[group]?.contains(name) ?? false
                let isSet = isConstrained ? isRequired != isAccident() : Bool.random(using: &random)
                if isSet { consent.flags[group, default: []].insert(name) }
            }
            consent.values["notice"] = RandomPolicyTests.notices[Int.random(in: 0..<5, using: &random) / 4]
            let age = clauses.constants["age"] == nil || isAccident() ? UInt64.random(in: 25...75, using: &random) : 40
            consent.values["age"] = .uint(isAccident() ? [9, 91, 300, .max].randomElement(using: &random) ?? 0 : age)
            guard let days = clauses.inForce else { return consent }
            guard let early = days.first.advanced(by: isAccident() ? 1 : 0), let late = days.last.advanced(by: isAccident() ? -1 : 0),
                early <= late
            else { return consent }
            if isDataset { consent.inForce = try #require(DayInterval(first: early, last: late)) }
            if !isDataset {
                consent.values["not_before"] = .uint(UInt64(early.number))
                consent.values["expires"] = .uint(UInt64(late.number))
            }
            return consent
        }

        /// Whether a consent satisfies the policy, clause by clause.
        func holds(_ consent: Consent) -> Bool {
            func hold(_ require: [String: [String]], _ forbid: [String: [String]], _ constants: [String: ConsentValue]) -> Bool {
                for (group, names) in require where !names.allSatisfy({ consent.flags[group]?.contains($0) ?? false }) { return false }
                for (group, names) in forbid where names.contains(where: { consent.flags[group]?.contains($0) ?? false }) { return false }
                return constants.allSatisfy { consent.values[$0.key] == $0.value }
            }
            func number(_ name: String) -> UInt64? {
                if case .uint(let value) = consent.values[name] { value } else { nil }
            }
            guard hold(clauses.require, clauses.forbid, clauses.constants) else { return false }
            let alternatives = clauses.anyOf.map { hold($0.require, $0.forbid, $0.constants) }
            guard alternatives.isEmpty || alternatives.contains(true) else { return false }
            for (name, bounds) in clauses.ranges {
                guard let value = number(name), value >= bounds.minimum else { return false }
                guard value <= bounds.maximum ?? bounds.minimum + (1 << UInt64(clauses.rangeBits ?? 32)) - 1 else { return false }
            }
            guard let days = clauses.inForce else { return true }
            if isDataset { return consent.inForce.first <= days.first && days.last <= consent.inForce.last }
            guard let from = number("not_before"), let to = number("expires") else { return false }
            return from <= UInt64(days.first.number) && to >= UInt64(days.last.number)
        }

        var bad: [Int] { world.receipts.indices.filter { !holds(world.receipts[$0].consent) } }

        var comment: Comment { "\(clauses) \(world.receipts.map(\.consent))" }
    }

    /// Judges `count` cases, and expects that good and bad ones are both among them.
    private func judge(
        _ count: Int, seed: UInt64, isDataset: Bool = false, isLinked: Bool = false,
        _ body: (_ item: inout Case, _ bad: [Int]) throws -> Void
    ) throws {
        var random = SplitMix(state: seed)
        var outcomes = [0, 0], kinds: Set<String> = []
        for number in 0..<count * (runsLongTests ? 25 : 1) {
            // One case in six has days in a point proof, for which the small schema has no dates.
            var item = try Case(!isDataset && number % 6 == 5 ? .full : .small, isDataset: isDataset, isLinked: isLinked, &random)
            let bad = item.bad
            outcomes[bad.isEmpty ? 0 : 1] += 1
            if !item.clauses.anyOf.isEmpty { kinds.insert("any_of") }
            if !item.clauses.ranges.isEmpty { kinds.insert("range") }
            if item.clauses.inForce != nil { kinds.insert("in_force") }
            try body(&item, bad)
        }
        #expect(outcomes.allSatisfy { 6 * $0 > count }, "\(outcomes)")
        #expect(kinds == (isDataset ? ["in_force"] : ["any_of", "range", "in_force"]))
    }

    /// Expects that an honest prover makes a proof, or names exactly the rows that are bad.
    private func expectHonest(_ item: Case, _ bad: [Int], _ prove: () throws -> Void) throws {
        do {
            try prove()
            #expect(bad.isEmpty, item.comment)
        } catch ProverFailure.rows(let refusals) {
            #expect(refusals.map(\.row) == bad && refusals.allSatisfy { $0.code == .policy }, item.comment)
        }
    }

    @Test func datasets() throws {
        try judge(60, seed: 1, isDataset: true) { item, bad in
            item.world.clauses = TestClauses(
                inForce: try #require(item.clauses.inForce), require: item.clauses.require, forbid: item.clauses.forbid,
                constants: item.clauses.constants, reveal: item.clauses.reveal, links: item.clauses.links)
            let forced = try item.world.prove(dishonestly: true)
            #expect(try item.world.reasons(forced) == (bad.isEmpty ? [] : ["consentEquation"]), item.comment)
            var honest = item.world
            try expectHonest(item, bad) { _ = try honest.prove() }
        }
    }

    @Test func points() throws {
        try judge(48, seed: 2) { item, bad in
            let forced = try item.world.verify(item.world.provePoints(item.clauses, dishonestly: true), item.clauses)
            #expect(forced.findings.map(\.row) == bad && forced.findings.allSatisfy { $0.reason == "point-proof" }, item.comment)
            try expectHonest(item, bad) { _ = try item.world.provePoints(item.clauses) }
        }
    }

    @Test func members() throws {
        try judge(24, seed: 3, isLinked: true) { item, bad in
            let forced = try item.world.verify(item.world.proveMembers(item.clauses, dishonestly: true), item.clauses)
            #expect(forced.findings.map(\.row) == bad && forced.findings.allSatisfy { $0.reason == "member-proof" }, item.comment)
            try expectHonest(item, bad) { _ = try item.world.proveMembers(item.clauses) }
        }
    }
}
