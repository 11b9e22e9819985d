// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Plots as SVG.
enum BenchmarkPlot {
    private static let colors = ["#1b6ca8", "#c8553d", "#3a7d44", "#7d4e9e", "#b08900", "#4a4e69"]

    /// Horizontal bars of the ratios to S on a logarithmic axis, with whiskers.
    static func bars(_ rows: [BenchmarkRow]) -> String {
        let values = rows.compactMap(\.ratio).flatMap { [$0.min, $0.max] }.filter { $0 > 0 }
        let axis = LogAxis(values + [1], from: 330, to: 880)
        let height = 22 * rows.count + 40
        var svg = open(width: 960, height: height)
        for tick in axis.ticks {
            svg += line(axis.place(tick), 20, axis.place(tick), Double(height - 20), tick == 1 ? "#888" : "#ddd")
            svg += text(axis.place(tick), Double(height - 5), Format.figure(tick), anchor: "middle")
        }
        for (index, row) in rows.enumerated() {
            guard let ratio = row.ratio, ratio.min > 0 else { continue }
            let y = Double(22 * index + 24)
            let bits = row.bits.map { ", \($0) bits" } ?? ""
            svg += text(320, y + 9, "\(row.name), \(row.suite), n = \(row.n)\(bits), \(row.threads) x \(row.machine.kernel)", anchor: "end")
            let end = axis.place(ratio.median)
            svg += "<rect x=\"330\" y=\"\(y - 2)\" width=\"\(max(1, end - 330))\" height=\"14\" fill=\"\(colors[0])\"/>"
            svg += line(axis.place(ratio.min), y + 5, axis.place(ratio.max), y + 5, "#000")
            svg += text(max(end, axis.place(ratio.max)) + 6, y + 9, Format.figure(ratio.median))
        }
        return svg + "</svg>\n"
    }

    /// Curves of the time per item over the number of items, both logarithmic.
    static func lines(_ rows: [BenchmarkRow]) -> String {
        let x = LogAxis(rows.map { Double($0.n) }, from: 90, to: 700)
        let y = LogAxis(rows.compactMap(\.time).flatMap { [$0.min, $0.max] }, from: 290, to: 20)
        var svg = open(width: 960, height: 330)
        for tick in x.ticks {
            svg += line(x.place(tick), 20, x.place(tick), 290, "#eee")
            svg += text(x.place(tick), 308, Format.count(Int(tick)), anchor: "middle")
        }
        for tick in y.ticks {
            svg += line(90, y.place(tick), 700, y.place(tick), "#eee")
            svg += text(84, y.place(tick) + 4, Format.time(tick), anchor: "end")
        }
        var order: [String] = []
        var curves: [String: [BenchmarkRow]] = [:]
        for row in rows {
            let bits = row.bits.map { "\($0) bits, " } ?? ""
            let name = "\(bits)\(row.threads) core\(row.threads == 1 ? "" : "s"), \(row.machine.kernel)"
            if curves[name] == nil { order.append(name) }
            curves[name, default: []].append(row)
        }
        for (index, name) in order.enumerated() {
            let color = colors[index % colors.count]
            let points = (curves[name] ?? []).sorted { $0.n < $1.n }
            let places = points.compactMap { row in row.time.map { (x.place(Double(row.n)), y.place($0.median), $0) } }
            let path = places.map { "\($0.0),\($0.1)" }.joined(separator: " ")
            svg += "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>"
            for (px, py, time) in places {
                svg += line(px, y.place(time.min), px, y.place(time.max), color)
                svg += "<circle cx=\"\(px)\" cy=\"\(py)\" r=\"3\" fill=\"\(color)\"/>"
            }
            svg += line(720, Double(30 + 20 * index), 745, Double(30 + 20 * index), color)
            svg += text(752, Double(34 + 20 * index), name)
        }
        return svg + "</svg>\n"
    }

    private static func open(width: Int, height: Int) -> String {
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\" role=\"img\">"
    }

    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ color: String) -> String {
        "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" stroke=\"\(color)\"/>"
    }

    private static func text(_ x: Double, _ y: Double, _ words: String, anchor: String = "start") -> String {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(BenchmarkPage.escaped(words))</text>"
    }
}

/// A logarithmic axis with ticks at 1, 2 and 5 times powers of ten.
private struct LogAxis {
    private let low: Double, high: Double
    private let from: Double, to: Double
    let ticks: [Double]

    init(_ values: [Double], from: Double, to: Double) {
        let positive = values.filter { $0 > 0 && $0.isFinite }
        let (least, most) = ((positive.min() ?? 1) / 1.15, (positive.max() ?? 10) * 1.15)
        (low, high, self.from, self.to) = (log10(least), log10(most), from, to)
        let decades = Int(low.rounded(.down))...Int(high.rounded(.up))
        let all = decades.flatMap { decade in [1.0, 2, 5].map { $0 * pow(10, Double(decade)) } }.filter { least...most ~= $0 }
        ticks = all.count > 12 ? all.filter { log10($0).rounded() == log10($0) } : all
    }

    /// The coordinate of a value, to a hundredth.
    func place(_ value: Double) -> Double {
        let fraction = (log10(Swift.max(value, 1e-12)) - low) / Swift.max(high - low, 1e-9)
        return ((from + fraction * (to - from)) * 100).rounded() / 100
    }
}
