// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import TestSupport
import Testing

/// Random statements, held to a naive reading of the same clauses.
@Suite struct PolicyPropertyTests {
    static let count = 400

    private static func parse(_ statement: String) throws -> Statement {
        let text = try PolicyLanguageTests.text(PolicyLanguageTests.withoutDays)
        let acceptance = try #require(text.split(separator: "acceptance:\n").last)
        return try Policy(yaml: Array("policy: p\n\(statement)acceptance:\n\(acceptance)".utf8)).statement
    }

    /// The file that the normal form would be.
    private static func yaml(of statement: Statement) throws -> String {
        var members = try #require(statement.json.object)
        members["schema"] = .string(statement.schema.name)
        members["statement"] = nil
        if members["in_force"] == .null { members["in_force"] = nil }
        if members["reveal"] == .array([]) { members["reveal"] = nil }
        return "statement: " + JSONValue.object(members).canonicalText + "\n"
    }

    @Test func orderIsNothingAndTheNormalFormParsesBack() throws {
        var random = SplitMix(state: 2_026)
        var digests: [[UInt8]: String] = [:]
        for _ in 0..<Self.count {
            let draft = PolicyDraft(&random)
            let statement = try Self.parse(draft.yaml(&random))
            #expect(try Self.parse(draft.yaml(&random)) == statement)
            let again = try Self.parse(Self.yaml(of: statement))
            #expect(again == statement && again.digest == statement.digest)
            // Equal digests only of equal normal forms.
            let form = statement.json.canonicalText
            #expect(digests.updateValue(form, forKey: statement.digest) ?? form == form)
        }
        #expect(digests.count > Self.count / 2)
    }

    @Test func everythingTakenAwayChangesTheDigest() throws {
        var random = SplitMix(state: 11)
        for _ in 0..<60 {
            let draft = PolicyDraft(&random)
            var digests: Set<[UInt8]> = [try Self.parse(draft.yaml(&random)).digest]
            var count = 1
            func check(_ change: (inout PolicyDraft) -> Void) throws {
                var changed = draft
                change(&changed)
                digests.insert(try Self.parse(changed.yaml(&random)).digest)
                count += 1
                #expect(digests.count == count)
            }
            if draft.inForce != nil, draft.bits == nil { try check { $0.inForce = nil } }
            for index in draft.common.require.indices { try check { $0.common.require.remove(at: index) } }
            for index in draft.common.forbid.indices { try check { $0.common.forbid.remove(at: index) } }
            for index in draft.common.constants.indices { try check { $0.common.constants.remove(at: index) } }
            for index in draft.reveal.indices { try check { $0.reveal.remove(at: index) } }
            for index in draft.ranges.indices where draft.bits == nil { try check { $0.ranges.remove(at: index) } }
            for index in draft.ranges.indices { try check { $0.ranges[index].min -= 1; $0.ranges[index].max? += 1 } }
            if draft.anyOf.count > 2 { for index in draft.anyOf.indices { try check { $0.anyOf.remove(at: index) } } }
        }
    }

    @Test func violationsAgreeWithTheOracle() throws {
        var random = SplitMix(state: 7)
        let schema = try Schema.builtIn(named: "consent-v1")
        let template = try Consent(json: try JSONValue(parsing: Array(ConsentTests.valid.utf8)), schema: schema)
        var outcomes: [String: Int] = [:]
        for _ in 0..<Self.count {
            let draft = PolicyDraft(&random)
            let statement = try Self.parse(draft.yaml(&random))
            for _ in 0..<8 {
                let consent = draft.consent(&random, template)
                let holds = draft.holds(consent, isPoint: false)
                #expect(statement.violations(of: consent).isEmpty == holds, "\(draft)")
                outcomes["dataset \(holds)", default: 0] += 1
                guard statement.isServable(by: .point) else { continue }
                let holdsAsPoint = draft.holds(consent, isPoint: true)
                #expect(statement.violations(of: consent, for: .point).isEmpty == holdsAsPoint, "\(draft)")
                outcomes["point \(holdsAsPoint)", default: 0] += 1
            }
            #expect(statement.isServable(by: .dataset) == (draft.ranges.isEmpty && draft.anyOf.isEmpty))
        }
        for outcome in ["dataset true", "dataset false", "point true", "point false"] {
            #expect(outcomes[outcome, default: 0] > 200, "\(outcomes)")
        }
    }
}
