// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
public import Transcripts

/// `DeriveChallenge` of draft-irtf-cfrg-sigma-protocols-03 as a noncopyable value that starts with the whole statement.
///
/// `Init(session id)`, absorb the serialised relation, absorb the announcement, squeeze `Ns + 16` bytes.
public struct LinearTranscript<G: Group>: ~Copyable, Sendable {
    private var sponge: DuplexSponge

    /// Absorbs a statement.
    public init(_ sessionID: SessionID, _ relation: LinearRelation<G>) {
        sponge = DuplexSponge(sessionID)
        if !Fault.isRemoved(.linearAbsorbRelation) { sponge.absorb(relation.serialized) }
    }

    /// Absorbs the announcement, one element for each equation and none the identity, and draws the challenge.
    public consuming func challenge(announcement: [G.Point]) -> Challenge<G> {
        if !Fault.isRemoved(.linearAbsorbAnnouncement) { sponge.absorb(G.encode(announcement)) }
        return Challenge(squeezing: &sponge)
    }
}
