// SPDX-License-Identifier: Apache-2.0

/// What became of many changes of one proof.
public struct MutationTally: Sendable {
    /// What a verifier says of a changed proof.
    public enum Verdict: Sendable {
        /// A word is no element, no scalar, or the identity.
        case malformed
        /// Well formed, and refused.
        case refused
        /// As it must not be.
        case accepted
    }

    /// How many there were.
    public private(set) var count = 0
    /// How many of them were well formed.
    public private(set) var wellFormed = 0
    /// How many of them were accepted.
    public private(set) var accepted = 0

    /// Whether most were well formed: of 400 or more, the share of ``ProofMutator`` less five standard deviations, `0.77 - 5 sqrt(0.77 * 0.23 / 400)`.
    public var isMostlyWellFormed: Bool { count >= 400 && Double(wellFormed) >= 0.66 * Double(count) }

    /// Judges `count` changes of `proof`, by four tasks.
    public static func of(
        _ count: Int, _ proof: [UInt8], donors: [[UInt8]], layout: ProofMutator.Layout,
        judge: @escaping @Sendable ([UInt8]) throws -> Verdict
    ) async throws -> MutationTally {
        let lanes = 4
        return try await withThrowingTaskGroup(of: MutationTally.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var mutator = ProofMutator(seed: UInt64(lane), donors: donors, layout: layout)
                    var tally = MutationTally()
                    for _ in 0..<(count + lanes - 1) / lanes {
                        let verdict = try judge(mutator.mutated(proof))
                        tally.count += 1
                        if verdict != .malformed { tally.wellFormed += 1 }
                        if verdict == .accepted { tally.accepted += 1 }
                    }
                    return tally
                }
            }
            var all = MutationTally()
            for try await tally in group {
                all.count += tally.count
                all.wellFormed += tally.wellFormed
                all.accepted += tally.accepted
            }
            return all
        }
    }
}
