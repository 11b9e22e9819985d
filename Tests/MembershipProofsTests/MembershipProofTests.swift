// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import Provers
import Secrets
import SigmaProofs
import TestSupport
import Testing
import Transcripts

/// Honest proofs of every size of set.
@Suite struct MembershipProofTests {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar
    typealias Sample = MembershipSample<Ristretto255>

    static func sample(_ count: Int) throws -> Sample {
        try Sample(count: count, generators: StandardMembershipGenerators.ristretto255)
    }

    /// Every member of small sets, of sizes that are powers of four and others.
    @Test(arguments: [1, 2, 3, 4, 5, 15, 16, 17, 21]) func everyMember(count: Int) throws {
        let sample = try Self.sample(count)
        #expect(sample.set.shape.digits == (count <= 4 ? 1 : count <= 16 ? 2 : 3))
        for index in 0..<count {
            let difference = S(UInt64(1_000 + index))
            let element = sample.element(index, difference)
            let proof = try sample.prove(index, difference, element: element)
            #expect(proof.bytes.count == 32 * (7 + 4 * sample.set.shape.digits))
            #expect(sample.reason(proof.bytes, element: element) == nil, "member \(index) of \(count)")
        }
    }

    /// Two proofs of one witness and statement have nothing in common.
    @Test func fresh() throws {
        let sample = try Self.sample(5)
        let element = sample.element(3, S(UInt64(9)))
        let proofs = try (0..<2).map { _ in try sample.prove(3, S(UInt64(9)), element: element).bytes }
        for start in stride(from: 0, to: proofs[0].count, by: 32) {
            #expect(proofs[0][start..<start + 32] != proofs[1][start..<start + 32])
        }
    }

    /// The largest set, and its size.
    @Test func largest() throws {
        let sample = try Self.sample(65_536)
        let index = 54_321
        let element = sample.element(index, S(UInt64(5)))
        let proof = try sample.prove(index, S(UInt64(5)), element: element)
        #expect(sample.reason(proof.bytes, element: element) == nil)
        #expect(proof.bytes.count == 1_248)
        #expect(sample.reason(proof.bytes, element: sample.element(index, S(UInt64(6)))) == .equation)
    }
}
