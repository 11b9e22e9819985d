// SPDX-License-Identifier: Apache-2.0
import AuditReport
import ConsentModel
import ConsentVerifier
import Foundation
import TestSupport
import TestWorkspace
import Testing

/// JUnit and HTML: well-formed whatever a bundle calls itself.
@Suite struct RenderedReportTests {
    static let hostile = "a\"b'<script>alert(1)</script>&amp;\u{1b}[2J\u{0}\n]]><!-- \u{202e}\u{fffe}\u{2028}"

    /// One bundle that holds, one that does not, one that cannot be read; names are hostile.
    private func report() throws -> AuditReport {
        let workspace = try TestWorkspace()
        let bytes = try workspace.bundle(context: Self.hostile)
        let policy = try Policy.load(path: workspace.path("policy.yaml"))
        let verifier = try DatasetVerifier(policy: policy)
        var report = AuditReport(
            policy: policy, policyFile: Self.hostile, judgedAt: Timestamp(seconds: TestWorkspace.now),
            madeAt: Timestamp(seconds: TestWorkspace.now), program: "test 0")
        for now in [TestWorkspace.now, TestWorkspace.now + 30 * 86_400] {
            let verdict = try verifier.verify(verifier.parse(bytes), evidence: Evidence(now: now))
            report.results.append(BundleResult(file: Self.hostile, bytes: bytes, .judged(verdict)))
        }
        report.results.append(
            BundleResult(file: "gone.zkb", unreadable: ModelError("file-not-found", Self.hostile, file: "gone.zkb")))
        return report
    }

    /// What Python's XML parser finds.
    private func parsed(_ xml: String, _ program: String) throws -> String {
        let result = try run(
            "python3", ["-c", "import sys, xml.etree.ElementTree as E\nr = E.fromstring(sys.stdin.buffer.read())\n" + program],
            input: Data(xml.utf8))
        try #require(result.status == 0, "\(result.errorText)")
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func junitIsWellFormedAndCounts() throws {
        let xml = try report().junit
        let counts = try parsed(xml, "print(r.tag, r.attrib, [[c.tag for c in t] for t in r.iter('testcase')])")
        #expect(
            counts
                == "testsuites {'tests': '3', 'failures': '1', 'errors': '1'} [['system-out'], ['failure'], ['error']]")
        #expect(try parsed(xml, "print([e.attrib['type'] for e in r.iter() if 'type' in e.attrib])") == "['stale', 'file-not-found']")
        let name = try parsed(xml, "print(ascii([t.attrib['name'] for t in r.iter('testcase')][0]))")
        #expect(name.hasPrefix("'a\"b\\'<script>alert(1)</script>&amp;\\ufffd[2J\\ufffd\\n]]><!-- "))
        #expect(!xml.unicodeScalars.contains("\u{1b}") && !xml.unicodeScalars.contains("\u{202e}") && !xml.contains("<script"))
    }

    @Test func htmlIsOnePageWithoutAnythingActive() throws {
        let html = try report().html
        #expect(html.hasPrefix("<!DOCTYPE html>\n") && html.contains("1 of 3 bundles hold"))
        #expect(!html.contains("<script") && !html.contains("href") && !html.contains("src=") && !html.contains("<!-- "))
        #expect(!html.unicodeScalars.contains("\u{1b}") && !html.unicodeScalars.contains("\u{202e}"))
        for part in [ProofMeaning.hides, "[stale]", "cannot be judged", "&lt;script&gt;"] { #expect(html.contains(part)) }
        // All tags that are opened are closed: but for the empty ones it is XML.
        var body = html.replacing("<!DOCTYPE html>\n", with: "").replacing("<meta charset=\"utf-8\">", with: "")
        body = body.replacing(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">", with: "")
        #expect(try parsed(body, "print(r.tag, len(list(r.iter('h2'))))") == "html 4")
    }

    @Test func anEmptyReportIsNone() throws {
        var report = try report()
        report.results = []
        #expect(try parsed(report.junit, "print(r.attrib['tests'])") == "0" && report.html.contains("0 of 0 bundles hold") && !report.holds)
    }
}
