// SPDX-License-Identifier: Apache-2.0
import ConsentModel
import Issuance
import MerkleLog
import Secrets
import Testing

/// The least cost that the format allows.
let cheap = try? SealedFile.Parameters(log2N: 14, r: 1, p: 1)

@Suite struct KeyTests {
    private let passphrase = Array("passphrase".utf8)

    @Test(arguments: [VerifierKey.KeyType.ed25519, .cosignature])
    func aKeyComesBackFromItsFile(type: VerifierKey.KeyType) throws {
        let key = try SigningKeyFile(generating: type, name: "hospital.example/consent")
        let file = try key.sealed(passphrase: passphrase.span, parameters: try #require(cheap))
        let again = try SigningKeyFile(opening: file, passphrase: passphrase.span)
        #expect(again.name == key.name)
        #expect(again.type == type)
        #expect(again.key.publicKey == key.key.publicKey)
        let message = Array("message".utf8)
        #expect(try again.key.sign(message) == key.key.sign(message))
    }

    @Test func noByteOfAKeyFileCanBeChanged() throws {
        let key = try SigningKeyFile(generating: .ed25519, name: "L")
        let file = try key.sealed(passphrase: passphrase.span, parameters: try #require(cheap))
        // The first 28 bytes hold the cost of scrypt: another cost takes time, and StoresTests and SecretsTests cover it.
        for index in [0, 5, 18] + Array(stride(from: 28, to: file.count, by: 7)) {
            var changed = file
            changed[index] ^= 1
            #expect(throws: ModelError.self) { _ = try SigningKeyFile(opening: changed, passphrase: passphrase.span) }
        }
        for count in [0, 1, 19, 71, 72, file.count - 1] {
            #expect(throws: ModelError.self) { _ = try SigningKeyFile(opening: Array(file.prefix(count)), passphrase: passphrase.span) }
        }
        let wrong = Array("Passphrase".utf8)
        #expect(code { _ = try SigningKeyFile(opening: file, passphrase: wrong.span) } == "wrong-passphrase")
    }

    @Test(
        arguments: [
            [], Array("zkconsent/key/1\n".utf8), Array("zkconsent/key/0\n".utf8) + [1, 1, 0, 0, 0, 76] + [UInt8](repeating: 7, count: 32),
            Array("zkconsent/key/2\n".utf8) + [1, 1, 0, 0, 0, 76] + [UInt8](repeating: 7, count: 32),
            Array("zkconsent/key/1\n".utf8) + [2, 1, 0, 0, 0, 76] + [UInt8](repeating: 7, count: 32),
            Array("zkconsent/key/1\n".utf8) + [1, 2, 0, 0, 0, 76] + [UInt8](repeating: 7, count: 32),
            Array("zkconsent/key/1\n".utf8) + [1, 1, 0, 0, 0, 0xff] + [UInt8](repeating: 7, count: 32),
            Array("zkconsent/key/1\n".utf8) + [1, 0xff, 0xff, 0xff, 0xff, 76] + [UInt8](repeating: 7, count: 32),
            Array("zkconsent/key/1\n".utf8) + [1, 1, 0, 0, 0, 76] + [UInt8](repeating: 7, count: 33),
        ] as [[UInt8]])
    func aSealedFileOfAnotherContentIsNoKey(plaintext: [UInt8]) throws {
        let file = try SealedFile.seal(plaintext.span, passphrase: passphrase.span, parameters: try #require(cheap))
        #expect(code { _ = try SigningKeyFile(opening: file, passphrase: passphrase.span) } == "not-a-key")
    }

    @Test(arguments: ["", "a b", "a+b", "a\nb", "a\u{a0}b"])
    func aNameThatNotesDoNotAllowIsRefused(name: String) {
        #expect(code { _ = try SigningKeyFile(generating: .ed25519, name: name) } == "ledger-name")
    }

    @Test func verifierKeysComeBackFromTheirFile() throws {
        let issuer = try Ed25519SigningKey()
        let cosigner = try Ed25519SigningKey()
        let keys = try LedgerKeys(name: "hospital.example/consent", issuerKey: issuer.publicKey, cosignerKey: cosigner.publicKey)
        let file = try keys.file()
        #expect(try LedgerKeys(parsing: file) == keys)
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(
            try lines.map { try VerifierKey(text: $0).name } == [
                "hospital.example/consent", "hospital.example/consent/consents", "hospital.example/consent/revocations",
                "hospital.example/consent/registry", "hospital.example/consent/cosigner",
            ])
        // Every line missing, twice or in another place.
        for index in lines.indices {
            var other = lines
            other.remove(at: index)
            #expect(code { _ = try parse(other) } == "verifier-keys")
            other = lines
            other.insert(lines[index], at: index)
            #expect(code { _ = try parse(other) } == "verifier-keys")
            other = lines
            other.swapAt(index, (index + 1) % lines.count)
            #expect(code { _ = try parse(other) } == "verifier-keys")
        }
        // Line ends of Windows are line ends; a carriage return by itself is none.
        #expect(try LedgerKeys(parsing: Array(lines.map { $0 + "\r\n" }.joined().utf8)) == keys)
        #expect(code { _ = try LedgerKeys(parsing: Array(lines.map { $0 + "\r" }.joined().utf8)) } == "verifier-keys")
        #expect(code { _ = try LedgerKeys(parsing: [0xff]) } == "verifier-keys")
        #expect(code { _ = try LedgerKeys(parsing: []) } == "verifier-keys")
    }

    private func parse(_ lines: [String]) throws(ModelError) -> LedgerKeys {
        try LedgerKeys(parsing: Array(lines.map { $0 + "\n" }.joined().utf8))
    }
}

/// The code of the error that `body` throws.
func code(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? ModelError)?.code ?? "\(error)"
    }
}
