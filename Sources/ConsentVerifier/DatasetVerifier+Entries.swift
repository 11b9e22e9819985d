// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import MerkleLog

extension DatasetVerifier {
    /// Version, kind and schema of every entry, and that no two are equal; returns their leaf hashes.
    func checkEntries(_ bundle: Bundle, _ verdict: inout Verdict) -> [LeafHash] {
        var (malformed, foreign): ([Int], [Int]) = ([], [])
        let schemaID = statement.statement.schema.id
        for position in 0..<bundle.entries.count {
            guard let entry = try? Entry(parsing: bundle.entries[position]) else {
                if !Fault.isRemoved(.entryForm) { malformed.append(position) }
                continue
            }
            if entry.schemaID != schemaID, !Fault.isRemoved(.entrySchema) { foreign.append(position) }
        }
        verdict.add(malformed) { finding(.entry, "is not a consent entry of version 0", bundle, $0, reason: "entry-form") }
        verdict.add(foreign) { finding(.entry, "was issued under another schema", bundle, $0, reason: "entry-schema") }

        let leaves = (try? LeafHash.hashes(ofEntries: bundle.entries.bytes, entryByteCount: Bundle.entryByteCount)) ?? []
        var first = [LeafHash: Int](minimumCapacity: leaves.count)
        var repeated: [Int] = []
        for (position, leaf) in leaves.enumerated() where !Fault.isRemoved(.duplicateEntry) {
            if first.updateValue(position, forKey: leaf) != nil { repeated.append(position) }
        }
        verdict.add(repeated) { finding(.duplicateEntry, "is in the bundle twice under two leaf indices", bundle, $0) }
        return leaves
    }

    /// A finding about one entry of the bundle, which it names by ledger and leaf index.
    func finding(_ code: Finding.Code, _ what: String, _ bundle: Bundle, _ position: Int, reason: String? = nil) -> Finding {
        let number = bundle.entryLedgers[position]
        let index = bundle.entryIndices[position]
        let ledger = bundle.header.ledgers[Int(number)].origin
        let row = (0..<bundle.positions.count).first { bundle.positions[$0] == UInt64(position) }
        return Finding(
            code, "entry \(index) of \(ledger)/consents \(what)", ledger: ledger, entryIndex: index, row: row, reason: reason)
    }
}
