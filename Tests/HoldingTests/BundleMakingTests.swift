// SPDX-License-Identifier: Apache-2.0
import ConsentImport
import ConsentModel
import ConsentProver
import ConsentVerifier
import Foundation
import Holding
import Stores
import TestWorkspace
import Testing

@Suite struct BundleMakingTests {
    /// The refusals of a maker, or `nil` if it made a bundle.
    private func refusals(_ workspace: TestWorkspace) throws -> [RowRefusal]? {
        do {
            _ = try workspace.bundle()
            return nil
        } catch HoldingError.rows(let rows) {
            return rows
        }
    }

    private func edit(_ workspace: TestWorkspace, _ change: (inout [String]) -> Void) throws {
        var lines = try String(contentsOfFile: workspace.path("records.csv"), encoding: .utf8).split(separator: "\n").map(String.init)
        change(&lines)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: workspace.path("records.csv")))
    }

    private func verdict(_ bytes: [UInt8], _ workspace: TestWorkspace) throws -> Verdict {
        let verifier = try DatasetVerifier(policy: Policy.load(path: workspace.path("policy.yaml")))
        return try verifier.verify(verifier.parse(bytes), evidence: Evidence(now: TestWorkspace.now))
    }

    @Test(arguments: [true, false]) func anHonestBundleHolds(hasKey: Bool) throws {
        var options = TestWorkspace.Options()
        options.hasKey = hasKey
        let workspace = try TestWorkspace(options)
        let verdict = try verdict(workspace.bundle(context: "audit-1"), workspace)
        #expect(verdict.holds, "\(verdict.findings)")
        #expect(verdict.dataPoints == 20 && verdict.distinctConsents == 20 && verdict.mostPerConsent == 1 && verdict.context == "audit-1")
    }

    @Test func anAlteredCellIsNamedByRowAndKey() throws {
        let workspace = try TestWorkspace()
        try edit(workspace) { $0[7] = $0[7].replacingOccurrences(of: "normal", with: "abnormal") }
        let refusals = try #require(try refusals(workspace))
        #expect(refusals.map(\.code) == [.altered])
        #expect(refusals[0].sourceRow == 7)
        #expect(refusals[0].message == "row 7 (patient P-7) differs from what was committed")
    }

    @Test func reorderedRowsAreTheSameWhereAKeyTellsThemApart() throws {
        let workspace = try TestWorkspace()
        try edit(workspace) { $0 = [$0[0]] + $0.dropFirst().reversed() }
        #expect(try refusals(workspace) == nil)
        var options = TestWorkspace.Options()
        options.hasKey = false
        let numbered = try TestWorkspace(options)
        try edit(numbered) { $0 = [$0[0]] + $0.dropFirst().reversed() }
        #expect(try refusals(numbered)?.count == 20)
    }

    @Test func aRowThatIsMissingOrAddedIsNamed() throws {
        let shorter = try TestWorkspace()
        try edit(shorter) { $0.removeLast() }
        #expect(try refusals(shorter)?.map(\.message) == ["row 20 is not in the file any more"])
        let longer = try TestWorkspace()
        try edit(longer) { $0.append("P-21,subject/21,smuggled") }
        do {
            _ = try longer.bundle()
            Issue.record("a row without a commitment was accepted")
        } catch HoldingError.uncommitted(let rows) {
            #expect(rows == [21])
        }
    }

    @Test func rowsWithoutAUsableConsentAreNamed() throws {
        var options = TestWorkspace.Options()
        options.consent = { row, consent in
            var consent = consent
            if row == 3 { return nil }
            if row == 5 { consent.flags["purposes"] = ["Marketing"] }
            if row == 6 { consent.flags["purposes"] = [] }
            return consent
        }
        options.withdrawn = [9]
        let workspace = try TestWorkspace(options)
        let refusals = try #require(try refusals(workspace))
        #expect(refusals.map(\.sourceRow) == [3, 5, 6, 9])
        #expect(refusals.map(\.code) == [.noConsent, .policy, .policy, .revoked])
        #expect(refusals[0].message == "row 3 (patient P-3) cannot be proved: no receipt has a consent for it")
    }

    @Test func aConsentThatWasAppendedTooLateForLoggedByIsNamed() throws {
        var options = TestWorkspace.Options()
        options.acceptance.append("logged_by: 2026-05-28")
        #expect(try refusals(TestWorkspace(options)) == nil)
        options.acceptance[1] = "logged_by: 2026-05-27"
        let refusals = try #require(try refusals(TestWorkspace(options)))
        #expect(refusals.count == 20 && refusals.allSatisfy { $0.code == .notInLedger && $0.message.contains("logged_by") })
    }

    @Test func theMakerRefusesWhatThePolicyWouldRefuse() throws {
        let workspace = try TestWorkspace()
        do {
            _ = try workspace.bundle(now: TestWorkspace.checkpointTime + 8 * 86_400)
            Issue.record("a stale bundle was handed out")
        } catch HoldingError.findings(let findings) {
            #expect(findings.map(\.code) == [.stale])
        }
    }

    @Test func aDishonestHoldersBundleIsRefusedByTheVerifier() throws {
        var options = TestWorkspace.Options()
        options.consent = { row, consent in row == 4 ? nil : consent }
        let workspace = try TestWorkspace(options)
        let verdict = try verdict(workspace.bundle(dishonestly: true), workspace)
        #expect(verdict.findings.map(\.code) == [.proof])
    }

    // MARK: Several schemas

    @Test(arguments: [[], ["  reveal: [notice]"]])
    func receiptsOfEitherSchemaAreChosen(reveal: [String]) throws {
        var options = TestWorkspace.Options()
        options.partnerRows = [2, 3, 11, 20]
        let workspace = try TestWorkspace(options)
        let text = try workspace.policyText().replacing("  link:", with: (reveal + ["  link:"]).joined(separator: "\n"))
        try Data(text.utf8).write(to: URL(filePath: workspace.path("policy.yaml")))
        let verdict = try verdict(workspace.bundle(), workspace)
        #expect(verdict.holds, "\(verdict.findings)")
        #expect(verdict.dataPoints == 20 && verdict.distinctConsents == 20)
        #expect(verdict.schemas.map { "\($0.label) \($0.consents) \($0.dataPoints)" }.sorted() == ["partner 4 4", "test-small 16 16"])
    }

    @Test func rowsOfEitherSchemaAreNamed() throws {
        var options = TestWorkspace.Options()
        options.partnerRows = [2, 5, 6, 9]
        options.consent = { row, consent in
            var consent = consent
            if row == 3 { consent.flags["data_categories"] = [] }
            if row == 5 { consent.flags["purposes"]?.insert("Resale") }
            if row == 6 { consent.flags["purposes"] = ["Marketing"] }
            if row == 7 { return nil }
            return consent
        }
        options.withdrawn = [9]
        let refusals = try #require(try refusals(TestWorkspace(options)))
        #expect(refusals.map(\.sourceRow) == [3, 5, 6, 7, 9])
        #expect(refusals.map(\.code) == [.policy, .policy, .policy, .noConsent, .revoked])
        #expect(refusals[0].message.contains("data_categories does not include Health"))
        #expect(refusals[1].message.contains("purposes includes Resale"))
    }

    /// With a list, receipts of a schema that is not in it are passed over; point proofs of a list are refused at once.
    @Test func otherSchemasAndKinds() throws {
        var options = TestWorkspace.Options()
        options.partnerRows = [4]
        let workspace = try TestWorkspace(options)
        let policy = try Policy.load(path: workspace.path("policy.yaml"))
        let datasets = try workspace.datasets()
        do throws(ModelError) {
            _ = try BundleMaking(policy: policy, datasets: datasets, receipts: [], ledgers: [], kind: .point)
            Issue.record("point proofs of two schemas")
        } catch {
            #expect(error.code == "proof-kind" && error.message.contains("schema"))
        }
        let single = try workspace.policyText().split(separator: "\n").map {
            $0.hasPrefix("  schema:") ? "  schema: test-small" : String($0)
        }
        try Data((single.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: workspace.path("policy.yaml")))
        #expect(try refusals(workspace)?.map(\.sourceRow) == [4])
    }

    @Test func committingTwiceUnderOneNameIsRefused() throws {
        let workspace = try TestWorkspace()
        let store = try workspace.datasets(for: .writing)
        let commit = DatasetCommit(table: .init(dataset: "patients", keyColumns: ["patient"]), holder: "lab.example")
        #expect(throws: StoreError.duplicateDataset(name: "patients")) {
            try commit.run(RecordFile(path: workspace.path("records.csv")), store: store)
        }
    }

    @Test func theOrderOfRowsIsPermuted() throws {
        let workspace = try TestWorkspace()
        let store = try workspace.datasets()
        var rows: [Int] = []
        try store.forEachRow(of: "patients") { rows.append($0.sourceRow) }
        #expect(rows.sorted() == Array(1...20))
        #expect(rows != Array(1...20), "has probability 1/20!")
    }
}
