// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
internal import Transcripts

/// The transcript of a folded proof before the weights are known: it starts with the whole statement.
///
/// The order of messages is the order of types, each of which consumes the one before: ``weighted()``, ``WeightedTranscript/announced(_:)``,
/// ``AnnouncedTranscript/answered(_:)``, ``TailTranscript/challenge(_:)`` once for each round, ``TailTranscript/ended(_:)``.
///
/// | step of docs/protocol.md 4.1 | bytes |
/// |---|---|
/// | 1 | session id of the tag; each item of the statement as `LE32(length) \|\| item` |
/// | 2 | squeeze 32: the seed of ``RowWeights`` |
/// | 3 | absorb `encode(t_D) \|\| encode(t_C)`; squeeze `Ns + 16`: `c` |
/// | 4 | absorb `z_rec \|\| z_subj \|\| z_s` |
/// | 5 | for each round absorb `encode(A_r) \|\| encode(B_r)`; squeeze `Ns + 16`: `e_r` |
/// | 6 | absorb the scalars that are left; squeeze 32, which names statement and proof |
public struct FoldedTranscript: ~Copyable, Sendable {
    private var sponge: DuplexSponge

    /// Absorbs the statement: everything that the verifier's equation will depend on, each row included.
    ///
    /// - Parameters:
    ///   - sessionTag: Names the argument, its codecs, its context and version. ASCII.
    ///   - statement: Items in an order and number that the tag fixes, each shorter than 2^32 bytes.
    public init(sessionTag: String, absorbing statement: [[UInt8]]) {
        sponge = DuplexSponge(SessionID(tag: sessionTag))
        for item in statement { sponge.absorb(lengthPrefixed(item)) }
    }

    /// Ends the statement and draws the weights of the rows.
    public consuming func weighted() -> WeightedTranscript {
        WeightedTranscript(sponge)
    }
}

/// The transcript of a folded proof after the weights were drawn.
public struct WeightedTranscript: ~Copyable, Sendable {
    private var sponge: DuplexSponge
    /// The weights of the rows.
    public let weights: RowWeights

    init(_ sponge: consuming DuplexSponge) {
        weights = RowWeights(seed: sponge.squeeze(32))
        self.sponge = sponge
    }

    /// Absorbs the announcement and draws the challenge.
    public consuming func announced<G: Group>(_ announcement: FoldedAnnouncement<G>) -> AnnouncedTranscript<G> {
        sponge.absorb(announcement.bytes)
        return AnnouncedTranscript(sponge)
    }
}

/// The transcript of a folded proof after the challenge was drawn.
public struct AnnouncedTranscript<G: Group>: ~Copyable, Sendable {
    private var sponge: DuplexSponge
    /// `c`.
    public let challenge: Challenge<G>

    init(_ sponge: consuming DuplexSponge) {
        challenge = Challenge(squeezing: &sponge)
        self.sponge = sponge
    }

    /// Absorbs the responses of the data points, which both equations share: from here on they are fixed.
    public consuming func answered(_ dataResponses: [G.Scalar]) -> TailTranscript<G> {
        if !Fault.isRemoved(.tailAbsorbResponses) { sponge.absorb(dataResponses.flatMap { $0.bytes }) }
        return TailTranscript(sponge)
    }
}

/// The transcript of a folded proof while its tail is halved.
public struct TailTranscript<G: Group>: ~Copyable, Sendable {
    private var sponge: DuplexSponge

    init(_ sponge: consuming DuplexSponge) {
        self.sponge = sponge
    }

    /// Absorbs the cross terms of a round and draws its challenge.
    public mutating func challenge(_ round: CompressedTail<G>.Round) -> Challenge<G> {
        if !Fault.isRemoved(.tailAbsorbRounds) { sponge.absorb(G.encode([round.left, round.right])) }
        return Challenge(squeezing: &sponge)
    }

    /// Absorbs the scalars that are left.
    ///
    /// - Returns: 32 bytes that bind the statement and every byte of the proof.
    public consuming func ended(_ last: [G.Scalar]) -> [UInt8] {
        if !Fault.isRemoved(.tailAbsorbLast) { sponge.absorb(last.flatMap { $0.bytes }) }
        return sponge.squeeze(32)
    }
}

/// The first message of a folded proof: the image of the nonces.
public struct FoldedAnnouncement<G: Group>: Sendable, Equatable {
    /// `t_D`, on the side of the data points.
    public let data: G.Point
    /// `t_C`, on the side of the consents.
    public let consent: G.Point

    /// The pair `(t_D, t_C)`.
    public init(data: G.Point, consent: G.Point) {
        self.data = data
        self.consent = consent
    }

    /// Whether one of the two is the identity; such an announcement is refused.
    public var hasIdentity: Bool { G.isIdentity(data) || G.isIdentity(consent) }

    /// `encode(t_D) || encode(t_C)`.
    public var bytes: [UInt8] { G.encode([data, consent]) }
}
