// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import MerkleLog
internal import Primitives
internal import Stores
internal import VerifyCommand

/// `zkconsent ledger show`.
struct LedgerShow: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the logs, one leaf, or the latest checkpoint.",
        discussion: """
            Without options: for each log its origin, size, root, and the size and time of its latest checkpoint.

            Examples:
              zkconsent ledger show
              zkconsent ledger show --index 17
              zkconsent ledger show --log registry --index 0
              zkconsent ledger show --log consents --checkpoint > consents.checkpoint
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(
        help: ArgumentHelp("The log: \(LedgerLog.names.joined(separator: ", ")).", valueName: "log"), transform: LedgerLog.argument)
    var log = LedgerLog.consents
    @Option(help: "Show the leaf at this index.")
    var index: Int?
    @Flag(help: "Print the log's latest checkpoint, a signed note.")
    var checkpoint = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard index == nil || !checkpoint else { throw ValidationError("--index and --checkpoint exclude each other") }
    }

    func work(_ console: Console) throws {
        let store = try LedgerStore.open(at: ledger.path, for: .reading)
        if let index { return try show(leaf: index, store, console) }
        if checkpoint {
            let latest = try store.signedCheckpoint(log)
            if console.isJSON { return console.result("", latest.json(ledger: store.name)) }
            return console.result(bytes: latest.note)
        }
        for log in LedgerLog.allCases {
            let head = try store.treeHead(log)
            let latest = try store.latestCheckpoint(log)
            let signed = latest.map { "signed \($0.size) at \(UnixTime.text($0.time))" } ?? "never signed"
            console.result(
                "\(log.origin(ledger: store.name).printable)\t\(head.size)\t\(Hex.encode(head.root.bytes))\t\(signed)",
                .object([
                    "log": .string(log.rawValue), "origin": .string(log.origin(ledger: store.name)),
                    "root": .string(Hex.encode(head.root.bytes)),
                    "signed_size": latest.map { .integer(Int64($0.size)) } ?? .null, "size": .integer(Int64(head.size)),
                    "time": latest.map { .integer(Int64(clamping: $0.time)) } ?? .null,
                ]))
        }
    }

    private func show(leaf index: Int, _ store: LedgerStore, _ console: Console) throws {
        let leaf = try store.leaves(log, at: [index])[0]
        let hash = LeafHash(entry: leaf)
        var members: [(String, JSONValue)] = [("index", .integer(Int64(index))), ("leaf hash", .string(Hex.encode(hash.bytes)))]
        switch log {
        case .registry: members.append(("leaf", .string(String(decoding: leaf, as: UTF8.self))))
        case .revocations:
            let revocation = try RevocationEntry(parsing: leaf)
            members.append(("by", .string(revocation.kind == .issuer ? "issuer" : "subject")))
            members.append(("entry leaf hash", .string(Hex.encode(revocation.leaf.bytes))))
        case .consents:
            let entry = try Entry(parsing: leaf)
            members.append(("issuance day", entry.issuanceDay.map { .string($0.iso8601) } ?? .null))
            members.append(("schema id", .string(Hex.encode(entry.schemaID))))
            members.append(("K", .string(Hex.encode(entry.consent))))
            members.append(("C", .string(Hex.encode(entry.calendar))))
            members.append(("withdrawal tag", .string(Hex.encode(entry.withdrawalTag))))
            members.append(("revoked at", try store.revocations(of: [hash])[0].map { .integer(Int64($0)) } ?? .null))
        }
        if log != .registry { members.append(("bytes", .string(Hex.encode(leaf)))) }
        console.result(
            members.map { "\($0.0): \($0.1.plainText.printable)" }.joined(separator: "\n"),
            .object(Dictionary(uniqueKeysWithValues: members.map { ($0.0.replacing(" ", with: "_"), $0.1) })))
    }
}

extension JSONValue {
    /// A value for people: text without quotation marks, `-` for null.
    var plainText: String {
        switch self {
        case .null: "-"
        case .string(let text): text
        default: String(decoding: canonical, as: UTF8.self)
        }
    }
}

extension LedgerLog {
    /// The names that `--log` takes.
    static var names: [String] { allCases.map(\.rawValue) }

    /// The log of this name; another is refused with the nearest.
    static func argument(_ text: String) throws -> LedgerLog {
        guard let log = LedgerLog(rawValue: text) else {
            throw ValidationError("there is no log \(text); " + (Nearest.hint(text, among: names) ?? ""))
        }
        return log
    }
}

extension LedgerStore {
    /// The latest checkpoint of a log.
    ///
    /// - Throws: `no-checkpoint` if it was never signed.
    func signedCheckpoint(_ log: LedgerLog) throws -> StoredCheckpoint {
        guard let latest = try latestCheckpoint(log) else {
            throw ModelError(
                "no-checkpoint", "the \(log.rawValue) log was never signed", file: path, hint: "run: zkconsent ledger checkpoint")
        }
        return latest
    }
}
