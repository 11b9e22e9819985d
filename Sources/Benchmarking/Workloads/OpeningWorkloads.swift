// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Provers
internal import Secrets
internal import SigmaProofs
internal import Transcripts

/// Proofs of knowledge of an opening of a Pedersen commitment, `C = m G + r H`, one statement each, in the drafts' batchable form, as columns of bytes:
/// all that a verifier is given.
struct OpeningProofs<G: Group>: Sendable {
    /// What the statements have in common.
    let family: RelationFamily<G>
    /// The second base.
    let h: G.Point
    /// The session of all proofs.
    let session: SessionID
    /// The commitments.
    let statements: [UInt8]
    /// The proofs: announcement and two responses each.
    let proofs: [UInt8]
    /// The number of proofs.
    let count: Int

    /// The length of one proof.
    static var proofByteCount: Int { G.pointByteCount + 2 * G.Scalar.byteCount }
    /// The length of one proof with its commitment.
    static var itemByteCount: Int { G.pointByteCount + proofByteCount }

    /// Makes `count` proofs by the definition, without the prover's care for secrets.
    init(_ group: G.Type, count: Int) throws {
        self.count = count
        h = G.vartimeMultiScalarMul(Inputs.scalars(group, 1, seed: 11), [G.generator])
        session = SigmaTag(application: "zkconsent-bench", flavor: .batchable, group: group).session
        let bases = G.fixedBases([G.generator, h])
        let witness = Inputs.scalars(group, 2 * count, seed: 12)
        let nonces = Inputs.scalars(group, 2 * count, seed: 13)
        let (witnessLimbs, nonceLimbs) = (Inputs.limbs(group, witness), Inputs.limbs(group, nonces))
        let commitments = G.multiScalarMul(rows: count, witnessLimbs.span, bases)
        let announcements = G.multiScalarMul(rows: count, nonceLimbs.span, bases)
        statements = G.encode(commitments)
        family = try RelationFamily(template: try Self.relation(h: h, commitment: commitments[0]), ownElements: [2])
        let encoded = G.encode(announcements)
        var proofs: [UInt8] = []
        proofs.reserveCapacity(count * Self.proofByteCount)
        for index in 0..<count {
            let relation = try Self.relation(h: h, commitment: commitments[index])
            let c = LinearTranscript(session, relation).challenge(announcement: [announcements[index]]).scalar
            proofs += encoded[index * G.pointByteCount..<(index + 1) * G.pointByteCount]
            for slot in 2 * index..<2 * index + 2 { proofs += (nonces[slot] + c * witness[slot]).bytes }
        }
        self.proofs = proofs
    }

    /// `C = m G + r H`.
    static func relation(h: G.Point, commitment: G.Point) throws -> LinearRelation<G> {
        try LinearRelation(
            elements: [G.generator, h, commitment],
            equations: [.init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0), .init(scalar: 1, element: 1)])])
    }

    /// Verifies all at once, from bytes to verdict, with fresh weights.
    func verifyBatch() throws {
        let parsed = try FamilyProofs(family, statements: statements.span, proofs: proofs.span, session: session)
        try check(parsed.malformed.isEmpty && parsed.statementCount == count, "opening-verify-batch")
        var batch = VerificationBatch<G>()
        batch.append(parsed)
        try check(batch.failures().isEmpty, "opening-verify-batch")
    }

    /// Verifies the first `count` one after the other, from bytes to verdict.
    func verifyEach(_ count: Int) throws {
        let (statements, proofs) = (statements.span, proofs.span)
        let (point, width) = (G.pointByteCount, Self.proofByteCount)
        for index in 0..<count {
            let commitment = try G.decode(canonical: statements.extracting(index * point..<(index + 1) * point))[0]
            let relation = try Self.relation(h: h, commitment: commitment)
            let proof = try BatchableProof<G>(parsing: proofs.extracting(index * width..<(index + 1) * width), for: relation)
            try proof.verify(relation, session: session)
        }
    }
}

/// Benchmarks of opening proofs.
enum OpeningWorkloads {
    static func verifyBatch<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let proofs = try OpeningProofs(group, count: n)
        let few = min(n, 64)
        let single = BenchmarkPeer(name: "our own verification one at a time", items: few) { try proofs.verifyEach(few) }
        return [
            BenchmarkCase(
                name: "opening-verify-batch", suite: G.name, n: n, item: "proof", bytes: n * OpeningProofs<G>.itemByteCount,
                peers: [single] + Peers.openingVerification()
            ) { try proofs.verifyBatch() }
        ]
    }

    static func verifySingle<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let proofs = try OpeningProofs(group, count: n)
        return [
            BenchmarkCase(
                name: "opening-verify-single", suite: G.name, n: n, item: "proof", bytes: n * OpeningProofs<G>.itemByteCount,
                peers: Peers.openingVerification()
            ) { try proofs.verifyEach(n) }
        ]
    }

    static func prove<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let proofs = try OpeningProofs(group, count: 1)
        let scalars = Inputs.scalars(group, 2 * n, seed: 15)
        let bases = G.fixedBases([G.generator, proofs.h])
        let limbs = Inputs.limbs(group, scalars)
        let relations = try G.multiScalarMul(rows: n, limbs.span, bases).map { try OpeningProofs<G>.relation(h: proofs.h, commitment: $0) }
        return [
            BenchmarkCase(
                name: "opening-prove", suite: G.name, n: n, item: "proof", bytes: n * OpeningProofs<G>.itemByteCount,
                peers: G.name == "ristretto255" ? Peers.openingProving() : []
            ) {
                for index in 0..<n {
                    let witness = SecretScalars<G>(copying: [scalars[2 * index], scalars[2 * index + 1]])
                    _ = try LinearProver.batchableProof(of: relations[index], witness: witness, session: proofs.session)
                }
            }
        ]
    }
}
