// SPDX-License-Identifier: Apache-2.0
internal import Arithmetic
internal import Groups
internal import Primitives
internal import Transcripts

/// ECDSA and ECDH over P-256 and secp256k1.
enum WycheproofCurves {
    static let ecdsa: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        try verify(test) { _, bytes in DERReader.signature(bytes) }
    }

    static let ecdsaFixed: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        try verify(test) { curve, bytes in
            let width = curve.scalars.modulus.byteCount
            return bytes.count == 2 * width ? (Array(bytes[..<width]), Array(bytes[width...])) : nil
        }
    }

    static let ecdsaLow: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        try verify(test) { curve, bytes in
            guard let (r, s) = DERReader.signature(bytes), let scalar = curve.scalars.element(s) else { return nil }
            // Of s and n - s only the smaller one is valid (BIP 146).
            let negative = curve.scalars.element(0) - scalar
            return negative.bytes.lexicographicallyPrecedes(scalar.bytes) ? nil : (r, s)
        }
    }

    private static func verify(
        _ test: WycheproofFormats.Test, _ parse: (AffineCurve, [UInt8]) -> (r: [UInt8], s: [UInt8])?
    ) throws(CaseFailure) {
        let holder = try test.group.member("publicKey")
        let name = try holder.text("curve")
        let curve = try AffineCurve.named(name)
        let encoded = try holder.bytes("uncompressed")
        let key = try unwrap(curve.decode(encoded), "uncompressed is no point")
        try require(curve.field.element(holder.bytes("wx")) == key.x, "wx differs")
        try require(curve.field.element(holder.bytes("wy")) == key.y, "wy differs")
        try require(holder.unsigned("keySize") == 256, "keySize differs")
        try holder.match("type", text: "EcPublicKey")
        let hash = try Self.hash(test.group.text("sha"), test.test.bytes("msg"))
        try WycheproofKeys.check(
            test.group, algorithm: name == "secp256k1" ? DERReader.secp256k1 : DERReader.p256, key: encoded)
        if let jwk = test.group["publicKeyJwk"] {
            try jwk.match("x", text: WycheproofKeys.base64URL(key.x.bytes))
            try jwk.match("y", text: WycheproofKeys.base64URL(key.y.bytes))
        }
        var isAccepted = false
        if let (r, s) = parse(curve, try test.test.bytes("sig")) {
            isAccepted = try CurveGroup.verify(name: name, hash: hash, r: r, s: s, key: encoded)
            try require(isAccepted == curve.verify(hash: hash, r: r, s: s, key: key), "the engine's group and the reference disagree")
        }
        try test.settle(isAccepted)
    }

    /// The first 256 bits of the hash of a message: as many as the orders of the curves have.
    private static func hash(_ name: String, _ message: [UInt8]) throws(CaseFailure) -> [UInt8] {
        switch name {
        case "SHA-256": return SHA256.hash(message)
        case "SHA-512": return Array(SHA512.hash(message).prefix(32))
        case "SHA3-512": return Array(KeccakXOF.hash(.sha3_512, message, count: 64).prefix(32))
        case "SHAKE128": return KeccakXOF.hash(.shake128, message, count: 32)
        case "SHAKE256": return Array(KeccakXOF.hash(.shake256, message, count: 64).prefix(32))
        case "SHA-1", "SHA-224", "SHA-384", "SHA3-224", "SHA3-256", "SHA3-384":
            throw CaseFailure(skipped: "a hash function that the engine does not have")
        default: throw CaseFailure("there is no hash function \(name)")
        }
    }

    static let ecdh: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        try test.group.match("encoding", text: "asn")
        let algorithm = try test.group.text("curve") == "secp256k1" ? DERReader.secp256k1 : DERReader.p256
        let encoded = DERReader.publicKey(try test.test.bytes("public"), algorithm: algorithm)
        try share(test, encoded, open: ["InvalidAsn", "CompressedPublic", "UnusedParam"])
    }

    static let ecdhPoint: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        try test.group.match("encoding", text: "ecpoint")
        try share(test, try test.test.bytes("public"), open: ["CompressedPublic"])
    }

    private static func share(_ test: WycheproofFormats.Test, _ encoded: [UInt8]?, open: Set<String>) throws(CaseFailure) {
        let name = try test.group.text("curve")
        let curve = try AffineCurve.named(name)
        guard let encoded, let point = curve.decode(encoded) else { return try test.settle(false, open: open) }
        let secret = curve.scalars.element(reducing: try test.test.bytes("private"))
        let shared = try CurveGroup.multiply(name: name, secret.bytes, x: point.x.bytes, y: point.y.bytes)
        try require(shared == curve.multiply(secret.bytes, point)?.x.bytes, "the engine's group and the reference disagree")
        if let shared { try test.test.match("shared", shared) }
        try test.settle(shared != nil, open: open)
    }
}

/// Primality and the parameters of curves of prime order.
enum WycheproofPrimes {
    static let primality: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        // Two's complement, big-endian: no negative number is prime here.
        let value = try test.test.bytes("value")
        try require(!value.isEmpty && value.count <= PrimeModulus.maximumBitWidth / 8, "value of \(value.count) bytes")
        let isPrime = value[0] < 0x80 && (value.drop { $0 == 0 }.elementsEqual([2]) || PrimeField(prime: value) != nil)
        try test.settle(isPrime, open: ["NegativeOfPrime"])
    }

    static let curve: WycheproofFormats.Check = { (test) throws(CaseFailure) in
        let record = test.test
        let curve = try AffineCurve(
            p: record.bytes("p"), n: record.bytes("n"), a: record.bytes("a"), b: record.bytes("b"), x: record.bytes("gx"),
            y: record.bytes("gy"))
        try require(record.unsigned("h") == 1, "a cofactor that is not 1")
        // The bits in the name are those of the field.
        let digits = try record.text("name").drop { !$0.isNumber }.prefix { $0.isNumber }
        try require(Int(digits) == curve.field.modulus.bitWidth, "p of \(curve.field.modulus.bitWidth) bits")
        let (name, oid) = (try record.text("name"), try record.text("oid"))
        try require((CurveNames.oids[name] ?? oid) == oid, "another object identifier than the curve's")
        let named = CurveNames.oids.first { $0.value == oid }?.key
        try require((named ?? name) == name, "another name than that of the object identifier")
        try test.settle(true)
    }
}
