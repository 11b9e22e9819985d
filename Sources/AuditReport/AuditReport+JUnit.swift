// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier

extension AuditReport {
    /// The report as JUnit XML, one test case for each bundle: does not hold is a failure, cannot be judged an error. For the view of results that build
    /// servers have; the report to archive is ``json``.
    public var junit: String {
        let failures = results.count { $0.verdict.map { !$0.holds } ?? false }
        let errors = results.count { $0.verdict == nil }
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"\(errors)\">",
            "  <testsuite name=\(Markup.attribute("zkconsent verify \(policy.name)")) tests=\"\(results.count)\" failures=\"\(failures)\" "
                + "errors=\"\(errors)\" skipped=\"0\" timestamp=\(Markup.attribute(madeAt.rfc3339))>",
        ]
        for result in results {
            lines.append("    <testcase classname=\(Markup.attribute(policy.name)) name=\(Markup.attribute(result.file))>")
            switch result.outcome {
            case .unreadable(let error):
                lines.append(
                    "      <error type=\(Markup.attribute(error.code)) message=\(Markup.attribute(error.message))>"
                        + "\(Markup.text("\(error)"))</error>")
            case .judged(let verdict):
                if let first = verdict.findings.first {
                    lines.append(
                        "      <failure type=\(Markup.attribute(first.code.rawValue)) message=\(Markup.attribute(first.message))>"
                            + "\(Markup.text(text(of: result)))</failure>")
                } else {
                    lines.append("      <system-out>\(Markup.text(text(of: result)))</system-out>")
                }
            }
            lines.append("    </testcase>")
        }
        return (lines + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
    }
}
