// SPDX-License-Identifier: Apache-2.0
import MerkleLog
import TestSupport
import Testing

/// Roots of trees of which nothing is kept, and batch proofs of leaves with and without gaps, against the oracle and the tree.
@Suite struct TextRootTests {
    @Test(arguments: [1, 3, 64, 1_024])
    func textsEqualTheOracle(blockByteCount: Int) {
        for count in [0, 1, blockByteCount - 1, blockByteCount, blockByteCount + 1, 17 * blockByteCount, 100 * blockByteCount + 1] {
            let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let blocks = stride(from: 0, to: count, by: blockByteCount).map { Array(text[$0..<min($0 + blockByteCount, count)]) }
            let root = NodeHash.root(ofText: text.span, blockByteCount: blockByteCount)
            #expect(root.bytes == NaiveTree.root(blocks[...]), "\(count) bytes")
        }
    }

    @Test func leavesEqualTheTree() {
        let leaves = (0..<5_000).map { LeafHash(entry: [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]) }
        for count in [0, 1, 2, 3, 127, 128, 129, 4_095, 5_000] {
            #expect(NodeHash.root(ofLeaves: Array(leaves[..<count])) == MerkleTree(Array(leaves[..<count])).root, "\(count) leaves")
        }
    }

    /// Runs, pairs of runs and scattered leaves: the root, no hash too few, none too many.
    @Test func runsAndGaps() throws {
        let leaves = (0..<3_001).map { LeafHash(entry: [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]) }
        let tree = MerkleTree(leaves)
        var random = SplitMix(state: 5)
        var choices: [[Int]] = [Array(0..<3_001), Array(1..<3_001), Array(0..<3_000), [3_000], Array(7..<1_500) + Array(2_999..<3_001)]
        for _ in 0..<20 {
            let first = Int.random(in: 0..<3_001, using: &random)
            choices.append(Array(first...Int.random(in: first..<3_001, using: &random)))
            choices.append((0..<3_001).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
        }
        for size in [3_001, 2_048] {
            for choice in choices {
                let indices = choice.filter { $0 < size }.map { UInt64($0) }
                guard !indices.isEmpty else { continue }
                let root = try tree.root(size: UInt64(size))
                let proof = try tree.batchInclusionProof(indices: indices, size: UInt64(size))
                var known = indices.map { leaves[Int($0)] }
                #expect(try proof.root(indices: indices, leafHashes: known) == root)
                let longer = try BatchInclusionProof(treeSize: UInt64(size), hashes: proof.hashes + [.emptyRoot])
                #expect(throws: MerkleLogError.proofLength) { try longer.root(indices: indices, leafHashes: known) }
                if !proof.hashes.isEmpty {
                    let shorter = try BatchInclusionProof(treeSize: UInt64(size), hashes: proof.hashes.dropLast())
                    #expect(throws: MerkleLogError.proofLength) { try shorter.root(indices: indices, leafHashes: known) }
                }
                known[known.count / 2] = LeafHash(entry: [9, 9, 9])
                #expect(try proof.root(indices: indices, leafHashes: known) != root)
            }
        }
    }
}
