// SPDX-License-Identifier: Apache-2.0
internal import ConsentImport

/// Results as comma-separated values (RFC 4180): one line for each row, and one for each of its baselines.
public enum BenchmarkCSV {
    /// The columns. In a line of a baseline, `peer` is its name, the times are its own, and `ratio` is the subject's time divided by its.
    static let columns = [
        "name", "suite", "n", "item", "policy", "bits", "threads", "kernel", "peer", "median_ns_per_item", "min", "max", "q1", "q3",
        "s_ratio",
        "s_ratio_min",
        "s_ratio_max", "s_ns", "ratio", "ratio_min", "ratio_max", "speedup", "busy_cores", "capacity", "efficiency", "bytes",
        "peak_rss_bytes", "rounds", "clock",
        "pinned",
        "processor",
        "cores", "system", "compiler", "date",
    ]

    /// The file.
    public static func file(_ rows: [BenchmarkRow]) -> String {
        let lines = [columns] + rows.flatMap { row in [cells(row, nil)] + row.peers.map { cells(row, $0) } }
        return String(decoding: lines.flatMap(CSVLine.encoded), as: UTF8.self)
    }

    private static func cells(_ row: BenchmarkRow, _ peer: BenchmarkRow.Peer?) -> [String] {
        let time = peer == nil ? row.time : peer?.time
        let ratio = peer == nil ? row.ratio : nil
        return [
            row.name, row.suite, String(row.n), row.item, row.policy ?? "", text(row.bits), String(row.threads), row.machine.kernel,
            peer?.name ?? "",
            text(time?.median), text(time?.min), text(time?.max), text(time?.q1), text(time?.q3), text(ratio?.median), text(ratio?.min),
            text(ratio?.max), text(row.yardstick?.median), text(peer?.ratio?.median), text(peer?.ratio?.min), text(peer?.ratio?.max),
            text(peer == nil ? row.speedup?.median : nil), text(peer == nil ? row.busyCores?.median : nil),
            text(peer == nil ? row.capacity?.median : nil), text(peer == nil ? row.efficiency?.median : nil), text(row.bytes),
            text(row.peakMemory), String(row.rounds), row.clock.rawValue,
            String(row.isPinned), row.machine.processor, String(row.machine.cores), row.machine.system, row.machine.compiler,
            row.machine.date,
        ]
    }

    private static func text(_ value: Double?) -> String { value.map { String($0) } ?? "" }
    private static func text(_ value: Int?) -> String { value.map { String($0) } ?? "" }
}
