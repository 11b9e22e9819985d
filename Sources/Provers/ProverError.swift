// SPDX-License-Identifier: Apache-2.0

/// Why a prover refused.
public enum ProverError: Error, Equatable, Sendable {
    /// The witness has not as many scalars as the statement.
    case witnessCount
    /// The witness does not satisfy the statement: the proof failed the prover's own check and was thrown away.
    case witnessDoesNotSatisfy
    /// Every attempt gave an announcement with the identity. Does not happen in a large group.
    case degenerateAnnouncement
}
