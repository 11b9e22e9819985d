// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
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
            go back.

            Examples:
              zkconsent ledger checkpoint
              zkconsent ledger checkpoint --passphrase-file pass --cosigner-passphrase-file pass2
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
        let store = try LedgerStore.open(at: ledger.path, for: .writing)
        let secret = try passphrase.passphrase(for: key)
        let issuer = try secret.withSpan { try SigningKeyFile.read(key, passphrase: $0, ledger: store.name, type: .ed25519) }
        let second = try cosignerSecret(secret).withSpan {
            try SigningKeyFile.read(cosigner, passphrase: $0, ledger: store.name, type: .cosignature)
        }
        let now = at?.seconds ?? UInt64(max(0, Date().timeIntervalSince1970))
        let checkpoints = try Interrupt.finishing { try store.checkpoint(issuer: issuer.key, cosigner: second.key, now: now) }
        for checkpoint in checkpoints {
            let origin = checkpoint.log.origin(ledger: store.name)
            console.result("\(origin)\t\(checkpoint.size)\t\(Hex.encode(checkpoint.root.bytes))", checkpoint.json(ledger: store.name))
        }
    }

    /// The cosigner's passphrase: another, or the issuer's.
    private func cosignerSecret(_ secret: borrowing SecretBytes) throws -> SecretBytes {
        guard let cosignerPassphraseFile else { return secret.copy() }
        return try Passphrase.read(file: cosignerPassphraseFile)
    }
}

/// A time given on the command line.
struct UnixTime: ExpressibleByArgument {
    /// Seconds since 1970, below 2^63.
    let seconds: UInt64

    init?(argument: String) {
        if let number = Int64(argument), number >= 0, String(number) == argument {
            seconds = UInt64(number)
            return
        }
        // 2026-07-01T12:00:00Z
        let parts = argument.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let day = Day(iso8601: String(parts[0])), parts[1].last == "Z" else { return nil }
        let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, clock.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCII) }), let hour = Int(clock[0]),
            let minute = Int(clock[1]),
            let second = Int(clock[2]), (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
        else { return nil }
        seconds = UInt64(day.number) * 86_400 + UInt64(hour * 3_600 + minute * 60 + second)
    }

    /// `2026-07-01T12:00:00Z`, or the number itself after 2199.
    static func text(_ seconds: UInt64) -> String {
        guard let number = Int(exactly: seconds / 86_400), let day = Day(number: number) else { return String(seconds) }
        let rest = Int(seconds % 86_400)
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(day.iso8601)T\(padded(rest / 3_600)):\(padded(rest / 60 % 60)):\(padded(rest % 60))Z"
    }
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
