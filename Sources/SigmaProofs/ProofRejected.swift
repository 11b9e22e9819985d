// SPDX-License-Identifier: Apache-2.0

/// A proof does not verify. Users learn nothing more: which check failed is for tests and logs inside the package.
public struct ProofRejected: Error, Equatable, Sendable, CustomStringConvertible {
    /// The failed check.
    package enum Reason: Equatable, Sendable {
        /// The proof has not the length or shape that its statement fixes.
        case shape
        /// An announcement is not the canonical encoding of an element.
        case announcementEncoding
        /// An announcement is the identity.
        case identityAnnouncement
        /// A scalar is not reduced.
        case scalarEncoding
        /// A verification equation of a linear relation does not hold.
        case equation
        /// The recomputed challenge of a compact proof differs.
        case challenge
        /// The sub-challenges of a disjunction do not sum to the challenge.
        case challengeSum
        /// The combined equation of a batch does not hold, or a member of it is malformed.
        case batch
        /// A folded proof's equation on the data points does not hold.
        case dataEquation
        /// A folded proof's equation on the consents does not hold.
        case consentEquation
    }

    /// The failed check.
    package let reason: Reason

    /// A rejection for `reason`.
    package init(_ reason: Reason) {
        self.reason = reason
    }

    /// The same words for every reason.
    public var description: String { "the proof does not verify" }
}

/// The rejection of a folded proof.
public typealias FoldedProofError = ProofRejected
