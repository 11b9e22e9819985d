// SPDX-License-Identifier: Apache-2.0

/// The root of a log that grows, in memory logarithmic in its size: the hashes of the complete subtrees on its right edge.
public struct Frontier: Sendable {
    /// At index h the complete subtree of 2^h leaves that the binary form of ``size`` names, or none.
    private var subtrees: [NodeHash?] = []
    /// How many leaves have been appended.
    public private(set) var size: UInt64 = 0

    /// The empty tree.
    public init() {}

    /// Continues a tree of `size` leaves from ``hashes``, the largest subtree first.
    ///
    /// - Throws: ``MerkleLogError/proofLength`` when the number of hashes is not the number of ones in `size`.
    public init(size: UInt64, hashes: [NodeHash]) throws(MerkleLogError) {
        try TreeSize.check(size)
        guard hashes.count == size.nonzeroBitCount else { throw .proofLength }
        var next = hashes.count
        for height in 0..<(64 - size.leadingZeroBitCount) {
            guard size >> UInt64(height) & 1 == 1 else {
                subtrees.append(nil)
                continue
            }
            next -= 1
            subtrees.append(hashes[next])
        }
        self.size = size
    }

    /// The complete subtrees, the largest first.
    public var hashes: [NodeHash] {
        subtrees.reversed().compactMap { $0 }
    }

    /// Appends one leaf.
    public mutating func append(_ leaf: LeafHash) {
        append(contentsOf: [leaf])
    }

    /// Appends leaves in order; large counts are hashed on all cores.
    public mutating func append(contentsOf leaves: [LeafHash]) {
        var nodes = leaves.map(\.node)
        var height = 0
        while !nodes.isEmpty {
            if height == subtrees.count { subtrees.append(nil) }
            if let left = subtrees[height] { nodes.insert(left, at: 0) }
            subtrees[height] = nodes.count % 2 == 1 ? nodes[nodes.count - 1] : nil
            nodes = NodeHash.parents(of: nodes)
            height += 1
        }
        size += UInt64(leaves.count)
    }

    /// The RFC 6962 root of the leaves so far.
    public var root: NodeHash {
        var root: NodeHash?
        for subtree in subtrees {
            guard let subtree else { continue }
            root = root.map { NodeHash(left: subtree, right: $0) } ?? subtree
        }
        return root ?? .emptyRoot
    }
}
