// SPDX-License-Identifier: Apache-2.0

/// Why an input of the consent layer was refused, in words for the person who wrote the input.
///
/// The message says what is wrong, the position where, the hint what to do next. Only public or user-supplied configuration appears in a
/// message; values of consents (subjects, records) do not.
public struct ModelError: Error, Hashable, Sendable {
    /// Where in the input.
    public enum Position: Hashable, Sendable {
        /// A line and column of a text, both from 1.
        case line(Int, column: Int)
        /// An offset in bytes, from 0.
        case byte(Int)
    }

    /// A short kebab-case name of the reason, stable across releases: for programs and tests.
    public let code: String
    /// What is wrong, one sentence without a full stop. It ends with the schema, if there is one.
    public var message: String { schema.map { "\(reason) in the schema \($0)" } ?? reason }
    private let reason: String
    /// The schema by which the input is judged, as people call it: its name, or what tells it from others of a list.
    public var schema: String?
    /// The file, as the caller named it.
    public var file: String?
    /// Where in the file.
    public var position: Position?
    /// What to do next.
    public var hint: String? { didSet { hint = hint.map(Self.shortened) } }

    /// A refusal; see the properties.
    ///
    /// - Parameter message: without the schema.
    public init(
        _ code: String, _ message: String, schema: String? = nil, file: String? = nil, position: Position? = nil, hint: String? = nil
    ) {
        self.code = code
        reason = Self.shortened(message)
        self.schema = schema
        self.file = file
        self.position = position
        self.hint = hint.map(Self.shortened)
    }

    /// A text that is not longer than a person reads: names that a file gives can have any length.
    private static func shortened(_ text: String) -> String {
        let (limit, ending) = (1_000, 100)
        let scalars = text.unicodeScalars
        guard text.utf8.count > limit, scalars.count > limit else { return text }
        return "\(String(scalars.prefix(limit - ending))) [...] \(String(scalars.suffix(ending)))"
    }

    /// The same error, said of `file` unless it names one already.
    public func inFile(_ file: String?) -> ModelError {
        var error = self
        error.file = self.file ?? file
        return error
    }

    /// The same error, said of the schema that is called `name` where it is one of several.
    func inSchema(_ name: String) -> ModelError {
        var error = self
        error.schema = name
        return error
    }

    /// The same error, at `position` unless it has one already.
    public func at(_ position: Position?) -> ModelError {
        var error = self
        error.position = self.position ?? position
        return error
    }
}

extension ModelError: CustomStringConvertible {
    /// `file:line:column: message (hint)`.
    public var description: String {
        var place = file ?? ""
        switch position {
        case .line(let line, let column): place += place.isEmpty ? "line \(line), column \(column)" : ":\(line):\(column)"
        case .byte(let offset): place += place.isEmpty ? "byte \(offset)" : ": byte \(offset)"
        case nil: break
        }
        return (place.isEmpty ? "" : place + ": ") + message + (hint.map { " (\($0))" } ?? "")
    }
}
