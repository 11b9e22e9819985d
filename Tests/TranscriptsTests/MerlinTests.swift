// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import Transcripts

@Suite struct MerlinTests {
    struct Record: Decodable {
        let id: String
        let ops: [Operation]?
        let expect_last_challenge: String?
        let rounds: Int?
    }

    struct Operation: Decodable {
        let op, label: String
        let expect: String?
    }

    @Test func vectors() throws {
        let records: [Record] = try vectorJSON("12-merlin-strobe/merlin.json")
        try #require(records.map(\.id) == ["simple", "complex"])

        var simple = MerlinTranscript(label: "test protocol")
        simple.append(message: Array("some data".utf8), label: "some label")
        let only = simple.challengeBytes(label: "challenge", count: 32)
        #expect(hex(only) == records[0].ops?.last?.expect)

        var complex = MerlinTranscript(label: "test protocol")
        complex.append(message: Array("some data".utf8), label: "step1")
        var challenge: [UInt8] = []
        for _ in 0..<(records[1].rounds ?? 0) {
            challenge = complex.challengeBytes(label: "challenge", count: 32)
            complex.append(message: [UInt8](repeating: 99, count: 1024), label: "bigdata")
            complex.append(message: challenge, label: "challengedata")
        }
        #expect(hex(challenge) == records[1].expect_last_challenge)
    }

    @Test func everyPartIsBound() {
        func challenge(
            _ protocolLabel: StaticString, _ label: StaticString, _ message: [UInt8], _ last: StaticString, _ count: Int
        ) -> [UInt8] {
            var transcript = MerlinTranscript(label: protocolLabel)
            transcript.append(message: message, label: label)
            return Array(transcript.challengeBytes(label: last, count: count).prefix(32))
        }
        let all = [
            challenge("a", "b", [1], "c", 32), challenge("A", "b", [1], "c", 32), challenge("a", "B", [1], "c", 32),
            challenge("a", "b", [2], "c", 32), challenge("a", "b", [1, 0], "c", 32), challenge("a", "b", [], "c", 32),
            challenge("a", "b", [1], "C", 32), challenge("a", "b", [1], "c", 33), challenge("a", "b1", [], "c", 32),
        ]
        #expect(Set(all).count == all.count)
        var one = MerlinTranscript(label: "x")
        var two = MerlinTranscript(label: "x")
        one.append(0x0102_0304_0506_0708, label: "n")
        two.append(message: [8, 7, 6, 5, 4, 3, 2, 1], label: "n")
        let (a, b) = (one.challengeBytes(label: "c", count: 64), two.challengeBytes(label: "c", count: 64))
        #expect(a == b)
    }

    // MARK: The transcript of dalek's range proofs

    struct Proof: Decodable {
        let id, transcript_label, proof: String
        let n, m: Int
        let commitments: [String]
    }

    struct Derived: Decodable {
        struct Challenges: Decodable {
            let y, z, x, w: String
            let u: [String]
        }
        let id: String
        let challenges: Challenges
    }

    /// The challenges of every proof, from its bytes alone.
    @Test func bulletproofChallenges() throws {
        let proofs: [Proof] = try vectorJSON("11-dalek-bulletproofs/range_proofs.json")
        let derived: [Derived] = try vectorJSON("11-dalek-bulletproofs/derived_challenges.json")
        #expect(!derived.isEmpty)
        let order = try #require(bytes(hex: "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"))
        let codec = try #require(ModularCodec(modulus: order.reversed()))
        for record in derived {
            let proof = try #require(proofs.first { $0.id == record.id })
            try #require(proof.transcript_label == "Deserialize-And-Verify Test")
            let encoded = try #require(bytes(hex: proof.proof))
            let fields = stride(from: 0, to: encoded.count, by: 32).map { Array(encoded[$0..<$0 + 32]) }
            let rounds = (fields.count - 9) / 2
            try #require(fields.count == 9 + 2 * rounds && record.challenges.u.count == rounds)
            var transcript = MerlinTranscript(label: "Deserialize-And-Verify Test")
            func challenge(_ transcript: inout MerlinTranscript, _ label: StaticString) -> String {
                hex(codec.decode(transcript.challengeBytes(label: label, count: 64)))
            }
            transcript.append(message: Array("rangeproof v1".utf8), label: "dom-sep")
            transcript.append(UInt64(proof.n), label: "n")
            transcript.append(UInt64(proof.m), label: "m")
            for commitment in proof.commitments { transcript.append(message: try #require(bytes(hex: commitment)), label: "V") }
            transcript.append(message: fields[0], label: "A")
            transcript.append(message: fields[1], label: "S")
            let (y, z) = (challenge(&transcript, "y"), challenge(&transcript, "z"))
            #expect(y == record.challenges.y && z == record.challenges.z)
            transcript.append(message: fields[2], label: "T_1")
            transcript.append(message: fields[3], label: "T_2")
            let x = challenge(&transcript, "x")
            #expect(x == record.challenges.x)
            transcript.append(message: fields[4], label: "t_x")
            transcript.append(message: fields[5], label: "t_x_blinding")
            transcript.append(message: fields[6], label: "e_blinding")
            let w = challenge(&transcript, "w")
            #expect(w == record.challenges.w)
            transcript.append(message: Array("ipp v1".utf8), label: "dom-sep")
            transcript.append(UInt64(proof.n * proof.m), label: "n")
            for round in 0..<rounds {
                transcript.append(message: fields[7 + 2 * round], label: "L")
                transcript.append(message: fields[8 + 2 * round], label: "R")
                let u = challenge(&transcript, "u")
                #expect(u == record.challenges.u[round])
            }
        }
    }
}
