// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog

/// What the leaves of each log look like.
enum LeafForm {
    /// Why `leaf` cannot be in `log`, or `nil` if it can.
    static func fault(_ leaf: [UInt8], _ log: LedgerLog) -> String? {
        switch log {
        case .consents:
            guard leaf.count == 118 else { return "an entry has 118 bytes, this has \(leaf.count)" }
            guard leaf[0] == 0, leaf[1] == 1 else { return "not an entry of version 0 and kind 1" }
            return nil
        case .revocations:
            guard leaf.count == 34 else { return "a revocation has 34 bytes, this has \(leaf.count)" }
            guard leaf[0] == 0, leaf[1] == 1 || leaf[1] == 2 else { return "not a revocation of version 0 and kind 1 or 2" }
            return nil
        case .registry:
            guard leaf.count <= LedgerLog.maximumRegistryLeafByteCount else { return "longer than a registry leaf may be" }
            guard leaf.first == UInt8(ascii: "{") else { return "not a canonical JSON object" }
            return nil
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
