// SPDX-License-Identifier: Apache-2.0

public import Groups

/// A sum of equations `0 == ...`, each times its random weight: the identity if all of them hold, and with the weights of ``VerificationBatch`` only then.
///
/// Terms are sorted by what they cost: elements shared by statements, elements with a coefficient of 128 bits, and all others.
public struct WeightedEquations<G: Group>: Sendable {
    private var shared: [(bases: SharedBases<G>, scalars: [G.Scalar])] = []
    private var shortScalars: [G.Scalar] = []
    private var shortPoints: [G.Point] = []
    private var scalars: [G.Scalar] = []
    private var points: [G.Point] = []

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

    /// Adds `weights[i] * points[i]` with weights below 2^128.
    ///
    /// - Precondition: equal counts.
    public mutating func addShort(_ weights: some Collection<G.Scalar>, _ points: some Collection<G.Point>) {
        precondition(weights.count == points.count, "one weight for each element")
        shortScalars += weights
        shortPoints += points
    }

    /// Adds `scalars[i] * points[i]`.
    ///
    /// - Precondition: equal counts.
    public mutating func add(_ scalars: some Collection<G.Scalar>, _ points: some Collection<G.Point>) {
        precondition(scalars.count == points.count, "one scalar for each element")
        self.scalars += scalars
        self.points += points
    }

    /// The sum. Timing: variable.
    public var sum: G.Point {
        G.vartimeMultiScalarMul(shared: shared, short: PublicTerms(shortScalars, shortPoints), full: PublicTerms(scalars, points))
    }
}
