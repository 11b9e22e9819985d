// SPDX-License-Identifier: Apache-2.0
internal import Baselines
public import ConsentModel
internal import Groups
internal import RelationNotation

/// A run of benchmarks: what is selected, and how it is measured.
public struct BenchmarkRun: Sendable {
    /// Names; empty: all.
    public var names: [String] = []
    /// Numbers of items; empty: those of each workload.
    public var sizes: [Int] = []
    /// Numbers of cores.
    public var threads: [Int] = [1]
    /// Kernels; empty: ``kernel``.
    public var kernels: [String] = []
    /// Names of groups; empty: `ristretto255`.
    public var suites: [String] = []
    /// A folder in which data sets are kept between runs.
    public var fixtures: String?
    /// Rounds and clock.
    public var measuring = MeasuringOptions()
    /// Whether libsodium is left out, as on a machine without it. For tests.
    public var withoutYardstick = false

    /// Everything.
    public init() {}

    /// The names that can be asked for, with a line about each.
    public static var workloads: [(name: String, summary: String, sizes: [Int])] { Workload.all.map { ($0.name, $0.summary, $0.sizes) } }

    /// The groups that can be asked for.
    public static var groupNames: [String] { Workload.groups.map { $0.name } }

    /// The kernel that is used unless others are asked for.
    public static var kernel: String { Kernel.current.rawValue }

    /// Why libsodium, which the yardstick needs, cannot be used; `nil` if it can.
    public static var missingYardstick: String? {
        Sodium.shared == nil ? "libsodium is not installed: there is no S to compare with (Debian: apt-get install libsodium23)" : nil
    }

    /// Refuses names, groups and numbers that do not exist.
    ///
    /// - Throws: `unknown-benchmark`, `unknown-suite`, `invalid-value`.
    public func validate() throws(ModelError) {
        for name in names where !Workload.all.contains(where: { $0.name == name }) {
            throw ModelError(
                "unknown-benchmark", "there is no benchmark named \(name)",
                hint: Self.hint(name, among: Workload.all.map(\.name)))
        }
        for suite in suites where suite != "all" && !Self.groupNames.contains(Self.groupName(suite)) {
            throw ModelError(
                "unknown-suite", "there is no group named \(suite)", hint: Self.hint(suite, among: ["all"] + Self.groupNames))
        }
        for name in kernels where Kernel(rawValue: name)?.isAvailable != true {
            throw ModelError(
                "kernel", "--kernel \(name): this machine has no such kernel",
                hint: "it has: " + Kernel.available.map(\.rawValue).joined(separator: ", "))
        }
        for n in sizes where !(1...100_000_000).contains(n) {
            throw ModelError("invalid-value", "--n \(n) is out of range", hint: "from 1 to 100000000")
        }
        for count in threads where !(1...Affinity.usableCount).contains(count) {
            throw ModelError(
                "invalid-value", "--threads \(count) is out of range", hint: "this process may use \(Affinity.usableCount) cores")
        }
        guard (1...10_000).contains(measuring.rounds) else {
            throw ModelError("invalid-value", "--rounds \(measuring.rounds) is out of range", hint: "from 1 to 10000")
        }
    }

    /// Measures and reports each row as soon as it is there.
    ///
    /// - Parameter progress: Told what is being prepared or measured.
    public func run(progress: @escaping (String) -> Void, _ report: (BenchmarkRow) throws -> Void) throws {
        try validate()
        let kernelNames = kernels.isEmpty ? [Self.kernel] : kernels
        let machines = kernelNames.compactMap { Kernel(rawValue: $0) }.map { ($0, Machine.current(kernel: $0.rawValue)) }
        let gmp = [(Kernel.current, Machine.current(kernel: "gmp"))]
        let yardstick = withoutYardstick ? nil : Yardstick(leastTime: measuring.leastTime)
        let measurement = Measurement(options: measuring, yardstick: yardstick)
        let allCores = Affinity.cores.count
        defer { Affinity.pin(toCores: allCores) }
        for workload in Workload.all where names.isEmpty || names.contains(workload.name) {
            for group in groups(of: workload) {
                for n in sizes.isEmpty ? workload.sizes : sizes {
                    for (kernel, machine) in group.name == "ristretto255" ? machines : gmp {
                        // The kernel is forced from the start: tables made in preparation belong to one kernel.
                        try kernel.running {
                            // Preparation may use all cores.
                            Affinity.pin(toCores: allCores)
                            progress("preparing \(workload.name), n = \(n)")
                            let setting = WorkloadSetting(fixtures: fixtures) { progress("preparing \(workload.name): \($0)") }
                            try measure(try workload.cases(group, n, setting), measurement, machine, progress, report)
                        }
                    }
                }
            }
        }
    }

    /// Measures prepared cases, each on every number of cores.
    private func measure(
        _ cases: [BenchmarkCase], _ measurement: Measurement, _ machine: Machine, _ progress: (String) -> Void,
        _ report: (BenchmarkRow) throws -> Void
    ) throws {
        for subject in cases {
            for count in subject.run == nil ? [1] : threads {
                progress("measuring \(subject.name), \(subject.suite), n = \(subject.n), threads = \(count), \(machine.kernel)")
                try report(try measurement.measure(subject, threads: count, machine: machine))
            }
        }
    }

    private func groups(of workload: Workload) -> [any Group.Type] {
        let wanted = workload.isGeneric && !suites.isEmpty ? suites : ["ristretto255"]
        let names = wanted.map(Self.groupName)
        return Workload.groups.filter { wanted.contains("all") || names.contains($0.name) }
    }

    /// The nearest name, or all.
    private static func hint(_ name: String, among names: [String]) -> String {
        Nearest.name(to: name, among: names).map { "did you mean \($0)?" } ?? "known: " + names.joined(separator: ", ")
    }

    /// The name of the group that a name of `--suite` stands for; the same name if there is none.
    private static func groupName(_ suite: String) -> String { ProofSuite(named: suite)?.group.name ?? suite }
}
