// SPDX-License-Identifier: Apache-2.0

/// One reason why a bundle does not hold, in words for an auditor.
public struct Finding: Sendable, Hashable {
    /// What was checked. The raw value is stable across releases: for programs and reports.
    public enum Code: String, Sendable, CaseIterable {
        /// The bundle was made for another statement than the policy's.
        case statement
        /// The bundle was made for another schema than the policy's.
        case schema
        /// The bundle's context is not the one the policy demands.
        case context
        /// A ledger of the bundle is not in the policy.
        case unknownLedger = "unknown-ledger"
        /// A checkpoint lacks a valid signature of the issuer, or is of another log.
        case checkpoint
        /// A checkpoint lacks the quorum of cosigners, so that it has no time.
        case quorum
        /// An entry is not of the version, kind or schema that the policy needs.
        case entry
        /// Two entries of the bundle are equal.
        case duplicateEntry = "duplicate-entry"
        /// The entries are not in the consents log.
        case inclusion
        /// The revocation list is not the one of its checkpoint.
        case revocationList = "revocation-list"
        /// A consent has been withdrawn.
        case revoked
        /// The set that unlinkable proofs are about has no member, or not those that it had when they were made.
        case set
        /// The revocations checkpoint is older than the policy allows, or from the future.
        case stale
        /// The auditor has seen a longer revocation list, or another one of the same length.
        case rollback
        /// An entry is not covered by a checkpoint cosigned by the day the policy demands.
        case loggedBy = "logged-by"
        /// The manifest is not in the registry.
        case registry
        /// The manifest is not that of the bundle's data points.
        case manifest
        /// One consent covers several data points, which the policy forbids.
        case oneToOne = "one-to-one"
        /// Fewer distinct consents than the policy demands.
        case tooFew = "too-few"
        /// An encoding of a group element was refused, or is the identity.
        case encoding
        /// The proof does not verify.
        case proof
    }

    /// What was checked.
    public let code: Code
    /// What is wrong, one sentence.
    public let message: String
    /// The ledger concerned, its origin.
    public let ledger: String?
    /// The leaf index of the entry concerned in the ledger's consents log.
    public let entryIndex: UInt64?
    /// The first row concerned, 0-based as in the bundle.
    public let row: Int?
    /// Which check refused, finer than ``code``: for tests.
    package let reason: String

    /// A finding, with the place where there is one.
    package init(_ code: Code, _ message: String, ledger: String? = nil, entryIndex: UInt64? = nil, row: Int? = nil, reason: String? = nil)
    {
        self.code = code
        self.message = message
        self.ledger = ledger
        self.entryIndex = entryIndex
        self.row = row
        self.reason = reason ?? code.rawValue
    }
}
