// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import Groups
internal import Primitives
public import SigmaProofs
public import Transcripts

/// What the point proofs of one ledger in one bundle are bound to besides their own elements (docs/protocol.md section 12.2).
public struct PointSession: Hashable, Sendable {
    /// The flavour of the draft's proofs: that of a linear relation or of a disjunction.
    public var flavor: SigmaTag.Flavor
    /// The digest of the statement part of the policy, 32 bytes.
    public var statementDigest: [UInt8]
    /// The digest of the schema, 32 bytes.
    public var schemaDigest: [UInt8]
    /// Who makes the proof.
    public var holder: String
    /// What the proof is for.
    public var context: String
    /// The name `L` of the ledger.
    public var origin: String

    /// A session of these parts.
    public init(
        flavor: SigmaTag.Flavor = .batchable, statementDigest: [UInt8], schemaDigest: [UInt8], holder: String, context: String,
        origin: String
    ) {
        self.flavor = flavor
        self.statementDigest = statementDigest
        self.schemaDigest = schemaDigest
        self.holder = holder
        self.context = context
        self.origin = origin
    }

    /// `DeriveSessionID` of the items, each length-prefixed.
    public var id: SessionID { SessionID(tag: tag(application: "zkconsent/v1/point")) }

    /// The items, each length-prefixed.
    func tag(application: String) -> [UInt8] {
        var tag: [UInt8] = []
        func add(_ fault: Fault, _ value: [UInt8]) {
            if !Fault.isRemoved(fault) { tag.appendLengthPrefixed(value) }
        }
        tag.appendLengthPrefixed(Array(SigmaTag(application: application, flavor: flavor, group: Suite.self).text.utf8))
        add(.pointAbsorbStatement, statementDigest)
        add(.pointAbsorbSchema, schemaDigest)
        add(.pointAbsorbHolder, Array(holder.utf8))
        add(.pointAbsorbContext, Array(context.utf8))
        add(.pointAbsorbLedger, Array(origin.utf8))
        return tag
    }

    /// The session of every range part.
    public static let range = SessionID(tag: "zkconsent/v1/point-range/ristretto255")
}
