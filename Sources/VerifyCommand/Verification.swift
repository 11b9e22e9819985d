// SPDX-License-Identifier: Apache-2.0
internal import AuditReport
internal import ConsentModel
internal import ConsentVerifier

/// One run over any number of files with proofs. Each is judged under the newest list of withdrawals that any of them carries.
struct Verification {
    private let policy: Policy
    private let generators: GeneratorTable
    /// Made when the first bundle of each kind is there: a policy need not be servable by both.
    private var datasetVerifier: DatasetVerifier?
    private var pointVerifier: PointVerifier?
    private var memberVerifier: MemberVerifier?
    private(set) var evidence: EvidenceFiles
    private let now: UInt64
    private let folder: MemoryFolder?
    /// What was known of the ledgers before: every file is judged by it, whatever the others show.
    private var memory = LedgerMemory()
    private var learned = LedgerMemory()
    private var carried: CarriedRevocations?
    /// What came of reading standard input, which cannot be read again.
    private var standardInput: Result<[UInt8], ModelError>?
    /// The columns of the file that was read last; nil if it has none, and until ``isKeepingColumns``.
    private(set) var columns: (any BundleColumns)?
    /// Whether the columns are wanted.
    var isKeepingColumns = false

    /// - Throws: errors of the policy's schema.
    init(policy: Policy, evidence: EvidenceFiles, now: UInt64, memory folder: MemoryFolder?) throws(ModelError) {
        self.policy = policy
        generators = try GeneratorTable(policy.statement.schema)
        self.evidence = evidence
        self.now = now
        self.folder = folder
    }

    /// Reads what is remembered of the policy's ledgers.
    mutating func loadMemory() throws(ModelError) {
        if let folder { memory = try folder.load(origins: policy.acceptance.ledgers.map { $0.origin + "/revocations" }) }
        learned = memory
    }

    /// Looks at the lists of withdrawals of all files of the run, before the first is judged; one file by itself has no others. What cannot be read is
    /// passed over: it is told when it is judged.
    ///
    /// - Parameter progress: told the number of each path when it is begun.
    mutating func survey(_ paths: [String], progress: (Int) -> Void) {
        guard paths.count > 1 else { return }
        var found = CarriedRevocations(policy: policy, now: now)
        for (file, list) in evidence.lists { found.add(list, file: file) }
        for (number, path) in paths.enumerated() {
            progress(number)
            let content = Result { () throws(ModelError) in try BundleSources.read(path) }
            if let bytes = try? content.get() { found.add(carriedBy: bytes, file: path) }
            if path == "-" { standardInput = content }
        }
        carried = found
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
        var batch: BundleBatch?
        var results: [(result: BundleResult, isInBatch: Bool)] = []
        for number in paths.indices {
            progress(number)
            results.append(try begin(paths[number], in: &batch, isHashing: isHashing))
        }
        var verdicts = (batch?.close() ?? []).makeIterator()
        return results.map { result, isInBatch in
            guard isInBatch, let verdict = verdicts.next() else { return result }
            return BundleResult(result, verdict)
        }
    }

    /// Writes what was learned of the ledgers.
    func saveMemory() throws(ModelError) { try folder?.save(learned) }

    /// The result for the bundle of a dataset, with its columns. What was learned is written by ``saveMemory()``.
    ///
    /// - Throws: what makes it unusable.
    mutating func verifyDataset(_ path: String) throws(ModelError) -> (BundleResult, Bundle) {
        let otherKind = ModelError(
            "bundle-kind", "this is no bundle of a dataset", file: path, hint: "point proofs have no rows to draw from")
        let bytes = try BundleSources.read(path)
        guard ProofFileKind(of: bytes) == .dataset else { throw otherKind }
        try loadMemory()
        isKeepingColumns = true
        var batch: BundleBatch?
        let (result, _) = judge(bytes, path, in: &batch, isHashing: true)
        if case .unreadable(let error) = result.outcome { throw error }
        guard let verdict = batch?.close().first, let bundle = columns as? Bundle else { throw otherKind }
        return (BundleResult(result, verdict), bundle)
    }

    /// Reads a file with proofs and judges it, or adds it to `batch`: then the verdict in the result is none yet.
    private mutating func begin(
        _ path: String, in batch: inout BundleBatch?, isHashing: Bool
    ) throws(ModelError) -> (result: BundleResult, isInBatch: Bool) {
        let bytes: [UInt8]
        do {
            bytes = try read(path)
        } catch {
            return (BundleResult(file: path, unreadable: error.inFile(path)), false)
        }
        let result = judge(bytes, path, in: &batch, isHashing: isHashing)
        try saveMemory()
        return result
    }

    private mutating func judge(
        _ bytes: [UInt8], _ path: String, in batch: inout BundleBatch?, isHashing: Bool
    ) -> (result: BundleResult, isInBatch: Bool) {
        columns = nil
        let kind = ProofFileKind(of: bytes)
        let verdict: Verdict
        do {
            switch kind {
            case .dataset: verdict = try begin(bytes, path, in: &batch)
            case .points, .point: verdict = try judgePoints(bytes, path, isSingle: kind == .point)
            case .members: verdict = try judgeMembers(bytes, path)
            }
        } catch {
            return (BundleResult(file: path, bytes: bytes, hashing: isHashing, .unreadable(evidence.located(error, bundle: path))), false)
        }
        learned.merge(verdict.memory)
        return (BundleResult(file: path, bytes: bytes, hashing: isHashing, .judged(verdict)), kind == .dataset)
    }

    private mutating func read(_ path: String) throws(ModelError) -> [UInt8] {
        if path == "-", let known = standardInput.take() { return try known.get() }
        return try BundleSources.read(path)
    }

    private mutating func begin(_ bytes: [UInt8], _ path: String, in batch: inout BundleBatch?) throws(ModelError) -> Verdict {
        let verifier: DatasetVerifier
        if let known = datasetVerifier { verifier = known } else { verifier = try DatasetVerifier(policy: policy, generators: generators) }
        datasetVerifier = verifier
        let bundle = try verifier.parse(bytes, file: path)
        if isKeepingColumns { columns = bundle }
        var open = batch ?? BundleBatch(verifier)
        defer { batch = open }
        return try open.append(bundle, evidence: evidence.evidence(for: bundle, now: now, carried: carried, memory: memory))
    }

    /// The verdict on point proofs: a bundle, or a single one.
    private mutating func judgePoints(_ bytes: [UInt8], _ path: String, isSingle: Bool) throws(ModelError) -> Verdict {
        let verifier: PointVerifier
        if let known = pointVerifier { verifier = known } else { verifier = try PointVerifier(policy: policy, generators: generators) }
        pointVerifier = verifier
        let bundle =
            isSingle
            ? try verifier.bundle(of: PointFile(parsing: bytes, file: path), file: path) : try verifier.parse(bytes, file: path)
        if isKeepingColumns { columns = bundle }
        return try verifier.verify(bundle, evidence: evidence.evidence(for: bundle, now: now, carried: carried, memory: memory))
    }

    /// The verdict on a bundle of unlinkable point proofs.
    private mutating func judgeMembers(_ bytes: [UInt8], _ path: String) throws(ModelError) -> Verdict {
        let verifier: MemberVerifier
        if let known = memberVerifier { verifier = known } else { verifier = try MemberVerifier(policy: policy, generators: generators) }
        memberVerifier = verifier
        let bundle = try verifier.parse(bytes, file: path)
        if isKeepingColumns { columns = bundle }
        return try verifier.verify(bundle, evidence: evidence.evidence(for: bundle, now: now, carried: carried, memory: memory))
    }
}
