// SPDX-License-Identifier: Apache-2.0
internal import Groups
internal import MembershipProofs
internal import Provers
internal import Secrets
internal import SigmaProofs
internal import Transcripts

/// A set of 65,536 members and membership proofs about it, each in a context of its own.
struct MembershipFixture: Sendable {
    typealias G = Ristretto255
    typealias Transcript = SpongeMembershipTranscript<G>

    /// Members of the set.
    static let count = MembershipShape.largestCount

    /// The encodings of the members.
    let encodings: [UInt8]
    private let members: [G.Point]
    private let base: G.Point
    private let session = SessionID(tag: "zkconsent-bench/membership")

    init() {
        members = G.points(uniformBytes: Inputs.bytes(Self.count * G.uniformByteCount, seed: 21).span)
        encodings = G.encode(members)
        base = G.points(uniformBytes: Inputs.bytes(G.uniformByteCount, seed: 22).span)[0]
    }

    /// The set from its bytes, as a verifier reads it.
    func parameters() throws -> MembershipParameters<G> {
        try MembershipParameters(
            set: MembershipSet(canonical: encodings.span), blindingBase: base, generators: StandardMembershipGenerators.ristretto255)
    }

    /// The surrounding statement of proof `index`.
    func context(_ index: Int) -> MembershipContext {
        MembershipContext(session: session, statement: Inputs.bytes(100, seed: UInt64(index)))
    }

    /// An element and the proof that it is a member.
    func prove(_ index: Int, _ prover: MembershipProver<Transcript>) throws -> (element: [UInt8], proof: [UInt8]) {
        let place = index &* 40_503 % Self.count
        let difference = Inputs.scalars(G.self, 1, seed: UInt64(index) + 3_000)[0]
        let element = G.encode([G.add(members[place], G.vartimeMultiScalarMul([-difference], [base]))])
        let limb = [UInt64(place)]
        let proof = try prover.prove(
            index: SecretLimbs(copying: limb.span), difference: SecretScalars(copying: [difference]), element: element,
            opening: context(index))
        return (element, proof.bytes)
    }
}

/// Benchmarks of membership proofs.
enum MembershipWorkloads {
    private static let suite = MembershipFixture.G.name

    /// Proves, one after the other, the prover's own check included; the set is decoded before.
    static func prove(_ n: Int) throws -> [BenchmarkCase] {
        let fixture = MembershipFixture()
        let parameters = try fixture.parameters()
        let prover = MembershipProver<MembershipFixture.Transcript>(parameters)
        return [
            BenchmarkCase(name: "membership-prove", suite: suite, n: n, item: "proof", bytes: n * parameters.proofByteCount) {
                for index in 0..<n {
                    try check(fixture.prove(index, prover).proof.count == parameters.proofByteCount, "membership-prove")
                }
            }
        ]
    }

    /// From the bytes of set and proofs to the verdict, all proofs in one batch.
    static func verify(_ name: String, _ n: Int) throws -> [BenchmarkCase] {
        let fixture = MembershipFixture()
        let parameters = try fixture.parameters()
        let prover = MembershipProver<MembershipFixture.Transcript>(parameters)
        var (elements, proofs): ([UInt8], [UInt8]) = ([], [])
        for index in 0..<n {
            let (element, proof) = try fixture.prove(index, prover)
            elements += element
            proofs += proof
        }
        let contexts = (0..<n).map { fixture.context($0) }
        return [
            BenchmarkCase(name: name, suite: suite, n: n, item: "proof", bytes: fixture.encodings.count + elements.count + proofs.count) {
                let parsed = try MembershipProofs<MembershipFixture.Transcript>(
                    fixture.parameters(), openings: contexts, elements: elements.span, proofs: proofs.span)
                try check(parsed.malformed.isEmpty && parsed.statementCount == n, name)
                var batch = VerificationBatch<MembershipFixture.G>()
                batch.append(parsed)
                try check(batch.failures().isEmpty, name)
            }
        ]
    }
}
