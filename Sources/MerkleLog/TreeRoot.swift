// SPDX-License-Identifier: Apache-2.0
internal import Primitives

// Roots of trees of which nothing else is needed: level by level, nothing is kept.

extension NodeHash {
    /// The RFC 6962 root of the tree with these leaf hashes.
    public static func root(ofLeaves leaves: [LeafHash]) -> NodeHash {
        guard let first = leaves.first, let last = leaves.last else { return .emptyRoot }
        guard leaves.count > 1 else { return first.node }
        var nodes = leaves.withUnsafeBytes { parents(of: Span(_unsafeElements: $0.assumingMemoryBound(to: NodeHash.self))) }
        if leaves.count % 2 == 1 { nodes.append(last.node) }
        while nodes.count > 1 {
            var above = parents(of: nodes)
            if nodes.count % 2 == 1 { above.append(nodes[nodes.count - 1]) }
            nodes = above
        }
        return nodes[0]
    }

    /// The RFC 6962 root of a text cut into leaves of `blockByteCount` bytes, of which the last may be shorter; many are hashed at a time.
    ///
    /// Security: leaves and nodes are hashed apart, so a root has one known tree, and the tree one text.
    /// - Precondition: `blockByteCount` is positive.
    public static func root(ofText text: Span<UInt8>, blockByteCount: Int) -> NodeHash {
        let whole = text.count / blockByteCount
        var leaves = [LeafHash](unsafeUninitializedCapacity: whole + 1) { output, initialized in
            text.withUnsafeBytes { bytes in
                let blocks = UnsafeRawBufferPointer(rebasing: bytes[..<(whole * blockByteCount)])
                SHA256.hashEach(prefix: 0, recordByteCount: blockByteCount, blocks, into: output.baseAddress)
            }
            initialized = whole
        }
        if text.count > whole * blockByteCount { leaves.append(LeafHash(entry: text.extracting((whole * blockByteCount)...))) }
        return root(ofLeaves: leaves)
    }
}
