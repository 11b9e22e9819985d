// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import Primitives
internal import SigmaProofs
public import Transcripts

/// What the linear parts of the unlinkable point proofs of one bundle are bound to besides their own elements (docs/protocol.md section
/// 14.2): all that a point proof is bound to, the range, and the set that the verifier makes of it.
public struct MemberSession: Hashable, Sendable {
    /// Policy, schema, holder, context and ledger.
    public var point: PointSession
    /// The leaf index of the first entry of the range.
    public var first: UInt64
    /// The number of entries in the range.
    public var count: Int
    /// The digest of the set, 32 bytes (section 11.1).
    public var set: [UInt8]

    /// A session of these parts.
    public init(point: PointSession, first: UInt64, count: Int, set: [UInt8]) {
        self.point = point
        self.first = first
        self.count = count
        self.set = set
    }

    /// `DeriveSessionID` of the items, each length-prefixed.
    public var id: SessionID {
        var tag = point.tag(application: "zkconsent/v1/member")
        var range: [UInt8] = []
        range.appendLE64(first)
        range.appendLE64(UInt64(count))
        if !Fault.isRemoved(.memberAbsorbRange) { tag.appendLengthPrefixed(range) }
        if !Fault.isRemoved(.memberAbsorbSet) { tag.appendLengthPrefixed(set) }
        return SessionID(tag: tag)
    }

    /// The session of every membership part.
    public static let membership = SessionID(tag: "zkconsent/v1/member-membership/ristretto255")
}

extension PointRelation {
    /// The session of unlinkable proofs about a range of a ledger.
    ///
    /// - Parameter set: the digest of the set that is made of the range.
    public func session(_ header: MemberHeader, set: [UInt8]) -> SessionID {
        MemberSession(
            point: PointSession(
                flavor: isDisjunction ? .disjunctiveBatchable : .batchable, statementDigest: statement.digest,
                schemaDigest: statement.schema.digest, holder: header.holder, context: header.context, origin: header.ledger.origin),
            first: header.first, count: header.count, set: set
        ).id
    }
}
