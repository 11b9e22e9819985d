// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Foundation
import TestSupport
import Testing

/// The refusal that `body` throws; `nil` if it does not throw.
func refusal<T>(_ body: () throws(ModelError) -> T) -> ModelError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// The answer of `Tests/peers/consent_model.py` to a request.
func reference(_ request: JSONValue) throws -> JSONValue {
    let script = repositoryRoot.appending(path: "Tests/peers/consent_model.py").path
    let result = try run("python3", [script], input: Data(request.canonical))
    try #require(result.status == 0, "\(result.errorText)")
    return try JSONValue(parsing: [UInt8](result.output))
}

extension ModelError.Position {
    /// The line, if the position is one in a text.
    var line: Int? {
        guard case .line(let line, column: _) = self else { return nil }
        return line
    }
}

extension JSONValue {
    /// The bytes of a hex string; empty for anything else.
    var hexBytes: [UInt8] { string.flatMap(bytes(hex:)) ?? [] }
}

/// The built-in schema `test-small`.
func smallSchema() throws -> Schema { try Schema.builtIn(named: "test-small") }

/// A day that is known to exist.
func day(_ text: String) throws -> Day { try #require(Day(iso8601: text)) }

/// The days from `first` to `last`.
func days(_ first: String, _ last: String) throws -> DayInterval {
    try #require(DayInterval(first: try day(first), last: try day(last)))
}
