// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import MerkleLog

/// The leaf hashes of a bundle's entries, which can be searched.
struct EntryLeaves {
    /// One hash for each entry.
    let hashes: [LeafHash]
    private let table: RowTable

    init(_ hashes: [LeafHash]) {
        self.hashes = hashes
        table = Self.withBytes(hashes) { RowTable($0) }
    }

    /// The positions of entries that are equal to an earlier one, ascending.
    var repeated: [Int] { table.repeated }

    /// The first position of the entry with this leaf hash.
    func first(_ hash: LeafHash) -> Int? {
        Self.withBytes(hashes) { hashes in Self.withBytes([hash]) { table.first(equalTo: $0, in: hashes) } }
    }

    /// The positions of all entries with these leaf hashes, ascending.
    func positions(of wanted: [NodeHash]) -> [Int] {
        guard !wanted.isEmpty else { return [] }
        let firsts = Set(wanted.compactMap { first(LeafHash(node: $0)) })
        guard !firsts.isEmpty else { return [] }
        return (firsts + table.repeated.filter { first(hashes[$0]).map(firsts.contains) ?? false }).sorted()
    }

    /// A leaf hash is its 32 bytes in memory.
    private static func withBytes<Value>(_ hashes: [LeafHash], _ body: (Span<UInt8>) -> Value) -> Value {
        hashes.withUnsafeBytes { body(Span(_unsafeElements: $0.assumingMemoryBound(to: UInt8.self))) }
    }
}

extension BundleVerifier {
    /// Version, kind and schema of every entry, and that no two are equal; returns their leaf hashes.
    func checkEntries(_ bundle: some BundleColumns, _ verdict: inout Verdict) -> EntryLeaves {
        let (malformed, foreign) = Entry.faults(in: bundle.entries, schemas: policy.statements.schemas)
        if !Fault.isRemoved(.entryForm) {
            verdict.add(malformed) { finding(.entry, "is not a consent entry of version 1", bundle, $0, reason: "entry-form") }
        }
        if !Fault.isRemoved(.entrySchema) {
            verdict.add(foreign) { finding(.entry, "was issued under another schema", bundle, $0, reason: "entry-schema") }
        }
        let hashes = bundle.entries.withSpan { try? LeafHash.hashes(ofEntries: $0, entryByteCount: Bundle.entryByteCount) }
        let leaves = EntryLeaves(hashes ?? [])
        if !Fault.isRemoved(.duplicateEntry) {
            verdict.add(leaves.repeated) { finding(.duplicateEntry, "is in the bundle twice under two leaf indices", bundle, $0) }
        }
        return leaves
    }

    /// A finding about one entry of the bundle, which it names by ledger and leaf index.
    func finding(_ code: Finding.Code, _ what: String, _ bundle: some BundleColumns, _ position: Int, reason: String? = nil) -> Finding {
        let number = bundle.entryLedgers[position]
        let index = bundle.entryIndices[position]
        let ledger = bundle.header.ledgers[Int(number)].origin
        let row = (0..<bundle.positions.count).first { bundle.positions[$0] == UInt64(position) }
        return Finding(
            code, "entry \(index) of \(ledger)/consents \(what)", ledger: ledger, entryIndex: index, row: row, reason: reason)
    }
}
