// SPDX-License-Identifier: Apache-2.0
internal import ConsentModel
internal import MerkleLog

/// A whole revocations log, recomputed from its entries.
struct RevocationLog {
    private let tree: MerkleTree
    private var entries: BytesColumn
    /// The leaf hashes of the entries that are revoked. Every entry of the log counts, whatever its version and kind.
    let leafHashes: [NodeHash]

    /// The log of these entries, 34 bytes each.
    ///
    /// - Parameter known: a log that may begin with them: then nothing is hashed again.
    init(_ column: BytesColumn, known: RevocationLog? = nil) {
        if let known, column.isPrefix(of: known.entries) {
            (tree, entries, leafHashes) = (known.tree, column, Array(known.leafHashes.prefix(column.count)))
            return
        }
        let leaves = column.withSpan { try? LeafHash.hashes(ofEntries: $0, entryByteCount: Bundle.revocationByteCount) }
        tree = MerkleTree(leaves ?? [])
        entries = column
        leafHashes = (0..<column.count).compactMap { try? NodeHash(Array(column[$0].dropFirst(2))) }
    }

    /// Copies the entries, which are a view of the bytes of their file until then.
    mutating func detach() {
        entries = BytesColumn(entries.bytes, rowByteCount: entries.rowByteCount) ?? entries
    }

    /// The number of entries.
    var size: UInt64 { UInt64(entries.count) }

    /// The root of the first `size` entries; `nil` if there are fewer.
    func root(of size: UInt64) -> NodeHash? {
        size <= self.size ? try? tree.root(size: size) : nil
    }
}
