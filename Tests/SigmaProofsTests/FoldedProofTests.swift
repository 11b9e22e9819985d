// SPDX-License-Identifier: Apache-2.0

import Groups
import Provers
import Secrets
import SigmaProofs
import Testing
import Transcripts

@Suite struct FoldedProofTests {
    typealias Large = AdditiveGroup<OrderM61>

    @Test(arguments: 1...6, [false, true])
    func honestDatasetsAreAccepted(_ rows: Int, _ subject: Bool) throws {
        try accepts(ToyGroup.self, rows, subject)
        try accepts(Large.self, rows, subject)
        try accepts(Ristretto255.self, rows, subject)
    }

    func accepts<G: Group>(_ group: G.Type, _ rows: Int, _ subject: Bool) throws {
        let relation = try FoldedSample<G>.relation(linkingSubject: subject)
        let sample = FoldedSample<G>(rows: rows, relation: relation)
        let proof = try sample.prove()
        #expect(sample.rejection(of: proof) == nil)
        let bytes = proof.bytes
        #expect(bytes.count == 2 * G.pointByteCount + 7 * G.Scalar.byteCount)
        #expect(bytes.count == FoldedProof.byteCount(for: relation))
        #expect(try FoldedProof(parsing: bytes.span, for: relation) == proof)
    }

    /// A prover that knows openings of all rows but one, at every position and on either side.
    @Test(arguments: 1...6)
    func oneFalseRowIsRejected(_ rows: Int) throws {
        try rejectsFalseRows(Large.self, rows)
        try rejectsFalseRows(Ristretto255.self, rows)
    }

    func rejectsFalseRows<G: Group>(_ group: G.Type, _ rows: Int) throws {
        let relation = try FoldedSample<G>.relation(linkingSubject: true)
        let honest = FoldedSample<G>(rows: rows, relation: relation)
        for position in 0..<rows {
            // The data point has another record, or another subject, than the consent.
            for slot in 0..<2 {
                var false1 = honest
                false1.dataPoints[position] = G.add(honest.dataPoints[position], relation.dataBases[slot])
                #expect(try false1.rejection(of: false1.prove()) == .dataEquation)
                var false2 = honest
                false2.consents[position] = G.add(honest.consents[position], relation.links[slot].base)
                #expect(try false2.rejection(of: false2.prove()) == .consentEquation)
            }
            // The consent has a component outside of the relation: a constraint that is not met.
            var outside = honest
            outside.consents[position] = G.add(honest.consents[position], FoldedSample<G>.bases(1, "outside")[0])
            #expect(try outside.rejection(of: outside.prove()) == .consentEquation)
        }
        // Rows exchanged on one side only: a consent for another record.
        for position in 1..<max(rows, 1) {
            var swapped = honest
            swapped.dataPoints.swapAt(0, position)
            #expect(try swapped.rejection(of: swapped.prove()) == .dataEquation)
        }
    }

    /// A group of 1019 elements accepts a false row with probability about 1/1019: rarely, and never by construction.
    @Test func falseRowsOverTheToyGroup() throws {
        let relation = try FoldedSample<ToyGroup>.relation()
        var accepted = 0
        for trial in 0..<2_000 {
            var sample = FoldedSample<ToyGroup>(rows: 1 + trial % 6, relation: relation)
            let position = trial % sample.dataPoints.count
            sample.dataPoints[position] = ToyGroup.add(sample.dataPoints[position], relation.dataBases[0])
            accepted += try sample.rejection(of: sample.prove()) == nil ? 1 : 0
        }
        // Expected: 2,000 / 1019 for a weight, and as much for a challenge, that is 0. More than 30 has probability below 10^-16.
        #expect(accepted <= 30)
    }

    /// Every proof there is over a group of 7: accepted exactly if both equations hold over the integers.
    @Test func exhaustively() throws {
        typealias G = AdditiveGroup<Order7>
        let relation = try FoldedRelation<G>(
            dataBases: [G.point(2), G.point(5)], links: [.init(slot: 0, base: G.point(3))], tailBases: [G.point(1)])
        let sample = FoldedSample<G>(rows: 3, relation: relation)
        let weights = sample.transcript().weights.weights(count: 3)
        let data = FoldedVerifier<G>.fold(weights, sample.dataPoints).value
        let consent = FoldedVerifier<G>.fold(weights, sample.consents).value
        var accepted = 0
        for t in LinearProofTests.tuples(2, below: 7) {
            let announcement = FoldedAnnouncement<G>(data: G.point(t[0]), consent: G.point(t[1]))
            let c = sample.transcript().challenge(announcement).scalar.value
            for z in LinearProofTests.tuples(3, below: 7) {
                let proof = FoldedProof<G>(
                    announcement: announcement, dataResponses: [.init(z[0]), .init(z[1])], tailResponses: [.init(z[2])])
                let dataHolds = (2 * z[0] + 5 * z[1]) % 7 == (t[0] + c * data) % 7
                let consentHolds = (3 * z[0] + z[2]) % 7 == (t[1] + c * consent) % 7
                let expected: ProofRejected.Reason? =
                    t.contains(0) ? .identityAnnouncement : !dataHolds ? .dataEquation : !consentHolds ? .consentEquation : nil
                #expect(sample.rejection(of: proof) == expected)
                accepted += expected == nil ? 1 : 0
            }
        }
        #expect(accepted == 6 * 6 * 7, "one free scalar for each announcement")
    }

    @Test func everyBitFlipIsRejected() throws {
        try rejectsBitFlips(Large.self)
        try rejectsBitFlips(Ristretto255.self)
    }

    func rejectsBitFlips<G: Group>(_ group: G.Type) throws {
        let sample = FoldedSample<G>(rows: 3, relation: try FoldedSample<G>.relation(tailCount: 1))
        let bytes = try sample.prove().bytes
        for bit in 0..<8 * bytes.count {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            if let proof = try? FoldedProof<G>(parsing: changed.span, for: sample.relation) {
                #expect(sample.rejection(of: proof) != nil, "bit \(bit)")
            }
        }
    }

    @Test func parsingRefuses() throws {
        let sample = FoldedSample<Large>(rows: 2, relation: try FoldedSample<Large>.relation())
        let bytes = try sample.prove().bytes
        func error(_ bytes: [UInt8]) -> ProofRejected.Reason? {
            do throws(ProofRejected) {
                _ = try FoldedProof<Large>(parsing: bytes.span, for: sample.relation)
                return nil
            } catch {
                return error.reason
            }
        }
        func changed(_ offset: Int, _ word: UInt64) -> [UInt8] {
            var changed = bytes
            changed.replaceSubrange(offset..<offset + 8, with: littleEndian(word))
            return changed
        }
        #expect(error(bytes) == nil)
        for length in [0, 1, bytes.count - 8, bytes.count - 1] { #expect(error(Array(bytes[..<length])) == .shape) }
        #expect(error(bytes + [0]) == .shape)
        #expect(error(bytes + [UInt8](repeating: 0, count: 8)) == .shape)
        for offset in [0, 8] {
            #expect(error(changed(offset, 0)) == .identityAnnouncement)
            #expect(error(changed(offset, OrderM61.q)) == .announcementEncoding)
        }
        for offset in stride(from: 16, to: bytes.count, by: 8) { #expect(error(changed(offset, OrderM61.q)) == .scalarEncoding) }
    }

    @Test func wrongShapesAreRejected() throws {
        let sample = FoldedSample<Large>(rows: 2, relation: try FoldedSample<Large>.relation())
        let proof = try sample.prove()
        let (data, tail) = (proof.dataResponses, proof.tailResponses)
        let moved = FoldedProof(
            announcement: proof.announcement, dataResponses: data + [tail[0]], tailResponses: Array(tail.dropFirst()))
        #expect(sample.rejection(of: moved) == .shape)
        #expect(sample.rejection(of: .init(announcement: proof.announcement, dataResponses: [], tailResponses: tail)) == .shape)
        let identity = FoldedAnnouncement<Large>(data: Large.identity, consent: proof.announcement.consent)
        #expect(sample.rejection(of: .init(announcement: identity, dataResponses: data, tailResponses: tail)) == .identityAnnouncement)
        #expect(throws: ProverError.witnessCount) {
            try FoldedProver.prove(
                sample.relation, data: SecretScalars(zeros: 2), tail: SecretScalars(zeros: 4), transcript: sample.transcript())
        }
    }

    /// A proof belongs to its statement: any other item, order, cut between items or tag is another transcript.
    @Test func theTranscriptBindsTheStatement() throws {
        func seed(_ tag: String, _ items: [String]) -> [UInt8] {
            FoldedTranscript(sessionTag: tag, absorbing: items.map { Array($0.utf8) }).weighted().weights.seed
        }
        let seeds = [
            seed("t", ["ab", "c"]), seed("t", ["a", "bc"]), seed("t", ["abc"]), seed("t", ["ab", "c", ""]), seed("t", ["", "ab", "c"]),
            seed("t", ["c", "ab"]), seed("u", ["ab", "c"]), seed("t", []),
        ]
        #expect(Set(seeds).count == seeds.count)
        // The definition, from SHAKE128 alone.
        let items: [UInt8] = [2, 0, 0, 0, 97, 98, 1, 0, 0, 0, 99]
        let padded = SessionID(tag: "t").bytes + [UInt8](repeating: 0, count: 136)
        #expect(seeds[0] == SHAKE128.hash(padded + items, count: 32))
        // The challenge continues the same sponge with the announcement.
        let announcement = FoldedAnnouncement<Large>(data: Large.point(5), consent: Large.point(6))
        let challenge = FoldedTranscript(sessionTag: "t", absorbing: [[97, 98], [99]]).weighted().challenge(announcement)
        let wide = SHAKE128.hash(padded + items + announcement.bytes, count: Large.Scalar.wideByteCount)
        #expect(challenge.scalar == Large.Scalar(reducingWide: wide.span))
    }
}
