// SPDX-License-Identifier: Apache-2.0

/// The nodes of one level that a ``BatchInclusionProof`` lets its reader compute, on the way to the root.
///
/// Where the known nodes of a level have no gap between them, neither have those above; from there on positions are not kept, and pairs are hashed where
/// they are.
struct KnownNodes {
    /// The position of the last node of the level.
    private var last: UInt64
    private var positions: [UInt64]
    private var nodes: [NodeHash]
    private var pairs: [NodeHash] = []

    /// The root over `leaves` at `indices`, which are ascending and below `treeSize`; takes the siblings that it needs.
    ///
    /// - Throws: ``MerkleLogError/proofLength`` when siblings are missing.
    static func root(
        treeSize: UInt64, _ indices: Span<UInt64>, _ leaves: Span<NodeHash>, siblings: inout ArraySlice<NodeHash>
    ) throws(MerkleLogError) -> NodeHash {
        let first = indices[0]
        let isRun = indices[indices.count - 1] - first == UInt64(indices.count - 1)
        guard !isRun else { return try runRoot(leaves, from: first, last: treeSize - 1, siblings: &siblings) }
        var known = KnownNodes(
            last: treeSize - 1, positions: indices.withUnsafeBufferPointer { Array($0) },
            nodes: leaves.withUnsafeBufferPointer { Array($0) })
        while known.hasGaps { try known.ascend(&siblings) }
        return try runRoot(known.nodes.span, from: known.positions[0], last: known.last, siblings: &siblings)
    }

    private init(last: UInt64, positions: [UInt64], nodes: [NodeHash]) {
        self.last = last
        self.positions = positions
        self.nodes = nodes
        pairs.reserveCapacity(2 * nodes.count)
    }

    private var hasGaps: Bool { positions[positions.count - 1] - positions[0] != UInt64(positions.count - 1) }

    /// Goes one level up.
    private mutating func ascend(_ siblings: inout ArraySlice<NodeHash>) throws(MerkleLogError) {
        pairs.removeAll(keepingCapacity: true)
        var risen: NodeHash?
        var (cursor, count) = (0, 0)
        while cursor < nodes.count {
            let position = positions[cursor]
            positions[count] = position >> 1
            count += 1
            if position & 1 == 0, position == last {
                risen = nodes[cursor]
                cursor += 1
            } else if position & 1 == 0, cursor + 1 < nodes.count, positions[cursor + 1] == position + 1 {
                pairs.append(nodes[cursor])
                pairs.append(nodes[cursor + 1])
                cursor += 2
            } else {
                guard let sibling = siblings.popFirst() else { throw .proofLength }
                pairs.append(position & 1 == 0 ? nodes[cursor] : sibling)
                pairs.append(position & 1 == 0 ? sibling : nodes[cursor])
                cursor += 1
            }
        }
        positions.removeLast(positions.count - count)
        nodes = NodeHash.parents(of: pairs)
        if let risen { nodes.append(risen) }
        last >>= 1
    }

    /// The root over nodes without gaps, the first of which is at `first` in a level whose last node is at `last`.
    private static func runRoot(
        _ nodes: Span<NodeHash>, from first: UInt64, last: UInt64, siblings: inout ArraySlice<NodeHash>
    ) throws(MerkleLogError) -> NodeHash {
        guard last > 0 else { return nodes[0] }
        var above = try runParents(nodes, from: first, last: last, siblings: &siblings)
        var (first, last) = (first >> 1, last >> 1)
        while last > 0 {
            above = try runParents(above.span, from: first, last: last, siblings: &siblings)
            (first, last) = (first >> 1, last >> 1)
        }
        return above[0]
    }

    private static func runParents(
        _ nodes: Span<NodeHash>, from first: UInt64, last: UInt64, siblings: inout ArraySlice<NodeHash>
    ) throws(MerkleLogError) -> [NodeHash] {
        var parents: [NodeHash] = []
        let start = Int(first & 1)
        if start == 1 {
            guard let sibling = siblings.popFirst() else { throw .proofLength }
            parents.append(NodeHash(left: sibling, right: nodes[0]))
        }
        let inner = nodes.extracting(start..<nodes.count)
        let above = NodeHash.parents(of: inner)
        if parents.isEmpty { parents = above } else { parents += above }
        guard inner.count % 2 == 1 else { return parents }
        let end = nodes[nodes.count - 1]
        if first + UInt64(nodes.count - 1) == last {
            parents.append(end)
        } else {
            guard let sibling = siblings.popFirst() else { throw .proofLength }
            parents.append(NodeHash(left: end, right: sibling))
        }
        return parents
    }
}
