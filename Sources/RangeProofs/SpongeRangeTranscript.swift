// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import Transcripts

/// What a range proof of ours is part of: the session, and the whole statement that surrounds it.
public struct RangeContext: Sendable, Equatable {
    /// Names the argument and its version.
    public let session: SessionID
    /// Everything else that the proof shall be bound to: policy, holder, the relation that links the commitments, its announcements.
    public let statement: [UInt8]

    /// A context.
    public init(session: SessionID, statement: [UInt8]) {
        self.session = session
        self.statement = statement
    }
}

/// The transcript of our range proofs: the duplex sponge over SHAKE128 (docs/protocol.md, section 10.2).
public struct SpongeRangeTranscript<G: Group>: RangeTranscript, ~Copyable, Sendable {
    public typealias Opening = RangeContext

    private var sponge: DuplexSponge

    public static var acceptsIdentityCommitments: Bool { false }
    public static func bytes(of opening: RangeContext) -> [UInt8] { opening.session.bytes + opening.statement }

    public init(_ opening: RangeContext, _ parameters: RangeParameters<G>, commitments: Span<UInt8>) {
        sponge = DuplexSponge(opening.session)
        sponge.absorb(Self.prefix(opening, parameters))
        if !Fault.isRemoved(.rangeAbsorbCommitments) { sponge.absorb(commitments) }
    }

    /// What is absorbed before the commitments: `LP(surrounding statement) LE32(n) LE32(m) B H`.
    static func prefix(_ opening: RangeContext, _ parameters: RangeParameters<G>) -> [UInt8] {
        var bytes: [UInt8] = []
        if !Fault.isRemoved(.rangeAbsorbContext) { bytes += lengthPrefixed(opening.statement) }
        if !Fault.isRemoved(.rangeAbsorbShape) { bytes += littleEndian(UInt32(parameters.bits)) + littleEndian(UInt32(parameters.count)) }
        if !Fault.isRemoved(.rangeAbsorbBases) { bytes += parameters.baseEncodings }
        return bytes
    }

    public mutating func vectorChallenges(_ announcement: Span<UInt8>) -> (y: G.Scalar, z: G.Scalar) {
        if !Fault.isRemoved(.rangeAbsorbVectors) { sponge.absorb(announcement) }
        let y = scalar()
        return (y, scalar())
    }

    public mutating func polynomialChallenge(_ announcement: Span<UInt8>) -> G.Scalar {
        if !Fault.isRemoved(.rangeAbsorbPolynomial) { sponge.absorb(announcement) }
        return scalar()
    }

    public mutating func productChallenge(_ responses: Span<UInt8>) -> G.Scalar {
        if !Fault.isRemoved(.rangeAbsorbResponses) { sponge.absorb(responses) }
        return scalar()
    }

    public mutating func roundChallenge(_ announcement: Span<UInt8>) -> G.Scalar {
        if !Fault.isRemoved(.rangeAbsorbRounds) { sponge.absorb(announcement) }
        return scalar()
    }

    private mutating func scalar() -> G.Scalar {
        let wide = sponge.squeeze(G.Scalar.wideByteCount)
        return G.Scalar(reducingWide: wide.span)
    }
}
