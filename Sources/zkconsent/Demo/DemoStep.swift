// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel

/// One step of the story: what must come out, and what did.
struct DemoStep {
    /// A short name, stable across releases.
    let name: String
    /// What must come out.
    let expected: String
    /// What came out.
    let verdict: String
    /// Wall time.
    let seconds: Double
    /// The size of what the step made, 0 if it made nothing.
    let bytes: Int

    /// Whether it went as expected.
    var isExpected: Bool { expected == verdict }

    /// For machines.
    var json: JSONValue {
        .object([
            "bytes": .integer(Int64(bytes)), "expected": .string(expected), "seconds": .number((seconds * 1000).rounded() / 1000),
            "step": .string(name), "verdict": .string(verdict),
        ])
    }

    /// For people.
    var text: String {
        let time = (seconds * 100).rounded() / 100
        let size = bytes > 0 ? ", \(bytes) bytes" : ""
        return "   \(isExpected ? "as expected" : "NOT EXPECTED (should be: \(expected))"): \(verdict)   [\(time) s\(size)]"
    }
}
