// SPDX-License-Identifier: Apache-2.0

/// A function of any bytes. It must neither trap nor hang nor read what it was not given, and what it accepts must keep its promise: a parser
/// of a canonical form writes back the bytes that it read.
package struct FuzzTarget: Sendable {
    /// The name on the command line, and of the folder in `Tests/Fuzz/corpus`.
    package let name: String
    /// In a few words.
    package let summary: String
    /// Runs once; whether something accepted the bytes.
    package let run: @Sendable ([UInt8]) -> Bool

    /// All targets.
    package static let all: [FuzzTarget] = texts + logs + files + imports + proofs + verification
}

/// Ends the run with a crash that libFuzzer keeps the input of.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard condition else { fatalError(message()) }
}
