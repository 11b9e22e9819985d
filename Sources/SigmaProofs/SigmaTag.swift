// SPDX-License-Identifier: Apache-2.0

public import Groups
public import Transcripts

/// The tag of a session of draft-irtf-cfrg-sigma-protocols-03: `<application>-<flavor>-with-<ciphersuite>`.
///
/// Each flavor has its own, or a proof of one could be turned into a proof of the other. Read from the end a tag has one reading: no flavor
/// follows a hyphen within another.
public struct SigmaTag: Sendable, Hashable {
    /// The serialisation of the proof.
    public enum Flavor: String, Sendable {
        /// ``BatchableProof``.
        case batchable = "DSFS"
        /// ``CompactProof``.
        case compact = "CMPT"
        /// ``BatchableDisjunctiveProof``.
        case disjunctiveBatchable = "ORDSFS"
        /// ``CompactDisjunctiveProof``.
        case disjunctiveCompact = "ORCMPT"
    }

    /// The tag, ASCII if the application's name is.
    public let text: String

    /// The tag of an application's context (name, version, epoch) for proofs over `group`.
    public init<G: Group>(application: String, flavor: Flavor, group: G.Type) {
        text = "\(application)-\(flavor.rawValue)-with-\(Self.ciphersuite(group))"
    }

    /// The session that this tag names.
    public var session: SessionID { SessionID(tag: text) }

    /// `sigma-proofs_Shake128_<group>`. The draft's identifier for the group of BLS12-381 has no `G1`.
    public static func ciphersuite<G: Group>(_ group: G.Type) -> String {
        "sigma-proofs_Shake128_" + (G.name == "BLS12381G1" ? "BLS12381" : G.name)
    }
}
