// SPDX-License-Identifier: Apache-2.0
public import ConsentModel
internal import ConsentProver
internal import Groups
internal import MerkleLog
internal import Primitives
internal import Secrets
public import Stores

/// Issues consents: commits them, appends their entries, writes the holder's and the subjects' receipts (docs/protocol.md section 2).
///
/// Invariant: whenever the process dies, a later run with the same stores and folder brings every request to exactly one entry, with its opening in
/// the holder's store and its withdrawal key in the folder. Order of a batch, each step on the disk before the next:
/// 1. the withdrawal keys, in one pending file of the folder;
/// 2. the openings, as pending receipts in the holder's store;
/// 3. the entries, in the ledger: from here on the batch is issued;
/// 4. the indices, in the holder's store;
/// 5. one receipt file for each subject, with the index; the pending file goes;
/// 6. the acknowledgement.
///
/// A batch that stops before 2 is forgotten, one that stops before 3 is appended by ``recover()``, one that stops later is completed by it.
public struct ConsentIssuer {
    /// A request with its entry's place in the ledger.
    public struct Issued: Hashable, Sendable {
        /// The request.
        public let id: String
        /// The leaf index in the consents log.
        public let index: Int
        /// Whether this run appended it.
        public let isNew: Bool
    }

    private let ledger: LedgerStore
    private let receipts: ReceiptStore
    private let folder: SubjectReceiptFolder
    private let schema: Schema
    private let committer: ConsentCommitter
    private let issuanceDay: Day?
    private let origin: String

    /// An issuer.
    ///
    /// - Parameters:
    ///   - ledger: Open for writing.
    ///   - receipts: Open for writing.
    ///   - issuanceDay: Stated in every entry, or `nil`: a day of issuance is a quasi-identifier.
    public init(
        ledger: LedgerStore, receipts: ReceiptStore, subjectReceipts: SubjectReceiptFolder, generators: GeneratorTable,
        issuanceDay: Day? = nil
    ) {
        self.ledger = ledger
        self.receipts = receipts
        folder = subjectReceipts
        schema = generators.schema
        committer = ConsentCommitter(generators)
        self.issuanceDay = issuanceDay
        origin = LedgerLog.consents.origin(ledger: ledger.name)
    }

    // MARK: Issuing

    /// Issues consents in batches and reports each batch when everything of it is on the disk. Requests that have an entry already keep it. Call
    /// ``recover()`` first.
    ///
    /// - Parameters:
    ///   - consents: With distinct ids.
    ///   - batchSize: At least 1.
    ///   - report: Told the requests of each batch in order. What it throws ends the run between two batches.
    /// - Throws: `request-changed`, `ledger-behind`, `receipt-exists`, ``ModelError`` and `StoreError`.
    public func issue(_ consents: [Consent], batchSize: Int, report: ([Issued]) throws -> Void) throws {
        for start in stride(from: 0, to: consents.count, by: max(batchSize, 1)) {
            let batch = Array(consents[start..<min(start + max(batchSize, 1), consents.count)])
            var indices = try known(batch)
            let missing = indices.indices.filter { indices[$0] == nil }
            let isNew = indices.map { $0 == nil }
            if !missing.isEmpty {
                let range = try append(missing.map { batch[$0] })
                for (offset, position) in missing.enumerated() { indices[position] = range.lowerBound + offset }
            }
            var issued: [Issued] = []
            for position in batch.indices {
                guard let index = indices[position] else { continue }
                issued.append(Issued(id: batch[position].id, index: index, isNew: isNew[position]))
            }
            try report(issued)
        }
    }

    /// For each consent the index of its entry if its request has one, which must be the same consent.
    private func known(_ consents: [Consent]) throws -> [Int?] {
        let found = try receipts.receipts(requests: consents.map(\.id), origin: origin)
        let leaves = found.compactMap { $0?.leafHash }
        let indicesOfLeaves = try ledger.indices(of: leaves, in: .consents)
        var places: [LeafHash: Int] = [:]
        for position in leaves.indices { places[leaves[position]] = indicesOfLeaves[position] }
        var indices: [Int?] = []
        for (position, receipt) in found.enumerated() {
            guard let receipt else {
                indices.append(nil)
                continue
            }
            guard let index = receipt.index, places[receipt.leafHash] == index else { throw Self.ledgerBehind(ledger.path) }
            try checkSame(consents[position], receipt)
            indices.append(index)
        }
        return indices
    }

    /// Refuses a request whose entry says something else.
    private func checkSame(_ consent: Consent, _ receipt: Receipt) throws {
        let opening = try receipts.opening(receipt.leafHash)
        var isSame = try Entry(parsing: receipt.entry).schemaID == schema.id
        if isSame {
            var expected = SecretBytes(count: try ConsentOpeningLayout.byteCount(consent, schema: schema))
            isSame = try opening.withSpan { (opening) throws(ModelError) in
                guard opening.count == expected.count else { return false }
                try expected.withMutableSpan { (output) throws(ModelError) in
                    try ConsentOpeningLayout.encode(
                        consent, schema: schema, k: opening.extracting(ConsentOpeningLayout.k),
                        t: opening.extracting(ConsentOpeningLayout.t),
                        into: &output)
                }
                return expected.withSpan { expected in
                    var difference: UInt8 = 0
                    for index in expected.indices { difference |= expected[index] ^ opening[index] }
                    return difference == 0
                }
            }
        }
        guard isSame else {
            throw ModelError(
                "request-changed", "the request \(consent.id) was issued before, with another content or schema",
                hint: "a changed consent is a new request: give it a new id, and revoke the old entry")
        }
    }

    /// Steps 1 to 5 for requests that have no entry.
    private func append(_ consents: [Consent]) throws -> Range<Int> {
        for consent in consents where folder.hasReceipt(request: consent.id) {
            throw ModelError(
                "receipt-exists", "there is a receipt for the request \(consent.id), which this receipts file does not know",
                file: "\(folder.path)/\(SubjectReceiptFolder.fileName(request: consent.id))",
                hint: "use the receipts file that it was issued with, or another folder for subject receipts")
        }
        let committed = try committer.commit(consents)
        var keys: [PendingKey] = []
        for (row, consent) in consents.enumerated() {
            let seed = SystemRandom.bytes(32)
            let salt = SystemRandom.bytes(32)
            let entry = try Entry(
                issuanceDay: issuanceDay, schemaID: schema.id, consent: Array(committed.consents[32 * row..<32 * row + 32]),
                calendar: Array(committed.calendars[32 * row..<32 * row + 32]),
                withdrawalTag: Entry.withdrawalTag(verificationKey: try Ed25519.publicKey(seed: seed.span), salt: salt))
            keys.append(PendingKey(id: consent.id, origin: origin, entry: entry, salt: salt, seed: seed))
        }
        let file = try folder.writePending(keys)
        try receipts.insertPending(origin: origin) { batch in
            var places: [PagePlace] = []
            for start in stride(from: 0, to: consents.count, by: OpeningPageLayout.countLimit) {
                let rows = start..<min(start + OpeningPageLayout.countLimit, consents.count)
                let page = try committed.page(of: rows, entries: Array(keys[rows].map(\.entry.bytes).joined()))
                places += try batch.add(page: page, count: rows.count, schema: schema)
            }
            for (row, consent) in consents.enumerated() {
                var opening = SecretBytes(count: try ConsentOpeningLayout.byteCount(consent, schema: schema))
                try committed.consentBlindings.withBytes { (k) throws(ModelError) in
                    try committed.calendarBlindings.withBytes { (t) throws(ModelError) in
                        try opening.withMutableSpan { (output) throws(ModelError) in
                            try ConsentOpeningLayout.encode(
                                consent, schema: schema, k: k.extracting(32 * row..<32 * row + 32),
                                t: t.extracting(32 * row..<32 * row + 32),
                                into: &output)
                        }
                    }
                }
                try opening.withSpan { try batch.add(request: consent.id, entry: keys[row].entry.bytes, opening: $0, place: places[row]) }
            }
        }
        let range = try ledger.append(keys.map(\.entry.bytes), to: .consents)
        try complete(keys, indices: Array(range), file: file)
        return range
    }

    /// Steps 4 and 5.
    private func complete(_ keys: [PendingKey], indices: [Int], file: String) throws {
        var subjects: [SubjectReceipt] = []
        for position in keys.indices { subjects.append(try keys[position].receipt(index: indices[position])) }
        try receipts.acknowledge(keys.indices.map { (keys[$0].entry.leafHash, indices[$0]) })
        try folder.write(subjects)
        try folder.removePending(file)
    }

    // MARK: Recovering

    /// Completes what an interrupted run left: see the type's invariant. Does nothing after a run that came to its end.
    ///
    /// - Returns: The requests that were brought to their end.
    /// - Throws: `pending-foreign`, `receipt-missing`, `ledger-behind`, `subject-receipts-elsewhere`, ``ModelError`` and `StoreError`.
    public func recover() throws -> [Issued] {
        var recovered: [Issued] = []
        for file in try folder.pendingFiles() { recovered += try recover(file) }
        let rest = try receipts.pending(origin: origin)
        let indices = try ledger.indices(of: rest.map(\.leafHash), in: .consents)
        guard indices.allSatisfy({ $0 == nil }) else {
            throw ModelError(
                "subject-receipts-elsewhere", "an interrupted run appended entries whose subject receipts are not in this folder",
                file: folder.path,
                hint: "use the folder of the interrupted run")
        }
        // Prepared with keys in another folder and never appended: these openings open nothing, and their requests are issued anew.
        for receipt in rest { try receipts.erase(receipt.leafHash) }
        try folder.removeTemporaries()
        return recovered
    }

    private func recover(_ file: String) throws -> [Issued] {
        let keys = try folder.readPending(file)
        guard keys.allSatisfy({ $0.origin == origin }) else {
            throw ModelError(
                "pending-foreign", "the file is of another ledger's interrupted run", file: file, hint: "use one folder for each ledger")
        }
        let hashes = keys.map(\.entry.leafHash)
        let found = try receipts.receipts(requests: keys.map(\.id), origin: origin)
        var indices = try ledger.indices(of: hashes, in: .consents)
        var kept: [Int] = []
        for position in keys.indices {
            let receipt = found[position].flatMap { $0.leafHash == hashes[position] ? $0 : nil }
            switch (receipt, indices[position]) {
            case (nil, nil): break
            case (nil, .some(let index)):
                throw ModelError(
                    "receipt-missing", "the receipts file does not have the opening of entry \(index), which an interrupted run appended",
                    file: receipts.path, hint: "use the receipts file of the interrupted run")
            case (.some(let receipt), nil) where receipt.index != nil: throw Self.ledgerBehind(ledger.path)
            default: kept.append(position)
            }
        }
        let missing = kept.filter { indices[$0] == nil }
        if !missing.isEmpty {
            let range = try ledger.append(missing.map { keys[$0].entry.bytes }, to: .consents)
            for (offset, position) in missing.enumerated() { indices[position] = range.lowerBound + offset }
        }
        let places = kept.compactMap { indices[$0] }
        try complete(kept.map { keys[$0] }, indices: places, file: file)
        return kept.indices.map { Issued(id: keys[kept[$0]].id, index: places[$0], isNew: true) }
    }

    private static func ledgerBehind(_ path: String) -> ModelError {
        ModelError(
            "ledger-behind", "the ledger does not have entries that the receipts file has as acknowledged", file: path,
            hint: "this is an old copy of the ledger, or another one: use the present one")
    }
}
