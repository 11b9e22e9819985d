// SPDX-License-Identifier: Apache-2.0

private import FaultInjection
public import Groups
public import Transcripts

/// A batchable NARG string: the announcement, one element for each equation, then the responses, one for each secret scalar.
///
/// The tag of its session must contain `DSFS` and the ciphersuite; that is the caller's, see ``SigmaTag``.
public struct BatchableProof<G: Group>: Sendable, Equatable {
    /// The first message.
    public let announcement: [G.Point]
    /// `nonce + challenge * witness`.
    public let responses: [G.Scalar]

    /// A proof of its parts. For provers and tests.
    package init(announcement: [G.Point], responses: [G.Scalar]) {
        self.announcement = announcement
        self.responses = responses
    }

    /// The length in bytes of every batchable proof of `relation`.
    public static func byteCount(for relation: LinearRelation<G>) -> Int {
        relation.equations.count * G.pointByteCount + relation.scalarCount * G.Scalar.byteCount
    }

    /// Parses a NARG string; refuses another length, encodings that are not canonical and the identity.
    public init(parsing bytes: Span<UInt8>, for relation: LinearRelation<G>) throws(ProofRejected) {
        let count = Self.byteCount(for: relation)
        guard bytes.count == count || (Fault.isRemoved(.linearLength) && bytes.count > count) else { throw ProofRejected(.shape) }
        let split = relation.equations.count * G.pointByteCount
        announcement = try decodeAnnouncements(G.self, bytes.extracting(0..<split))
        responses = try decodeScalars(G.self, bytes.extracting(split..<count))
    }

    /// The NARG string.
    public var bytes: [UInt8] {
        G.encode(announcement) + responses.flatMap(\.bytes)
    }

    /// Checks `map(responses)[i] == announcement[i] + challenge * image[i]` for every equation, each on its own.
    ///
    /// Timing: variable; everything is public.
    public func verify(_ relation: LinearRelation<G>, session: SessionID) throws(ProofRejected) {
        try checkShape(relation)
        let challenge = LinearTranscript(session, relation).challenge(announcement: announcement)
        guard Fault.isRemoved(.linearEquation) || satisfies(relation, challenge: challenge.scalar) else { throw ProofRejected(.equation) }
    }

    /// Refuses counts that are not the relation's, and identity announcements.
    func checkShape(_ relation: LinearRelation<G>) throws(ProofRejected) {
        guard announcement.count == relation.equations.count, responses.count == relation.scalarCount
        else { throw ProofRejected(.shape) }
        guard Fault.isRemoved(.linearIdentity) || !announcement.contains(where: { G.isIdentity($0) })
        else { throw ProofRejected(.identityAnnouncement) }
    }

    /// The equations of the interactive verifier for a given challenge: without a transcript it proves nothing.
    package func satisfies(_ relation: LinearRelation<G>, challenge: G.Scalar) -> Bool {
        relation.simulatedAnnouncement(challenge: challenge, responses: responses[...]) == announcement
    }
}
