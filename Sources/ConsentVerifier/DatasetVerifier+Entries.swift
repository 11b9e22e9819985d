// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
private import FaultInjection
internal import MerkleLog

extension DatasetVerifier {
    /// Version, kind and schema of every entry, and that no two are equal; returns their leaf hashes.
    func checkEntries(_ bundle: Bundle, _ verdict: inout Verdict) -> [LeafHash] {
        var refused: [Finding] = []
        let schemaID = statement.statement.schema.id
        for position in 0..<bundle.entries.count {
            let bytes = bundle.entries[position]
            guard let entry = try? Entry(parsing: bytes) else {
                refused.append(finding(.entry, "is not a consent entry of version 0", bundle, position, reason: "entry-form"))
                continue
            }
            if entry.schemaID != schemaID, !Fault.isRemoved(.entrySchema) {
                refused.append(finding(.entry, "was issued under another schema", bundle, position, reason: "entry-schema"))
            }
        }
        verdict.add(refused)

        let leaves = (try? LeafHash.hashes(ofEntries: bundle.entries.bytes, entryByteCount: Bundle.entryByteCount)) ?? []
        var first = [LeafHash: Int](minimumCapacity: leaves.count)
        var repeated: [Finding] = []
        for (position, leaf) in leaves.enumerated() where !Fault.isRemoved(.duplicateEntry) {
            if first.updateValue(position, forKey: leaf) != nil {
                repeated.append(finding(.duplicateEntry, "is in the bundle twice under two leaf indices", bundle, position))
            }
        }
        verdict.add(repeated)
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
