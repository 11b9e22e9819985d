// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import ConsentProver
internal import MerkleLog
internal import Secrets
internal import Stores

/// The receipts of the given ledgers that some row of the dataset can use, found in a first pass over the stores: openings of the others are
/// decrypted and forgotten, so that memory grows with the dataset and not with the stores.
struct ReceiptSelection {
    private let schema: Schema
    private let links: [Statement.Link]
    /// The origin of a consents log -> the position of its ledger.
    private let positions: [String: Int]
    /// Leaf hash of a selected entry -> its index in its ledger; `nil` while the ledger has no such entry.
    private var indices: [LeafHash: Int?] = [:]
    /// The receipts of ledgers that were not given, or of other schemas.
    private(set) var skipped = 0

    /// The number of selected receipts.
    var count: Int { indices.count }

    /// Selects receipts whose linked values are in `wanted`; all where that is `nil`.
    ///
    /// - Parameter ledgers: in the order of the assembler's.
    init(
        _ stores: [ReceiptStore], ledgers: [LedgerStore], statement: Statement, wanted: Set<[UInt8]>?, _ progress: HoldingProgress.Handler
    ) throws {
        schema = statement.schema
        links = statement.links
        positions = Dictionary(uniqueKeysWithValues: ledgers.enumerated().map { ($1.name + "/consents", $0) })
        var leaves: [[LeafHash]] = ledgers.map { _ in [] }
        let total = try stores.reduce(0) { try $0 + $1.count() }
        var seen = 0
        for store in stores {
            try store.forEach { receipt, opening in
                seen += 1
                if seen % DatasetCommit.batchSize == 0 { progress(HoldingProgress(stage: .receipts, done: seen / 2, total: total)) }
                guard let ledger = position(of: receipt) else {
                    skipped += 1
                    return
                }
                if let wanted {
                    let key = try opening.withSpan { bytes in try linkKey(ConsentOpeningLayout(parsing: bytes, schema: schema), bytes) }
                    guard wanted.contains(key) else { return }
                }
                leaves[ledger].append(receipt.leafHash)
            }
        }
        for (number, hashes) in leaves.enumerated() {
            let found = try ledgers[number].indices(of: hashes, in: .consents)
            for (position, index) in found.enumerated() { indices.updateValue(index, forKey: hashes[position]) }
        }
    }

    /// Adds the selected receipts to an assembler that has room for ``count``.
    func add(_ stores: [ReceiptStore], to assembler: inout DatasetAssembler, _ progress: HoldingProgress.Handler) throws {
        var reader = ScalarReader(), blinding = ScalarReader()
        var added: Set<LeafHash> = []
        for store in stores {
            try store.forEach { receipt, opening in
                guard let ledger = position(of: receipt), let index = indices[receipt.leafHash], added.insert(receipt.leafHash).inserted
                else { return }
                if added.count % DatasetCommit.batchSize == 0 {
                    progress(HoldingProgress(stage: .receipts, done: count + added.count, total: 2 * count))
                }
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
    }

    /// The ledger of a receipt whose entry is of the statement's schema.
    private func position(of receipt: Receipt) -> Int? {
        guard receipt.entry.count == Entry.byteCount, Array(receipt.entry[Entry.schemaIDRange]) == schema.id else { return nil }
        return positions[receipt.origin]
    }

    private func linkKey(_ layout: ConsentOpeningLayout, _ bytes: Span<UInt8>) -> [UInt8] {
        links.flatMap { link -> [UInt8] in
            guard let index = schema.attributeIndex(named: link.rawValue), case .id(let value) = layout.value(index, in: bytes) else {
                return []
            }
            return value
        }
    }
}
