// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Primitives
internal import Transcripts

/// COCKTAIL-DKG: keys and contexts from the seed, shares decrypted, polynomials interpolated, proofs of possession, transcripts, signatures.
///
/// Of the random stream of the first round, which the specification does not define, only what it leads to is checked: commitments are
/// held to the decrypted shares, ephemeral keys to the ciphertexts and signatures that depend on them.
enum CocktailFormat {
    static let all = [others, format]

    private static func suite(of file: VectorFile) -> String? {
        guard let json = file.json, json["vectors"] != nil else { return nil }
        return json["ciphersuite"]?.text.flatMap { $0.hasPrefix("COCKTAIL(") ? $0 : nil }
    }

    static let format = VectorFormat(
        "COCKTAIL-DKG", standard: "C2SP cocktail-dkg v0.2", marker: "vss_commitment\"",
        recognises: { suite(of: $0) != nil },
        run: { (file, cases) throws(CaseFailure) in
            let json = try unwrap(file.json, "JSON")
            switch try json.text("ciphersuite") {
            case "COCKTAIL(P-256, SHA-256)": try run(json, CocktailSuites.p256, &cases)
            case "COCKTAIL(secp256k1, SHA-256)": try run(json, CocktailSuites.secp256k1, &cases)
            case "COCKTAIL(Ristretto255, SHA-512)": try run(json, CocktailSuites.ristretto255, &cases)
            case "COCKTAIL(Ed25519, SHA-512)":
                // Files of v0.2.0 encode shared points as Ed25519 points; v0.2.1 prescribes ristretto255. The first share tells.
                let suites = [
                    CocktailSuites.ed25519(encodeShared: EdwardsCurve.encode),
                    CocktailSuites.ed25519(encodeShared: EdwardsCurve.encodeRistretto),
                ]
                let (first, seed) = (try unwrap(json.list("vectors").first, "no cases"), try json.bytes("seed"))
                let opens = suites.first { suite in (try? CocktailSession(first, seed, suite).opensFirstShare()) ?? false }
                try run(json, opens ?? suites[0], &cases)
            default: throw CaseFailure("a ciphersuite that does not exist")
            }
        })

    private static let otherSuites = ["COCKTAIL(Ed448, SHAKE256)", "COCKTAIL(JubJub, BLAKE2b-512)", "COCKTAIL(Pallas, BLAKE2b-512)"]
    static let others = VectorFormat(
        "COCKTAIL-DKG", standard: "", skipped: "COCKTAIL-DKG over Ed448, JubJub or Pallas: groups that the engine does not have",
        recognises: { suite(of: $0).map { otherSuites.contains($0) } ?? false })

    private static func run<G>(_ json: VectorValue, _ suite: CocktailSuite<G>, _ cases: inout Cases) throws(CaseFailure) {
        let seed = try json.bytes("seed")
        cases.run("derivation") { () throws(CaseFailure) in
            let derivation = try json.member("derivation")
            try derivation.match(
                "method",
                text: "H(seed || ciphersuite_id || uint32_le(t) || uint32_le(n) || label) where H is the ciphersuite hash (\(suite.name))")
            let labels = try derivation.member("labels")
            try labels.match("static_secret_key", text: "static_secret_key_{{i}}")
            for name in ["ephemeral_secret_key", "polynomial_coefficient"] {
                try labels.match(name, text: "round1_participant_{{i}} (RNG stream)")
            }
        }
        for vector in try json.list("vectors") {
            let name = "\(vector["t"]?.unsigned ?? 0) of \(vector["n"]?.unsigned ?? 0)\(vector["payloads"] == nil ? "" : " with payloads")"
            cases.run("\(name): session") { () throws(CaseFailure) in try CocktailSession(vector, seed, suite).checkRounds() }
            cases.run("\(name): recovery") { () throws(CaseFailure) in try CocktailSession(vector, seed, suite).checkRecovery() }
        }
    }
}

/// One session of a file, all participants together.
private struct CocktailSession<G: PrimeOrderGroup> {
    let vector: VectorValue
    let suite: CocktailSuite<G>
    let count: Int
    let threshold: Int
    let secrets: [G.Scalar]
    let keys: [G.Element]
    let encodedKeys: [[UInt8]]
    let context: [UInt8]
    let payloads: [[UInt8]]

    /// The static keys, the context and the payloads, all made from the seed.
    init(_ vector: VectorValue, _ seed: [UInt8], _ suite: CocktailSuite<G>) throws(CaseFailure) {
        self.vector = vector
        self.suite = suite
        count = try vector.integer("n", in: 1...64)
        threshold = try vector.integer("t", in: 1...count)
        let config = try vector.member("config")
        let (listed, listedKeys) = (try config.list("static_secret_keys"), try config.list("static_public_keys"))
        try require(listed.count == count && listedKeys.count == count, "keys of another number of participants")
        var (secrets, keys): ([G.Scalar], [G.Element]) = ([], [])
        for index in 0..<count {
            let secret = suite.reduce(suite.derive(seed, threshold, count, "static_secret_key_\(index + 1)"))
            let key = G.multiply(secret, G.generator)
            try require(listed[index].hexadecimal() == secret.bytes, "static_secret_keys differ")
            try require(listedKeys[index].hexadecimal() == G.encode(key), "static_public_keys differ")
            secrets.append(secret)
            keys.append(key)
        }
        (self.secrets, self.keys) = (secrets, keys)
        encodedKeys = keys.map(G.encode)
        let tag = Array("COCKTAIL-DKG-TEST-VECTOR-\(threshold)-OF-\(count)".utf8)
        try vector.match("session_tag", tag)
        context = suite.context(tag: tag, keys: encodedKeys)
        try vector.match("context", context)
        var payloads = [[UInt8]](repeating: [], count: count)
        var extensionBytes: [UInt8] = []
        if vector["payloads"] != nil {
            let values = try vector.list("payloads")
            try require(values.count == count, "payloads of another number of participants")
            extensionBytes = littleEndian(UInt64(count))
            for index in 0..<count {
                payloads[index] = suite.derive(seed, threshold, count, "payload_\(index + 1)")
                try require(values[index].hexadecimal() == payloads[index], "payloads differ")
                extensionBytes += littleEndian(UInt64(payloads[index].count)) + payloads[index]
            }
            extensionBytes = suite.digest.hash(extensionBytes)
        }
        self.payloads = payloads
        try vector.match("extension", extensionBytes)
    }

    /// What a participant sends in the first round.
    private struct Sent {
        let ephemeral: G.Element
        let commitments: [G.Element]
        let boxes: [[UInt8]]
        let possession: [UInt8]
    }

    private func sent() throws(CaseFailure) -> [Sent] {
        let records = try vector.list("round1")
        try require(records.count == count, "round1 of another number of participants")
        var all: [Sent] = []
        for (index, record) in records.enumerated() {
            try record.match("participant_id", UInt64(index + 1))
            var (commitments, boxes): ([G.Element], [[UInt8]]) = ([], [])
            for value in try record.list("vss_commitment") { commitments.append(try G.element(value.hexadecimal())) }
            for value in try record.list("encrypted_shares") { boxes.append(try value.hexadecimal()) }
            try require(commitments.count == threshold, "\(commitments.count) commitments")
            try require(boxes.count == count, "\(boxes.count) encrypted shares")
            all.append(
                Sent(
                    ephemeral: try G.element(record.bytes("ephemeral_public_key")), commitments: commitments, boxes: boxes,
                    possession: try record.bytes("pop")))
        }
        return all
    }

    /// The share in the box from one participant to another.
    private func share(_ sent: Sent, from sender: Int, to recipient: Int) throws(CaseFailure) -> G.Scalar {
        let shared = [sent.ephemeral, keys[sender]].flatMap { suite.encodeShared(G.multiply(secrets[recipient], $0)) }
        let (key, nonce) = suite.cipherKey(
            shared: shared, from: encodedKeys[sender], G.encode(sent.ephemeral), to: encodedKeys[recipient], context: context)
        var box = sent.boxes[recipient]
        let place = "the share from \(sender + 1) to \(recipient + 1)"
        let plaintext = try attempt(place) { try suite.cipher.open(box, key: key, nonce: nonce) }
        box[box.count / 2] ^= 1
        try require((try? suite.cipher.open(box, key: key, nonce: nonce)) == nil, "\(place) opens when it is changed")
        let width = G.Scalar.byteCount
        try require(plaintext.count >= width && Array(plaintext[width...]) == payloads[sender], "\(place) has another payload")
        let value = try G.scalar(Array(plaintext[..<width]))
        let expected = G.evaluate(sent.commitments, at: G.Scalar(UInt64(recipient + 1)))
        try require(G.multiply(value, G.generator) == expected, "\(place) is not on the committed polynomial")
        return value
    }

    /// Whether the first share opens.
    func opensFirstShare() throws(CaseFailure) -> Bool {
        _ = try share(try unwrap(sent().first, "a participant"), from: 0, to: 0)
        return true
    }

    func checkRounds() throws(CaseFailure) {
        let sent = try sent()
        var shares: [[G.Scalar]] = []
        for sender in 0..<count {
            var row: [G.Scalar] = []
            for recipient in 0..<count { row.append(try share(sent[sender], from: sender, to: recipient)) }
            shares.append(row)
            try checkPossession(try vector.list("round1")[sender], sent[sender], secret: interpolate(row))
        }
        // Round two: the sums.
        let second = try vector.list("round2")
        try require(second.count == count, "round2 of another number of participants")
        for index in 0..<count {
            let sum = shares.reduce(G.Scalar.zero) { $0 + $1[index] }
            try second[index].match("participant_id", UInt64(index + 1))
            try second[index].match("secret_share", sum.bytes)
            let point = sent.reduce(G.identity) { G.add($0, G.evaluate($1.commitments, at: G.Scalar(UInt64(index + 1)))) }
            try second[index].match("verification_share", G.encode(point))
            try require(G.multiply(sum, G.generator) == point, "the share is not that of the commitments")
        }
        try vector.match("group_public_key", G.encode(sent.reduce(G.identity) { G.add($0, $1.commitments[0]) }))
        try checkTranscript(sent)
    }

    /// The value at 0 of the polynomial through the first shares.
    private func interpolate(_ shares: [G.Scalar]) throws(CaseFailure) -> G.Scalar {
        var sum = G.Scalar.zero
        for i in 1...threshold {
            var (numerator, denominator) = (G.Scalar.one, G.Scalar.one)
            for j in 1...threshold where j != i {
                numerator = numerator * G.Scalar(UInt64(j))
                denominator = denominator * (G.Scalar(UInt64(j)) - G.Scalar(UInt64(i)))
            }
            sum = sum + shares[i - 1] * numerator * (try unwrap(denominator.vartimeInverted(), "an inverse"))
        }
        return sum
    }

    private func checkPossession(_ record: VectorValue, _ sent: Sent, secret: G.Scalar) throws(CaseFailure) {
        let message = context + sent.commitments.flatMap(G.encode) + G.encode(sent.ephemeral)
        let signed = suite.sign(secret, message)
        let steps = try record.member("pop_intermediate")
        try steps.match("message", message)
        try steps.match("nonce_input", signed.nonceInput)
        try steps.match("nonce", signed.nonce.bytes)
        try steps.match("nonce_commitment", signed.commitment)
        try steps.match("challenge_input", signed.challengeInput)
        try steps.match("challenge", signed.challenge.bytes)
        try record.match("pop", signed.signature)
        try require(suite.verify(signed.signature, sent.commitments[0], message), "the proof of possession does not verify")
        try require(!suite.verify(signed.signature, sent.commitments[0], message + [0]), "another message verifies")
    }

    /// Round three: the transcript's hash and everyone's signature on the transcript.
    private func checkTranscript(_ sent: [Sent]) throws(CaseFailure) {
        let name = Array(suite.name.utf8)
        let extensionBytes = try vector.bytes("extension")
        var transcript = littleEndian(UInt64(name.count)) + name + littleEndian(UInt64(context.count)) + context
        transcript += littleEndian(UInt32(truncatingIfNeeded: count)) + littleEndian(UInt32(truncatingIfNeeded: threshold))
        transcript += encodedKeys.flatMap { $0 } + sent.flatMap { $0.commitments.flatMap(G.encode) }
        transcript += sent.flatMap(\.possession) + sent.flatMap { G.encode($0.ephemeral) }
        transcript += littleEndian(UInt64(extensionBytes.count)) + extensionBytes
        let third = try vector.member("round3")
        try third.match("transcript_hash", suite.digest.hash(transcript))
        let signatures = try third.list("signatures")
        try require(signatures.count == count, "\(signatures.count) signatures")
        for index in 0..<count {
            let signature = suite.sign(secrets[index], transcript).signature
            try signatures[index].match("signer_id", UInt64(index + 1))
            try signatures[index].match("signature", signature)
            try require(suite.verify(signature, keys[index], transcript), "the signature does not verify")
            try require(!suite.verify(signature, keys[(index + 1) % count], transcript) || count == 1, "another key verifies")
        }
    }

    /// The specification has recovery data in the sessions of three participants, and in no others.
    func checkRecovery() throws(CaseFailure) {
        try require((vector["recovery"] != nil) == (threshold == 2 && count == 3), "recovery belongs to 2 of 3")
        guard let recovery = vector["recovery"] else { return }
        let participant = try recovery.integer("participant_id", in: 1...count) - 1
        let boxes = try recovery.list("ciphertexts")
        try require(boxes.count == count, "\(boxes.count) ciphertexts")
        var sum = G.Scalar.zero
        for (sender, sent) in try sent().enumerated() {
            try require(boxes[sender].hexadecimal() == sent.boxes[participant], "another ciphertext than in round1")
            sum = sum + (try share(sent, from: sender, to: participant))
        }
        try recovery.match("recovered_secret_share", sum.bytes)
        try recovery.match("recovered_verification_share", G.encode(G.multiply(sum, G.generator)))
    }
}
