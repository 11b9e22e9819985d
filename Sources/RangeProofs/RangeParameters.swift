// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import SigmaProofs
internal import Transcripts

/// What range proofs of one shape have in common: the size, the bases and the tables of public sums. Made once and shared.
///
/// | docs/protocol.md, section 10 | here |
/// |---|---|
/// | `n`, `m`, `N = n m` | ``bits``, ``count``, ``width`` |
/// | `B`, `H` | ``valueBase``, ``blindingBase`` |
/// | `G_i`, `H_i`, `U` | ``left``, ``right``, ``productBase`` |
///
/// Invariant: `n` is a power of two up to 64, `m` one up to 64, `2^(n+1) < q`. They come from the statement, never from a proof.
public final class RangeParameters<G: Group>: Sendable {
    /// `n`: a value is proved to be below `2^n`.
    public let bits: Int
    /// `m`: the number of commitments of one statement.
    public let count: Int
    /// `B`, the base of values.
    public let valueBase: G.Point
    /// `H`, the base of blinding factors.
    public let blindingBase: G.Point
    /// `U`, the base of the inner product; `B` in dalek's form.
    public let productBase: G.Point
    /// `G_i`, one for each bit.
    public let left: [G.Point]
    /// `H_i`, one for each bit.
    public let right: [G.Point]
    /// The encodings of `B` and `H`.
    let baseEncodings: [UInt8]
    /// `B, H, U` as a batch shares them.
    let sharedBases: SharedBases<G>
    /// `G_0 ... G_(N-1) H_0 ... H_(N-1)` as a batch shares them.
    let sharedVectors: SharedBases<G>

    /// `N`: the bits of all values of a statement.
    public var width: Int { bits * count }
    /// `log2(N)`: the rounds of the inner product.
    public var rounds: Int { width.trailingZeroBitCount }
    /// The length of a proof: four elements, three scalars, two elements for each round, two scalars.
    public var proofByteCount: Int { (4 + 2 * rounds) * G.pointByteCount + 5 * G.Scalar.byteCount }
    /// The length of the commitments of one statement.
    public var statementByteCount: Int { count * G.pointByteCount }

    /// The sizes that statements may have.
    public static var allowedBits: [Int] { [8, 16, 32, 64] }
    /// The largest number of commitments.
    public static var largestCount: Int { 64 }

    /// Our instance over vectors and `U` that hash to the group, for any base of values and of blinding factors.
    ///
    /// - Parameters:
    ///   - bits: 8, 16, 32 or 64.
    ///   - count: a power of two up to 64.
    ///   - valueBase: `B`, for example the base of an attribute. Nobody may know a relation between `B`, `H` and the generators.
    ///   - blindingBase: `H`.
    public convenience init(
        bits: Int, count: Int, valueBase: G.Point, blindingBase: G.Point, generators: RangeGenerators<G>
    ) throws(RangeParametersError) {
        guard Self.allowedBits.contains(bits) else { throw .bits }
        try self.init(anyBits: bits, count: count, valueBase: valueBase, blindingBase: blindingBase, generators: generators)
    }

    /// The same for any power of two up to 64 bits: for tests over small groups.
    package convenience init(
        anyBits bits: Int, count: Int, valueBase: G.Point, blindingBase: G.Point, generators: RangeGenerators<G>
    ) throws(RangeParametersError) {
        guard (1...64).contains(bits), bits.nonzeroBitCount == 1 else { throw .bits }
        guard (1...Self.largestCount).contains(count), count.nonzeroBitCount == 1 else { throw .count }
        try self.init(
            bits: bits, count: count, valueBase: valueBase, blindingBase: blindingBase, productBase: generators.product,
            vectors: generators.vectors(width: bits * count))
    }

    /// Any bases.
    init(
        bits: Int, count: Int, valueBase: G.Point, blindingBase: G.Point, productBase: G.Point, vectors: SharedBases<G>
    ) throws(RangeParametersError) {
        let width = bits * count
        guard vectors.points.count == 2 * width else { throw .count }
        guard !G.isIdentity(valueBase), !G.isIdentity(blindingBase), valueBase != blindingBase else { throw .bases }
        guard Self.orderBits > bits + 1 else { throw .bits }
        self.bits = bits
        self.count = count
        self.valueBase = valueBase
        self.blindingBase = blindingBase
        self.productBase = productBase
        left = Array(vectors.points[..<width])
        right = Array(vectors.points[width...])
        baseEncodings = G.encode([valueBase, blindingBase])
        sharedBases = SharedBases([valueBase, blindingBase, productBase])
        sharedVectors = vectors
    }

    /// The length of the group order in bits.
    private static var orderBits: Int {
        let limbs = (-G.Scalar.one).limbs
        guard let top = limbs.lastIndex(where: { $0 != 0 }) else { return 0 }
        return 64 * top + 64 - limbs[top].leadingZeroBitCount
    }
}

/// Why there are no range proofs of a shape.
public enum RangeParametersError: Error, Equatable, Sendable {
    /// Not 8, 16, 32 or 64 bits, or too many for the group.
    case bits
    /// Not a power of two up to 64 commitments.
    case count
    /// The bases are equal, or one is the identity.
    case bases
    /// Bounds that no value of this many bits satisfies, or not within it.
    case bounds
}

extension RangeParameters {
    /// Shape, bases and commitments of a statement, with one reading: for nonces.
    package func statementBytes(commitments: [UInt8]) -> [UInt8] {
        littleEndian(UInt32(bits)) + littleEndian(UInt32(count)) + baseEncodings + commitments
    }
}
