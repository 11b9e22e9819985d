// SPDX-License-Identifier: Apache-2.0

extension Statement {
    /// The most range claims of a statement, as many as one range proof has values: a lower bound is one, an interval two.
    public static let claimLimit = 64
    /// The widths that range proofs have.
    public static let rangeWidths = [8, 16, 32, 64]

    /// The bounds of a range, both inclusive.
    public struct Bounds: Hashable, Sendable {
        /// The smallest value.
        public var minimum: UInt64
        /// The largest value, if there is one.
        public var maximum: UInt64?

        /// These bounds; they are checked where a statement is made of them.
        public init(minimum: UInt64, maximum: UInt64? = nil) {
            self.minimum = minimum
            self.maximum = maximum
        }

        /// Refuses an attribute that is no integer, bounds that JSON cannot hold, and an empty range.
        func check(_ attribute: Schema.Attribute) throws(ModelError) {
            guard case .uint = attribute.kind else {
                throw ModelError("range-kind", "\(attribute.name) is an id, and only a uint can lie in a range")
            }
            guard max(minimum, maximum ?? 0) <= UInt64(JSONValue.largestInteger) else {
                throw ModelError("invalid-value", "a bound of \(attribute.name) is 2^53 or more")
            }
            if let maximum, maximum < minimum {
                throw ModelError("range-empty", "the range of \(attribute.name) is empty: its max is below its min")
            }
        }
    }

    /// An attribute that must lie in a range.
    public struct RangeClause: Hashable, Sendable {
        /// The index of the attribute, a uint, in the schema.
        public let attribute: Int
        /// The smallest value.
        public let minimum: UInt64
        /// The largest value, `>= minimum`; without one the value is below `minimum + 2^rangeBits`.
        public let maximum: UInt64?

        /// The number of values that are proved to be below `2^rangeBits`.
        public var claimCount: Int { maximum == nil ? 1 : 2 }

        /// Whether `value` satisfies the clause as a proof with `bits` bits shows it.
        public func holds(_ value: UInt64, bits: Int) -> Bool {
            guard value >= minimum else { return false }
            if let maximum { return value <= maximum }
            return bits >= 64 || (value - minimum) >> UInt64(bits) == 0
        }
    }

    /// The common width of the claims; a given one must be one of ``rangeWidths`` and hold every interval.
    static func checkedRangeBits(_ given: Int?, _ clauses: [RangeClause], _ schema: Schema) throws(ModelError) -> Int {
        guard clauses.reduce(0, { $0 + $1.claimCount }) <= claimLimit else {
            throw ModelError(
                "range-count", "more than \(claimLimit) range claims", hint: "a lower bound is one claim, an interval two")
        }
        let needed = clauses.map { neededBits($0) }.max() ?? 0
        guard let given else { return needed > 32 ? 64 : 32 }
        guard rangeWidths.contains(given) else {
            throw ModelError("range-bits", "range_bits must be 8, 16, 32 or 64")
        }
        guard needed <= given else {
            throw ModelError("range-bits", "an interval needs \(needed) bits, and range_bits is \(given)", hint: "leave range_bits out")
        }
        return given
    }

    /// The bits of `maximum - minimum`; 0 without a maximum.
    static func neededBits(_ clause: RangeClause) -> Int {
        guard let maximum = clause.maximum, maximum >= clause.minimum else { return 0 }
        return 64 - (maximum - clause.minimum).leadingZeroBitCount
    }
}
