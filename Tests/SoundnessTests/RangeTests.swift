// SPDX-License-Identifier: Apache-2.0
import Groups
import RangeProofs
import SigmaProofs
import Testing
import Transcripts

/// A forgery for each check of the verifier of range proofs (docs/protocol.md, section 10): it works once the check is removed. Those against the
/// transcript are shown to work against a verifier who leaves the message out.
@Suite struct RangeTests {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar
    static let context = RangeContext(session: SessionID(tag: "soundness/range"), statement: Array("audit 1".utf8))
    /// 2^8 and -1: not in the range.
    static let outside = [S(UInt64(256)), -S.one]

    static func reason(
        _ proof: [UInt8], _ commitments: [UInt8], context: RangeContext = context, parameters: RangeParameters<G>? = nil
    ) throws -> ProofRejected.Reason? {
        let parameters = try parameters ?? RangeForger.parameters()
        do throws(ProofRejected) {
            try RangeProof<G>(parsing: proof.span, for: parameters).verify(parameters, commitments: commitments, context: context)
        } catch {
            return error.reason
        }
        return nil
    }

    /// Whether a verifier who leaves something out accepts.
    static func carelessAccepts(_ proof: [UInt8], _ commitments: [UInt8], _ omission: RangeOmission) throws -> Bool {
        let parameters = try RangeForger.parameters()
        do throws(ProofRejected) {
            try RangeProof<G>(parsing: proof.span, for: parameters).verify(
                parameters, commitments: commitments, transcript: CarelessTranscript.self,
                opening: .init(context: context, omission: omission))
        } catch {
            return false
        }
        return true
    }

    /// Without a departure the forger is an honest prover.
    @Test func honest() throws {
        let forger = try RangeForger(pretending: 200)
        let commitments = G.encode([forger.commitment(S(UInt64(200)))])
        #expect(try Self.reason(forger.proof(RangeSponge.self, Self.context, commitments: commitments), commitments) == nil)
    }

    /// `rangePolynomialEquation`: bits of another value.
    @Test(arguments: outside) func otherBits(value: S) throws {
        let forger = try RangeForger(pretending: 255)
        let commitments = G.encode([forger.commitment(value)])
        #expect(try Self.reason(forger.proof(RangeSponge.self, Self.context, commitments: commitments), commitments) == .equation)
    }

    /// `t_x` that the true value demands: (R1) holds, (R2) does not.
    private static func demanded(_ value: S) -> RangeForger.Choices {
        var choices = RangeForger.Choices()
        choices.responses = { forger, y, z, x, honest in
            let t = forger.coefficients(y, z)
            return [z * z * value + forger.delta(y, z) + t[0] * x + t[1] * x * x, honest[1], honest[2]]
        }
        return choices
    }

    /// `rangeProductEquation`: an evaluation that is not the inner product.
    @Test(arguments: outside) func otherInnerProduct(value: S) throws {
        let forger = try RangeForger()
        let commitments = G.encode([forger.commitment(value)])
        let proof = forger.proof(RangeSponge.self, Self.context, commitments: commitments, Self.demanded(value))
        #expect(try Self.reason(proof, commitments) == .equation)
    }

    /// `rangeAbsorbCommitments`: the commitment is solved from (R1), after everything else.
    @Test func commitmentsChosenLate() throws {
        let forger = try RangeForger()
        let off = FalseRelation.random()
        var choices = RangeForger.Choices()
        choices.polynomial = { forger, y, z, _ in
            let t = forger.coefficients(y, z)
            return forger.polynomial([t[0] + off, t[1]])
        }
        let blank = G.encode([forger.commitment(.one)])
        let opening = CarelessTranscript.Opening(context: Self.context, omission: .commitments)
        let proof = forger.proof(CarelessTranscript.self, opening, commitments: blank, choices)
        let challenges = CarelessTranscript.challenges([opening], forger.parameters, commitments: blank.span, proofs: proof.span)[0]
        let (z, x) = (challenges.z, challenges.x)
        // z^2 v + delta + (t_1 + off) x + t_2 x^2 = <l, r> = delta + t_1 x + t_2 x^2
        let value = -(off * x * (try #require((z * z).vartimeInverted())))
        let fitted = G.encode([forger.commitment(value)])
        #expect(try Self.carelessAccepts(proof, fitted, .commitments))
        #expect(try Self.reason(proof, fitted) == .equation)
    }

    /// `rangeAbsorbVectors`: bits that are fitted to `y` and `z`.
    @Test(arguments: outside) func vectorsChosenLate(value: S) throws {
        let forger = try RangeForger()
        let commitments = G.encode([forger.commitment(value)])
        var choices = RangeForger.Choices()
        choices.vectors = { forger, y, z in
            let r0 = forger.polynomials(y, z).r0[0]
            forger.left[0] = forger.left[0] + z * z * value * (r0.vartimeInverted() ?? .zero)
        }
        let proof = forger.proof(
            CarelessTranscript.self, .init(context: Self.context, omission: .vectors), commitments: commitments, choices,
            knowsVectorChallenges: true)
        #expect(try Self.carelessAccepts(proof, commitments, .vectors))
        #expect(try Self.reason(proof, commitments) == .equation)
    }

    /// `rangeAbsorbPolynomial`: `T_1` is solved from (R1).
    @Test(arguments: outside) func polynomialChosenLate(value: S) throws {
        let forger = try RangeForger()
        let commitments = G.encode([forger.commitment(value)])
        var choices = RangeForger.Choices()
        choices.polynomial = { forger, y, z, x in
            let t = forger.coefficients(y, z)
            guard let x, let inverse = x.vartimeInverted() else { return forger.polynomial(t) }
            return forger.polynomial([t[0] - z * z * value * inverse, t[1]])
        }
        let proof = forger.proof(
            CarelessTranscript.self, .init(context: Self.context, omission: .polynomial), commitments: commitments, choices,
            knowsPolynomialChallenge: true)
        #expect(try Self.carelessAccepts(proof, commitments, .polynomial))
        #expect(try Self.reason(proof, commitments) == .equation)
    }

    /// `rangeAbsorbRounds`: `L_0` is solved from (R2).
    @Test(arguments: outside) func roundChosenLate(value: S) throws {
        let forger = try RangeForger()
        let commitments = G.encode([forger.commitment(value)])
        var choices = Self.demanded(value)
        choices.solvesRound = true
        let proof = forger.proof(
            CarelessTranscript.self, .init(context: Self.context, omission: .rounds), commitments: commitments, choices)
        #expect(try Self.carelessAccepts(proof, commitments, .rounds))
        #expect(try Self.reason(proof, commitments) == .equation)
    }

    /// `rangeAbsorbContext`: a proof that was made for another audit.
    @Test func otherContext() throws {
        let forger = try RangeForger(pretending: 7)
        let commitments = G.encode([forger.commitment(S(UInt64(7)))])
        let proof = forger.proof(RangeSponge.self, Self.context, commitments: commitments)
        #expect(try Self.reason(proof, commitments) == nil)
        let other = RangeContext(session: Self.context.session, statement: Array("audit 2".utf8))
        #expect(try Self.reason(proof, commitments, context: other) == .equation)
        let session = RangeContext(session: SessionID(tag: "other"), statement: Self.context.statement)
        #expect(try Self.reason(proof, commitments, context: session) == .equation)
    }

    /// `rangeAbsorbBases`, `rangeAbsorbShape`, `rangeAbsorbResponses`: every item changes every challenge after it. Equations imply these
    /// items, so the transcript itself is looked at.
    @Test func everyItem() throws {
        let parameters = try RangeForger.parameters()
        let forger = try RangeForger(pretending: 7)
        let commitments = G.encode([forger.commitment(S(UInt64(7)))])
        let proof = forger.proof(RangeSponge.self, Self.context, commitments: commitments)
        func challenges(
            _ proof: [UInt8], _ commitments: [UInt8], _ context: RangeContext = Self.context, _ parameters: RangeParameters<G>
        ) -> [S] {
            let found = RangeSponge.challenges([context], parameters, commitments: commitments.span, proofs: proof.span)[0]
            return [found.y, found.z, found.x, found.w] + found.u
        }
        let own = challenges(proof, commitments, Self.context, parameters)
        /// Expects that challenges before place `first` stay and all others change.
        func expect(_ other: [S], from first: Int, _ what: String) {
            for place in own.indices { #expect((own[place] == other[place]) == (place < first), "\(what), challenge \(place)") }
        }
        expect(
            challenges(proof, commitments, .init(session: Self.context.session, statement: []), parameters), from: 0, "context")
        expect(challenges(proof, commitments.map { ~$0 }, Self.context, parameters), from: 0, "commitments")
        let others = [
            ("value base", 8, FalseRelation.multiply(S(UInt64(2)), G.generator), FalseRelation.h),
            ("blinding base", 8, G.generator, FalseRelation.multiply(S(UInt64(2)), FalseRelation.h)),
            ("bits", 16, G.generator, FalseRelation.h),
        ]
        for (what, bits, value, blinding) in others {
            let changed = try RangeParameters(
                bits: bits, count: 1, valueBase: value, blindingBase: blinding, generators: StandardRangeGenerators.ristretto255)
            let longer = proof + [UInt8](repeating: 0, count: changed.proofByteCount - proof.count)
            expect(Array(challenges(longer, commitments, Self.context, changed).prefix(own.count)), from: 0, what)
        }
        // A S | T_1 T_2 | t_x tau_x mu | L_0 R_0 | L_1 R_1 | L_2 R_2 | a b
        let firsts = [0, 0, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]
        #expect(firsts.count * 32 == proof.count)
        for (part, first) in firsts.enumerated() {
            var changed = proof
            changed[32 * part + 11] ^= 4
            expect(challenges(changed, commitments, Self.context, parameters), from: first, "part \(part)")
        }
    }

    /// `rangeIdentity`: masks that mask nothing. The equations hold.
    @Test func identity() throws {
        var forger = try RangeForger(pretending: 7)
        forger.leftMask = [S](repeating: .zero, count: 8)
        forger.rightMask = forger.leftMask
        forger.rho = .zero
        let commitments = G.encode([forger.commitment(S(UInt64(7)))])
        let proof = forger.proof(RangeSponge.self, Self.context, commitments: commitments)
        #expect(proof[32..<64].allSatisfy { $0 == 0 })
        #expect(try Self.reason(proof, commitments) == .shape)
    }

    /// `rangeLength`: bytes after the proof.
    @Test func trailingBytes() throws {
        let forger = try RangeForger(pretending: 7)
        let commitments = G.encode([forger.commitment(S(UInt64(7)))])
        let proof = forger.proof(RangeSponge.self, Self.context, commitments: commitments)
        #expect(try Self.reason(proof + [0], commitments) == .shape)
        #expect(try Self.reason(proof + proof, commitments) == .shape)
    }

    /// `rangeBatchDigest`: errors of the two equations that cancel under weights which do not depend on the proof.
    @Test func responsesChosenForTheWeights() throws {
        let forger = try RangeForger(pretending: 7)
        let commitments = G.encode([forger.commitment(S(UInt64(7)))])
        let error = FalseRelation.random()
        func member(_ proof: [UInt8]) throws -> RangeProofs<RangeSponge> {
            try RangeProofs(forger.parameters, openings: [Self.context], commitments: commitments.span, proofs: proof.span)
        }
        func forged(_ weights: [S]) throws -> [UInt8] {
            var choices = RangeForger.Choices()
            let inverse = try #require(weights[1].vartimeInverted())
            choices.responses = { [$4[0], $4[1] + error, $4[2] - weights[0] * inverse * error] }
            return forger.proof(RangeSponge.self, Self.context, commitments: commitments, choices)
        }
        // The weights that the verifier would draw for the first proof.
        let first = try member(forged([.one, .one]))
        let spy = WeightSpy(first)
        var probe = VerificationBatch<G>()
        probe.append(spy)
        _ = probe.failures(randomness: [1])
        let weights = spy.seen.weights
        let second = try member(forged(weights))
        var sum = WeightedEquations<G>()
        second.add(0..<1, weights: weights, to: &sum)
        #expect(G.isIdentity(sum.sum), "the forgery is right")
        var batch = VerificationBatch<G>()
        batch.append(second)
        #expect(batch.failures(randomness: [1]).count == 1)
    }

    /// Errors of two proofs that would cancel under equal weights.
    @Test func cancellingErrors() throws {
        let error = FalseRelation.random()
        var proofs: [UInt8] = []
        var commitments: [UInt8] = []
        for sign in [S.one, -S.one] {
            let forger = try RangeForger(pretending: 7)
            let own = G.encode([forger.commitment(S(UInt64(7)))])
            var choices = RangeForger.Choices()
            choices.responses = { [$4[0], $4[1] + sign * error, $4[2]] }
            commitments += own
            proofs += forger.proof(RangeSponge.self, Self.context, commitments: own, choices)
        }
        let parameters = try RangeForger.parameters()
        let both = try RangeProofs<RangeSponge>(
            parameters, openings: [Self.context, Self.context], commitments: commitments.span, proofs: proofs.span)
        var sum = WeightedEquations<G>()
        both.add(0..<2, weights: [G.Scalar](repeating: S(UInt64(3)), count: 4), to: &sum)
        #expect(G.isIdentity(sum.sum), "they cancel under equal weights")
        var batch = VerificationBatch<G>()
        batch.append(both)
        #expect(batch.failures().map(\.statement) == [0, 1])
    }
}
