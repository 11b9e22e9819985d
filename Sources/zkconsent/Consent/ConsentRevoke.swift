// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import MerkleLog
internal import Primitives
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent consent revoke`.
struct ConsentRevoke: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Withdraw a consent: append to the revocations log.",
        discussion: """
            An issuer names the entry by its index, its leaf hash, or the request (which needs the receipts and their passphrase). A data subject's statement
            (zkconsent consent receipt withdraw) is verified against the entry first. Prints the index in the revocations log when it is on the disk; for an
            entry that is revoked already, the index it has. No later bundle of the holder can use the entry once a checkpoint covers its revocation.

            Examples:
              zkconsent consent revoke --index 17
              zkconsent consent revoke --request c-1 --receipts receipts.sqlite
              zkconsent consent revoke --statement withdrawal.json
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(help: "The entry's index in the consents log.")
    var index: Int?
    @Option(help: ArgumentHelp("The entry's leaf hash.", valueName: "hex"))
    var leaf: String?
    @Option(help: ArgumentHelp("The request that the entry was issued for.", valueName: "id"))
    var request: String?
    @Option(help: ArgumentHelp("A data subject's signed withdrawal.", valueName: "file"))
    var statement: String?
    @OptionGroup var receipts: ReceiptsOptions
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let asked = [index != nil, leaf != nil, request != nil, statement != nil].count { $0 }
        guard asked == 1 else { throw ValidationError("give one of --index, --leaf, --request and --statement") }
    }

    func work(_ console: Console) throws {
        let store = try LedgerStore.open(at: ledger.path, for: .writing)
        let revocation = try revocation(store)
        let earlier = try store.revocations(of: [revocation.leaf])[0]
        let index = try earlier ?? store.append([revocation.bytes], to: .revocations).lowerBound
        if earlier != nil { console.note("the entry was revoked already") }
        console.result(
            "\(index)",
            .object(["index": .integer(Int64(index)), "leaf": .string(Hex.encode(revocation.leaf.bytes)), "new": .bool(earlier == nil)]))
    }

    private func revocation(_ store: LedgerStore) throws -> RevocationEntry {
        if let statement { return try subjectRevocation(statement, store) }
        if let index { return RevocationEntry(kind: .issuer, leaf: LeafHash(entry: try store.leaves(.consents, at: [index])[0])) }
        let hash = try request.map { try leafHash(ofRequest: $0, store) } ?? LeafHash(argument: leaf ?? "")
        guard try store.index(of: hash, in: .consents) != nil else {
            throw ModelError("unknown-leaf", "the consents log has no entry with this leaf hash")
        }
        return RevocationEntry(kind: .issuer, leaf: hash)
    }

    private func leafHash(ofRequest request: String, _ store: LedgerStore) throws -> LeafHash {
        let secret = try passphrase.passphrase(for: receipts.path)
        let receiptStore = try secret.withSpan { try ReceiptStore.open(at: receipts.path, for: .reading, passphrase: $0) }
        guard let receipt = try receiptStore.receipts(requests: [request], origin: LedgerLog.consents.origin(ledger: store.name))[0] else {
            throw ModelError("unknown-request", "there is no receipt for the request \(request.printable)", file: receipts.path)
        }
        return receipt.leafHash
    }

    /// The revocation in a statement that verifies against the entry it names.
    private func subjectRevocation(_ path: String, _ store: LedgerStore) throws -> RevocationEntry {
        let statement = try WithdrawalStatement(
            parsing: try InputFile.read(path, limit: WithdrawalStatement.byteCountLimit), file: path)
        do {
            guard statement.origin.hasSameBytes(as: LedgerLog.consents.origin(ledger: store.name)) else {
                throw ModelError("withdrawal-origin", "the withdrawal is for the log \(statement.origin.printable), not of this ledger")
            }
            guard let index = Int(exactly: statement.index), try index < store.count(.consents) else {
                throw ModelError("withdrawal-index", "the withdrawal names entry \(statement.index), which this ledger does not have")
            }
            try statement.verify(entry: try Entry(parsing: try store.leaves(.consents, at: [index])[0]))
        } catch let error as ModelError {
            throw error.located(path)
        }
        return statement.revocation
    }
}
