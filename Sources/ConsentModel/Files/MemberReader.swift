// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// Takes the members of one JSON object one by one, strictly: each must be there with its type, and none may be left over.
struct MemberReader {
    private var members: [String: JSONValue]
    /// The place of the object in its file, for messages: `the member ledgers[0]`.
    let place: String
    /// The prefix of the codes of errors: `bundle`.
    let format: String

    /// The members of `value`.
    ///
    /// - Throws: `<format>-member` when it is no object.
    init(_ value: JSONValue, format: String, place: String = "") throws(ModelError) {
        guard case .object(let members) = value else {
            throw ModelError("\(format)-member", place.isEmpty ? "a JSON object is needed" : "\(place) is not an object")
        }
        self.members = members
        self.place = place
        self.format = format
    }

    /// The member `name`, of any type.
    ///
    /// - Throws: `<format>-member-missing`.
    mutating func take(_ name: String) throws(ModelError) -> JSONValue {
        guard let value = members.removeValue(forKey: name) else {
            throw ModelError("\(format)-member-missing", "the member \(path(name)) is missing")
        }
        return value
    }

    /// A text. Throws `<format>-member-missing`, `<format>-member`.
    mutating func text(_ name: String) throws(ModelError) -> String {
        guard case .string(let text) = try take(name) else { throw wrong(name, "a text") }
        return text
    }

    /// An integer in `range`, which must lie below 2^53. Throws `<format>-member-missing`, `<format>-member`.
    mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(ModelError) -> Int {
        guard case .integer(let value) = try take(name), let value = Int(exactly: value), range.contains(value) else {
            throw wrong(name, "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// 32 bytes as 64 lower-case hex digits. Throws `<format>-member-missing`, `<format>-member`.
    mutating func digest(_ name: String) throws(ModelError) -> [UInt8] {
        guard let digest = Self.digest(try take(name)) else { throw wrong(name, "64 lower-case hex digits") }
        return digest
    }

    /// At most `limit` digests. Throws `<format>-member-missing`, `<format>-member`.
    mutating func digests(_ name: String, limit: Int) throws(ModelError) -> [[UInt8]] {
        var digests: [[UInt8]] = []
        for value in try array(name, limit: limit) {
            guard let digest = Self.digest(value) else { throw wrong(name, "a list of texts of 64 lower-case hex digits") }
            digests.append(digest)
        }
        return digests
    }

    /// An array of at most `limit` elements. Throws `<format>-member-missing`, `<format>-member`.
    mutating func array(_ name: String, limit: Int) throws(ModelError) -> [JSONValue] {
        guard case .array(let elements) = try take(name), elements.count <= limit else {
            throw wrong(name, "a list of at most \(limit) elements")
        }
        return elements
    }

    /// The reader of an object. Throws `<format>-member-missing`, `<format>-member`.
    mutating func object(_ name: String) throws(ModelError) -> MemberReader {
        try MemberReader(take(name), format: format, place: path(name))
    }

    /// Refuses members that were not taken.
    ///
    /// - Throws: `<format>-member-unknown`, naming the first.
    func finish() throws(ModelError) {
        guard let name = members.keys.min() else { return }
        throw ModelError("\(format)-member-unknown", "the member \(path(name)) is unknown")
    }

    /// The path of a member for messages.
    func path(_ name: String) -> String {
        place.isEmpty ? name : "\(place).\(name)"
    }

    private func wrong(_ name: String, _ expected: String) -> ModelError {
        ModelError("\(format)-member", "the member \(path(name)) is not \(expected)")
    }

    private static func digest(_ value: JSONValue) -> [UInt8]? {
        guard case .string(let text) = value, text.utf8.count == 64,
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) })
        else { return nil }
        return try? Hex.decode(text)
    }
}

extension JSONValue {
    /// Lower-case hex digits.
    static func hex(_ bytes: [UInt8]) -> JSONValue { .string(Hex.encode(bytes)) }
}
