// SPDX-License-Identifier: Apache-2.0

/// One file of the paths that were given, read once.
package struct VectorFile: Sendable {
    /// The path as it is reported.
    package let path: String
    /// The content.
    package let bytes: [UInt8]
    /// The content as JSON, if it is.
    package let json: VectorValue?
    /// The content as text, if it is UTF-8 without zero bytes.
    package let text: String?
    /// The verifier keys that lie beside it.
    let keys: KnownKeys
    /// The logs' entries and tiles that lie beside it.
    let neighbours: Neighbours

    /// A file of this content, with nothing beside it.
    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        keys = KnownKeys()
        neighbours = Neighbours()
        // A byte order mark is no part of the text.
        let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        text = content.contains(0) ? nil : String(validating: content, as: UTF8.self)
        json = Self.looksLikeJSON(content) ? VectorValue(parsing: content) : nil
    }

    /// A file of other content in the place of one, with the same beside it.
    package init(_ file: VectorFile, content bytes: [UInt8]) {
        self.init(VectorFile(path: file.path, bytes: bytes), keys: file.keys, neighbours: file.neighbours)
    }

    /// The same file with what lies beside it.
    init(_ file: VectorFile, keys: KnownKeys, neighbours: Neighbours) {
        path = file.path
        bytes = file.bytes
        json = file.json
        text = file.text
        self.keys = keys
        self.neighbours = neighbours
    }

    /// The records of a JSON list; none for anything else.
    var records: [VectorValue] { json?.elements ?? [] }

    /// The lines of the text without their ends.
    var lines: [String] {
        guard let text else { return [] }
        return text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    /// Whether the first character is one that a JSON list or object begins with.
    var looksLikeJSON: Bool { Self.looksLikeJSON(bytes) }

    private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        let first = bytes.first { ![0x20, 0x0a, 0x0d, 0x09, 0xef, 0xbb, 0xbf].contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// Whether the bytes have this text somewhere.
    func contains(_ text: String) -> Bool {
        let needle = Array(text.utf8)
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        return (0...(bytes.count - needle.count)).contains { bytes[$0] == first && bytes[$0..<$0 + needle.count].elementsEqual(needle) }
    }
}
