// SPDX-License-Identifier: Apache-2.0

/// What a relation file may be at most. A file that is larger in any way is refused with the place where it became too large.
public struct RelationLimits: Sendable {
    /// Bytes of the file.
    public var byteCount = 256 << 10
    /// Bytes of one name.
    public var nameLength = 64
    /// Digits of one integer.
    public var digits = 160
    /// Nesting of parentheses, indices, sums and families.
    public var depth = 32
    /// Factors of one product.
    public var factors = 64
    /// The largest size, index and exponent.
    public var integer = 65_535
    /// Names after vectors are unrolled, parameters and witness together.
    public var names = 65_536
    /// Equations after families are unrolled.
    public var equations = 65_536
    /// Terms of all equations after everything is unrolled.
    public var terms = 262_144
    /// Steps of evaluation: bounds the time that a small file can cost.
    public var steps = 4_000_000

    /// The limits of docs/relations.md.
    public static let standard = RelationLimits()

    /// The limits of docs/relations.md, to be changed member by member.
    public init() {}
}
