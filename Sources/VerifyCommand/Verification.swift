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

    /// The results for bundles, whose equations are checked together; `-` is standard input. What was learned of the ledgers is on the disk when
    /// this returns.
    ///
    /// - Parameters:
    ///   - paths: at most ``BundleBatch/capacity``.
    ///   - isHashing: whether the digests of the files are wanted.
    ///   - progress: told the number of each path when it is begun.
    /// - Throws: only when the memory cannot be written.
    mutating func verify(
        _ paths: ArraySlice<String>, isHashing: Bool, progress: (Int) -> Void
    ) throws(ModelError) -> [BundleResult] {
        var batch = BundleBatch(verifier)
        var results: [BundleResult] = []
        for number in paths.indices {
            progress(number)
            results.append(try begin(paths[number], in: &batch, isHashing: isHashing))
        }
        var verdicts = batch.close().makeIterator()
        return results.map { result in
            guard result.verdict != nil, let verdict = verdicts.next() else { return result }
            return BundleResult(result, verdict)
        }
    }

    /// Reads a bundle and adds it to `batch`; the verdict in the result is none yet, but there is one for each bundle of the batch.
    private mutating func begin(_ path: String, in batch: inout BundleBatch, isHashing: Bool) throws(ModelError) -> BundleResult {
        let bytes: [UInt8]
        do {
            bytes = try BundleSources.read(path)
        } catch {
            return BundleResult(file: path, unreadable: error.inFile(path))
        }
        let verdict: Verdict
        do {
            let bundle = try verifier.parse(bytes, file: path)
            verdict = try batch.append(bundle, evidence: evidence.evidence(for: bundle, now: now, memory: memory))
        } catch {
            return BundleResult(file: path, bytes: bytes, hashing: isHashing, .unreadable(evidence.located(error, bundle: path)))
        }
        memory = verdict.memory
        try folder?.save(memory)
        return BundleResult(file: path, bytes: bytes, hashing: isHashing, .judged(verdict))
    }
}
