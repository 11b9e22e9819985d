// SPDX-License-Identifier: Apache-2.0

public import Groups

/// A short argument that a vector `z` known to the prover satisfies `<z, bases> == Q` (Attema and Cramer 2020, "compressed sigma protocols"):
/// the responses of a folded proof, halved until at most four are left.
///
/// | paper | here |
/// |---|---|
/// | `A_r = <z_L, g_R>`, `B_r = <z_R, g_L>` | ``Round/left``, ``Round/right`` |
/// | `e_r`, a full scalar from the transcript after `A_r B_r` | `challenges` |
/// | `g <- e g_L + g_R`, `z <- z_L + e z_R`, `Q <- A + e Q + e^2 B` | ``verifierScalars(challenges:count:weight:)``: over the original bases |
/// | `z` of the last round | ``last`` |
///
/// `z` is padded with zeros, and the bases with absent elements, to a power of two; up to four values are sent as they are. The number of rounds follows
/// from the number of bases, never from the proof. It hides nothing: `z` is public, so both sides take variable time. Layout: `A_0 B_0 ...`, then
/// the scalars of ``last``.
public struct CompressedTail<G: Group>: Sendable, Equatable {
    /// The cross terms of one halving; neither is the identity.
    public struct Round: Sendable, Equatable {
        /// `<z_L, g_R>`.
        public let left: G.Point
        /// `<z_R, g_L>`.
        public let right: G.Point

        /// The cross terms.
        package init(left: G.Point, right: G.Point) {
            self.left = left
            self.right = right
        }
    }

    /// One for each halving.
    public let rounds: [Round]
    /// What is left: ``lastCount(_:)`` scalars.
    public let last: [G.Scalar]

    /// An argument of its parts. For provers and tests.
    package init(rounds: [Round], last: [G.Scalar]) {
        self.rounds = rounds
        self.last = last
    }

    /// Halving ends here.
    package static var shortest: Int { 4 }

    /// The smallest power of two that holds `count` values, at least ``shortest``.
    package static func paddedCount(_ count: Int) -> Int {
        var padded = shortest
        while padded < count { padded *= 2 }
        return padded
    }

    /// The number of halvings for `count >= 1` bases.
    public static func roundCount(_ count: Int) -> Int {
        (paddedCount(count) / shortest).trailingZeroBitCount
    }

    /// The number of scalars that are sent in the end.
    public static func lastCount(_ count: Int) -> Int { min(count, shortest) }

    /// The length in bytes of every argument about `count` bases.
    public static func byteCount(_ count: Int) -> Int {
        2 * roundCount(count) * G.pointByteCount + lastCount(count) * G.Scalar.byteCount
    }

    // MARK: Encoding

    /// Whether it has the shape of every argument about `count` bases.
    package func fits(_ count: Int) -> Bool {
        rounds.count == Self.roundCount(count) && last.count == Self.lastCount(count)
    }

    /// Whether a cross term is the identity; such an argument is refused.
    package var hasIdentity: Bool { rounds.contains { G.isIdentity($0.left) || G.isIdentity($0.right) } }

    /// Parses an argument about `count` bases; refuses another length, encodings that are not canonical and the identity.
    public init(parsing bytes: Span<UInt8>, count: Int) throws(ProofRejected) {
        guard bytes.count == Self.byteCount(count) else { throw ProofRejected(.shape) }
        let split = bytes.count - Self.lastCount(count) * G.Scalar.byteCount
        let points = try decodeAnnouncements(G.self, bytes.extracting(0..<split))
        rounds = stride(from: 0, to: points.count, by: 2).map { Round(left: points[$0], right: points[$0 + 1]) }
        last = try decodeScalars(G.self, bytes.extracting(split..<bytes.count))
    }

    /// The encoding, ``byteCount(_:)`` bytes.
    public var bytes: [UInt8] {
        G.encode(rounds.flatMap { [$0.left, $0.right] }) + last.flatMap { $0.bytes }
    }

    // MARK: Verification

    /// The coefficients of the one equation that is left,
    ///
    ///     sum_i bases[i] * G_i  ==  target * Q + sum_r (left[r] * A_r + right[r] * B_r)
    ///
    /// with `bases[i]` the product of `last[i mod 4]` and of the challenges of the rounds in which `i` was in the left half.
    ///
    /// All of them times `weight`.
    package func verifierScalars(
        challenges: [G.Scalar], count: Int, weight: G.Scalar = .one
    ) -> (bases: [G.Scalar], target: G.Scalar, left: [G.Scalar], right: [G.Scalar]) {
        precondition(challenges.count == rounds.count && last.count == Self.lastCount(count), "an argument of this length")
        var target = weight
        var left = [G.Scalar](repeating: .one, count: rounds.count)
        var right = left
        for round in rounds.indices.reversed() {
            left[round] = target
            right[round] = target * challenges[round] * challenges[round]
            target = target * challenges[round]
        }
        // Place `i` is `prefixes[i / 4] * last[i mod 4]`.
        var bases = [G.Scalar](repeating: .zero, count: count)
        G.Scalar.addOuterProducts(Self.prefixProducts(challenges), last.map { $0 * weight }, terms: 1, into: &bases)
        return (bases, target, left, right)
    }

    /// For each number of `challenges.count` bits, the product of the challenges at whose place, from the top, it has a 0.
    package static func prefixProducts(_ challenges: [G.Scalar]) -> [G.Scalar] {
        // A tensor has the product of the factors at whose place, from below, a number has a 1.
        var products = [G.Scalar](repeating: .zero, count: 1 << challenges.count)
        G.Scalar.addTensors([.one], ratios: challenges.reversed(), into: &products)
        products.reverse()
        return products
    }
}
