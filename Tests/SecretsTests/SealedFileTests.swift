// SPDX-License-Identifier: Apache-2.0
import Secrets
import Testing

@Suite struct SealedFileTests {
    static let passphrase = Array("correct horse battery staple".utf8)
    static let secret: [UInt8] = Array("the opening".utf8)

    static func seal(_ plaintext: [UInt8] = secret, log2N: UInt8 = 14) throws -> [UInt8] {
        try SealedFile.seal(plaintext.span, passphrase: passphrase.span, parameters: .init(log2N: log2N, r: 1, p: 1))
    }

    /// The error, or `nil` if the file opens.
    static func failure(_ file: [UInt8], passphrase: [UInt8] = passphrase) -> SecretsError? {
        do {
            _ = try SealedFile.open(file, passphrase: passphrase.span)
            return nil
        } catch {
            return error
        }
    }

    static func bytes(_ cell: borrowing SecretBytes) -> [UInt8] {
        cell.withSpan { span in (0..<span.count).map { span[$0] } }
    }

    @Test(arguments: [[], secret, [UInt8](repeating: 7, count: 5000)]) func roundTrip(_ plaintext: [UInt8]) throws {
        let file = try Self.seal(plaintext)
        let opened = try SealedFile.open(file, passphrase: Self.passphrase.span)
        #expect(Self.bytes(opened) == plaintext)
    }

    @Test func standardParameters() throws {
        let cell = SecretBytes(copying: Self.secret.span)
        let file = try SealedFile.seal(cell, passphrase: Self.passphrase.span)
        #expect(file[19] == 17 && file[20] == 8 && file[24] == 1)
        #expect(String(decoding: file.prefix(19), as: UTF8.self) == "zkconsent/sealed/1\n")
        #expect(SealedFile.otherVersion(file) == nil)
        for version in [0, 2, 17] {
            #expect(SealedFile.otherVersion(Array("zkconsent/sealed/\(version)\n".utf8) + file.dropFirst(19)) == version)
        }
        for other in [
            "zkconsent/sealed/-1\n", "zkconsent/sealed/+2\n", "zkconsent/sealed/02\n", "zkconsent/sealed/-0\n", "zkconsent/sealed/\n",
            "zkconsent/key/0\n", "",
        ] {
            #expect(SealedFile.otherVersion(Array(other.utf8)) == nil)
        }
        let opened = try SealedFile.open(file, passphrase: Self.passphrase.span)
        #expect(Self.bytes(opened) == Self.secret)
    }

    @Test func twoFilesDiffer() throws {
        let first = try Self.seal()
        let second = try Self.seal()
        #expect(first[28...] != second[28...])
        // Neither salt, nonce nor ciphertext repeats.
        #expect(first[28..<60] != second[28..<60])
        #expect(first[60..<72] != second[60..<72])
        #expect(first[72...] != second[72...])
    }

    @Test func everyFlippedBitIsRefused() throws {
        let file = try Self.seal()
        for i in file.indices {
            // All bits in the header's parameters, one bit elsewhere: each attempt costs a key derivation.
            for bit in (19..<28).contains(i) ? Array(0..<8) : [i % 8] {
                var altered = file
                altered[i] ^= 1 << UInt8(bit)
                #expect(Self.failure(altered) != nil, "byte \(i), bit \(bit)")
            }
        }
    }

    @Test func wrongPassphraseOrLengthIsRefused() throws {
        let file = try Self.seal()
        #expect(Self.failure(file, passphrase: Self.passphrase + [0x20]) == .authentication)
        #expect(Self.failure(file, passphrase: []) == .authentication)
        for count in [0, 1, 18, 19, 28, 71, 72, 87] { #expect(Self.failure(Array(file.prefix(count))) == .format) }
        #expect(Self.failure(Array(file.dropLast())) == .authentication)
        #expect(Self.failure(file + [0]) == .authentication)
    }

    @Test(
        arguments: [
            (13, 8, 1), (21, 1, 1), (0, 8, 1), (255, 8, 1), (17, 0, 1), (17, 33, 1), (17, 8, 0), (17, 8, 17), (20, 9, 1), (19, 17, 1),
            (17, .max, 1), (17, 8, .max),
        ] as [(UInt8, UInt32, UInt32)])
    func parametersOutOfRangeAreRefusedUnused(_ log2N: UInt8, _ r: UInt32, _ p: UInt32) throws {
        #expect(throws: SecretsError.parameters) { try SealedFile.Parameters(log2N: log2N, r: r, p: p) }
        var file = try Self.seal()
        file[19] = log2N
        for i in 0..<4 {
            file[20 + i] = UInt8(truncatingIfNeeded: r >> UInt32(8 * i))
            file[24 + i] = UInt8(truncatingIfNeeded: p >> UInt32(8 * i))
        }
        #expect(Self.failure(file) == .parameters)
    }

    @Test func largestAcceptedParameters() throws {
        let largest = try SealedFile.Parameters(log2N: 20, r: 8, p: 16)
        #expect(largest.log2N == 20)
    }
}

@Suite struct DataKeyTests {
    @Test func recordsAreBoundToKeyAndContext() throws {
        let key = DataKey()
        let record: [UInt8] = [1, 2, 3]
        let sealed = try key.seal(record.span, context: [7])
        #expect(sealed.count == record.count + DataKey.overhead)
        let opened = try key.open(sealed, context: [7])
        #expect(SealedFileTests.bytes(opened) == record)
        let again = try key.seal(SecretBytes(copying: record.span), context: [7])
        #expect(again != sealed)
        var failures = 0
        func mustFail(_ key: borrowing DataKey, _ box: [UInt8], _ context: [UInt8]) {
            do {
                _ = try key.open(box, context: context)
                Issue.record("opened an altered record")
            } catch {
                #expect(error == .authentication)
                failures += 1
            }
        }
        mustFail(DataKey(), sealed, [7])
        mustFail(key, sealed, [8])
        mustFail(key, sealed, [])
        for i in sealed.indices {
            for bit in 0..<8 {
                var altered = sealed
                altered[i] ^= 1 << UInt8(bit)
                mustFail(key, altered, [7])
            }
        }
        for count in 0..<sealed.count { mustFail(key, Array(sealed.prefix(count)), [7]) }
        #expect(failures == 3 + 9 * sealed.count)
    }

    @Test func storedKey() throws {
        let key = DataKey()
        let sealed = try key.seal([5].span, context: [])
        let copy = try DataKey(key.withKey { SecretBytes(copying: $0) })
        let opened = try copy.open(sealed, context: [])
        #expect(SealedFileTests.bytes(opened) == [5])
        #expect(throws: SecretsError.length) { _ = try DataKey(SecretBytes(count: 31)) }
    }
}

@Suite struct SigningKeyTests {
    /// RFC 8032, section 7.1, test 1.
    @Test func knownSeed() throws {
        var seed = SecretBytes(count: 32)
        let hex: [UInt8] = [
            0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b,
            0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
        ]
        seed.withMutableSpan { for i in 0..<32 { $0[i] = hex[i] } }
        let key = try Ed25519SigningKey(seed: seed)
        #expect(key.publicKey.prefix(4) == [0xd7, 0x5a, 0x98, 0x01])
        let signature = try key.sign([])
        #expect(signature.prefix(4) == [0xe5, 0x56, 0x43, 0x00])
        let stored = key.withSeed { span in (0..<32).map { span[$0] } }
        #expect(stored == hex)
    }

    @Test func freshKeysDifferAndLengthsAreChecked() throws {
        let first = try Ed25519SigningKey()
        let second = try Ed25519SigningKey()
        #expect(first.publicKey != second.publicKey)
        #expect(throws: SecretsError.length) { _ = try Ed25519SigningKey(seed: SecretBytes(count: 31)) }
    }
}
