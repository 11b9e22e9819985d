// SPDX-License-Identifier: Apache-2.0

/// A JSON value.
///
/// Whether numbers are equal depends on how they were written: `1` and `1.0` are not, though their RFC 8785 forms are. Swift compares strings by canonical
/// equivalence. Where either matters, compare ``canonical`` forms.
public enum JSONValue: Hashable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// An integer; the parser makes only those of magnitude below 2^53, of digits alone: `1.0`, `1e0` and `-0` are numbers that are no integers.
    case integer(Int64)
    /// Another finite number, and an integer with a sign of zero, a fraction or an exponent.
    case number(Double)
    /// Text.
    case string(String)
    /// A sequence.
    case array([JSONValue])
    /// Members by name.
    case object([String: JSONValue])

    /// The largest magnitude of an exact integer in RFC 8785 (I-JSON): 2^53 - 1.
    public static let largestInteger: Int64 = 9_007_199_254_740_991

    /// Bounds that the parser keeps on hostile input.
    public struct Limits: Hashable, Sendable {
        /// The largest input in bytes.
        public var byteCount: Int
        /// The deepest nesting of arrays and objects.
        public var depth: Int
        /// The largest number of values.
        public var nodeCount: Int
        /// Whether texts that are values have at most 30 combining characters in a row; names of members always have. Comparing, hashing and ordering others
        /// takes time in the square of their length: records, of which the texts are only copied, do without.
        public var boundsCombining: Bool

        /// These bounds; by default 16 MB, depth 32, a million values, and combining characters are bounded.
        public init(byteCount: Int = 16 << 20, depth: Int = 32, nodeCount: Int = 1_000_000, boundsCombining: Bool = true) {
            self.byteCount = byteCount
            self.depth = depth
            self.nodeCount = nodeCount
            self.boundsCombining = boundsCombining
        }
    }
}

// MARK: Access

extension JSONValue {
    /// The member `name` of an object; `nil` if this is no object or has no such member.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a `string`.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value of a non-negative `integer`.
    public var uint: UInt64? {
        guard case .integer(let value) = self else { return nil }
        return UInt64(exactly: value)
    }

    /// The value of an `integer`.
    public var int: Int? {
        guard case .integer(let value) = self else { return nil }
        return Int(exactly: value)
    }

    /// The elements of an `array`.
    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an `object`.
    public var object: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}
