// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog

/// A whole revocations log, recomputed from its entries.
struct RevocationLog {
    private let tree: MerkleTree
    /// The leaf hashes of the entries that are revoked. Every entry of the log counts, whatever its version and kind.
    let leafHashes: [NodeHash]

    /// The log of these entries, 34 bytes each.
    init(_ column: BytesColumn) {
        let leaves = column.withSpan { try? LeafHash.hashes(ofEntries: $0, entryByteCount: Bundle.revocationByteCount) }
        tree = MerkleTree(leaves ?? [])
        leafHashes = (0..<column.count).compactMap { try? NodeHash(Array(column[$0].dropFirst(2))) }
    }

    /// The number of entries.
    var size: UInt64 { tree.size }

    /// The root of the first `size` entries; `nil` if there are fewer.
    func root(of size: UInt64) -> NodeHash? {
        try? tree.root(size: size)
    }
}
