// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection

/// Proof that many leaves are in one tree: each sibling that cannot be computed, once.
///
/// **Order of the hashes.** The tree of n leaves is read level by level: level 0 has the n leaf hashes, level h + 1 has the parents of the
/// pairs (2i, 2i + 1) of level h, and a last node without a sibling rises to it unchanged (this is the tree of RFC 6962). The nodes that
/// can be computed from the proved leaves are *known*. From level 0 upwards, in each level from left to right, the sibling of each known
/// node is in the proof if it exists and is not known. There is nothing else, so for given indices and n there is exactly one valid
/// length, and a batch of one leaf is its ``InclusionProof``.
public struct BatchInclusionProof: Equatable, Sendable {
    /// The number of leaves of the tree, in 1..<2^63.
    public let treeSize: UInt64
    /// The siblings in the order above.
    public let hashes: [NodeHash]

    /// A proof for a tree of this size.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)``, or ``MerkleLogError/emptyStatement`` when the size is 0.
    public init(treeSize: UInt64, hashes: [NodeHash]) throws(MerkleLogError) {
        try TreeSize.check(treeSize)
        guard treeSize > 0 else { throw .emptyStatement }
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// The only root under which these leaves have these positions.
    ///
    /// Time and memory are linear in the number of leaves times the height; large levels are hashed on all cores.
    ///
    /// - Parameters:
    ///   - indices: At least one position, strictly ascending, below ``treeSize``.
    ///   - leafHashes: The leaf at each position.
    /// - Throws: ``MerkleLogError/countMismatch``, ``MerkleLogError/emptyStatement``, ``MerkleLogError/indicesNotAscending(position:)``,
    ///   ``MerkleLogError/indexOutOfRange(_:)``, or ``MerkleLogError/proofLength`` when hashes are missing or left over.
    public func root(indices: [UInt64], leafHashes: [LeafHash]) throws(MerkleLogError) -> NodeHash {
        try root(indices: indices.span, leafHashes: leafHashes.span)
    }

    /// The only root under which these leaves have these positions; see the version over arrays.
    public func root(indices: Span<UInt64>, leafHashes: Span<LeafHash>) throws(MerkleLogError) -> NodeHash {
        guard indices.count == leafHashes.count else { throw .countMismatch }
        try Self.check(indices, treeSize: treeSize)
        var rest = hashes[...]
        let root = try leafHashes.withUnsafeBytes { (bytes) throws(MerkleLogError) in
            // A leaf hash is a node hash in memory.
            let leaves = Span<NodeHash>(_unsafeElements: bytes.assumingMemoryBound(to: NodeHash.self))
            return try KnownNodes.root(treeSize: treeSize, indices, leaves, siblings: &rest)
        }
        guard rest.isEmpty else { throw .proofLength }
        return root
    }

    /// Checks that every leaf is in the tree with this root.
    ///
    /// - Throws: what ``root(indices:leafHashes:)-([UInt64],_)`` throws, and ``MerkleLogError/rootMismatch``.
    public func verify(indices: [UInt64], leafHashes: [LeafHash], root: NodeHash) throws(MerkleLogError) {
        let computed = try self.root(indices: indices, leafHashes: leafHashes)
        guard Fault.isRemoved(.merkleBatchInclusion) || computed == root else { throw .rootMismatch }
    }

    /// Checks that every leaf is in the log at this checkpoint.
    ///
    /// - Throws: what ``root(indices:leafHashes:)-([UInt64],_)`` throws, ``MerkleLogError/sizeOutOfRange(_:)`` when the proof is for another
    ///   size, and ``MerkleLogError/rootMismatch``.
    public func verify(indices: [UInt64], leafHashes: [LeafHash], checkpoint: Checkpoint) throws(MerkleLogError) {
        try verify(indices: indices.span, leafHashes: leafHashes.span, checkpoint: checkpoint)
    }

    /// Checks that every leaf is in the log at this checkpoint; see the version over arrays.
    public func verify(indices: Span<UInt64>, leafHashes: Span<LeafHash>, checkpoint: Checkpoint) throws(MerkleLogError) {
        guard treeSize == checkpoint.treeSize else { throw .sizeOutOfRange(treeSize) }
        let computed = try root(indices: indices, leafHashes: leafHashes)
        guard Fault.isRemoved(.merkleBatchInclusion) || computed == checkpoint.rootHash else { throw .rootMismatch }
    }

    static func check(_ indices: Span<UInt64>, treeSize: UInt64) throws(MerkleLogError) {
        guard indices.count > 0 else { throw .emptyStatement }
        let last = indices[indices.count - 1]
        for position in 1..<indices.count where indices[position - 1] >= indices[position] {
            throw .indicesNotAscending(position: position)
        }
        guard last < treeSize else { throw .indexOutOfRange(last) }
    }
}

extension MerkleTree {
    /// The proof that the leaves at `indices` (strictly ascending, at least one) are in the tree of the first `size` leaves.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)``, ``MerkleLogError/emptyStatement``,
    ///   ``MerkleLogError/indicesNotAscending(position:)`` or ``MerkleLogError/indexOutOfRange(_:)``.
    public func batchInclusionProof(indices: [UInt64], size: UInt64) throws(MerkleLogError) -> BatchInclusionProof {
        guard size <= self.size else { throw .sizeOutOfRange(size) }
        try BatchInclusionProof.check(indices.span, treeSize: size)
        var hashes: [NodeHash] = []
        var known = indices
        var last = size - 1
        var height = 0
        while last > 0 {
            var parents: [UInt64] = []
            parents.reserveCapacity(known.count)
            var cursor = 0
            while cursor < known.count {
                let position = known[cursor]
                parents.append(position >> 1)
                cursor += 1
                if position & 1 == 0, position == last { continue }
                if position & 1 == 0, cursor < known.count, known[cursor] == position + 1 {
                    cursor += 1
                    continue
                }
                hashes.append(node(height: height, position: position ^ 1, size: size))
            }
            known = parents
            last >>= 1
            height += 1
        }
        return try BatchInclusionProof(treeSize: size, hashes: hashes)
    }
}
