// SPDX-License-Identifier: Apache-2.0
internal import Primitives

/// The files of Project Wycheproof, schemas of version 1. The type of a group says what its tests are.
enum WycheproofFormats {
    /// One test in its group.
    struct Test {
        /// What the whole file is of.
        let algorithm: String
        let group: VectorValue
        let test: VectorValue

        /// The flags of the test.
        func flags() throws(CaseFailure) -> Set<String> {
            guard test["flags"] != nil else { return [] }
            return Set(try test.list("flags").compactMap(\.text))
        }

        /// Compares a verdict with the expected one.
        ///
        /// `acceptable` leaves the verdict open, and is said of exactly the tests that have one of `open` among their flags.
        func settle(_ isAccepted: Bool, open: Set<String> = []) throws(CaseFailure) {
            let isOpen = try !flags().isDisjoint(with: open)
            switch try test.text("result") {
            case "valid", "invalid":
                try require(!isOpen, "the flags say acceptable, the result does not")
                try requireVerdict(isAccepted, expected: try test.text("result") == "valid")
            case "acceptable": try require(isOpen, "the result is acceptable, but no flag says why")
            default: throw CaseFailure("result is neither valid, invalid nor acceptable")
            }
        }
    }

    typealias Check = @Sendable (Test) throws(CaseFailure) -> Void

    /// What is done with the tests of a type of group.
    static let checks: [String: (standard: String, check: Check)] = [
        "MacTest": ("RFC 2104 (HMAC)", WycheproofHash.mac),
        "HkdfTest": ("RFC 5869 (HKDF)", WycheproofHash.hkdf),
        "EddsaVerify": ("RFC 8032 (Ed25519)", WycheproofEd25519.verify),
        "PrimalityTest": ("primality tests", WycheproofPrimes.primality),
        "EcCurveTest": ("SEC 2, RFC 5639 curve parameters", WycheproofPrimes.curve),
        "EcdsaVerify": ("FIPS 186-5 ECDSA, DER", WycheproofCurves.ecdsa),
        "EcdsaP1363Verify": ("FIPS 186-5 ECDSA, IEEE P1363", WycheproofCurves.ecdsaFixed),
        "EcdsaBitcoinVerify": ("FIPS 186-5 ECDSA, DER with low s", WycheproofCurves.ecdsaLow),
        "EcdhTest": ("SEC 1 ECDH, SubjectPublicKeyInfo", WycheproofCurves.ecdh),
        "EcdhEcpointTest": ("SEC 1 ECDH, points", WycheproofCurves.ecdhPoint),
        "XdhComp": ("RFC 7748 (X25519)", WycheproofX25519.check),
    ]

    static let all =
        checks.sorted { $0.key < $1.key }.map { type, entry in
            VectorFormat(
                "Wycheproof \(type)", standard: entry.standard, marker: type, recognises: { WycheproofFormats.type(of: $0) == type },
                run: { (file, cases) throws(CaseFailure) in try run(file, type, entry.check, &cases) })
        } + [
            VectorFormat(
                "Wycheproof BLS signatures", standard: "draft-irtf-cfrg-bls-signature",
                skipped: "BLS signatures need the group G2 and a pairing, which the engine does not have",
                recognises: { type(of: $0)?.hasPrefix("Bls") ?? false }),
            VectorFormat(
                "Wycheproof", standard: "Project Wycheproof", marker: "testGroups",
                recognises: { isEmpty($0) }, run: { (_, _) throws(CaseFailure) in throw CaseFailure("no cases") }),
            VectorFormat(
                "Wycheproof", standard: "", skipped: "Wycheproof tests of an algorithm that the engine does not have",
                recognises: { type(of: $0) != nil }),
        ]

    /// Whether a file of tests has no group with a type, so that nothing says what it tests.
    private static func isEmpty(_ file: VectorFile) -> Bool {
        guard let json = file.json, json.has("numberOfTests") || json.has("algorithm", "testGroups") else { return false }
        return type(of: file) == nil
    }

    /// The type of the first group of a file of tests.
    private static func type(of file: VectorFile) -> String? {
        guard let json = file.json, json.has("numberOfTests", "testGroups") else { return nil }
        return json["testGroups"]?.elements?.first?["type"]?.text
    }

    private static func run(_ file: VectorFile, _ type: String, _ check: Check, _ cases: inout Cases) throws(CaseFailure) {
        let json = try unwrap(file.json, "JSON")
        let algorithm = json["algorithm"]?.text ?? ""
        var count: UInt64 = 0
        for group in try json.list("testGroups") {
            for test in try group.list("tests") {
                count += 1
                cases.run("tcId \(test["tcId"]?.unsigned.map(String.init) ?? "?")") { () throws(CaseFailure) in
                    try group.match("type", text: type)
                    try check(Test(algorithm: algorithm, group: group, test: test))
                }
            }
        }
        let total = count
        if try json.unsigned("numberOfTests") != total { cases.fail("numberOfTests", "the file has \(total) tests") }
    }
}

/// HMAC and HKDF.
enum WycheproofHash {
    private static func function(_ algorithm: String, among functions: [String: HashFunction]) throws(CaseFailure) -> HashFunction {
        guard let function = functions[algorithm] else {
            throw CaseFailure(skipped: "Wycheproof tests of an algorithm that the engine does not have")
        }
        return function
    }

    static let mac: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        let function = try function(test.algorithm, among: ["HMACSHA256": .sha256, "HMACSHA512": .sha512])
        let key = try test.test.bytes("key")
        try require(UInt64(8 * key.count) == test.group.unsigned("keySize"), "key of \(8 * key.count) bits")
        let size = try test.group.integer("tagSize", in: 8...8 * function.byteCount) / 8
        let tag = function.authenticate(try test.test.bytes("msg"), key: key).prefix(size)
        try test.settle(Array(tag) == test.test.bytes("tag"))
    }

    static let hkdf: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        let function = try function(test.algorithm, among: ["HKDF-SHA-256": .sha256, "HKDF-SHA-512": .sha512])
        let material = try test.test.bytes("ikm")
        try require(UInt64(8 * material.count) == test.group.unsigned("keySize"), "ikm of \(8 * material.count) bits")
        let size = try test.test.integer("size", in: 0...1 << 20)
        let output = function.derive(
            size, from: material, salt: try test.test.bytes("salt"), info: try test.test.bytes("info"))
        if let output { try test.test.match("okm", output) }
        try test.settle(output != nil)
    }
}

/// Ed25519 by the ledger's rule.
enum WycheproofEd25519 {
    static let verify: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        let holder = try test.group.member("publicKey")
        if holder["curve"]?.text == "edwards448" { throw CaseFailure(skipped: AffineCurve.otherCurve) }
        try holder.match("curve", text: "edwards25519")
        try holder.match("type", text: "EDDSAPublicKey")
        try holder.match("keySize", 255)
        let key = try holder.bytes("pk")
        try WycheproofKeys.check(test.group, algorithm: DERReader.ed25519, key: key)
        if let jwk = test.group["publicKeyJwk"] {
            try jwk.match("x", text: WycheproofKeys.base64URL(key))
            try jwk.match("crv", text: "Ed25519")
        }
        let (message, signature) = (try test.test.bytes("msg"), try test.test.bytes("sig"))
        let isAccepted = Ed25519.verify(signature: signature, message: message, publicKey: key)
        try require(isAccepted == Ed25519Rule.verify(signature, message, key), "the two verifiers disagree")
        try test.settle(isAccepted)
    }
}

/// The forms in which a group has its key.
enum WycheproofKeys {
    /// Fails unless the DER and PEM forms are of this key.
    static func check(_ group: VectorValue, algorithm: [UInt8], key: [UInt8]) throws(CaseFailure) {
        let der = try group.bytes("publicKeyDer")
        try require(DERReader.publicKey(der, algorithm: algorithm) == key, "publicKeyDer is another key")
        let lines = try group.text("publicKeyPem").split(separator: "\n").map(String.init)
        try require(lines.first == "-----BEGIN PUBLIC KEY-----" && lines.last == "-----END PUBLIC KEY-----", "publicKeyPem")
        let body = lines.dropFirst().dropLast().joined()
        try require(body == Base64.encode(der), "publicKeyPem is another key")
    }

    /// Base64 with the URL alphabet, without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        String(
            Base64.encode(bytes).compactMap { character -> Character? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}
