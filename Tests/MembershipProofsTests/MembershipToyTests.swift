// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import Provers
import SigmaProofs
import Testing

/// The toy group of order 1019 and other groups: the code that groups without one of their own share.
@Suite struct MembershipToyTests {
    /// Every member of sets of several sizes with every difference; and each with the next difference, which is a wrong one. A wrong witness passes
    /// the prover's check with the weights' error only, about `1/q`.
    @Test(arguments: [1, 3, 6]) func everyDifference(count: Int) throws {
        typealias S = ToyGroup.Scalar
        let generators = MembershipGenerators<ToyGroup>()
        let sample = try toySample(count, generators)
        var (accepted, wrong) = (0, 0)
        for index in 0..<count {
            for difference in 0..<ToyGroup.order {
                let element = sample.element(index, S(difference))
                // The identity is refused for another reason.
                guard element != ToyGroup.encode([ToyGroup.identity]) else { continue }
                let proof = try sample.prove(index, S(difference), element: element)
                #expect(sample.reason(proof.bytes, element: element) == nil)
                wrong += 1
                do throws(ProverError) {
                    _ = try sample.prove(index, S(difference + 1), element: element)
                    accepted += 1
                } catch {
                    #expect(error == .witnessDoesNotSatisfy)
                }
            }
        }
        let bound = Double(wrong) * 3 / Double(ToyGroup.order)
        #expect(Double(accepted) <= bound + 4 * bound.squareRoot(), "\(accepted) of \(wrong) accepted, bound \(bound)")
    }

    /// A set without the identity: the seed decides.
    private func toySample(_ count: Int, _ generators: MembershipGenerators<ToyGroup>) throws -> MembershipSample<ToyGroup> {
        for seed in 1..<20 {
            if let sample = try? MembershipSample<ToyGroup>(count: count, generators: generators, seed: UInt64(seed)) { return sample }
        }
        return try MembershipSample(count: count, generators: generators)
    }

    @Test func otherGroups() throws {
        try other(P256.self)
        try other(BLS12381G1.self)
    }

    private func other<G: Group>(_ group: G.Type) throws {
        let sample = try MembershipSample<G>(count: 6, generators: MembershipGenerators())
        for index in [0, 5] {
            let element = sample.element(index, G.Scalar(UInt64(77)))
            let proof = try sample.prove(index, G.Scalar(UInt64(77)), element: element)
            #expect(sample.reason(proof.bytes, element: element) == nil)
            #expect(sample.reason(proof.bytes, element: sample.element(index, G.Scalar(UInt64(78)))) == .equation)
        }
    }
}
