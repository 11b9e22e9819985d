// SPDX-License-Identifier: Apache-2.0
internal import Baselines

/// How cases are measured.
public struct MeasuringOptions: Sendable {
    /// Rounds of subject and baselines.
    public var rounds = 9
    /// The clock; `nil`: the time of the processor for one core, which others on the machine disturb less, and elapsed time for more.
    public var clock: BenchmarkClock?
    /// The shortest time of a part of a round, in nanoseconds: short runs are repeated.
    public var leastTime = 10e6
    /// Whether rows of several cores say what the machine gives to copies that do not work together: that takes as many times the memory.
    public var comparesCopies = false

    /// Nine rounds.
    public init() {}
}

/// Measures a case: in every round the yardstick S, the subject, the baselines, and S again, so that whatever slows the machine down slows all of
/// them; then one core, where several are measured. Figures are medians over the rounds, ratios are medians of the ratios within each round.
struct Measurement {
    let options: MeasuringOptions
    let yardstick: Yardstick?

    /// The row of a case on `threads` cores.
    func measure(_ subject: BenchmarkCase, threads: Int, machine: Machine) throws -> BenchmarkRow {
        var row = BenchmarkRow(subject, threads: threads, machine: machine)
        let clock = options.clock ?? (threads == 1 ? .cpu : .wall)
        row.clock = clock
        guard let run = subject.run else { return row }
        row.isPinned = Affinity.pin(toCores: threads)
        if subject.reportsMemory, PeakMemory.reset() {
            try run()
            row.peakMemory = PeakMemory.read()
        }
        let repeats = try calibrate(clock, run)
        let peerRepeats = try subject.peers.map { try calibrate(clock, $0.run) }
        var (times, ratios, yards): ([Double], [Double], [Double]) = ([], [], [])
        var gains = Gains()
        var peers = subject.peers.map { _ in (times: [Double](), ratios: [Double]()) }
        for _ in 0..<max(1, options.rounds) {
            let before = yardstick?.measure(clock)
            let watch = CoreWatch()
            let time = try clock.measure(repeats, run) / Double(repeats * max(1, subject.n))
            let busyCores = watch.busyCores
            for (index, peer) in subject.peers.enumerated() {
                let other = try clock.measure(peerRepeats[index], peer.run) / Double(peerRepeats[index] * max(1, peer.items))
                peers[index].times.append(other)
                peers[index].ratios.append(time / other)
            }
            times.append(time)
            if let before, let after = yardstick?.measure(clock) {
                yards.append((before + after) / 2)
                ratios.append(time / ((before + after) / 2))
            }
            if threads > 1 {
                gains.busyCores.append(busyCores)
                try compareWithOneCore(run, repeats, clock, time: time * Double(max(1, subject.n)), threads, &gains)
            }
        }
        row.rounds = times.count
        row.time = Spread(times)
        row.yardstick = Spread(yards)
        row.ratio = Spread(ratios)
        row.speedup = Spread(gains.speedups)
        row.busyCores = Spread(gains.busyCores)
        row.capacity = Spread(gains.capacities)
        row.efficiency = Spread(gains.efficiencies)
        row.peers = subject.peers.indices.map {
            BenchmarkRow.Peer(name: subject.peers[$0].name, time: Spread(peers[$0].times), ratio: Spread(peers[$0].ratios))
        }
        return row
    }

    /// What several cores gain, in each round.
    private struct Gains {
        var (speedups, busyCores, capacities, efficiencies): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    }

    /// One core, and copies on all of them if that is asked for, beside the `time` of a run on `threads` cores.
    private func compareWithOneCore(
        _ run: () throws -> Void, _ repeats: Int, _ clock: BenchmarkClock, time: Double, _ threads: Int, _ gains: inout Gains
    ) throws {
        Affinity.pin(toCores: 1)
        let alone = try clock.measure(repeats, run) / Double(repeats)
        Affinity.pin(toCores: threads)
        gains.speedups.append(alone / time)
        guard options.comparesCopies, let rate = try Copies.rate(on: Affinity.cores.suffix(threads), repeats, run) else { return }
        gains.capacities.append(alone * rate)
        gains.efficiencies.append(1 / (time * rate))
    }

    /// How many runs fill the shortest part of a round. The first run is not counted: it warms caches.
    private func calibrate(_ clock: BenchmarkClock, _ run: () throws -> Void) throws -> Int {
        let first = try clock.measure(1, run)
        guard first < options.leastTime else { return 1 }
        let second = try clock.measure(1, run)
        return max(1, min(1_000_000, Int((options.leastTime / max(second, 10)).rounded(.up))))
    }
}

/// S: the time of libsodium's `crypto_core_ristretto255_is_valid_point` for one valid point.
struct Yardstick {
    private let sodium: Sodium
    private let encodings: [UInt8]
    private let count = 64
    private let repeats: Int

    /// The yardstick, if libsodium is there.
    init?(_ sodium: Sodium? = .shared, leastTime: Double) {
        guard let sodium else { return nil }
        self.sodium = sodium
        let count = count
        encodings = (0..<count).flatMap { sodium.point(uniform: [UInt8](repeating: UInt8($0), count: 64)) }
        repeats = max(1, Int(leastTime / 2 / (3_500 * Double(count))))
    }

    /// Nanoseconds per point.
    func measure(_ clock: BenchmarkClock) -> Double {
        var valid = 0
        let time = clock.measure(repeats) {
            for index in 0..<count where sodium.isValidPoint(encodings, at: index) { valid += 1 }
        }
        return valid == repeats * count ? time / Double(repeats * count) : .nan
    }
}
