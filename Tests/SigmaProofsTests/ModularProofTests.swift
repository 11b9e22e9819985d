// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Linear proofs in the classical setting, over the squares modulo safe primes: scalars of thousands of bits.
@Suite struct ModularProofTests {
    static func check<P: SafePrimeParameters>(_: SafePrimeGroup<P>.Type) throws {
        typealias G = SafePrimeGroup<P>
        var generator = SplitMix(state: 5)
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) } }
        func scalar() -> G.Scalar {
            let wide = bytes(G.Scalar.wideByteCount)
            return G.Scalar(reducingWide: wide.span)
        }
        let uniform = bytes(G.uniformByteCount)
        let h = G.points(uniformBytes: uniform.span)[0]
        let session = SigmaTag(application: "zkconsent-test", flavor: .batchable, group: G.self).session
        let compactSession = SigmaTag(application: "zkconsent-test", flavor: .compact, group: G.self).session
        let samples: [Sample<G>] = [
            try .chaumPedersen(x: scalar(), h: h), try .pedersen(m: scalar(), r: scalar(), h: h),
            try .opensTo(m: scalar(), r: scalar(), h: h),
        ]
        var items: [BatchVerifier<G>.Item] = []
        var proofs: [BatchableProof<G>] = []
        for sample in samples {
            let batchable = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: session)
            let compact = try LinearProver.compactProof(of: sample.relation, witness: sample.secret, session: compactSession)
            try batchable.verify(sample.relation, session: session)
            try compact.verify(sample.relation, session: compactSession)
            let (encoded, compactEncoded) = (batchable.bytes, compact.bytes)
            #expect(encoded.count == BatchableProof.byteCount(for: sample.relation))
            #expect(compactEncoded.count == CompactProof.byteCount(for: sample.relation))
            #expect(throws: ProofRejected.self) { try batchable.verify(sample.relation, session: compactSession) }
            items.append(.init(session: session, relation: sample.relation, proof: batchable))
            proofs.append(batchable)
            for bit in stride(from: 0, to: 8 * encoded.count, by: 1_201) {
                var altered = encoded
                altered[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: ProofRejected.self, "bit \(bit)") {
                    try BatchableProof(parsing: altered.span, for: sample.relation).verify(sample.relation, session: session)
                }
            }
            for bit in stride(from: 0, to: 8 * compactEncoded.count, by: 1_201) {
                var altered = compactEncoded
                altered[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: ProofRejected.self, "bit \(bit)") {
                    try CompactProof(parsing: altered.span, for: sample.relation).verify(sample.relation, session: compactSession)
                }
            }
        }
        try BatchVerifier.verify(items)
        var forged = items
        forged[1] = .init(session: session, relation: samples[1].relation, proof: try Self.forgery(of: proofs[1]))
        #expect(throws: ProofRejected.self) { try BatchVerifier.verify(forged) }
    }

    /// The same announcement with a response that is off by one.
    static func forgery<G: Group>(of proof: BatchableProof<G>) throws -> BatchableProof<G> {
        var responses = proof.responses
        responses[0] = responses[0] + .one
        return BatchableProof(announcement: proof.announcement, responses: responses)
    }

    @Test func modp2048() throws { try Self.check(Modp2048.self) }
    @Test func ffdhe3072() throws { try Self.check(FFDHE3072.self) }
}
