// SPDX-License-Identifier: Apache-2.0
import Groups
import Provers
import RangeProofs
import SigmaProofs
import Transcripts

/// What a transcript of a careless verifier leaves out.
enum RangeOmission: Sendable {
    case nothing, commitments, vectors, polynomial, rounds
}

/// The transcript of a verifier who does not absorb one of the messages: each forgery works against one of these.
struct CarelessTranscript: RangeTranscript, ~Copyable {
    typealias G = Ristretto255
    struct Opening: Sendable {
        let context: RangeContext
        let omission: RangeOmission
    }

    private var sponge: DuplexSponge
    private let omission: RangeOmission

    static var acceptsIdentityCommitments: Bool { false }
    static func bytes(of opening: Opening) -> [UInt8] { RangeSponge.bytes(of: opening.context) }

    init(_ opening: Opening, _ parameters: RangeParameters<G>, commitments: Span<UInt8>) {
        omission = opening.omission
        sponge = DuplexSponge(opening.context.session)
        sponge.absorb(lengthPrefixed(opening.context.statement))
        sponge.absorb(littleEndian(UInt32(parameters.bits)) + littleEndian(UInt32(parameters.count)))
        sponge.absorb(G.encode([parameters.valueBase, parameters.blindingBase]))
        if omission != .commitments { sponge.absorb(commitments) }
    }

    mutating func vectorChallenges(_ announcement: Span<UInt8>) -> (y: G.Scalar, z: G.Scalar) {
        if omission != .vectors { sponge.absorb(announcement) }
        let y = scalar()
        return (y, scalar())
    }

    mutating func polynomialChallenge(_ announcement: Span<UInt8>) -> G.Scalar {
        if omission != .polynomial { sponge.absorb(announcement) }
        return scalar()
    }

    mutating func productChallenge(_ responses: Span<UInt8>) -> G.Scalar {
        sponge.absorb(responses)
        return scalar()
    }

    mutating func roundChallenge(_ announcement: Span<UInt8>) -> G.Scalar {
        if omission != .rounds { sponge.absorb(announcement) }
        return scalar()
    }

    private mutating func scalar() -> G.Scalar {
        let wide = sponge.squeeze(G.Scalar.wideByteCount)
        return G.Scalar(reducingWide: wide.span)
    }
}

typealias RangeSponge = SpongeRangeTranscript<Ristretto255>

/// A prover that departs from the protocol: every step is a function of its own, on public numbers. One value of 8 bits.
struct RangeForger {
    typealias G = Ristretto255
    typealias S = Ristretto255.Scalar

    let parameters: RangeParameters<G>
    /// Of the bits of the value that it pretends.
    var left: [S]
    var right: [S]
    let gamma = FalseRelation.random()
    let alpha = FalseRelation.random()
    var rho = FalseRelation.random()
    let tau = [FalseRelation.random(), FalseRelation.random()]
    var leftMask: [S]
    var rightMask: [S]

    /// Pretends `pretended`.
    init(pretending pretended: UInt64 = 0) throws {
        parameters = try Self.parameters()
        left = (0..<8).map { S(pretended >> UInt64($0) & 1) }
        right = left.map { $0 - .one }
        leftMask = (0..<8).map { _ in FalseRelation.random() }
        rightMask = (0..<8).map { _ in FalseRelation.random() }
    }

    static func parameters(bits: Int = 8, count: Int = 1) throws -> RangeParameters<G> {
        try RangeParameters(
            bits: bits, count: count, valueBase: G.generator, blindingBase: FalseRelation.h,
            generators: StandardRangeGenerators.ristretto255)
    }

    func sum(_ scalars: [S], _ points: [G.Point]) -> G.Point { G.vartimeMultiScalarMul(scalars, points) }

    /// `v B + gamma H`.
    func commitment(_ value: S) -> G.Point { sum([value, gamma], [parameters.valueBase, parameters.blindingBase]) }

    /// `A S`.
    var vectors: [G.Point] {
        let bases = parameters.left + parameters.right + [parameters.blindingBase]
        return [sum(left + right + [alpha], bases), sum(leftMask + rightMask + [rho], bases)]
    }

    /// The coefficients of `l(X)` and `r(X)`.
    func polynomials(_ y: S, _ z: S) -> (l0: [S], l1: [S], r0: [S], r1: [S]) {
        let powers = Self.powers(y, 8)
        return (
            left.map { $0 - z }, leftMask,
            (0..<8).map { powers[$0] * (right[$0] + z) + z * z * S(UInt64(1) << UInt64($0)) }, S.products(powers, rightMask)
        )
    }

    static func powers(_ x: S, _ count: Int) -> [S] {
        var powers = [S.one]
        while powers.count < count { powers.append(powers[powers.count - 1] * x) }
        return powers
    }

    /// `delta(y, z)`.
    func delta(_ y: S, _ z: S) -> S {
        let sum = Self.powers(y, 8).reduce(S.zero) { $0 + $1 }
        return (z - z * z) * sum - z * z * z * S(UInt64(255))
    }

    /// `t_1`, `t_2`.
    func coefficients(_ y: S, _ z: S) -> [S] {
        let p = polynomials(y, z)
        return [S.innerProduct(p.l0, p.r1) + S.innerProduct(p.l1, p.r0), S.innerProduct(p.l1, p.r1)]
    }

    /// `T_1 T_2` that commit to these.
    func polynomial(_ t: [S]) -> [G.Point] {
        (0..<2).map { sum([t[$0], tau[$0]], [parameters.valueBase, parameters.blindingBase]) }
    }

    /// `l(x)`, `r(x)`.
    func evaluated(_ y: S, _ z: S, _ x: S) -> (l: [S], r: [S]) {
        let p = polynomials(y, z)
        return ((0..<8).map { p.l0[$0] + x * p.l1[$0] }, (0..<8).map { p.r0[$0] + x * p.r1[$0] })
    }

    /// `tau_x`.
    func blinding(_ z: S, _ x: S) -> S { tau[0] * x + tau[1] * x * x + z * z * gamma }
    /// `mu`.
    func vectorBlinding(_ x: S) -> S { alpha + rho * x }

    /// What of a proof is the forger's choice, given the challenges that it follows.
    struct Choices {
        /// Changes what is committed once `y`, `z` are known.
        var vectors: (inout RangeForger, _ y: S, _ z: S) -> Void = { _, _, _ in }
        /// `T_1 T_2`; `nil`: as the protocol says.
        var polynomial: ((RangeForger, _ y: S, _ z: S, _ x: S?) -> [G.Point])?
        /// `t_x tau_x mu` instead of those of the protocol.
        var responses: (RangeForger, _ y: S, _ z: S, _ x: S, _ honest: [S]) -> [S] = { $4 }
        /// Whether `L_0` is solved from (R2) in the end.
        var solvesRound = false
    }

    /// Follows the transcript, which it may know in advance where it is careless.
    func proof<T: RangeTranscript & ~Copyable>(
        _ transcript: T.Type, _ opening: T.Opening, commitments: [UInt8], _ choices: Choices = Choices(),
        knowsVectorChallenges: Bool = false,
        knowsPolynomialChallenge: Bool = false
    ) -> [UInt8] where T.G == G {
        var forger = self
        var sponge = T(opening, parameters, commitments: commitments.span)
        var announced = G.encode(forger.vectors)
        let (y, z) = sponge.vectorChallenges(announced.span)
        choices.vectors(&forger, y, z)
        if knowsVectorChallenges { announced = G.encode(forger.vectors) }

        // What is absorbed does not matter to a transcript that leaves it out.
        var placeholder = forger.polynomial(forger.coefficients(y, z))
        if let polynomial = choices.polynomial, !knowsPolynomialChallenge { placeholder = polynomial(forger, y, z, nil) }
        let x = sponge.polynomialChallenge(G.encode(placeholder).span)
        var polynomial = placeholder
        if let chosen = choices.polynomial, knowsPolynomialChallenge { polynomial = chosen(forger, y, z, x) }

        let (l, r) = forger.evaluated(y, z, x)
        let honest = [S.innerProduct(l, r), forger.blinding(z, x), forger.vectorBlinding(x)]
        let responses = choices.responses(forger, y, z, x, honest)
        let w = sponge.productChallenge(responses.flatMap(\.bytes).span)
        let weights = Self.powers(y.vartimeInverted() ?? .one, 8)
        let product = sum([w], [parameters.productBase])
        var argument = InnerProductProver<G>(
            left: parameters.left, right: parameters.right, rightWeights: weights, product: product, a: l, b: r)
        var rounds: [[G.Point]] = []
        var us: [S] = []
        while argument.length > 1 {
            let announcement = argument.announcement()
            let u = sponge.roundChallenge(G.encode(announcement).span)
            argument.fold(u, u.vartimeInverted() ?? .one)
            rounds.append(announcement)
            us.append(u)
        }
        if choices.solvesRound {
            // (R2) is off by w (t_x - <l, r>) U, for all else is as it should be: u_0^2 L_0 makes up for it.
            let inverse = us[0].vartimeInverted() ?? .one
            let excess = sum([w * (responses[0] - honest[0])], [parameters.productBase])
            rounds[0][0] = G.add(rounds[0][0], G.negate(sum([inverse * inverse], [excess])))
        }
        return announced + G.encode(polynomial) + responses.flatMap(\.bytes) + G.encode(rounds.flatMap { $0 }) + argument.a[0].bytes
            + argument.b[0].bytes
    }
}
