// SPDX-License-Identifier: Apache-2.0

public import Groups

/// A sum of equations `0 == ...`, each times its random weight: the identity if all of them hold, and with the weights of ``VerificationBatch`` only then.
///
/// Terms are sorted by what they cost: elements shared by statements, elements with a coefficient of 128 bits, and all others. They are kept in the
/// arrays in which they come, and never joined.
public struct WeightedEquations<G: Group>: Sendable {
    private var shared: [(bases: SharedBases<G>, scalars: [G.Scalar])] = []
    private var short: [PublicTerms<G>] = []
    private var full: [PublicTerms<G>] = []

    /// The empty sum.
    public init() {}

    /// Adds `scalars[i] * bases.points[i]`.
    ///
    /// - Precondition: equal counts.
    public mutating func add(_ scalars: [G.Scalar], sharing bases: SharedBases<G>) {
        precondition(scalars.count == bases.points.count, "one scalar for each element")
        if let known = shared.firstIndex(where: { $0.bases === bases }) {
            for index in scalars.indices { shared[known].scalars[index] = shared[known].scalars[index] + scalars[index] }
        } else {
            shared.append((bases, scalars))
        }
    }

    /// Adds `weights[i] * points[i]` with weights below 2^128. A slice of a whole array is not copied.
    ///
    /// - Precondition: equal counts.
    public mutating func addShort(_ weights: [G.Scalar], _ points: ArraySlice<G.Point>) {
        guard !weights.isEmpty else { return }
        short.append(PublicTerms(weights, Array(points)))
    }

    /// Adds `weights[i] * points[i]` with weights below 2^128.
    ///
    /// - Precondition: equal counts.
    public mutating func addShort(_ weights: [G.Scalar], _ points: [G.Point]) { addShort(weights, points[...]) }

    /// Adds `scalars[i] * points[i]`. A slice of a whole array is not copied.
    ///
    /// - Precondition: equal counts.
    public mutating func add(_ scalars: [G.Scalar], _ points: ArraySlice<G.Point>) {
        guard !scalars.isEmpty else { return }
        full.append(PublicTerms(scalars, Array(points)))
    }

    /// Adds `scalars[i] * points[i]`.
    ///
    /// - Precondition: equal counts.
    public mutating func add(_ scalars: [G.Scalar], _ points: [G.Point]) { add(scalars, points[...]) }

    /// The sum. Timing: variable.
    public var sum: G.Point { G.vartimeMultiScalarMul(shared: shared, short: short, full: full) }
}
