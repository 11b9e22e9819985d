// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Issuance
internal import MerkleLog
internal import Primitives
internal import Stores
internal import VerifyCommand

/// `zkconsent consent receipt`.
struct ConsentReceipt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "The data subject's side: look at a receipt, check it, withdraw.",
        discussion: """
            A receipt is secret: whoever has it can withdraw the consent, and it links the person to an entry.

            Examples:
              zkconsent consent receipt show c-1.receipt.json
              zkconsent consent receipt verify c-1.receipt.json \\
                --proof entry-17.tlog-proof --vkey ledger.vkey
              zkconsent consent receipt withdraw c-1.receipt.json --output withdrawal.json
            """,
        subcommands: [ReceiptShow.self, ReceiptVerify.self, ReceiptWithdraw.self])
}

extension SubjectReceipt {
    /// Reads a receipt file.
    static func read(_ path: String) throws(ModelError) -> SubjectReceipt {
        try SubjectReceipt(parsing: try InputFile.read(path, limit: byteCountLimit), file: path)
    }
}

/// `zkconsent consent receipt show`.
struct ReceiptShow: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a receipt, without its key.",
        discussion: """
            Example:
              zkconsent consent receipt show c-1.receipt.json
            """)

    @Argument(help: ArgumentHelp("The receipt.", valueName: "receipt.json"))
    var input: String
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let receipt = try SubjectReceipt.read(input)
        let members: [(String, JSONValue)] = [
            ("request", .string(receipt.id)), ("log", .string(receipt.origin)), ("index", .integer(Int64(clamping: receipt.index))),
            ("leaf_hash", .string(Hex.encode(receipt.entry.leafHash.bytes))), ("schema_id", .string(Hex.encode(receipt.entry.schemaID))),
            ("issuance_day", receipt.entry.issuanceDay.map { .string($0.iso8601) } ?? .null),
        ]
        console.result(
            members.map { "\($0.0.replacing("_", with: " ")): \($0.1.plainText.printable)" }.joined(separator: "\n"),
            .object(Dictionary(members) { first, _ in first }))
    }
}

/// `zkconsent consent receipt verify`.
struct ReceiptVerify: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that the consent was issued: that its entry is in the signed ledger.",
        discussion: """
            Against the ledger itself, or against a proof (zkconsent ledger prove --index) and the ledger's public keys. Exit code 1 if it does not hold. That an
            entry was not withdrawn can be seen from the ledger only.

            Examples:
              zkconsent consent receipt verify c-1.receipt.json --ledger ledger.sqlite
              zkconsent consent receipt verify c-1.receipt.json \\
                --proof entry-17.tlog-proof --vkey ledger.vkey
            """)

    @Argument(help: ArgumentHelp("The receipt.", valueName: "receipt.json"))
    var input: String
    @Option(help: ArgumentHelp("The ledger.", valueName: "file"))
    var ledger: String?
    @Option(help: ArgumentHelp("A C2SP tlog-proof of the entry.", valueName: "file"))
    var proof: String?
    @Option(help: ArgumentHelp("The ledger's public keys.", valueName: "file"))
    var vkey: String?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (ledger == nil) != (proof == nil) else { throw ValidationError("give --ledger, or --proof and --vkey") }
        guard (proof == nil) == (vkey == nil) else { throw ValidationError("--proof and --vkey go together") }
    }

    func work(_ console: Console) throws {
        let receipt = try SubjectReceipt.read(input)
        let found = try ledger.map { try Self.check(receipt, ledger: $0) } ?? Self.check(receipt, proof: proof ?? "", keys: vkey ?? "")
        switch found {
        case .failure(let reason):
            console.result("does not hold: \(reason)", .object(["holds": .bool(false), "reason": .string(reason)]))
            throw CommandFailure.doesNotHold
        case .success(let state):
            let time = state.time.map { UnixTime.text($0) }
            let revoked = state.revocation.map { "; withdrawn (revocation \($0))" } ?? ""
            console.result(
                "holds: entry \(receipt.index) of \(receipt.origin.printable)"
                    + (time.map { ", covered by a checkpoint of \($0)" } ?? ", covered by a checkpoint") + revoked,
                .object([
                    "holds": .bool(true), "index": .integer(Int64(clamping: receipt.index)),
                    "revoked_at": state.revocation.map { .integer(Int64($0)) } ?? .null, "time": time.map { .string($0) } ?? .null,
                ]))
        }
    }

    /// What was found out about an entry that is issued.
    private struct State {
        /// The time that the issuer's cosigner states.
        let time: UInt64?
        /// The index of its revocation.
        let revocation: Int?
    }

    private enum Found {
        case success(State)
        case failure(String)
    }

    private static func check(_ receipt: SubjectReceipt, ledger path: String) throws -> Found {
        let store = try LedgerStore.open(at: path, for: .reading)
        guard receipt.origin.hasSameBytes(as: LedgerLog.consents.origin(ledger: store.name)) else {
            return .failure("the receipt is of another ledger")
        }
        guard let index = Int(exactly: receipt.index), try index < store.count(.consents),
            try store.leaves(.consents, at: [index])[0] == receipt.entry.bytes
        else { return .failure("the ledger does not have the receipt's entry at its index") }
        guard let latest = try store.latestCheckpoint(.consents), index < latest.size else {
            return .failure("the entry is in the ledger, but no checkpoint covers it yet")
        }
        let key = try store.verifierKey(of: .consents)
        let checkpoint = try UnverifiedCheckpoint(bytes: latest.note).verified(by: key, origin: receipt.origin)
        try store.inclusionProof(.consents, index: index, size: latest.size).verify(
            leafHash: receipt.entry.leafHash, checkpoint: checkpoint)
        return .success(State(time: latest.time, revocation: try store.revocations(of: [receipt.entry.leafHash])[0]))
    }

    private static func check(_ receipt: SubjectReceipt, proof path: String, keys keyPath: String) throws -> Found {
        let keys = try LedgerKeys(parsing: try InputFile.read(keyPath, limit: LedgerKeys.byteCountLimit), file: keyPath)
        let all = try keys.verifierKeys()
        let origin = LedgerLog.consents.origin(ledger: keys.name)
        guard receipt.origin.hasSameBytes(as: origin), let key = all.first(where: { $0.name == origin }), let cosigner = all.last else {
            return .failure("the receipt is of another ledger")
        }
        let proof: LogProof
        do {
            proof = try LogProof(bytes: try InputFile.read(path, limit: LogProof.maximumByteCount))
        } catch let error as MerkleLogError {
            throw ModelError("log-proof", "this is no C2SP tlog-proof; \(error.words.printable)", file: path)
        }
        guard proof.inclusion.index == receipt.index else { return .failure("the proof is for another index") }
        do {
            _ = try proof.verified(leafHash: receipt.entry.leafHash, by: key, origin: origin)
            return .success(State(time: try proof.checkpoint.quorumTimestamp(cosigners: [cosigner], quorum: 1), revocation: nil))
        } catch {
            return .failure("the proof does not verify: \(error.words.printable)")
        }
    }
}

/// `zkconsent consent receipt withdraw`.
struct ReceiptWithdraw: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Make the signed statement that withdraws the consent.",
        discussion: """
            Send it to the issuer (zkconsent consent revoke --statement), and to auditors if the issuer does not act: it proves itself
            (zkconsent verify --also-revoked). It reveals which entry is yours to whoever gets it, and cannot be taken back.

            Example:
              zkconsent consent receipt withdraw c-1.receipt.json --output withdrawal.json
            """)

    @Argument(help: ArgumentHelp("The receipt.", valueName: "receipt.json"))
    var input: String
    @Option(name: .customLong("output"), help: ArgumentHelp("Where the statement goes instead of standard output.", valueName: "file"))
    var destination: String?
    @Flag(help: "Overwrite an existing file.")
    var force = false
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let statement = try SubjectReceipt.read(input).withdrawal()
        let text = statement.json.canonical + [UInt8(ascii: "\n")]
        guard let destination else { return console.result(bytes: text) }
        try OutputFile.check(destination, isNoneOf: [input])
        try OutputFile.write(text, to: destination, force: force)
        console.result(destination, .object(["output": .string(destination)]))
    }
}
