// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentProver
internal import MerkleLog
internal import Secrets
internal import Stores

/// The receipts of the given ledgers and of the policy's schema, shown to an assembler, which keeps those that some row can use.
struct ReceiptSelection {
    private let stores: [ReceiptStore]
    private let ledgers: [LedgerStore]
    private let schema: Schema
    /// The origin of a consents log -> the position of its ledger.
    private let positions: [String: Int]
    /// The receipts in all stores.
    let total: Int
    /// The receipts of ledgers that were not given, or of other schemas.
    private(set) var skipped = 0

    /// The receipts of these stores.
    ///
    /// - Parameter ledgers: in the order of the assembler's.
    init(_ stores: [ReceiptStore], ledgers: [LedgerStore], schema: Schema) throws {
        self.stores = stores
        self.ledgers = ledgers
        self.schema = schema
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
                guard page.schemaID == schema.id, let ledger = positions[page.origin] else {
                    skipped += page.layout.count
                    return
                }
                let entries = page.entries
                let hashes = try LeafHash.hashes(ofEntries: entries, entryByteCount: Entry.byteCount)
                let indices = try ledgers[ledger].indices(of: hashes, in: .consents, probablyFrom: page.firstIndex)
                try page.withWords { words in
                    try assembler.addReceipts(
                        ledger: ledger, indices: indices.map { $0.map { UInt64($0) } }, entries: entries, leafHashes: hashes, page.layout,
                        words)
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
            guard receipt.entry.count == Entry.byteCount, Array(receipt.entry[Entry.schemaIDRange]) == schema.id,
                let ledger = positions[receipt.origin]
            else {
                skipped += 1
                return
            }
            let index = try ledgers[ledger].index(of: receipt.leafHash, in: .consents)
            try opening.withSpan { bytes in
                let layout = try ConsentOpeningLayout(parsing: bytes, schema: schema)
                let consent = Consent(layout, in: bytes, schema: schema)
                try reader.withScalar(bytes.extracting(ConsentOpeningLayout.k)) { k in
                    try blinding.withScalar(bytes.extracting(ConsentOpeningLayout.t)) { t in
                        try assembler.addReceipt(
                            ledger: ledger, index: index.map { UInt64($0) }, entry: receipt.entry, consent: consent, k: k, t: t)
                    }
                }
            }
        }
    }

    /// The consent in full behind an entry; `nil` if no store has it.
    func consent(_ leafHash: LeafHash) throws -> Consent? {
        for store in stores {
            do {
                return try store.opening(leafHash).withSpan { bytes in
                    Consent(try ConsentOpeningLayout(parsing: bytes, schema: schema), in: bytes, schema: schema)
                }
            } catch StoreError.unknownReceipt {
                continue
            }
        }
        return nil
    }
}
