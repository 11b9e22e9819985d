// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import Provers
internal import Secrets
internal import SigmaProofs
internal import Transcripts

/// Proofs of knowledge of an opening of a Pedersen commitment, `C = m G + r H`, one statement each, in the drafts' batchable form.
struct OpeningProofs<G: Group>: Sendable {
    /// The bases: the generator and a second one.
    let h: G.Point
    /// The session of all proofs.
    let session: SessionID
    /// For each proof the commitment, the announcement and two responses: all that a verifier is given.
    let bytes: [UInt8]
    /// The number of proofs.
    let count: Int

    private static var commitmentByteCount: Int { G.pointByteCount }
    /// The length of one proof with its commitment.
    static var itemByteCount: Int { 2 * G.pointByteCount + 2 * G.Scalar.byteCount }

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
        let (encodedCommitments, encodedAnnouncements) = (G.encode(commitments), G.encode(announcements))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * Self.itemByteCount)
        for index in 0..<count {
            let relation = try Self.relation(h: h, commitment: commitments[index])
            let c = LinearTranscript(session, relation).challenge(announcement: [announcements[index]]).scalar
            let range = index * G.pointByteCount..<(index + 1) * G.pointByteCount
            bytes += encodedCommitments[range]
            bytes += encodedAnnouncements[range]
            for slot in 2 * index..<2 * index + 2 { bytes += (nonces[slot] + c * witness[slot]).bytes }
        }
        self.bytes = bytes
    }

    /// `C = m G + r H`.
    static func relation(h: G.Point, commitment: G.Point) throws -> LinearRelation<G> {
        try LinearRelation(
            elements: [G.generator, h, commitment],
            equations: [.init(image: [.init(element: 2)], terms: [.init(scalar: 0, element: 0), .init(scalar: 1, element: 1)])])
    }

    /// The first `count` proofs, from their bytes.
    func items(_ count: Int) throws -> [BatchVerifier<G>.Item] {
        let width = Self.itemByteCount
        var encodings: [UInt8] = []
        encodings.reserveCapacity(count * G.pointByteCount)
        for index in 0..<count { encodings += bytes[index * width..<index * width + G.pointByteCount] }
        let commitments = try G.decode(canonical: encodings.span)
        var items: [BatchVerifier<G>.Item] = []
        items.reserveCapacity(count)
        let all = bytes.span
        for index in 0..<count {
            let relation = try Self.relation(h: h, commitment: commitments[index])
            let proof = try BatchableProof<G>(
                parsing: all.extracting(index * width + G.pointByteCount..<(index + 1) * width), for: relation)
            items.append(.init(session: session, relation: relation, proof: proof))
        }
        return items
    }

    /// Verifies all at once, from bytes to verdict.
    func verifyBatch(randomness: [UInt8]) throws {
        try BatchVerifier.verify(try items(count), randomness: randomness)
    }

    /// Verifies the first `count` one after the other, from bytes to verdict.
    func verifyEach(_ count: Int) throws {
        let width = Self.itemByteCount
        let all = bytes.span
        for index in 0..<count {
            let item = all.extracting(index * width..<(index + 1) * width)
            let commitment = try G.decode(canonical: item.extracting(0..<G.pointByteCount))[0]
            let relation = try Self.relation(h: h, commitment: commitment)
            let proof = try BatchableProof<G>(parsing: item.extracting(G.pointByteCount..<width), for: relation)
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
        let randomness = Inputs.bytes(32, seed: 14)
        return [
            BenchmarkCase(
                name: "opening-verify-batch", suite: G.name, n: n, item: "proof", bytes: proofs.bytes.count,
                peers: [single] + Peers.openingVerification()
            ) { try proofs.verifyBatch(randomness: randomness) }
        ]
    }

    static func verifySingle<G: Group>(_ group: G.Type, _ n: Int) throws -> [BenchmarkCase] {
        let proofs = try OpeningProofs(group, count: n)
        return [
            BenchmarkCase(
                name: "opening-verify-single", suite: G.name, n: n, item: "proof", bytes: proofs.bytes.count,
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
