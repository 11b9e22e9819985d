// SPDX-License-Identifier: Apache-2.0
public import ArgumentParser
internal import ConsentModel
internal import Foundation

/// What an auditor has besides bundle and policy: newer lists, signed withdrawals, and the memory of ledgers.
public struct EvidenceOptions: ParsableArguments {
    /// Newer lists.
    @Option(help: ArgumentHelp("A newer list of withdrawals of a ledger; may be repeated.", valueName: "file.zkr"))
    public var revocations: [String] = []

    /// Withdrawals.
    @Option(help: ArgumentHelp("A withdrawal signed by a data subject, logged or not; may be repeated.", valueName: "file.json"))
    public var alsoRevoked: [String] = []

    /// Withdrawals that were made in time.
    @Option(
        help: ArgumentHelp(
            "Like --also-revoked, and you know that it was made by the last day of an as_of policy.", valueName: "file.json"))
    public var revokedInTime: [String] = []

    /// The memory.
    @Option(help: ArgumentHelp("Remember ledgers in this folder. Default: ledgers/ beside the policy if it exists.", valueName: "folder"))
    public var memory: String?

    /// No memory.
    @Flag(help: "Neither use nor update the memory of ledgers.")
    public var noMemory = false

    /// The parser makes it.
    public init() {}

    /// Refuses options that exclude each other.
    public func validate() throws {
        if noMemory, memory != nil { throw ValidationError("--memory and --no-memory exclude each other") }
    }

    /// The files that are read.
    var inputs: [String] { revocations + alsoRevoked + revokedInTime }

    /// Reads the files.
    ///
    /// - Throws: errors of ``EvidenceFiles``.
    func files(_ policy: Policy) throws(ModelError) -> EvidenceFiles {
        try EvidenceFiles(revocations: revocations, withdrawals: alsoRevoked, withdrawalsInTime: revokedInTime, policy: policy)
    }

    /// The memory of ledgers, locked; `nil` if none is used.
    ///
    /// - Throws: `memory-folder`.
    func memoryFolder(policy: String, _ console: Console) throws(ModelError) -> MemoryFolder? {
        guard !noMemory else { return nil }
        var path = memory ?? ""
        if path.isEmpty {
            path = URL(fileURLWithPath: policy).deletingLastPathComponent().appendingPathComponent("ledgers").path
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return nil }
        } else {
            mkdir(path, 0o755)  // where it exists, or cannot be made, opening the lock tells
        }
        return try MemoryFolder(path) { console.note("waiting for another verification that uses \(path)") }
    }
}
