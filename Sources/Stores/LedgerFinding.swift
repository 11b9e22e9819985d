// SPDX-License-Identifier: Apache-2.0

/// Something that `fsck` found wrong in a ledger.
public struct LedgerFinding: Equatable, Sendable {
    /// What kind of thing is wrong.
    public enum Kind: String, CaseIterable, Sendable {
        /// SQLite's own integrity check, or a value of an impossible form.
        case integrity
        /// A table, index or trigger is missing, foreign or different.
        case schema
        /// The indices of a log, or the numbers of the checkpoints, are not 0, 1, 2, ...
        case gap
        /// A leaf is not of its log's form.
        case malformedLeaf = "malformed-leaf"
        /// A stored leaf hash is not the hash of its leaf.
        case leafHash = "leaf-hash"
        /// Two leaves of a log are equal.
        case duplicateLeaf = "duplicate-leaf"
        /// A revocation names no entry of the consents log.
        case unknownEntry = "unknown-entry"
        /// An entry is revoked twice, or the column that names it differs from the leaf.
        case repeatedRevocation = "repeated-revocation"
        /// The cached right edge of a tree is not that of the leaves.
        case frontier
        /// A checkpoint's note has no valid signature and cosignature of this ledger's keys, or says something else than its columns.
        case checkpointNote = "checkpoint-note"
        /// A checkpoint's root is not the root of that many leaves, or it covers more leaves than there are.
        case checkpointRoot = "checkpoint-root"
        /// Sizes or times of a log's checkpoints go back.
        case checkpointOrder = "checkpoint-order"
    }

    /// What kind of thing is wrong.
    public let kind: Kind
    /// The log concerned, if it is one.
    public let log: LedgerLog?
    /// The leaf index, or for the checkpoint kinds the checkpoint's number, if it is one.
    public let index: Int?
    /// One sentence for a person.
    public let message: String
}

extension LedgerFinding: CustomStringConvertible {
    /// `kind: message`.
    public var description: String { "\(kind.rawValue): \(message)" }
}
