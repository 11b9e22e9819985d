// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Public points that many variable-time multiplications have in common, such as the generators of a schema.
///
/// Their coefficients are added up in the scalar field first, so that a batch multiplies each of them once however many statements it has;
/// and multiplications that come again and again make tables for them.
///
/// Memory: the tables of ``Ristretto255/PublicTables``, at most 9 MB or 128 bytes for each point, once they pay; none before, and none in groups without tables.
public final class SharedBases<G: Group>: Sendable {
    /// The elements, in a fixed order.
    public let points: [G.Point]

    private struct State {
        var uses = 0
        var tables: G.PublicTables?
    }
    private let state = Mutex(State())

    /// Elements in the order in which coefficients will be given.
    public init(_ points: [G.Point]) {
        self.points = points
    }

    /// Multiplications after which tables are made. To make them costs as much as 5 (130 points) to 30 (7,300) multiplications save.
    package static var usesBeforeTables: Int { 16 }

    /// The tables, if there are any by now. Counts as a use.
    func tables() -> G.PublicTables? {
        state.withLock { state in
            if state.uses < Self.usesBeforeTables {
                state.uses += 1
            } else if state.uses == Self.usesBeforeTables {
                state.uses += 1
                state.tables = G.publicTables(points)
            }
            return state.tables
        }
    }
}

/// Public scalars and the points that they multiply, one for one.
public struct PublicTerms<G: Group>: Sendable {
    /// The scalars.
    public var scalars: [G.Scalar]
    /// The points, as many.
    public var points: [G.Point]

    /// Terms `scalars[i] * points[i]`.
    ///
    /// - Precondition: equal counts.
    public init(_ scalars: [G.Scalar] = [], _ points: [G.Point] = []) {
        precondition(scalars.count == points.count, "one scalar for each point")
        self.scalars = scalars
        self.points = points
    }
}

/// Shared points from which on they are summed by themselves when few others stand beside them.
private let manyShared = 8_192

extension Group {
    /// The sum of all terms, public inputs only: variable time.
    ///
    /// - Parameters:
    ///   - shared: coefficients of points that come again, each as many as the bases have points.
    ///   - short: terms with scalars of 128 bits: a sum of their own, which costs half.
    ///   - full: all others.
    public static func vartimeMultiScalarMul(
        shared: [(bases: SharedBases<Self>, scalars: [Scalar])], short: [PublicTerms<Self>], full: [PublicTerms<Self>]
    ) -> Point {
        var (sum, rest) = (identity, full)
        let fullCount = full.reduce(0) { $0 + $1.points.count }
        for (bases, scalars) in shared {
            precondition(scalars.count == bases.points.count, "one scalar for each point")
            if publicTablesPay(scalars.count, beside: fullCount), let tables = bases.tables() {
                sum = add(sum, vartimeMultiScalarMul(scalars, tables))
            } else if scalars.count >= manyShared && scalars.count >= 8 * fullCount {
                // By themselves: one sum with few others gains nothing.
                sum = add(sum, vartimeMultiScalarMul(scalars, bases.points))
            } else {
                rest.append(PublicTerms(scalars, bases.points))
            }
        }
        if !short.isEmpty { sum = add(sum, vartimeMultiScalarMul(parts: short)) }
        if !rest.isEmpty { sum = add(sum, vartimeMultiScalarMul(parts: rest)) }
        return sum
    }

    /// The same with all terms of a kind in one part.
    public static func vartimeMultiScalarMul(
        shared: [(bases: SharedBases<Self>, scalars: [Scalar])], short: PublicTerms<Self>, full: PublicTerms<Self>
    ) -> Point {
        vartimeMultiScalarMul(shared: shared, short: short.points.isEmpty ? [] : [short], full: full.points.isEmpty ? [] : [full])
    }
}

extension Group where PublicTables == Never {
    /// None.
    public static func publicTables(_ points: [Point]) -> Never? { nil }
    /// Never called: there are no tables.
    public static func vartimeMultiScalarMul(_ scalars: [Scalar], _ tables: Never) -> Point {}
    /// No.
    public static func publicTablesPay(_ count: Int, beside others: Int) -> Bool { false }
}
