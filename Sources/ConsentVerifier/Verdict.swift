// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import MerkleLog

/// The answer to one bundle under one policy.
public struct Verdict: Sendable {
    /// What is known of a ledger that the bundle draws on.
    public struct LedgerFacts: Sendable, Hashable {
        /// The name of the ledger.
        public let origin: String
        /// The size of the consents log that the entries are in.
        public let consentsSize: UInt64
        /// The size of the revocations log that counted.
        public let revocationsSize: UInt64
        /// The time of its checkpoint by the quorum of cosigners, seconds since 1970.
        public let revocationsTime: UInt64
        /// The size and time of a newer list that only told what was withdrawn since.
        public let newest: RevocationsHead?
        /// How many of the bundle's entries are in this ledger; of unlinkable proofs the members of the set.
        public internal(set) var consents: Int

        init(origin: String, consentsSize: UInt64, consents: Int, counted: LedgerCheck.SignedList, newest: LedgerCheck.SignedList) {
            self.origin = origin
            self.consentsSize = consentsSize
            self.consents = consents
            revocationsSize = counted.checkpoint.treeSize
            revocationsTime = counted.time
            let isCounted = newest.checkpoint == counted.checkpoint && newest.time == counted.time
            self.newest = isCounted ? nil : RevocationsHead(size: newest.checkpoint.treeSize, time: newest.time)
        }
    }

    /// A checkpoint of a revocations log.
    public struct RevocationsHead: Sendable, Hashable {
        /// The number of revocations.
        public let size: UInt64
        /// Its time by the quorum of cosigners, seconds since 1970.
        public let time: UInt64

        package init(size: UInt64, time: UInt64) {
            self.size = size
            self.time = time
        }
    }

    /// What an `as_of` policy lets stand although it was withdrawn after the lists that counted (docs/protocol.md section 8).
    public struct WithdrawnSince: Sendable, Hashable {
        /// The number of consents.
        public let consents: Int
        /// The number of data points that they cover, k of N; `nil` for unlinkable proofs, of which it cannot be told.
        public let dataPoints: Int?

        package init(consents: Int, dataPoints: Int?) {
            self.consents = consents
            self.dataPoints = dataPoints
        }
    }

    /// What unlinkable proofs are about.
    public struct MemberFacts: Sendable, Hashable {
        /// The leaf indices of the range in the ledger's consents log.
        public let range: Range<UInt64>
        /// The entries of the range that count: of the policy's schema, and not withdrawn.
        public let members: Int

        package init(range: Range<UInt64>, members: Int) {
            self.range = range
            self.members = members
        }
    }

    /// Why the bundle does not hold; empty if it holds.
    public internal(set) var findings: [Finding] = []
    /// The number of data points, N.
    public internal(set) var dataPoints: Int
    /// The number of distinct data-point commitments.
    public internal(set) var distinctDataPoints: Int
    /// The number of distinct consents, E. 0 for unlinkable proofs, of which it cannot be told.
    public internal(set) var distinctConsents: Int
    /// How many consents cover how many data points.
    public internal(set) var multiplicities: Multiplicities
    /// What is known to have been withdrawn since; `nil` where the policy wants a current list.
    public internal(set) var withdrawnSince: WithdrawnSince?
    /// The set of unlinkable proofs, if it could be made; `nil` for other kinds.
    public internal(set) var members: MemberFacts?
    /// What was proved: a registered dataset as a whole, or data points one by one.
    public internal(set) var kind = Statement.ProofKind.dataset
    /// Who made the proof, as the registered manifest says; of point proofs, as their maker says.
    public internal(set) var holder: String
    /// The name of the dataset in the registered manifest; empty if there is none.
    public internal(set) var dataset = ""
    /// What the proof was made for.
    public internal(set) var context: String
    /// The ledgers whose checkpoints were accepted.
    public internal(set) var ledgers: [LedgerFacts] = []
    /// What is under which schema of a policy that lists several; empty if it has one.
    public internal(set) var schemas: [SchemaFacts] = []
    /// The length of the proof in bytes.
    public internal(set) var proofByteCount: Int
    /// The length of the columns in bytes, decoding advice included.
    public internal(set) var columnByteCount: Int
    /// The length of inclusion proofs and revocation lists in bytes.
    public internal(set) var evidenceByteCount: Int
    /// What the auditor remembers from now on. It grows with every signed log, whether the bundle holds or not.
    public internal(set) var memory: LedgerMemory

    /// The positions of entries that are known to have been withdrawn since; empty once they are counted.
    var entriesWithdrawnSince: Set<Int> = []

    /// The largest number of data points that one consent covers.
    public var mostPerConsent: Int { multiplicities.most }

    /// Whether every check passed.
    public var holds: Bool { findings.isEmpty }

    /// At most this many findings of one kind are listed; the last then says how many more there are.
    static let listLimit = 10

    init(_ bundle: some BundleColumns, memory: LedgerMemory) {
        let header = bundle.header
        dataPoints = header.dataPoints
        distinctConsents = header.distinctConsents
        holder = header.holder
        context = header.context
        self.memory = memory
        proofByteCount = bundle.proofByteCount
        columnByteCount =
            8 * (bundle.positions.count + bundle.entryLedgers.count + bundle.entryIndices.count) + bundle.dataPoints.byteCount
            + bundle.entries.byteCount + bundle.adviceByteCount
        evidenceByteCount = (bundle.inclusions + bundle.revocations).reduce(0) { $0 + $1.byteCount }

        multiplicities = Multiplicities(positions: bundle.positions, consents: header.distinctConsents)
        distinctDataPoints = bundle.dataPoints.withSpan { RowTable($0).distinctCount }
    }

    /// Sets ``withdrawnSince`` from ``entriesWithdrawnSince``.
    mutating func countWithdrawnSince(_ positions: U64Column) {
        let entries = entriesWithdrawnSince
        entriesWithdrawnSince = []
        guard !entries.isEmpty else {
            withdrawnSince = WithdrawnSince(consents: 0, dataPoints: 0)
            return
        }
        var isSince = [Bool](repeating: false, count: distinctConsents)
        for entry in entries { isSince[entry] = true }
        let rows = positions.withSpan { positions in
            var rows = 0
            for row in positions.indices where isSince[Int(positions[row])] { rows += 1 }
            return rows
        }
        withdrawnSince = WithdrawnSince(consents: entries.count, dataPoints: rows)
    }

    /// Adds the findings about the first few of many entries, and how many were left out. Only those few are made.
    ///
    /// - Parameter limit: at least ``listLimit``: no more than so many are counted. More entries than that mean that there are further ones, and that
    ///   nobody knows how many.
    mutating func add(_ positions: [Int], limit: Int = .max, _ finding: (Int) -> Finding) {
        findings += positions.prefix(Self.listLimit).map(finding)
        guard positions.count > Self.listLimit, let last = findings.last else { return }
        let more = min(positions.count, limit) - Self.listLimit
        let rest = [
            more > 0 ? "and \(more) more of the same kind" : nil,
            positions.count > limit ? "further rows do not hold or were not looked at" : nil,
        ].compactMap { $0 }.joined(separator: "; ")
        findings.append(Finding(last.code, rest, ledger: last.ledger, reason: last.reason))
    }
}
