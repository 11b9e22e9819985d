// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog

/// A whole revocations log, recomputed from its entries.
struct RevocationLog {
    private let tree: MerkleTree
    /// The leaf hashes of the entries that are revoked. Every entry of the log counts, whatever its version and kind.
    let leafHashes: Set<NodeHash>

    /// The log of these entries, 34 bytes each.
    init(_ column: [UInt8]) {
        let width = Bundle.revocationByteCount
        tree = MerkleTree((try? LeafHash.hashes(ofEntries: column, entryByteCount: width)) ?? [])
        var revoked = Set<NodeHash>(minimumCapacity: column.count / width)
        for start in stride(from: 0, to: column.count - width + 1, by: width) {
            if let hash = try? NodeHash(Array(column[start + 2..<start + width])) { revoked.insert(hash) }
        }
        leafHashes = revoked
    }

    /// The number of entries.
    var size: UInt64 { tree.size }

    /// The root of the first `size` entries; `nil` if there are fewer.
    func root(of size: UInt64) -> NodeHash? {
        try? tree.root(size: size)
    }
}
