// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
public import Transcripts

/// A compact proof of a disjunction: the sub-challenges, then the responses of all branches. Not batchable.
///
/// The tag of its session is that of ``SigmaTag/Flavor/disjunctiveCompact``; that is the caller's, see ``SigmaTag``.
public struct CompactDisjunctiveProof<G: Group>: Sendable, Equatable {
    /// Summing to the challenge.
    public let subchallenges: [G.Scalar]
    /// The responses, branch after branch.
    public let responses: [G.Scalar]

    /// A proof of its parts. For provers and tests.
    package init(subchallenges: [G.Scalar], responses: [G.Scalar]) {
        self.subchallenges = subchallenges
        self.responses = responses
    }

    /// The length in bytes of every such proof of `disjunction`.
    public static func byteCount(for disjunction: Disjunction<G>) -> Int {
        (disjunction.branches.count + disjunction.scalarCount) * G.Scalar.byteCount
    }

    /// Parses ``bytes``; refuses another length and scalars that are not canonical.
    public init(parsing bytes: Span<UInt8>, for disjunction: Disjunction<G>) throws(ProofRejected) {
        guard bytes.count == Self.byteCount(for: disjunction) else { throw ProofRejected(.shape) }
        let scalars = try decodeScalars(G.self, bytes)
        subchallenges = Array(scalars[..<disjunction.branches.count])
        responses = Array(scalars[disjunction.branches.count...])
    }

    /// The encoding, ``byteCount(for:)`` bytes.
    public var bytes: [UInt8] {
        subchallenges.flatMap(\.bytes) + responses.flatMap(\.bytes)
    }

    /// Recomputes the announcements and from them the challenge, which must be the sum of the sub-challenges.
    ///
    /// Timing: variable; everything is public.
    public func verify(_ disjunction: Disjunction<G>, session: SessionID) throws(ProofRejected) {
        guard subchallenges.count == disjunction.branches.count, responses.count == disjunction.scalarCount
        else { throw ProofRejected(.shape) }
        let announcement = disjunction.simulatedAnnouncement(subchallenges: subchallenges, responses: responses)
        guard Fault.isRemoved(.orIdentity) || !announcement.contains(where: { G.isIdentity($0) })
        else { throw ProofRejected(.identityAnnouncement) }
        let challenge = DisjunctiveTranscript(session, disjunction).challenge(announcement: announcement)
        try Disjunction<G>.checkSum(subchallenges, challenge.scalar)
    }
}
