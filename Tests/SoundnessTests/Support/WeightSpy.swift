// SPDX-License-Identifier: Apache-2.0
import Groups
import SigmaProofs

/// A member of a batch that writes down its weights.
final class WeightSpy: BatchMember {
    typealias G = Ristretto255

    /// Written by the one batch that it is in.
    final class Seen: @unchecked Sendable {
        var weights: [G.Scalar] = []
    }

    let seen = Seen()
    let digest: [UInt8]
    var statementCount: Int { 1 }
    let equationCount: Int
    var malformed: [Int] { [] }

    init(_ other: some BatchMember<G>) { (digest, equationCount) = (other.digest, other.equationCount) }

    func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        seen.weights = weights
        // The identity, with terms.
        sum.add([.zero], [G.generator])
    }
}
