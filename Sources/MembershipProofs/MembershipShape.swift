// SPDX-License-Identifier: Apache-2.0

/// The digits in which a member of a set is counted: `m` of them in the base 4, from the size of the verifier's set alone.
public struct MembershipShape: Sendable, Equatable {
    /// `n`: the values of a digit.
    public static let base = 4
    /// The digits of the largest sets.
    public static let largestDigits = 8
    /// The members of the largest sets: `4^8`.
    public static let largestCount = 65_536

    /// `m`: the smallest number of digits, at least 1, that counts all members.
    public let digits: Int

    /// The shape for a set of `count` members, 1 to ``largestCount``.
    init(count: Int) {
        var digits = 1
        while count > 1 << (2 * digits) { digits += 1 }
        self.digits = digits
    }

    /// `N = 4^m`.
    public var places: Int { 1 << (2 * digits) }
    /// `A B C D Q_0 ... Q_(m-1)`.
    var elements: Int { 4 + digits }
    /// The `f_(j,i)` with `i > 0` of all digits.
    var digitResponses: Int { (Self.base - 1) * digits }
    /// All responses: the digits' and `z_A z_C z`.
    var responses: Int { digitResponses + 3 }
}
