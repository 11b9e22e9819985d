// SPDX-License-Identifier: Apache-2.0

/// Results as lines and tables.
public enum BenchmarkText {
    /// The head of the lines of ``line(_:)``.
    public static let header =
        pad("name", 24) + pad("group", 14) + left("n", 10) + left("bits", 6) + left("cores", 6) + left("kernel", 10) + left("per item", 12)
        + left("min", 12) + left("max", 12) + left("in S", 9)

    /// A row for a terminal; baselines on lines of their own.
    public static func line(_ row: BenchmarkRow) -> String {
        var text =
            pad(row.name, 24) + pad(row.suite, 14) + left(Format.count(row.n), 10) + left(row.bits.map(String.init) ?? "", 6)
            + left(String(row.threads), 6) + left(row.machine.kernel, 10) + left(Format.time(row.time?.median), 12)
            + left(Format.time(row.time?.min), 12)
            + left(Format.time(row.time?.max), 12) + left(Format.figure(row.ratio?.median), 9)
        if row.time == nil, let bytes = row.bytes { text += "  \(what(row)): \(Format.count(bytes)) bytes" }
        if let speedup = row.speedup {
            text += "\n    \(Format.spread(speedup)) times faster than on one core"
            if let busy = row.busyCores { text += ", with \(Format.figure(busy.median)) of \(row.threads) cores busy" }
            if let capacity = row.capacity, let efficiency = row.efficiency {
                text +=
                    "\n    \(row.threads) copies at once, a core each: \(Format.spread(capacity)) times one; the program \(Format.spread(efficiency)) of that"
            }
        }
        if let memory = row.peakMemory { text += "\n    at most \(Format.count(memory >> 20)) MB in memory" }
        for peer in row.peers {
            text += "\n    \(Format.spread(peer.ratio)) x \(peer.name) at \(Format.time(peer.time?.median))"
        }
        return text
    }

    /// Where and with what the rows were measured.
    public static func provenance(_ rows: [BenchmarkRow]) -> String {
        guard let row = rows.first else { return "no results" }
        let s = rows.compactMap(\.yardstick?.median).sorted()
        let isTimed = rows.contains { $0.time != nil }
        let yardstick =
            s.isEmpty
            ? isTimed ? "S was not measured: libsodium is missing" : "sizes only"
            : "S = \(Format.time(s[s.count / 2])) (libsodium, one ristretto255 point)"
        let clocks = Set(rows.map { $0.clock == .cpu ? "processor time" : "elapsed time" }).sorted().joined(separator: " and ")
        let pinned = rows.allSatisfy { $0.isPinned || $0.time == nil } ? "pinned" : "not pinned"
        return """
            \(row.machine.processor), \(row.machine.cores) cores, \(row.machine.system); \(row.machine.compiler); \
            \(row.machine.date); medians of \(row.rounds) round\(row.rounds == 1 ? "" : "s") (\(clocks)), \(pinned); \(yardstick)
            """
    }

    /// Tables for docs/performance.md.
    public static func markdown(_ rows: [BenchmarkRow]) -> String {
        var text = provenance(rows) + ".\n\n"
        text +=
            "| name | group | n | bits | cores | kernel | per item | min to max | in S | beside |\n|---|---|---|---|---|---|---|---|---|---|\n"
        for row in rows {
            let peers = row.peers.map { "\(Format.figure($0.ratio?.median)) x \($0.name) (\(Format.time($0.time?.median)))" }
            let size = row.time == nil ? "\(what(row)): \(Format.count(row.bytes)) bytes" : Format.time(row.time?.median)
            let spread = row.time.map { "\(Format.time($0.min)) to \(Format.time($0.max))" } ?? ""
            let notes =
                peers + (row.speedup.map { ["\(Format.figure($0.median)) x faster than on one core"] } ?? [])
                + (row.busyCores.map { ["\(Format.figure($0.median)) cores busy"] } ?? [])
                + (row.capacity.map { ["\(Format.figure($0.median)) x by \(row.threads) copies at once"] } ?? [])
                + (row.efficiency.map { ["\(Format.figure($0.median)) of that"] } ?? [])
                + (row.peakMemory.map { ["\(Format.count($0 >> 20)) MB"] } ?? [])
            text +=
                "| \(row.name) | \(row.suite) | \(Format.count(row.n)) | \(row.bits.map(String.init) ?? "") | \(row.threads) | \(row.machine.kernel) "
            text += "| \(size) | \(spread) | \(row.ratio.map { Format.figure($0.median) } ?? "") | \(notes.joined(separator: "; ")) |\n"
        }
        return text
    }

    /// What a size is of.
    private static func what(_ row: BenchmarkRow) -> String { row.item + (row.policy.map { ", policy \($0)" } ?? "") }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func left(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }
}
