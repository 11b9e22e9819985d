// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
public import Transcripts

/// The challenge of an OR composition: `Init(session id)`, absorb ``Disjunction/serialized``, absorb the announcements of all branches in
/// order, squeeze `Ns + 16` bytes (docs/protocol.md, section 9).
public struct DisjunctiveTranscript<G: Group>: ~Copyable, Sendable {
    private var sponge: DuplexSponge

    /// Absorbs a statement: every branch, their order and their number.
    public init(_ sessionID: SessionID, _ disjunction: Disjunction<G>) {
        sponge = DuplexSponge(sessionID)
        if Fault.isRemoved(.orAbsorbBranches) { return }
        sponge.absorb(disjunction.serialized)
    }

    /// Absorbs the announcements, one element for each equation and none the identity, and draws the challenge.
    public consuming func challenge(announcement: [G.Point]) -> Challenge<G> {
        if !Fault.isRemoved(.orAbsorbAnnouncements) { sponge.absorb(G.encode(announcement)) }
        return Challenge(squeezing: &sponge)
    }
}
