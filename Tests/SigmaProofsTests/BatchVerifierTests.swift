// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import SigmaProofs
import Testing
import Transcripts

@Suite struct BatchVerifierTests {
    typealias G = AdditiveGroup<OrderM61>
    typealias Item = BatchVerifier<G>.Item

    static func items() throws -> [Item] {
        let samples = try LinearProofRejectionTests.samples() + LinearProofRejectionTests.samples()
        return try samples.enumerated().map { index, sample in
            let session = SessionID(tag: "batch \(index)")
            let proof = try LinearProver.batchableProof(of: sample.relation, witness: sample.secret, session: session)
            return Item(session: session, relation: sample.relation, proof: proof)
        }
    }

    static func accepts(_ items: [Item], randomness: [UInt8] = []) -> Bool {
        do { try BatchVerifier.verify(items, randomness: randomness) } catch { return false }
        return true
    }

    @Test func everySubsetOfValidProofsIsAccepted() throws {
        let items = try Self.items()
        for mask in 0..<1 << items.count {
            let subset = items.indices.filter { mask >> $0 & 1 == 1 }.map { items[$0] }
            #expect(Self.accepts(subset))
        }
        #expect(Self.accepts(items, randomness: [1, 2, 3]))
        #expect(Self.accepts(items + items), "duplicates are allowed")
    }

    @Test(arguments: 0..<6)
    func oneBadProofAtAnyPosition(_ position: Int) throws {
        let items = try Self.items()
        let good = items[position]
        for part in 0..<good.proof.responses.count + good.proof.announcement.count {
            var (responses, announcement) = (good.proof.responses, good.proof.announcement)
            if part < responses.count {
                responses[part] = responses[part] + .one
            } else {
                announcement[part - responses.count] = G.add(announcement[part - responses.count], G.generator)
            }
            var bad = items
            bad[position] = Item(
                session: good.session, relation: good.relation, proof: .init(announcement: announcement, responses: responses))
            #expect(!Self.accepts(bad))
            #expect(!Self.accepts(bad, randomness: [7]))
        }
        var bad = items
        bad[position] = Item(session: SessionID(tag: "another"), relation: good.relation, proof: good.proof)
        #expect(!Self.accepts(bad))
        bad[position] = Item(session: good.session, relation: good.relation, proof: .init(announcement: [], responses: []))
        #expect(!Self.accepts(bad))
    }

    /// A proof whose equations are off by `errors`: `announcement[i] + c image[i] - map[i] == errors[i]`.
    static func faulty(_ sample: Sample<G>, _ session: SessionID, errors: [G.Scalar]) -> Item {
        let nonces = sample.witness.indices.map { G.Scalar(UInt64(1_000 + $0)) }
        let relation = sample.relation
        let announcement = relation.equations.indices.map { i in
            let terms = relation.equations[i].terms
            return G.vartimeMultiScalarMul(
                terms.map { $0.coefficient * nonces[Int($0.scalar)] } + [errors[i]],
                terms.map { relation.elements[Int($0.element)] } + [G.generator])
        }
        let c = LinearTranscript(session, relation).challenge(announcement: announcement).scalar
        let responses = sample.witness.indices.map { nonces[$0] + c * sample.witness[$0] }
        return Item(session: session, relation: relation, proof: .init(announcement: announcement, responses: responses))
    }

    /// Errors that cancel under equal weights: in two proofs, and in two equations of one proof.
    @Test func cancellingErrorsAreRejected() throws {
        let e = G.Scalar(UInt64(12_345))
        let samples = try LinearProofRejectionTests.samples()
        let (first, second) = (SessionID(tag: "first"), SessionID(tag: "second"))
        let sound = Self.faulty(samples[1], first, errors: [.zero])
        #expect(Self.accepts([sound]), "the construction itself is right")
        let pair = [Self.faulty(samples[1], first, errors: [e]), Self.faulty(samples[2], second, errors: [-e])]
        #expect(!Self.accepts(pair))
        #expect(!Self.accepts(pair.reversed()))
        #expect(!Self.accepts([Self.faulty(samples[0], first, errors: [e, -e])]))
        #expect(!Self.accepts([Self.faulty(samples[0], first, errors: [e, -e])], randomness: [1]))
        // The same identical twice-counted error, which cancels nothing but shows that weights differ within a batch.
        let twins = [Self.faulty(samples[1], first, errors: [e]), Self.faulty(samples[1], first, errors: [-e])]
        #expect(!Self.accepts(twins))
    }

    /// The weights are those of the draft: 16 bytes for each equation from a sponge over session, statement, proof.
    @Test func weightsAreTheDrafts() throws {
        let items = try Self.items()
        var input = SessionID(tag: "irtf-cfrg-sigma-protocols/batch-verify").bytes + [UInt8](repeating: 0, count: 136)
        for item in items { input += item.session.bytes + item.relation.serialized + item.proof.bytes }
        let count = items.reduce(0) { $0 + $1.relation.equations.count }
        let bytes = SHAKE128.hash(input, count: 16 * count)
        let expected = (0..<count).map { i in
            (0..<16).reduce(G.Scalar.zero) { sum, j in
                sum + G.Scalar(UInt128(bytes[16 * i + j]) << UInt128(8 * j))
            }
        }
        #expect(BatchVerifier.weights(items, randomness: []) == expected)
        #expect(BatchVerifier.weights(items, randomness: [0]) != expected)
    }
}
