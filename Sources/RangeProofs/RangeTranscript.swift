// SPDX-License-Identifier: Apache-2.0

public import Groups

/// The transcript of a range proof: it begins with the statement, and each challenge depends on everything before it.
///
/// | message | challenge |
/// |---|---|
/// | statement, `A`, `S` | `y`, `z` |
/// | `T_1`, `T_2` | `x` |
/// | `t_x`, `tau_x`, `mu` | `w` |
/// | `L_k`, `R_k` | `u_k` |
///
/// Messages are the bytes of the proof in its order, so that what is absorbed is what is parsed.
public protocol RangeTranscript<G>: ~Copyable {
    /// The group.
    associatedtype G: Group
    /// What a transcript begins with besides the statement.
    associatedtype Opening: Sendable

    /// Whether a commitment may be the identity.
    static var acceptsIdentityCommitments: Bool { get }
    /// Everything in an opening, with one reading.
    static func bytes(of opening: Opening) -> [UInt8]

    /// Begins with the statement.
    ///
    /// - Parameter commitments: `V_0 ... V_(m-1)` encoded.
    init(_ opening: Opening, _ parameters: RangeParameters<G>, commitments: Span<UInt8>)
    /// Absorbs `A S`: `y` and `z`.
    mutating func vectorChallenges(_ announcement: Span<UInt8>) -> (y: G.Scalar, z: G.Scalar)
    /// Absorbs `T_1 T_2`: `x`.
    mutating func polynomialChallenge(_ announcement: Span<UInt8>) -> G.Scalar
    /// Absorbs `t_x tau_x mu`: `w`.
    mutating func productChallenge(_ responses: Span<UInt8>) -> G.Scalar
    /// Absorbs `L_k R_k`: `u_k`.
    mutating func roundChallenge(_ announcement: Span<UInt8>) -> G.Scalar

    /// The challenges of many proofs of one shape.
    ///
    /// - Parameters:
    ///   - commitments: `openings.count * parameters.statementByteCount` bytes.
    ///   - proofs: `openings.count * parameters.proofByteCount` bytes.
    static func challenges(
        _ openings: [Opening], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> [RangeChallenges<G>]
    /// The same in columns.
    static func challengeColumns(
        _ openings: [Opening], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> RangeChallengeColumns<G>
}

extension RangeTranscript where Self: ~Copyable {
    /// One after the other.
    public static func challenges(
        _ openings: [Opening], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> [RangeChallenges<G>] {
        challengesOneByOne(openings, parameters, commitments: commitments, proofs: proofs)
    }

    /// Those of ``challenges(_:_:commitments:proofs:)``.
    public static func challengeColumns(
        _ openings: [Opening], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> RangeChallengeColumns<G> {
        columns(challenges(openings, parameters, commitments: commitments, proofs: proofs), parameters)
    }

    /// Challenges, proof by proof, in columns.
    static func columns(_ all: [RangeChallenges<G>], _ parameters: RangeParameters<G>) -> RangeChallengeColumns<G> {
        RangeChallengeColumns(
            y: all.map { $0.y }, z: all.map { $0.z }, x: all.map { $0.x }, w: all.map { $0.w },
            u: (0..<parameters.rounds).map { round in all.map { $0.u[round] } })
    }

    /// One after the other.
    package static func challengesOneByOne(
        _ openings: [Opening], _ parameters: RangeParameters<G>, commitments: Span<UInt8>, proofs: Span<UInt8>
    ) -> [RangeChallenges<G>] {
        let layout = RangeProofLayout(parameters)
        return openings.indices.map { index in
            let start = index * parameters.statementByteCount
            let proof = index * parameters.proofByteCount
            func part(_ range: Range<Int>) -> Range<Int> { proof + range.lowerBound..<proof + range.upperBound }
            var transcript = Self(
                openings[index], parameters, commitments: commitments.extracting(start..<start + parameters.statementByteCount))
            let (y, z) = transcript.vectorChallenges(proofs.extracting(part(layout.vectors)))
            let x = transcript.polynomialChallenge(proofs.extracting(part(layout.polynomial)))
            let w = transcript.productChallenge(proofs.extracting(part(layout.responses)))
            var u: [G.Scalar] = []
            for round in 0..<parameters.rounds { u.append(transcript.roundChallenge(proofs.extracting(part(layout.round(round))))) }
            return RangeChallenges(y: y, z: z, x: x, w: w, u: u)
        }
    }
}

/// The verifier's messages of one range proof.
public struct RangeChallenges<G: Group>: Sendable, Equatable {
    /// Separates the bits.
    public let y: G.Scalar
    /// Separates the values.
    public let z: G.Scalar
    /// Where the polynomials are evaluated.
    public let x: G.Scalar
    /// The weight of the inner product.
    public let w: G.Scalar
    /// One for each round.
    public let u: [G.Scalar]
}

/// The verifier's messages of many range proofs of one shape, each a column over the proofs.
public struct RangeChallengeColumns<G: Group>: Sendable {
    /// ``RangeChallenges/y``.
    let y: [G.Scalar]
    /// ``RangeChallenges/z``.
    let z: [G.Scalar]
    /// ``RangeChallenges/x``.
    let x: [G.Scalar]
    /// ``RangeChallenges/w``.
    let w: [G.Scalar]
    /// ``RangeChallenges/u``, a column for each round.
    let u: [[G.Scalar]]
}

/// Where the parts of a proof are: `A S T_1 T_2 t_x tau_x mu L_0 R_0 ... a b`.
struct RangeProofLayout {
    private let point: Int
    private let scalar: Int
    private let rounds: Int

    init<G: Group>(_ parameters: RangeParameters<G>) {
        (point, scalar, rounds) = (G.pointByteCount, G.Scalar.byteCount, parameters.rounds)
    }

    /// `A S`.
    var vectors: Range<Int> { 0..<2 * point }
    /// `T_1 T_2`.
    var polynomial: Range<Int> { 2 * point..<4 * point }
    /// `t_x tau_x mu`.
    var responses: Range<Int> { 4 * point..<4 * point + 3 * scalar }
    /// `L_k R_k`.
    func round(_ k: Int) -> Range<Int> { responses.upperBound + 2 * k * point..<responses.upperBound + 2 * (k + 1) * point }
    /// `a b`.
    var last: Range<Int> {
        let start = responses.upperBound + 2 * rounds * point
        return start..<start + 2 * scalar
    }

    /// The number of elements: `A S T_1 T_2 L_0 R_0 ...`.
    var elementCount: Int { 4 + 2 * rounds }
    /// Element `place` of them.
    func element(_ place: Int) -> Range<Int> {
        let start = place < 4 ? place * point : responses.upperBound + (place - 4) * point
        return start..<start + point
    }
    /// The number of scalars: `t_x tau_x mu a b`.
    var scalarCount: Int { 5 }
    /// Scalar `slot` of them.
    func scalar(_ slot: Int) -> Range<Int> {
        let start = slot < 3 ? responses.lowerBound + slot * scalar : last.lowerBound + (slot - 3) * scalar
        return start..<start + scalar
    }
}
