// SPDX-License-Identifier: Apache-2.0

/// Something to be timed, with what it is compared with.
struct BenchmarkCase {
    /// The name under which it is selected.
    let name: String
    /// The group, as in ciphersuite identifiers.
    let suite: String
    /// How many items one run works on.
    let n: Int
    /// What an item is: `point`, `proof`, `row`.
    let item: String
    /// The policy that a proof is made for, where sizes depend on it.
    var policy: String?
    /// The length of the scalars in bits, where they matter.
    var bits: Int?
    /// The size of what is processed or made, in bytes per run.
    var bytes: Int?
    /// Whether the largest memory in use is reported: it means something for a case that sets up nothing in memory.
    var reportsMemory = false
    /// What else does the same.
    var peers: [BenchmarkPeer] = []
    /// One run. Wrong results throw: what is fast and wrong is no result. `nil`: the case has a size and no time.
    var run: (() throws -> Void)?
}

extension BenchmarkCase {
    /// A size without a time: of `kind` for `n` data points.
    init(sizeOf kind: String, n: Int, policy: String? = nil, _ bytes: Int) {
        self.init(name: "proof-size", suite: "ristretto255", n: n, item: kind, policy: policy, bytes: bytes)
    }
}

/// A baseline: it alternates with the subject within each round.
struct BenchmarkPeer {
    /// The library and its operation.
    let name: String
    /// How many items one run works on.
    let items: Int
    /// One run.
    let run: () throws -> Void
}

/// A benchmark computed something wrong.
struct WrongResult: Error {
    /// What.
    let what: String
}

/// Stops a benchmark whose result is wrong.
func check(_ condition: Bool, _ what: @autoclosure () -> String) throws(WrongResult) {
    guard condition else { throw WrongResult(what: what()) }
}
