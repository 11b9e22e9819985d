// SPDX-License-Identifier: Apache-2.0
public import MerkleLog

/// What an auditor demands, in two parts (docs/formats.md, Policy).
public struct Policy: Hashable, Sendable {
    /// The name.
    public let name: String
    /// What every row must satisfy under the schema of its entry: proved, and part of the transcript through its digest.
    public let statements: Statements
    /// Whom and what the auditor accepts: never part of a proof, so that one proof serves many auditors.
    public let acceptance: Acceptance

    /// A policy of these parts.
    public init(name: String, statement: Statement, acceptance: Acceptance) {
        self.init(name: name, statements: Statements(statement), acceptance: acceptance)
    }

    /// A policy about several schemas.
    public init(name: String, statements: Statements, acceptance: Acceptance) {
        self.name = name
        self.statements = statements
        self.acceptance = acceptance
    }

    /// The statement, of the first schema if there are several. What is not for several schemas asks `require(servableBy:)`.
    public var statement: Statement { statements.parts[0] }
}

extension Policy {
    /// The part of a policy that is not proved.
    public struct Acceptance: Hashable, Sendable {
        /// The trusted ledgers, with distinct origins; at least one.
        public let ledgers: [Ledger]
        /// How recent the revocations must be.
        public let freshness: Freshness
        /// Every entry must have been in the log by the end of this day.
        public let loggedBy: Day?
        /// The smallest number of distinct consents.
        public let minimumDistinctConsents: UInt64?
        /// Whether every row needs a consent of its own.
        public let isOneToOne: Bool
        /// What the bundle's context must equal.
        public let context: String?

        /// An acceptance of these parts.
        public init(
            ledgers: [Ledger], freshness: Freshness, loggedBy: Day? = nil, minimumDistinctConsents: UInt64? = nil,
            isOneToOne: Bool = false, context: String? = nil
        ) {
            self.ledgers = ledgers
            self.freshness = freshness
            self.loggedBy = loggedBy
            self.minimumDistinctConsents = minimumDistinctConsents
            self.isOneToOne = isOneToOne
            self.context = context
        }

        /// The trusted ledger with this origin, byte for byte.
        public func ledger(origin: String) -> Ledger? {
            ledgers.first { $0.origin.utf8.elementsEqual(origin.utf8) }
        }
    }

    /// A trusted issuer's ledger.
    public struct Ledger: Hashable, Sendable {
        /// The name `L` of the ledger; its logs are `L/consents`, `L/revocations` and `L/registry`.
        public let origin: String
        /// The issuer's key under the name `L` (type 0x01); the logs' keys have the same public key under their own names.
        public let key: VerifierKey
        /// How many of the cosigners must have signed a checkpoint, `0...cosigners.count`; 0 only without cosigners.
        public let quorum: Int
        /// The cosigners' keys (type 0x04) with distinct public keys.
        public let cosigners: [VerifierKey]

        /// A ledger of these parts.
        public init(origin: String, key: VerifierKey, quorum: Int = 0, cosigners: [VerifierKey] = []) {
            self.origin = origin
            self.key = key
            self.quorum = quorum
            self.cosigners = cosigners
        }
    }

    /// How recent the revocations must be (docs/protocol.md section 8).
    public enum Freshness: Hashable, Sendable {
        /// Now minus the time of the revocations checkpoint is at most this many seconds.
        case current(maximumAge: UInt64)
        /// That time is at or after the end of the last day of `in_force`.
        case asOf
    }
}
