// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import SigmaProofs
import Testing
import Transcripts

/// A forgery for each check of the verifier of membership proofs (docs/protocol.md, section 11): it works once the check is removed. Those against
/// the transcript are shown to work against a verifier who leaves the item out.
@Suite struct MembershipTests {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar
    static let context = MembershipContext(session: SessionID(tag: "soundness/membership"), statement: Array("audit 1".utf8))
    /// Sets of one digit and of two, with padding and without.
    static let sizes = [3, 4, 11, 16]

    static func reason(
        _ proof: [UInt8], _ element: G.Point, _ parameters: MembershipParameters<G>, context: MembershipContext = context
    ) -> ProofRejected.Reason? {
        do throws(ProofRejected) {
            try MembershipProof<G>(parsing: proof.span, for: parameters).verify(parameters, element: G.encode([element]), context: context)
        } catch {
            return error.reason
        }
        return nil
    }

    /// Whether a verifier with another transcript accepts.
    static func accepts<T: MembershipTranscript>(
        _ proof: [UInt8], _ element: G.Point, _ parameters: MembershipParameters<G>, _ transcript: T.Type, _ opening: T.Opening
    ) -> Bool where T.G == G {
        do throws(ProofRejected) {
            try MembershipProof<G>(parsing: proof.span, for: parameters)
                .verify(parameters, element: G.encode([element]), transcript: transcript, opening: opening)
        } catch {
            return false
        }
        return true
    }

    private static func careless(_ omission: MembershipOmission?) -> CarelessMembershipTranscript.Opening {
        .init(context: context, omission: omission)
    }

    /// Expects that a forgery convinces who leaves `omission` out, and nobody else.
    private static func expectForgery(
        _ proof: [UInt8], _ element: G.Point, _ parameters: MembershipParameters<G>, _ omission: MembershipOmission
    ) {
        #expect(accepts(proof, element, parameters, CarelessMembershipTranscript.self, careless(omission)), "the forgery is right")
        #expect(reason(proof, element, parameters) == .equation)
    }

    /// Without a departure the forger is an honest prover.
    @Test(arguments: sizes) func honest(count: Int) throws {
        for index in 0..<count {
            let forger = try MembershipForger(count: count, index: index)
            let element = forger.element(FalseRelation.random())
            let proof = forger.proof(MembershipSponge.self, Self.context, element: element)
            #expect(Self.reason(proof, element.point, forger.parameters) == nil)
        }
    }

    // MARK: Equations

    /// `membershipBitEquation`: `2 K_1 - K_0`, which commits to 3 where members commit to 1 and 2 (and others that are unknown).
    @Test(arguments: sizes) func combinationOfMembers(count: Int) throws {
        var forger = try MembershipForger(count: count)
        forger.weights.replaceSubrange(0..<4, with: [-S.one, S(UInt64(2)), .zero, .zero])
        let element = forger.element(FalseRelation.random())
        let proof = forger.proof(MembershipSponge.self, Self.context, element: element)
        #expect(Self.reason(proof, element.point, forger.parameters) == .equation)
        // Any value at all: (1 - w) + 2 w = 1 + w.
        let w = FalseRelation.random()
        forger.weights.replaceSubrange(0..<4, with: [.one - w, w, .zero, .zero])
        let other = forger.element(FalseRelation.random())
        #expect(other.value == S.one + w)
        #expect(Self.reason(forger.proof(MembershipSponge.self, Self.context, element: other), other.point, forger.parameters) == .equation)
    }

    /// `membershipBitEquation`: two members at once, and none, by weights that are bits but for the first one.
    @Test func twoMembersOrNone() throws {
        for weights in [[-S.one, .one, .one, .zero], [S(UInt64(2)), -S.one, .zero, .zero], [S(UInt64(4)), -S.one, -S.one, -S.one]] {
            var forger = try MembershipForger(count: 4)
            forger.weights = weights
            let element = forger.element(FalseRelation.random())
            #expect(
                Self.reason(forger.proof(MembershipSponge.self, Self.context, element: element), element.point, forger.parameters)
                    == .equation)
        }
    }

    /// `membershipSetEquation`: an element that is no member.
    @Test(arguments: sizes) func otherElement(count: Int) throws {
        for index in 0..<count {
            let forger = try MembershipForger(count: count, index: index)
            for value in [S.zero, S(UInt64(count + 1)), -S.one, FalseRelation.random()] {
                let element = MembershipOpening(value: value, blinding: FalseRelation.random())
                let proof = forger.proof(MembershipSponge.self, Self.context, element: element)
                #expect(Self.reason(proof, element.point, forger.parameters) == .equation)
            }
        }
    }

    /// `membershipDigitEquation`: digits that were never committed to. We know no false statement that this alone would prove; the argument needs it.
    @Test func otherDigits() throws {
        let forger = try MembershipForger(count: 11, index: 7)
        let element = forger.element(FalseRelation.random())
        let q = forger.setAnnouncement()
        var announcement = forger.digitAnnouncement() + q.map(\.point)
        announcement[0] = G.add(announcement[0], forger.commitment([.one] + [S](repeating: .zero, count: 7), .zero))
        let x = MembershipForger.challenge(MembershipSponge.self, Self.context, forger.parameters, element.point, announcement)
        let f = forger.digitResponses(x)
        let last = [
            forger.blindings[1] * x + forger.blindings[0], forger.blindings[2] * x + forger.blindings[3],
            forger.remainder(f, x, element, q).blinding,
        ]
        #expect(Self.reason(forger.bytes(announcement, f, last), element.point, forger.parameters) == .equation)
    }

    /// Digits without a sum of one: `f_(j,0)` is computed by the verifier, so other sums do not fit (M1).
    @Test func weightsThatDoNotSumToOne() throws {
        for weights in [[S.zero, .zero, .zero, .zero], [.one, .one, .zero, .zero], [.one, .one, .one, .one]] {
            var forger = try MembershipForger(count: 4)
            forger.weights = weights
            let element = forger.element(FalseRelation.random())
            #expect(
                Self.reason(forger.proof(MembershipSponge.self, Self.context, element: element), element.point, forger.parameters)
                    == .equation)
        }
    }

    // MARK: Transcript

    /// `membershipAbsorbElement`: the element is solved from (M3).
    @Test(arguments: sizes) func elementChosenLate(count: Int) throws {
        var forger = try MembershipForger(count: count)
        forger.additions = forger.additions.map { _ in .random() }
        let q = forger.setAnnouncement()
        let announcement = forger.digitAnnouncement() + q.map(\.point)
        let x = MembershipForger.challenge(
            CarelessMembershipTranscript.self, Self.careless(.element), forger.parameters, G.generator, announcement)
        let f = forger.digitResponses(x)
        let z = FalseRelation.random()
        let nothing = MembershipOpening(value: .zero, blinding: .zero)
        let rest = forger.remainder(f, x, nothing, q) - MembershipOpening(value: .zero, blinding: z)
        let element = try #require(forger.power(x, forger.digits).vartimeInverted()) * rest
        let last = [forger.blindings[1] * x + forger.blindings[0], forger.blindings[2] * x + forger.blindings[3], z]
        Self.expectForgery(forger.bytes(announcement, f, last), element.point, forger.parameters, .element)
    }

    /// `membershipAbsorbSet`: two members are shifted against each other, so that the element's own is no member any more.
    @Test func setChosenLate() throws {
        let forger = try MembershipForger(count: 11, index: 7)
        let element = forger.element(FalseRelation.random())
        let proof = forger.proof(CarelessMembershipTranscript.self, Self.careless(.set), element: element)
        let x = MembershipForger.challenge(
            CarelessMembershipTranscript.self, Self.careless(.set), forger.parameters, element.point,
            forger.digitAnnouncement() + forger.setAnnouncement().map(\.point))
        let f = forger.digitResponses(x)
        var members = forger.members
        let shift = MembershipOpening.random()
        let ratio = try MembershipForger.product(f, 7, 2) * #require(MembershipForger.product(f, 3, 2).vartimeInverted())
        members[7] = members[7] + shift
        members[3] = members[3] - ratio * shift
        Self.expectForgery(proof, element.point, try MembershipForger.parameters(members), .set)
        // Without a shift the careless one accepts too, and so does everybody.
        #expect(Self.accepts(proof, element.point, forger.parameters, CarelessMembershipTranscript.self, Self.careless(.set)))
    }

    /// `membershipAbsorbBase`: the base of blindings is solved from (M3).
    @Test func baseChosenLate() throws {
        let forger = try MembershipForger(count: 11, index: 7)
        let element = MembershipOpening.random()
        let q = forger.setAnnouncement()
        let announcement = forger.digitAnnouncement() + q.map(\.point)
        let x = MembershipForger.challenge(
            CarelessMembershipTranscript.self, Self.careless(.base), forger.parameters, element.point, announcement)
        let f = forger.digitResponses(x)
        let z = FalseRelation.random()
        let base = try #require(z.vartimeInverted()) * forger.remainder(f, x, element, q)
        let last = [forger.blindings[1] * x + forger.blindings[0], forger.blindings[2] * x + forger.blindings[3], z]
        let parameters = try MembershipForger.parameters(forger.members, base: base.point)
        Self.expectForgery(forger.bytes(announcement, f, last), element.point, parameters, .base)
    }

    /// `membershipAbsorbDigits`: digits that are fitted to the challenge; `A` and `D` are solved from (M1) and (M2).
    @Test func digitsChosenLate() throws {
        let forger = try MembershipForger(count: 4)
        let element = MembershipOpening.random()
        let q = [MembershipOpening.random()]
        let (b, c) = (MembershipOpening.random().point, MembershipOpening.random().point)
        let blank = [b, b, c, c] + q.map(\.point)
        let x = MembershipForger.challenge(
            CarelessMembershipTranscript.self, Self.careless(.digits), forger.parameters, element.point, blank)
        // f_0 + f_1 + f_2 + f_3 = x and 1 f_0 + 2 f_1 + 3 f_2 + 4 f_3 = x v + q
        let (f2, f3) = (FalseRelation.random(), FalseRelation.random())
        let target = x * element.value + q[0].value
        let f1: S = target - x - (f2 + f2) - (f3 + f3 + f3)
        let f = [x - f1 - f2 - f3, f1, f2, f3]
        let (zA, zC) = (FalseRelation.random(), FalseRelation.random())
        let remainder = forger.remainder(f, x, element, q)
        #expect(remainder.value == .zero)
        let a = G.add(forger.commitment(f, zA), FalseRelation.multiply(-x, b))
        let d = G.add(forger.commitment(f.map { $0 * (x - $0) }, zC), FalseRelation.multiply(-x, c))
        let proof = forger.bytes([a, b, c, d] + q.map(\.point), f, [zA, zC, remainder.blinding])
        Self.expectForgery(proof, element.point, forger.parameters, .digits)
    }

    /// `membershipAbsorbPolynomial`: `Q_0` is solved from (M3).
    @Test(arguments: sizes) func polynomialChosenLate(count: Int) throws {
        let forger = try MembershipForger(count: count)
        let element = MembershipOpening.random()
        var q = forger.setAnnouncement()
        let digits = forger.digitAnnouncement()
        let x = MembershipForger.challenge(
            CarelessMembershipTranscript.self, Self.careless(.polynomial), forger.parameters, element.point, digits + q.map(\.point))
        let f = forger.digitResponses(x)
        let z = FalseRelation.random()
        q[0] = MembershipOpening(value: .zero, blinding: .zero)
        q[0] = forger.remainder(f, x, element, q) - MembershipOpening(value: .zero, blinding: z)
        let last = [forger.blindings[1] * x + forger.blindings[0], forger.blindings[2] * x + forger.blindings[3], z]
        Self.expectForgery(forger.bytes(digits + q.map(\.point), f, last), element.point, forger.parameters, .polynomial)
    }

    /// `membershipAbsorbContext`: a proof that was made for another audit.
    @Test func otherContext() throws {
        let forger = try MembershipForger(count: 11, index: 7)
        let element = forger.element(FalseRelation.random())
        let proof = forger.proof(MembershipSponge.self, Self.context, element: element)
        #expect(Self.reason(proof, element.point, forger.parameters) == nil)
        let other = MembershipContext(session: Self.context.session, statement: Array("audit 2".utf8))
        #expect(Self.reason(proof, element.point, forger.parameters, context: other) == .equation)
        let session = MembershipContext(session: SessionID(tag: "other"), statement: Self.context.statement)
        #expect(Self.reason(proof, element.point, forger.parameters, context: session) == .equation)
    }

    /// Every item changes the challenge, and the forger's transcript is the verifier's.
    @Test func everyItem() throws {
        let forger = try MembershipForger(count: 11, index: 7)
        let (element, other) = (MembershipOpening.random().point, MembershipOpening.random().point)
        let announcement = (0..<6).map { _ in MembershipOpening.random().point }
        func challenge(
            _ element: G.Point, _ announcement: [G.Point], context: MembershipContext = Self.context,
            parameters: MembershipParameters<G>? = nil
        ) -> S {
            MembershipForger.challenge(MembershipSponge.self, context, parameters ?? forger.parameters, element, announcement)
        }
        let own = challenge(element, announcement)
        let careful = MembershipForger.challenge(
            CarelessMembershipTranscript.self, Self.careless(nil), forger.parameters, element, announcement)
        #expect(own == careful)
        var seen: Set<S> = [own]
        seen.insert(challenge(element, announcement, context: .init(session: SessionID(tag: "other"), statement: Self.context.statement)))
        seen.insert(challenge(element, announcement, context: .init(session: Self.context.session, statement: [])))
        seen.insert(challenge(element, announcement, parameters: try MembershipForger(count: 11).parameters))
        seen.insert(challenge(element, announcement, parameters: try MembershipForger.parameters(forger.members, base: other)))
        seen.insert(challenge(other, announcement))
        for place in announcement.indices {
            var changed = announcement
            changed[place] = other
            seen.insert(challenge(element, changed))
        }
        #expect(seen.count == 6 + announcement.count)
    }

    // MARK: Encoding

    /// `membershipIdentity`: an element that is the identity, and digits without masks. The equations hold.
    @Test func identity() throws {
        let difference = FalseRelation.random()
        var members = (1...4).map { MembershipOpening(value: S(UInt64($0)), blinding: FalseRelation.random()) }
        members[2] = MembershipOpening(value: .zero, blinding: difference)
        let forger = try MembershipForger(count: 4, index: 2, members: members)
        let element = forger.element(difference)
        let proof = forger.proof(MembershipSponge.self, Self.context, element: element)
        #expect(G.isIdentity(element.point))
        #expect(Self.reason(proof, element.point, forger.parameters) == .shape)

        var naked = try MembershipForger(count: 4, index: 2)
        naked.masks = [S](repeating: .zero, count: 4)
        naked.blindings = [.zero, .one, .one, .zero]
        let own = naked.element(FalseRelation.random())
        let shown = naked.proof(MembershipSponge.self, Self.context, element: own)
        #expect(shown[0..<32].allSatisfy { $0 == 0 })
        #expect(Self.reason(shown, own.point, naked.parameters) == .shape)
    }

    /// `membershipLength`: bytes after the proof.
    @Test func trailingBytes() throws {
        let forger = try MembershipForger(count: 11, index: 7)
        let element = forger.element(FalseRelation.random())
        let proof = forger.proof(MembershipSponge.self, Self.context, element: element)
        #expect(Self.reason(proof + [0], element.point, forger.parameters) == .shape)
        #expect(Self.reason(proof + proof, element.point, forger.parameters) == .shape)
    }

    /// Padding is the last member: neither the identity nor anything else at a place beyond the set.
    @Test(arguments: [1, 3, 11, 15]) func placesBeyondTheSet(count: Int) throws {
        for index in count..<(count <= 4 ? 4 : 16) {
            let forger = try MembershipForger(count: count, index: index)
            let last = forger.element(FalseRelation.random())
            #expect(last.value == S(UInt64(count)))
            #expect(Self.reason(forger.proof(MembershipSponge.self, Self.context, element: last), last.point, forger.parameters) == nil)
            for value in [S.zero, S(UInt64(index + 1)), FalseRelation.random()] {
                let element = MembershipOpening(value: value, blinding: FalseRelation.random())
                let proof = forger.proof(MembershipSponge.self, Self.context, element: element)
                #expect(Self.reason(proof, element.point, forger.parameters) == .equation)
            }
        }
    }

    // MARK: Batches

    /// `membershipBatchDigest`: errors of two equations that cancel under weights which do not depend on the proof.
    @Test func responsesChosenForTheWeights() throws {
        let forger = try MembershipForger(count: 11, index: 7)
        let element = forger.element(FalseRelation.random())
        let error = FalseRelation.random()
        func member(_ proof: [UInt8]) throws -> MembershipProofs<MembershipSponge> {
            let encoded = G.encode([element.point])
            return try MembershipProofs(forger.parameters, openings: [Self.context], elements: encoded.span, proofs: proof.span)
        }
        func forged(_ weights: [S]) throws -> [UInt8] {
            let ratio = try weights[0] * #require(weights[1].vartimeInverted())
            return forger.proof(MembershipSponge.self, Self.context, element: element) {
                $0[0] = $0[0] + error
                $0[1] = $0[1] - ratio * error
            }
        }
        // The weights that the verifier would draw for the first proof.
        let spy = MembershipWeightSpy(try member(forged([.one, .one])))
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
        let forger = try MembershipForger(count: 11, index: 7)
        var (proofs, elements): ([UInt8], [UInt8]) = ([], [])
        for sign in [S.one, -S.one] {
            let element = forger.element(FalseRelation.random())
            proofs += forger.proof(MembershipSponge.self, Self.context, element: element) { $0[2] = $0[2] + sign * error }
            elements += G.encode([element.point])
        }
        let both = try MembershipProofs<MembershipSponge>(
            forger.parameters, openings: [Self.context, Self.context], elements: elements.span, proofs: proofs.span)
        var sum = WeightedEquations<G>()
        both.add(0..<2, weights: [S](repeating: S(UInt64(3)), count: 6), to: &sum)
        #expect(G.isIdentity(sum.sum), "they cancel under equal weights")
        var batch = VerificationBatch<G>()
        batch.append(both)
        #expect(batch.failures().map(\.statement) == [0, 1])
    }
}

/// A member of a batch that writes down its weights.
private final class MembershipWeightSpy: BatchMember {
    typealias G = Ristretto255

    /// Written by the one batch that it is in.
    final class Seen: @unchecked Sendable {
        var weights: [G.Scalar] = []
    }

    let seen = Seen()
    let digest: [UInt8]
    var statementCount: Int { 1 }
    var equationCount: Int { 3 }
    var malformed: [Int] { [] }

    init(_ other: MembershipProofs<MembershipSponge>) { digest = other.digest }

    func add(_ statements: Range<Int>, weights: [G.Scalar], to sum: inout WeightedEquations<G>) {
        seen.weights = weights
        // The identity, with terms.
        sum.add([.zero], [G.generator])
    }
}
