// SPDX-License-Identifier: Apache-2.0
internal import Groups

/// FROST: the vectors of RFC 9591 and those of ZF FROST.
enum ThresholdFormats {
    static let all = [signing, keyGeneration, samples, elements]
    private typealias R255 = EngineGroup<Ristretto255>
    private typealias NIST256 = EngineGroup<P256>

    private static var ristretto255: ThresholdSuite<R255> {
        .wide(
            name: "FROST(ristretto255, SHA-512)", group: "ristretto255", context: "FROST-RISTRETTO255-SHA512-v1", plainChallenge: false)
    }
    private static var p256: ThresholdSuite<NIST256> {
        .field(name: "FROST(P-256, SHA-256)", group: "P-256", context: "FROST-P256-SHA256-v1")
    }
    private static var secp256k1: ThresholdSuite<EngineGroup<Secp256k1>> {
        .field(name: "FROST(secp256k1, SHA-256)", group: "secp256k1", context: "FROST-secp256k1-SHA256-v1")
    }
    private static var ed25519: ThresholdSuite<Edwards25519> {
        .wide(name: "FROST(Ed25519, SHA-512)", group: "ed25519", context: "FROST-ED25519-SHA512-v1", plainChallenge: true)
    }

    static let signing = VectorFormat(
        "FROST signing", standard: "RFC 9591", marker: "round_one_outputs",
        recognises: { $0.json?.has("config", "inputs", "round_one_outputs") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            let config = try json.member("config")
            let name = try config.text("name")
            cases.run(name) { () throws(CaseFailure) in
                switch try config.text("group") {
                case "ristretto255": try sign(json, ristretto255)
                case "ed25519": try sign(json, ed25519)
                case "P-256": try sign(json, p256)
                case "secp256k1": try sign(json, secp256k1)
                case "ed448", "Ed448", "edwards448":
                    throw CaseFailure(skipped: "FROST over Ed448: a group that the engine does not have")
                default: throw CaseFailure("a ciphersuite that does not exist")
                }
            }
        })

    private static func checkConfig<G>(_ config: VectorValue, _ suite: ThresholdSuite<G>) throws(CaseFailure) {
        try config.match("name", text: suite.name)
        try config.match("group", text: suite.group)
        try config.match("hash", text: suite.hash)
    }

    private static func sign<G>(_ json: VectorValue, _ suite: ThresholdSuite<G>) throws(CaseFailure) {
        let config = try json.member("config")
        try checkConfig(config, suite)
        let inputs = try json.member("inputs")
        // The polynomial, the key and the shares.
        let secret = try G.scalar(inputs.bytes("group_secret_key"))
        var coefficients = [secret]
        for value in try inputs.list("share_polynomial_coefficients") { coefficients.append(try G.scalar(value.hexadecimal())) }
        try require(UInt64(coefficients.count) == config.unsigned("MIN_PARTICIPANTS"), "\(coefficients.count) coefficients")
        let publicKey = G.multiply(secret, G.generator)
        try inputs.match(inputs["group_public_key"] == nil ? "verifying_key_key" : "group_public_key", G.encode(publicKey))
        var shares: [UInt64: G.Scalar] = [:]
        for record in try inputs.list("participant_shares") {
            let identifier = try record.unsigned("identifier")
            let share = G.evaluate(coefficients, at: G.Scalar(identifier))
            try record.match("participant_share", share.bytes)
            try require(shares.updateValue(share, forKey: identifier) == nil, "an identifier twice")
        }
        try require(UInt64(shares.count) == config.unsigned("MAX_PARTICIPANTS"), "\(shares.count) participants")
        let list = try inputs.list("participant_list").map(\.unsigned)
        try require(UInt64(list.count) == config.unsigned("NUM_PARTICIPANTS"), "\(list.count) signers")

        // Round one: nonces and commitments.
        let first = try json.member("round_one_outputs").list("outputs")
        let second = try json.member("round_two_outputs").list("outputs")
        try require(first.map { $0["identifier"]?.unsigned } == list, "round one has other participants")
        try require(second.map { $0["identifier"]?.unsigned } == list, "round two has other participants")
        var signers: [ThresholdSigner<G>] = []
        for record in first {
            let identifier = try record.unsigned("identifier")
            let share = try unwrap(shares[identifier], "a signer without share")
            let signer = ThresholdSigner<G>(
                identifier: G.Scalar(identifier), share: share,
                hidingNonce: suite.h3(try record.bytes("hiding_nonce_randomness") + share.bytes),
                bindingNonce: suite.h3(try record.bytes("binding_nonce_randomness") + share.bytes))
            try record.match("hiding_nonce", signer.hidingNonce.bytes)
            try record.match("binding_nonce", signer.bindingNonce.bytes)
            try record.match("hiding_nonce_commitment", G.encode(signer.hidingCommitment))
            try record.match("binding_nonce_commitment", G.encode(signer.bindingCommitment))
            signers.append(signer)
        }

        // Round two: signature shares and the signature.
        let message = try inputs.bytes("message")
        let session = ThresholdSession(suite: suite, publicKey: publicKey, message: message, signers: signers)
        let (factors, signatureShares, signature) = try session.sign()
        for (index, input) in session.bindingFactorInputs.enumerated() {
            try first[index].match("binding_factor_input", input)
            try first[index].match("binding_factor", factors[index].bytes)
            try second[index].match("sig_share", signatureShares[index].bytes)
        }
        try json.member("final_output").match("sig", signature)
        func isValid(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
            ThresholdSession.verify(signature, message: message, publicKey: publicKey, suite: suite)
        }
        try require(isValid(signature, message), "the signature does not verify")
        try require(!isValid(signature, message + [0]), "another message verifies")
        var changed = signature
        changed[changed.count / 2 + 2] ^= 1
        try require(!isValid(changed, message), "a changed signature verifies")
    }

    // MARK: Distributed key generation

    static let keyGeneration = VectorFormat(
        "FROST distributed key generation", standard: "ZF FROST vectors (RFC 9591 suites)", marker: "vss_commitments",
        recognises: { file in
            guard let json = file.json, json.has("config", "inputs"), !json.has("round_one_outputs") else { return false }
            return json["inputs"]?.has("verifying_key") ?? false
        },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            cases.run(try json.member("config").text("name")) { () throws(CaseFailure) in
                // The file of ristretto255 is labelled Ed25519 upstream: the first commitment tells the group.
                let first = try json.member("inputs").member("1")
                let encoded = try first.list("vss_commitments").first?.hexadecimal() ?? []
                let secret = try first.bytes("signing_key")
                if encoded.count == 32, let scalar = try? R255.scalar(secret) {
                    if R255.encode(R255.multiply(scalar, R255.generator)) == encoded {
                        return try generate(
                            json, ristretto255, labels: [ristretto255.name: ristretto255.group, ed25519.name: ed25519.group])
                    }
                    return try generate(json, ed25519, labels: [ed25519.name: ed25519.group])
                }
                if encoded.count == 33, let scalar = try? EngineGroup<Secp256k1>.scalar(secret),
                    Secp256k1.encode([EngineGroup<Secp256k1>.multiply(scalar, Secp256k1.generator)]) == encoded
                {
                    return try generate(json, secp256k1, labels: [secp256k1.name: secp256k1.group])
                }
                try generate(json, p256, labels: [p256.name: p256.group])
            }
        })

    private static func generate<G>(_ json: VectorValue, _ suite: ThresholdSuite<G>, labels: [String: String]) throws(CaseFailure) {
        let config = try json.member("config")
        let (name, group) = (try config.text("name"), try config.text("group"))
        try require(labels[name]?.lowercased() == group.lowercased(), "name is \(name), group is \(group)")
        try config.match("hash", text: suite.hash)
        let inputs = try json.member("inputs")
        let count = try config.integer("MAX_PARTICIPANTS", in: 2...100)
        var polynomials: [[G.Scalar]] = []
        for identifier in 1...count {
            let record = try inputs.member(String(identifier))
            try record.match("identifier", UInt64(identifier))
            let polynomial = [try G.scalar(record.bytes("signing_key")), try G.scalar(record.bytes("coefficient"))]
            try require(UInt64(polynomial.count) == config.unsigned("MIN_PARTICIPANTS"), "MIN_PARTICIPANTS differs")
            let commitments = try record.list("vss_commitments")
            try require(commitments.count == polynomial.count, "\(commitments.count) commitments")
            for (commitment, coefficient) in zipEqual(commitments, polynomial) {
                let expected = try commitment.hexadecimal()
                try require(expected == G.encode(G.multiply(coefficient, G.generator)), "vss_commitments differ")
            }
            try checkPossession(record, polynomial[0], UInt64(identifier), suite)
            polynomials.append(polynomial)
        }
        try require(inputs.members?.count == count + 1, "participants beyond MAX_PARTICIPANTS")
        var key = G.identity
        for polynomial in polynomials { key = G.add(key, G.multiply(polynomial[0], G.generator)) }
        try inputs.match("verifying_key", G.encode(key))
        for identifier in 1...count {
            let record = try inputs.member(String(identifier))
            let received = polynomials.map { G.evaluate($0, at: G.Scalar(UInt64(identifier))) }
            let shares = try record.member("signing_shares")
            try require(shares.members?.count == count - 1, "signing_shares of other participants")
            for sender in 1...count where sender != identifier { try shares.match(String(sender), received[sender - 1].bytes) }
            let share = received.reduce(G.Scalar.zero) { $0 + $1 }
            try record.match("signing_share", share.bytes)
            try record.match("verifying_share", G.encode(G.multiply(share, G.generator)))
        }
    }

    /// The Schnorr proof of possession of the constant coefficient.
    private static func checkPossession<G>(
        _ record: VectorValue, _ secret: G.Scalar, _ identifier: UInt64, _ suite: ThresholdSuite<G>
    ) throws(CaseFailure) {
        let proof = try record.bytes("proof_of_knowledge")
        let key = G.multiply(secret, G.generator)
        let width = G.encode(key).count
        try require(proof.count == width + G.Scalar.byteCount, "a proof of \(proof.count) bytes")
        let (r, z) = (try G.element(Array(proof[..<width])), try G.scalar(Array(proof[width...])))
        let challenge = suite.hdkg(G.Scalar(identifier).bytes + G.encode(key) + G.encode(r))
        try require(
            G.multiply(z, G.generator) == G.add(r, G.multiply(challenge, key)), "the proof of possession does not verify")
    }

    // MARK: Samples

    static let samples = VectorFormat(
        "FROST samples", standard: "ZF FROST vectors (RFC 9591 suites)", marker: "proof_of_knowledge",
        recognises: { $0.json?.has("identifier", "element1", "element2", "scalar1") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            cases.run("samples") { () throws(CaseFailure) in
                let encoded = try json.bytes("element1")
                if encoded == R255.encode(R255.generator) { return try sample(json, R255.self) }
                if encoded == NIST256.encode(NIST256.generator) { return try sample(json, NIST256.self) }
                if encoded == Secp256k1.encode([Secp256k1.generator]) { return try sample(json, EngineGroup<Secp256k1>.self) }
                if encoded == Edwards25519.encode(Edwards25519.generator) { return try sample(json, Edwards25519.self) }
                throw CaseFailure("element1 is no group's generator")
            }
        })

    private static func sample<G: PrimeOrderGroup>(_ json: VectorValue, _: G.Type) throws(CaseFailure) {
        try json.match("element1", G.encode(G.generator))
        try json.match("element2", G.encode(G.add(G.generator, G.generator)))
        try json.match("identifier", G.Scalar(UInt64(42)).bytes)
        let scalar = try G.scalar(json.bytes("scalar1"))
        try json.match("proof_of_knowledge", G.encode(G.generator) + scalar.bytes)
    }

    static let elements = VectorFormat(
        "FROST invalid elements", standard: "ZF FROST vectors (RFC 9591 suites)", marker: "invalid_element",
        recognises: { $0.json?["elements"]?.has("invalid_element") ?? false },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            cases.run("invalid_element") { () throws(CaseFailure) in
                let bytes = try json.member("elements").bytes("invalid_element")
                switch bytes.count {
                case 32: try requireVerdict(R255.decode(bytes) != nil, expected: false)
                case 33: try requireVerdict(NIST256.decode(bytes) != nil, expected: false)
                default: throw CaseFailure("a group that is not implemented")
                }
            }
        })
}
