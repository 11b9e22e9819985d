// SPDX-License-Identifier: Apache-2.0
public import ConsentModel

/// One result: what, on how many items, with which code, how long, and beside what.
public struct BenchmarkRow: Sendable {
    /// A baseline of a row.
    public struct Peer: Hashable, Sendable {
        /// The library and its operation.
        public let name: String
        /// Nanoseconds per item of the baseline.
        public let time: Spread?
        /// The subject's time divided by the baseline's: below 1 the subject is faster.
        public let ratio: Spread?
    }

    /// The name under which it is selected.
    public let name: String
    /// The group.
    public let suite: String
    /// Items per run.
    public let n: Int
    /// What an item is.
    public let item: String
    /// The policy of a proof, for sizes.
    public let policy: String?
    /// Bits of the scalars.
    public let bits: Int?
    /// Cores.
    public let threads: Int
    /// Bytes processed or made per run.
    public let bytes: Int?
    /// The machine, compiler, kernel and date.
    public let machine: Machine
    /// The clock.
    public var clock = BenchmarkClock.wall
    /// Rounds.
    public var rounds = 0
    /// Whether the threads were pinned.
    public var isPinned = false
    /// Nanoseconds per item.
    public var time: Spread?
    /// S in the same rounds, nanoseconds.
    public var yardstick: Spread?
    /// Time per item divided by S; `nil` without libsodium.
    public var ratio: Spread?
    /// Time on one core divided by the time on ``threads`` cores.
    public var speedup: Spread?
    /// Processor time, without what threads spent looking for work, divided by elapsed time: how many of the ``threads`` cores had something to do.
    public var busyCores: Spread?
    /// How many times as much ``threads`` copies do at the same time, each on a core of its own, as one alone: what the machine gives. More than ``threads``
    /// in a disturbed round.
    public var capacity: Spread?
    /// ``speedup`` divided by ``capacity``: what of it the program uses. The copies are threads of one process, each with its own working set: no bound, it
    /// may exceed 1.
    public var efficiency: Spread?
    /// The largest resident memory of the process during a run, in bytes.
    public var peakMemory: Int?
    /// Baselines.
    public var peers: [Peer] = []

    init(_ subject: BenchmarkCase, threads: Int, machine: Machine) {
        (name, suite, n, item, policy) = (subject.name, subject.suite, subject.n, subject.item, subject.policy)
        (bits, bytes, self.threads, self.machine) = (subject.bits, subject.bytes, threads, machine)
    }
}

// MARK: JSON

extension BenchmarkRow {
    /// The row as one object; docs/performance.md explains the members.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "suite": .string(suite), "n": .integer(Int64(n)), "item": .string(item),
            "policy": policy.map { .string($0) } ?? .null,
            "bits": Self.number(bits), "threads": .integer(Int64(threads)), "kernel": .string(machine.kernel), "bytes": Self.number(bytes),
            "median_ns_per_item": Self.number(time?.median), "min": Self.number(time?.min), "max": Self.number(time?.max),
            "q1": Self.number(time?.q1), "q3": Self.number(time?.q3),
            "s_ns": Self.number(yardstick?.median), "clock": .string(clock.rawValue), "rounds": .integer(Int64(rounds)),
            "pinned": .bool(isPinned), "peak_rss_bytes": Self.number(peakMemory),
            "processor": .string(machine.processor), "cores": .integer(Int64(machine.cores)), "system": .string(machine.system),
            "compiler": .string(machine.compiler), "date": .string(machine.date),
        ]
        members.merge(Self.members("s_ratio", ratio)) { first, _ in first }
        members.merge(Self.members("speedup", speedup)) { first, _ in first }
        members.merge(Self.members("busy_cores", busyCores)) { first, _ in first }
        members.merge(Self.members("capacity", capacity)) { first, _ in first }
        members.merge(Self.members("efficiency", efficiency)) { first, _ in first }
        members["peers"] = .array(
            peers.map { peer in
                var object = Self.members("ratio", peer.ratio)
                object["name"] = .string(peer.name)
                object["median_ns_per_item"] = Self.number(peer.time?.median)
                return .object(object)
            })
        return .object(members)
    }

    private static func members(_ name: String, _ spread: Spread?) -> [String: JSONValue] {
        [
            name: number(spread?.median), name + "_min": number(spread?.min), name + "_max": number(spread?.max),
            name + "_q1": number(spread?.q1), name + "_q3": number(spread?.q3),
        ]
    }

    /// A number with as many digits as a measurement has.
    private static func number(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        var unit = 1.0
        while value.magnitude * unit < 100_000, unit < 1e9 { unit *= 10 }
        return JSONValue(finite: (value * unit).rounded() / unit)
    }

    private static func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }

    /// Reads a row back; `nil` if `json` is none.
    public init?(json: JSONValue) {
        func double(_ value: JSONValue?) -> Double? {
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            default: nil
            }
        }
        func spread(_ object: JSONValue, _ name: String, _ prefix: String) -> Spread? {
            guard let median = double(object[name]), let min = double(object[prefix + "min"]), let max = double(object[prefix + "max"]),
                let q1 = double(object[prefix + "q1"]), let q3 = double(object[prefix + "q3"])
            else { return nil }
            return Spread(median: median, min: min, max: max, q1: q1, q3: q3)
        }
        guard let name = json["name"]?.string, let suite = json["suite"]?.string, let n = json["n"]?.int, let item = json["item"]?.string,
            let threads = json["threads"]?.int, let kernel = json["kernel"]?.string
        else { return nil }
        (self.name, self.suite, self.n, self.item, self.threads) = (name, suite, n, item, threads)
        (policy, bits, bytes) = (json["policy"]?.string, json["bits"]?.int, json["bytes"]?.int)
        machine = Machine(
            processor: json["processor"]?.string ?? "", cores: json["cores"]?.int ?? 0, system: json["system"]?.string ?? "",
            compiler: json["compiler"]?.string ?? "", kernel: kernel, date: json["date"]?.string ?? "")
        clock = BenchmarkClock(rawValue: json["clock"]?.string ?? "") ?? .wall
        rounds = json["rounds"]?.int ?? 0
        isPinned = json["pinned"] == .bool(true)
        time = spread(json, "median_ns_per_item", "")
        yardstick = double(json["s_ns"]).map { Spread(median: $0, min: $0, max: $0, q1: $0, q3: $0) }
        ratio = spread(json, "s_ratio", "s_ratio_")
        speedup = spread(json, "speedup", "speedup_")
        busyCores = spread(json, "busy_cores", "busy_cores_")
        capacity = spread(json, "capacity", "capacity_")
        efficiency = spread(json, "efficiency", "efficiency_")
        peakMemory = json["peak_rss_bytes"]?.int
        peers = (json["peers"]?.array ?? []).compactMap { peer in
            guard let name = peer["name"]?.string else { return nil }
            let time = double(peer["median_ns_per_item"]).map { Spread(median: $0, min: $0, max: $0, q1: $0, q3: $0) }
            return Peer(name: name, time: time, ratio: spread(peer, "ratio", "ratio_"))
        }
    }
}
