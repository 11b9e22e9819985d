// SPDX-License-Identifier: Apache-2.0
import Groups
import RangeProofs
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// dalek's published proofs, single and aggregated, and what is derived from them (vectors/11-dalek-bulletproofs).
@Suite struct DalekTests {
    struct Case: Decodable, CustomTestStringConvertible {
        let id: String
        let n: Int
        let m: Int
        let transcript_label: String
        let commitments: [String]
        let proof: String
        let expected: String
        var testDescription: String { id }
    }

    struct DerivedChallenges: Decodable {
        struct Values: Decodable {
            let y: String
            let z: String
            let x: String
            let w: String
            let u: [String]
        }
        let id: String
        let challenges: Values
    }

    struct DerivedGenerators: Decodable {
        let B: String
        let B_blinding: String
        let G: [String: [String]]
        let H: [String: [String]]
        let G_0_63: String
        let H_7_63: String
    }

    static let cases: [Case] = (try? vectorJSON("11-dalek-bulletproofs/range_proofs.json")) ?? []
    static let negatives: [Case] = (try? vectorJSON("11-dalek-bulletproofs/derived_negatives.json")) ?? []

    static func decode(_ texts: [String]) throws -> [UInt8] { try texts.flatMap { try #require(bytes(hex: $0)) } }

    /// Whether a case verifies, in all ways of verifying it.
    static func verifies(_ test: Case) throws -> Bool {
        // The group has no such statement: it is refused before a proof is looked at.
        guard let parameters = try? RangeParameters.dalek(bits: test.n, count: test.m) else { return false }
        let commitments = try decode(test.commitments)
        let proof = try decode([test.proof])
        do throws(ProofRejected) {
            try RangeProof<Ristretto255>(parsing: proof.span, for: parameters)
                .verify(
                    parameters, commitments: commitments, transcript: MerlinRangeTranscript.self,
                    opening: Array(test.transcript_label.utf8))
        } catch {
            return false
        }
        return true
    }

    @Test func published() throws {
        #expect(Self.cases.count == 10)
        for test in Self.cases { #expect(try Self.verifies(test), "\(test.id)") }
    }

    @Test func negativesRefused() throws {
        #expect(Self.negatives.count == 226)
        for test in Self.negatives { #expect(try !Self.verifies(test), "\(test.id)") }
    }

    /// Proofs of all shapes in one batch; then with one of them spoiled.
    @Test func allInOneBatch() throws {
        var batch = VerificationBatch<Ristretto255>()
        for test in Self.cases {
            let parameters = try RangeParameters.dalek(bits: test.n, count: test.m)
            let (commitments, proof) = (try Self.decode(test.commitments), try Self.decode([test.proof]))
            batch.append(
                try RangeProofs<MerlinRangeTranscript>(
                    parameters, openings: [Array(test.transcript_label.utf8)], commitments: commitments.span, proofs: proof.span))
        }
        #expect(batch.failures().isEmpty)
        let last = try #require(Self.cases.last)
        let (commitments, proof) = (try Self.decode(last.commitments), try Self.decode([last.proof]))
        batch.append(
            try RangeProofs<MerlinRangeTranscript>(
                RangeParameters.dalek(bits: last.n, count: last.m), openings: [[1]], commitments: commitments.span, proofs: proof.span))
        #expect(batch.failures() == [.init(member: 10, statement: 0)])
    }

    @Test func challenges() throws {
        let derived: [DerivedChallenges] = try vectorJSON("11-dalek-bulletproofs/derived_challenges.json")
        #expect(derived.count == 10)
        for expected in derived {
            let test = try #require(Self.cases.first { $0.id == expected.id })
            let parameters = try RangeParameters.dalek(bits: test.n, count: test.m)
            let (commitments, proof) = (try Self.decode(test.commitments), try Self.decode([test.proof]))
            let found = MerlinRangeTranscript.challenges(
                [Array(test.transcript_label.utf8)], parameters, commitments: commitments.span, proofs: proof.span)[0]
            let values = expected.challenges
            #expect(
                [found.y, found.z, found.x, found.w].map { hex($0.bytes) } == [values.y, values.z, values.x, values.w], "\(test.id)")
            #expect(found.u.map { hex($0.bytes) } == values.u, "\(test.id)")
        }
    }

    @Test func generators() throws {
        let expected: DerivedGenerators = try vectorJSON("11-dalek-bulletproofs/derived_generators.json")
        let parameters = try RangeParameters.dalek(bits: 64, count: 8)
        func encoded(_ point: Ristretto255.Point) -> String { hex(Ristretto255.encode([point])) }
        #expect(encoded(parameters.valueBase) == expected.B)
        #expect(encoded(parameters.productBase) == expected.B)
        #expect(encoded(parameters.blindingBase) == expected.B_blinding)
        #expect(encoded(parameters.left[63]) == expected.G_0_63)
        #expect(encoded(parameters.right[7 * 64 + 63]) == expected.H_7_63)
        #expect(expected.G.count == 3 && expected.H.count == 3)
        for (side, points) in [(expected.G, parameters.left), (expected.H, parameters.right)] {
            for (party, encodings) in side {
                let first = 64 * (try #require(Int(party)))
                #expect(points[first..<first + encodings.count].map { encoded($0) } == encodings)
            }
        }
    }
}
