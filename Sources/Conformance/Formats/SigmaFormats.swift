// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Provers
internal import Secrets
internal import SigmaProofs
internal import Transcripts

/// The sigma proofs of draft-irtf-cfrg-sigma-protocols-03, accepted and rejected, and those of the wire format before it.
enum SigmaFormats {
    static let all = [proofs, olderFormat]

    static let proofs = VectorFormat(
        "sigma proofs", standard: "draft-irtf-cfrg-sigma-protocols-03", marker: "NargString",
        recognises: { $0.records.contains { $0.has("Ciphersuite", "NargString", "Instance") } },
        run: { (file, cases) throws(CaseFailure) in
            for record in file.records {
                cases.run(record["Id"]?.text ?? "?") { () throws(CaseFailure) in
                    try record.match("Function", text: "SigmaProof")
                    switch try record.text("Ciphersuite") {
                    case "sigma-proofs_Shake128_P256": try check(record, P256.self)
                    case "sigma-proofs_Shake128_BLS12381": try check(record, BLS12381G1.self)
                    case "sigma-proofs_Shake128_ristretto255": try check(record, Ristretto255.self)
                    default: throw CaseFailure("a ciphersuite that is not implemented")
                    }
                }
            }
            try batches(file, P256.self, "sigma-proofs_Shake128_P256", &cases)
            try batches(file, BLS12381G1.self, "sigma-proofs_Shake128_BLS12381", &cases)
            try batches(file, Ristretto255.self, "sigma-proofs_Shake128_ristretto255", &cases)
        })

    /// Where a record is refused.
    private enum Stage: String {
        case instance = "Instance validation"
        case deserialization = "Deserialization"
        case verification = "Verification"
    }

    private static func check<G: Group>(_ record: VectorValue, _: G.Type) throws(CaseFailure) {
        let isBatchable = try isBatchable(record)
        let tag = try record.text("Tag")
        let session = SessionID(tag: tag)
        if record["SessionId"] != nil { try record.match("SessionId", session.bytes) }
        let (instance, narg) = (try record.bytes("Instance"), try record.bytes("NargString"))
        let isExpected = try FiatShamirFormat.isExpected(record)
        let stage = try verify(G.self, session, instance, narg, isBatchable)
        try requireVerdict(stage == nil, expected: isExpected)
        if let stage { return try checkStage(stage, record) }

        guard record["Relation"] != nil || record["Witness"] != nil else { return }
        // Made again, byte for byte, with the draft's seeded generator.
        let relation = try attempt("Instance") { try LinearRelation<G>(parsing: instance) }
        try require(relation.serialized == instance, "the instance is serialised differently")
        let name = try record.text("Relation")
        let (suite, flavor) = (try record.text("Ciphersuite"), isBatchable ? "DSFS" : "CMPT")
        try require(tag == "\(name)-\(flavor)-with-\(suite)", "Tag is not that of relation, flavor and ciphersuite")
        let witness = try scalars(G.self, record.bytes("Witness"))
        try require(witness.count == relation.scalarCount, "a witness of \(witness.count) scalars")
        var generator = DuplexSponge(SessionID(tag: "TestDRNG-SIGMA-PROOFS-\(flavor)-\(suite)-\(name)"))
        let nonces = (0..<relation.scalarCount).map { _ in
            let wide = generator.squeeze(G.Scalar.wideByteCount)
            return G.Scalar(reducingWide: wide.span)
        }
        let proof = try attempt("proving") {
            isBatchable
                ? try LinearProver.batchableProof(
                    of: relation, witness: SecretScalars<G>(copying: witness), session: session,
                    nonces: { _ in SecretScalars(copying: nonces) }
                ).bytes
                : try LinearProver.compactProof(
                    of: relation, witness: SecretScalars<G>(copying: witness), session: session,
                    nonces: { _ in SecretScalars(copying: nonces) }
                ).bytes
        }
        try record.match("NargString", proof)
    }

    private static func isBatchable(_ record: VectorValue) throws(CaseFailure) -> Bool {
        switch try record.text("Flavor") {
        case "batchable": return true
        case "compact": return false
        default: throw CaseFailure("Flavor is neither batchable nor compact")
        }
    }

    private static func scalars<G: Group>(_: G.Type, _ bytes: [UInt8]) throws(CaseFailure) -> [G.Scalar] {
        let width = G.Scalar.byteCount
        try require(bytes.count % width == 0, "no whole number of scalars")
        var scalars: [G.Scalar] = []
        for start in stride(from: 0, to: bytes.count, by: width) {
            let part = Array(bytes[start..<start + width])
            scalars.append(try EngineGroup<G>.scalar(part))
        }
        return scalars
    }

    /// Where the proof is refused; nil if it holds.
    private static func verify<G: Group>(
        _: G.Type, _ session: SessionID, _ instance: [UInt8], _ narg: [UInt8], _ isBatchable: Bool
    ) throws(CaseFailure) -> Stage? {
        guard let relation = try? LinearRelation<G>(parsing: instance) else { return .instance }
        if isBatchable {
            guard let proof = try? BatchableProof<G>(parsing: narg.span, for: relation) else { return .deserialization }
            guard !proof.announcement.contains(where: { G.isIdentity($0) }) else { return .deserialization }
            let isValid = (try? proof.verify(relation, session: session)) != nil
            let item = BatchVerifier<G>.Item(session: session, relation: relation, proof: proof)
            try require(isValid == ((try? BatchVerifier<G>.verify([item])) != nil), "the batch verifier gives another verdict")
            return isValid ? nil : .verification
        }
        guard let proof = try? CompactProof<G>(parsing: narg.span, for: relation) else { return .deserialization }
        return (try? proof.verify(relation, session: session)) != nil ? nil : .verification
    }

    /// Compares the stage with the comment's first words. What the drafts call verification includes lengths and encodings.
    private static func checkStage(_ stage: Stage, _ record: VectorValue) throws(CaseFailure) {
        guard record["Comment"] != nil else { return }
        let comment = try record.text("Comment")
        guard let stated = [Stage.instance, .deserialization, .verification].first(where: { comment.hasPrefix($0.rawValue) }) else {
            return
        }
        let fits = stage == stated || (stated == .verification && stage == .deserialization)
        try require(fits, "refused at \(stage.rawValue.lowercased()), stated: \(comment)")
    }

    // MARK: Batches

    /// All accepted batchable proofs of a file in one batch, and each rejected one that can be read among them.
    private static func batches<G: Group>(_ file: VectorFile, _: G.Type, _ suite: String, _ cases: inout Cases) throws(CaseFailure) {
        var good: [BatchVerifier<G>.Item] = []
        var bad: [(name: String, item: BatchVerifier<G>.Item)] = []
        for record in file.records where record["Ciphersuite"]?.text == suite && record["Flavor"]?.text == "batchable" {
            guard let tag = record["Tag"]?.text, let instance = try? record.bytes("Instance"), let narg = try? record.bytes("NargString"),
                let relation = try? LinearRelation<G>(parsing: instance),
                let proof = try? BatchableProof<G>(parsing: narg.span, for: relation)
            else { continue }
            let item = BatchVerifier<G>.Item(session: SessionID(tag: tag), relation: relation, proof: proof)
            if record["Expected"]?.text == "accept" {
                good.append(item)
            } else {
                bad.append((record["Id"]?.text ?? "?", item))
            }
        }
        guard good.count > 1 else { return }
        cases.run("batch of \(good.count)") { () throws(CaseFailure) in
            try requireVerdict((try? BatchVerifier<G>.verify(good)) != nil, expected: true)
        }
        for (name, item) in bad {
            cases.run("batch with \(name)") { () throws(CaseFailure) in
                try requireVerdict((try? BatchVerifier<G>.verify(good + [item])) != nil, expected: false)
            }
        }
    }

    // MARK: The wire format before -03

    static let olderFormat = VectorFormat(
        "sigma proofs of the older wire format, to be refused", standard: "draft-irtf-cfrg-sigma-protocols-03",
        marker: "Batchable Proof|proof_batchable",
        recognises: { file in
            file.records.contains { $0.has("Ciphersuite", "Statement", "Proof") || $0.has("ciphersuite", "statement", "proof_batchable") }
        },
        run: { (file, cases) throws(CaseFailure) in
            for (index, record) in file.records.enumerated() {
                let isNewer = record["Ciphersuite"] != nil
                cases.run((record["Relation"] ?? record["protocol"])?.text ?? "#\(index)") { () throws(CaseFailure) in
                    let suite = try record.text(isNewer ? "Ciphersuite" : "ciphersuite")
                    let session = try record.bytes(isNewer ? "SessionId" : "session_id")
                    let statement = try record.bytes(isNewer ? "Statement" : "statement")
                    let batchable = try record.bytes(isNewer ? "Batchable Proof" : "proof_batchable")
                    let compact = isNewer ? try record.bytes("Proof") : []
                    if suite.lowercased().hasSuffix("p256") {
                        try refuse(P256.self, session, statement, batchable, compact)
                    } else if suite.lowercased().hasSuffix("bls12381") {
                        try refuse(BLS12381G1.self, session, statement, batchable, compact)
                    } else {
                        throw CaseFailure("a ciphersuite that is not implemented")
                    }
                }
            }
        })

    private static func refuse<G: Group>(
        _: G.Type, _ session: [UInt8], _ statement: [UInt8], _ batchable: [UInt8], _ compact: [UInt8]
    ) throws(CaseFailure) {
        for session in [SessionID(tag: session), SessionID(session)].compactMap({ $0 }) {
            try requireVerdict(verify(G.self, session, statement, batchable, true) == nil, expected: false)
            try requireVerdict(verify(G.self, session, statement, compact, false) == nil, expected: false)
        }
    }
}
