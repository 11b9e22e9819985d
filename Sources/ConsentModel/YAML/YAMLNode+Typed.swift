// SPDX-License-Identifier: Apache-2.0

extension YAMLNode {
    /// The members of a mapping whose keys are all among `known`; an unknown key is refused with the nearest known one.
    ///
    /// - Parameter what: What the mapping is, for messages, e.g. "a policy".
    func members(of what: String, required: [String], optional: [String] = []) throws(ModelError) -> YAMLMembers {
        let members = try namedMembers(what)
        for member in members where !required.contains(member.name) && !optional.contains(member.name) {
            throw ModelError(
                "unknown-key", "\(what) has no key \(member.name)", position: member.position,
                hint: Nearest.hint(member.name, among: required + optional))
        }
        let present = YAMLMembers(
            what: what, position: position, byName: Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) }))
        for name in required { _ = try present.required(name) }
        return present
    }

    /// The members of a mapping with any keys, in file order.
    func namedMembers(_ what: String) throws(ModelError) -> [Member] {
        guard case .mapping(let members) = content else { throw typeError(what, "a mapping (key: value)") }
        return members
    }

    /// The elements of a sequence.
    func elements(_ what: String) throws(ModelError) -> [YAMLNode] {
        guard case .sequence(let elements) = content else { throw typeError(what, "a list") }
        return elements
    }

    /// The text of a scalar that is not empty.
    func text(_ what: String) throws(ModelError) -> String {
        guard case .scalar(let text, _) = content, !text.isEmpty else { throw typeError(what, "text") }
        return text
    }

    /// An integer in `range`, in decimal without sign, leading zeros or quotes.
    func integer(_ what: String, in range: ClosedRange<UInt64> = 0...UInt64.max) throws(ModelError) -> UInt64 {
        guard case .scalar(let text, isQuoted: false) = content, let value = DecimalInteger.parse(text) else {
            throw typeError(what, "an integer")
        }
        guard range.contains(value) else {
            throw ModelError("out-of-range", "\(what) must be from \(range.lowerBound) to \(range.upperBound)", position: position)
        }
        return value
    }

    /// `true` or `false`.
    func bool(_ what: String) throws(ModelError) -> Bool {
        switch content {
        case .scalar("true", isQuoted: false): return true
        case .scalar("false", isQuoted: false): return false
        default: throw typeError(what, "true or false")
        }
    }

    /// A date `YYYY-MM-DD`.
    func day(_ what: String) throws(ModelError) -> Day {
        guard case .scalar(let text, _) = content, let day = Day(iso8601: text) else {
            throw typeError(what, "a date YYYY-MM-DD from 1970-01-01 to 2199-12-31")
        }
        return day
    }

    /// The refusal of a node of the wrong type.
    func typeError(_ what: String, _ expected: String) -> ModelError {
        ModelError("yaml-type", "\(what) must be \(expected)", position: position)
    }
}

/// The members of a mapping whose keys have been checked.
struct YAMLMembers {
    let what: String
    let position: ModelError.Position
    let byName: [String: YAMLNode]

    /// The member of this name, if there is one.
    subscript(name: String) -> YAMLNode? { byName[name] }

    /// The member of this name; a missing one is refused.
    func required(_ name: String) throws(ModelError) -> YAMLNode {
        guard let node = byName[name] else {
            throw ModelError("missing-key", "\(what) needs the key \(name)", position: position)
        }
        return node
    }
}

/// Unsigned decimal integers.
enum DecimalInteger {
    /// The value of `0` or of digits without a leading zero, below 2^64.
    static func parse(_ text: String) -> UInt64? {
        let digits = text.utf8
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        return UInt64(text)
    }
}
