// SPDX-License-Identifier: Apache-2.0

internal import FaultInjection
public import Groups
public import Transcripts

/// What a membership proof is part of: the session, and the whole statement that surrounds it.
public struct MembershipContext: Sendable, Equatable {
    /// Names the argument and its version.
    public let session: SessionID
    /// Everything else that the proof shall be bound to: policy, holder, the relation in which the element occurs, its announcements.
    public let statement: [UInt8]

    /// A context.
    public init(session: SessionID, statement: [UInt8]) {
        self.session = session
        self.statement = statement
    }
}

/// The transcript of a membership proof: it has one challenge, which depends on the statement and the whole first message.
public protocol MembershipTranscript<G> {
    /// The group.
    associatedtype G: Group
    /// What a transcript begins with besides the statement.
    associatedtype Opening: Sendable

    /// Everything in an opening, with one reading.
    static func bytes(of opening: Opening) -> [UInt8]

    /// `x`.
    ///
    /// - Parameters:
    ///   - element: `K'` encoded.
    ///   - announcement: `A B C D Q_0 ... Q_(m-1)`, the bytes of the proof.
    static func challenge(
        _ opening: Opening, _ parameters: MembershipParameters<G>, element: Span<UInt8>, announcement: Span<UInt8>
    ) -> G.Scalar
}

/// Our transcript: the duplex sponge over SHAKE128 (docs/protocol.md, section 11.2).
public enum SpongeMembershipTranscript<G: Group>: MembershipTranscript {
    public typealias Opening = MembershipContext

    public static func bytes(of opening: MembershipContext) -> [UInt8] { opening.session.bytes + opening.statement }

    public static func challenge(
        _ opening: MembershipContext, _ parameters: MembershipParameters<G>, element: Span<UInt8>, announcement: Span<UInt8>
    ) -> G.Scalar {
        var sponge = DuplexSponge(opening.session)
        if !Fault.isRemoved(.membershipAbsorbContext) { sponge.absorb(lengthPrefixed(opening.statement)) }
        if !Fault.isRemoved(.membershipAbsorbSet) { sponge.absorb(parameters.set.digest) }
        if !Fault.isRemoved(.membershipAbsorbBase) { sponge.absorb(parameters.baseEncoding) }
        if !Fault.isRemoved(.membershipAbsorbElement) { sponge.absorb(element) }
        let digits = 4 * G.pointByteCount
        if !Fault.isRemoved(.membershipAbsorbDigits) { sponge.absorb(announcement.extracting(0..<digits)) }
        if !Fault.isRemoved(.membershipAbsorbPolynomial) { sponge.absorb(announcement.extracting(digits..<announcement.count)) }
        let wide = sponge.squeeze(G.Scalar.wideByteCount)
        return G.Scalar(reducingWide: wide.span)
    }
}
