// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import SigmaProofs
import Testing

/// The arguments of docs/protocol.md, sections 11.5 and 11.6, carried out: what the extractor computes and what the simulator makes.
@Suite struct MembershipArgumentTests {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar

    /// From `m + 1` answers to one first message the difference is computed.
    @Test(arguments: MembershipTests.sizes) func extraction(count: Int) throws {
        let forger = try MembershipForger(count: count, index: count - 1)
        let difference = FalseRelation.random()
        let element = forger.element(difference)
        let m = forger.digits
        let challenges = (0...m).map { _ in FalseRelation.random() }
        var answers: [S] = []
        for x in challenges {
            let proof = forger.proof(ChosenMembershipTranscript.self, x, element: element)
            #expect(MembershipTests.accepts(proof, element.point, forger.parameters, ChosenMembershipTranscript.self, x))
            answers.append(try S(canonical: proof.span.extracting(proof.count - 32..<proof.count)))
        }
        // The leading coefficient of the polynomial through (x, z).
        var leading = S.zero
        for (i, x) in challenges.enumerated() {
            let denominator = challenges.indices.filter { $0 != i }.reduce(S.one) { $0 * (x - challenges[$1]) }
            leading = try leading + answers[i] * #require(denominator.vartimeInverted())
        }
        #expect(leading == difference)
    }

    /// Who knows the challenge needs no witness: the simulator of the zero-knowledge argument, for an element that is no member.
    @Test(arguments: MembershipTests.sizes) func simulation(count: Int) throws {
        let forger = try MembershipForger(count: count)
        let x = FalseRelation.random()
        let element = MembershipOpening.random()
        let f = (0..<forger.digits).flatMap { _ in
            let own = (1..<4).map { _ in FalseRelation.random() }
            return [own.reduce(x) { $0 - $1 }] + own
        }
        let (b, c) = (MembershipOpening.random().point, MembershipOpening.random().point)
        let (zA, zC, z) = (FalseRelation.random(), FalseRelation.random(), FalseRelation.random())
        let a = G.add(forger.commitment(f, zA), FalseRelation.multiply(-x, b))
        let d = G.add(forger.commitment(f.map { $0 * (x - $0) }, zC), FalseRelation.multiply(-x, c))
        var q = (0..<forger.digits).map { _ in MembershipOpening.random() }
        q[0] = MembershipOpening(value: .zero, blinding: .zero)
        q[0] = forger.remainder(f, x, element, q) - MembershipOpening(value: .zero, blinding: z)
        let proof = forger.bytes([a, b, c, d] + q.map(\.point), f, [zA, zC, z])
        #expect(MembershipTests.accepts(proof, element.point, forger.parameters, ChosenMembershipTranscript.self, x))
        #expect(MembershipTests.reason(proof, element.point, forger.parameters) == .equation)
    }
}
