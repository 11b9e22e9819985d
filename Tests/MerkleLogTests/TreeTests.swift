// SPDX-License-Identifier: Apache-2.0
import Foundation
import MerkleLog
import Primitives
import TestSupport
import Testing

@Suite struct TreeTests {
    static let largest = 70
    static let entries = sampleEntries(largest)
    static let leaves = entries.map { LeafHash(entry: $0) }
    static let tree = MerkleTree(leaves)

    @Test func rootsEqualTheOracle() throws {
        var frontier = Frontier()
        var grown = MerkleTree()
        #expect(NodeHash.emptyRoot.bytes == NaiveTree.root([]))
        #expect(frontier.root == .emptyRoot && grown.root == .emptyRoot)
        for size in 1...Self.largest {
            frontier.append(Self.leaves[size - 1])
            grown.append(Self.leaves[size - 1])
            let expected = NaiveTree.root(Self.entries[..<size])
            #expect(frontier.root.bytes == expected)
            #expect(grown.root.bytes == expected)
            #expect(try Self.tree.root(size: UInt64(size)).bytes == expected)
            #expect(MerkleTree(Array(Self.leaves[..<size])).root.bytes == expected)
            let restored = try Frontier(size: frontier.size, hashes: frontier.hashes)
            #expect(restored.root.bytes == expected)
        }
        #expect(throws: MerkleLogError.sizeOutOfRange(71)) { try Self.tree.root(size: 71) }
    }

    @Test func appendingInPiecesChangesNothing() {
        let leaves = sampleEntries(5000).map { LeafHash(entry: $0) }
        var frontier = Frontier()
        var tree = MerkleTree()
        var start = 0
        var step = 1
        while start < leaves.count {
            let end = min(start + step, leaves.count)
            frontier.append(contentsOf: Array(leaves[start..<end]))
            tree.append(contentsOf: Array(leaves[start..<end]))
            start = end
            step = step * 3 % 1021 + 1
        }
        #expect(frontier.root == MerkleTree(leaves).root)
        #expect(tree.root == frontier.root)
        #expect(frontier.size == 5000)
    }

    @Test func frontierRefusesTheWrongNumberOfHashes() {
        let hash = NodeHash.emptyRoot
        #expect(throws: MerkleLogError.proofLength) { try Frontier(size: 5, hashes: [hash]) }
        #expect(throws: MerkleLogError.proofLength) { try Frontier(size: 0, hashes: [hash]) }
        #expect(throws: MerkleLogError.sizeOutOfRange(1 << 63)) { try Frontier(size: 1 << 63, hashes: [hash]) }
    }

    @Test func inclusionProofsEqualTheOracle() throws {
        for size in 1...Self.largest {
            let root = try Self.tree.root(size: UInt64(size))
            for index in 0..<size {
                let proof = try Self.tree.inclusionProof(index: UInt64(index), size: UInt64(size))
                #expect(proof.hashes.map(\.bytes) == NaiveTree.path(index, Self.entries[..<size]))
                try proof.verify(leafHash: Self.leaves[index], root: root)
            }
        }
    }

    @Test func consistencyProofsEqualTheOracle() throws {
        for new in 1...Self.largest {
            for old in 1...new {
                let proof = try Self.tree.consistencyProof(from: UInt64(old), to: UInt64(new))
                #expect(proof.hashes.map(\.bytes) == NaiveTree.proof(old, Self.entries[..<new]))
                try proof.verify(oldRoot: Self.tree.root(size: UInt64(old)), newRoot: Self.tree.root(size: UInt64(new)))
            }
        }
    }

    @Test func proofsAreOnlyMadeForWhatIsThere() {
        #expect(throws: MerkleLogError.sizeOutOfRange(71)) { try Self.tree.inclusionProof(index: 0, size: 71) }
        #expect(throws: MerkleLogError.indexOutOfRange(5)) { try Self.tree.inclusionProof(index: 5, size: 5) }
        #expect(throws: MerkleLogError.indexOutOfRange(0)) { try Self.tree.inclusionProof(index: 0, size: 0) }
        #expect(throws: MerkleLogError.emptyStatement) { try Self.tree.consistencyProof(from: 0, to: 5) }
        #expect(throws: MerkleLogError.sizeOutOfRange(6)) { try Self.tree.consistencyProof(from: 6, to: 5) }
        #expect(throws: MerkleLogError.sizeOutOfRange(71)) { try Self.tree.consistencyProof(from: 6, to: 71) }
    }

    /// Every bit of every hash, another index, another size, one hash more, fewer, twice or in another order.
    @Test(arguments: [1, 2, 3, 7, 8, 9, 31, 70])
    func wrongInclusionProofsAreRefused(size: Int) throws {
        let root = try Self.tree.root(size: UInt64(size))
        for index in 0..<size {
            let leaf = Self.leaves[index]
            let proof = try Self.tree.inclusionProof(index: UInt64(index), size: UInt64(size))
            for wrong in mutations(of: proof.hashes) {
                #expect(throws: MerkleLogError.self) {
                    try InclusionProof(index: proof.index, treeSize: proof.treeSize, hashes: wrong).verify(leafHash: leaf, root: root)
                }
            }
            for other in 0..<(size + 2) where other != index {
                #expect(throws: MerkleLogError.self) {
                    let wrong = try InclusionProof(index: UInt64(other), treeSize: UInt64(size), hashes: proof.hashes)
                    try wrong.verify(leafHash: leaf, root: root)
                }
            }
            #expect(throws: MerkleLogError.rootMismatch) { try proof.verify(leafHash: LeafHash(entry: [1]), root: root) }
        }
    }

    /// An inner node does not pass for the leaf that its children's bytes would be, and no odd node is doubled.
    @Test(arguments: 0..<4) func innerNodesAreNoLeaves(parent: Int) throws {
        let root = try Self.tree.root(size: 8)
        let entry = Self.leaves[2 * parent].bytes + Self.leaves[2 * parent + 1].bytes
        let inner = NodeHash(left: Self.leaves[2 * parent].node, right: Self.leaves[2 * parent + 1].node)
        #expect(LeafHash(entry: entry).node != inner)
        // The rest of a leaf's path, as the path of its parent in a tree of half the size.
        let path = try Self.tree.inclusionProof(index: UInt64(2 * parent), size: 8).hashes
        let proof = try InclusionProof(index: UInt64(parent), treeSize: 4, hashes: Array(path.dropFirst()))
        #expect(try proof.root(leafHash: LeafHash(inner.bytes)) == root, "only the hash of the entry tells")
        #expect(throws: MerkleLogError.rootMismatch) { try proof.verify(leafHash: LeafHash(entry: entry), root: root) }
        let odd = Array(Self.leaves[..<(2 * parent + 1)])
        #expect(MerkleTree(odd).root != MerkleTree(odd + [odd[2 * parent]]).root)
    }

    @Test(arguments: [(1, 2), (2, 3), (3, 7), (4, 7), (6, 7), (8, 70), (33, 70), (69, 70), (7, 7)])
    func wrongConsistencyProofsAreRefused(old: Int, new: Int) throws {
        let roots = (try Self.tree.root(size: UInt64(old)), try Self.tree.root(size: UInt64(new)))
        let proof = try Self.tree.consistencyProof(from: UInt64(old), to: UInt64(new))
        for wrong in mutations(of: proof.hashes) {
            #expect(throws: MerkleLogError.self) {
                let wrong = try ConsistencyProof(oldSize: proof.oldSize, newSize: proof.newSize, hashes: wrong)
                try wrong.verify(oldRoot: roots.0, newRoot: roots.1)
            }
        }
        for size in 0...UInt64(new + 1) where size != UInt64(old) {
            #expect(throws: MerkleLogError.self) {
                let wrong = try ConsistencyProof(oldSize: size, newSize: proof.newSize, hashes: proof.hashes)
                try wrong.verify(oldRoot: roots.0, newRoot: roots.1)
            }
        }
        #expect(throws: MerkleLogError.rootMismatch) { try proof.verify(oldRoot: .emptyRoot, newRoot: roots.1) }
        #expect(throws: MerkleLogError.rootMismatch) { try proof.verify(oldRoot: roots.0, newRoot: .emptyRoot) }
    }

    /// In the whole range of sizes nothing traps, and a path is never longer than 63.
    @Test(arguments: [UInt64(1) << 62, UInt64(Int64.max), UInt64(Int64.max) - 1, 1 << 63, UInt64.max])
    func hugeSizes(size: UInt64) throws {
        var lengths: [Int] = []
        for index in [0, 1, size / 2, size - 1, size, UInt64.max] {
            for count in [0, 1, 61, 62, 63, 64] {
                let hashes = [NodeHash](repeating: .emptyRoot, count: count)
                let proof = try? InclusionProof(index: index, treeSize: size, hashes: hashes)
                _ = proof?.root(leafHash: LeafHash(entry: []))
                let consistency = try? ConsistencyProof(oldSize: index, newSize: size, hashes: hashes)
                _ = consistency?.roots(oldRoot: .emptyRoot)
                if size >= 1 << 63 { #expect(proof == nil && consistency == nil) }
                if proof != nil { lengths.append(count) }
            }
        }
        // The first leaf has the longest path.
        #expect(lengths.max() == (size >= 1 << 63 ? nil : size == 1 << 62 ? 62 : 63) && lengths.first == lengths.max())
    }

    @Test func hashesHaveExactly32Bytes() {
        for count in [0, 31, 33] {
            #expect(throws: MerkleLogError.hashLength(count)) { try NodeHash([UInt8](repeating: 0, count: count)) }
            #expect(throws: MerkleLogError.hashLength(count)) { try LeafHash([UInt8](repeating: 0, count: count)) }
        }
        #expect(throws: MerkleLogError.hashLength(1)) { try NodeHash.array([UInt8](repeating: 0, count: 65)) }
    }

    @Test func columnsRoundTrip() throws {
        let nodes = Self.leaves.map(\.node)
        let column = NodeHash.column(nodes)
        #expect(column == Self.leaves.flatMap(\.bytes))
        #expect(try NodeHash.array(column) == nodes)
        let entries = (0..<118 * 600).map { UInt8(truncatingIfNeeded: $0 * 5 + $0 >> 7) }
        let bulk = try LeafHash.hashes(ofEntries: entries, entryByteCount: 118)
        #expect(bulk == (0..<600).map { LeafHash(entry: Array(entries[$0 * 118..<($0 + 1) * 118])) })
    }
}

/// Every one-bit change and every change of number or order of a list of hashes that changes it.
func mutations(of hashes: [NodeHash]) -> [[NodeHash]] {
    var wrong: [[NodeHash]] = [hashes + [.emptyRoot], [.emptyRoot] + hashes]
    for position in hashes.indices {
        for bit in 0..<256 {
            var bytes = hashes[position].bytes
            bytes[bit / 8] ^= 1 << (bit % 8)
            var copy = hashes
            if let hash = try? NodeHash(bytes) { copy[position] = hash }
            wrong.append(copy)
        }
        var shorter = hashes
        shorter.remove(at: position)
        wrong.append(shorter)
        var longer = hashes
        longer.insert(hashes[position], at: position)
        wrong.append(longer)
        for other in hashes.indices where other > position && hashes[other] != hashes[position] {
            var swapped = hashes
            swapped.swapAt(position, other)
            wrong.append(swapped)
        }
    }
    return wrong
}
