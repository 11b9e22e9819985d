// SPDX-License-Identifier: Apache-2.0
internal import FaultInjection
internal import Primitives

/// Proof that a tree extends an earlier one (RFC 6962 section 2.1.2).
public struct ConsistencyProof: Equatable, Sendable {
    /// The number of leaves of the earlier tree, in 1...newSize. From the empty tree there is nothing to prove.
    public let oldSize: UInt64
    /// The number of leaves of the later tree, below 2^63.
    public let newSize: UInt64
    /// The subtrees, as RFC 6962 orders them; empty when the sizes are equal.
    public let hashes: [NodeHash]

    /// A proof between two sizes.
    ///
    /// - Throws: ``MerkleLogError/emptyStatement`` when `oldSize` is 0, ``MerkleLogError/sizeOutOfRange(_:)`` when it exceeds `newSize`,
    ///   ``MerkleLogError/proofLength`` unless there are exactly as many hashes as the sizes demand.
    public init(oldSize: UInt64, newSize: UInt64, hashes: [NodeHash]) throws(MerkleLogError) {
        try TreeSize.check(newSize)
        guard oldSize > 0 else { throw .emptyStatement }
        guard oldSize <= newSize else { throw .sizeOutOfRange(oldSize) }
        guard hashes.count == Self.hashCount(oldSize: oldSize, newSize: newSize) else { throw .proofLength }
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// The two roots that the proof computes; `oldRoot` enters where RFC 6962 leaves it out, when `oldSize` is a power of two.
    public func roots(oldRoot: NodeHash) -> (old: NodeHash, new: NodeHash) {
        guard oldSize < newSize else { return (oldRoot, oldRoot) }
        // Rise to the largest complete subtree that ends the old tree.
        let shift = UInt64(oldSize.trailingZeroBitCount)
        var position = (oldSize - 1) >> shift
        var last = (newSize - 1) >> shift
        let isComplete = oldSize & (oldSize - 1) == 0
        let start = isComplete ? oldRoot : hashes[0]
        var old = start
        var new = start
        for sibling in hashes[(isComplete ? 0 : 1)...] {
            while position == last, position & 1 == 0, last > 0 {
                position >>= 1
                last >>= 1
            }
            if position & 1 == 1 {
                old = NodeHash(left: sibling, right: old)
                new = NodeHash(left: sibling, right: new)
            } else {
                new = NodeHash(left: new, right: sibling)
            }
            position >>= 1
            last >>= 1
        }
        return (old, new)
    }

    /// Checks that the tree with `newRoot` extends the one with `oldRoot`.
    ///
    /// - Throws: ``MerkleLogError/rootMismatch``.
    public func verify(oldRoot: NodeHash, newRoot: NodeHash) throws(MerkleLogError) {
        let computed = roots(oldRoot: oldRoot)
        guard Fault.isRemoved(.merkleConsistency) || (computed.old == oldRoot && computed.new == newRoot) else { throw .rootMismatch }
    }

    /// Checks that the log at one checkpoint extends itself at an earlier one.
    ///
    /// - Throws: ``MerkleLogError/originMismatch``, ``MerkleLogError/sizeOutOfRange(_:)`` when the proof is for other sizes,
    ///   ``MerkleLogError/rootMismatch``.
    public func verify(old: Checkpoint, new: Checkpoint) throws(MerkleLogError) {
        guard old.origin.hasSameBytes(as: new.origin) else { throw .originMismatch }
        guard oldSize == old.treeSize else { throw .sizeOutOfRange(oldSize) }
        guard newSize == new.treeSize else { throw .sizeOutOfRange(newSize) }
        try verify(oldRoot: old.rootHash, newRoot: new.rootHash)
    }

    /// The number of hashes: the path of the old tree's last complete subtree in the new tree, and that subtree unless it is the old tree.
    static func hashCount(oldSize: UInt64, newSize: UInt64) -> Int {
        guard oldSize < newSize else { return 0 }
        let shift = UInt64(oldSize.trailingZeroBitCount)
        let path = InclusionProof.hashCount(index: (oldSize - 1) >> shift, treeSize: ((newSize - 1) >> shift) + 1)
        return path + (oldSize & (oldSize - 1) == 0 ? 0 : 1)
    }
}

extension MerkleTree {
    /// The proof that the first `newSize` leaves extend the first `oldSize`.
    ///
    /// - Throws: ``MerkleLogError/emptyStatement`` when `oldSize` is 0, ``MerkleLogError/sizeOutOfRange(_:)``.
    public func consistencyProof(from oldSize: UInt64, to newSize: UInt64) throws(MerkleLogError) -> ConsistencyProof {
        guard newSize <= size else { throw .sizeOutOfRange(newSize) }
        guard oldSize <= newSize else { throw .sizeOutOfRange(oldSize) }
        guard oldSize > 0 else { throw .emptyStatement }
        var hashes: [NodeHash] = []
        if oldSize < newSize {
            var height = oldSize.trailingZeroBitCount
            var position = (oldSize - 1) >> UInt64(height)
            var last = (newSize - 1) >> UInt64(height)
            if position > 0 { hashes.append(node(height: height, position: position, size: newSize)) }
            while last > 0 {
                if position & 1 == 1 || position < last {
                    hashes.append(node(height: height, position: position ^ 1, size: newSize))
                }
                position >>= 1
                last >>= 1
                height += 1
            }
        }
        return try ConsistencyProof(oldSize: oldSize, newSize: newSize, hashes: hashes)
    }
}
