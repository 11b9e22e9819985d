// SPDX-License-Identifier: Apache-2.0

package import Groups
package import SigmaProofs

/// Makes the ``CompressedTail`` of responses that could as well be sent in full: everything here is public, so time may vary.
///
/// Bases are never folded. Each cross term is one multi-scalar multiplication over half of the original bases, whose scalars carry the products of
/// the challenges so far; folding them would cost two multiplications for each element of each round.
package enum TailCompressor<G: Group> {
    /// The argument for `<values, bases>`.
    ///
    /// - Parameters:
    ///   - values: One for each base.
    ///   - challenge: Absorbs the cross terms of a round and draws its challenge.
    /// - Returns: `nil` if a cross term is the identity, which a proof cannot contain.
    package static func compress(
        _ values: [G.Scalar], _ bases: [G.Point], challenge: (CompressedTail<G>.Round) -> G.Scalar
    ) -> CompressedTail<G>? {
        precondition(values.count == bases.count && !bases.isEmpty, "one value for each base")
        let padded = CompressedTail<G>.paddedCount(bases.count)
        var values = values + [G.Scalar](repeating: .zero, count: padded - bases.count)
        var challenges: [G.Scalar] = []
        var rounds: [CompressedTail<G>.Round] = []
        while values.count > CompressedTail<G>.shortest {
            let half = values.count / 2
            let prefixes = CompressedTail<G>.prefixProducts(challenges)
            let round = CompressedTail<G>.Round(
                left: crossTerm(Array(values[..<half]), prefixes, offset: half, bases),
                right: crossTerm(Array(values[half...]), prefixes, offset: 0, bases))
            if G.isIdentity(round.left) || G.isIdentity(round.right) { return nil }
            let e = challenge(round)
            values = (0..<half).map { values[$0] + e * values[half + $0] }
            challenges.append(e)
            rounds.append(round)
        }
        return CompressedTail(rounds: rounds, last: Array(values.prefix(CompressedTail<G>.lastCount(bases.count))))
    }

    /// `sum over prefixes p and j of prefixes[p] * values[j] * bases[2 h p + offset + j]` with `h = values.count`.
    private static func crossTerm(
        _ values: [G.Scalar], _ prefixes: [G.Scalar], offset: Int, _ bases: [G.Point]
    ) -> G.Point {
        var scalars: [G.Scalar] = []
        var points: [G.Point] = []
        scalars.reserveCapacity(min(prefixes.count * values.count, bases.count))
        points.reserveCapacity(min(prefixes.count * values.count, bases.count))
        for (prefix, product) in prefixes.enumerated() {
            let first = prefix * 2 * values.count + offset
            guard first < bases.count else { break }
            let present = first..<min(first + values.count, bases.count)
            scalars += G.Scalar.products([G.Scalar](repeating: product, count: present.count), Array(values.prefix(present.count)))
            points += bases[present]
        }
        return G.vartimeMultiScalarMul(scalars, points)
    }
}
