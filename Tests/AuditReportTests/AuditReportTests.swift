// SPDX-License-Identifier: Apache-2.0
import AuditReport
import ConsentModel
import ConsentVerifier
import Foundation
import TestWorkspace
import Testing

@Suite struct AuditReportTests {
    /// The report on one bundle of the plain workspace, judged at `now`.
    private func report(now: UInt64 = TestWorkspace.now, change: (inout [UInt8]) -> Void = { _ in }) throws -> AuditReport {
        let workspace = try TestWorkspace()
        var bytes = try workspace.bundle(context: "audit-1")
        change(&bytes)
        let policy = try Policy.load(path: workspace.path("policy.yaml"))
        let verifier = try DatasetVerifier(policy: policy)
        var report = AuditReport(
            policy: policy, policyFile: "policy.yaml", judgedAt: Timestamp(seconds: now), madeAt: Timestamp(seconds: TestWorkspace.now),
            program: "test 0")
        let verdict = try verifier.verify(verifier.parse(bytes), evidence: Evidence(now: now))
        report.results.append(BundleResult(file: "a.zkb", bytes: bytes, .judged(verdict)))
        return report
    }

    @Test func theShapeIsThatOfTheDocumentation() throws {
        let json = try report().json
        #expect(
            json.object?.keys.sorted() == ["bundles", "holds", "judged_at", "kind", "made_at", "meaning", "policy", "program", "version"])
        #expect(
            json["kind"]?.string == "audit-report" && json["version"] == .integer(1) && json["judged_at"]?.string == "2026-05-29T20:26:40Z")
        let bundle = try #require(json["bundles"]?.array?.first)
        #expect(
            bundle.object?.keys.sorted() == [
                "bytes", "context", "data_points", "dataset", "distinct_consents", "distinct_data_points", "file", "findings", "holder",
                "kind", "ledgers", "members",
                "most_data_points_per_consent", "multiplicities", "sha256", "sizes", "verdict", "withdrawn_since",
            ])
        #expect(bundle["withdrawn_since"] == .null)
        #expect(
            bundle["multiplicities"]
                == .array([
                    .object(["consents": .integer(20), "data_points": .integer(20), "from": .integer(1), "to": .integer(1)])
                ]))
        #expect(
            bundle["ledgers"]?.array?.first?.object?.keys.sorted() == [
                "consents_size", "consents_used", "newest", "origin", "revocations_size", "revocations_time", "time_by",
            ])
        #expect(
            json["policy"]?.object?.keys.sorted() == [
                "acceptance", "file", "name", "schema", "schema_digest", "statement", "statement_digest",
            ])
        #expect(json["meaning"]?.object?.keys.sorted() == ["does_not_say", "hides", "rests_on", "states"])
        #expect(try JSONValue(parsing: json.canonical) == json)
    }

    @Test func factsAndSizesAreThoseOfTheBundle() throws {
        let bundle = try #require(try report().json["bundles"]?.array?.first)
        #expect(
            bundle["data_points"]?.int == 20 && bundle["distinct_data_points"]?.int == 20
                && bundle["most_data_points_per_consent"]?.int == 1)
        #expect(
            bundle["holder"]?.string == "lab.example" && bundle["dataset"]?.string == "patients" && bundle["context"]?.string == "audit-1")
        let sizes = try #require(bundle["sizes"]?.object)
        #expect(sizes.values.compactMap(\.int).reduce(0, +) == bundle["bytes"]?.int)
        #expect(sizes["columns"]?.int == 20 * (8 + 8 + 8 + 32 + 118) && sizes["revealed"]?.int == 0)
        let ledger = try #require(bundle["ledgers"]?.array?.first)
        #expect(ledger["consents_size"]?.int == 20 && ledger["revocations_size"]?.int == 0 && ledger["consents_used"]?.int == 20)
        #expect(ledger["revocations_time"]?.string == "2026-05-28T20:26:40Z")
        #expect(ledger["time_by"]?.string == "issuer", "the only cosigner is the ledger's own")
    }

    @Test func findingsComeWithAdvice() throws {
        let report = try report(now: TestWorkspace.now + 30 * 86_400)
        let finding = try #require(report.json["bundles"]?.array?.first?["findings"]?.array?.first)
        #expect(finding.object?.keys.sorted() == ["advice", "code", "entry_index", "ledger", "message", "row"])
        #expect(finding["code"]?.string == "stale" && finding["advice"]?.string == Finding.Code.stale.advice)
        #expect(!report.holds)
        let text = report.text(of: report.results[0])
        #expect(text.hasPrefix("a.zkb: DOES NOT HOLD\n  [stale] ") && text.contains(Finding.Code.stale.advice))
    }

    @Test func anUnreadableFileIsInTheReportWithItsError() throws {
        var report = try report()
        report.results.append(BundleResult(file: "b.zkb", unreadable: ModelError("file-not-found", "it is not there", file: "b.zkb")))
        let bundle = try #require(report.json["bundles"]?.array?.last)
        #expect(
            bundle["verdict"]?.string == "unreadable" && bundle["error"]?["code"]?.string == "file-not-found" && bundle["sha256"] == .null)
        #expect(!report.holds && report.json["holds"] == .bool(false))
    }

    @Test func anEmptyReportDoesNotHold() throws {
        var report = try report()
        #expect(report.holds)
        report.results = []
        #expect(!report.holds)
    }

    @Test func everyFindingHasAdvice() {
        let advice = Finding.Code.allCases.map(\.advice)
        #expect(Set(advice).count == advice.count)
        #expect(advice.allSatisfy { $0.hasSuffix(".") && $0.count > 20 })
    }
}
