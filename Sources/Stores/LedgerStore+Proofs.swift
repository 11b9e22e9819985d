// SPDX-License-Identifier: Apache-2.0
public import MerkleLog

extension LedgerStore {
    /// The RFC 6962 root that a log had with `size` leaves.
    public func root(_ log: LedgerLog, size: Int) throws(StoreError) -> NodeHash {
        try proof(log, upTo: size) { try $0.root(size: UInt64(size)) }
    }

    /// The proof that the leaf at `index` is in the tree of the first `size` leaves.
    ///
    /// - Throws: ``StoreError/outOfRange(log:value:size:)``.
    public func inclusionProof(_ log: LedgerLog, index: Int, size: Int) throws(StoreError) -> InclusionProof {
        guard index >= 0, index < size else { throw .outOfRange(log: log, value: index, size: size) }
        return try proof(log, upTo: size) { try $0.inclusionProof(index: UInt64(index), size: UInt64(size)) }
    }

    /// The proof that the first `newSize` leaves extend the first `oldSize`, which is at least 1.
    ///
    /// - Throws: ``StoreError/outOfRange(log:value:size:)``.
    public func consistencyProof(_ log: LedgerLog, from oldSize: Int, to newSize: Int) throws(StoreError) -> ConsistencyProof {
        guard oldSize >= 1, oldSize <= newSize else { throw .outOfRange(log: log, value: oldSize, size: newSize) }
        return try proof(log, upTo: newSize) { try $0.consistencyProof(from: UInt64(oldSize), to: UInt64(newSize)) }
    }

    /// The proof that the leaves at `indices`, strictly ascending and at least one, are in the tree of the first `size` leaves.
    ///
    /// - Throws: ``StoreError/outOfRange(log:value:size:)`` or ``StoreError/invalidArgument(name:reason:)``.
    public func batchInclusionProof(_ log: LedgerLog, indices: [Int], size: Int) throws(StoreError) -> BatchInclusionProof {
        guard let first = indices.first, let last = indices.last else {
            throw .invalidArgument(name: "indices", reason: "a batch has at least one leaf")
        }
        for position in indices.indices.dropFirst() where indices[position - 1] >= indices[position] {
            throw .invalidArgument(name: "indices", reason: "not strictly ascending at position \(position)")
        }
        guard first >= 0 else { throw .outOfRange(log: log, value: first, size: size) }
        guard last < size else { throw .outOfRange(log: log, value: last, size: size) }
        return try proof(log, upTo: size) { try $0.batchInclusionProof(indices: indices.map { UInt64($0) }, size: UInt64(size)) }
    }

    private func proof<T: Sendable>(_ log: LedgerLog, upTo size: Int, _ body: (MerkleTree) throws -> T) throws(StoreError) -> T {
        try withTree(log) { tree in
            try Self.check(size, atMost: Int(tree.size), log)
            return try body(tree)
        }
    }
}
