// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog

/// What the leaves of each log look like.
enum LeafForm {
    /// Why `leaf` cannot be in `log`, or `nil` if it can.
    static func fault(_ leaf: [UInt8], _ log: LedgerLog) -> String? {
        do {
            switch log {
            case .consents: _ = try Entry(parsing: leaf)
            case .revocations: _ = try RevocationEntry(parsing: leaf)
            case .registry:
                let limits = JSONValue.Limits(byteCount: LedgerLog.maximumRegistryLeafByteCount)
                let json = try JSONValue(parsing: leaf, limits: limits)
                guard json.object != nil, json.canonical == leaf else { return "not a JSON object in RFC 8785 form" }
            }
            return nil
        } catch {
            return error.message
        }
    }

    /// The leaf hash of each leaf.
    static func hashes(_ leaves: [[UInt8]], _ log: LedgerLog) -> [LeafHash] {
        // Leaves of one length are hashed together, on all cores.
        if log != .registry, let count = leaves.first?.count, leaves.allSatisfy({ $0.count == count }),
            let hashes = try? LeafHash.hashes(ofEntries: Array(leaves.joined()), entryByteCount: count)
        {
            return hashes
        }
        return leaves.map { LeafHash(entry: $0) }
    }
}
