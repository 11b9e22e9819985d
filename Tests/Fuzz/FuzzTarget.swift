// SPDX-License-Identifier: Apache-2.0

/// What the C callback, which can capture nothing, calls.
nonisolated(unsafe) var chosen: ([UInt8]) -> Void = { _ in }

/// A function of any bytes. It must neither trap nor hang nor read what it was not given, and what it accepts must keep its promise: a parser
/// of a canonical form writes back the bytes that it read.
struct FuzzTarget: Sendable {
    /// The name on the command line, and of the folder in `Tests/Fuzz/corpus`.
    let name: String
    /// In a few words.
    let summary: String
    /// Runs once.
    let run: @Sendable ([UInt8]) -> Void

    /// All targets.
    static let all: [FuzzTarget] = texts + logs + files + imports + proofs + verification
}

/// Ends the run with a crash that libFuzzer keeps the input of.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard condition else { fatalError(message()) }
}
