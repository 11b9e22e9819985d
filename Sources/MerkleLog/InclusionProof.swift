// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection

/// The audit path of one leaf (RFC 6962 section 2.1.1): the siblings from the leaf to the root.
public struct InclusionProof: Equatable, Sendable {
    /// The position of the leaf, in 0..<treeSize.
    public let index: UInt64
    /// The number of leaves of the tree, in 1..<2^63.
    public let treeSize: UInt64
    /// The siblings, the leaf's first.
    public let hashes: [NodeHash]

    /// A proof for one position in one tree.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)``, ``MerkleLogError/indexOutOfRange(_:)``, or ``MerkleLogError/proofLength`` unless
    ///   there are exactly as many hashes as the position has siblings.
    public init(index: UInt64, treeSize: UInt64, hashes: [NodeHash]) throws(MerkleLogError) {
        try TreeSize.check(treeSize)
        guard index < treeSize else { throw .indexOutOfRange(index) }
        guard hashes.count == Self.hashCount(index: index, treeSize: treeSize) else { throw .proofLength }
        self.index = index
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// The only root under which the leaf has this position, size and path; compare it, or call `verify`.
    public func root(leafHash: LeafHash) -> NodeHash {
        var node = leafHash.node
        var position = index
        var last = treeSize - 1
        for sibling in hashes {
            // On the right edge a node without a sibling rises unchanged.
            while position == last, position & 1 == 0, last > 0 {
                position >>= 1
                last >>= 1
            }
            node = position & 1 == 1 ? NodeHash(left: sibling, right: node) : NodeHash(left: node, right: sibling)
            position >>= 1
            last >>= 1
        }
        return node
    }

    /// Checks that the leaf is in the tree with this root.
    ///
    /// - Throws: ``MerkleLogError/rootMismatch``.
    public func verify(leafHash: LeafHash, root: NodeHash) throws(MerkleLogError) {
        guard Fault.isRemoved(.merkleInclusion) || self.root(leafHash: leafHash) == root else { throw .rootMismatch }
    }

    /// Checks that the leaf is in the log at this checkpoint.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)`` when the proof is for another size, ``MerkleLogError/rootMismatch``.
    public func verify(leafHash: LeafHash, checkpoint: Checkpoint) throws(MerkleLogError) {
        guard treeSize == checkpoint.treeSize else { throw .sizeOutOfRange(treeSize) }
        try verify(leafHash: leafHash, root: checkpoint.rootHash)
    }

    /// The number of siblings of a position: one at each height below the point where it joins the right edge, and above it one for each
    /// complete subtree to the left.
    static func hashCount(index: UInt64, treeSize: UInt64) -> Int {
        let inner = 64 - (index ^ (treeSize - 1)).leadingZeroBitCount
        return inner + (inner == 64 ? 0 : (index >> UInt64(inner)).nonzeroBitCount)
    }
}

extension MerkleTree {
    /// The audit path of the leaf at `index` in the tree of the first `size` leaves.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)`` or ``MerkleLogError/indexOutOfRange(_:)``.
    public func inclusionProof(index: UInt64, size: UInt64) throws(MerkleLogError) -> InclusionProof {
        guard size <= self.size else { throw .sizeOutOfRange(size) }
        guard index < size else { throw .indexOutOfRange(index) }
        var hashes: [NodeHash] = []
        var position = index
        var last = size - 1
        var height = 0
        while last > 0 {
            if position & 1 == 1 || position < last {
                hashes.append(node(height: height, position: position ^ 1, size: size))
            }
            position >>= 1
            last >>= 1
            height += 1
        }
        return try InclusionProof(index: index, treeSize: size, hashes: hashes)
    }
}
