// SPDX-License-Identifier: Apache-2.0
import Primitives
import Testing

@Suite struct SymmetricTests {
    /// NIST GCM test cases 13 and 14 for 256-bit keys.
    @Test func gcmKnownAnswers() throws {
        let key = [UInt8](repeating: 0, count: 32)
        let nonce = [UInt8](repeating: 0, count: 12)
        let empty: [UInt8] = []
        let zeros = [UInt8](repeating: 0, count: 16)
        let tag = try AESGCM.seal(empty.span, key: key.span, nonce: nonce, authenticating: [])
        #expect(Hex.encode(tag) == "530f8afbc74536b9a963b4f1c4cb738b")
        let box = try AESGCM.seal(zeros.span, key: key.span, nonce: nonce, authenticating: [])
        #expect(Hex.encode(box) == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
    }

    @Test(arguments: [0, 1, 15, 16, 17, 300], [0, 1, 40])
    func gcmRoundTripAndEveryFlip(count: Int, associatedCount: Int) throws {
        let key = (0..<32).map { UInt8($0) }
        let nonce = (0..<12).map { UInt8($0 * 3) }
        let plaintext = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let associated = [UInt8](repeating: 5, count: associatedCount)
        let box = try AESGCM.seal(plaintext.span, key: key.span, nonce: nonce, authenticating: associated)
        #expect(box.count == count + AESGCM.tagByteCount)
        #expect(try AESGCM.open(box.span, key: key.span, nonce: nonce, authenticating: associated) == plaintext)
        for index in box.indices {
            var flipped = box
            flipped[index] ^= 0x80
            #expect(throws: PrimitivesError.authenticationFailed) {
                try AESGCM.open(flipped.span, key: key.span, nonce: nonce, authenticating: associated)
            }
        }
        for other in [associated + [0], Array(associated.dropFirst())] where other != associated {
            #expect(throws: PrimitivesError.authenticationFailed) {
                try AESGCM.open(box.span, key: key.span, nonce: nonce, authenticating: other)
            }
        }
        for short in 0..<min(box.count, 17) {
            let prefix = Array(box.prefix(short))
            #expect(throws: PrimitivesError.authenticationFailed) {
                try AESGCM.open(prefix.span, key: key.span, nonce: nonce, authenticating: associated)
            }
        }
    }

    @Test func gcmLengths() {
        let empty: [UInt8] = []
        let key = [UInt8](repeating: 0, count: 32)
        let nonce = [UInt8](repeating: 0, count: 12)
        let short = Array(key.dropLast())
        #expect(throws: PrimitivesError.invalidLength("key")) {
            try AESGCM.seal(empty.span, key: short.span, nonce: nonce, authenticating: [])
        }
        #expect(throws: PrimitivesError.invalidLength("nonce")) {
            try AESGCM.seal(empty.span, key: key.span, nonce: key, authenticating: [])
        }
    }

    /// RFC 7914 section 12, cases 1 to 3.
    @Test func scryptKnownAnswers() throws {
        let cases: [(String, String, Int, Int, Int, String)] = [
            ("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"),
            ("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"),
            ("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"),
        ]
        for (passphrase, salt, n, r, p, expected) in cases {
            let secret = Array(passphrase.utf8)
            let key = try Scrypt.derive(
                passphrase: secret.span, salt: Array(salt.utf8), n: n, r: r, p: p, count: 64)
            #expect(Hex.encode(Array(key.prefix(32))) == expected)
        }
    }

    @Test func scryptOfTheKeyFiles() throws {
        let secret: [UInt8] = [1]
        let key = try Scrypt.derive(passphrase: secret.span, salt: [2], n: 1 << 17, r: 8, p: 1, count: 32)
        #expect(key.count == 32)
    }

    @Test(arguments: [
        (0, 8, 1), (1, 8, 1), (1000, 8, 1), (1 << 40, 8, 1), (1024, 0, 1), (1024, 8, 0), (1 << 24, 8, 1), (2, 1 << 60, 1), (2, 8, 1 << 60),
    ])
    func scryptRefuses(n: Int, r: Int, p: Int) {
        let secret: [UInt8] = [1]
        #expect(throws: PrimitivesError.self) {
            try Scrypt.derive(passphrase: secret.span, salt: [2], n: n, r: r, p: p, count: 32)
        }
    }
}
