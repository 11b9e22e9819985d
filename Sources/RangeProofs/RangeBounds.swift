// SPDX-License-Identifier: Apache-2.0

public import Groups

/// What is claimed about a committed integer `v`, in terms of values that are proved to be in `0 ..< 2^n`.
///
/// | claim | proved to be below `2^n` | hence |
/// |---|---|---|
/// | ``atLeast(_:)`` | `v - min` | `min <= v < min + 2^n` |
/// | ``within(_:)`` | `v - min` and `max - v` | `min <= v <= max` |
///
/// `v` is known modulo `q` only. From `v = min + a` and `v = max - b` modulo `q` with `0 <= a, b < 2^n` follows `a + b = max - min` modulo `q`; as both sides
/// are below `2^(n+1) <= q`, they are equal as integers, and `v` is the integer `min + a`. There is no claim of an upper bound alone: it would
/// hold for `v = -1`.
public enum RangeBound: Sendable, Equatable {
    /// `v >= min`, and `v < min + 2^n`.
    case atLeast(UInt64)
    /// Both bounds, inclusive. `max - min < 2^n`.
    case within(ClosedRange<UInt64>)

    /// The number of values that are proved to be below `2^n`.
    public var claimCount: Int {
        switch self {
        case .atLeast: 1
        case .within: 2
        }
    }

    /// The numbers `min`, or `min` and `max`, with the sign of `v`.
    package var terms: [(bound: UInt64, isUpper: Bool)] {
        switch self {
        case .atLeast(let minimum): [(minimum, false)]
        case .within(let bounds): [(bounds.lowerBound, false), (bounds.upperBound, true)]
        }
    }

    /// The smallest power of two of values that holds the claims of all bounds.
    public static func count(_ bounds: [RangeBound]) -> Int {
        let claims = bounds.reduce(0) { $0 + $1.claimCount }
        var count = 1
        while count < claims { count *= 2 }
        return count
    }
}

extension RangeParameters {
    /// The commitments of a statement that claims `bounds[i]` of the value in `committed[i]`: `V - min B`, `max B - V`. The last one is repeated
    /// until there are ``count``.
    ///
    /// - Parameter committed: `V_i`, each over this object's bases. What they are must be in the surrounding statement, for they are known
    ///   only up to the bounds from here on.
    /// - Throws: `count` when the claims do not fill more than half of ``count`` or are too many, `bounds` when an interval is not below `2^n` wide.
    public func commitments(_ committed: [G.Point], bounds: [RangeBound]) throws(RangeParametersError) -> [G.Point] {
        guard committed.count == bounds.count, !bounds.isEmpty, RangeBound.count(bounds) == count else { throw .count }
        var commitments: [G.Point] = []
        for (index, bound) in bounds.enumerated() {
            if case .within(let interval) = bound, bits < 64, (interval.upperBound - interval.lowerBound) >> UInt64(bits) != 0 {
                throw .bounds
            }
            for (number, isUpper) in bound.terms {
                // v - number; for an upper bound its negative.
                let difference = G.add(committed[index], G.vartimeMultiScalarMul([-G.Scalar(number)], [valueBase]))
                commitments.append(isUpper ? G.negate(difference) : difference)
            }
        }
        while commitments.count < count { commitments.append(commitments[commitments.count - 1]) }
        return commitments
    }
}
