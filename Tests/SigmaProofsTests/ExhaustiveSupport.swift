// SPDX-License-Identifier: Apache-2.0

import Groups
import SigmaProofs

/// Whether a verifier accepts.
func passes(_ body: () throws -> Void) -> Bool {
    do { try body() } catch { return false }
    return true
}

/// Whether a count of successes with probability `p` in `trials` independent trials is within six standard deviations of its mean; outside of
/// it by chance twice in 10^9.
func isPlausible(_ successes: Int, of trials: Int, probability p: Double) -> Bool {
    let mean = Double(trials) * p
    let deviation = (Double(trials) * p * (1 - p)).squareRoot()
    return abs(Double(successes) - mean) <= 6 * deviation
}

/// `X = x G, Z = x H` over the additive group of order `q`, where everything can be counted. Elements are their logarithms.
struct EqualLogarithms<Order: PrimeOrder>: Sendable {
    typealias G = AdditiveGroup<Order>
    let (h, x, z): (UInt64, UInt64, UInt64)
    let relation: LinearRelation<G>

    init(h: UInt64, x: UInt64, z: UInt64) throws {
        (self.h, self.x, self.z) = (h % Order.q, x % Order.q, z % Order.q)
        relation = try LinearRelation(
            elements: [G.generator, G.point(h), G.point(x), G.point(z)],
            equations: [
                .init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0)]),
                .init(image: [.init(element: 3)], terms: [.init(scalar: 0, element: 1)]),
            ])
    }

    /// Every valid statement there is.
    static func all() throws -> [Self] {
        try LinearProofTests.tuples(3, below: Order.q).filter { !$0.contains(0) }.map { try Self(h: $0[0], x: $0[1], z: $0[2]) }
    }

    /// Whether the statement is true; its witness is `x` then.
    var isTrue: Bool { x * h % Order.q == z }

    /// The two equations over the integers: the oracle.
    func holds(_ t0: UInt64, _ t1: UInt64, _ challenge: UInt64, _ response: UInt64) -> Bool {
        response % Order.q == (t0 + challenge * x) % Order.q && h * response % Order.q == (t1 + challenge * z) % Order.q
    }

    /// Whether an honest announcement: `(u, h u)`.
    func isImage(_ t0: UInt64, _ t1: UInt64) -> Bool { h * t0 % Order.q == t1 }
}
