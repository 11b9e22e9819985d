// SPDX-License-Identifier: Apache-2.0

import Circuits
import Groups
import Provers
import RelationNotation
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Vectors of the text between -02 and -03 and of a still older implementation: refused.
@Suite struct OlderWireFormatTests {
    struct Record: Decodable {
        let Relation, Statement, Witness, Proof, batchable: String

        enum CodingKeys: String, CodingKey {
            case Relation, Statement, Witness, Proof
            case batchable = "Batchable Proof"
        }
    }

    /// The old serialisation is no instance. Its elements and witness make a true statement in the new one, of which the old proofs are
    /// none.
    static func check<G: Group>(_ group: G.Type, _ file: String) throws {
        let records = try vectorJSON("01b-sigma-rs-older-wire-format/\(file).json", as: [Record].self)
        #expect(records.count == 5)
        for record in records {
            let statement = try #require(bytes(hex: record.Statement))
            #expect(throws: LinearRelationError.self) { try LinearRelation<G>(parsing: statement) }
            let text = try #require(Circuits.relation(named: record.Relation))
            let relation = try RelationDeclaration(parsing: text).unrolled()
            let tail = Array(statement.suffix((relation.elementNames.count - 1) * G.pointByteCount))
            let compiled = try relation.compiled(G.self, elements: try G.decode(canonical: tail.span), scalars: [])

            let encoded = try #require(bytes(hex: record.Witness))
            let size = G.Scalar.byteCount
            let witness = try (0..<encoded.count / size).map { i in
                let one = Array(encoded[i * size..<(i + 1) * size])
                return try G.Scalar(canonical: one.span)
            }
            let session = SigmaTag(application: record.Relation, flavor: .batchable, group: G.self).session
            _ = try LinearProver.batchableProof(of: compiled, witness: SecretScalars(copying: witness), session: session)

            let (compact, batchable) = (try #require(bytes(hex: record.Proof)), try #require(bytes(hex: record.batchable)))
            let proof = try BatchableProof(parsing: batchable.span, for: compiled)
            #expect(throws: ProofRejected(.equation)) { try proof.verify(compiled, session: session) }
            let other = SigmaTag(application: record.Relation, flavor: .compact, group: G.self).session
            let short = try CompactProof(parsing: compact.span, for: compiled)
            #expect(throws: ProofRejected(.challenge)) { try short.verify(compiled, session: other) }
        }
    }

    @Test func p256() throws {
        try Self.check(P256.self, "sigma-proofs_Shake128_P256")
    }

    @Test func bls12381() throws {
        try Self.check(BLS12381G1.self, "sigma-proofs_Shake128_BLS12381")
    }

    struct OlderRecord: Decodable {
        let statement: String
    }

    @Test func keccak() throws {
        let records = try vectorJSON("01b-sigma-rs-older-wire-format/sigma_Keccak1600_BLS12381.json", as: [OlderRecord].self)
        #expect(records.count == 15)
        for record in records {
            let statement = try #require(bytes(hex: record.statement))
            #expect(throws: LinearRelationError.self) { try LinearRelation<BLS12381G1>(parsing: statement) }
        }
    }
}
