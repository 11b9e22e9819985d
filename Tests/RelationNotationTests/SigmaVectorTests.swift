// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// The vectors of draft-irtf-cfrg-sigma-protocols-03 and ours for ristretto255: proofs reproduced byte for byte, rejections for their
/// reasons.
@Suite struct SigmaVectorTests {
    struct Record: Decodable, Sendable {
        let Id, Ciphersuite, Flavor, Tag, Instance, NargString, Expected: String
        let Relation, SessionId, Witness, Comment: String?

        var isBatchable: Bool { Flavor == "batchable" }
        var flavor: SigmaTag.Flavor { isBatchable ? .batchable : .compact }
        /// The last part of the id of an adversarial vector: `A1`.
        var fault: String { Id.split(separator: "/").last.map(String.init) ?? "" }
    }

    /// Why a vector was refused, in our types.
    enum Outcome: Equatable {
        case accepted
        case instance(LinearRelationError)
        case proof(ProofRejected.Reason)
    }

    static func verify<G: Group>(_ group: G.Type, _ record: Record) throws -> Outcome {
        let instance = try #require(bytes(hex: record.Instance))
        let narg = try #require(bytes(hex: record.NargString))
        let session = SessionID(tag: record.Tag)
        do {
            let relation = try LinearRelation<G>(parsing: instance)
            if record.isBatchable {
                try BatchableProof<G>(parsing: narg.span, for: relation).verify(relation, session: session)
            } else {
                try CompactProof<G>(parsing: narg.span, for: relation).verify(relation, session: session)
            }
            return .accepted
        } catch let error as LinearRelationError {
            return .instance(error)
        } catch let error as ProofRejected {
            return .proof(error.reason)
        }
    }

    /// The reasons that the vectors state, by the name of the fault. Where the draft leaves the order of checks open, ours.
    static func expected(_ record: Record) -> Outcome? {
        switch record.fault {
        // Encodings of the announcement.
        case "A1", "A2", "A2b", "A3", "A5": return .proof(.announcementEncoding)
        // The identity, where the group can encode it, or bytes that encode nothing.
        case "A4": return .proof(record.Ciphersuite.hasSuffix("P256") ? .announcementEncoding : .identityAnnouncement)
        case "B1", "B2": return .proof(.scalarEncoding)
        case "C1", "C2": return .proof(.shape)
        // Instance validation: 6, 9, 8, 4.
        case "E1", "E1b": return .instance(.unusedScalar)
        case "E2": return .instance(.identityImage)
        case "E3": return .instance(record.Ciphersuite.hasSuffix("P256") ? .elementEncoding : .identityElement)
        case "E4": return .instance(.length)
        // Another session or statement, a proof in the other form, changed scalars.
        case "F1b", "F2b", "F3", "F4", "F4b", "H1", "H2", "H3": return .proof(record.isBatchable ? .equation : .challenge)
        default: return nil
        }
    }

    static func checkValid<G: Group>(_ group: G.Type, _ file: String, count: Int) throws {
        let records = try vectorJSON(file, as: [Record].self)
        #expect(records.count == count)
        var items: [BatchVerifier<G>.Item] = []
        var elsewhere: [BatchVerifier<G>.Item] = []
        for record in records {
            #expect(record.Ciphersuite == SigmaTag.ciphersuite(G.self) && record.Expected == "accept")
            let session = SessionID(tag: record.Tag)
            let name = try #require(record.Relation)
            #expect(SigmaTag(application: name, flavor: record.flavor, group: G.self).text == record.Tag)
            #expect(hex(session.bytes) == record.SessionId)
            let instance = try #require(bytes(hex: record.Instance))
            let narg = try #require(bytes(hex: record.NargString))
            let relation = try LinearRelation<G>(parsing: instance)
            #expect(relation.serialized == instance)
            let witnessBytes = try #require(bytes(hex: record.Witness ?? ""))
            let witness = try stride(from: 0, to: witnessBytes.count, by: G.Scalar.byteCount).map { start in
                let one = Array(witnessBytes[start..<start + G.Scalar.byteCount])
                return try G.Scalar(canonical: one.span)
            }
            var nonces = SeededNonces<G>(relation: name, flavor: record.flavor)
            let first = nonces.publicScalars(relation.scalarCount)
            let secrets = SecretScalars<G>(copying: witness)
            if record.isBatchable {
                let proof = try LinearProver.batchableProof(of: relation, witness: secrets, session: session) { _ in
                    SecretScalars(copying: first)
                }
                #expect(proof.bytes == narg, "\(record.Id)")
                items.append(.init(session: session, relation: relation, proof: proof))
                elsewhere.append(.init(session: SessionID(tag: "another"), relation: relation, proof: proof))
            } else {
                let proof = try LinearProver.compactProof(of: relation, witness: secrets, session: session) { _ in
                    SecretScalars(copying: first)
                }
                #expect(proof.bytes == narg, "\(record.Id)")
            }
            #expect(try verify(group, record) == .accepted, "\(record.Id)")
            // Under the other form's rules, and with every other tag, it does not hold.
            for other in records where other.Tag != record.Tag && other.Flavor == record.Flavor && other.Instance != record.Instance {
                let swapped = Record(
                    Id: record.Id, Ciphersuite: record.Ciphersuite, Flavor: record.Flavor, Tag: other.Tag, Instance: record.Instance,
                    NargString: record.NargString, Expected: "reject", Relation: nil, SessionId: nil, Witness: nil, Comment: nil)
                #expect(try verify(group, swapped) == .proof(record.flavor == .batchable ? .equation : .challenge))
            }
        }
        // Every subset of the batchable proofs verifies together; with one that was made for another session, none does.
        #expect(items.count >= 4)
        for mask in 0..<1 << items.count {
            try BatchVerifier.verify(items.indices.filter { mask >> $0 & 1 == 1 }.map { items[$0] })
        }
        for index in items.indices {
            var wrong = items
            wrong[index] = elsewhere[index]
            #expect(throws: ProofRejected(.batch)) { try BatchVerifier.verify(wrong) }
        }
    }

    static func checkInvalid<G: Group>(_ group: G.Type, _ file: String, rejected: Int) throws {
        let records = try vectorJSON(file, as: [Record].self)
        #expect(records.count(where: { $0.Expected == "reject" }) == rejected)
        for record in records {
            let outcome = try verify(group, record)
            if record.Expected == "accept" {
                #expect(outcome == .accepted, "\(record.Id)")
            } else {
                #expect(outcome == expected(record), "\(record.Id): \(outcome), \(record.Comment ?? "")")
            }
        }
    }

    @Test func ristretto255() throws {
        try Self.checkValid(Ristretto255.self, "01c-sigma-ristretto255/sigma-proofs_Shake128_ristretto255.json", count: 16)
        try Self.checkInvalid(Ristretto255.self, "01c-sigma-ristretto255/sigma-proofs-invalid_Shake128_ristretto255.json", rejected: 14)
    }

    static let folder = "01-cfrg-sigma-fiat-shamir"

    @Test func p256() throws {
        try Self.checkValid(P256.self, "\(Self.folder)/sigma-proofs_Shake128_P256.json", count: 9)
        try Self.checkInvalid(P256.self, "\(Self.folder)/sigma-proofs-invalid_Shake128_P256.json", rejected: 17)
    }

    @Test func bls12381() throws {
        try Self.checkValid(BLS12381G1.self, "\(Self.folder)/sigma-proofs_Shake128_BLS12381.json", count: 9)
        try Self.checkInvalid(BLS12381G1.self, "\(Self.folder)/sigma-proofs-invalid_Shake128_BLS12381.json", rejected: 17)
    }
}
