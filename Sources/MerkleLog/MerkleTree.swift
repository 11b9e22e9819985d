// SPDX-License-Identifier: Apache-2.0

/// An RFC 6962 tree with all its complete subtrees in memory: 64 bytes a leaf, any root and proof of any earlier size in logarithmic time.
public struct MerkleTree: Sendable {
    /// `levels[h][i]` is the root of leaves i 2^h ..< (i + 1) 2^h; only complete subtrees are here.
    private var levels: [[NodeHash]] = [[]]

    /// The empty tree.
    public init() {}

    /// The tree of these leaves.
    public init(_ leaves: [LeafHash]) {
        append(contentsOf: leaves)
    }

    /// The number of leaves.
    public var size: UInt64 { UInt64(levels[0].count) }

    /// Appends one leaf.
    public mutating func append(_ leaf: LeafHash) {
        append(contentsOf: [leaf])
    }

    /// Appends leaves in order; large counts are hashed on all cores.
    public mutating func append(contentsOf leaves: [LeafHash]) {
        levels[0].append(contentsOf: leaves.lazy.map(\.node))
        var height = 0
        while levels[height].count >= 2 {
            if height + 1 == levels.count { levels.append([]) }
            let done = 2 * levels[height + 1].count
            let parents = NodeHash.parents(of: levels[height][done...])
            if parents.isEmpty { break }
            levels[height + 1].append(contentsOf: parents)
            height += 1
        }
    }

    /// The leaf hash at `index`.
    ///
    /// - Throws: ``MerkleLogError/indexOutOfRange(_:)``.
    public func leafHash(at index: UInt64) throws(MerkleLogError) -> LeafHash {
        guard index < size else { throw .indexOutOfRange(index) }
        return LeafHash(node: levels[0][Int(index)])
    }

    /// The root of all leaves.
    public var root: NodeHash {
        subtree(0, size)
    }

    /// The root that the tree had when it had `size` leaves.
    ///
    /// - Throws: ``MerkleLogError/sizeOutOfRange(_:)`` when the tree is smaller.
    public func root(size: UInt64) throws(MerkleLogError) -> NodeHash {
        guard size <= self.size else { throw .sizeOutOfRange(size) }
        return subtree(0, size)
    }

    /// The root of the leaves `start..<end`, where `start` is a multiple of the smallest power of two that is at least their number
    /// (a node of the tree of `end` leaves), or 0 and the whole tree; `end` <= size.
    func subtree(_ start: UInt64, _ end: UInt64) -> NodeHash {
        let count = end - start
        guard count > 0 else { return .emptyRoot }
        if count & (count - 1) == 0 {
            let height = count.trailingZeroBitCount
            return levels[height][Int(start >> UInt64(height))]
        }
        let middle = start + TreeSize.split(count)
        return NodeHash(left: subtree(start, middle), right: subtree(middle, end))
    }

    /// The node at `height` and `position` in the tree of the first `size` leaves; on the right edge it may cover fewer than 2^height.
    func node(height: Int, position: UInt64, size: UInt64) -> NodeHash {
        let start = position << UInt64(height)
        return subtree(start, min(size, (position + 1) << UInt64(height)))
    }

    /// The complete subtree hashes at `height`: positions `range`.
    func completeNodes(height: Int, _ range: Range<Int>) -> ArraySlice<NodeHash>? {
        guard height < levels.count, range.upperBound <= levels[height].count else { return nil }
        return levels[height][range]
    }
}
