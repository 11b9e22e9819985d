// SPDX-License-Identifier: Apache-2.0

/// The text `bundle` in the metadata of a bundle: what a dataset proof says about itself (docs/formats.md, Bundle).
///
/// Nothing here is verified. Signed notes and the registry leaf are texts; the verifier opens them.
public struct BundleHeader: BundleHeading, Hashable {
    /// In the text of a bundle of any kind.
    static let version = FormatVersion(1, of: "the text of a bundle")
    /// The kind of proof this program reads and writes.
    public static let kind = "dataset"
    /// The group.
    public static let suite = "ristretto255"
    /// The form of a proof about one schema.
    public static let form = "dataset/1"
    /// The form of a proof about several schemas.
    public static let severalForm = "dataset-schemas/1"
    /// The largest number of rows and of consents: 2^32.
    public static let countLimit = 1 << 32
    /// The largest number of ledgers.
    public static let ledgerLimit = 64
    /// The longest inclusion or consistency proof: two hashes a level of a tree of 2^64 leaves.
    public static let hashLimit = 128

    /// One ledger that the bundle's entries are in.
    public struct Ledger: Hashable, Sendable {
        /// The name of the ledger.
        public var origin: String
        /// The checkpoint of the consents log, a signed note.
        public var consents: String
        /// The checkpoint of the revocations log, a signed note.
        public var revocations: String
        /// An older checkpoint of the consents log, for `logged_by`.
        public var logged: Logged?

        /// A ledger with these checkpoints.
        public init(origin: String, consents: String, revocations: String, logged: Logged? = nil) {
            self.origin = origin
            self.consents = consents
            self.revocations = revocations
            self.logged = logged
        }
    }

    /// An older checkpoint of a consents log.
    public struct Logged: Hashable, Sendable {
        /// The signed note.
        public var checkpoint: String
        /// The consistency proof from it to the bundle's checkpoint, 32 bytes each.
        public var consistency: [[UInt8]]

        /// A checkpoint with its proof.
        public init(checkpoint: String, consistency: [[UInt8]]) {
            self.checkpoint = checkpoint
            self.consistency = consistency
        }
    }

    /// Where the dataset was registered.
    public struct ManifestEvidence: Hashable, Sendable {
        /// The name of the ledger whose registry log has the manifest.
        public var origin: String
        /// The checkpoint of that log, a signed note.
        public var checkpoint: String
        /// The registry leaf.
        public var entry: String
        /// The index of the leaf, below 2^53.
        public var index: UInt64
        /// The inclusion proof, 32 bytes each.
        public var inclusion: [[UInt8]]

        /// A manifest with its proof of inclusion.
        public init(origin: String, checkpoint: String, entry: String, index: UInt64, inclusion: [[UInt8]]) {
            self.origin = origin
            self.checkpoint = checkpoint
            self.entry = entry
            self.index = index
            self.inclusion = inclusion
        }
    }

    /// The number of rows N, in 1...2^32.
    public var dataPoints: Int
    /// The number of entries E, in 1...2^32.
    public var distinctConsents: Int
    /// Who made the proof.
    public var holder: String
    /// What the proof was made for; may be empty.
    public var context: String
    /// The ledgers, in strictly ascending order of the UTF-8 bytes of their origins.
    public var ledgers: [Ledger]
    /// The registration of the dataset.
    public var manifest: ManifestEvidence
    /// The digests of the schemas, 32 bytes each, in strictly ascending order; at least one.
    public var schemas: [[UInt8]]
    /// The statement digest, 32 bytes.
    public var statement: [UInt8]

    /// A header with these contents; ``check()`` is the caller's.
    public init(
        dataPoints: Int, distinctConsents: Int, holder: String, context: String, ledgers: [Ledger], manifest: ManifestEvidence,
        schema: [UInt8], statement: [UInt8]
    ) {
        self.init(
            dataPoints: dataPoints, distinctConsents: distinctConsents, holder: holder, context: context, ledgers: ledgers,
            manifest: manifest, schemas: [schema], statement: statement)
    }

    /// The same for several schemas.
    public init(
        dataPoints: Int, distinctConsents: Int, holder: String, context: String, ledgers: [Ledger], manifest: ManifestEvidence,
        schemas: [[UInt8]], statement: [UInt8]
    ) {
        self.dataPoints = dataPoints
        self.distinctConsents = distinctConsents
        self.holder = holder
        self.context = context
        self.ledgers = ledgers
        self.manifest = manifest
        self.schemas = schemas
        self.statement = statement
    }

    /// The schema digest, 32 bytes; of several the first.
    public var schema: [UInt8] {
        get { schemas.first ?? [] }
        set { schemas = [newValue] + schemas.dropFirst() }
    }

    /// The form of the proof.
    public var form: String { schemas.count == 1 ? Self.form : Self.severalForm }

    /// Refuses numbers out of range, digests of a wrong length, and ledgers that are not strictly ascending.
    ///
    /// - Throws: `bundle-count`, `bundle-schemas`, `bundle-member`, `bundle-ledgers`.
    func check() throws(ModelError) {
        try checkHeading()
        guard manifest.index <= UInt64(JSONValue.largestInteger) else {
            throw ModelError("bundle-member", "an index is too large")
        }
        try Self.check(hashes: manifest.inclusion)
    }

    /// Refuses a proof of the header that is too long, or has a hash that is not 32 bytes.
    ///
    /// - Throws: `bundle-member`.
    static func check(hashes: [[UInt8]]) throws(ModelError) {
        guard hashes.count <= hashLimit, hashes.allSatisfy({ $0.count == 32 }) else {
            throw ModelError("bundle-member", "a proof has more than \(hashLimit) hashes or a hash is not 32 bytes")
        }
    }
}
