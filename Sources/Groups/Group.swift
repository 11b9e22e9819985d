// SPDX-License-Identifier: Apache-2.0

/// A group of prime order `q` in which the discrete logarithm is assumed to be hard (or, for the toy group, is not).
///
/// Requirements used by other modules work on many elements at a time: a generic call per element costs twenty times the
/// operation itself (docs/performance.md). Loops over elements live in the element's own module.
///
/// Timing: an operation without `vartime` in its name is constant time in its scalar operands. Points and encodings are public.
///
/// Notation: additive; scalars `x in 0..<q`, group elements `P`.
public protocol Group: Sendable {
    /// A group element. `==` is equality in the group, not of representations. Public data.
    associatedtype Point: Sendable, Equatable
    /// A public integer modulo `q`. Secret scalars are limbs in cells of `Secrets`, see ``scalarLimbCount``.
    associatedtype Scalar: GroupScalar

    /// The name of the group in ciphersuite identifiers, e.g. `ristretto255`.
    static var name: String { get }

    /// The neutral element.
    static var identity: Point { get }
    /// The standard generator.
    static var generator: Point { get }

    // MARK: Encoding

    /// The length in bytes of an encoded element.
    static var pointByteCount: Int { get }
    /// Decodes `count` concatenated canonical encodings; the identity is accepted if the group can encode it.
    ///
    /// - Parameter bytes: `count * pointByteCount` bytes.
    /// - Throws: the position and reason of the first encoding that is refused.
    static func decode(canonical bytes: Span<UInt8>) throws(PointDecodingError) -> [Point]
    /// Decodes like ``decode(canonical:)`` but goes on after an encoding that is refused; see the default.
    static func decodeEach(canonical bytes: Span<UInt8>) -> (points: [Point], refused: [Int])
    /// The concatenated canonical encodings: `points.count * pointByteCount` bytes.
    static func encode(_ points: [Point]) -> [UInt8]
    /// The number of uniform bytes that ``points(uniformBytes:)`` maps to one element.
    static var uniformByteCount: Int { get }
    /// Maps `count * uniformByteCount` uniform bytes to `count` elements of unknown discrete logarithm.
    static func points(uniformBytes bytes: Span<UInt8>) -> [Point]

    // MARK: Group law

    /// The sum of two elements.
    static func add(_ p: Point, _ q: Point) -> Point
    /// The inverse element.
    static func negate(_ p: Point) -> Point
    /// Whether `p` is the neutral element.
    static func isIdentity(_ p: Point) -> Bool
    /// `[0, p0, p0 + p1, ...]`: `points.count + 1` partial sums.
    static func prefixSums(_ points: [Point]) -> [Point]

    // MARK: Multi-scalar multiplication

    /// `sum scalars[i] * points[i]`, public inputs only. Cost follows the longest scalar, so 128-bit weights are cheap.
    ///
    /// - Precondition: `scalars.count == points.count`; the empty sum is the identity.
    static func vartimeMultiScalarMul(_ scalars: [Scalar], _ points: [Point]) -> Point
    /// The sum of the terms of all parts, public inputs only: what one call with all of them joined would give.
    static func vartimeMultiScalarMul(parts: [PublicTerms<Self>]) -> Point

    /// Multiples of public points, precomputed for variable-time sums; `Never` in groups that have none. See ``SharedBases``.
    associatedtype PublicTables: Sendable = Never
    /// Tables of `points`; `nil` if there are none for them.
    static func publicTables(_ points: [Point]) -> PublicTables?
    /// `sum scalars[i] * points[i]` for the points of the tables, public inputs only.
    static func vartimeMultiScalarMul(_ scalars: [Scalar], _ tables: PublicTables) -> Point
    /// Whether a sum over `count` points with tables and another one over `others` points are faster than one over all, scalars of full length.
    static func publicTablesPay(_ count: Int, beside others: Int) -> Bool

    /// `sum scalars[i] * points[i]`, constant time in the scalars.
    ///
    /// - Parameter scalars: `points.count * scalarLimbCount` limbs, each scalar reduced (`< q`), little-endian.
    static func multiScalarMul(_ scalars: Span<UInt64>, _ points: [Point]) -> Point

    /// Precomputed multiples of fixed, public bases.
    associatedtype FixedBases: Sendable
    /// Tables for `bases`, which are kept in this order.
    static func fixedBases(_ bases: [Point]) -> FixedBases
    /// `rows` sums `sum_j scalars[i][j] * bases[j]`, constant time in the scalars, spread over the cores.
    ///
    /// - Parameter scalars: row-major, `rows * bases.count * scalarLimbCount` limbs, each scalar reduced.
    static func multiScalarMul(rows: Int, _ scalars: Span<UInt64>, _ bases: FixedBases) -> [Point]

    /// Public points in the form that secret bits choose from.
    associatedtype SelectionTable: Sendable = PlainSelectionTable<Self>
    /// A table of `points`, in this order.
    static func selectionTable(_ points: [Point]) -> SelectionTable
    /// For each row the sum of the points whose bit is set; constant time in the bits.
    ///
    /// - Parameters:
    ///   - bits: `rows * wordsPerRow` words; bit `f` of a row is bit `f % 64` of its word `f / 64`, for `f` below the number of points.
    static func subsetSums(rows: Int, bits: Span<UInt64>, wordsPerRow: Int, of table: SelectionTable) -> [Point]

    /// The coefficients of `sum_i P_i prod_j (bits[j][i_j] X + masks[j][i_j])`, lowest first, where `i_j` is digit j of `i` in the base `n`, lowest
    /// digit first. Constant time in bits and masks; what is left of them in memory is wiped in ristretto255, see the default.
    ///
    /// Of `n^m` points those after the last of `points` are equal to it.
    ///
    /// - Parameters:
    ///   - points: 1 to `n^m`, public.
    ///   - bits: `n` words for each of the `m` digits, digit by digit: one of them 1, the others 0.
    ///   - masks: for each digit `masks[j][1] ..< masks[j][n - 1]`, limbs of reduced scalars; `masks[j][0]` is minus their sum.
    ///   - n: at least 2.
    /// - Returns: `m + 1` elements, the last of them the point that the bits choose.
    static func selectionPolynomial(_ points: [Point], bits: Span<UInt64>, masks: Span<UInt64>, base n: Int) -> [Point]

    // MARK: Secret scalars: little-endian limbs, reduced, constant time

    /// The number of 64-bit limbs of a scalar.
    static var scalarLimbCount: Int { get }
    /// Interprets `Scalar.wideByteCount` uniform little-endian bytes as an integer and reduces it modulo `q`.
    static func reduce(wide bytes: Span<UInt8>, into out: inout MutableSpan<UInt64>)
    /// `out[i] = a[i] * b + c[i]` for `count = out.count / scalarLimbCount` scalars; `b` is one scalar.
    static func multiplyAdd(_ a: Span<UInt64>, _ b: Span<UInt64>, _ c: Span<UInt64>, into out: inout MutableSpan<UInt64>)
    /// `out[i] = a[i] * b[i]`.
    static func multiply(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>)
    /// `out[i] = a[i] + b[i]`.
    static func add(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>)
    /// `out[i] = a[i] - b[i]`.
    static func subtract(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>)
    /// `out = sum a[i] * b[i]`, one scalar.
    static func innerProduct(_ a: Span<UInt64>, _ b: Span<UInt64>, into out: inout MutableSpan<UInt64>)
}

/// A public integer modulo the group order. Not for secrets: operations may take variable time and values are copied freely.
public protocol GroupScalar: Sendable, Hashable {
    /// The length in bytes of an encoded scalar.
    static var byteCount: Int { get }
    /// The number of bytes that ``init(reducingWide:)`` takes: `byteCount + 16`.
    static var wideByteCount: Int { get }
    /// 0.
    static var zero: Self { get }
    /// 1.
    static var one: Self { get }
    /// A small integer, reduced modulo `q`.
    init(_ value: UInt64)
    /// A 128-bit integer, reduced modulo `q`.
    init(_ value: UInt128)
    /// Decodes exactly ``byteCount`` bytes in the byte order of the group's ciphersuite; refuses values `>= q`.
    init(canonical bytes: Span<UInt8>) throws(ScalarDecodingError)
    /// Little-endian bytes of any length from ``wideByteCount`` to 64, or of ``wideByteCount`` where that is more, reduced modulo `q`.
    /// Never fails.
    init(reducingWide bytes: Span<UInt8>)
    /// `Group.scalarLimbCount` little-endian limbs of a reduced value.
    init(limbs: Span<UInt64>)
    /// The canonical encoding, ``byteCount`` bytes.
    var bytes: [UInt8] { get }
    /// The little-endian limbs.
    var limbs: [UInt64] { get }
    /// The sum.
    static func + (a: Self, b: Self) -> Self
    /// The difference.
    static func - (a: Self, b: Self) -> Self
    /// The product.
    static func * (a: Self, b: Self) -> Self
    /// The negative.
    static prefix func - (a: Self) -> Self
    /// The inverse; `nil` for zero.
    func vartimeInverted() -> Self?
    /// `sum a[i] * b[i]`.
    static func innerProduct(_ a: [Self], _ b: [Self]) -> Self

    // MARK: Many at a time, with defaults

    /// Integers of 128 bits.
    static func scalars(_ values: [UInt128]) -> [Self]
    /// `a[i] * b[i]`.
    static func products(_ a: [Self], _ b: [Self]) -> [Self]
    /// The inverses; `nil` if one of the scalars is zero. Variable time.
    static func vartimeInverses(_ a: [Self]) -> [Self]?
    /// Adds products of powers of two places: for every `p`, `sums[i] += scales[p] * product of ratios[p * k + t]` over the bits `t` set in `i`.
    ///
    /// - Precondition: `sums.count == 2^k`, `ratios.count == k * scales.count`.
    static func addTensors(_ scales: [Self], ratios: [Self], into sums: inout [Self])
    /// Adds a product of matrices: for every place `sums[r * columnCount + c] += sum_p rows[p][r] * columns[p][c]`.
    ///
    /// - Precondition: `rows` and `columns` have `terms` rows of equal length each; `sums.count` is at most the product of these lengths.
    static func addOuterProducts(_ rows: [Self], _ columns: [Self], terms: Int, into sums: inout [Self])
    /// Wide little-endian integers, each reduced.
    static func scalars(reducingWide bytes: Span<UInt8>) -> [Self]
    /// Canonical scalars and the places of those that are refused.
    static func decodeEach(canonical bytes: Span<UInt8>) -> (scalars: [Self], refused: [Int])
    /// The records in which one of `count` scalars from byte `offset` on is not canonical, ascending. A record has `recordByteCount` bytes.
    static func refusedRecords(_ records: Span<UInt8>, recordByteCount: Int, offset: Int, count: Int) -> [Int]
    /// For each of `count` scalars from byte `offset` on the sum over all records of that scalar times the record's weight. The scalars are read where
    /// they are: nothing is copied to be used once.
    ///
    /// - Parameter weights: below 2^128, one for each record; zero where a scalar is not canonical.
    static func weightedSums(_ weights: [Self], records: Span<UInt8>, recordByteCount: Int, offset: Int, count: Int) -> [Self]
}

/// Why an encoding of a group element was refused.
public struct PointDecodingError: Error, Equatable, Sendable {
    /// The reasons.
    public enum Reason: Equatable, Sendable {
        /// The input is not a whole number of encodings.
        case length
        /// The bytes are not the canonical encoding of any element.
        case notCanonical
    }
    /// Which of the concatenated encodings, 0-based.
    public let index: Int
    /// Why.
    public let reason: Reason
    /// An error about encoding `index`.
    public init(index: Int, reason: Reason) {
        self.index = index
        self.reason = reason
    }
}

/// Why an encoding of a scalar was refused.
public enum ScalarDecodingError: Error, Equatable, Sendable {
    /// Not exactly the encoded length.
    case length
    /// The value is not below the group order.
    case notReduced
}
