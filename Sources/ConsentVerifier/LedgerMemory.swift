// SPDX-License-Identifier: Apache-2.0
private import FaultInjection

/// What an auditor remembers of each log between verifications: the largest tree seen. A log that shrinks or forks is refused.
public struct LedgerMemory: Sendable, Hashable {
    /// A tree head that was signed and accepted.
    public struct Head: Sendable, Hashable {
        /// The number of leaves.
        public let size: UInt64
        /// The RFC 6962 root, 32 bytes.
        public let root: [UInt8]

        /// A head of `size` leaves.
        public init(size: UInt64, root: [UInt8]) {
            self.size = size
            self.root = root
        }
    }

    /// Origin of a log -> its largest head seen.
    public private(set) var heads: [String: Head]

    /// What was remembered; empty for an auditor's first verification.
    public init(heads: [String: Head] = [:]) {
        self.heads = heads
    }

    /// Whether `head` may follow what was seen of `origin`.
    ///
    /// - Parameter root: computes the root of the first `size` leaves of the list at hand, to compare it with the remembered one.
    func refusal(origin: String, head: Head, rootOfPrefix: (UInt64) -> [UInt8]?) -> String? {
        guard let seen = heads[origin], !Fault.isRemoved(.rollback) else { return nil }
        if head.size < seen.size {
            return "\(origin) had \(seen.size) leaves when it was last verified, and has \(head.size) now"
        }
        guard rootOfPrefix(seen.size) == seen.root else {
            return "\(origin) does not extend the log of \(seen.size) leaves that was verified before: it shows two histories"
        }
        return nil
    }

    /// Remembers what was learned in another verification of the same run: of each log the larger tree.
    public mutating func merge(_ other: LedgerMemory) {
        for (origin, head) in other.heads { remember(origin: origin, head: head) }
    }

    /// Remembers `head` if it is the largest.
    mutating func remember(origin: String, head: Head) {
        if let seen = heads[origin], seen.size >= head.size { return }
        heads[origin] = head
    }
}
