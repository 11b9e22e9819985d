// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentProver
internal import MerkleLog
internal import Secrets
internal import Stores

/// The receipts of the given ledgers and of the policy's schemas, shown to an assembler, which keeps those that some row can use.
struct ReceiptSelection {
    private let stores: [ReceiptStore]
    private let ledgers: [LedgerStore]
    private let schemas: [Schema]
    /// The origin of a consents log -> the position of its ledger.
    private let positions: [String: Int]
    /// The receipts in all stores.
    let total: Int
    /// The receipts of ledgers that were not given, or of other schemas.
    private(set) var skipped = 0

    /// The receipts of these stores.
    ///
    /// - Parameters:
    ///   - ledgers: in the order of the assembler's.
    ///   - schemas: in the order of the assembler's.
    init(_ stores: [ReceiptStore], ledgers: [LedgerStore], schemas: [Schema]) throws {
        self.stores = stores
        self.ledgers = ledgers
        self.schemas = schemas
        positions = Dictionary(uniqueKeysWithValues: ledgers.enumerated().map { ($1.name + "/consents", $0) })
        total = try stores.reduce(0) { try $0 + $1.count() }
    }

    /// Shows all receipts to an assembler that has all rows.
    mutating func add(to assembler: inout DatasetAssembler, _ progress: HoldingProgress.Handler) throws {
        var seen = 0
        let total = self.total
        func advance(_ count: Int) {
            let before = seen / DatasetCommit.batchSize
            seen += count
            if seen / DatasetCommit.batchSize > before { progress(HoldingProgress(stage: .receipts, done: min(seen, total), total: total)) }
        }
        for store in stores {
            try store.forEachPage { page in
                advance(page.layout.count)
                guard let schema = number(ofSchema: page.schemaID), let ledger = positions[page.origin] else {
                    skipped += page.layout.count
                    return
                }
                let entries = page.entries
                let hashes = try LeafHash.hashes(ofEntries: entries, entryByteCount: Entry.byteCount)
                let indices = try ledgers[ledger].indices(of: hashes, in: .consents, probablyFrom: page.firstIndex)
                try page.withWords { words in
                    try assembler.addReceipts(
                        schema: schema, ledger: ledger, indices: indices.map { $0.map { UInt64($0) } }, entries: entries,
                        leafHashes: hashes, page.layout, words)
                }
            }
            try addUnpaged(store, to: &assembler, advance)
        }
    }

    /// The receipts of a store that are in no page.
    private mutating func addUnpaged(_ store: ReceiptStore, to assembler: inout DatasetAssembler, _ advance: (Int) -> Void) throws {
        var reader = ScalarReader(), blinding = ScalarReader()
        try store.forEachUnpaged { receipt, opening in
            advance(1)
            guard let schema = number(ofSchemaOf: receipt.entry), let ledger = positions[receipt.origin] else {
                skipped += 1
                return
            }
            let index = try ledgers[ledger].index(of: receipt.leafHash, in: .consents)
            try opening.withSpan { bytes in
                let layout = try ConsentOpeningLayout(parsing: bytes, schema: schemas[schema])
                let consent = Consent(layout, in: bytes, schema: schemas[schema])
                try reader.withScalar(bytes.extracting(ConsentOpeningLayout.k)) { k in
                    try blinding.withScalar(bytes.extracting(ConsentOpeningLayout.t)) { t in
                        try assembler.addReceipt(
                            schema: schema, ledger: ledger, index: index.map { UInt64($0) }, entry: receipt.entry, consent: consent, k: k,
                            t: t)
                    }
                }
            }
        }
    }

    private func number(ofSchema id: [UInt8]) -> Int? { schemas.firstIndex { $0.id == id } }

    private func number(ofSchemaOf entry: [UInt8]) -> Int? {
        entry.count == Entry.byteCount ? number(ofSchema: Array(entry[Entry.schemaIDRange])) : nil
    }

    /// The consent in full behind an entry; `nil` if no store has it.
    func consent(_ leafHash: LeafHash) throws -> Consent? {
        for store in stores {
            do {
                guard let number = number(ofSchemaOf: try store.receipt(leafHash).entry) else { return nil }
                return try store.opening(leafHash).withSpan { bytes in
                    Consent(try ConsentOpeningLayout(parsing: bytes, schema: schemas[number]), in: bytes, schema: schemas[number])
                }
            } catch StoreError.unknownReceipt {
                continue
            }
        }
        return nil
    }
}
