// SPDX-License-Identifier: Apache-2.0

public import Groups
public import RangeProofs
public import Secrets

extension RangeProver where T: ~Copyable {
    /// The openings of `parameters.commitments(_:bounds:)`: `v - min` and `max - v` with the blindings of `v` and their negatives.
    ///
    /// Differences are taken modulo 2^64. One that is out of range is found by the prover's own check, not here. Constant time in values and
    /// blindings.
    ///
    /// - Parameters:
    ///   - values: one for each bound.
    ///   - blindings: one for each value.
    public func openings(
        _ values: borrowing SecretLimbs, blindings: borrowing SecretScalars<G>, bounds: [RangeBound]
    ) throws(ProverError) -> RangeOpenings<G> {
        guard values.count == bounds.count, blindings.count == bounds.count, !bounds.isEmpty, RangeBound.count(bounds) == parameters.count
        else { throw .witnessCount }
        let terms = bounds.indices.flatMap { index in bounds[index].terms.map { (index, $0.bound, $0.isUpper) } }
        let padded = terms + [(Int, UInt64, Bool)](repeating: terms[terms.count - 1], count: parameters.count - terms.count)
        var differences = SecretLimbs(count: padded.count)
        values.withSpan { values in
            differences.withMutableSpan { out in
                for (place, (index, bound, isUpper)) in padded.enumerated() {
                    out[place] = isUpper ? bound &- values[index] : values[index] &- bound
                }
            }
        }
        let negated = SecretScalars<G>(zeros: blindings.count).subtracting(blindings)
        var all = SecretScalars<G>(zeros: padded.count)
        for (place, (index, _, isUpper)) in padded.enumerated() {
            if isUpper {
                negated.withScalar(index) { all.set(limbs: $0, at: place) }
            } else {
                blindings.withScalar(index) { all.set(limbs: $0, at: place) }
            }
        }
        return RangeOpenings(values: differences, blindings: all)
    }
}

/// Openings of the commitments of a range statement.
public struct RangeOpenings<G: Group>: ~Copyable, Sendable {
    /// `v_j`.
    public let values: SecretLimbs
    /// `gamma_j`.
    public let blindings: SecretScalars<G>
}
