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
        for tailCount in [1, 2, 3, 4, 5, 8, 9, 15, 40] {
            try accepts(Large.self, rows, subject, tailCount: tailCount)
            try accepts(Ristretto255.self, rows, subject, tailCount: tailCount)
        }
    }

    func accepts<G: Group>(_ group: G.Type, _ rows: Int, _ subject: Bool, tailCount: Int = 4) throws {
        let relation = try FoldedSample<G>.relation(linkingSubject: subject, tailCount: tailCount)
        let sample = FoldedSample<G>(rows: rows, relation: relation)
        let proof = try sample.prove()
        #expect(sample.rejection(of: proof) == nil)
        let bytes = proof.bytes
        var (rounds, padded) = (0, 4)
        while padded < tailCount { (rounds, padded) = (rounds + 1, 2 * padded) }
        #expect(bytes.count == (2 + 2 * rounds) * G.pointByteCount + (3 + min(4, tailCount)) * G.Scalar.byteCount)
        #expect(bytes.count == FoldedProof.byteCount(for: relation))
        #expect(try FoldedProof(parsing: bytes.span, for: relation) == proof)
    }

    /// A prover that knows openings of all rows but one, at every position and on either side.
    @Test(arguments: 1...6)
    func oneFalseRowIsRejected(_ rows: Int) throws {
        for tailCount in [4, 7, 20] {
            try rejectsFalseRows(Large.self, rows, tailCount)
            try rejectsFalseRows(Ristretto255.self, rows, tailCount)
        }
    }

    func rejectsFalseRows<G: Group>(_ group: G.Type, _ rows: Int, _ tailCount: Int) throws {
        let relation = try FoldedSample<G>.relation(linkingSubject: true, tailCount: tailCount)
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
            let c = sample.transcript().announced(announcement).challenge.scalar.value
            for z in LinearProofTests.tuples(3, below: 7) {
                let proof = FoldedProof<G>(
                    announcement: announcement, dataResponses: [.init(z[0]), .init(z[1])], tail: .init(rounds: [], last: [.init(z[2])]))
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
        for tailCount in [1, 6, 9] {
            try rejectsBitFlips(Large.self, tailCount)
            try rejectsBitFlips(Ristretto255.self, tailCount)
        }
    }

    func rejectsBitFlips<G: Group>(_ group: G.Type, _ tailCount: Int) throws {
        let sample = FoldedSample<G>(rows: 3, relation: try FoldedSample<G>.relation(tailCount: tailCount))
        let bytes = try sample.prove().bytes
        for bit in 0..<8 * bytes.count {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            if let proof = try? FoldedProof<G>(parsing: changed.span, for: sample.relation) {
                #expect(sample.rejection(of: proof) != nil, "bit \(bit)")
            }
        }
    }

    /// Lengths, the identity and encodings that are not canonical, at every place of a proof of three rounds.
    @Test func parsingRefuses() throws {
        let sample = FoldedSample<Large>(rows: 2, relation: try FoldedSample<Large>.relation(tailCount: 20))
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
        // One round less or more, one scalar less or more, a byte less or more, nothing.
        for length in [0, 1, bytes.count - 16, bytes.count - 8, bytes.count - 1] { #expect(error(Array(bytes[..<length])) == .shape) }
        for length in [1, 8, 16] { #expect(error(bytes + [UInt8](repeating: 0, count: length)) == .shape) }
        let points = [0, 8] + (0..<6).map { 40 + 8 * $0 }
        #expect(bytes.count == 8 * (2 + 3 + 6 + 4))
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            if points.contains(offset) {
                #expect(error(changed(offset, 0)) == .identityAnnouncement)
                #expect(error(changed(offset, OrderM61.q)) == .announcementEncoding)
            } else {
                #expect(error(changed(offset, OrderM61.q)) == .scalarEncoding)
            }
        }
    }

    @Test func wrongShapesAreRejected() throws {
        let sample = FoldedSample<Large>(rows: 2, relation: try FoldedSample<Large>.relation(tailCount: 9))
        let proof = try sample.prove()
        let (data, rounds, last) = (proof.dataResponses, proof.tail.rounds, proof.tail.last)
        func reason(
            _ data: [Large.Scalar], _ rounds: [CompressedTail<Large>.Round], _ last: [Large.Scalar],
            _ announcement: FoldedAnnouncement<Large>? = nil
        ) -> ProofRejected.Reason? {
            let tail = CompressedTail<Large>(rounds: rounds, last: last)
            return sample.rejection(of: .init(announcement: announcement ?? proof.announcement, dataResponses: data, tail: tail))
        }
        #expect(reason(data, rounds, last) == nil)
        #expect(reason(data + [last[0]], rounds, Array(last.dropFirst())) == .shape)
        #expect(reason([], rounds, last) == .shape)
        #expect(reason(data, [], last) == .shape)
        #expect(reason(data, Array(rounds.dropLast()), last) == .shape)
        #expect(reason(data, rounds + [rounds[0]], last) == .shape)
        #expect(reason(data, rounds, Array(last.dropLast())) == .shape)
        #expect(reason(data, rounds, last + [.zero]) == .shape)
        #expect(reason(data, Array(rounds.dropLast()), last + last) == .shape)
        let identity = FoldedAnnouncement<Large>(data: Large.identity, consent: proof.announcement.consent)
        #expect(reason(data, rounds, last, identity) == .identityAnnouncement)
        for round in rounds.indices {
            var changed = rounds
            changed[round] = .init(left: Large.identity, right: rounds[round].right)
            #expect(reason(data, changed, last) == .identityAnnouncement)
            changed[round] = .init(left: rounds[round].left, right: Large.identity)
            #expect(reason(data, changed, last) == .identityAnnouncement)
        }
        #expect(throws: ProverError.witnessCount) {
            try FoldedProver.prove(
                sample.relation, data: SecretScalars(zeros: 2), tail: SecretScalars(zeros: 9), transcript: sample.transcript())
        }
    }

    /// Two proofs of one witness and statement have nothing in common.
    @Test func fresh() throws {
        let sample = FoldedSample<Ristretto255>(rows: 2, relation: try FoldedSample<Ristretto255>.relation(tailCount: 9))
        let proofs = try (0..<2).map { _ in try sample.prove().bytes }
        for start in stride(from: 0, to: proofs[0].count, by: 32) {
            #expect(proofs[0][start..<start + 32] != proofs[1][start..<start + 32])
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
        // The challenges continue the same sponge: announcement, responses, each round, what is left.
        let announcement = FoldedAnnouncement<Large>(data: Large.point(5), consent: Large.point(6))
        let announced: AnnouncedTranscript<Large> =
            FoldedTranscript(sessionTag: "t", absorbing: [[97, 98], [99]]).weighted().announced(announcement)
        var absorbed = padded + items + announcement.bytes
        func scalar() -> Large.Scalar {
            let wide = SHAKE128.hash(absorbed, count: Large.Scalar.wideByteCount)
            return Large.Scalar(reducingWide: wide.span)
        }
        #expect(announced.challenge.scalar == scalar())
        #expect(Ristretto255.Scalar.wideByteCount == 48)
        let responses = [Large.Scalar(UInt64(7)), Large.Scalar(UInt64(8))]
        var tail = announced.answered(responses)
        absorbed += responses.flatMap(\.bytes)
        for number in 0..<3 {
            let round = CompressedTail<Large>.Round(left: Large.point(UInt64(9 + number)), right: Large.point(10))
            let challenge = tail.challenge(round).scalar
            absorbed += Large.encode([round.left, round.right])
            #expect(challenge == scalar())
        }
        #expect(tail.ended([.one]) == SHAKE128.hash(absorbed + Large.Scalar.one.bytes, count: 32))
    }

    /// What a batch draws its weights from changes with every part of a proof.
    @Test func theDigestBindsEveryByte() throws {
        let sample = FoldedSample<Large>(rows: 2, relation: try FoldedSample<Large>.relation(tailCount: 9))
        let bytes = try sample.prove().bytes
        let digest = try sample.member(FoldedProof(parsing: bytes.span, for: sample.relation)).digest
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            var changed = bytes
            changed[offset] ^= 1
            guard let proof = try? FoldedProof<Large>(parsing: changed.span, for: sample.relation) else { continue }
            #expect(try sample.member(proof).digest != digest, "offset \(offset)")
        }
        var other = sample
        other.dataPoints[0] = Large.add(other.dataPoints[0], Large.generator)
        #expect(try other.member(FoldedProof(parsing: bytes.span, for: sample.relation)).digest != digest)
    }
}
