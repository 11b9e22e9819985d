// SPDX-License-Identifier: Apache-2.0

internal import ConsentModel

/// A line and column of a relation file, both from 1. Columns count bytes, which are characters: the text is ASCII.
struct Place: Hashable, Sendable {
    var line: Int
    var column: Int

    /// The place in an error.
    var position: ModelError.Position { .line(line, column: column) }
}

/// The smallest part of a relation file that means something.
struct Token: Sendable {
    /// What it is.
    enum Kind: Hashable, Sendable {
        /// A name or a keyword.
        case name(String)
        /// An integer that fits.
        case integer(Int)
        /// A larger integer as it was written, decimal or `0x`.
        case big(String)
        /// One of `( ) [ ] : , + - * ^ =`.
        case symbol(UInt8)
        /// `..`
        case dots
        /// The end of the file.
        case end
    }

    let kind: Kind
    let place: Place
    /// Whether it is the first of its line.
    let startsLine: Bool

    /// The token in a message.
    var words: String {
        switch kind {
        case .name(let name): "\"\(name)\""
        case .integer(let value): "the number \(value)"
        case .big: "a number"
        case .symbol(let byte): "\"\(String(decoding: [byte], as: UTF8.self))\""
        case .dots: "\"..\""
        case .end: "the end of the file"
        }
    }
}

extension ModelError {
    /// A refusal of a relation file at a place.
    static func relation(_ code: String, _ message: String, _ place: Place, hint: String? = nil) -> ModelError {
        ModelError("relation-\(code)", message, position: place.position, hint: hint)
    }
}
