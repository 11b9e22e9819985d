// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
public import MerkleLog
internal import Primitives
public import Secrets

/// An Ed25519 signing key under a name, as it is kept in a sealed file (docs/formats.md, Signing key).
///
/// Plaintext: `zkconsent/key/1\n`, the type (0x01 signs a log's notes, 0x04 cosigns), `LP(name)`, the 32-byte seed; nothing else.
public struct SigningKeyFile: ~Copyable {
    /// The name of the verifier key: `L` for the issuer, `L/cosigner` for its timestamps.
    public let name: String
    /// What the key signs.
    public let type: VerifierKey.KeyType
    /// The key.
    public let key: Ed25519SigningKey

    /// The largest sealed file in bytes.
    public static let byteCountLimit = 4_096
    /// The first line of the plaintext.
    public static let format = "zkconsent/key/1"
    private static let magic = Array("\(format)\n".utf8)
    private static let seedByteCount = 32

    /// A fresh key.
    ///
    /// - Throws: `ledger-name` for a name that signed notes do not allow.
    public init(generating type: VerifierKey.KeyType, name: String) throws(ModelError) {
        guard let key = try? Ed25519SigningKey() else { throw ModelError("secrets", "no key could be made") }
        guard (try? VerifierKey(name: name, type: type, publicKey: key.publicKey)) != nil else { throw LedgerKeys.nameRefused(name) }
        self.init(name: name, type: type, key: key)
    }

    private init(name: String, type: VerifierKey.KeyType, key: consuming Ed25519SigningKey) {
        self.name = name
        self.type = type
        self.key = key
    }

    // MARK: Sealed form

    /// The sealed file.
    public borrowing func sealed(passphrase: Span<UInt8>, parameters: SealedFile.Parameters = .standard) throws(ModelError) -> [UInt8] {
        var head = Self.magic + [type.rawValue]
        head += lengthPrefixed(name)
        var plaintext = SecretBytes(count: head.count + Self.seedByteCount)
        plaintext.withMutableSpan { output in
            for index in head.indices { output[index] = head[index] }
            key.withSeed { seed in
                for index in seed.indices { output[head.count + index] = seed[index] }
            }
        }
        do {
            return try SealedFile.seal(plaintext, passphrase: passphrase, parameters: parameters)
        } catch {
            throw ModelError("secrets", "the key could not be sealed")
        }
    }

    /// Opens a sealed key.
    ///
    /// - Throws: `not-a-key`, `wrong-passphrase`, `format-newer`, `format-trial`.
    public init(opening file: [UInt8], passphrase: Span<UInt8>, path: String? = nil) throws(ModelError) {
        if let other = SealedFile.otherVersion(file) {
            throw FormatVersion(SealedFile.version, of: "a sealed file").refusal(other).inFile(path)
        }
        let plaintext: SecretBytes
        do {
            plaintext = try SealedFile.open(file, passphrase: passphrase)
        } catch .authentication {
            throw ModelError("wrong-passphrase", "wrong passphrase, or the key file was changed", file: path)
        } catch {
            throw ModelError("not-a-key", "this is not a sealed key file", file: path, hint: "make one: zkconsent keygen")
        }
        let count = plaintext.count
        let headCount = Self.magic.count + 5
        guard count > headCount + Self.seedByteCount,
            plaintext.withSpan({ span in Self.magic.indices.allSatisfy { span[$0] == Self.magic[$0] } }),
            let type = VerifierKey.KeyType(rawValue: plaintext.withSpan { $0[Self.magic.count] }),
            plaintext.withSpan({ span in
                (0..<4).reduce(0) { $0 | Int(span[Self.magic.count + 1 + $1]) << (8 * $1) }
            }) == count - headCount - Self.seedByteCount,
            let name = plaintext.withSpan({ span in
                String(validating: (headCount..<count - Self.seedByteCount).map { span[$0] }, as: UTF8.self)
            }),
            let key = try? Ed25519SigningKey(
                seed: plaintext.withSpan { SecretBytes(copying: $0.extracting(count - Self.seedByteCount..<count)) })
        else { throw ModelError("not-a-key", "the sealed file holds no signing key of this version", file: path) }
        self.init(name: name, type: type, key: key)
    }

    /// Reads and opens a key file, which must be for the ledger `ledger` and of `type`.
    ///
    /// - Throws: `foreign-key` and those of ``init(opening:passphrase:path:)``.
    public static func read(
        _ path: String, passphrase: Span<UInt8>, ledger: String, type: VerifierKey.KeyType
    ) throws(ModelError) -> SigningKeyFile {
        let file = try SigningKeyFile(
            opening: try InputFile.read(path, limit: Self.byteCountLimit), passphrase: passphrase, path: path)
        let expected = type == .ed25519 ? ledger : LedgerKeys.cosignerName(ledger)
        guard file.type == type, file.name == expected else {
            throw ModelError(
                "foreign-key", "the key is of \(file.name), not the \(type == .ed25519 ? "issuer's" : "cosigner's") of \(ledger)",
                file: path,
                hint: "check the key file")
        }
        return file
    }
}
