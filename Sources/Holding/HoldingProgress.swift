// SPDX-License-Identifier: Apache-2.0

/// How far a long step has come.
public struct HoldingProgress: Sendable, Hashable {
    /// What is being done.
    public enum Stage: String, Sendable, CaseIterable {
        /// The table of records is read.
        case reading
        /// Data points are committed.
        case committing
        /// Rows are written to, or read from, the store.
        case rows
        /// Receipts are opened.
        case receipts
        /// The ledgers' proofs are collected.
        case ledgers
        /// The proof is made and checked.
        case proving
        /// The bundle is judged as the auditor will.
        case verifying
    }

    /// What is being done.
    public let stage: Stage
    /// How much of it is done.
    public let done: Int
    /// All of it; 0 where that is not known.
    public let total: Int

    /// The part that is done in percent; `nil` where the total is not known.
    public var percent: Int? { total > 0 ? min(100, 100 * done / total) : nil }

    /// Told about progress from the thread that called.
    public typealias Handler = (HoldingProgress) -> Void
}
