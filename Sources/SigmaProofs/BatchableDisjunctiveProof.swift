// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
public import Transcripts

/// A batchable proof of a disjunction: the announcements of all branches, one sub-challenge for each branch, the responses of all branches.
///
/// The tag of its session is that of ``SigmaTag/Flavor/disjunctiveBatchable``; that is the caller's, see ``SigmaTag``.
public struct BatchableDisjunctiveProof<G: Group>: Sendable, Equatable {
    /// The first message, branch after branch.
    public let announcement: [G.Point]
    /// Summing to the challenge.
    public let subchallenges: [G.Scalar]
    /// The responses, branch after branch.
    public let responses: [G.Scalar]

    /// A proof of its parts. For provers and tests.
    package init(announcement: [G.Point], subchallenges: [G.Scalar], responses: [G.Scalar]) {
        self.announcement = announcement
        self.subchallenges = subchallenges
        self.responses = responses
    }

    // MARK: Encoding

    /// The length in bytes of every such proof of `disjunction`.
    public static func byteCount(for disjunction: Disjunction<G>) -> Int {
        disjunction.equationCount * G.pointByteCount + (disjunction.branches.count + disjunction.scalarCount) * G.Scalar.byteCount
    }

    /// Parses ``bytes``; refuses another length, encodings that are not canonical and the identity.
    public init(parsing bytes: Span<UInt8>, for disjunction: Disjunction<G>) throws(ProofRejected) {
        let count = Self.byteCount(for: disjunction)
        guard bytes.count == count || (Fault.isRemoved(.orLength) && bytes.count > count) else { throw ProofRejected(.shape) }
        let split = disjunction.equationCount * G.pointByteCount
        announcement = try decodeAnnouncements(G.self, bytes.extracting(0..<split))
        let scalars = try decodeScalars(G.self, bytes.extracting(split..<count))
        subchallenges = Array(scalars[..<disjunction.branches.count])
        responses = Array(scalars[disjunction.branches.count...])
    }

    /// The encoding, ``byteCount(for:)`` bytes.
    public var bytes: [UInt8] {
        G.encode(announcement) + subchallenges.flatMap(\.bytes) + responses.flatMap(\.bytes)
    }

    // MARK: Verification

    /// Checks that the sub-challenges sum to the challenge and that every equation of every branch holds with its branch's sub-challenge.
    ///
    /// Timing: variable; everything is public.
    public func verify(_ disjunction: Disjunction<G>, session: SessionID) throws(ProofRejected) {
        try checkShape(disjunction)
        let challenge = DisjunctiveTranscript(session, disjunction).challenge(announcement: announcement)
        try check(disjunction, challenge: challenge.scalar)
    }

    /// Refuses counts that are not the statement's, and identity announcements.
    func checkShape(_ disjunction: Disjunction<G>) throws(ProofRejected) {
        guard announcement.count == disjunction.equationCount, subchallenges.count == disjunction.branches.count,
            responses.count == disjunction.scalarCount
        else { throw ProofRejected(.shape) }
        guard Fault.isRemoved(.orIdentity) || !announcement.contains(where: { G.isIdentity($0) })
        else { throw ProofRejected(.identityAnnouncement) }
    }

    /// The interactive verifier for a given challenge: without a transcript it proves nothing. Of a proof of the statement's shape.
    package func check(_ disjunction: Disjunction<G>, challenge: G.Scalar) throws(ProofRejected) {
        try Disjunction<G>.checkSum(subchallenges, challenge)
        let expected = disjunction.simulatedAnnouncement(subchallenges: subchallenges, responses: responses)
        guard Fault.isRemoved(.orEquation) || expected == announcement else { throw ProofRejected(.equation) }
    }
}
