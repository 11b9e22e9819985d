// SPDX-License-Identifier: Apache-2.0
internal import GRDB

extension LedgerStore {
    /// Verifies the whole ledger: SQLite's structures, the triggers, contiguous indices, the form and hash of every leaf, duplicates,
    /// revocations, cached heads, and the signature, root and order of every checkpoint.
    ///
    /// - Parameter progress: Told the log, the leaves done and the leaves in all.
    /// - Returns: What is wrong; empty if nothing is.
    public func fsck(progress: (LedgerLog, Int, Int) -> Void = { _, _, _ in }) -> [LedgerFinding] {
        withoutActuallyEscaping(progress) { progress in
            let check = LedgerCheck(progress: progress)
            check.run(file) { log in (try verifierKey(of: log), try cosignerVerifierKey()) }
            return check.findings
        }
    }

    /// Verifies a ledger that ``open(at:for:)`` may refuse because its triggers or tables have been altered.
    ///
    /// - Throws: ``StoreError`` when the file is no ledger at all or cannot be read.
    public static func fsck(
        at path: String, progress: (LedgerLog, Int, Int) -> Void = { _, _, _ in }
    ) throws(StoreError) -> [LedgerFinding] {
        let file = try DatabaseFile.open(at: path, format: LedgerSchema.format, for: .reading, checksSchema: false)
        return try LedgerStore(file).fsck(progress: progress)
    }

    /// Copies the ledger as it stands to a new file, verifies the copy, and gives it its name when it is on the disk.
    ///
    /// - Throws: ``StoreError/alreadyExists(path:)``; ``StoreError/corrupt(path:reason:)`` when the copy, or the ledger itself, does not
    ///   pass ``fsck(progress:)``.
    public func backup(to destination: String) throws(StoreError) {
        try file.copy(to: destination) { copy in
            if let finding = try Self.fsck(at: copy).first {
                throw StoreError.corrupt(path: path, reason: finding.description)
            }
        }
    }
}
