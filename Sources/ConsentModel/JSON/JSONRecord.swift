// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// A JSON object with exactly known members: the small signed, hashed and exchanged records of docs/formats.md.
struct JSONRecord {
    private let what: String
    private let members: [String: JSONValue]

    /// The object in `json`, which must have exactly the members `names`, and `kind` and `version` with these values.
    init(_ json: JSONValue, what: String, kind: String, version: FormatVersion, names: Set<String>) throws(ModelError) {
        guard let members = json.object else { throw ModelError("record-type", "\(what) must be a JSON object") }
        self.what = what
        self.members = members
        guard members["kind"]?.string == kind else { throw ModelError("record-kind", "\(what) must have kind \"\(kind)\"") }
        guard let found = members["version"]?.uint else { throw ModelError("record-version", "\(what) needs a version") }
        try version.check(Int(clamping: found))
        let expected = names.union(["kind", "version"])
        for name in members.keys.sorted() where !expected.contains(name) {
            throw ModelError("unknown-key", "\(what) has no member \(name)", hint: Nearest.hint(name, among: expected.sorted()))
        }
        for name in expected.sorted() where members[name] == nil {
            throw ModelError("missing-key", "\(what) needs the member \(name)")
        }
    }

    /// Text of `range` bytes.
    func text(_ name: String, byteCount range: ClosedRange<Int> = 1...1_024) throws(ModelError) -> String {
        guard let text = members[name]?.string, range.contains(text.utf8.count) else {
            throw ModelError("invalid-value", "\(name) of \(what) must be text of \(range.lowerBound) to \(range.upperBound) bytes")
        }
        return text
    }

    /// A non-negative integer below 2^53.
    func uint(_ name: String) throws(ModelError) -> UInt64 {
        guard let value = members[name]?.uint else {
            throw ModelError("invalid-value", "\(name) of \(what) must be an integer, 0 or more")
        }
        return value
    }

    /// `byteCount` bytes in lower-case hex.
    func bytes(_ name: String, _ byteCount: Int) throws(ModelError) -> [UInt8] {
        guard let text = members[name]?.string, text.utf8.count == 2 * byteCount, let bytes = try? Hex.decode(text),
            Hex.encode(bytes) == text
        else { throw ModelError("invalid-value", "\(name) of \(what) must be \(2 * byteCount) lower-case hex digits") }
        return bytes
    }
}
