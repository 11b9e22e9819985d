// SPDX-License-Identifier: Apache-2.0

/// Why a store refuses. Every case names what a person needs to find the cause; ``code``, ``message`` and ``hint`` put it into words.
///
/// `position` counts leaves of one append from 0.
public enum StoreError: Error, Equatable, Sendable {
    /// The file does not exist.
    case notFound(path: String)
    /// The file exists and is never overwritten.
    case alreadyExists(path: String)
    /// The file is not an SQLite database, or is cut short before its first page ends.
    case notADatabase(path: String)
    /// An SQLite database that is not a store of this kind (`expected`: ledger, receipts, datasets).
    case wrongKind(path: String, expected: String)
    /// The store was written by a newer program.
    case newerVersion(path: String, found: Int, known: Int)
    /// The store is of an older version, and was opened for reading only, so it cannot be migrated.
    case olderVersion(path: String, found: Int, known: Int)
    /// The store is of a version from before the formats were frozen.
    case trialVersion(path: String, found: Int)
    /// The tables, indices or triggers differ from those of the version that the file states.
    case alteredSchema(path: String, object: String)
    /// Another process holds the writer's lock.
    case inUse(path: String, process: Int32?)
    /// Writing was asked of a store that was opened for reading.
    case readOnly(path: String)
    /// The file can be read, but SQLite needs files beside it, and its folder cannot be written.
    case folderNotWritable(path: String)
    /// SQLite found the file damaged, or a stored value has an impossible form.
    case corrupt(path: String, reason: String)
    /// No space is left; the transaction was undone.
    case diskFull(path: String)
    /// A file operation failed with this `errno`.
    case io(path: String, operation: String, errno: Int32)
    /// SQLite refused for another reason.
    case database(path: String, reason: String)
    /// A value given to the store is outside what it accepts.
    case invalidArgument(name: String, reason: String)
    /// The passphrase is wrong or the sealed header was changed: the two cannot be told apart.
    case wrongPassphrase(path: String)
    /// A sealed row does not open: its bytes or the columns that it is bound to were changed.
    case unsealable(path: String, row: String)

    /// The leaf is not of the form that its log demands.
    case malformedLeaf(log: LedgerLog, position: Int, reason: String)
    /// The leaf is in the log already, at `index`.
    case duplicateLeaf(log: LedgerLog, position: Int, index: Int)
    /// The same leaf occurs twice in one append.
    case repeatedLeaf(log: LedgerLog, position: Int, first: Int)
    /// A revocation names a leaf hash that is not in the consents log.
    case unknownEntry(position: Int, leafHash: [UInt8])
    /// The entry is revoked already, by the revocation at `index`.
    case alreadyRevoked(position: Int, index: Int)
    /// An index or size is beyond the log.
    case outOfRange(log: LedgerLog, value: Int, size: Int)
    /// The log as stored is not what it was: nothing is signed.
    case damagedLog(log: LedgerLog, reason: String)
    /// The signing key is not the ledger's (`role`: issuer, cosigner).
    case foreignKey(role: String)
    /// The clock shows a time before the last checkpoint's.
    case clockWentBack(log: LedgerLog, last: UInt64, now: UInt64)

    /// The request has a receipt already.
    case duplicateRequest(request: String)
    /// No receipt has this leaf hash.
    case unknownReceipt(leafHash: [UInt8])
    /// The receipt was acknowledged with another index before.
    case conflictingIndex(leafHash: [UInt8], index: Int)
    /// A dataset of this name exists.
    case duplicateDataset(name: String)
    /// There is no dataset of this name.
    case unknownDataset(name: String)
    /// A dataset got another number of rows than was announced.
    case rowCount(announced: Int, written: Int)
}
