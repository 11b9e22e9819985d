// SPDX-License-Identifier: Apache-2.0

/// Results as one HTML page with plots, which needs nothing from the network.
public enum BenchmarkPage {
    /// The page.
    public static func page(_ rows: [BenchmarkRow]) -> String {
        let timed = rows.filter { $0.time != nil }
        var body = "<h1>zkconsent bench</h1>\n<p>\(escaped(BenchmarkText.provenance(rows)))</p>\n"
        body += "<p>S is the time in which libsodium checks the encoding of one ristretto255 point, measured in the same rounds. "
        body += "Whiskers reach from the fastest to the slowest round.</p>\n"
        let compared = timed.filter { $0.ratio != nil }
        if !compared.isEmpty { body += "<h2>Time per item in units of S</h2>\n" + BenchmarkPlot.bars(compared) }
        for (title, group) in sweeps(timed) {
            body += "<h2>\(escaped(title))</h2>\n" + BenchmarkPlot.lines(group)
        }
        body += "<h2>All results</h2>\n" + table(rows)
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>zkconsent bench</title>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #222; }
            table { border-collapse: collapse; font-size: 13px; } th, td { padding: 2px 10px; border-bottom: 1px solid #ddd; text-align: right; }
            td.text, th.text { text-align: left; } svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; }
            </style></head><body>
            \(body)</body></html>

            """
    }

    /// Cases that were measured at more than one size, each with a curve for every number of bits, cores and kernel.
    private static func sweeps(_ rows: [BenchmarkRow]) -> [(title: String, rows: [BenchmarkRow])] {
        var order: [String] = []
        var groups: [String: [BenchmarkRow]] = [:]
        for row in rows {
            let title = "\(row.name), \(row.suite): time per \(row.item) over n"
            if groups[title] == nil { order.append(title) }
            groups[title, default: []].append(row)
        }
        return order.compactMap { title in
            guard let rows = groups[title], Set(rows.map(\.n)).count > 1 else { return nil }
            return (title, rows)
        }
    }

    private static func table(_ rows: [BenchmarkRow]) -> String {
        var text = "<table><tr><th class=text>name</th><th class=text>group</th><th>n</th><th>bits</th><th>cores</th><th>kernel</th>"
        text += "<th>per item</th><th>min</th><th>max</th><th>in S</th><th>bytes</th><th class=text>beside</th></tr>\n"
        for row in rows {
            let peers = row.peers.map { "\(Format.figure($0.ratio?.median)) x \($0.name)" }.joined(separator: "; ")
            let cells = [
                Format.count(row.n), row.bits.map(String.init) ?? "", String(row.threads), row.machine.kernel,
                Format.time(row.time?.median), Format.time(row.time?.min), Format.time(row.time?.max), Format.figure(row.ratio?.median),
                Format.count(row.bytes),
            ]
            text += "<tr><td class=text>\(escaped(row.name))</td><td class=text>\(escaped(row.suite))</td>"
            text += cells.map { "<td>\(escaped($0))</td>" }.joined()
            text += "<td class=text>\(escaped(peers))</td></tr>\n"
        }
        return text + "</table>\n"
    }

    /// Text with the characters that HTML gives a meaning.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
