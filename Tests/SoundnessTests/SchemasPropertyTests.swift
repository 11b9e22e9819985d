// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import ConsentProver
import ConsentVerifier
import TestSupport
import Testing

/// Random policies over two schemas and random consents, held to a naive reading of the same clauses.
@Suite struct SchemasPropertyTests {
    static let flags = [
        [("purposes", "ScientificResearch"), ("purposes", "Marketing"), ("data_categories", "Health"), ("data_categories", "Location")],
        [
            ("purposes", "ScientificResearch"), ("purposes", "Marketing"), ("purposes", "PublicBenefit"), ("data_categories", "Health"),
            ("data_categories", "Location"), ("data_categories", "Genetic"),
        ],
    ]

    /// Whether a consent satisfies the clauses for its schema, clause by clause.
    static func holds(_ consent: Consent, _ clauses: SchemasWorld.Clauses, _ days: DayInterval?) -> Bool {
        for (group, names) in clauses.require where !names.allSatisfy({ consent.flags[group]?.contains($0) ?? false }) { return false }
        for (group, names) in clauses.forbid where names.contains(where: { consent.flags[group]?.contains($0) ?? false }) { return false }
        for (name, value) in clauses.constants where consent.values[name] != value { return false }
        guard let days else { return true }
        return consent.inForce.first <= days.first && days.last <= consent.inForce.last
    }

    static func clauses(_ kit: Int, _ random: inout SplitMix) -> SchemasWorld.Clauses {
        var clauses = SchemasWorld.Clauses(require: [:], forbid: [:])
        for (group, name) in Self.flags[kit] {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: clauses.require[group, default: []].append(name)
            case 1: clauses.forbid[group, default: []].append(name)
            default: break
            }
        }
        if kit == 1, Bool.random(using: &random) { clauses.constants["site"] = .id(Array("site-1".utf8)) }
        return clauses
    }

    /// A consent that satisfies the clauses, but for an accident now and then.
    static func consent(_ number: Int, _ kit: Int, _ clauses: SchemasWorld.Clauses, _ random: inout SplitMix) throws -> Consent {
        var consent = try SchemasWorld.consent(number, kit)
        consent.flags = clauses.require.mapValues { Set($0) }
        let isAccident = Int.random(in: 0..<4, using: &random) == 0
        for (group, name) in Self.flags[kit] where Int.random(in: 0..<3, using: &random) == 0 {
            let isForbidden = clauses.forbid[group]?.contains(name) ?? false
            if isAccident {
                consent.flags[group, default: []].formSymmetricDifference([name])
            } else if !isForbidden {
                consent.flags[group, default: []].insert(name)
            }
        }
        if Int.random(in: 0..<10, using: &random) == 0 { consent.inForce = try interval("2026-01-04", "2026-01-06") }
        return consent
    }

    @Test func theProofHoldsWhereEveryRowDoes() throws {
        var random = SplitMix(state: 2_611)
        var outcomes = [0, 0]
        for _ in 0..<100 {
            let kits = (0..<Int.random(in: 1...6, using: &random)).map { _ in Int.random(in: 0...1, using: &random) }
            var world = try SchemasWorld.honest(
                kits, ledgers: Int.random(in: 1...2, using: &random),
                reveal: [[], ["notice"], ["age"], ["age", "notice"]].randomElement(using: &random) ?? [])
            world.links = [[.record], [.subject], [.record, .subject]].randomElement(using: &random) ?? [.record]
            if Bool.random(using: &random) { world.inForce = nil }
            world.clauses = [Self.clauses(0, &random), Self.clauses(1, &random)]
            for (number, kit) in kits.enumerated() {
                try world.reissue(number, Self.consent(number, kit, world.clauses[kit], &random))
            }
            let bad = world.receipts.indices.filter {
                !Self.holds(world.receipts[$0].consent, world.clauses[kits[$0]], world.inForce)
            }
            outcomes[bad.isEmpty ? 0 : 1] += 1
            // Whatever the holder does, the verdict is the oracle's.
            let forced = try world.prove(dishonestly: true)
            #expect(try world.reasons(forced) == (bad.isEmpty ? [] : ["consentEquation"]), "\(world.clauses) \(kits)")
            // An honest holder names exactly the rows.
            do {
                _ = try world.prove()
                #expect(bad.isEmpty)
            } catch ProverFailure.rows(let refusals) {
                #expect(refusals.map(\.row) == bad)
                #expect(refusals.allSatisfy { $0.code == .policy })
            }
        }
        #expect(outcomes[0] > 25 && outcomes[1] > 25, "\(outcomes)")
    }
}
