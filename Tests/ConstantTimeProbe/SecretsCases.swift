// SPDX-License-Identifier: Apache-2.0
import Primitives
import Secrets

/// Keys, hashes and encryption: OpenSSL's code on secrets.
var secretsCases: [ProbeCase] {
    [
        ProbeCase("SHA512/hash") { evidence in
            let message = SecretBytes.random(count: 300)
            evidence.result(message.withSpan { SHA512.hash($0) })
        },
        ProbeCase("SHA256/hash") { evidence in
            let message = SecretBytes.random(count: 300)
            evidence.result(message.withSpan { SHA256.hash($0) })
        },
        ProbeCase("Ed25519SigningKey/sign", declassifies: [.publicKey, .signature]) { _ in
            _ = try Ed25519SigningKey().sign([1, 2, 3])
        },
        ProbeCase("AESGCM/seal") { evidence in
            let key = SecretBytes.random(count: AESGCM.keyByteCount)
            let plaintext = SecretBytes.random(count: 100)
            let nonce = [UInt8](repeating: 7, count: AESGCM.nonceByteCount)
            evidence.result(
                try key.withSpan { key in
                    try plaintext.withSpan { try AESGCM.seal($0, key: key, nonce: nonce, authenticating: [1]) }
                })
        },
        ProbeCase("Scrypt/derive") { evidence in
            // scrypt itself reads at secret addresses, by design: a suppression says so.
            let passphrase = SecretBytes.random(count: 20)
            evidence.result(try passphrase.withSpan { try Scrypt.derive(passphrase: $0, salt: [1], n: 16, r: 1, p: 1, count: 32) })
        },
        ProbeCase("DataKey/seal, open", declassifies: [.ciphertext]) { evidence in
            let key = DataKey()
            let record = SecretBytes.random(count: 100)
            evidence.result(try key.open(key.seal(record, context: [1]), context: [1]))
        },
        ProbeCase("SealedFile/seal, open", declassifies: [.ciphertext]) { evidence in
            // The passphrase is known here, the key that is derived from it is secret: see `Scrypt/derive`.
            let passphrase = Array("a passphrase".utf8)
            let plaintext = SecretBytes.random(count: 100)
            let file = try SealedFile.seal(plaintext, passphrase: passphrase.span, parameters: .init(log2N: 14, r: 1, p: 1))
            evidence.result(try SealedFile.open(file, passphrase: passphrase.span))
        },
    ]
}
