// SPDX-License-Identifier: Apache-2.0
internal import AuditReport
internal import ConsentModel
internal import ConsentVerifier

/// One run over any number of bundles. What one bundle shows of a ledger is remembered for the next.
struct Verification {
    private let verifier: DatasetVerifier
    private(set) var evidence: EvidenceFiles
    private let now: UInt64
    private let folder: MemoryFolder?
    private var memory = LedgerMemory()

    init(verifier: DatasetVerifier, evidence: EvidenceFiles, now: UInt64, memory folder: MemoryFolder?) {
        self.verifier = verifier
        self.evidence = evidence
        self.now = now
        self.folder = folder
    }

    /// Reads what is remembered of the policy's ledgers.
    mutating func loadMemory() throws(ModelError) {
        if let folder { memory = try folder.load(origins: verifier.policy.acceptance.ledgers.map { $0.origin + "/revocations" }) }
    }

    /// The result for one bundle; `-` is standard input. What was learned of the ledgers is on the disk when this returns.
    ///
    /// - Throws: only when the memory cannot be written.
    mutating func verify(_ path: String) throws(ModelError) -> BundleResult {
        let bytes: [UInt8]
        do {
            bytes = try BundleSources.read(path)
        } catch {
            return BundleResult(file: path, unreadable: error.inFile(path))
        }
        let verdict: Verdict
        do {
            let bundle = try verifier.parse(bytes, file: path)
            verdict = try verifier.verify(bundle, evidence: evidence.evidence(for: bundle, now: now, memory: memory))
        } catch {
            return BundleResult(file: path, bytes: bytes, .unreadable(evidence.located(error, bundle: path)))
        }
        memory = verdict.memory
        try folder?.save(memory)
        return BundleResult(file: path, bytes: bytes, .judged(verdict))
    }
}
