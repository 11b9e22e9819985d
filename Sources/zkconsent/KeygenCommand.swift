// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import ConsentModel
internal import Foundation
internal import Issuance
internal import MerkleLog
internal import Secrets
internal import VerifyCommand

/// `zkconsent keygen`.
struct KeygenCommand: WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a ledger's signing keys.",
        discussion: """
            Makes the issuer's key, the key of its timestamps (cosigner), both sealed under
            the passphrase, and the file of their public halves, which goes to auditors and
            into policies. Keep the two keys apart if you can: together they are the
            ledger's word.

            Examples:
              zkconsent keygen --ledger hospital.example/consent
              zkconsent keygen --ledger hospital.example/consent \\
                --output keys/ledger.key --passphrase-file pass
            """)

    @Option(name: .customLong("ledger"), help: ArgumentHelp("The ledger's name, like hospital.example/consent.", valueName: "name"))
    var name: String
    @Option(name: .customLong("output"), help: ArgumentHelp("The issuer's key; the public keys go beside it as *.vkey.", valueName: "file"))
    var path = WorkspaceFile.ledgerKey
    @Option(
        name: .customLong("cosigner"), help: ArgumentHelp("The cosigner's key (default: cosigner.key beside the other).", valueName: "file")
    )
    var cosignerPath: String?
    @Flag(help: "Overwrite existing files: a ledger whose key is lost can never be continued.")
    var force = false
    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var output: OutputOptions

    func work(_ console: Console) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        let files = KeyFiles(
            key: path, cosigner: cosignerPath ?? Self.beside(path, WorkspaceFile.cosignerKey),
            verifierKeys: (path.hasSuffix(".key") ? String(path.dropLast(4)) : path) + ".vkey")
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw ModelError("file-not-found", "the folder does not exist", file: folder.path, hint: "folders are not created")
        }
        try files.refuseEqual()
        for path in [files.key, files.cosigner, files.verifierKeys] {
            try OutputFile.check(path, isNoneOf: passphrase.files)
        }
        if !force { try files.refuseExisting() }
        let keys = try files.make(ledger: name, passphrase: passphrase.newPassphrase(for: "the ledger's keys"), force: force)
        console.note("made \(files.key), \(files.cosigner) (secret) and \(files.verifierKeys) (public)")
        let json = try keys.json()
        console.result(json["keys"]?.array?.first?.string ?? "", json)
    }

    private static func beside(_ path: String, _ name: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return name }
        return String(path[...slash]) + name
    }
}

/// The three files of a ledger's keys.
struct KeyFiles {
    let key: String
    let cosigner: String
    let verifierKeys: String

    /// Refuses names of which two are one file: the second would overwrite the first.
    func refuseEqual() throws(ModelError) {
        let paths = [key, cosigner, verifierKeys]
        for index in paths.indices {
            let others = Array(paths[(index + 1)...])
            try OutputFile.check(paths[index], isNoneOf: others)
            guard !others.map(Self.standard).contains(Self.standard(paths[index])) else {
                throw ModelError(
                    "same-file", "two of the three key files have the same name", file: paths[index],
                    hint: "the issuer's key, the cosigner's key and the public keys (*.vkey) are three files")
            }
        }
    }

    private static func standard(_ path: String) -> String {
        let url = URL(filePath: path).standardizedFileURL
        return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent).path
    }

    /// Refuses before anything is made.
    func refuseExisting() throws(ModelError) {
        for path in [key, cosigner, verifierKeys] where FileManager.default.fileExists(atPath: path) {
            throw ModelError("file-exists", "the file exists", file: path, hint: "choose another name, or use --force to overwrite it")
        }
    }

    /// Makes the keys and writes the files, the public one last.
    func make(ledger: String, passphrase: borrowing SecretBytes, force: Bool) throws(ModelError) -> LedgerKeys {
        let issuer = try SigningKeyFile(generating: .ed25519, name: ledger)
        let second = try SigningKeyFile(generating: .cosignature, name: LedgerKeys.cosignerName(ledger))
        let keys = try LedgerKeys(name: ledger, issuerKey: issuer.key.publicKey, cosignerKey: second.key.publicKey)
        let sealed = try passphrase.withSpan { (span) throws(ModelError) in try issuer.sealed(passphrase: span) }
        let sealedSecond = try passphrase.withSpan { (span) throws(ModelError) in try second.sealed(passphrase: span) }
        try OutputFile.write(sealed, to: key, isSecret: true, force: force, replacesKey: true)
        try OutputFile.write(sealedSecond, to: cosigner, isSecret: true, force: force, replacesKey: true)
        try OutputFile.write(try keys.file(), to: verifierKeys, force: force)
        return keys
    }
}

extension LedgerKeys {
    /// `{cosigner, keys, ledger}` for `--json`.
    func json() throws(ModelError) -> JSONValue {
        let keys = try verifierKeys().map(\.text)
        return .object([
            "cosigner": .string(keys.last ?? ""), "keys": .array(keys.map { .string($0) }), "ledger": .string(name),
        ])
    }
}
