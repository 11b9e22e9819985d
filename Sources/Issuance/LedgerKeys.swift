// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
public import MerkleLog
internal import Primitives

/// The public keys of a ledger, as a file for everybody (`*.vkey`): one C2SP verifier key a line, for the ledger `L`, for `L/consents`,
/// `L/revocations`, `L/registry` (all the issuer's key), and for `L/cosigner`.
public struct LedgerKeys: Hashable, Sendable {
    /// The ledger's name.
    public let name: String
    /// The issuer's Ed25519 public key, 32 bytes.
    public let issuerKey: [UInt8]
    /// The public key of the issuer's timestamps, 32 bytes.
    public let cosignerKey: [UInt8]

    /// The largest file in bytes.
    public static let byteCountLimit = 16_384
    /// The last parts of the origins of a ledger's logs, in the order of the file.
    public static let logs = ["consents", "revocations", "registry"]

    /// The name of the issuer's own cosigner.
    public static func cosignerName(_ ledger: String) -> String { "\(ledger)/cosigner" }

    /// The keys of a ledger.
    ///
    /// - Throws: `ledger-name`, `verifier-keys`.
    public init(name: String, issuerKey: [UInt8], cosignerKey: [UInt8]) throws(ModelError) {
        guard issuerKey != cosignerKey else { throw ModelError("verifier-keys", "the cosigner's key is the issuer's") }
        self.name = name
        self.issuerKey = issuerKey
        self.cosignerKey = cosignerKey
        _ = try verifierKeys()
    }

    /// The keys in the order of the file.
    public func verifierKeys() throws(ModelError) -> [VerifierKey] {
        do {
            var keys = [try VerifierKey(name: name, type: .ed25519, publicKey: issuerKey)]
            for log in Self.logs { keys.append(try VerifierKey(name: "\(name)/\(log)", type: .ed25519, publicKey: issuerKey)) }
            keys.append(try VerifierKey(name: Self.cosignerName(name), type: .cosignature, publicKey: cosignerKey))
            return keys
        } catch {
            throw Self.nameRefused(name)
        }
    }

    static func nameRefused(_ name: String) -> ModelError {
        ModelError(
            "ledger-name", "\(name) cannot name a ledger", hint: "a name has no white space and no plus sign, like hospital.example/consent"
        )
    }

    /// The file.
    public func file() throws(ModelError) -> [UInt8] {
        Array(try verifierKeys().map { $0.text + "\n" }.joined().utf8)
    }

    /// Parses a file; every line must be there, and all must be of one ledger. Lines may end as on Windows.
    ///
    /// - Throws: `verifier-keys`.
    public init(parsing bytes: [UInt8], file: String? = nil) throws(ModelError) {
        func failure(_ reason: String, line: Int) -> ModelError {
            ModelError(
                "verifier-keys", reason, file: file, position: .line(line, column: 1),
                hint: "a file of keys is made by zkconsent keygen")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("the file is not UTF-8", line: 1) }
        var keys: [VerifierKey] = []
        for (number, line) in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }).enumerated() {
            guard number < Self.logs.count + 2 else { throw failure("more lines than keys", line: number + 1) }
            guard let key = try? VerifierKey(text: String(line)) else { throw failure("the line is no verifier key", line: number + 1) }
            keys.append(key)
        }
        guard let issuer = keys.first, let cosigner = keys.last, keys.count == Self.logs.count + 2 else {
            throw failure("the file has not \(Self.logs.count + 2) keys", line: keys.count + 1)
        }
        try self.init(name: issuer.name, issuerKey: issuer.publicKey, cosignerKey: cosigner.publicKey)
        guard try verifierKeys() == keys else { throw failure("the keys are not those of one ledger and its cosigner", line: 1) }
    }
}
