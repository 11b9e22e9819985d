// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentVerifier
internal import Primitives

extension AuditReport {
    /// The report as one HTML page that needs nothing else: no script, no link, no picture. For people; the report for programs is ``json``.
    public var html: String {
        let held = results.count { $0.holds }
        var page = [
            "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            "<title>Audit report: \(Markup.text(policy.name))</title>", "<style>\(Self.style)</style>", "</head>", "<body>",
            "<h1>Audit report</h1>",
            "<p class=\"\(holds ? "holds" : "fails")\">\(held) of \(results.count) bundles hold</p>",
            Self.table([
                ("policy", "\(policy.name) (\(policyFile))"), ("schema", policy.statements.labels.joined(separator: ", ")),
                ("statement digest", Hex.encode(policy.statements.digest)),
                ("ledgers", policy.acceptance.ledgers.map(\.origin).joined(separator: ", ")),
                ("judged at", judgedAt.rfc3339), ("made at", madeAt.rfc3339), ("program", program),
            ]),
        ]
        for result in results { page += section(of: result) }
        page += ["<h2>What this means</h2>", "<p>\(Markup.text(ProofMeaning.states))</p>", "<h3>It rests on</h3>"]
        page += Self.list(ProofMeaning.restsOn) + ["<h3>It does not say</h3>"] + Self.list(ProofMeaning.doesNotSay)
        page += ["<p>\(Markup.text(ProofMeaning.hides))</p>", "</body>", "</html>"]
        return page.joined(separator: "\n") + "\n"
    }

    private func section(of result: BundleResult) -> [String] {
        var lines = ["<h2>\(Markup.text(result.file))</h2>"]
        switch result.outcome {
        case .unreadable(let error):
            lines.append("<p class=\"fails\">cannot be judged</p>")
            lines.append("<p>\(Markup.text("\(error)"))</p>")
        case .judged(let verdict):
            lines.append("<p class=\"\(verdict.holds ? "holds" : "fails")\">\(verdict.holds ? "holds" : "does not hold")</p>")
            lines += Self.list(verdict.findings.map { "[\($0.code.rawValue)] \($0.message) \($0.code.advice)" })
            lines.append("<pre>\(Markup.text(text(of: result)))</pre>")
        }
        if let digest = result.digest { lines.append(Self.table([("SHA-256", Hex.encode(digest))])) }
        return lines
    }

    private static func list(_ items: [String]) -> [String] {
        items.isEmpty ? [] : ["<ul>"] + items.map { "<li>\(Markup.text($0))</li>" } + ["</ul>"]
    }

    private static func table(_ rows: [(String, String)]) -> String {
        "<table>" + rows.map { "<tr><th>\(Markup.text($0))</th><td>\(Markup.text($1))</td></tr>" }.joined() + "</table>"
    }

    private static let style =
        "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}pre{white-space:pre-wrap;background:#f4f4f4;padding:1em}"
        + "th{text-align:left;padding-right:1em;vertical-align:top}td{overflow-wrap:anywhere}.holds{color:#060}.fails{color:#a00}"
}
