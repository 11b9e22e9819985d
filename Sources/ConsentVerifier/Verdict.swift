// SPDX-License-Identifier: Apache-2.0
public import ConsentModel

/// The answer to one bundle under one policy.
public struct Verdict: Sendable {
    /// What is known of a ledger that the bundle draws on.
    public struct LedgerFacts: Sendable, Hashable {
        /// The name of the ledger.
        public let origin: String
        /// The size of the consents log that the entries are in.
        public let consentsSize: UInt64
        /// The size of the revocations log that was applied.
        public let revocationsSize: UInt64
        /// The time of the revocations checkpoint by the quorum of cosigners, seconds since 1970.
        public let revocationsTime: UInt64
        /// How many of the bundle's entries are in this ledger.
        public let consents: Int
    }

    /// Why the bundle does not hold; empty if it holds.
    public internal(set) var findings: [Finding] = []
    /// The number of data points, N.
    public internal(set) var dataPoints: Int
    /// The number of distinct data-point commitments.
    public internal(set) var distinctDataPoints: Int
    /// The number of distinct consents, E.
    public internal(set) var distinctConsents: Int
    /// The largest number of data points that one consent covers.
    public internal(set) var mostPerConsent: Int
    /// What was proved: a registered dataset as a whole, or data points one by one.
    public internal(set) var kind = Statement.ProofKind.dataset
    /// Who made the proof, as the registered manifest says.
    public internal(set) var holder: String
    /// The name of the dataset in the registered manifest; empty if there is none.
    public internal(set) var dataset = ""
    /// What the proof was made for.
    public internal(set) var context: String
    /// The ledgers whose checkpoints were accepted.
    public internal(set) var ledgers: [LedgerFacts] = []
    /// The length of the proof in bytes.
    public internal(set) var proofByteCount: Int
    /// The length of the columns in bytes, decoding advice included.
    public internal(set) var columnByteCount: Int
    /// The length of inclusion proofs and revocation lists in bytes.
    public internal(set) var evidenceByteCount: Int
    /// What the auditor remembers from now on. It grows with every signed log, whether the bundle holds or not.
    public internal(set) var memory: LedgerMemory

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

        var uses = [UInt32](repeating: 0, count: header.distinctConsents)
        bundle.positions.withSpan { positions in
            for row in positions.indices { uses[Int(positions[row])] += 1 }
        }
        mostPerConsent = Int(uses.max() ?? 0)
        distinctDataPoints = bundle.dataPoints.withSpan { RowTable($0).distinctCount }
    }

    /// Adds the findings about the first few of many entries, and how many were left out. Only those few are made.
    mutating func add(_ positions: [Int], _ finding: (Int) -> Finding) {
        findings += positions.prefix(Self.listLimit).map(finding)
        if positions.count > Self.listLimit, let last = findings.last {
            findings.append(
                Finding(
                    last.code, "and \(positions.count - Self.listLimit) more of the same kind", ledger: last.ledger, reason: last.reason))
        }
    }
}
