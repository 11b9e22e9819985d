// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What the C callback, which can capture nothing, calls.
nonisolated(unsafe) var chosen: ([UInt8]) -> Bool = { _ in false }

/// A function of any bytes. It must neither trap nor hang nor read what it was not given, and what it accepts must keep its promise: a parser
/// of a canonical form writes back the bytes that it read.
struct FuzzTarget: Sendable {
    /// The name on the command line, and of the folder in `Tests/Fuzz/corpus`.
    let name: String
    /// In a few words.
    let summary: String
    /// Runs once; whether something accepted the bytes.
    let run: @Sendable ([UInt8]) -> Bool

    /// All targets.
    static let all: [FuzzTarget] = texts + logs + files + imports + proofs + verification

    /// Prints how many of the committed seeds each target accepts; false if one accepts none of its own, and so starts from nothing.
    static func reportSeeds() throws -> Bool {
        var isComplete = true
        for target in all {
            let folder = URL(filePath: "Tests/Fuzz/corpus/\(target.name)")
            let seeds = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            let refused = try seeds.filter { !target.run(Array(try Data(contentsOf: $0))) }.map(\.lastPathComponent).sorted()
            print("\(target.name): \(seeds.count - refused.count) of \(seeds.count)", refused.isEmpty ? "" : "but not \(refused)")
            isComplete = isComplete && refused.count < seeds.count
        }
        return isComplete
    }
}

/// Ends the run with a crash that libFuzzer keeps the input of.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard condition else { fatalError(message()) }
}
