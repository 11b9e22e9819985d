// SPDX-License-Identifier: Apache-2.0

public import Groups
internal import Transcripts

/// The transcript of a folded proof before the weights are known: it starts with the whole statement.
///
/// The order statement, weights, announcements, challenge is the order of types: ``weighted()`` consumes this value, and
/// ``WeightedTranscript/challenge(_:)`` consumes the next.
///
/// | step of DESIGN 4.3 | bytes |
/// |---|---|
/// | 1 | session id of the tag; each item of the statement as `LE32(length) \|\| item` |
/// | 2 | squeeze 32: the seed of ``RowWeights`` |
/// | 5 | absorb `encode(t_D) \|\| encode(t_C)`; squeeze `Ns + 16`: `c` |
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
    public consuming func challenge<G: Group>(_ announcement: FoldedAnnouncement<G>) -> Challenge<G> {
        sponge.absorb(announcement.bytes)
        return Challenge(squeezing: &sponge)
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
