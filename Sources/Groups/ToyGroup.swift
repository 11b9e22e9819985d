// SPDX-License-Identifier: Apache-2.0

/// The subgroup of squares modulo the safe prime 2039, of prime order 1019: small enough to test protocols exhaustively.
///
/// Security: none; discrete logarithms are read off a table. Timing: not constant. For tests only, kept as plain as possible so that it can
/// serve as an oracle.
///
/// Encoding: 2 bytes, most significant first; only squares in `1...2038` are accepted. Scalars: 2 bytes, least significant first.
public enum ToyGroup: Group {
    /// The prime modulus, `2 * order + 1`.
    public static let modulus: UInt64 = 2039
    /// The prime order of the group.
    public static let order: UInt64 = 1019

    /// A square modulo 2039 other than zero.
    public struct Point: Sendable, Equatable, Hashable {
        /// The square, in `1...2038`.
        public let value: UInt64
    }

    public static let name = "toy1019"
    /// 1, for the group is multiplicative.
    public static let identity = Point(value: 1)
    /// 4; every element other than 1 generates the group.
    public static let generator = Point(value: 4)

    // MARK: Group law

    public static func add(_ p: Point, _ q: Point) -> Point {
        Point(value: p.value * q.value % modulus)
    }

    public static func negate(_ p: Point) -> Point {
        multiply(p, order - 1)
    }

    public static func isIdentity(_ p: Point) -> Bool {
        p == identity
    }

    public static func prefixSums(_ points: [Point]) -> [Point] {
        var sums = [identity]
        for p in points { sums.append(add(sums[sums.count - 1], p)) }
        return sums
    }

    /// `scalar * p` by doubling and adding.
    static func multiply(_ p: Point, _ scalar: UInt64) -> Point {
        var result = identity
        var power = p
        var rest = scalar
        while rest > 0 {
            if rest & 1 == 1 { result = add(result, power) }
            power = add(power, power)
            rest >>= 1
        }
        return result
    }

    // MARK: Encoding

    public static let pointByteCount = 2

    public static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point] {
        guard bytes.count % 2 == 0 else { throw PointDecodingError(index: bytes.count / 2, reason: .length) }
        var points: [Point] = []
        for i in 0..<bytes.count / 2 {
            let value = UInt64(bytes[2 * i]) << 8 | UInt64(bytes[2 * i + 1])
            // An element of the multiplicative group is a square if and only if its power `order` is 1.
            guard value > 0, value < modulus, multiply(Point(value: value), order) == identity else {
                throw PointDecodingError(index: i, reason: .notCanonical)
            }
            points.append(Point(value: value))
        }
        return points
    }

    public static func encode(_ points: [Point]) -> [UInt8] {
        points.flatMap { [UInt8($0.value >> 8), UInt8($0.value & 0xff)] }
    }

    public static let uniformByteCount = 18

    /// The square of `1 + (integer mod 2038)`.
    public static func points(uniformBytes bytes: Span<UInt8>) -> [Point] {
        var points: [Point] = []
        for i in 0..<bytes.count / uniformByteCount {
            let part = bytes.extracting(i * uniformByteCount..<(i + 1) * uniformByteCount)
            let root = 1 + remainder(part, modulus - 1)
            points.append(Point(value: root * root % modulus))
        }
        return points
    }

    /// A little-endian integer modulo a small number.
    static func remainder(_ bytes: Span<UInt8>, _ divisor: UInt64) -> UInt64 {
        var value: UInt64 = 0
        for i in stride(from: bytes.count - 1, through: 0, by: -1) { value = (value << 8 | UInt64(bytes[i])) % divisor }
        return value
    }
}
