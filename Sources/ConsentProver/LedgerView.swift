// SPDX-License-Identifier: Apache-2.0
public import ConsentModel

/// What a holder has of a ledger when it makes a bundle: signed checkpoints, the revocations log, and a source of inclusion proofs.
public struct LedgerView {
    /// A signed checkpoint of one log.
    public struct Head: Sendable, Hashable {
        /// The signed note.
        public let note: String
        /// The number of leaves.
        public let size: UInt64
        /// The RFC 6962 root, 32 bytes.
        public let root: [UInt8]

        /// A head.
        public init(note: String, size: UInt64, root: [UInt8]) {
            self.note = note
            self.size = size
            self.root = root
        }
    }

    /// The name of the ledger.
    public let origin: String
    /// The consents log.
    public let consents: Head
    /// The revocations log.
    public let revocations: Head
    /// All entries of the revocations log up to its head, 34 bytes each.
    public let revocationColumn: [UInt8]
    /// An older checkpoint of the consents log for policies with `logged_by`.
    public let logged: BundleHeader.Logged?
    /// The size of the consents log at that older checkpoint, if the policy has `logged_by`: entries from there on came too late. 0 when there was none.
    public let loggedSize: UInt64?
    /// The batch inclusion proof of the leaves at these ascending indices in the consents log at its head, 32 bytes a hash.
    public let inclusion: ([UInt64]) throws -> [UInt8]

    /// A view of a ledger.
    public init(
        origin: String, consents: Head, revocations: Head, revocationColumn: [UInt8], logged: BundleHeader.Logged? = nil,
        loggedSize: UInt64? = nil, inclusion: @escaping ([UInt64]) throws -> [UInt8]
    ) {
        self.origin = origin
        self.consents = consents
        self.revocations = revocations
        self.revocationColumn = revocationColumn
        self.logged = logged
        self.loggedSize = loggedSize
        self.inclusion = inclusion
    }
}
