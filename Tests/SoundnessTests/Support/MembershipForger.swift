// SPDX-License-Identifier: Apache-2.0
import Groups
import MembershipProofs
import Transcripts

typealias MembershipSponge = SpongeMembershipTranscript<Ristretto255>

/// What a careless verifier of membership proofs leaves out of the transcript.
enum MembershipOmission: CaseIterable, Sendable {
    case set, base, element, digits, polynomial
}

/// The transcript of a verifier who does not absorb one of the items: each forgery works against one of these.
enum CarelessMembershipTranscript: MembershipTranscript {
    typealias G = Ristretto255
    struct Opening: Sendable {
        let context: MembershipContext
        let omission: MembershipOmission?
    }

    static func bytes(of opening: Opening) -> [UInt8] { MembershipSponge.bytes(of: opening.context) }

    static func challenge(
        _ opening: Opening, _ parameters: MembershipParameters<G>, element: Span<UInt8>, announcement: Span<UInt8>
    ) -> G.Scalar {
        var sponge = DuplexSponge(opening.context.session)
        sponge.absorb(lengthPrefixed(opening.context.statement))
        if opening.omission != .set { sponge.absorb(parameters.set.digest) }
        if opening.omission != .base { sponge.absorb(G.encode([parameters.blindingBase])) }
        if opening.omission != .element { sponge.absorb(element) }
        if opening.omission != .digits { sponge.absorb(announcement.extracting(0..<128)) }
        if opening.omission != .polynomial { sponge.absorb(announcement.extracting(128..<announcement.count)) }
        let wide = sponge.squeeze(G.Scalar.wideByteCount)
        return G.Scalar(reducingWide: wide.span)
    }
}

/// A transcript whose challenge the test chooses: rewinding.
enum ChosenMembershipTranscript: MembershipTranscript {
    typealias G = Ristretto255

    static func bytes(of opening: G.Scalar) -> [UInt8] { opening.bytes }

    static func challenge(
        _ opening: G.Scalar, _ parameters: MembershipParameters<G>, element: Span<UInt8>, announcement: Span<UInt8>
    ) -> G.Scalar { opening }
}

/// Values over the two bases of the members: `value B + blinding H`.
struct MembershipOpening {
    typealias S = Ristretto255.Scalar
    var value: S
    var blinding: S

    static func + (a: Self, b: Self) -> Self { Self(value: a.value + b.value, blinding: a.blinding + b.blinding) }
    static func * (x: S, a: Self) -> Self { Self(value: x * a.value, blinding: x * a.blinding) }
    static func - (a: Self, b: Self) -> Self { a + (-S.one) * b }

    static func random() -> Self { Self(value: FalseRelation.random(), blinding: FalseRelation.random()) }

    /// The commitment.
    var point: Ristretto255.Point {
        Ristretto255.vartimeMultiScalarMul([value, blinding], [Ristretto255.generator, FalseRelation.h])
    }
}

/// Someone who knows the openings of all members and departs from the prover of docs/protocol.md, section 11.3. All computations are on openings, none is
/// constant time.
struct MembershipForger {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar

    let members: [MembershipOpening]
    let parameters: MembershipParameters<G>
    /// `b_(j,i)`: weights, bits of an honest prover.
    var weights: [S]
    /// `a_(j,i)`.
    var masks: [S]
    /// `r_A r_B r_C r_D`.
    var blindings = (0..<4).map { _ in FalseRelation.random() }
    /// `Q_k` minus `P_k`; an honest prover has the value 0.
    var additions: [MembershipOpening]

    var digits: Int { parameters.set.shape.digits }

    /// Members that commit to 1, 2, ...; weights of member `index`.
    init(count: Int, index: Int = 0, members: [MembershipOpening]? = nil) throws {
        let members = members ?? (0..<count).map { MembershipOpening(value: S(UInt64($0 + 1)), blinding: FalseRelation.random()) }
        let parameters = try Self.parameters(members)
        let digits = parameters.set.shape.digits
        weights = (0..<4 * digits).map { index >> (2 * ($0 / 4)) & 3 == $0 % 4 ? .one : .zero }
        masks = (0..<digits).flatMap { _ in
            let own = (1..<4).map { _ in FalseRelation.random() }
            return [own.reduce(S.zero) { $0 - $1 }] + own
        }
        additions = (0..<digits).map { _ in MembershipOpening(value: .zero, blinding: FalseRelation.random()) }
        (self.members, self.parameters) = (members, parameters)
    }

    static func parameters(_ members: [MembershipOpening], base: G.Point = FalseRelation.h) throws -> MembershipParameters<G> {
        let encodings = G.encode(members.map(\.point))
        return try MembershipParameters(
            set: MembershipSet(canonical: encodings.span), blindingBase: base, generators: StandardMembershipGenerators.ristretto255)
    }

    /// `Com(v; r)`.
    func commitment(_ values: [S], _ blinding: S) -> G.Point {
        G.vartimeMultiScalarMul([blinding] + values, parameters.bases.points)
    }

    /// `sum_i prod_j factors[j][i_j] K_i` as an opening, for every power of `X`.
    func polynomial() -> [MembershipOpening] {
        let zero = MembershipOpening(value: .zero, blinding: .zero)
        var sum = [MembershipOpening](repeating: zero, count: digits + 1)
        for i in 0..<parameters.set.shape.places {
            var product = [S.one]
            for j in 0..<digits {
                let place = 4 * j + (i >> (2 * j) & 3)
                var next = [S](repeating: .zero, count: product.count + 1)
                for (k, coefficient) in product.enumerated() {
                    next[k] = next[k] + masks[place] * coefficient
                    next[k + 1] = next[k + 1] + weights[place] * coefficient
                }
                product = next
            }
            for k in product.indices { sum[k] = sum[k] + product[k] * members[min(i, members.count - 1)] }
        }
        return sum
    }

    /// `sum_i prod_j f_(j,i_j) K_i` as an opening.
    func sum(_ f: [S]) -> MembershipOpening {
        (0..<parameters.set.shape.places).reduce(MembershipOpening(value: .zero, blinding: .zero)) { sum, i in
            sum + Self.product(f, i, digits) * members[min(i, members.count - 1)]
        }
    }

    /// `p_i`.
    static func product(_ f: [S], _ i: Int, _ digits: Int) -> S {
        (0..<digits).reduce(S.one) { $0 * f[4 * $1 + (i >> (2 * $1) & 3)] }
    }

    func power(_ x: S, _ exponent: Int) -> S { (0..<exponent).reduce(S.one) { product, _ in product * x } }

    /// The element that the weights speak of, `K' = K - delta H`, and `delta`.
    func element(_ difference: S) -> MembershipOpening {
        polynomial()[digits] - MembershipOpening(value: .zero, blinding: difference)
    }

    // MARK: Messages

    /// `A B C D`.
    func digitAnnouncement() -> [G.Point] {
        let bits = weights.indices.map { masks[$0] - (masks[$0] + masks[$0]) * weights[$0] }
        return [
            commitment(masks, blindings[0]), commitment(weights, blindings[1]), commitment(bits, blindings[2]),
            commitment(masks.map { -($0 * $0) }, blindings[3]),
        ]
    }

    /// `Q_k` as openings.
    func setAnnouncement() -> [MembershipOpening] {
        let coefficients = polynomial()
        return (0..<digits).map { coefficients[$0] + additions[$0] }
    }

    /// `f_(j,i)`, those with `i = 0` too.
    func digitResponses(_ x: S) -> [S] { weights.indices.map { weights[$0] * x + masks[$0] } }

    /// The bytes of a proof.
    func bytes(_ announcement: [G.Point], _ f: [S], _ last: [S]) -> [UInt8] {
        G.encode(announcement) + (f.indices.filter { $0 % 4 > 0 }.map { f[$0] } + last).flatMap(\.bytes)
    }

    /// A proof by the rules for `element`: of a false statement in all but (M3), or in all but (M2) if weights are no bits.
    func proof<T: MembershipTranscript>(
        _ transcript: T.Type, _ opening: T.Opening, element: MembershipOpening, change: (inout [S]) -> Void = { _ in }
    ) -> [UInt8] where T.G == G {
        let q = setAnnouncement()
        let announcement = digitAnnouncement() + q.map(\.point)
        let x = Self.challenge(transcript, opening, parameters, element.point, announcement)
        let f = digitResponses(x)
        var last = [blindings[1] * x + blindings[0], blindings[2] * x + blindings[3], remainder(f, x, element, q).blinding]
        change(&last)
        return bytes(announcement, f, last)
    }

    /// `sum_i p_i K_i - x^m K' - sum_k x^k Q_k`: `z H` if (M3) holds.
    func remainder(_ f: [S], _ x: S, _ element: MembershipOpening, _ q: [MembershipOpening]) -> MembershipOpening {
        var sum = sum(f) - power(x, digits) * element
        for k in 0..<digits { sum = sum - power(x, k) * q[k] }
        return sum
    }

    /// `x`.
    static func challenge<T: MembershipTranscript>(
        _ transcript: T.Type, _ opening: T.Opening, _ parameters: MembershipParameters<G>, _ element: G.Point, _ announcement: [G.Point]
    ) -> S where T.G == G {
        let (encoded, sent) = (G.encode([element]), G.encode(announcement))
        return T.challenge(opening, parameters, element: encoded.span, announcement: sent.span)
    }
}
