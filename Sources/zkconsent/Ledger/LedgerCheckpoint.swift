// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import AuditReport
internal import ConsentModel
internal import Foundation
internal import Issuance
internal import MerkleLog
internal import Primitives
internal import Secrets
internal import Stores
internal import VerifyCommand

/// `zkconsent ledger checkpoint`.
struct LedgerCheckpoint: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign the three logs as they stand. What a checkpoint covers is issued.",
        discussion: """
            Each log is verified against its last checkpoint first, then signed with the issuer's key and with the cosigner's, which states the time. Times never
            go back, and are never ahead of the clock.

            Examples:
              zkconsent ledger checkpoint
              zkconsent ledger checkpoint --passphrase-file pass \\
                --cosigner-passphrase-file pass2
            """)

    @OptionGroup var ledger: LedgerOptions
    @Option(help: ArgumentHelp("The issuer's key.", valueName: "file"))
    var key = WorkspaceFile.ledgerKey
    @Option(help: ArgumentHelp("The cosigner's key.", valueName: "file"))
    var cosigner = WorkspaceFile.cosignerKey
    @Option(help: ArgumentHelp("The passphrase of the cosigner's key, if it is another.", valueName: "file"))
    var cosignerPassphraseFile: String?
    @Option(help: ArgumentHelp("Sign as of this time (seconds since 1970, or 2026-07-01T12:00:00Z) instead of now.", valueName: "time"))
    var at: UnixTime?
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let now = try time()
        let store = try LedgerStore.open(at: ledger.path, for: .writing)
        let secret = try passphrase.passphrase(for: key)
        let issuer = try secret.withSpan { try SigningKeyFile.read(key, passphrase: $0, ledger: store.name, type: .ed25519) }
        let second = try cosignerSecret(secret).withSpan {
            try SigningKeyFile.read(cosigner, passphrase: $0, ledger: store.name, type: .cosignature)
        }
        let checkpoints = try Interrupt.finishing { try store.checkpoint(issuer: issuer.key, cosigner: second.key, now: now) }
        for checkpoint in checkpoints {
            let origin = checkpoint.log.origin(ledger: store.name)
            console.result(
                "\(origin.printable)\t\(checkpoint.size)\t\(Hex.encode(checkpoint.root.bytes))",
                checkpoint.json(ledger: store.name))
        }
    }

    /// The time to sign as of. A log never goes back: with a time that lies ahead it could not go on until then.
    private func time() throws(ModelError) -> UInt64 {
        let clock = UInt64(max(0, Date().timeIntervalSince1970))
        guard let at else { return clock }
        guard at.seconds <= clock + 60 else {
            throw ModelError(
                "time-in-future", "--at \(UnixTime.text(at.seconds)) is later than this machine's clock, \(UnixTime.text(clock))",
                hint: "leave out --at, or set the clock")
        }
        return at.seconds
    }

    /// The cosigner's passphrase: another, or the issuer's.
    private func cosignerSecret(_ secret: borrowing SecretBytes) throws -> SecretBytes {
        guard let cosignerPassphraseFile else { return secret.copy() }
        return try Passphrase.read(file: cosignerPassphraseFile)
    }
}

/// A time given on the command line.
struct UnixTime: ExpressibleByArgument {
    /// Seconds since 1970, before 2200.
    let seconds: UInt64

    init?(argument: String) {
        guard let time = Timestamp(argument) else { return nil }
        seconds = time.seconds
    }

    /// `2026-07-01T12:00:00Z`, or the number itself after 2199.
    static func text(_ seconds: UInt64) -> String { Timestamp(seconds: seconds).rfc3339 }
}

extension StoredCheckpoint {
    /// `{checkpoint, log, origin, root, size, time}` for `--json`.
    func json(ledger: String) -> JSONValue {
        .object([
            "checkpoint": .string(text), "log": .string(log.rawValue), "origin": .string(log.origin(ledger: ledger)),
            "root": .string(Hex.encode(root.bytes)), "size": .integer(Int64(size)), "time": .integer(Int64(clamping: time)),
        ])
    }
}
