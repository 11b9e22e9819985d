// SPDX-License-Identifier: Apache-2.0
internal import MerkleLog

/// Subtrees of a Merkle tree, after draft-ietf-plants-merkle-tree-certs, section 4.
enum Subtree {
    /// Whether start..<end is a subtree: not empty, and start a multiple of the least power of two that is not below its size.
    static func isValid(_ start: UInt64, _ end: UInt64) -> Bool {
        guard start < end else { return false }
        let size = end - start
        guard size <= 1 << 63 else { return start == 0 }
        let ceiling: UInt64 = size == 1 ? 1 : 1 << UInt64(64 - (size - 1).leadingZeroBitCount)
        return start & (ceiling - 1) == 0
    }

    /// Whether the proof shows that the subtree start..<end with one hash is in the tree of `size` leaves with another.
    static func isConsistent(
        _ start: UInt64, _ end: UInt64, _ size: UInt64, proof: [NodeHash], subtree: NodeHash, root: NodeHash
    ) -> Bool {
        guard start <= end, end <= size else { return false }
        // The empty subtree is in every tree: its hash is that of no leaves, and there is nothing to prove.
        if start == end { return proof.isEmpty && subtree == .emptyRoot }
        guard isValid(start, end) else { return false }
        var (first, second, last) = (start, end - 1, size - 1)
        func shift() { (first, second, last) = (first >> 1, second >> 1, last >> 1) }
        if second == last {
            while first != second { shift() }
        } else {
            while first != second, second & 1 == 1 { shift() }
        }
        var rest = proof[...]
        var inner: NodeHash
        if first == second {
            inner = subtree
        } else {
            guard let hash = rest.popFirst() else { return false }
            inner = hash
        }
        var outer = inner
        for sibling in rest {
            guard last > 0 else { return false }
            if second & 1 == 1 || second == last {
                if first < second { inner = NodeHash(left: sibling, right: inner) }
                outer = NodeHash(left: sibling, right: outer)
                while second & 1 == 0, second > 0 { shift() }
            } else {
                outer = NodeHash(left: outer, right: sibling)
            }
            shift()
        }
        return last == 0 && inner == subtree && outer == root
    }
}
