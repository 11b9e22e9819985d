// SPDX-License-Identifier: Apache-2.0
public import MerkleLog

/// A checkpoint that the ledger has signed.
public struct StoredCheckpoint: Equatable, Sendable {
    /// Its number among all checkpoints of the ledger, from 0.
    public let sequence: Int
    /// The log.
    public let log: LedgerLog
    /// The number of leaves.
    public let size: Int
    /// The RFC 6962 root of that many leaves.
    public let root: NodeHash
    /// The time of the issuer's own cosignature, seconds since 1970.
    public let time: UInt64
    /// The signed note: text, the issuer's line, the line of `L/cosigner`.
    public let note: [UInt8]

    /// The signed note as text.
    public var text: String { String(decoding: note, as: UTF8.self) }
}
