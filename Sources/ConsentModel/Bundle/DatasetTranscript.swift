// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import Primitives
public import SigmaProofs

/// Everything that a dataset proof is bound to (docs/protocol.md section 4.1, item 1), for the prover and the verifier alike.
public struct DatasetContext: Hashable, Sendable {
    /// A ledger and the checkpoints that the entries and revocations are held to.
    public struct Ledger: Hashable, Sendable {
        /// The number of the ledger in the bundle, from 0.
        public var number: UInt64
        /// The name of the ledger.
        public var origin: String
        /// The size of the consents log.
        public var consentsSize: UInt64
        /// The root of the consents log, 32 bytes.
        public var consentsRoot: [UInt8]
        /// The size of the revocations log.
        public var revocationsSize: UInt64
        /// The root of the revocations log, 32 bytes.
        public var revocationsRoot: [UInt8]

        /// A ledger with these checkpoints.
        public init(
            number: UInt64, origin: String, consentsSize: UInt64, consentsRoot: [UInt8], revocationsSize: UInt64, revocationsRoot: [UInt8]
        ) {
            self.number = number
            self.origin = origin
            self.consentsSize = consentsSize
            self.consentsRoot = consentsRoot
            self.revocationsSize = revocationsSize
            self.revocationsRoot = revocationsRoot
        }
    }

    /// The group.
    public var suite: String
    /// The form of the proof.
    public var form: String
    /// The digest of the statement part of the policy, 32 bytes.
    public var statementDigest: [UInt8]
    /// The digests of the schemas, 32 bytes each, ascending; at least one.
    public var schemaDigests: [[UInt8]]
    /// Who makes the proof.
    public var holder: String
    /// What the proof is for.
    public var context: String
    /// N, the number of rows.
    public var dataPoints: UInt64
    /// The name of the ledger whose registry has the manifest.
    public var manifestOrigin: String
    /// The root of the manifest, 32 bytes.
    public var manifestRoot: [UInt8]
    /// The ledgers in the order of the bundle.
    public var ledgers: [Ledger]
    /// E, the number of distinct consents.
    public var distinctConsents: UInt64
    /// The digest of the rows, 32 bytes; see ``RowsDigest``.
    public var rowsDigest: [UInt8]

    /// A context with these contents.
    public init(
        suite: String = BundleHeader.suite, form: String = BundleHeader.form, statementDigest: [UInt8], schemaDigest: [UInt8],
        holder: String, context: String, dataPoints: UInt64, manifestOrigin: String, manifestRoot: [UInt8], ledgers: [Ledger],
        distinctConsents: UInt64, rowsDigest: [UInt8]
    ) {
        self.init(
            suite: suite, form: form, statementDigest: statementDigest, schemaDigests: [schemaDigest], holder: holder, context: context,
            dataPoints: dataPoints, manifestOrigin: manifestOrigin, manifestRoot: manifestRoot, ledgers: ledgers,
            distinctConsents: distinctConsents, rowsDigest: rowsDigest)
    }

    /// A context of several schemas, or of one; the form follows from their number.
    public init(
        suite: String = BundleHeader.suite, form: String? = nil, statementDigest: [UInt8], schemaDigests: [[UInt8]],
        holder: String, context: String, dataPoints: UInt64, manifestOrigin: String, manifestRoot: [UInt8], ledgers: [Ledger],
        distinctConsents: UInt64, rowsDigest: [UInt8]
    ) {
        self.suite = suite
        self.form = form ?? (schemaDigests.count == 1 ? BundleHeader.form : BundleHeader.severalForm)
        self.statementDigest = statementDigest
        self.schemaDigests = schemaDigests
        self.holder = holder
        self.context = context
        self.dataPoints = dataPoints
        self.manifestOrigin = manifestOrigin
        self.manifestRoot = manifestRoot
        self.ledgers = ledgers
        self.distinctConsents = distinctConsents
        self.rowsDigest = rowsDigest
    }

    /// The digest of the schema, 32 bytes; of several the first.
    public var schemaDigest: [UInt8] {
        get { schemaDigests.first ?? [] }
        set { schemaDigests = [newValue] + schemaDigests.dropFirst() }
    }
}

/// The beginning of the transcript of a dataset proof: one list of items, used by both sides.
public enum DatasetTranscript {
    /// The tag of the session id.
    public static let sessionTag = "zkconsent/v1/dataset/ristretto255"

    /// The items in the order of docs/protocol.md section 4.1; each is absorbed as `LP(item)`.
    public static func items(_ context: DatasetContext) -> [[UInt8]] {
        var items: [[UInt8]] = []
        func add(_ fault: Fault, _ values: [UInt8]...) {
            if !Fault.isRemoved(fault) { items += values }
        }
        add(.absorbSuite, utf8(context.suite))
        add(.absorbForm, utf8(context.form))
        add(.absorbStatement, context.statementDigest)
        if context.schemaDigests.count == 1 {
            add(.absorbSchema, context.schemaDigest)
        } else {
            add(.absorbSchemas, le64(UInt64(context.schemaDigests.count)))
            for digest in context.schemaDigests { add(.absorbSchemas, digest) }
        }
        add(.absorbHolder, utf8(context.holder))
        add(.absorbContext, utf8(context.context))
        add(.absorbN, le64(context.dataPoints))
        add(.absorbManifest, utf8(context.manifestOrigin), context.manifestRoot)
        add(.absorbLedgers, le64(UInt64(context.ledgers.count)))
        for ledger in context.ledgers {
            add(
                .absorbLedgers, le64(ledger.number), utf8(ledger.origin), le64(ledger.consentsSize), ledger.consentsRoot,
                le64(ledger.revocationsSize), ledger.revocationsRoot)
        }
        add(.absorbDistinct, le64(context.distinctConsents))
        add(.absorbRows, context.rowsDigest)
        return items
    }

    /// The transcript that has absorbed `context`.
    public static func begin(_ context: DatasetContext) -> FoldedTranscript {
        FoldedTranscript(sessionTag: sessionTag, absorbing: items(context))
    }

    private static func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func le64(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}
