// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
public import Transcripts

/// A compact NARG string: the challenge, then the responses. Shorter than ``BatchableProof`` and not batchable.
///
/// The tag of its session must contain `CMPT` and the ciphersuite, see ``SigmaTag``.
public struct CompactProof<G: Group>: Sendable, Equatable {
    /// The challenge, as claimed.
    public let challenge: G.Scalar
    /// `nonce + challenge * witness`.
    public let responses: [G.Scalar]

    /// A proof of its parts. For provers and tests.
    package init(challenge: G.Scalar, responses: [G.Scalar]) {
        self.challenge = challenge
        self.responses = responses
    }

    /// The length in bytes of every compact proof of `relation`.
    public static func byteCount(for relation: LinearRelation<G>) -> Int {
        (1 + relation.scalarCount) * G.Scalar.byteCount
    }

    /// Parses a NARG string; refuses another length and scalars that are not canonical.
    public init(parsing bytes: Span<UInt8>, for relation: LinearRelation<G>) throws(ProofRejected) {
        guard bytes.count == Self.byteCount(for: relation) else { throw ProofRejected(.shape) }
        let scalars = try decodeScalars(G.self, bytes)
        challenge = scalars[0]
        responses = Array(scalars.dropFirst())
    }

    /// The NARG string.
    public var bytes: [UInt8] {
        challenge.bytes + responses.flatMap(\.bytes)
    }

    /// Recomputes the announcement `map(responses) - challenge * image` and from it the challenge, which must be the claimed one.
    ///
    /// Timing: variable; everything is public.
    public func verify(_ relation: LinearRelation<G>, session: SessionID) throws(ProofRejected) {
        guard responses.count == relation.scalarCount else { throw ProofRejected(.shape) }
        let announcement = relation.simulatedAnnouncement(challenge: challenge, responses: responses[...])
        guard Fault.isRemoved(.linearIdentity) || !announcement.contains(where: { G.isIdentity($0) })
        else { throw ProofRejected(.identityAnnouncement) }
        let expected = LinearTranscript(session, relation).challenge(announcement: announcement)
        guard Fault.isRemoved(.compactChallenge) || expected.scalar == challenge else { throw ProofRejected(.challenge) }
    }
}
